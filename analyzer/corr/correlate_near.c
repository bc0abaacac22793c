/*
 * correlate_near.c - keeps the window or the sequence that came nearest to an alert (corr/near_miss.h).
 */
#include <float.h>
#include <math.h>

#include "corr/correlating.h"

void near_begin(struct correlator *k, size_t index)
{
    k->near = k->options->near && ruleset_count(k->rules) + index == k->options->near_rule ? k->options->near : NULL;
    if (k->near)
        *k->near = (struct near_miss){ .rules = ARENA_NEW_N(k->arena, struct near_rule, k->c->rule_count),
                                       .distance = DBL_MAX };
}

static const struct event *event_of(const struct correlator *k, const struct match *m)
{
    return k->timeline->hits[m->hit].event;
}

static double value_of(const struct number *n)
{
    return n->exact ? (n->negative ? -(double)n->magnitude : (double)n->magnitude) : n->value;
}

static double bounds_distance(const struct correlation *c, const struct number *n)
{
    double sum = 0;
    for (size_t i = 0; i < c->bound_count; i++) {
        const struct bound *b = &c->bounds[i];
        double away = fabs(value_of(n) - value_of(&b->value));
        if (number_compare(n, b->compare, &b->value) == b->negate)
            sum += away > 0 ? away : 0.5; /* more than 5 is not reached by 5 itself */
    }
    return sum;
}

static bool is_nearer(struct near_miss *near, double distance)
{
    if (near->first && !(distance < near->distance))
        return false;
    near->distance = distance;
    return true;
}

static void group_count(struct correlator *k, const struct group *g)
{
    struct near_miss *near = k->near;
    for (size_t i = 0; i < k->c->rule_count; i++)
        near->rules[i] = (struct near_rule){ .matches = near->rules[i].matches };
    for (size_t i = 0; i < g->count; i++)
        near->rules[g->matches[i].ref].in_group++;
    near->group = group_values(k, &g->matches[0]);
}

/* What a rule has elsewhere in the group: the one least away from the time between `from` and `to`. */
static void outside_find(struct correlator *k, const struct group *g, uint32_t ref, uint64_t from, uint64_t to)
{
    struct near_rule *r = &k->near->rules[ref];
    for (size_t i = 0; i < g->count; i++) {
        const struct match *m = &g->matches[i];
        bool earlier = m->time < from;
        uint64_t away = earlier ? from - m->time : m->time > to ? m->time - to : 0;
        if (m->ref != ref || (r->outside && away >= r->away))
            continue;
        r->outside = event_of(k, m);
        r->earlier = earlier;
        r->away = away;
    }
}

static void window_keep(struct correlator *k, const struct group *g, size_t begin, size_t end)
{
    const struct match *m = g->matches, *last = &m[begin];
    group_count(k, g);
    for (size_t i = begin; i < end; i++) {
        if (m[i].taken)
            continue;
        last = &m[i];
        k->near->rules[m[i].ref].in_window++;
    }
    k->near->first = event_of(k, &m[begin]);
    k->near->last = event_of(k, last);
    for (uint32_t ref = 0; ref < k->c->rule_count; ref++)
        if (!k->near->rules[ref].in_window)
            outside_find(k, g, ref, m[begin].time, last->time);
}

void near_window(struct correlator *k, struct measure *measure, const struct group *g, size_t begin, size_t end)
{
    struct number n = { 0 };
    bool measured = !k->c->condition && measure_number(measure, &n);
    double distance = k->c->condition ? (double)correlation_condition_distance(k->c, measure->counts)
                      : measured      ? bounds_distance(k->c, &n)
                                      : DBL_MAX / 2;
    if (!is_nearer(k->near, distance))
        return;
    k->near->measured = measured;
    k->near->measure = n;
    window_keep(k, g, begin, end);
}

void near_sequence(struct correlator *k, const struct group *g, const struct match *const *chain, size_t length)
{
    const struct match *last = chain[length - 1];
    if (!is_nearer(k->near, (double)(k->c->rule_count - length)))
        return;
    group_count(k, g);
    for (size_t i = 0; i < length; i++)
        k->near->rules[i].in_window = 1;
    k->near->first = event_of(k, chain[0]);
    k->near->last = event_of(k, last);
    uint64_t end = chain[0]->time + k->c->timespan;
    outside_find(k, g, (uint32_t)length, last->time, end < last->time ? UINT64_MAX : end);
}
