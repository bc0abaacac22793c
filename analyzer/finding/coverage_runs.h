/*
 * coverage_runs.h - the records of one node and channel by their numbers: runs, starts, steps (finding/coverage.h).
 */
#ifndef EVSCAN_FINDING_COVERAGE_RUNS_H
#define EVSCAN_FINDING_COVERAGE_RUNS_H

#include "finding/coverage.h"

/* `*all` counts the runs of the input. */
void runs_add(struct coverage *c, struct arena *arena, const struct event_key *key, size_t *all);
void runs_merge(struct coverage *c, struct arena *arena, const struct coverage *part, size_t *all);
void runs_settle(struct coverage *c);

#endif
