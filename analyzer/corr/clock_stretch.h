/*
 * clock_stretch.h - the times between two moments at which the clock of a node was set.
 *
 * Shape:   a stretch begins with the record behind a step, in the channel that shows the most steps.  A record of
 *          that channel belongs to a stretch by its number; any other by what the clock showed, to the first stretch
 *          that it can belong to.
 * Limits:  CLOCK_STRETCHES: a clock that was set more often has one stretch, for which nothing can be told apart.
 */
#ifndef EVSCAN_CORR_CLOCK_STRETCH_H
#define EVSCAN_CORR_CLOCK_STRETCH_H

#include "corr/timeline.h"

#define CLOCK_STRETCHES 8u

/* Fills the stretches of a node, one at least, from its steps; nothing is known of the clock in them. */
void clock_stretches_find(struct arena *arena, struct node *node);

/* The place of the stretch that a record belongs to; `record` 0 = its number is not known. */
size_t clock_stretch_of(const struct node *node, struct text channel, uint64_t record, uint64_t time);

#endif
