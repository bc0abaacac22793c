/*
 * correlation_search.h - what one correlation makes of logs, or of events that a test tells: its alerts, or what comes
 * nearest to one.
 *
 * Owns:    all that it found, until correlation_search_done.
 */
#ifndef EVSCAN_CLI_CORRELATION_SEARCH_H
#define EVSCAN_CLI_CORRELATION_SEARCH_H

#include "corr/correlate.h"
#include "corr/thinner.h"
#include "io/paths.h"

struct correlation_search {
    const struct ruleset *rules;
    uint32_t rule;       /* of the rule set: a correlation */
    uint64_t tolerance;  /* ticks; what --clock-tolerance says */
    struct arena arena;
    struct thinner *thinner; /* its plan is the partial's */
    struct partial partial;
    size_t not_logs;
    struct timeline timeline;
    struct near_miss near;
    size_t alert_count;
    const struct alert *first; /* alert */
};

void correlation_search_begin(struct correlation_search *s, const struct ruleset *rules, uint32_t rule,
                              uint64_t tolerance);
void correlation_search_done(struct correlation_search *s);

/* Either the hits of logs .. */
void correlation_search_logs(struct correlation_search *s, const struct path_list *paths, unsigned threads);

/* .. or those of events. */
void correlation_search_events(struct correlation_search *s, const struct event *events, size_t count);

/* The first alert, or what comes nearest; the lines are escaped for a terminal. */
void correlation_search_print(const struct correlation_search *s, struct buf *out);

#endif
