#include "corr/clock.h"

#include <stdlib.h>

#include "corr/clock_pairs.h"
#include "corr/clock_stretch.h"

#define CLOCK_NODES 64u /* of a cluster */
#define CLOCK_RUNS  96u /* stretches of all of them; beyond it each node has one */

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

/* Of each run, which is a stretch of a node. */
struct spread_out {
    const struct clock_pair *pairs;
    size_t count;
    struct clock_run runs[CLOCK_RUNS];
    size_t first[CLOCK_NODES];  /* run of a node */
    int64_t ahead[CLOCK_RUNS];  /* of the first run of its group */
    int64_t within[CLOCK_RUNS]; /* by which this can be wrong */
    size_t support[CLOCK_RUNS];
    size_t group[CLOCK_RUNS]; /* first run of those that can be compared; itself when there are none */
};

/* Along the best supported pairs. */
static void group_grow(struct spread_out *s, size_t first)
{
    for (bool grown = true; grown;) {
        size_t from = 0, to = 0, best = 0;
        for (size_t a = 0; a < s->count; a++)
            for (size_t b = first + 1; b < s->count; b++) {
                size_t count = s->pairs[a * s->count + b].count;
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
        s->ahead[to] = s->ahead[from] + s->pairs[from * s->count + to].difference;
        s->within[to] = s->within[from] + (int64_t)s->pairs[from * s->count + to].within;
        s->support[to] = best;
        s->support[from] = s->support[from] > best ? s->support[from] : best;
    }
}

/* The least stretches that a clock of the group has: who was set least is believed most. */
static size_t least_set(const struct timeline *t, const struct spread_out *s, size_t group)
{
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < s->count; i++) {
        size_t stretches = t->nodes[s->runs[i].node]->stretch_count;
        least = s->group[i] == group && stretches < least ? stretches : least;
    }
    return least;
}

/* The middle of those becomes the zero of the group. */
static void group_centre(const struct timeline *t, struct spread_out *s, size_t group)
{
    int64_t known[CLOCK_RUNS];
    size_t count = 0, least = least_set(t, s, group);
    for (size_t i = 0; i < s->count; i++)
        if (s->group[i] == group && t->nodes[s->runs[i].node]->stretch_count == least)
            known[count++] = s->ahead[i];
    if (count > 2)
        qsort(known, count, sizeof *known, ticks_order);
    int64_t middle = known[count > 2 ? (count - 1) / 2 : 0];
    for (size_t i = 0; i < s->count; i++)
        if (s->group[i] == group)
            s->ahead[i] -= middle;
}

static void clocks_spread(const struct timeline *t, struct spread_out *s)
{
    for (size_t i = 0; i < s->count; i++)
        s->group[i] = SIZE_MAX;
    for (size_t i = 0; i < s->count; i++) {
        if (s->group[i] != SIZE_MAX)
            continue;
        s->group[i] = i;
        group_grow(s, i);
        group_centre(t, s, i);
    }
}

static uint64_t corrected(uint64_t time, int64_t ahead)
{
    if (time == 0 || time >= FILETIME_MAX)
        return time;
    int64_t t = (int64_t)time - ahead;
    return t <= 0 ? 1 : (uint64_t)t;
}

/* A node, and how far each stretch of its clock was ahead. */
struct correction {
    const struct node *node;
    struct text channel;
    const int64_t *ahead;
};

static uint64_t corrected_in(const struct correction *c, uint64_t record, uint64_t time)
{
    return corrected(time, c->ahead[clock_stretch_of(c->node, c->channel, record, time)]);
}

/* Where the clock was set meanwhile, the earliest and the latest are what the numbers begin and end with. */
static void run_correct(const struct correction *c, struct coverage_run *r)
{
    size_t begin = clock_stretch_of(c->node, c->channel, r->first_id, r->opens);
    size_t end = clock_stretch_of(c->node, c->channel, r->last_id, r->newest);
    r->opens = corrected(r->opens, c->ahead[begin]);
    r->newest = corrected(r->newest, c->ahead[end]);
    r->first = begin == end ? corrected(r->first, c->ahead[begin]) : r->opens;
    r->last = begin == end ? corrected(r->last, c->ahead[end]) : r->newest;
    if (r->last < r->first)
        r->last = r->first;
}

static void coverage_correct(struct coverage *of, const struct correction *c)
{
    of->first = corrected_in(c, 0, of->first);
    of->last = corrected_in(c, 0, of->last);
    for (size_t i = 0; i < of->run_count; i++) {
        struct coverage_run *r = &of->runs[i];
        run_correct(c, r);
        of->first = r->first && r->first < of->first ? r->first : of->first;
        of->last = r->last > of->last ? r->last : of->last;
    }
    for (size_t i = 0; i < of->start_count; i++) {
        struct coverage_start *s = &of->starts[i];
        s->time = corrected_in(c, s->id, s->time);
        s->before = corrected_in(c, s->id ? s->id - 1 : 0, s->before);
    }
    for (size_t i = 0; i < of->step_count; i++) {
        struct coverage_step *s = &of->steps[i];
        s->before = corrected_in(c, s->id ? s->id - 1 : 0, s->before);
        s->after = corrected_in(c, s->id, s->after);
    }
}

static struct correction correction_of(const struct spread_out *s, const struct node *node, struct text channel)
{
    return (struct correction){ node, channel, &s->ahead[s->first[node->index]] };
}

/* Each event once, whoever has hits on it.  One that is a duplicate can be of no node: in a forged partial its input
 * covers nothing, and says of whom nothing is. */
