/*
 * clock_pairs.h - the difference between the clocks of two nodes, from facts that both log about one moment.
 *
 * Source:  the events of the cluster service and what stands beside them (rules/explain).
 * Owns:    lives in the arena given.
 */
#ifndef EVSCAN_CORR_CLOCK_PAIRS_H
#define EVSCAN_CORR_CLOCK_PAIRS_H

#include "corr/timeline.h"

/* What is known about two nodes: the second clock minus the first one. */
struct clock_pair {
    int64_t difference;
    uint64_t within; /* ticks by which the facts themselves can be apart */
    size_t count;    /* 0 = they cannot be compared */
};

/* For all pairs of nodes, [a * node_count + b]. */
struct clock_pair *clock_pairs_find(struct arena *arena, const struct timeline *t);

#endif
