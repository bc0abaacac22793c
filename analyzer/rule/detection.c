#include "rule/detection.h"

#include "base/limits.h"
#include "rule/alternatives.h"
#include "rule/sieve.h"
#include "rule/value.h"

static const struct expr *expr_new(struct loading *l, enum expr_kind kind, const struct expr **children,
                                   size_t count)
{
    struct expr *e = ARENA_NEW(l->arena, struct expr);
    *e = (struct expr){ .kind = kind, .children = children, .count = count };
    return e;
}

static const struct expr *expr_item(struct loading *l, const struct item *item)
{
    struct expr *e = ARENA_NEW(l->arena, struct expr);
    *e = (struct expr){ .kind = EXPR_ITEM, .item = item };
    return e;
}

/* `values` NULL stands for one missing value (an empty list). */
static const struct expr *compile_item(struct loading *l, const struct yaml_node *key,
                                       const struct modifiers *m, const struct yaml_node *const *values,
                                       size_t count)
{
    struct item *item = ARENA_NEW(l->arena, struct item);
    struct test *tests = ARENA_NEW_N(l->arena, struct test, count);
    bool ok = !field_position_wrong(m->field);
    if (!ok)
        REFUSE(l, "detection", key, "Data[1] is the first insertion string, Data[2] the second",
               "there is no position %.*s", TEXT_ARG(m->field));
    for (size_t i = 0; i < count; i++)
        ok = value_compile(l, key, m, values ? values[i] : NULL, &tests[i]) && ok;
    *item = (struct item){ .field = FIELD_KEYWORDS, .all = m->all, .negate = m->neq, .tests = tests, .count = count };
    ok = (m->keyword || field_use(l, key, m->field, &item->field)) && ok;
    if (ok)
        item->sieve = sieve_new(l->arena, item, l->rules->fields[item->field].kind);
    return ok ? expr_item(l, item) : NULL;
}

static const struct expr *compile_entry(struct loading *l, const struct yaml_node *key,
                                        const struct yaml_node *value)
{
    struct modifiers m;
    if (!modifiers_parse(l, key, &m))
        return NULL;
    bool list = value->kind == YAML_SEQUENCE;
    if (m.all && (!list || value->count < 2))
        WARN(l, "modifier", key, "leave all out", "all has no effect on a single value");
    if (list && value->count == 0)
        return compile_item(l, key, &m, NULL, 1);
    if (list)
        return compile_item(l, key, &m, (const struct yaml_node *const *)value->items, value->count);
    return compile_item(l, key, &m, &value, 1);
}

/* Plain values: searched in the whole event. */
static const struct expr *compile_keywords(struct loading *l, const struct yaml_node *const *values,
                                           size_t count)
{
    struct modifiers m = { .keyword = true };
    return compile_item(l, values[0], &m, values, count);
}

static unsigned cost_of_test(const struct test *t)
{
    switch (t->kind) {
    case TEST_NULL:
    case TEST_EXISTS:
    case TEST_NUMBER:
        return 1;
    case TEST_PATTERN:
        return t->as.pattern.exact ? 2 : 3;
    case TEST_TIME:
    case TEST_NETWORK:
    case TEST_FIELD:
    case TEST_GROUP:
        return 4;
    case TEST_REGEX:
        return 6;
    }
    return 6;
}

#define COSTS 8

static unsigned cost_of(const struct loading *l, const struct expr *e)
{
    const struct item *item = e->item;
    enum field_kind kind = l->rules->fields[item->field].kind;
    if (kind == FIELD_PROVIDER || kind == FIELD_CHANNEL || kind == FIELD_EVENT_ID)
        return 0;
    unsigned cost = item->count ? cost_of_test(&item->tests[0]) : 0;
    return cost < 6 && item->field == FIELD_KEYWORDS ? 5 : cost;
}

/* What the key decides stands in front, regular expressions stand behind; else the author's order. */
static const struct expr **sort_by_cost(struct loading *l, const struct expr **items, size_t count)
{
    const struct expr **sorted = ARENA_NEW_N(l->arena, const struct expr *, count);
    size_t n = 0;
    for (unsigned cost = 0; cost < COSTS; cost++)
        for (size_t i = 0; i < count; i++)
            if (cost_of(l, items[i]) == cost)
                sorted[n++] = items[i];
    return sorted;
}

