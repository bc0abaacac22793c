#include "corr/clock.h"

#include <stdlib.h>

#include "base/limits.h"
#include "corr/clock_pairs.h"
#include "corr/clock_stretch.h"

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

/* Of each run, which is stretches of one node whose clocks are known from each other. */
struct spread_out {
    const struct timeline *timeline;
    const struct clock_pair *pairs;
    size_t count;
    size_t node[LIMIT_CLOCK_RUNS];
    size_t first[CLOCK_NODES];        /* run of a node */
    int64_t ahead[LIMIT_CLOCK_RUNS];  /* of the first run of its group; of the last stretch in it */
    int64_t within[LIMIT_CLOCK_RUNS]; /* by which this can be wrong */
    size_t support[LIMIT_CLOCK_RUNS]; /* 0: not known to be right or wrong */
    size_t group[LIMIT_CLOCK_RUNS]; /* first run of those that can be compared; itself when there are none */
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

static bool was_set(const struct spread_out *s, size_t run)
{
    return s->timeline->nodes[s->node[run]]->stretch_count > 1;
}

/* What a clock was set to last is what somebody took for right. */
static bool is_last_of_node(const struct spread_out *s, size_t run)
{
    return run + 1 == s->count || s->node[run + 1] != s->node[run];
}

/* Those of clocks that nobody set, when there are any. */
static size_t believed_in(const struct spread_out *s, size_t group, bool set, int64_t *ahead)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++)
        if (s->group[i] == group && was_set(s, i) == set && is_last_of_node(s, i))
            ahead[count++] = s->ahead[i];
    return count;
}

/* The middle of those that are believed becomes the zero of the group.  Without any, nobody knows who is right. */
static void group_centre(struct spread_out *s, size_t group)
{
    int64_t known[LIMIT_CLOCK_RUNS];
    size_t never = believed_in(s, group, false, known), count = never ? never : believed_in(s, group, true, known);
    if (count > 2)
        qsort(known, count, sizeof *known, ticks_order);
    int64_t middle = count ? known[count > 2 ? (count - 1) / 2 : 0] : 0;
    for (size_t i = 0; i < s->count; i++) {
        if (s->group[i] != group)
            continue;
        s->ahead[i] = count ? s->ahead[i] - middle : 0;
        s->support[i] = count ? s->support[i] : 0;
    }
}

