#include "kb/aftermath.h"

#include <stdlib.h>

#include "base/limits.h"
#include "kb/applies.h"
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

/* The last time it happened on the node. */
static const struct episode *last_on(const struct episode_group *group, const struct node *node)
{
    const struct episode *last = NULL;
    for (size_t i = 0; i < group->all_count; i++)
        if (group->all[i]->node == node && (!last || group->all[i]->last > last->last))
            last = group->all[i];
    return last;
}

static void fix_add(struct arena *arena, struct diagnosis *d, struct evidence_found found)
{
    size_t capacity = d->fixed.count;
    d->fixed.items = arena_grow(arena, d->fixed.items, d->fixed.count, &capacity, sizeof *d->fixed.items);
    d->fixed.items[d->fixed.count++] = found;
}

/* On every node that had it, since it had it last. */
static void remedy_find(struct arena *arena, struct hearing *h, const struct episode_group *group,
                        const struct evidence_item *item, struct diagnosis *d)
{
    struct arena_mark mark = arena_mark(&h->scratch);
    const struct episode **last = ARENA_NEW_N(&h->scratch, const struct episode *, group->node_count);
    bool everywhere = true;
    for (size_t i = 0; i < group->node_count && everywhere; i++) {
        last[i] = last_on(group, group->nodes[i]);
        everywhere = evidence_judge(h, last[i], item) == EVIDENCE_FOUND;
    }
    if (everywhere) {
        struct evidence_found found = evidence_tell(arena, h, last, group->node_count, item);
        found.points = -item->weight;
        fix_add(arena, d, found);
        d->score -= item->weight;
        d->closed = d->closed || item->weight == 0;
    }
    arena_rewind(&h->scratch, mark);
}

/* What the node says about its system last, when it was one that the article is about and is none now. */
static const struct os_fact *left_for(const struct episode *e)
{
    const struct os_fact *now = node_os_at(e->node, UINT64_MAX);
    bool was = applies_to(e->article, node_os_at(e->node, e->last)) == APPLIES_YES;
    return was && now->time > e->last && applies_to(e->article, now) == APPLIES_NO ? now : NULL;
}

static void upgrade_find(struct arena *arena, const struct episode_group *group, struct diagnosis *d)
{
    const struct os_fact *now = NULL;
    for (size_t i = 0; i < group->node_count; i++) {
        now = left_for(last_on(group, group->nodes[i]));
        if (!now)
            return;
    }
    struct evidence_found found = { .hit_count = 1, .hits_seen = 1 };
    found.hits = ARENA_NEW_N(arena, const struct hit *, 1);
    found.hits[0] = now->hit;
    found.text = text_keep_format(arena, "Since then: %.*s, which the article is not about", TEXT_ARG(now->text));
    fix_add(arena, d, found);
    d->closed = true;
}

static void fixes_find(struct arena *arena, struct hearing *h, const struct episode_group *group, struct diagnosis *d)
{
    const struct evidence_items *list = &d->article->fixed_by;
    for (size_t i = 0; i < list->count; i++)
        remedy_find(arena, h, group, &list->items[i], d);
    if (d->article->applies_count && group->node_count)
        upgrade_find(arena, group, d);
    if (!d->fixed.count)
        return;
    d->score = d->score < 0 ? 0 : d->score;
    enum confidence now = confidence_of(d->score);
    d->confidence = now < d->confidence ? now : d->confidence;
    d->closed = d->closed || d->confidence == CONFIDENCE_NONE;
}

void aftermath_find(struct arena *arena, struct hearing *h, const struct episode_group *group, struct diagnosis *d)
{
    times_find(arena, group, d);
    consequences_find(arena, h, group, d);
    fixes_find(arena, h, group, d);
    outages_find(arena, h, group, d);
    story_make(arena, h, d);
}
