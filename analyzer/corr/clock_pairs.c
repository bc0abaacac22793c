#include "corr/clock_pairs.h"

#include <stdlib.h>

#include "corr/clock_stretch.h"

#define CLOCK_MOMENTS 1024u /* compared pairwise */

#define SECONDS(n)    ((int64_t)(n) * TICKS_PER_SECOND)
#define FARTHEST      SECONDS(12 * 3600) /* a wrong time zone */
#define ALONE         SECONDS(600)       /* as far as a single pair is believed */
#define ONE_STEP      SECONDS(20)        /* nodes that are lost together are removed meanwhile */

/* What makes two events speak of one moment. */
enum likeness {
    SAME_VALUE, /* both have it: the node that all others lost, the network that is down */
    EACH_OTHER, /* each names the other's node */
    NAMES_IT,   /* the first names the node of the second */
};

/*
 * The surest first: what a later one says about two nodes counts only when the earlier ones say nothing, or what may be
 * chance (pair_doubt).  A lost node is removed by all others in one step; heartbeats are missed in both directions, two in
 * a row (2.4 s), and come back within four (4.8 s) of 1.2 s.  The minority ends up to 20 s after it was removed; a node
 * joins when it is heard of again.
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
    size_t node, run;
    int64_t time; /* as the last stretch of its run would have shown it */
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

/* False when the record can be of two stretches. */
static bool moment_place(const struct node *by, const struct event_key *key, const size_t *first, struct moment *ret)
{
    size_t at = clock_stretch_of(by, key->channel, key->record_id, key->time);
    if (at == STRETCH_UNKNOWN || by->clock_tangled)
        return false;
    ret->node = by->index;
    ret->run = first[by->index] + by->stretches[at].run;
    ret->time = (int64_t)key->time - by->stretches[at].apart;
    return true;
}