static void events_correct(struct input_result *input, const struct timeline *t, const struct spread_out *s)
{
    for (size_t i = 0; i < input->hit_count; i++) {
        struct event *e = (struct event *)input->hits[i].event; /* made by event_keep */
        const struct node *node = timeline_node_of(t, &input->hits[i]);
        if (!node || (i > 0 && input->hits[i - 1].event == input->hits[i].event))
            continue;
        struct correction c = correction_of(s, node, e->key.channel);
        e->key.time = corrected_in(&c, e->key.record_id, e->key.time);
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
            struct correction of = node ? correction_of(s, node, c->channel) : (struct correction){ 0 };
            if (node)
                coverage_correct(c, &of);
        }
}

/* A difference that the facts themselves could make is none, unless they are as sure as a removal. */
static bool far_enough(struct spread_out *s)
{
    bool any = false;
    for (size_t i = 0; i < s->count; i++) {
        int64_t least = s->within[i] > SECONDS(5) ? s->within[i] : WORTH_IT;
        s->ahead[i] = magnitude(s->ahead[i]) > least ? s->ahead[i] : 0;
        any = any || s->ahead[i];
    }
    return any;
}

/* How far apart the clocks of the run and of any other node can be, as corrected. */
static uint64_t run_within(const struct spread_out *s, size_t run)
{
    int64_t most = 0;
    for (size_t i = 0; i < s->count; i++) {
        bool compared = s->group[i] == s->group[run];
        int64_t within = compared ? s->within[i] + s->within[run] : UNKNOWN;
        if (s->runs[i].node != s->runs[run].node && within > most)
            most = within;
    }
    return (uint64_t)(most > UNKNOWN ? UNKNOWN : most);
}

static void node_tell(struct node *n, const struct spread_out *s)
{
    n->clock_within = 0;
    for (size_t i = 0; i < n->stretch_count; i++) {
        struct clock_stretch *stretch = &n->stretches[i];
        size_t run = s->first[n->index] + i;
        stretch->ahead = s->ahead[run];
        stretch->pairs = s->support[run];
        stretch->within = run_within(s, run);
        n->clock_ahead = magnitude(stretch->ahead) > magnitude(n->clock_ahead) ? stretch->ahead : n->clock_ahead;
        n->clock_pairs += stretch->pairs;
        n->clock_within = stretch->within > n->clock_within ? stretch->within : n->clock_within;
    }
}

/* What was found with the times as they were logged: the stretches, and the steps between them, which are as long as the
 * clock said and stand where it was set as corrected.  The daily event that tells the zone stands at noon of the clock
 * as it was. */
static void node_keep(struct node *now, const struct node *before, const struct spread_out *s)
{
    now->zone = before->zone;
    now->stretches = before->stretches;
    now->stretch_count = before->stretch_count;
    now->steps = before->steps;
    now->step_count = before->step_count;
    for (size_t i = 0; i < now->step_count; i++) {
        struct clock_step *step = &now->steps[i];
        struct correction c = correction_of(s, before, step->channel);
        int64_t ahead = c.ahead[clock_stretch_of(before, step->channel, step->record, step->after)];
        step->before = corrected(step->before, ahead);
        step->after = corrected(step->after, ahead);
    }
}

static void run_add(struct spread_out *s, const struct node *node)
{
    s->first[node->index] = s->count;
    for (size_t i = 0; i < node->stretch_count; i++)
        s->runs[s->count++] = (struct clock_run){ node->index, i };
}

static void runs_make(struct arena *arena, const struct timeline *t, struct spread_out *s)
{
    size_t all = 0;
    for (size_t i = 0; i < t->node_count; i++) {
        clock_stretches_find(arena, t->nodes[i]);
        all += t->nodes[i]->stretch_count;
    }
    for (size_t i = 0; i < t->node_count; i++) {
        struct clock_stretch *whole = t->nodes[i]->stretches;
        if (all > CLOCK_RUNS) {
            t->nodes[i]->stretch_count = 1;
            whole->to = UINT64_MAX;
        }
        run_add(s, t->nodes[i]);
    }
}

void clock_correct(struct arena *arena, struct partial *partial, struct timeline *timeline)
{
    struct arena scratch;
    size_t nodes = timeline->node_count;
    for (size_t i = 0; i < nodes && nodes > 1; i++)
        timeline->nodes[i]->clock_within = (uint64_t)UNKNOWN;
    if (nodes < 2 || nodes > CLOCK_NODES)
        return;
    arena_init(&scratch);
    struct spread_out *s = ARENA_NEW(&scratch, struct spread_out);
    runs_make(arena, timeline, s);
    s->pairs = clock_pairs_find(&scratch, timeline, s->runs, s->count, s->first);
    clocks_spread(timeline, s);
    if (far_enough(s)) {
        const struct ruleset *rules = timeline->rules;
        struct node *const *before = timeline->nodes;
        times_correct(partial, timeline, s);
        partial_order(partial);
        timeline_build(arena, rules, partial, timeline);
        for (size_t i = 0; i < nodes; i++)
            node_keep(timeline->nodes[i], before[i], s);
    }
    for (size_t i = 0; i < nodes; i++)
        node_tell(timeline->nodes[i], s);
    arena_done(&scratch);
}

int64_t clock_ahead_shown(const struct node *node, uint64_t time)
{
    return node->stretch_count ? node->stretches[clock_stretch_of(node, TEXT(""), 0, time)].ahead : 0;
}

int64_t clock_ahead_at(const struct node *node, uint64_t time)
{
    for (size_t i = 0; i < node->stretch_count; i++) {
        const struct clock_stretch *s = &node->stretches[i];
        if (corrected(s->from, s->ahead) <= time && time <= corrected(s->to, s->ahead))
            return s->ahead;
    }
    return node->stretch_count ? node->stretches[node->stretch_count - 1].ahead : 0;
}
