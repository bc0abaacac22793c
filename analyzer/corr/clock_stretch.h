/*
 * clock_stretch.h - the times between two moments at which the clock of a node was set: in each it ran as it did.
 *
 * Shape:   a boundary is where a log of the node shows that its clock was set: Kernel-General 1 says it exactly, a record
 *          that is older than the one before it does so about, and a start that is hours older than what was written
 *          before it too.  Each log has its own cut for a boundary: the number of its first record behind it.
 *          A set back that was said is as long as it says: the clock before was ahead of the clock behind by that.  A
 *          set forward proves nothing of the kind, because a virtual machine that stood still is set forward as well, and
 *          was right before.  But a clock that fell back by more than a day at a start had lost its time, and was wrong
 *          until it was set forward.
 *          Stretches that are tied together like this are a run: one of them compared is all of them compared.
 * Owns:    lives in the arena given.
 * Limits:  LIMIT_CLOCK_STRETCHES: a clock that was set more often, or in ways that do not go together, is not divided.
 */
#ifndef EVSCAN_CORR_CLOCK_STRETCH_H
#define EVSCAN_CORR_CLOCK_STRETCH_H

#include "corr/timeline.h"

/* No stretch, or nobody knows which of several. */
#define STRETCH_UNKNOWN SIZE_MAX

/* Fills the stretches of a node, one at least, and its cuts; nothing is known of the clock in them. */
void clock_stretches_find(struct arena *arena, struct node *node);

/* Makes one stretch of all: too many nodes were set too often. */
void clock_stretches_none(struct node *node);

/* The stretch that a record belongs to, from its number (0: none) and what the clock showed. */
size_t clock_stretch_of(const struct node *node, struct text channel, uint64_t record, uint64_t time);

/* Ticks that the clock was ahead at that record; 0 when nobody knows, whose time then stays as it is. */
int64_t clock_ahead_of(const struct node *node, struct text channel, uint64_t record, uint64_t time);

/* The stretch in whose corrected times the moment lies; of several the least sure one. NULL for none. */
const struct clock_stretch *clock_stretch_at(const struct node *node, uint64_t moment);

#endif
