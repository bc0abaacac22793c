#include "kb/article_read.h"

static const struct {
    const char *name;
    enum os_version version;
} systems[] = {
    { "nt3", OS_NT3 },       { "nt4", OS_NT4 },   { "2000", OS_2000 },     { "xp", OS_XP },
    { "2003", OS_2003 },     { "2008", OS_2008 }, { "2008r2", OS_2008R2 }, { "2012", OS_2012 },
    { "2012r2", OS_2012R2 }, { "2016+", OS_2016_LATER },
};

static uint32_t system_bit(struct fields *f, const struct yaml_node *value)
{
    struct text text = value_text(f, value, "os");
    for (size_t i = 0; i < COUNT_OF(systems); i++)
        if (text_equal(text, text_from(systems[i].name)))
            return (uint32_t)1 << systems[i].version;
    if (text.n)
        FIELD_WRONG(f, value, "nt3, nt4, 2000, xp, 2003, 2008, 2008r2, 2012, 2012r2 or 2016+",
                    "there is no system `%.*s`", TEXT_ARG(text));
    return 0;
}

static bool pack_number(struct text t, int *ret)
{
    uint64_t number;
    if (t.n == 0 || t.n > 2 || !text_to_u64(t, &number))
        return false;
    *ret = (int)number;
    return true;
}

/* 4, 4-6, ">=4", "<=3" */
static bool packs_parse(struct text t, struct applies *a)
{
    size_t hyphen = text_find_char(t, '-');
    if (text_starts_with(t, TEXT(">=")))
        return pack_number(text_trim(text_from_index(t, 2)), &a->service_pack_min);
    if (text_starts_with(t, TEXT("<=")))
        return pack_number(text_trim(text_from_index(t, 2)), &a->service_pack_max);
    if (hyphen < t.n)
        return pack_number((struct text){ t.p, hyphen }, &a->service_pack_min) &&
               pack_number(text_from_index(t, hyphen + 1), &a->service_pack_max) &&
               a->service_pack_min <= a->service_pack_max;
    if (!pack_number(t, &a->service_pack_min))
        return false;
    a->service_pack_max = a->service_pack_min;
    return true;
}

static void one_read(struct fields *f, const struct yaml_node *map, struct applies *ret)
{
    static const struct field_key keys[] = { { "os", false }, { "service-pack", false } };
    *ret = (struct applies){ 0, -1, -1 };
    if (!fields_check(f, map, "`applies`", keys, COUNT_OF(keys)))
        return;
    size_t count;
    struct yaml_node *const *names = field_list(f, map, "os", true, &count);
    for (size_t i = 0; i < count; i++)
        ret->os_versions |= system_bit(f, names[i]);
    struct text packs = field_text(f, map, "service-pack");
    if (packs.n && !packs_parse(packs, ret))
        FIELD_WRONG(f, yaml_get(map, "service-pack"), "4, 4-6, \">=4\" or \"<=3\"",
                    "`%.*s` names no service packs", TEXT_ARG(packs));
}

void applies_read(struct article_source *s, const struct yaml_node *applies)
{
    struct article *a = s->loaded->article;
    bool list = applies->kind == YAML_SEQUENCE;
    a->applies_count = list ? applies->count : 1;
    struct applies *all = ARENA_NEW_N(s->fields.arena, struct applies, a->applies_count);
    for (size_t i = 0; i < a->applies_count; i++)
        one_read(&s->fields, list ? applies->items[i] : applies, &all[i]);
    a->applies = all;
}
