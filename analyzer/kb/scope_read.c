#include "kb/scope_read.h"

#include "base/limits.h"
#include "base/nearest.h"

/* Cuts `word` and the blank behind it off the front. */
static bool word_take(struct text *t, struct text word)
{
    if (!text_starts_with(*t, word) || (t->n > word.n && t->p[word.n] != ' '))
        return false;
    *t = text_trim(text_from_index(*t, word.n));
    return true;
}

static bool role_find(const struct article *a, struct text name, size_t *ret)
{
    for (size_t i = 0; i < a->role_count; i++)
        if (text_equal(a->roles[i].name, name)) {
            *ret = i;
            return true;
        }
    return false;
}

static void role_unknown(struct article_source *s, const struct yaml_node *value, struct text name)
{
    struct fields *f = &s->fields;
    const char *hint = "same, other, any, each, or a role that `evidence` declares under `roles`";
    struct nearest nearest = nearest_begin(name);
    static const char *const words[] = { "same", "other", "any", "each" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        nearest_try(&nearest, text_from(words[i]));
    for (size_t i = 0; i < s->loaded->article->role_count; i++)
        nearest_try(&nearest, s->loaded->article->roles[i].name);
    if (nearest.best.n)
        hint = text_keep_format(f->diags->arena, "did you mean `%.*s`?", TEXT_ARG(nearest.best)).p;
    FIELD_WRONG(f, value, hint, "`%.*s` is no relation of nodes and no role", TEXT_ARG(name));
}

struct node_scope scope_read(struct article_source *s, const struct yaml_node *value)
{
    struct node_scope scope = { .text = value_text(&s->fields, value, "node") };
    struct text rest = scope.text;
    scope.each = word_take(&rest, TEXT("each"));
    scope.negated = word_take(&rest, TEXT("not"));
    if (text_equal(rest, TEXT("other")) && !scope.negated)
        scope.negated = true;
    else if (text_equal(rest, TEXT("any")) || (rest.n == 0 && scope.each))
        scope.of = SCOPE_ANY;
    else if (role_find(s->loaded->article, rest, &scope.role))
        scope.of = SCOPE_ROLE;
    else if (!text_equal(rest, TEXT("same")) && scope.text.n)
        role_unknown(s, value, rest);
    if (scope.negated && scope.of == SCOPE_ANY)
        FIELD_WRONG(&s->fields, value, "`not` and a role, or `other`", "`%.*s` is no node at all",
                    TEXT_ARG(scope.text));
    return scope;
}

/* A name without blanks, or Data[n] with n from 1. */
static bool is_field(struct text name)
{
    struct text data = TEXT("Data[");
    uint64_t number;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == ' ' || name.p[i] == ',' || name.p[i] == '=')
            return false;
    if (!text_starts_with(name, data))
        return name.n > 0 && text_find_char(name, '[') == name.n;
    return name.n > data.n + 1 && name.p[name.n - 1] == ']' &&
           text_to_u64((struct text){ name.p + data.n, name.n - data.n - 1 }, &number) && number > 0 &&
           number < LIMIT_EVENT_FIELDS;
}

static size_t find_or(struct text t)
{
    for (size_t i = 0; i + 4 <= t.n; i++)
        if (memcmp(t.p + i, " or ", 4) == 0)
            return i;
    return t.n;
}

static struct field_choice choice_parse(struct fields *f, const struct yaml_node *value, struct text t)
{
    struct text *names = NULL;
    size_t count = 0, capacity = 0;
    for (bool more = true; more;) {
        size_t end = find_or(t);
        struct text name = text_trim((struct text){ t.p, end });
        more = end < t.n;
        t = text_from_index(t, more ? end + 4 : t.n);
        if (!is_field(name)) {
            FIELD_WRONG(f, value, "\"NodeName or Data[1]\": names as in the event, values by their place from 1",
                        "`%.*s` is no field of an event", TEXT_ARG(name));
            return (struct field_choice){ NULL, 0 };
        }
        names = arena_grow(f->arena, names, count, &capacity, sizeof *names);
        names[count++] = name;
    }
    return (struct field_choice){ names, count };
}

struct field_choice choice_read(struct fields *f, const struct yaml_node *value, const char *what)
{
    struct text text = value_text(f, value, what);
    return text.n ? choice_parse(f, value, text) : (struct field_choice){ NULL, 0 };
}

const struct shared_value *same_read(struct fields *f, const struct yaml_node *map, size_t *count)
{
    struct yaml_node *const *items = field_list(f, map, "same", true, count);
    struct shared_value *shared = ARENA_NEW_N(f->arena, struct shared_value, *count);
    for (size_t i = 0; i < *count; i++) {
        struct text text = value_text(f, items[i], "same");
        size_t equals = text_find_char(text, '=');
        if (text.n == 0)
            continue;
        shared[i].own = choice_parse(f, items[i], text_trim((struct text){ text.p, equals }));
        shared[i].anchors = shared[i].own;
        if (equals < text.n)
            shared[i].anchors = choice_parse(f, items[i], text_trim(text_from_index(text, equals + 1)));
    }
    return shared;
}

/* Words that people read in a report, and none that `node` gives a meaning to. */
static bool is_role_name(struct text name)
{
    static const char *const taken[] = { "same", "other", "any", "each", "not" };
    for (size_t i = 0; i < name.n; i++) {
        char c = ascii_lower(name.p[i]);
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != ' ')
            return false;
    }
    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        struct text rest = name;
        if (word_take(&rest, text_from(taken[i])))
            return false;
    }
    return name.n > 0 && name.n <= 32;
}

/* `NodeName or Data[1]`, or `{latest: [rules]}`. */
static struct article_role role_read(struct article_source *s, const struct yaml_node *value, struct text name)
{
    static const struct field_key keys[] = { { "latest", true } };
    struct article_role role = { .name = name };
    if (value->kind != YAML_MAP)
        role.named_by = choice_read(&s->fields, value, "roles");
    else if (fields_check(&s->fields, value, "a role", keys, COUNT_OF(keys)))
        role.latest = references_read(s, value, "latest", &role.latest_count);
    return role;
}

void roles_read(struct article_source *s, const struct yaml_node *roles)
{
    struct fields *f = &s->fields;
    struct article *a = s->loaded->article;
    if (roles->kind != YAML_MAP || roles->count == 0 || roles->count > LIMIT_ROLES) {
        FIELD_WRONG(f, roles, "roles: {crashed node: \"NodeName or Data[1]\"}",
                    "`roles` must be a map of at most %u names and fields", LIMIT_ROLES);
        return;
    }
    struct article_role *list = ARENA_NEW_N(f->arena, struct article_role, roles->count);
    a->roles = list;
    for (size_t i = 0; i < roles->count; i++) {
        struct text name = text_keep(f->arena, text_trim(roles->keys[i]->text));
        if (!is_role_name(name))
            FIELD_WRONG(f, roles->keys[i], "letters, digits and blanks; not same, other, any, each or not in front",
                        "`%.*s` cannot name a role", TEXT_ARG(name));
        list[a->role_count++] = role_read(s, roles->items[i], name);
    }
}

void trouble_read(struct article_source *s, const struct yaml_node *trouble)
{
    struct article *a = s->loaded->article;
    struct text name = value_text(&s->fields, trouble, "trouble");
    size_t role;
    if (role_find(a, name, &role))
        a->trouble = &a->roles[role];
    else if (name.n)
        FIELD_WRONG(&s->fields, trouble, "a role that `evidence` declares under `roles`", "`%.*s` is no role",
                    TEXT_ARG(name));
}
