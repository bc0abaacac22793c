#include "kb/aftermath.h"

#include <stdlib.h>

#include "base/limits.h"

/* How often a step was told; `id` is 0 where it does not matter which event tells it. */
struct tally {
    const struct node *node;
    const char *text;
    uint32_t id;
    size_t count;
};

struct telling {
    struct arena *arena;
    const struct timeline *timeline;
    struct diagnosis *d;
    size_t capacity;
    struct tally *tallies; /* LIMIT_STORY_STEPS at most */
    size_t tally_count, tally_capacity;
};

/* A record, and the item of evidence that it is told for. */
struct told {
    const struct hit *hit;
    size_t item;
};

static const struct node *node_of(const struct telling *t, const struct hit *hit)
{
    return t->timeline->node_of[hit - t->timeline->hits];
}

/* What a start tells, up to the next one (`until`), it tells bit by bit: with 6008 and 41 it came up once. */
static size_t times_told(struct telling *t, struct arena *scratch, const struct hit *hit,
                         const struct evidence_found *found)
{
    const struct node *node = node_of(t, hit);
    uint32_t id = found->item->until_count ? hit->event->key.id : 0;
    struct text text = found->text;
    for (size_t i = 0; i < t->tally_count; i++)
        if (t->tallies[i].node == node && t->tallies[i].text == text.p && t->tallies[i].id == id)
            return ++t->tallies[i].count;
    if (t->tally_count < LIMIT_STORY_STEPS) {
        t->tallies = arena_grow(scratch, t->tallies, t->tally_count, &t->tally_capacity, sizeof *t->tallies);
        t->tallies[t->tally_count++] = (struct tally){ node, text.p, id, 1 };
    }
    return 1;
}

/* One step for each node and kind of event. */
static void step_add(struct telling *t, const struct hit *hit, struct text text, size_t times)
{
    struct diagnosis *d = t->d;
    const struct node *node = node_of(t, hit);
    for (size_t i = 0; i < d->step_count; i++)
        if (d->story[i].node == node && d->story[i].text.p == text.p) {
            d->story[i].events++;
            d->story[i].times = times > d->story[i].times ? times : d->story[i].times;
            d->story[i].first = hit < d->story[i].first ? hit : d->story[i].first;
            d->story[i].time = d->story[i].first->event->key.time;
            return;
        }
    if (d->step_count == LIMIT_STORY_STEPS)
        return;
    d->story = arena_grow(t->arena, d->story, d->step_count, &t->capacity, sizeof *d->story);
    d->story[d->step_count++] = (struct story_step){ hit->event->key.time, node, text, hit, 1, times };
}

/* A boot of days ago can be evidence, but it is no part of what happened. */
static bool belongs(const struct diagnosis *d, const struct hit *hit)
{
    return hit->event->key.time >= d->first && hit->event->key.time <= d->last;
}

/* An .evt knows whole seconds only: of one second the records tell the order, and hits are in that of their records. */
static int steps_order(const void *left, const void *right)
{
    const struct story_step *a = left, *b = right;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->node != b->node)
        return a->node->index < b->node->index ? -1 : 1;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return text_compare(a->text, b->text);
}

static int told_order(const void *left, const void *right)
{
    const struct told *a = left, *b = right;
    if (a->hit->event != b->hit->event)
        return a->hit < b->hit ? -1 : 1;
    return (a->item > b->item) - (a->item < b->item);
}

/* In order of time. */
static size_t records_collect(struct arena *scratch, const struct diagnosis *d, struct told **ret)
{
    struct told *told = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < d->for_it.count; i++)
        for (size_t k = 0; d->for_it.items[i].item && k < d->for_it.items[i].hit_count; k++)
            if (belongs(d, d->for_it.items[i].hits[k])) {
                told = arena_grow(scratch, told, count, &capacity, sizeof *told);
                told[count++] = (struct told){ d->for_it.items[i].hits[k], i };
            }
    if (count)
        qsort(told, count, sizeof *told, told_order);
    *ret = told;
    return count;
}

/* A record that several items of evidence look at is one step: the first of them says what it means. */
static void records_tell(struct telling *t, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct told *told;
    size_t count = records_collect(scratch, t->d, &told);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && told[i].hit->event == told[i - 1].hit->event)
            continue;
        const struct evidence_found *found = &t->d->for_it.items[told[i].item];
        step_add(t, told[i].hit, found->text, times_told(t, scratch, told[i].hit, found));
    }
    arena_rewind(scratch, mark);
}

void story_make(struct arena *arena, struct hearing *h, struct diagnosis *d)
{
    struct telling t = { .arena = arena, .timeline = h->index.timeline, .d = d };
    if (d->article->kind != KIND_INCIDENT)
        return;
    records_tell(&t, &h->scratch);
    /* Each is the end of another outage: two roles that come online are no role that does so twice. */
    for (size_t i = 0; i < d->outage_count; i++)
        if (d->outages[i].end)
            step_add(&t, d->outages[i].end, d->outages[i].item->text, 1);
    if (d->step_count)
        qsort(d->story, d->step_count, sizeof *d->story, steps_order);
}
