/*
 * rule_search.h - what one rule makes of the events of some logs: how often it matches, and what comes nearest.
 *
 * Shape:   scan/pipeline.h with a matcher for each worker; the result is the same for any number of threads.
 * Owns:    the nearest event lives in `arena`, until rule_search_done.
 */
#ifndef EVSCAN_CLI_RULE_SEARCH_H
#define EVSCAN_CLI_RULE_SEARCH_H

#include "finding/partial.h"
#include "io/paths.h"
#include "rule/ruleset.h"

struct rule_search {
    struct arena arena;
    struct partial partial; /* accounts and notices of the logs */
    size_t not_logs;
    uint64_t events, matches;
    const struct event *nearest; /* the first of those equally near; of a match when there is one; NULL: no events */
    const char *nearest_path;
    uint32_t distance; /* of it, match/trace.h */
};

void rule_search_run(const struct ruleset *rules, uint32_t rule, const struct path_list *paths, unsigned threads,
                     struct rule_search *ret);
void rule_search_done(struct rule_search *s);

#endif
