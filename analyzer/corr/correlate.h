/*
 * correlate.h - what many events mean together: correlations over the hits of all inputs.
 *
 * Shape:   the hits of a correlation's rules, those that were kept for it only included (finding/thin.h), in order of
 *          time, in groups of equal values; each group is searched for windows (or sequences) that fulfil the
 *          condition.  Each is an alert; an alert is a hit as well, woven into the timeline at the event of its moment,
 *          so that other correlations, articles and reports see it.
 * Source:  man/evscan-rules.5, CORRELATIONS.
 * Order:   event time, then node, then record number; neither the order of the inputs nor threads matter.
 * Owns:    alerts live in the arena given; events are borrowed from the partial.
 * Limits:  LIMIT_CORRELATION_MATCHES, LIMIT_CORRELATION_BYTES: the earliest matches count; LIMIT_ALERTS,
 *          LIMIT_ALERT_BYTES: the first alerts are kept; LIMIT_CORRELATION_WORK.
 */
#ifndef EVSCAN_CORR_CORRELATE_H
#define EVSCAN_CORR_CORRELATE_H

#include "corr/near_miss.h"
#include "corr/timeline.h"
#include "rule/correlation.h"

struct alert {
    uint32_t rule;            /* of the rule set: a correlation */
    const struct text *group; /* a value for each name in `group_by`, as spelled first */
    const struct hit **hits;  /* one of each event, in order of time: of the timeline, or thin ones of the partial */
    size_t hit_count;
    const struct hit *moment; /* the hit whose event made it true */
    uint64_t first, last;     /* FILETIME */
};

struct correlate_options {
    uint64_t clock_tolerance; /* ticks by which the clocks of two nodes may differ; 0 = they agree */
    struct near_miss *near;   /* what to tell about the correlation `near_rule` of the rule set; NULL: nothing */
    uint32_t near_rule;
    struct rule_cost *costs; /* by rule of the rule set, correlations behind the rules; NULL: nobody asks */
};

struct alerts {
    const struct alert **items; /* in order of their correlations, then as they were found */
    size_t count;
    struct notices notices; /* what was left out */
};

/* Works out all correlations of the rule set and weaves their alerts into the timeline, whose hits move. */
void correlate(struct arena *arena, const struct correlate_options *options, struct timeline *timeline,
               struct alerts *ret);

#endif
