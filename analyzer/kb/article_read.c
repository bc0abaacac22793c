#include "kb/article_read.h"

#include "form/text_layout.h"

#define COUNTED(texts) (texts), COUNT_OF(texts)

static bool is_id(struct text id)
{
    for (size_t i = 0; i < id.n; i++) {
        char c = ascii_lower(id.p[i]);
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return id.n > 0 && id.n <= 64;
}

static struct text id_read(struct fields *f, const struct yaml_node *map)
{
    struct text id = field_text(f, map, "article");
    if (id.n && !is_id(id))
        FIELD_WRONG(f, yaml_get(map, "article"), "Q218922, node-crash",
                    "an article is named with letters, digits and hyphens, 64 at most");
    return id;
}

static struct text brief_read(struct fields *f, const struct yaml_node *map)
{
    struct text brief = field_text(f, map, "brief");
    if (text_columns(brief) > ARTICLE_BRIEF)
        FIELD_WRONG(f, yaml_get(map, "brief"), "say less; `summary` may be longer",
                    "it is one line of a report, %u columns at most; this has %u", ARTICLE_BRIEF, text_columns(brief));
    return brief;
}

static enum article_kind kind_read(struct fields *f, const struct yaml_node *map)
{
    static const char *const names[] = { "article", "incident", "noise" };
    struct text text = field_text(f, map, "kind");
    for (unsigned i = 0; i < COUNT_OF(names); i++)
        if (text_equal(text, text_from(names[i])))
            return (enum article_kind)i;
    if (text.n)
        FIELD_WRONG(f, yaml_get(map, "kind"), "article, incident or noise", "there is no kind `%.*s`", TEXT_ARG(text));
    return KIND_ARTICLE;
}

static enum rule_level level_read(struct fields *f, const struct yaml_node *map, enum article_kind kind)
{
    enum rule_level level = kind == KIND_NOISE ? RULE_INFORMATIONAL : RULE_HIGH;
    struct text text = field_text(f, map, "level");
    if (text.n && kind == KIND_NOISE)
        FIELD_WRONG(f, yaml_get(map, "level"), "leave it out", "what is mere noise has no level");
    else if (text.n && (!rule_level_parse(text, &level) || level < RULE_LOW))
        FIELD_WRONG(f, yaml_get(map, "level"), "low, medium, high or critical", "there is no level `%.*s`",
                    TEXT_ARG(text));
    return level;
}

static void remediation_read(struct fields *f, const struct yaml_node *map, struct article *a)
{
    static const struct field_key keys[] = { { "node", true }, { "step", true } };
    struct yaml_node *const *items = field_list(f, map, "remediation", false, &a->remediation_count);
    struct remedy_step *steps = ARENA_NEW_N(f->arena, struct remedy_step, a->remediation_count);
    a->remediation = steps;
    for (size_t i = 0; i < a->remediation_count; i++)
        if (fields_check(f, items[i], "a step of `remediation`", COUNTED(keys)))
            steps[i] = (struct remedy_step){ field_text(f, items[i], "node"), field_text(f, items[i], "step") };
}

void article_reference_add(struct article_source *s, const struct yaml_node *value, struct article_reference r)
{
    struct loaded_article *l = s->loaded;
    r.place = diag_place_keep(s->loading, s->fields.file, value);
    l->articles = arena_grow(s->loading, l->articles, l->article_count, &l->article_capacity, sizeof *l->articles);
    l->articles[l->article_count++] = r;
}

static void related_read(struct article_source *s, const struct yaml_node *map, struct article *a)
{
    static const struct field_key keys[] = { { "article", true }, { "why", true } };
    struct fields *f = &s->fields;
    struct yaml_node *const *items = field_list(f, map, "related", false, &a->related_count);
    struct related_article *related = ARENA_NEW_N(f->arena, struct related_article, a->related_count);
    a->related = related;
    for (size_t i = 0; i < a->related_count; i++) {
        if (!fields_check(f, items[i], "an item of `related`", COUNTED(keys)))
            continue;
        related[i] = (struct related_article){ id_read(f, items[i]), field_text(f, items[i], "why") };
        article_reference_add(s, yaml_get(items[i], "article"), (struct article_reference){ .id = related[i].id });
    }
}

static void lists_read(struct fields *f, const struct yaml_node *map, struct article *a)
{
    a->products = field_texts(f, map, "products", &a->product_count);
    a->warnings = field_texts(f, map, "warnings", &a->warning_count);
    a->verify = field_texts(f, map, "verify", &a->verify_count);
    a->see = field_texts(f, map, "see", &a->see_count);
}

static void parts_read(struct article_source *s, const struct yaml_node *map)
{
    struct fields *f = &s->fields;
    struct article *a = s->loaded->article;
    a->id = id_read(f, map);
    a->title = field_text(f, map, "title");
    a->summary = field_text(f, map, "summary");
    a->brief = brief_read(f, map);
    a->kind = kind_read(f, map);
    a->level = level_read(f, map, a->kind);
    a->cause = field_text(f, map, "cause");
    lists_read(f, map, a);
    remediation_read(f, map, a);
    if (a->kind != KIND_NOISE && !yaml_get(map, "remediation"))
        FIELD_WRONG(f, map, "only `kind: noise` does without", "an article needs the key `remediation`");
    related_read(s, map, a);
    if (yaml_get(map, "applies"))
        applies_read(s, yaml_get(map, "applies"));
    if (yaml_get(map, "evidence"))
        evidence_read(s, yaml_get(map, "evidence"));
}

struct loaded_article *article_read(struct arena *arena, struct arena *loading, const struct yaml_file *file,
                                    const struct yaml_node *document, struct diags *diags)
{
    static const struct field_key keys[] = {
        { "article", true },      { "kind", false },     { "title", true },   { "summary", true },
        { "brief", false },       { "level", false },
        { "products", true },     { "applies", false },  { "evidence", false }, { "cause", true },
        { "remediation", false }, { "warnings", false }, { "verify", false }, { "related", false },
        { "see", false },
    };
    struct loaded_article *loaded = ARENA_NEW(loading, struct loaded_article);
    struct article_source s = { { arena, file, diags, false }, loading, loaded };
    loaded->article = ARENA_NEW(arena, struct article);
    if (!fields_check(&s.fields, document, "an article", COUNTED(keys)))
        return NULL;
    parts_read(&s, document);
    if (s.fields.bad)
        return NULL;
    loaded->place = diag_place_keep(loading, file, yaml_get(document, "article"));
    return loaded;
}
