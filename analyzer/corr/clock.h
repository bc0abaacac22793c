/*
 * clock.h - how far the clocks of the nodes were apart, from facts that several nodes log about the same moment.
 *
 * Shape:   nodes of a cluster remove a lost one together, and each logs it with its name; two nodes that lose each other
 *          each name the other (corr/clock_pairs.h has all such facts).  The differences of these times between two nodes
 *          crowd at the difference of their clocks; the median of the densest crowd counts, from two pairs on, or one when
 *          it is less than ten minutes.  Where a clock was set within its log, each stretch of time between two such
 *          moments is compared by itself (corr/clock_stretch.h).  Of the clocks that can be compared the middle one is
 *          taken as right, of two the first, of those only that were set least.  What remains unsure, `clock_within` of a
 *          node, is what windows that look at other nodes are widened by.
 * Owns:    nothing; times of events and coverage are corrected where they stand in the partial.
 * Limits:  CLOCK_NODES: beyond them clocks are taken as they are.
 */
#ifndef EVSCAN_CORR_CLOCK_H
#define EVSCAN_CORR_CLOCK_H

#include "corr/timeline.h"

/* Corrects times and builds the timeline again when a clock was wrong.  Call before correlations. */
void clock_correct(struct arena *arena, struct partial *partial, struct timeline *timeline);

/* How far ahead the clock of a node was at a moment, as it showed it, and as corrected. */
int64_t clock_ahead_shown(const struct node *node, uint64_t time);
int64_t clock_ahead_at(const struct node *node, uint64_t time);

#endif