static const struct expr *compile_map(struct loading *l, const struct yaml_node *map)
{
    const struct expr **items = ARENA_NEW_N(l->arena, const struct expr *, map->count);
    bool ok = map->count > 0;
    if (!ok)
        REFUSE(l, "detection", map, "write Field: value", "the selection is empty");
    for (size_t i = 0; i < map->count; i++) {
        items[i] = compile_entry(l, map->keys[i], map->items[i]);
        ok = ok && items[i];
    }
    return ok ? expr_new(l, EXPR_AND, sort_by_cost(l, items, map->count), map->count) : NULL;
}

static bool all_scalars(const struct yaml_node *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->kind != YAML_SCALAR)
            return false;
    return true;
}

static const struct expr *compile_any(struct loading *l, const struct yaml_node *node);

static const struct expr *compile_list(struct loading *l, const struct yaml_node *list)
{
    if (list->count == 0) {
        REFUSE(l, "detection", list, "write values or maps into the list", "the list is empty");
        return NULL;
    }
    if (all_scalars(list))
        return compile_keywords(l, (const struct yaml_node *const *)list->items, list->count);
    const struct expr **parts = ARENA_NEW_N(l->arena, const struct expr *, list->count);
    bool ok = true;
    for (size_t i = 0; i < list->count; i++) {
        parts[i] = compile_any(l, list->items[i]);
        ok = ok && parts[i];
    }
    return ok ? expr_new(l, EXPR_OR, parts, alternatives_join(l, parts, list->count)) : NULL;
}

/* The depth is that of the YAML tree: LIMIT_YAML_DEPTH. */
static const struct expr *compile_any(struct loading *l, const struct yaml_node *node)
{
    switch (node->kind) {
    case YAML_MAP:
        return compile_map(l, node);
    case YAML_SEQUENCE:
        return compile_list(l, node);
    case YAML_SCALAR:
        return compile_keywords(l, &node, 1);
    }
    return NULL;
}

/* A refused one has no children: what else is wrong with the rule is still looked for. */
static const struct expr *selection_new(struct loading *l, struct text name, const struct yaml_node *node)
{
    const struct expr **child = ARENA_NEW(l->arena, const struct expr *);
    *child = compile_any(l, node);
    struct expr *e = ARENA_NEW(l->arena, struct expr);
    *e = (struct expr){ .kind = EXPR_SELECTION,
                         .selection = l->rules->selection_count++,
                         .name = text_keep(l->arena, name),
                         .children = child,
                         .count = *child ? 1 : 0 };
    return e;
}

/* Where what became of the selection is remembered; NULL in a file without templates. */
static const struct expr **shared_place(struct shared_selections *shared, const struct yaml_node *node)
{
    bool is_new;
    if (!shared)
        return NULL;
    struct text address = { (const char *)&node, sizeof node };
    size_t count = shared->nodes.count, at = name_table_add(&shared->nodes, &shared->arena, address, &is_new);
    shared->compiled = arena_grow(&shared->arena, shared->compiled, count, &shared->capacity, sizeof *shared->compiled);
    if (is_new)
        shared->compiled[at] = NULL;
    return &shared->compiled[at];
}

/* The rules of a template have the same selections: one number, one answer per event, one place in memory. */
static const struct expr *compile_selection(struct loading *l, struct text name, const struct yaml_node *node)
{
    const struct expr **place = shared_place(l->shared, node);
    if (place && *place)
        return *place;
    const struct expr *e = selection_new(l, name, node);
    if (place && e->count)
        *place = e;
    return e;
}

void selections_compile(struct loading *l, const struct yaml_node *map, bool (*is_reserved)(struct text key),
                        struct selections *ret)
{
    *ret = (struct selections){ ARENA_NEW_N(l->arena, struct selection, map->count), 0 };
    fields_begin(l);
    for (size_t i = 0; i < map->count; i++) {
        if (is_reserved(map->keys[i]->text))
            continue;
        if (ret->count == LIMIT_SELECTIONS) {
            REFUSE(l, "detection", map->keys[i], "split the rule", "more than %u selections",
                   LIMIT_SELECTIONS);
            return;
        }
        const struct expr *expr = compile_selection(l, map->keys[i]->text, map->items[i]);
        ret->items[ret->count++] = (struct selection){ .name = map->keys[i]->text, .key = map->keys[i], .expr = expr };
    }
}
