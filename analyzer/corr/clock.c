#include "corr/clock.h"

#include <stdlib.h>

#include "corr/clock_pairs.h"

#define CLOCK_NODES 64u /* of a cluster */

#define SECONDS(n)  ((int64_t)(n) * TICKS_PER_SECOND)
#define WORTH_IT    SECONDS(2)   /* below it nothing is corrected */
#define UNKNOWN     SECONDS(120) /* how far clocks that nothing compares are taken to be apart */

static int ticks_order(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int64_t magnitude(int64_t ticks)
{
    return ticks < 0 ? -ticks : ticks;
}

struct spread_out {
    const struct clock_pair *pairs;
    size_t nodes;
    int64_t ahead[CLOCK_NODES];  /* of the first node of its group */
    int64_t within[CLOCK_NODES]; /* by which this can be wrong */
    size_t support[CLOCK_NODES];
    size_t group[CLOCK_NODES]; /* first node of those that can be compared; itself when there are none */
};

/* Along the best supported pairs. */
static void group_grow(struct spread_out *s, size_t first)
{
    for (bool grown = true; grown;) {
        size_t from = 0, to = 0, best = 0;
        for (size_t a = 0; a < s->nodes; a++)
            for (size_t b = first + 1; b < s->nodes; b++) {
                size_t count = s->pairs[a * s->nodes + b].count;
                if (s->group[a] == first && s->group[b] == SIZE_MAX && count > best) {
                    best = count;
                    from = a;
                    to = b;
                }
            }
        grown = best > 0;
        if (!grown)
            break;
        s->group[to] = first;
        s->ahead[to] = s->ahead[from] + s->pairs[from * s->nodes + to].difference;
        s->within[to] = s->within[from] + (int64_t)s->pairs[from * s->nodes + to].within;
        s->support[to] = best;
        s->support[from] = s->support[from] > best ? s->support[from] : best;
    }
}

/* The middle of a group becomes its zero. */
static void group_centre(struct spread_out *s, size_t first)
{
    int64_t sorted[CLOCK_NODES];
    size_t count = 0;
    for (size_t i = 0; i < s->nodes; i++)
        if (s->group[i] == first)
            sorted[count++] = s->ahead[i];
    qsort(sorted, count, sizeof *sorted, ticks_order);
    int64_t middle = count > 2 ? sorted[(count - 1) / 2] : 0;
    for (size_t i = 0; i < s->nodes; i++)
        if (s->group[i] == first)
            s->ahead[i] -= middle;
}

static void clocks_spread(struct spread_out *s)
{
    for (size_t i = 0; i < s->nodes; i++)
        s->group[i] = SIZE_MAX;
    for (size_t i = 0; i < s->nodes; i++) {
        if (s->group[i] != SIZE_MAX)
            continue;
        s->group[i] = i;
        group_grow(s, i);
        group_centre(s, i);
    }
}

static uint64_t corrected(uint64_t time, int64_t ahead)
{
    if (time == 0 || time >= FILETIME_MAX)
        return time;
    int64_t t = (int64_t)time - ahead;
    return t <= 0 ? 1 : (uint64_t)t;
}

static void coverage_correct(struct coverage *c, int64_t ahead)
{
    c->first = corrected(c->first, ahead);
    c->last = corrected(c->last, ahead);
    for (size_t i = 0; i < c->run_count; i++) {
        struct coverage_run *r = &c->runs[i];
        r->first = corrected(r->first, ahead);
        r->last = corrected(r->last, ahead);
        r->opens = corrected(r->opens, ahead);
        r->newest = corrected(r->newest, ahead);
    }
    for (size_t i = 0; i < c->start_count; i++) {
        c->starts[i].time = corrected(c->starts[i].time, ahead);
        c->starts[i].before = corrected(c->starts[i].before, ahead);
    }
    for (size_t i = 0; i < c->step_count; i++) {
        c->steps[i].before = corrected(c->steps[i].before, ahead);
        c->steps[i].after = corrected(c->steps[i].after, ahead);
    }
}

/* Each event once, whoever has hits on it.  One that is a duplicate can be of no node: in a forged partial its input
 * covers nothing, and says of whom nothing is. */
static void events_correct(struct input_result *input, const struct timeline *t, const struct spread_out *s)
{
    for (size_t i = 0; i < input->hit_count; i++) {
        struct event *e = (struct event *)input->hits[i].event; /* made by event_keep */
        const struct node *node = timeline_node_of(t, &input->hits[i]);
        if (node && (i == 0 || input->hits[i - 1].event != input->hits[i].event))
            e->key.time = corrected(e->key.time, s->ahead[node->index]);
    }
}

/* Kept events and coverage belong to the partial, which the caller may change. */
static void times_correct(struct partial *p, const struct timeline *t, const struct spread_out *s)
{
    for (size_t i = 0; i < p->input_count; i++)
        events_correct(p->inputs[i], t, s);
    for (size_t i = 0; i < p->input_count; i++)
        for (struct coverage *c = p->inputs[i]->coverage; c; c = c->next) {
            const struct node *node = timeline_node(t, c->node);
            if (node)
                coverage_correct(c, s->ahead[node->index]);
        }
}

/* A difference that the facts themselves could make is none, unless they are as sure as a removal. */
static bool far_enough(struct spread_out *s)
{
    bool any = false;
    for (size_t i = 0; i < s->nodes; i++) {
        int64_t least = s->within[i] > SECONDS(5) ? s->within[i] : WORTH_IT;
        s->ahead[i] = magnitude(s->ahead[i]) > least ? s->ahead[i] : 0;
        any = any || s->ahead[i];
    }
    return any;
}

/* How far apart the clocks of the node and of any other can be, as corrected. */
static uint64_t node_within(const struct spread_out *s, size_t node)
{
    int64_t most = 0;
    for (size_t i = 0; i < s->nodes; i++) {
        bool compared = s->group[i] == s->group[node];
        int64_t within = compared ? s->within[i] + s->within[node] : UNKNOWN;
        if (i != node && within > most)
            most = within;
    }
    return (uint64_t)(most > UNKNOWN ? UNKNOWN : most);
}

static void nodes_tell(struct timeline *t, const struct spread_out *s)
{
    for (size_t i = 0; i < s->nodes; i++) {
        t->nodes[i]->clock_ahead = s->ahead[i];
        t->nodes[i]->clock_pairs = s->support[i];
        t->nodes[i]->clock_within = node_within(s, i);
    }
}

/* The daily event that tells the zone stands at noon of the clock as it was. */
static void zones_keep(const struct timeline *t, struct node *const *before)
{
    for (size_t i = 0; i < t->node_count; i++)
        t->nodes[i]->zone = before[i]->zone;
}

void clock_correct(struct arena *arena, struct partial *partial, struct timeline *timeline)
{
    struct arena scratch;
    struct spread_out s = { .nodes = timeline->node_count };
    for (size_t i = 0; i < s.nodes && s.nodes > 1; i++)
        timeline->nodes[i]->clock_within = (uint64_t)UNKNOWN;
    if (s.nodes < 2 || s.nodes > CLOCK_NODES)
        return;
    arena_init(&scratch);
    s.pairs = clock_pairs_find(&scratch, timeline);
    clocks_spread(&s);
    if (far_enough(&s)) {
        const struct ruleset *rules = timeline->rules;
        struct node *const *before = timeline->nodes;
        times_correct(partial, timeline, &s);
        partial_order(partial);
        timeline_build(arena, rules, partial, timeline);
        zones_keep(timeline, before);
    }
    nodes_tell(timeline, &s);
    arena_done(&scratch);
}
