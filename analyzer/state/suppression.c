#include "state/suppression.h"

#include "base/limits.h"
#include "base/times.h"

struct reading {
    const struct yaml_file *file;
    struct diags *diags;
};

/* False after a diagnostic; a key that is missing and may be gives "". */
static bool text_get(const struct reading *r, const struct yaml_node *map, const char *key, bool must, struct text *ret)
{
    const struct yaml_node *value = yaml_get(map, key);
    *ret = value && value->kind == YAML_SCALAR ? text_trim(value->text) : TEXT("");
    if (ret->n || (!value && !must))
        return true;
    diag_add(r->diags, DIAG_ERROR, "suppression", r->file, value ? value : map,
             "every suppression has: what, until and reason; node may be left out", "`%s` is missing or empty", key);
    return false;
}

static bool keys_check(const struct reading *r, const struct yaml_node *map)
{
    static const char *const known[] = { "what", "node", "until", "reason" };
    for (size_t i = 0; i < map->count; i++) {
        bool found = false;
        for (size_t k = 0; k < COUNT_OF(known); k++)
            found = found || text_equal(map->keys[i]->text, text_from(known[k]));
        if (!found) {
            diag_add(r->diags, DIAG_ERROR, "suppression", r->file, map->keys[i], "known are what, node, until, reason",
                     "there is no such key");
            return false;
        }
    }
    return true;
}

static bool suppression_read(const struct reading *r, const struct yaml_node *map, struct suppression *ret)
{
    struct text until;
    bool placed;
    if (map->kind != YAML_MAP) {
        diag_add(r->diags, DIAG_ERROR, "suppression", r->file, map, "write for example: - what: Q218922",
                 "a suppression must be a map");
        return false;
    }
    if (!keys_check(r, map) || !text_get(r, map, "what", true, &ret->what) ||
        !text_get(r, map, "node", false, &ret->node) || !text_get(r, map, "until", true, &until) ||
        !text_get(r, map, "reason", true, &ret->reason))
        return false;
    if (time_parse_typed(until, &ret->until, &placed))
        return true;
    diag_add(r->diags, DIAG_ERROR, "suppression", r->file, yaml_get(map, "until"), "write for example: 2026-12-24",
             "this is no time");
    return false;
}

static void suppression_keep(struct arena *arena, const struct reading *r, const struct yaml_node *map,
                             struct suppressions *ret)
{
    struct suppression s = { .what = TEXT("") };
    if (!suppression_read(r, map, &s) || ret->count == LIMIT_SUPPRESSIONS)
        return;
    struct text *texts[] = { &s.what, &s.node, &s.reason };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = text_keep(arena, *texts[i]);
    s.what_at = diag_place_keep(arena, r->file, yaml_get(map, "what"));
    s.until_at = diag_place_keep(arena, r->file, yaml_get(map, "until"));
    ret->items = arena_grow(arena, ret->items, ret->count, &ret->capacity, sizeof *ret->items);
    ret->items[ret->count++] = s;
}

void suppressions_add_file(struct arena *arena, const struct yaml_file *file, struct diags *diags,
                           struct suppressions *ret)
{
    const struct reading r = { file, diags };
    for (size_t d = 0; d < file->count; d++) {
        const struct yaml_node *list = file->documents[d];
        if (list->kind != YAML_SEQUENCE)
            diag_add(diags, DIAG_ERROR, "suppression", file, list, "write for example: - what: Q218922",
                     "the file must be a list of suppressions");
        for (size_t i = 0; list->kind == YAML_SEQUENCE && i < list->count; i++)
            suppression_keep(arena, &r, list->items[i], ret);
    }
}

static bool is_meant(const struct suppression *s, struct text id, struct text what, uint64_t now)
{
    return s->until > now && (text_equal_nocase(s->what, what) || text_equal_nocase(s->what, id));
}

static bool has_node(const struct suppression *s, struct text node)
{
    return !s->node.n || text_equal_nocase(s->node, node);
}

/* The first that is meant there. */
static const struct suppression *on_node(const struct suppressions *s, struct text id, struct text what,
                                         struct text node, uint64_t now)
{
    for (size_t i = 0; i < s->count; i++)
        if (is_meant(&s->items[i], id, what, now) && has_node(&s->items[i], node))
            return &s->items[i];
    return NULL;
}

/* The first that is meant on all of the nodes. */
static const struct suppression *on_all(const struct suppressions *s, struct text id, struct text what,
                                        const struct text *nodes, size_t count, uint64_t now)
{
    for (size_t i = 0; i < s->count; i++) {
        size_t met = 0;
        while (met < count && has_node(&s->items[i], nodes[met]))
            met++;
        if (met == count && is_meant(&s->items[i], id, what, now))
            return &s->items[i];
    }
    return NULL;
}

const struct suppression *suppression_find(const struct suppressions *s, struct text id, struct text what,
                                           const struct text *nodes, size_t node_count, uint64_t now)
{
    const struct suppression *found = s ? on_all(s, id, what, nodes, node_count, now) : NULL;
    if (!s || found)
        return found;
    /* Node by node; a node without one, to which it spread, is told. */
    for (size_t i = 0; i < node_count; i++) {
        const struct suppression *here = on_node(s, id, what, nodes[i], now);
        if (!here)
            return NULL;
        found = !found || here->until < found->until ? here : found;
    }
    return found;
}
