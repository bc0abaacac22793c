#include "corr/correlate.h"

#include <stdlib.h>

#include "base/limits.h"
#include "corr/correlating.h"

uint64_t slack_between(const struct correlator *k, const struct match *a, const struct match *b)
{
    return k->timeline->node_of[a->hit] != k->timeline->node_of[b->hit] ? k->tolerance : 0;
}

bool work_step(struct correlator *k)
{
    if (++k->work <= LIMIT_CORRELATION_WORK)
        return true;
    if (k->tolerance > 0)
        k->works_given_up++;
    k->tolerance = 0;
    return false;
}

static int pointers_order(const void *left, const void *right)
{
    const struct hit *a = *(const struct hit *const *)left, *b = *(const struct hit *const *)right;
    return (a > b) - (a < b);
}

/* The hits of all members; of an event that several of them have, the first. */
static const struct hit **hits_gather(struct correlator *k, const struct match *const *members, size_t count,
                                      size_t *hit_count)
{
    const struct hit **hits = NULL;
    size_t n = 0, capacity = 0, distinct = 0;
    for (size_t i = 0; i < count; i++) {
        const struct alert *inner = members[i]->inner;
        for (size_t h = 0; h < (inner ? inner->hit_count : 1); h++) {
            hits = arena_grow(&k->scratch, hits, n, &capacity, sizeof *hits);
            hits[n++] = inner ? inner->hits[h] : &k->timeline->hits[members[i]->hit];
        }
    }
    qsort(hits, n, sizeof *hits, pointers_order);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || hits[i]->event != hits[distinct - 1]->event)
            hits[distinct++] = hits[i];
    *hit_count = distinct;
    return hits;
}

static size_t alert_size(const struct correlator *k, const struct alert *a)
{
    size_t n = sizeof *a + a->hit_count * sizeof *a->hits + k->c->group_count * sizeof *a->group;
    for (size_t i = 0; i < k->c->group_count; i++)
        n += a->group[i].n;
    return n;
}

void alert_add(struct correlator *k, const struct match *const *members, size_t count, const struct match *moment)
{
    if (k->found == LIMIT_ALERTS || k->alert_bytes > LIMIT_ALERT_BYTES) {
        k->alerts_left_out++;
        return;
    }
    struct alert *a = ARENA_NEW(k->arena, struct alert);
    size_t n;
    const struct hit **hits = hits_gather(k, members, count, &n);
    *a = (struct alert){ .rule = k->rule, .hit_count = n, .moment = &k->timeline->hits[moment->hit] };
    a->hits = memcpy(ARENA_NEW_N(k->arena, const struct hit *, n), hits, n * sizeof *hits);
    a->first = hits[0]->event->key.time;
    a->last = hits[n - 1]->event->key.time;
    a->group = group_values(k, members[0]);
    k->alert_bytes += alert_size(k, a);
    k->alerts = arena_grow(k->arena, k->alerts, k->alert_count, &k->alert_capacity, sizeof *k->alerts);
    k->alerts[k->alert_count++] = a;
    k->found++;
}

static void group_search(struct correlator *k, const struct group *g)
{
    struct arena_mark mark = arena_mark(&k->scratch);
    if (k->near)
        k->near->groups++;
    if (k->c->type == CORRELATION_TEMPORAL_ORDERED)
        sequences_search(k, g);
    else
        windows_search(k, g);
    arena_rewind(&k->scratch, mark);
}

static void correlation_run(struct correlator *k, size_t index)
{
    k->c = ruleset_correlation(k->rules, index);
    k->rule = (uint32_t)(ruleset_count(k->rules) + index);
    k->found = 0;
    k->work = 0;
    k->tolerance = k->options->clock_tolerance;
    arena_reset(&k->scratch);
    k->scratch_before = k->scratch.total;
    k->first_alert[index] = k->alert_count;
    near_begin(k, index);
    matches_collect(k);
    matches_group(k);
    for (size_t i = 0, end; i < k->match_count; i = end) {
        for (end = i; end < k->match_count && k->matches[end].group == k->matches[i].group; end++)
            ;
        group_search(k, &(struct group){ k->matches + i, end - i });
    }
    k->first_alert[index + 1] = k->alert_count;
}

/* What it looked at are matches of its rules, what it found are alerts. */
static void correlation_run_measured(struct correlator *k, size_t index)
{
    uint64_t begin = rule_cost_clock();
    correlation_run(k, index);
    struct rule_cost *cost = &k->options->costs[k->rule];
    cost->nanoseconds += rule_cost_clock() - begin;
    cost->evaluated += k->match_count;
    cost->hits += k->found;
}

struct woven {
    size_t at; /* the hit of its moment */
    size_t seq;
    const struct alert *alert;
};

static int woven_order(const void *left, const void *right)
{
    const struct woven *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->seq > b->seq) - (a->seq < b->seq);
}

static struct woven *woven_sort(struct correlator *k)
{
    struct woven *woven = ARENA_NEW_N(&k->scratch, struct woven, k->alert_count);
    for (size_t i = 0; i < k->alert_count; i++)
        woven[i] = (struct woven){ (size_t)(k->alerts[i]->moment - k->timeline->hits), i, k->alerts[i] };
    if (k->alert_count)
        qsort(woven, k->alert_count, sizeof *woven, woven_order);
    return woven;
}

