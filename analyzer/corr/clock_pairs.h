/*
 * clock_pairs.h - the difference between the clocks of two nodes, from facts that both log about one moment.  A clock that
 * was set is several clocks, one for each run of its stretches (corr/clock_stretch.h).
 *
 * Source:  the events of the cluster service and what stands beside them (rules/explain).
 * Owns:    lives in the arena given.
 */
#ifndef EVSCAN_CORR_CLOCK_PAIRS_H
#define EVSCAN_CORR_CLOCK_PAIRS_H

#include "corr/timeline.h"

/* What is known about two runs: the second clock minus the first one. */
struct clock_pair {
    int64_t difference;
    uint64_t within; /* ticks by which the facts themselves can be apart */
    size_t count;    /* 0 = they cannot be compared */
};

/* For all pairs of runs, [a * count + b]; those of a node stand side by side, the first one at first[node]. */
struct clock_pair *clock_pairs_find(struct arena *arena, const struct timeline *t, const size_t *first, size_t count);

#endif
