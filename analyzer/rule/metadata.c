#include "rule/metadata.h"

static bool is_string(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && yaml_scalar_type(node) == YAML_TYPE_STRING;
}

static bool is_null(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && yaml_scalar_type(node) == YAML_TYPE_NULL;
}

static struct text metadata_text(struct loading *l, const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = yaml_get(map, key);
    return node && is_string(node) ? text_keep(l->arena, node->text) : TEXT("");
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

static struct text without_braces(struct text t)
{
    bool braces = t.n >= 2 && t.p[0] == '{' && t.p[t.n - 1] == '}';
    return braces ? (struct text){ t.p + 1, t.n - 2 } : t;
}

static bool is_uuid(struct text t)
{
    t = without_braces(t);
    for (size_t i = 0; i < t.n && t.n == 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? t.p[i] != '-' : !is_hex(t.p[i]))
            return false;
    }
    return t.n == 36;
}

struct text reference_key(struct arena *arena, struct text name_or_id)
{
    if (!is_uuid(name_or_id))
        return text_keep(arena, name_or_id);
    struct text bare = without_braces(name_or_id);
    char *p = arena_alloc(arena, bare.n);
    for (size_t i = 0; i < bare.n; i++)
        p[i] = ascii_lower(bare.p[i]);
    return (struct text){ p, bare.n };
}

static bool is_word_of(struct text t, const char *words)
{
    struct text rest = text_from(words);
    while (rest.n > 0) {
        size_t n = text_find_char(rest, ' ');
        if (text_equal(t, (struct text){ rest.p, n }))
            return true;
        rest = text_from_index(rest, n + 1);
    }
    return false;
}

static size_t digits_at(struct text t, size_t at)
{
    size_t n = 0;
    while (at + n < t.n && t.p[at + n] >= '0' && t.p[at + n] <= '9')
        n++;
    return n;
}

/* YYYY-MM-DD, or the older YYYY/M/D. */
static bool is_date(struct text t)
{
    char separator = t.n > 4 ? t.p[4] : '\0';
    size_t month = digits_at(t, 5), day_at = 5 + month + 1, day = digits_at(t, day_at);
    bool shape = digits_at(t, 0) == 4 && (separator == '-' || separator == '/') && month >= 1 && month <= 2 &&
                 day_at <= t.n && t.p[day_at - 1] == separator && day >= 1 && day <= 2 && day_at + day == t.n;
    return shape && (separator == '/' || (month == 2 && day == 2));
}

static bool is_list_of_strings(const struct yaml_node *node)
{
    for (size_t i = 0; i < node->count; i++)
        if (node->items[i]->kind != YAML_SCALAR)
            return false;
    return node->kind == YAML_SEQUENCE;
}

/* What is wrong with an attribute that only informs; NULL when nothing is. */
static const char *wrong_with(const char *key, const struct yaml_node *node)
{
    if (is_null(node))
        return NULL;
    if (is_word_of(text_from(key), "references falsepositives tags fields scope"))
        return is_list_of_strings(node) ? NULL : "a list of texts belongs here";
    if (text_equal(text_from(key), TEXT("related")))
        return node->kind == YAML_SEQUENCE ? NULL : "a list of id and type belongs here";
    if (node->kind != YAML_SCALAR)
        return "a text belongs here";
    if (is_word_of(text_from(key), "date modified"))
        return is_date(node->text) ? NULL : "write the date as YYYY-MM-DD";
    if (text_equal(text_from(key), TEXT("status")))
        return is_word_of(node->text, "stable test experimental deprecated unsupported")
                   ? NULL
                   : "known are stable, test, experimental, deprecated, unsupported";
    if (text_equal(text_from(key), TEXT("id")))
        return is_uuid(node->text) ? NULL : "an id is a UUID";
    return is_string(node) ? NULL : "a text belongs here";
}

static void check_information(struct loading *l, const struct yaml_node *document)
{
    static const char *const keys[] = { "id",      "related", "status",   "description", "author",
                                        "license", "date",    "modified", "references",  "falsepositives",
                                        "tags",    "fields",  "scope" };
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct yaml_node *node = yaml_get(document, keys[i]);
        const char *wrong = node ? wrong_with(keys[i], node) : NULL;
        if (wrong)
            WARN(l, "metadata", node, wrong, "%s is not as it should be", keys[i]);
    }
}

static void read_title(struct loading *l, const struct yaml_node *document, struct rule_info *ret)
{
    const struct yaml_node *node = yaml_get(document, "title");
    if (!node || !is_string(node))
        REFUSE(l, "title", node ? node : document, "write for example: title: Cluster service stopped",
               "the rule has no title");
    else if (node->text.n > 256)
        WARN(l, "metadata", node, NULL, "the title is longer than 256 characters");
    ret->title = metadata_text(l, document, "title");
}

static void read_name(struct loading *l, const struct yaml_node *document, struct rule_info *ret)
{
    const struct yaml_node *node = yaml_get(document, "name");
    if (node && (!is_string(node) || node->text.n == 0))
        REFUSE(l, "name", node, "leave it out or write a text", "the name is not a text");
    ret->name = metadata_text(l, document, "name");
}

static void read_level(struct loading *l, const struct yaml_node *document, struct rule_info *ret)
{
    const struct yaml_node *node = yaml_get(document, "level");
    if (!node || is_null(node))
        return;
    if (node->kind != YAML_SCALAR || !rule_level_parse(node->text, &ret->level))
        WARN(l, "metadata", node, "known are informational, low, medium, high, critical",
             "the level is unknown and counts as not set");
}

static void read_taxonomy(struct loading *l, const struct yaml_node *document)
{
    const struct yaml_node *node = yaml_get(document, "taxonomy");
    if (node && (node->kind != YAML_SCALAR || !text_equal(node->text, TEXT("sigma"))))
        REFUSE(l, "taxonomy", node, "only the taxonomy sigma is known",
               "the field names have another meaning");
}

static void read_context(struct loading *l, const struct yaml_node *document, struct rule_info *ret)
{
    const struct yaml_node *node = yaml_get(document, "evscan");
    if (!node)
        return;
    ret->fact = node->kind == YAML_SCALAR && text_equal(node->text, TEXT("fact"));
    ret->context = ret->fact || (node->kind == YAML_SCALAR && text_equal(node->text, TEXT("context")));
    if (!ret->context)
        WARN(l, "metadata", node, "write evscan: context or evscan: fact, or leave it out",
             "evscan does not know this remark");
}

void metadata_read(struct loading *l, const struct yaml_node *document, struct rule_info *ret)
{
    *ret = (struct rule_info){ .path = text_keep(l->arena, l->file->path), .line = document->line, .own = l->own };
    read_title(l, document, ret);
    read_name(l, document, ret);
    read_level(l, document, ret);
    read_taxonomy(l, document);
    read_context(l, document, ret);
    check_information(l, document);
    ret->author = metadata_text(l, document, "author");
    ret->id = metadata_id(l, document);
    if (ret->id.n == 0)
        ret->id = ret->name.n ? ret->name : ret->title;
}

struct text metadata_id(struct loading *l, const struct yaml_node *document)
{
    const struct yaml_node *id = yaml_get(document, "id");
    return id && id->kind == YAML_SCALAR ? text_keep(l->arena, id->text) : TEXT("");
}
