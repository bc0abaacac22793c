#include "rule/alternatives.h"

#include <stdlib.h>

#include "rule/sieve.h"

/* A part that can be joined, and where it stands. */
struct candidate {
    const struct item *item;
    size_t at;
};

/* What all of the part comes to; NULL when it is more than one field, or negates. */
static const struct item *item_of(const struct expr *e)
{
    while (e->kind != EXPR_ITEM && e->kind != EXPR_NOT && e->count == 1)
        e = e->children[0];
    bool any = e->kind == EXPR_ITEM && !e->item->negate && (!e->item->all || e->item->count == 1);
    return any ? e->item : NULL;
}

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->item->field != y->item->field)
        return x->item->field < y->item->field ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static const struct expr *join(struct loading *l, const struct candidate *same, size_t count)
{
    struct item *item = ARENA_NEW(l->arena, struct item);
    struct expr *e = ARENA_NEW(l->arena, struct expr);
    size_t total = 0, n = 0;
    for (size_t i = 0; i < count; i++)
        total += same[i].item->count;
    struct test *tests = ARENA_NEW_N(l->arena, struct test, total);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < same[i].item->count; k++)
            tests[n++] = same[i].item->tests[k];
    *item = (struct item){ .field = same[0].item->field, .tests = tests, .count = total };
    item->sieve = sieve_new(l->arena, item, l->rules->fields[item->field].kind);
    *e = (struct expr){ .kind = EXPR_ITEM, .item = item };
    return e;
}

/* Sorted: those of one field stand side by side. */
static size_t candidates_find(const struct expr *const *parts, size_t count, struct candidate *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct item *item = item_of(parts[i]);
        if (item)
            ret[n++] = (struct candidate){ item, i };
    }
    if (n)
        qsort(ret, n, sizeof *ret, compare_candidates);
    return n;
}

size_t alternatives_join(struct loading *l, const struct expr **parts, size_t count)
{
    struct candidate *all = memory_new(count * sizeof *all);
    size_t candidates = candidates_find(parts, count, all), left = 0;
    for (size_t i = 0, end; i < candidates; i = end) {
        for (end = i + 1; end < candidates && all[end].item->field == all[i].item->field; end++)
            parts[all[end].at] = NULL;
        if (end > i + 1)
            parts[all[i].at] = join(l, &all[i], end - i);
    }
    free(all);
    for (size_t i = 0; i < count; i++)
        if (parts[i])
            parts[left++] = parts[i];
    return left;
}
