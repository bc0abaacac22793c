#include "kb/fields.h"

#include "base/nearest.h"

/* Enough for any file that a person wrote; a made-up one with a million wrong keys does not get them. */
#define SUGGESTIONS 100

static const char *nearest_key(struct fields *f, struct text wanted, const struct field_key *keys, size_t count)
{
    struct nearest nearest = nearest_begin(wanted);
    for (size_t i = 0; i < count && f->diags->errors < SUGGESTIONS; i++)
        nearest_try(&nearest, text_from(keys[i].name));
    if (!nearest.best.n)
        return NULL;
    return text_keep_format(f->diags->arena, "did you mean `%.*s`?", TEXT_ARG(nearest.best)).p;
}

/* {step: Stop the service, then wait} reads as two keys, the second without a value. */
static const char *hint_for(struct fields *f, const struct yaml_node *map, size_t i, const struct field_key *keys,
                            size_t count)
{
    const struct yaml_node *value = map->items[i];
    const char *nearest = nearest_key(f, map->keys[i]->text, keys, count);
    if (!nearest && value->kind == YAML_SCALAR && yaml_scalar_type(value) == YAML_TYPE_NULL)
        return "between { and } a text with a comma stands in quotes";
    return nearest;
}

static bool is_known(struct text key, const struct field_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(key, text_from(keys[i].name)))
            return true;
    return false;
}

bool fields_check(struct fields *f, const struct yaml_node *node, const char *what, const struct field_key *keys,
                  size_t count)
{
    if (node->kind != YAML_MAP) {
        FIELD_WRONG(f, node, NULL, "%s must be a map", what);
        return false;
    }
    for (size_t i = 0; i < node->count; i++)
        if (!is_known(node->keys[i]->text, keys, count))
            FIELD_WRONG(f, node->keys[i], hint_for(f, node, i, keys, count), "%s has no key `%.*s`", what,
                        TEXT_ARG(node->keys[i]->text));
    for (size_t i = 0; i < count; i++)
        if (keys[i].needed && !yaml_get(node, keys[i].name))
            FIELD_WRONG(f, node, NULL, "%s needs the key `%s`", what, keys[i].name);
    return true;
}

struct text value_text(struct fields *f, const struct yaml_node *value, const char *what)
{
    struct text none = TEXT("");
    if (value->kind != YAML_SCALAR) {
        FIELD_WRONG(f, value, "quote it when it holds `: ` or begins with `[` or `{`", "`%s` must be text", what);
        return none;
    }
    struct text text = text_trim(value->text);
    if (text.n == 0 || yaml_scalar_type(value) == YAML_TYPE_NULL) {
        FIELD_WRONG(f, value, NULL, "`%s` is empty", what);
        return none;
    }
    return text_keep(f->arena, text);
}

struct text field_text(struct fields *f, const struct yaml_node *map, const char *key)
{
    const struct yaml_node *value = yaml_get(map, key);
    return value ? value_text(f, value, key) : TEXT("");
}

int field_int(struct fields *f, const struct yaml_node *map, const char *key, int min, int max, int otherwise)
{
    const struct yaml_node *value = yaml_get(map, key);
    uint64_t number;
    if (!value)
        return otherwise;
    if (value->kind == YAML_SCALAR && yaml_scalar_type(value) == YAML_TYPE_INT && text_to_u64(value->text, &number) &&
        number <= (uint64_t)max && number >= (uint64_t)min)
        return (int)number;
    FIELD_WRONG(f, value, NULL, "`%s` must be a number from %d to %d", key, min, max);
    return otherwise;
}

bool field_bool(struct fields *f, const struct yaml_node *map, const char *key)
{
    const struct yaml_node *value = yaml_get(map, key);
    if (!value)
        return false;
    if (value->kind == YAML_SCALAR && yaml_scalar_type(value) == YAML_TYPE_BOOL)
        return ascii_lower(value->text.p[0]) == 't';
    FIELD_WRONG(f, value, NULL, "`%s` must be true or false", key);
    return false;
}

struct yaml_node *const *field_list(struct fields *f, const struct yaml_node *map, const char *key, bool or_one,
                                    size_t *count)
{
    struct yaml_node *value = yaml_get(map, key);
    *count = 0;
    if (!value)
        return NULL;
    if (value->kind == YAML_SEQUENCE && value->count > 0) {
        *count = value->count;
        return value->items;
    }
    if (or_one && value->kind == YAML_SCALAR) {
        struct yaml_node **one = ARENA_NEW(f->arena, struct yaml_node *);
        *one = value;
        *count = 1;
        return one;
    }
    if (value->kind == YAML_SEQUENCE)
        FIELD_WRONG(f, value, "leave the key out when there is nothing to say", "`%s` is empty", key);
    else
        FIELD_WRONG(f, value, NULL, "`%s` must be a list", key);
    return NULL;
}

const struct text *field_texts(struct fields *f, const struct yaml_node *map, const char *key, size_t *count)
{
    struct yaml_node *const *items = field_list(f, map, key, false, count);
    struct text *texts = ARENA_NEW_N(f->arena, struct text, *count);
    for (size_t i = 0; i < *count; i++)
        texts[i] = value_text(f, items[i], key);
    return texts;
}
