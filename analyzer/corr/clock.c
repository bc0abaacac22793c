#include "corr/clock.h"

#include <stdlib.h>

#define CLOCK_MOMENTS 1024u /* compared pairwise */
#define CLOCK_NODES   64u   /* of a cluster */

#define SECONDS(n)    ((int64_t)(n) * TICKS_PER_SECOND)
#define FARTHEST      SECONDS(12 * 3600) /* a wrong time zone */
#define CROWD         SECONDS(10)        /* nodes log the same removal within seconds */
#define ALONE         SECONDS(600)       /* as far as a single pair is believed */
#define WORTH_IT      SECONDS(2)         /* below it nothing is corrected */

/* Rules for what all nodes log at once, and the value that tells one moment from another. */
static const struct {
    const char *rule, *field;
} facts[] = { { "failover-1135", "NodeName" }, { "clussvc-1135", "" } };

struct moment {
    size_t node;
    int64_t time;
    struct text value;
};

struct moments {
    struct moment *items;
    size_t count;
};

/* What is known about two nodes: the second clock minus the first one. */
struct pair {
    int64_t difference;
    size_t count; /* 0 = they cannot be compared */
};

static struct text value_of(const struct event *e, const char *name)
{
    const struct event_field *field = *name ? event_field(e, text_from(name)) : NULL;
    field = field ? field : event_insert(e, 1);
    return field ? text_trim(field->value) : TEXT("");
}

static void moments_add(struct arena *arena, const struct timeline *t, size_t fact, struct moments *m)
{
    uint32_t rule;
    size_t capacity = m->count;
    if (!ruleset_find(t->rules, text_from(facts[fact].rule), &rule))
        return;
    for (size_t i = 0; i < t->hit_count && m->count < CLOCK_MOMENTS; i++) {
        const struct event *e = t->hits[i].event;
        struct text value = value_of(e, facts[fact].field);
        if (t->hits[i].rule != rule || value.n == 0 || e->key.time == 0 || e->key.time >= FILETIME_MAX)
            continue;
        m->items = arena_grow(arena, m->items, m->count, &capacity, sizeof *m->items);
        m->items[m->count++] = (struct moment){ t->node_of[i]->index, (int64_t)e->key.time, value };
    }
}

static int ticks_order(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int64_t magnitude(int64_t ticks)
{
    return ticks < 0 ? -ticks : ticks;
}

/* All differences between the two nodes for one value, in order. */
static int64_t *differences(struct arena *arena, const struct moments *m, size_t a, size_t b, size_t *count)
{
    int64_t *all = NULL;
    size_t capacity = 0;
    *count = 0;
    for (size_t i = 0; i < m->count; i++)
        for (size_t k = 0; k < m->count && m->items[i].node == a && *count < CLOCK_MOMENTS; k++) {
            int64_t d = m->items[k].time - m->items[i].time;
            if (m->items[k].node != b || magnitude(d) > FARTHEST ||
                !text_equal_nocase(m->items[i].value, m->items[k].value))
                continue;
            all = arena_grow(arena, all, *count, &capacity, sizeof *all);
            all[(*count)++] = d;
        }
    if (*count)
        qsort(all, *count, sizeof *all, ticks_order);
    return all;
}

/* The densest crowd; of equally dense ones the one nearest to no difference. */
static struct pair pair_of(const int64_t *all, size_t count)
{
    struct pair best = { 0, 0 };
    for (size_t first = 0, end = 0; first < count; first++) {
        while (end < count && all[end] - all[first] <= CROWD)
            end++;
        struct pair one = { all[first + (end - first) / 2], end - first };
        bool nearer = one.count == best.count && magnitude(one.difference) < magnitude(best.difference);
        if (one.count > best.count || nearer)
            best = one;
    }
    if (best.count == 1 && magnitude(best.difference) > ALONE)
        best.count = 0;
    return best;
}

static struct pair *pairs_find(struct arena *arena, const struct moments *m, size_t nodes)
{
    struct pair *pairs = ARENA_NEW_N(arena, struct pair, nodes * nodes);
    for (size_t a = 0; a < nodes; a++)
        for (size_t b = a + 1; b < nodes; b++) {
            size_t count;
            int64_t *all = differences(arena, m, a, b, &count);
            struct pair p = pairs[a * nodes + b] = pair_of(all, count);
            pairs[b * nodes + a] = (struct pair){ -p.difference, p.count };
        }
    return pairs;
}

struct spread_out {
    const struct pair *pairs;
    size_t nodes;
    int64_t ahead[CLOCK_NODES]; /* of the first node of its group */
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

/* Kept events and coverage belong to the partial, which the caller may change. */
static void times_correct(struct partial *p, const struct timeline *t, const struct spread_out *s)
{
    for (size_t i = 0; i < p->hit_count; i++) {
        struct event *e = (struct event *)p->hits[i].event; /* made by event_keep */
        if (i == 0 || p->hits[i - 1].event != p->hits[i].event)
            e->key.time = corrected(e->key.time, s->ahead[t->node_of[i]->index]);
    }
    for (size_t i = 0; i < p->input_count; i++)
        for (struct coverage *c = p->inputs[i]->coverage; c; c = c->next) {
            const struct node *node = timeline_node(t, c->node);
            if (node)
                coverage_correct(c, s->ahead[node->index]);
        }
}

static bool far_enough(struct spread_out *s)
{
    bool any = false;
    for (size_t i = 0; i < s->nodes; i++) {
        s->ahead[i] = magnitude(s->ahead[i]) > WORTH_IT ? s->ahead[i] : 0;
        any = any || s->ahead[i];
    }
    return any;
}

void clock_correct(struct arena *arena, struct partial *partial, struct timeline *timeline)
{
    struct arena scratch;
    struct moments m = { 0 };
    struct spread_out s = { .nodes = timeline->node_count };
    if (timeline->node_count < 2 || timeline->node_count > CLOCK_NODES)
        return;
    arena_init(&scratch);
    for (size_t i = 0; i < COUNT_OF(facts); i++)
        moments_add(&scratch, timeline, i, &m);
    s.pairs = pairs_find(&scratch, &m, s.nodes);
    clocks_spread(&s);
    if (far_enough(&s)) {
        const struct ruleset *rules = timeline->rules;
        times_correct(partial, timeline, &s);
        partial_order(partial);
        timeline_build(arena, rules, partial, timeline);
    }
    for (size_t i = 0; i < s.nodes; i++) {
        timeline->nodes[i]->clock_ahead = s.ahead[i];
        timeline->nodes[i]->clock_pairs = s.support[i];
    }
    arena_done(&scratch);
}
