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

/* Does the article ask for the counterpart of each of its events: the end of the pause of that volume? */
static bool has_counterparts(const struct article *a)
{
    bool has = false;
    for (size_t i = 1; i < a->evidence_count && a->kind == KIND_NOISE; i++)
        has = has || (a->evidence[i].kind == EVIDENCE_NEEDS && a->evidence[i].same_count);
    return has;
}

/* The counterpart of one event says nothing of those beside it. */
static void paired_add(struct hearing *h, const struct episode *e, struct growing *anchors, struct growing *explains)
{
    const struct article *a = e->article;
    for (size_t k = 0; k < e->anchor_count; k++) {
        struct episode one = *e;
        bool paired = true;
        one.anchors = &e->anchors[k];
        one.anchor_count = 1;
        one.first = one.last = h->index.timeline->hits[e->anchors[k]].event->key.time;
        for (size_t i = 1; i < a->evidence_count && paired; i++)
            if (a->evidence[i].kind == EVIDENCE_NEEDS && a->evidence[i].same_count)
                paired = evidence_judge(h, &one, &a->evidence[i]) == EVIDENCE_FOUND;
        if (!paired)
            continue;
        grow(&h->scratch, anchors, one.anchors, 1);
        explains_add(h, &one, explains);
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
        if (has_counterparts(e->article)) {
            paired_add(h, e, &anchors, &explains);
            continue;
        }
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
