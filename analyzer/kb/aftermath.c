#include "kb/aftermath.h"

#include <stdlib.h>

#include "base/limits.h"
#include "kb/remedy.h"
#include "kb/sighting.h"

struct growing {
    uint32_t *items;
    size_t count, capacity;
};

static void grow(struct arena *arena, struct growing *g, const uint32_t *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        g->items = arena_grow(arena, g->items, g->count, &g->capacity, sizeof *g->items);
        g->items[g->count++] = items[i];
    }
}

static int places_order(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static struct places each_once(struct arena *arena, struct growing *g)
{
    size_t distinct = 0;
    if (g->count)
        qsort(g->items, g->count, sizeof *g->items, places_order);
    for (size_t i = 0; i < g->count; i++)
        if (!distinct || g->items[i] != g->items[distinct - 1])
            g->items[distinct++] = g->items[i];
    uint32_t *kept = ARENA_NEW_N(arena, uint32_t, distinct);
    if (distinct)
        memcpy(kept, g->items, distinct * sizeof *kept);
    return (struct places){ kept, distinct };
}

/* Noise that is not sure of itself explains nothing away. */
static bool may_explain(const struct episode *e)
{
    return e->article->kind != KIND_NOISE || confidence_of(e->score) >= CONFIDENCE_LIKELY;
}

static void explains_add(struct hearing *h, const struct episode *e, struct growing *explains)
{
    const struct evidence_items *list = &e->article->explains;
    for (size_t i = 0; i < list->count && !h->exhausted; i++) {
        struct sightings s = sightings_find(&h->scratch, h, e, &list->items[i]);
        grow(&h->scratch, explains, s.places, s.count);
        h->exhausted = h->exhausted || h->explained + explains->count > LIMIT_EXPLAINED;
    }
}

static void consequences_find(struct arena *arena, struct hearing *h, const struct episode_group *group,
                              struct diagnosis *d)
{
    struct arena_mark mark = arena_mark(&h->scratch);
    struct growing anchors = { 0 }, explains = { 0 };
    for (size_t i = 0; i < group->all_count; i++) {
        const struct episode *e = group->all[i];
        if (!may_explain(e))
            continue;
        grow(&h->scratch, &anchors, e->anchors, e->anchor_count);
        explains_add(h, e, &explains);
    }
    d->anchors = each_once(arena, &anchors);
    d->explains = each_once(arena, &explains);
    h->explained += d->explains.count;
    arena_rewind(&h->scratch, mark);
}

static void interval_add(struct interval *items, size_t *count, const struct episode *e)
{
    struct interval *last = *count ? &items[*count - 1] : NULL;
    if (last && e->first <= last->to)
        last->to = e->last > last->to ? e->last : last->to;
    else
        items[(*count)++] = (struct interval){ e->first, e->last };
}

/* Episodes of a group are in order of time. */
static void times_find(struct arena *arena, const struct episode_group *group, struct diagnosis *d)
{
    struct interval *items = ARENA_NEW_N(arena, struct interval, group->all_count);
    for (size_t i = 0; i < group->all_count; i++)
        interval_add(items, &d->times.count, group->all[i]);
    d->times.items = items;
}

void aftermath_find(struct arena *arena, struct hearing *h, const struct episode_group *group, struct diagnosis *d)
{
    times_find(arena, group, d);
    consequences_find(arena, h, group, d);
    remedies_find(arena, h, group, d);
    outages_find(arena, h, group, d);
    story_make(arena, h, d);
}
