/*
 * logsource.c - the attribute `logsource` of rules and filters.
 */
#include "rule/builder.h"

static struct text lower_keep(struct arena *arena, struct text t, bool *changed)
{
    char *p = arena_alloc(arena, t.n);
    for (size_t i = 0; i < t.n; i++) {
        p[i] = ascii_lower(t.p[i]);
        *changed = *changed || p[i] != t.p[i];
    }
    return (struct text){ p, t.n };
}

static bool read_part(struct loading *l, const struct yaml_node *map, const char *key, struct text *ret)
{
    const struct yaml_node *node = yaml_get(map, key);
    bool changed = false;
    *ret = TEXT("");
    if (!node || (node->kind == YAML_SCALAR && yaml_scalar_type(node) == YAML_TYPE_NULL))
        return true;
    if (node->kind != YAML_SCALAR || yaml_scalar_type(node) != YAML_TYPE_STRING || node->text.n == 0) {
        REFUSE(l, "logsource", node, NULL, "%s is not a text", key);
        return false;
    }
    *ret = lower_keep(l->arena, node->text, &changed);
    if (changed)
        WARN(l, "logsource", node, "write it in lower case", "log sources have lower case names");
    return true;
}

static const struct source_row *site_source(const struct loading *l, struct text name, bool category)
{
    for (size_t i = 0; i < l->site_count; i++)
        if (l->sites[i].category == category && text_equal_nocase(name, text_from(l->sites[i].row->name)))
            return l->sites[i].row;
    return NULL;
}

const struct source_row *source_category(const struct loading *l, struct text name)
{
    const struct source_row *known = source_find_category(name);
    return known ? known : site_source(l, name, true);
}

const struct source_row *source_service(const struct loading *l, struct text name)
{
    const struct source_row *known = source_find_service(name);
    return known ? known : site_source(l, name, false);
}

bool source_names_read(struct loading *l, const struct yaml_node *document, struct source_names *ret)
{
    static const char hint[] = "write for example: logsource: {product: windows, service: system}";
    const struct yaml_node *map = yaml_get(document, "logsource");
    if (!map || map->kind != YAML_MAP) {
        REFUSE(l, "logsource", map ? map : document, hint,
               map ? "logsource is not a map" : "there is no logsource");
        return false;
    }
    bool product = read_part(l, map, "product", &ret->product);
    bool category = read_part(l, map, "category", &ret->category);
    bool service = read_part(l, map, "service", &ret->service);
    if (!product || !category || !service)
        return false;
    if (ret->product.n + ret->category.n + ret->service.n == 0) {
        REFUSE(l, "logsource", map, hint, "neither product nor category nor service is given");
        return false;
    }
    return true;
}
