/*
 * naive.h - the meaning of matching without any of its shortcuts: every rule is evaluated for every event.
 */
#ifndef EVSCAN_TESTS_NAIVE_H
#define EVSCAN_TESTS_NAIVE_H

#include "match/matching.h"

/* The rules that match, ascending; `hits` has room for all rules.  The matcher is one of its own. */
static inline size_t naive_match(struct matcher *m, const struct event *event, uint32_t *hits)
{
    size_t count = 0;
    matcher_begin(m, &event->key, event);
    m->notices = NULL;
    for (size_t i = 0; i < m->rules->rule_count; i++)
        if (m->rules->rules[i].applicable && rule_evaluate(m, (uint32_t)i) == YES)
            hits[count++] = (uint32_t)i;
    return count;
}

/* True when the matcher, screen and gates included, says the same of the event as the naive one of all of it. */
static inline bool matches_like_naive(struct matcher *m, struct matcher *naive, const struct event *event,
                                      uint32_t *hits, size_t *count)
{
    struct event whole = *event;
    event_complete(&whole);
    size_t n = naive_match(naive, &whole, hits);
    bool wanted = matcher_wants(m, &event->key);
    const uint32_t *got = matcher_match(m, event, count, NULL);
    return *count == n && (n == 0 || (wanted && memcmp(got, hits, n * sizeof *hits) == 0));
}

#endif