static struct hit hit_of_alert(const struct alert *alert, const struct hit *moment)
{
    return (struct hit){ .rule = alert->rule, .event = moment->event, .input = moment->input, .alert = alert };
}

/* Every alert behind the hit of its moment; `place` tells where each hit of the timeline went. */
static void hits_weave(struct correlator *k, struct timeline *t, size_t *place)
{
    const struct woven *woven = woven_sort(k);
    const struct timeline *all = k->timeline;
    size_t n = t->hit_count + k->alert_count, at = 0, next = 0, whole = 0;
    struct hit *hits = ARENA_NEW_N(k->arena, struct hit, n);
    const struct node **node_of = ARENA_NEW_N(k->arena, const struct node *, n);
    for (size_t i = 0; i < all->hit_count; i++) {
        if (!all->hits[i].thin) {
            place[whole++] = at;
            node_of[at] = all->node_of[i];
            hits[at++] = all->hits[i];
        }
        for (; next < k->alert_count && woven[next].at == i; next++) {
            node_of[at] = all->node_of[i];
            hits[at++] = hit_of_alert(woven[next].alert, &all->hits[i]);
        }
    }
    t->hits = hits;
    t->node_of = node_of;
    t->hit_count = n;
}

/* Where a hit is now that the correlations looked at. */
static const struct hit *hit_now(const struct correlator *k, const struct timeline *t, const size_t *place,
                                 const struct hit *hit)
{
    size_t origin = k->all.origin[hit - k->timeline->hits];
    return hit->thin ? &t->partial->thin[origin] : &t->hits[place[origin]];
}

/* Nodes and alerts point to hits: to where these are now. */
static void hits_follow(struct correlator *k, struct timeline *t, const struct hit *before, const size_t *place)
{
    for (size_t i = 0; i < t->node_count; i++)
        for (size_t f = 0; f < t->nodes[i]->os_count; f++)
            t->nodes[i]->os[f].hit = &t->hits[place[t->nodes[i]->os[f].hit - before]];
    for (size_t i = 0; i < k->alert_count; i++) {
        struct alert *a = k->alerts[i];
        for (size_t h = 0; h < a->hit_count; h++)
            a->hits[h] = hit_now(k, t, place, a->hits[h]);
        a->moment = hit_now(k, t, place, a->moment);
    }
}

static void alerts_weave(struct correlator *k, struct timeline *t)
{
    const struct hit *before = t->hits;
    if (k->alert_count == 0)
        return;
    arena_reset(&k->scratch);
    size_t *place = ARENA_NEW_N(&k->scratch, size_t, t->hit_count);
    hits_weave(k, t, place);
    hits_follow(k, t, before, place);
}

static void correlator_init(struct correlator *k, const struct timeline *given, size_t correlations)
{
    arena_init(&k->scratch);
    all_hits_collect(&k->all, given);
    const struct timeline *t = k->timeline = &k->all.timeline;
    k->matcher = matcher_new(k->rules);
    k->first_alert = ARENA_NEW_N(k->arena, size_t, correlations + 1);
    k->event_start = ARENA_NEW_N(&k->all.arena, uint32_t, t->hit_count);
    for (size_t i = 1; i < t->hit_count; i++)
        k->event_start[i] = t->hits[i].event == t->hits[i - 1].event ? k->event_start[i - 1] : (uint32_t)i;
    hit_index_build(&k->all.arena, t, &k->index);
}

static void notice_some(struct alerts *ret, enum notice_code code, uint64_t count)
{
    if (count > 0)
        notice_add(&ret->notices, code, NOTICE_NO_OFFSET, count);
}

static void correlator_done(struct correlator *k, struct alerts *ret)
{
    notice_some(ret, NOTICE_CORRELATION_MATCHES, k->matches_left_out);
    notice_some(ret, NOTICE_CORRELATION_ALERTS, k->alerts_left_out);
    notice_some(ret, NOTICE_CORRELATION_UNTIMED, k->untimed);
    notice_some(ret, NOTICE_CORRELATION_WORK, k->works_given_up);
    ret->items = (const struct alert **)k->alerts;
    ret->count = k->alert_count;
    matcher_free(k->matcher);
    arena_done(&k->all.arena);
    arena_done(&k->scratch);
}

void correlate(struct arena *arena, const struct correlate_options *options, struct timeline *timeline,
               struct alerts *ret)
{
    struct correlator k = { .arena = arena, .options = options, .rules = timeline->rules };
    size_t correlations = ruleset_correlation_count(k.rules);
    *ret = (struct alerts){ 0 };
    notices_init(&ret->notices, arena);
    if (correlations == 0)
        return;
    correlator_init(&k, timeline, correlations);
    for (size_t i = 0; i < correlations; i++)
        if (options->costs)
            correlation_run_measured(&k, i);
        else
            correlation_run(&k, i);
    alerts_weave(&k, timeline);
    correlator_done(&k, ret);
}
