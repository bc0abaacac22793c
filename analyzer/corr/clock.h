/*
 * clock.h - how far the clocks of the nodes were apart, from facts that several nodes log about the same moment.
 *
 * Shape:   nodes of a cluster remove a lost one together, and each logs it with its name; two nodes that lose each other
 *          each name the other (corr/clock_pairs.h has all such facts).  The differences of these times between two nodes
 *          crowd at the difference of their clocks; the median of the densest crowd counts, from two pairs on, or one when
 *          it is less than ten minutes.  A clock that was set within its log is compared from step to step
 *          (corr/clock_stretch.h).  The middle of those clocks that can be compared and were set least is taken as right,
 *          the first node's when there are two.  What remains unsure, `within` of a stretch, is what windows that look at
 *          other nodes are widened by.  A time that nothing decides stays as it was logged.
 * Owns:    nothing; times of events and coverage are corrected where they stand in the partial.
 * Limits:  CLOCK_NODES: beyond them clocks are taken as they are.  LIMIT_CLOCK_RUNS: beyond them each is taken as a whole.
 */
#ifndef EVSCAN_CORR_CLOCK_H
#define EVSCAN_CORR_CLOCK_H

#include "corr/timeline.h"

/* Corrects times and builds the timeline again when a clock was wrong; tells each node what was found.  Call before correlations. */
void clock_correct(struct arena *arena, struct partial *partial, struct timeline *timeline);

/* Ticks that the clock of the node was ahead at a moment, as corrected; ticks by which it can still be off. */
int64_t clock_ahead_at(const struct node *node, uint64_t moment);
uint64_t clock_within_at(const struct node *node, uint64_t moment);

#endif