static void clocks_spread(struct spread_out *s)
{
    for (size_t i = 0; i < s->count; i++)
        s->group[i] = SIZE_MAX;
    for (size_t i = 0; i < s->count; i++) {
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

/* The logs of one channel of a node. */
struct correction {
    const struct node *node;
    struct text channel;
};

static uint64_t corrected_in(const struct correction *c, uint64_t record, uint64_t time)
{
    return corrected(time, clock_ahead_of(c->node, c->channel, record, time));
}

/* Where the clock was set meanwhile, the earliest and the latest are what the numbers begin and end with. */
static void run_correct(const struct correction *c, struct coverage_run *r)
{
    size_t begin = clock_stretch_of(c->node, c->channel, r->first_id, r->opens);
    size_t end = clock_stretch_of(c->node, c->channel, r->last_id, r->newest);
    bool whole = begin == end && begin != STRETCH_UNKNOWN;
    int64_t ahead = whole ? c->node->stretches[begin].ahead : 0;
    r->opens = corrected_in(c, r->first_id, r->opens);
    r->newest = corrected_in(c, r->last_id, r->newest);
    r->first = whole ? corrected(r->first, ahead) : r->opens;
    r->last = whole ? corrected(r->last, ahead) : r->newest;
    if (r->last < r->first)
        r->last = r->first;
}

static void coverage_correct(struct coverage *of, const struct correction *c)
{
    uint64_t first = UINT64_MAX, last = 0;
    for (size_t i = 0; i < of->run_count; i++) {
        struct coverage_run *r = &of->runs[i];
        run_correct(c, r);
        first = r->first && r->first < first ? r->first : first;
        last = r->last > last ? r->last : last;
    }
    of->first = last ? first : corrected_in(c, 0, of->first);
    of->last = last ? last : corrected_in(c, 0, of->last);
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

static bool any_moved(const struct node *node)
{
    bool any = false;
    for (size_t i = 0; i < node->stretch_count; i++)
        any = any || node->stretches[i].ahead;
    return any;
}

/* Each event once, whoever has hits on it.  One that is a duplicate can be of no node: in a forged partial its input
 * covers nothing, and says of whom nothing is. */
static void events_correct(struct input_result *input, const struct timeline *t)
{
    for (size_t i = 0; i < input->hit_count; i++) {
        struct event *e = (struct event *)input->hits[i].event; /* made by event_keep */
        const struct node *node = timeline_node_of(t, &input->hits[i]);
        if (!node || !any_moved(node) || (i > 0 && input->hits[i - 1].event == input->hits[i].event))
            continue;
        struct correction c = { node, e->key.channel };
        if (clock_stretch_of(node, e->key.channel, e->key.record_id, e->key.time) == STRETCH_UNKNOWN)
            t->nodes[node->index]->clock_unplaced++;
        e->key.time = corrected_in(&c, e->key.record_id, e->key.time);
    }
}

/* Kept events and coverage belong to the partial, which the caller may change. */
static void times_correct(struct partial *p, const struct timeline *t)
{
    for (size_t i = 0; i < p->input_count; i++)
        events_correct(p->inputs[i], t);
    for (size_t i = 0; i < p->input_count; i++)
        for (struct coverage *c = p->inputs[i]->coverage; c; c = c->next) {
            const struct node *node = timeline_node(t, c->node);
            if (node && any_moved(node))
                coverage_correct(c, &(struct correction){ node, c->channel });
        }
}

/* By which the zero of its group can be wrong: the least sure of the runs that stand there. */
static int64_t zero_within(const struct spread_out *s, size_t group)
{
    int64_t most = 0;
    for (size_t i = 0; i < s->count; i++)
        if (s->group[i] == group && s->ahead[i] == 0 && s->within[i] > most)
            most = s->within[i];
    return most;
}

/* A difference that the facts themselves could make is none; but it is not known to be none. */
static void far_enough(struct spread_out *s)
{
    int64_t zeros[LIMIT_CLOCK_RUNS];
    for (size_t i = 0; i < s->count; i++)
        zeros[i] = zero_within(s, s->group[i]);
    for (size_t i = 0; i < s->count; i++) {
        int64_t sure = s->within[i] + zeros[i];
        if (magnitude(s->ahead[i]) > (sure > WORTH_IT ? sure : WORTH_IT))
            continue;
        s->within[i] += magnitude(s->ahead[i]);
        s->ahead[i] = 0;
    }
}

/* How far apart the clocks of the run and of any other node can be, as corrected. */
static uint64_t run_within(const struct spread_out *s, size_t run)
{
    int64_t most = 0;
    for (size_t i = 0; i < s->count; i++) {
        bool compared = s->group[i] == s->group[run] && s->support[run];
        int64_t within = compared ? s->within[i] + s->within[run] : UNKNOWN;
        if (s->node[i] != s->node[run] && within > most)
            most = within;
    }
    return (uint64_t)(most > UNKNOWN ? UNKNOWN : most);
}

/* What nothing compares keeps its times, but for a clock that had lost them: it goes by the stretch behind it. */
static void stretch_tell(struct node *n, size_t at, const struct spread_out *s, size_t run)
{
    struct clock_stretch *stretch = &n->stretches[at];
    bool tied = at + 1 < n->stretch_count && stretch[1].run == stretch->run;
    bool compared = s->support[run] > 0;
    if (compared)
        stretch->ahead = stretch->apart + s->ahead[run];
    else if (stretch->lost && tied)
        stretch->ahead = stretch[1].ahead + stretch->apart - stretch[1].apart;
    stretch->moved = compared || stretch->ahead;
    stretch->group = s->group[run];
    stretch->pairs = s->support[run];
    stretch->within = run_within(s, run);
}

static bool node_tell(struct node *n, const struct spread_out *s)
{
    n->clock_within = n->clock_pairs = 0;
    for (size_t i = n->stretch_count; i-- > 0;) {
        struct clock_stretch *stretch = &n->stretches[i];
        stretch_tell(n, i, s, s->first[n->index] + stretch->run);
        n->clock_ahead = magnitude(stretch->ahead) > magnitude(n->clock_ahead) ? stretch->ahead : n->clock_ahead;
        n->clock_within = stretch->within > n->clock_within ? stretch->within : n->clock_within;
        if (i == 0 || stretch->run != stretch[-1].run)
            n->clock_pairs += stretch->pairs;
    }
    return any_moved(n);
}

/* Do the times before and behind the begin of a stretch compare, as they are now? */
static bool is_mended(const struct clock_stretch *before, const struct clock_stretch *s)
{
    bool tied = before->run == s->run && before->ahead - s->ahead == before->apart - s->apart;
    bool found = s->lost && s->ahead;
    return tied || found || (before->moved && s->moved);
}

/* The steps are as long as the clock said and stand where it was set, as corrected. */
static void steps_correct(struct node *n)
{
    for (size_t i = 0; i < n->step_count; i++) {
        struct clock_step *step = &n->steps[i];
        size_t at = clock_stretch_of(n, step->channel, step->record, step->after);
        bool known = at != STRETCH_UNKNOWN && at > 0;
        int64_t ahead = known ? n->stretches[at].ahead : 0;
        step->mended = known && is_mended(&n->stretches[at - 1], &n->stretches[at]);
        step->before = corrected(step->before, ahead);
        step->after = corrected(step->after, ahead);
    }
}

/* What was found with the times as they were logged.  The daily event that tells the zone stands at noon of the clock
 * as it was. */
static void node_keep(struct node *now, const struct node *before)
{
    now->zone = before->zone;
    now->stretches = before->stretches;
    now->stretch_count = before->stretch_count;
    now->cuts = before->cuts;
    now->cut_count = before->cut_count;
    now->clock_tangled = before->clock_tangled;
    now->clock_unplaced = before->clock_unplaced;
    now->clock_ahead = before->clock_ahead;
    now->clock_within = before->clock_within;
    now->clock_pairs = before->clock_pairs;
    now->steps = before->steps;
    now->step_count = before->step_count;
}

/* Beyond the limit no clock is divided. */
static void runs_make(struct arena *arena, struct spread_out *s)
{
    const struct timeline *t = s->timeline;
    size_t all = 0;
    for (size_t i = 0; i < t->node_count; i++) {
        clock_stretches_find(arena, t->nodes[i]);
        all += t->nodes[i]->stretch_count;
    }
    for (size_t i = 0; i < t->node_count; i++) {
        if (all > LIMIT_CLOCK_RUNS)
            clock_stretches_none(t->nodes[i]);
        s->first[i] = s->count;
        for (size_t run = 0; run <= t->nodes[i]->stretches[t->nodes[i]->stretch_count - 1].run; run++)
            s->node[s->count++] = i;
    }
}

void clock_correct(struct arena *arena, struct partial *partial, struct timeline *timeline)
{
    struct arena scratch;
    size_t nodes = timeline->node_count;
    bool any = false;
    for (size_t i = 0; i < nodes && nodes > 1; i++)
        timeline->nodes[i]->clock_within = (uint64_t)UNKNOWN;
    if (nodes > CLOCK_NODES)
        return;
    arena_init(&scratch);
    struct spread_out *s = ARENA_NEW(&scratch, struct spread_out);
    s->timeline = timeline;
    runs_make(arena, s);
    s->pairs = clock_pairs_find(&scratch, timeline, s->first, s->count);
    clocks_spread(s);
    far_enough(s);
    for (size_t i = 0; i < nodes; i++)
        any = node_tell(timeline->nodes[i], s) || any;
    for (size_t i = 0; i < nodes; i++)
        steps_correct(timeline->nodes[i]);
    if (any) {
        const struct ruleset *rules = timeline->rules;
        struct node *const *before = timeline->nodes;
        times_correct(partial, timeline);
        partial_order(partial);
        timeline_build(arena, rules, partial, timeline);
        for (size_t i = 0; i < nodes; i++)
            node_keep(timeline->nodes[i], before[i]);
    }
    arena_done(&scratch);
}

int64_t clock_ahead_at(const struct node *node, uint64_t moment)
{
    const struct clock_stretch *s = clock_stretch_at(node, moment);
    return s ? s->ahead : 0;
}

uint64_t clock_within_at(const struct node *node, uint64_t moment)
{
    const struct clock_stretch *s = clock_stretch_at(node, moment);
    return s ? s->within : node->clock_within;
}
