/*
 * correlate_order.c - sequences: a match of the first rule, then one of the second, and so on.
 *
 * Each step takes the next match in order; a sequence that cannot be finished is tried again from the next match of the
 * first rule.  Between nodes whose clocks may differ a step may also go back by the tolerance.
 */
#include "corr/correlating.h"

struct sequences {
    struct correlator *k;
    const struct group *g;
    const uint32_t *start; /* of each rule in `of_rule`, and the end of the last */
    const uint32_t *of_rule; /* matches of the rule, in order */
    const struct match **chain;
    size_t length;
};

static void sort_by_rule(struct sequences *s, struct arena *arena)
{
    size_t rules = s->k->c->rule_count;
    uint32_t *start = ARENA_NEW_N(arena, uint32_t, rules + 2), *of_rule = ARENA_NEW_N(arena, uint32_t, s->g->count);
    for (size_t i = 0; i < s->g->count; i++)
        start[s->g->matches[i].ref + 2]++;
    for (size_t r = 2; r <= rules + 1; r++)
        start[r] += start[r - 1];
    for (size_t i = 0; i < s->g->count; i++)
        of_rule[start[s->g->matches[i].ref + 1]++] = (uint32_t)i;
    s->start = start;
    s->of_rule = of_rule;
}

/* Times are whatever a log holds: they are subtracted, never added to. */
static bool not_earlier(const struct match *m, const struct match *than, uint64_t tolerance)
{
    return m->time >= than->time || than->time - m->time <= tolerance;
}

static bool not_later(const struct match *m, const struct match *first, uint64_t span)
{
    return m->time <= first->time || m->time - first->time <= span;
}

/* Could `m` come next, as far as its place in order tells?  False for all before the first that could. */
static bool is_reached(const struct sequences *s, const struct match *before, const struct match *m)
{
    uint64_t tolerance = s->k->tolerance;
    return tolerance ? not_earlier(m, before, tolerance) : m->event > before->event;
}

static size_t first_reached(const struct sequences *s, const struct match *before, size_t rule)
{
    size_t low = s->start[rule], high = s->start[rule + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_reached(s, before, &s->g->matches[s->of_rule[middle]]))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool is_after(const struct sequences *s, const struct match *before, const struct match *m)
{
    uint64_t slack = slack_between(s->k, before, m);
    return m->event > before->event || (slack > 0 && not_earlier(m, before, slack));
}

static bool fits(const struct sequences *s, const struct match *m)
{
    const struct match *first = s->chain[0];
    uint64_t slack = slack_between(s->k, first, m);
    if (m->taken || !is_after(s, s->chain[s->length - 1], m) || !is_after(s, first, m) ||
        !not_later(m, first, s->k->c->timespan + slack))
        return false;
    for (size_t i = 0; i < s->length; i++)
        if (s->chain[i]->event == m->event)
            return false;
    return true;
}

static bool chain_extend(struct sequences *s)
{
    size_t rule = s->length;
    uint64_t reach = s->k->c->timespan + s->k->tolerance;
    for (size_t i = first_reached(s, s->chain[s->length - 1], rule); i < s->start[rule + 1]; i++) {
        const struct match *m = &s->g->matches[s->of_rule[i]];
        if (!not_later(m, s->chain[0], reach))
            return false;
        if (fits(s, m)) {
            s->chain[s->length++] = m;
            return true;
        }
        if (s->k->tolerance > 0 && !work_step(s->k))
            return false;
    }
    return false;
}

static bool chain_make(struct sequences *s, const struct match *first)
{
    s->chain[0] = first;
    s->length = 1;
    while (s->length < s->k->c->rule_count)
        if (!chain_extend(s))
            return false;
    return true;
}

/* Marks the sequence as used; returns the number of its last event. */
static uint32_t chain_take(struct sequences *s)
{
    uint32_t last = 0;
    for (size_t i = 0; i < s->length; i++) {
        s->g->matches[s->chain[i] - s->g->matches].taken = true;
        if (s->chain[i]->event > last)
            last = s->chain[i]->event;
    }
    return last;
}

void sequences_search(struct correlator *k, const struct group *g)
{
    struct sequences s = { .k = k, .g = g };
    uint32_t last = 0; /* events count from 1 */
    s.chain = ARENA_NEW_N(&k->scratch, const struct match *, k->c->rule_count);
    sort_by_rule(&s, &k->scratch);
    for (size_t i = s.start[0]; i < s.start[1]; i++) {
        const struct match *first = &g->matches[s.of_rule[i]];
        if (first->taken || first->event <= last)
            continue;
        if (!chain_make(&s, first)) {
            if (k->near)
                near_sequence(k, g, s.chain, s.length);
            continue;
        }
        alert_add(k, s.chain, s.length, s.chain[s.length - 1]);
        last = chain_take(&s);
    }
}
