/*
 * correlate_window.c - windows of time over the matches of a group.
 *
 * A window begins with a match and takes in whatever follows within the timespan.  Where more is always better it
 * slides from match to match; else windows follow each other, or the tail of a burst would count as a small one.  With
 * a tolerance between clocks the matches of other nodes than the first one's are taken in for that much longer.
 */
#include "corr/correlating.h"

struct sliding {
    struct correlator *k;
    const struct group *g;
    struct measure measure;
    const struct match **members;
    size_t member_count;
    size_t end; /* behind what the timespan from the current match takes in */
};

static bool in_tail(const struct sliding *s, const struct match *first, const struct match *m)
{
    uint64_t slack = slack_between(s->k, first, m);
    return !m->taken && slack > 0 && m->time - first->time <= s->k->c->timespan + slack;
}

/* Adds what the tolerance lets in, or removes it again. */
static void tail_change(struct sliding *s, const struct match *first,
                        void (*change)(struct measure *, const struct match *))
{
    uint64_t reach = s->k->c->timespan + s->k->tolerance;
    for (size_t i = s->end; i < s->g->count && s->g->matches[i].time - first->time <= reach; i++) {
        if (in_tail(s, first, &s->g->matches[i]))
            change(&s->measure, &s->g->matches[i]);
    }
}

/* The tail costs as many steps as there are matches in it, for each first one. */
static bool tail_is_affordable(struct sliding *s, const struct match *first)
{
    uint64_t reach = s->k->c->timespan + s->k->tolerance;
    for (size_t i = s->end; i < s->g->count && s->g->matches[i].time - first->time <= reach; i++)
        if (!work_step(s->k))
            return false;
    return true;
}

static void window_extend(struct sliding *s, const struct match *first)
{
    const struct match *m = s->g->matches;
    for (; s->end < s->g->count && m[s->end].time - first->time <= s->k->c->timespan; s->end++)
        if (!m[s->end].taken)
            measure_add(&s->measure, &m[s->end]);
}

/* Empties the measure; the window is over. */
static void window_take(struct sliding *s, size_t i)
{
    struct match *m = s->g->matches, *first = &m[i];
    uint64_t reach = s->k->c->timespan + s->k->tolerance;
    s->member_count = 0;
    for (; i < s->g->count && m[i].time - first->time <= reach; i++) {
        if (m[i].taken || (i >= s->end && !in_tail(s, first, &m[i])))
            continue;
        m[i].taken = true;
        s->members[s->member_count++] = &m[i];
        measure_remove(&s->measure, &m[i]);
    }
}

/* The member that made it true: the first one with which it is. */
static const struct match *moment_of(struct sliding *s, bool slides)
{
    const struct match *moment = s->members[s->member_count - 1];
    size_t i = 0;
    if (!slides)
        return moment;
    do
        measure_add(&s->measure, s->members[i++]);
    while (i < s->member_count && !measure_holds(&s->measure));
    moment = s->members[i - 1];
    while (i > 0)
        measure_remove(&s->measure, s->members[--i]);
    return moment;
}

static void window_try(struct sliding *s, size_t i, bool slides)
{
    struct match *first = &s->g->matches[i];
    window_extend(s, first);
    if (s->k->tolerance > 0 && tail_is_affordable(s, first))
        tail_change(s, first, measure_add);
    bool holds = measure_holds(&s->measure);
    if (!holds && s->k->near)
        near_window(s->k, &s->measure, s->g, i, s->end);
    if (holds || !slides) {
        window_take(s, i);
        if (holds)
            alert_add(s->k, s->members, s->member_count, moment_of(s, slides));
        return;
    }
    if (s->k->tolerance > 0)
        tail_change(s, first, measure_remove);
    measure_remove(&s->measure, first);
}

void windows_search(struct correlator *k, const struct group *g)
{
    struct sliding s = { .k = k, .g = g };
    bool slides = correlation_slides(k->c);
    s.members = ARENA_NEW_N(&k->scratch, const struct match *, g->count);
    measure_init(&s.measure, &k->scratch, k->c, g);
    for (size_t i = 0; i < g->count; i++) {
        if (g->matches[i].taken)
            continue;
        if (s.end < i)
            s.end = i;
        window_try(&s, i, slides);
    }
}
