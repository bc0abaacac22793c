/*
 * thinner.h - what correlations read of hits, worked out while the events are still there (finding/thin.h).
 *
 * Shape:   `struct partial` is given the plan of a rule set before hits come; correlate() then finds the values of hits
 *          that were kept thin as it finds those of whole ones.
 * Owns:    all that the plan points to; the rule set must outlive it.
 * Threads: one at a time.
 */
#ifndef EVSCAN_CORR_THINNER_H
#define EVSCAN_CORR_THINNER_H

#include "finding/thin.h"
#include "rule/ruleset.h"

struct thinner;

struct thinner *thinner_new(const struct ruleset *rules);
void thinner_free(struct thinner *t); /* may be NULL */

/* Lives as long as the thinner; NULL when no correlation reads anything. */
const struct thin_plan *thinner_plan(const struct thinner *t);

#endif