static void moments_find(struct arena *arena, const struct timeline *t, const size_t *first, const char *name,
                         const char *field, struct moments *m)
{
    uint32_t rule;
    *m = (struct moments){ 0 };
    if (!name || !ruleset_find(t->rules, text_from(name), &rule))
        return;
    for (size_t i = 0; i < t->hit_count && m->count < CLOCK_MOMENTS; i++) {
        const struct event *e = t->hits[i].event;
        struct moment moment = { .names = NOBODY };
        if (t->hits[i].rule != rule || e->key.time == 0 || e->key.time >= FILETIME_MAX ||
            !moment_place(t->node_of[i], &e->key, first, &moment))
            continue;
        moment.value = value_of(e, field);
        const struct node *named = timeline_node_named(t, moment.value, t->node_of[i]);
        moment.names = named ? named->index : NOBODY;
        m->items = arena_grow(arena, m->items, m->count, &m->capacity, sizeof *m->items);
        m->items[m->count++] = moment;
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

/* Which moment: of the first or the second rule of a fact. */
static uint32_t moment_number(size_t fact, size_t side, size_t at)
{
    return (uint32_t)((2 * fact + side) * CLOCK_MOMENTS + at);
}

/* Between a moment of the one run and one of the other. */
struct difference {
    int64_t away, at; /* at: of a */
    uint32_t of_a, of_b; /* moment_number */
};

struct differences {
    struct difference *items;
    size_t count, capacity;
};

/* All differences between the two runs; `first` and `second` of one fact, seen from run a or from run b. */
static void differences_add(struct arena *arena, struct differences *d, size_t fact, const struct moments *first,
                            const struct moments *second, size_t a, size_t b, int sign)
{
    for (size_t i = 0; i < first->count; i++)
        for (size_t k = 0; k < second->count && first->items[i].run == a && d->count < CLOCK_MOMENTS; k++) {
            int64_t away = second->items[k].time - first->items[i].time;
            int64_t at = sign > 0 ? first->items[i].time : second->items[k].time;
            if (second->items[k].run != b || magnitude(away) > FARTHEST ||
                !are_one(facts[fact].likeness, &first->items[i], &second->items[k]))
                continue;
            uint32_t one = moment_number(fact, 0, i), other = moment_number(fact, 1, k);
            d->items = arena_grow(arena, d->items, d->count, &d->capacity, sizeof *d->items);
            d->items[d->count++] =
                (struct difference){ sign * away, at, sign > 0 ? one : other, sign > 0 ? other : one };
        }
}

static int away_order(const void *left, const void *right)
{
    return ticks_order(&((const struct difference *)left)->away, &((const struct difference *)right)->away);
}

static int numbers_order(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static size_t distinct(uint32_t *numbers, size_t count)
{
    size_t n = 0;
    qsort(numbers, count, sizeof *numbers, numbers_order);
    for (size_t i = 0; i < count; i++)
        n += i == 0 || numbers[i] != numbers[i - 1];
    return n;
}

/* Of the run that has fewer: its moments that have a part in some differences.  There is one at least. */
static size_t moments_in(const struct difference *items, size_t count)
{
    uint32_t of_a[CLOCK_MOMENTS], of_b[CLOCK_MOMENTS];
    for (size_t i = 0; i < count; i++) {
        of_a[i] = items[i].of_a;
        of_b[i] = items[i].of_b;
    }
    size_t a = distinct(of_a, count), b = distinct(of_b, count);
    return a < b ? a : b;
}

/* Differences that one offset explains. */
struct crowd {
    size_t first, count;
    int64_t middle;
};

/* The densest crowd that is not `but`; of equally dense ones the one nearest to no difference. */
static struct crowd crowd_find(const struct differences *d, int64_t within, const struct crowd *but)
{
    struct crowd best = { .count = 0 };
    for (size_t first = 0, end = 0; first < d->count; first++) {
        while (end < d->count && d->items[end].away - d->items[first].away <= 2 * within)
            end++;
        struct crowd c = { first, end - first, d->items[first + (end - first) / 2].away };
        if (but && magnitude(c.middle - but->middle) <= 2 * within)
            continue;
        if (c.count > best.count || (c.count == best.count && magnitude(c.middle) < magnitude(best.middle)))
            best = c;
    }
    return best;
}

/* Two runs, and one of the moments that they were compared by. */
struct pairing {
    struct clock_pair pair;
    bool once; /* all of them are of one step */
    uint32_t of_a, of_b;
};

static bool are_once(const struct difference *items, size_t count)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        first = items[i].at < first ? items[i].at : first;
        last = items[i].at > last ? items[i].at : last;
    }
    return last - first <= ONE_STEP;
}

/*
 * A node that was removed many times makes crowds by chance: the one that counts explains half of what either node
 * tells, and no other is as dense.  One pair alone is believed when it is near.
 */
static struct pairing pair_of(struct differences *d, int64_t within)
{
    struct pairing none = { .pair.count = 0 };
    if (d->count == 0)
        return none;
    qsort(d->items, d->count, sizeof *d->items, away_order);
    struct crowd best = crowd_find(d, within, NULL), other = crowd_find(d, within, &best);
    size_t support = moments_in(d->items + best.first, best.count), all = moments_in(d->items, d->count);
    bool alone = support == 1, apart = magnitude(best.middle) > within;
    bool rival = other.count >= best.count && (!alone || apart);
    if (rival || 2 * support < all || (alone && magnitude(best.middle) > ALONE))
        return none;
    const struct difference *one = &d->items[best.first];
    bool once = are_once(one, best.count);
    return (struct pairing){ { best.middle, (uint64_t)within, support }, once, one->of_a, one->of_b };
}

struct fact_moments {
    struct moments first, second;
};

/* From the fact on, all of one likelihood together.  The next fact. */
static size_t differences_find(struct arena *scratch, const struct fact_moments *m, size_t i, size_t a, size_t b,
                               struct differences *d)
{
    int64_t within = facts[i].within;
    for (*d = (struct differences){ 0 }; i < COUNT_OF(facts) && facts[i].within == within; i++) {
        bool same = !facts[i].second;
        differences_add(scratch, d, i, &m[i].first, same ? &m[i].first : &m[i].second, a, b, 1);
        if (!same)
            differences_add(scratch, d, i, &m[i].first, &m[i].second, b, a, -1);
    }
    return i;
}

static bool is_apart(const struct clock_pair *p)
{
    return magnitude(p->difference) > (int64_t)p->within;
}

static bool any_agrees(const struct differences *d, const struct clock_pair *with, int64_t within)
{
    bool any = false;
    for (size_t i = 0; i < d->count; i++)
        any = any || magnitude(d->items[i].away - with->difference) <= within + (int64_t)with->within;
    return any;
}

/*
 * A node that is cut off removes all others in one step.  When these remove one of them for another reason, earlier or
 * later, both say so of it, and the clocks seem to be as far apart as that is.  Then the next facts, that each removed
 * the other, say that the clocks agree; they count when none of them speaks for what was found.
 */
static struct pairing pair_doubt(struct arena *scratch, const struct fact_moments *m, size_t next, size_t a, size_t b,
                                 const struct pairing *found)
{
    while (next < COUNT_OF(facts)) {
        struct differences d;
        int64_t within = facts[next].within;
        next = differences_find(scratch, m, next, a, b, &d);
        struct pairing other = pair_of(&d, within);
        if (any_agrees(&d, &found->pair, within))
            return *found;
        if (other.pair.count && !is_apart(&other.pair))
            return other;
    }
    return *found;
}

static struct pairing pair_find(struct arena *scratch, const struct fact_moments *m, size_t a, size_t b)
{
    struct pairing found = { .pair.count = 0 };
    size_t next = 0;
    while (next < COUNT_OF(facts) && !found.pair.count) {
        struct differences d;
        int64_t within = facts[next].within;
        next = differences_find(scratch, m, next, a, b, &d);
        found = pair_of(&d, within);
    }
    bool doubtful = found.pair.count && found.once && is_apart(&found.pair);
    return doubtful ? pair_doubt(scratch, m, next, a, b, &found) : found;
}

struct comparison {
    const struct fact_moments *moments;
    const struct node **nodes;   /* of each run */
    struct pairing *pairings;    /* [a * count + b], a < b */
    size_t count;
};

static const struct moments *side_of(const struct fact_moments *m, size_t fact, size_t side)
{
    return side && facts[fact].second ? &m[fact].second : &m[fact].first;
}

/* Could the moment be the same as another one of that node, but for `other`? */
static bool has_choice(const struct comparison *c, uint32_t number, const struct node *node, uint32_t other)
{
    size_t fact = number / CLOCK_MOMENTS / 2, side = number / CLOCK_MOMENTS % 2;
    const struct moment *m = &side_of(c->moments, fact, side)->items[number % CLOCK_MOMENTS];
    const struct moments *others = side_of(c->moments, fact, 1 - side);
    for (size_t i = 0; i < others->count; i++) {
        const struct moment *o = &others->items[i];
        const struct moment *first = side ? o : m, *second = side ? m : o;
        if (c->nodes[o->run] == node && i != other % CLOCK_MOMENTS && are_one(facts[fact].likeness, first, second) &&
            magnitude(o->time - m->time) <= FARTHEST)
            return true;
    }
    return false;
}

/* One pair alone that says that the clocks were apart: none of both moments could be the same as another one of the
 * other node, in whatever run of it. */
static bool is_doubtful(const struct comparison *c, size_t a, size_t b)
{
    const struct pairing *p = &c->pairings[a * c->count + b];
    return p->pair.count == 1 && is_apart(&p->pair) &&
           (has_choice(c, p->of_a, c->nodes[b], p->of_b) || has_choice(c, p->of_b, c->nodes[a], p->of_a));
}

static void pairs_compare(struct comparison *c, const struct timeline *t, struct arena *scratch)
{
    for (size_t a = 0; a < c->count; a++)
        for (size_t b = a + 1; b < c->count; b++) {
            struct arena_mark mark = arena_mark(scratch);
            if (c->nodes[a] != c->nodes[b] && !timeline_nodes_apart(t, c->nodes[a], c->nodes[b]))
                c->pairings[a * c->count + b] = pair_find(scratch, c->moments, a, b);
            arena_rewind(scratch, mark);
        }
}

static struct clock_pair *pairs_tell(struct arena *arena, const struct comparison *c)
{
    struct clock_pair *pairs = ARENA_NEW_N(arena, struct clock_pair, c->count * c->count);
    for (size_t a = 0; a < c->count; a++)
        for (size_t b = a + 1; b < c->count; b++) {
            struct clock_pair p = c->pairings[a * c->count + b].pair;
            if (p.count == 0 || is_doubtful(c, a, b))
                continue;
            pairs[a * c->count + b] = p;
            pairs[b * c->count + a] = (struct clock_pair){ -p.difference, p.within, p.count };
        }
    return pairs;
}

/* The node of each run. */
static const struct node **nodes_of(struct arena *arena, const struct timeline *t, const size_t *first, size_t count)
{
    const struct node **nodes = ARENA_NEW_N(arena, const struct node *, count);
    for (size_t i = 0; i < t->node_count; i++)
        for (size_t run = first[i]; run < (i + 1 < t->node_count ? first[i + 1] : count); run++)
            nodes[run] = t->nodes[i];
    return nodes;
}

struct clock_pair *clock_pairs_find(struct arena *arena, const struct timeline *t, const size_t *first, size_t count)
{
    struct arena scratch;
    struct fact_moments moments[COUNT_OF(facts)];
    arena_init(&scratch);
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        moments_find(&scratch, t, first, facts[i].rule, facts[i].field, &moments[i].first);
        moments_find(&scratch, t, first, facts[i].second, "", &moments[i].second);
    }
    struct comparison c = { moments, nodes_of(&scratch, t, first, count),
                            ARENA_NEW_N(&scratch, struct pairing, count * count), count };
    pairs_compare(&c, t, &scratch);
    struct clock_pair *pairs = pairs_tell(arena, &c);
    arena_done(&scratch);
    return pairs;
}
