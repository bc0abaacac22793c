#include "corr/clock_pairs.h"

#include <stdlib.h>

#define CLOCK_MOMENTS 1024u /* compared pairwise */

#define SECONDS(n)    ((int64_t)(n) * TICKS_PER_SECOND)
#define FARTHEST      SECONDS(12 * 3600) /* a wrong time zone */
#define ALONE         SECONDS(600)       /* as far as a single pair is believed */

/* What makes two events speak of one moment. */
enum likeness {
    SAME_VALUE, /* both have it: the node that all others lost, the network that is down */
    EACH_OTHER, /* each names the other's node */
    NAMES_IT,   /* the first names the node of the second */
};

/*
 * The surest first: what a later one says about two nodes counts only when the earlier ones say nothing.  A lost node is removed
 * by all others in one step; heartbeats are missed in both directions, two in a row (2.4 s), and come back within four
 * (4.8 s) of 1.2 s.  The minority ends up to 20 s after it was removed; a node joins when it is heard of again.
 */
static const struct clock_fact {
    const char *rule, *field, *second; /* second: the rule of the other node where it is another one */
    enum likeness likeness;
    int64_t within;
} facts[] = {
    { "failover-1135", "NodeName", NULL, SAME_VALUE, SECONDS(5) },
    { "clussvc-1135", "", NULL, SAME_VALUE, SECONDS(5) },
    { "clussvc-1123", "", NULL, EACH_OTHER, SECONDS(5) },
    { "clussvc-1122", "", NULL, EACH_OTHER, SECONDS(5) },
    { "failover-1135", "NodeName", NULL, EACH_OTHER, SECONDS(10) },
    { "clussvc-1135", "", NULL, EACH_OTHER, SECONDS(10) },
    { "failover-1135", "NodeName", "failover-1177", NAMES_IT, SECONDS(20) },
    { "clussvc-1135", "", "clussvc-1177", NAMES_IT, SECONDS(20) },
    { "clussvc-1122", "", "clussvc-1062", NAMES_IT, SECONDS(20) },
};

#define NOBODY SIZE_MAX

struct moment {
    size_t node;
    int64_t time;
    struct text value;
    size_t names; /* node, or NOBODY */
};

struct moments {
    struct moment *items;
    size_t count, capacity;
};

static struct text value_of(const struct event *e, const char *name)
{
    const struct event_field *field = *name ? event_field(e, text_from(name)) : NULL;
    field = field ? field : event_insert(e, 1);
    return field ? text_trim(field->value) : TEXT("");
}

static void moments_find(struct arena *arena, const struct timeline *t, const char *name, const char *field,
                         struct moments *m)
{
    uint32_t rule;
    *m = (struct moments){ 0 };
    if (!name || !ruleset_find(t->rules, text_from(name), &rule))
        return;
    for (size_t i = 0; i < t->hit_count && m->count < CLOCK_MOMENTS; i++) {
        const struct event *e = t->hits[i].event;
        if (t->hits[i].rule != rule || e->key.time == 0 || e->key.time >= FILETIME_MAX)
            continue;
        struct text value = value_of(e, field);
        const struct node *named = timeline_node_named(t, value, t->node_of[i]);
        m->items = arena_grow(arena, m->items, m->count, &m->capacity, sizeof *m->items);
        m->items[m->count++] =
            (struct moment){ t->node_of[i]->index, (int64_t)e->key.time, value, named ? named->index : NOBODY };
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

static bool are_one(enum likeness likeness, const struct moment *a, const struct moment *b)
{
    switch (likeness) {
    case SAME_VALUE:
        return a->value.n && text_equal_nocase(a->value, b->value);
    case EACH_OTHER:
        return a->names == b->node && b->names == a->node;
    case NAMES_IT:
        return a->names == b->node;
    }
    return false;
}

struct differences {
    int64_t *items;
    size_t count, capacity;
};

/* All differences between the two nodes; `first` and `second` of one fact, seen from node a or from node b. */
static void differences_add(struct arena *arena, struct differences *d, enum likeness likeness,
                            const struct moments *first, const struct moments *second, size_t a, size_t b, int sign)
{
    for (size_t i = 0; i < first->count; i++)
        for (size_t k = 0; k < second->count && first->items[i].node == a && d->count < CLOCK_MOMENTS; k++) {
            int64_t away = second->items[k].time - first->items[i].time;
            if (second->items[k].node != b || magnitude(away) > FARTHEST ||
                !are_one(likeness, &first->items[i], &second->items[k]))
                continue;
            d->items = arena_grow(arena, d->items, d->count, &d->capacity, sizeof *d->items);
            d->items[d->count++] = sign * away;
        }
}

/* The densest crowd; of equally dense ones the one nearest to no difference. */
static struct clock_pair pair_of(struct differences *d, int64_t within)
{
    struct clock_pair best = { .within = (uint64_t)within };
    if (d->count)
        qsort(d->items, d->count, sizeof *d->items, ticks_order);
    for (size_t first = 0, end = 0; first < d->count; first++) {
        while (end < d->count && d->items[end] - d->items[first] <= 2 * within)
            end++;
        size_t count = end - first;
        int64_t middle = d->items[first + count / 2];
        if (count > best.count || (count == best.count && magnitude(middle) < magnitude(best.difference))) {
            best.count = count;
            best.difference = middle;
        }
    }
    if (best.count == 1 && magnitude(best.difference) > ALONE)
        best.count = 0;
    return best;
}

struct fact_moments {
    struct moments first, second;
};

/* From all facts of one likelihood together. */
static struct clock_pair pair_find(struct arena *scratch, const struct fact_moments *m, size_t a, size_t b)
{
    struct clock_pair pair = { 0 };
    for (size_t i = 0; i < COUNT_OF(facts) && !pair.count;) {
        struct differences d = { 0 };
        int64_t within = facts[i].within;
        for (; i < COUNT_OF(facts) && facts[i].within == within; i++) {
            bool same = !facts[i].second;
            differences_add(scratch, &d, facts[i].likeness, &m[i].first, same ? &m[i].first : &m[i].second, a, b, 1);
            if (!same)
                differences_add(scratch, &d, facts[i].likeness, &m[i].first, &m[i].second, b, a, -1);
        }
        pair = pair_of(&d, within);
    }
    return pair;
}

struct clock_pair *clock_pairs_find(struct arena *arena, const struct timeline *t)
{
    struct arena scratch;
    struct fact_moments moments[COUNT_OF(facts)];
    size_t nodes = t->node_count;
    struct clock_pair *pairs = ARENA_NEW_N(arena, struct clock_pair, nodes * nodes);
    arena_init(&scratch);
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        moments_find(&scratch, t, facts[i].rule, facts[i].field, &moments[i].first);
        moments_find(&scratch, t, facts[i].second, "", &moments[i].second);
    }
    for (size_t a = 0; a < nodes; a++)
        for (size_t b = a + 1; b < nodes; b++) {
            struct arena_mark mark = arena_mark(&scratch);
            struct clock_pair p = { 0 };
            if (!timeline_nodes_apart(t, t->nodes[a], t->nodes[b]))
                p = pair_find(&scratch, moments, a, b);
            pairs[a * nodes + b] = p;
            pairs[b * nodes + a] = (struct clock_pair){ -p.difference, p.within, p.count };
            arena_rewind(&scratch, mark);
        }
    arena_done(&scratch);
    return pairs;
}
