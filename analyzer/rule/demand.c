#include "rule/demand.h"

#include <stdlib.h>

#include "base/limits.h"

static const struct id_set every_id = { .every = true };

static int compare_ids(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

struct id_set id_set_make(uint32_t *ids, size_t count)
{
    size_t n = 0;
    if (count)
        qsort(ids, count, sizeof *ids, compare_ids);
    for (size_t i = 0; i < count; i++)
        if (n == 0 || ids[n - 1] != ids[i])
            ids[n++] = ids[i];
    return (struct id_set){ .ids = ids, .count = n };
}

struct id_set id_set_both(struct id_set a, struct id_set b)
{
    if (a.every || b.every)
        return a.every ? b : a;
    return a.count <= b.count ? a : b;
}

/* A number, or its plain decimal text; anything else may be fulfilled by an odd spelling. */
static bool id_of_test(const struct test *t, uint32_t *ret)
{
    uint64_t id = 0;
    if (t->kind == TEST_NUMBER) {
        const struct number *n = &t->as.number.value;
        id = n->magnitude;
        if (t->as.number.compare != COMPARE_EQUAL || !n->exact || n->negative)
            return false;
    } else if (t->kind == TEST_PATTERN && t->as.pattern.exact) {
        struct text text = t->as.pattern.segments[0].bytes;
        if (text.n == 0 || text.n > 10 || text_starts_with(text, TEXT("0x")) || !text_to_u64(text, &id))
            return false;
    } else {
        return false;
    }
    *ret = (uint32_t)id;
    return id < EVENT_ID_NONE;
}

static struct id_set ids_of_item(struct arena *arena, const struct ruleset *rules, const struct item *item)
{
    bool known = rules->fields[item->field].kind == FIELD_EVENT_ID && !item->negate;
    if (!known || (item->all && item->count > 1) || item->count > LIMIT_RULE_IDS)
        return every_id;
    uint32_t *ids = ARENA_NEW_N(arena, uint32_t, item->count);
    for (size_t i = 0; i < item->count; i++)
        if (!id_of_test(&item->tests[i], &ids[i]))
            return every_id;
    return id_set_make(ids, item->count);
}

static struct id_set unite(struct arena *arena, struct id_set a, struct id_set b)
{
    if (a.every || b.every || a.count + b.count > LIMIT_RULE_IDS)
        return every_id;
    uint32_t *ids = ARENA_NEW_N(arena, uint32_t, a.count + b.count);
    if (a.count)
        memcpy(ids, a.ids, a.count * sizeof *ids);
    if (b.count)
        memcpy(ids + a.count, b.ids, b.count * sizeof *ids);
    return id_set_make(ids, a.count + b.count);
}

/* Depth: that of conditions and of YAML lists in selections, both limited. */
struct id_set demanded_ids(struct arena *arena, const struct ruleset *rules, const struct expr *e)
{
    struct id_set set = e->kind == EXPR_OR ? (struct id_set){ 0 } : every_id;
    switch (e->kind) {
    case EXPR_ITEM:
        return ids_of_item(arena, rules, e->item);
    case EXPR_SELECTION:
    case EXPR_AND:
        for (size_t i = 0; i < e->count; i++)
            set = id_set_both(set, demanded_ids(arena, rules, e->children[i]));
        return set;
    case EXPR_OR:
        for (size_t i = 0; i < e->count && !set.every; i++)
            set = unite(arena, set, demanded_ids(arena, rules, e->children[i]));
        return set;
    case EXPR_NOT:
        return every_id;
    }
    return every_id;
}

static bool names_providers(const struct ruleset *rules, const struct item *item)
{
    bool exact = rules->fields[item->field].kind == FIELD_PROVIDER && !item->negate && !item->all;
    for (size_t i = 0; i < item->count && exact; i++)
        exact = item->tests[i].kind == TEST_PATTERN && item->tests[i].as.pattern.exact;
    return exact && item->count > 0;
}

/* Depth: that of conditions. */
const struct item *demanded_providers(const struct ruleset *rules, const struct expr *e)
{
    const struct item *found = NULL;
    if (e->kind == EXPR_ITEM)
        return names_providers(rules, e->item) ? e->item : NULL;
    bool every = e->kind == EXPR_AND || e->kind == EXPR_SELECTION || (e->kind == EXPR_OR && e->count == 1);
    for (size_t i = 0; i < e->count && every && !found; i++)
        found = demanded_providers(rules, e->children[i]);
    return found;
}

bool demands_provider(const struct ruleset *rules, const struct expr *e)
{
    if (e->kind == EXPR_ITEM)
        return rules->fields[e->item->field].kind == FIELD_PROVIDER && !e->item->negate;
    if (e->kind == EXPR_NOT)
        return false;
    if (e->kind == EXPR_SELECTION && e->count == 0)
        return true; /* it was refused: nobody knows */
    size_t demanding = 0;
    for (size_t i = 0; i < e->count; i++)
        demanding += demands_provider(rules, e->children[i]);
    return e->kind == EXPR_OR ? demanding == e->count : demanding > 0;
}

/* What tests nothing at all is decided, too. */
bool key_decides(const struct ruleset *rules, const struct expr *e)
{
    if (e->kind == EXPR_ITEM) {
        enum field_kind kind = rules->fields[e->item->field].kind;
        return kind == FIELD_PROVIDER || kind == FIELD_CHANNEL || kind == FIELD_EVENT_ID || e->item->count == 0;
    }
    for (size_t i = 0; i < e->count; i++)
        if (key_decides(rules, e->children[i]))
            return true;
    return e->count == 0;
}

bool names_event_id(const struct ruleset *rules, const struct expr *e)
{
    if (e->kind == EXPR_ITEM)
        return rules->fields[e->item->field].kind == FIELD_EVENT_ID;
    for (size_t i = 0; i < e->count; i++)
        if (names_event_id(rules, e->children[i]))
            return true;
    return false;
}
