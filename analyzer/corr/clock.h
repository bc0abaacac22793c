/*
 * clock.h - how far the clocks of the nodes were apart, from facts that several nodes log about the same moment.
 *
 * Shape:   nodes of a cluster remove a lost one together, and each logs it with its name; two nodes that lose each other
 *          each name the other (corr/clock_pairs.h has all such facts).  The differences of these times between two nodes
 *          crowd at the difference of their clocks; the median of the densest crowd counts, from two pairs on, or one when
 *          it is less than ten minutes.  The middle clock of nodes that can be compared is taken as right, the first
 *          node's when there are two.  What remains unsure, `clock_within` of a node, is what windows that look at
 *          other nodes are widened by.
 * Owns:    nothing; times of events and coverage are corrected where they stand in the partial.
 * Limits:  CLOCK_NODES: beyond them clocks are taken as they are.
 */
#ifndef EVSCAN_CORR_CLOCK_H
#define EVSCAN_CORR_CLOCK_H

#include "corr/timeline.h"

/* Corrects times and builds the timeline again when a clock was wrong.  Call before correlations. */
void clock_correct(struct arena *arena, struct partial *partial, struct timeline *timeline);

#endif
