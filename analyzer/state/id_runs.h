/*
 * id_runs.h - a set of record numbers: "1-900,950".
 *
 * Shape:   runs in order, none touching the next.  A log is one run, a damaged or filtered one a few.
 * Owns:    its arena, given, owns the runs.
 * Limits:  LIMIT_ID_RUNS: behind it the two runs that are nearest to each other become one, gap and all.
 */
#ifndef EVSCAN_STATE_ID_RUNS_H
#define EVSCAN_STATE_ID_RUNS_H

#include "base/arena.h"
#include "base/buf.h"

struct id_run {
    uint64_t first, last; /* both belong to it */
};

struct id_runs {
    struct arena *arena;
    struct id_run *items;
    size_t count, capacity;
    bool coarse; /* the limit was reached: numbers are in it that were never added */
};

void id_runs_init(struct id_runs *r, struct arena *arena);
void id_runs_add(struct id_runs *r, uint64_t first, uint64_t last);
bool id_runs_has(const struct id_runs *r, uint64_t id);
uint64_t id_runs_count(const struct id_runs *r);
uint64_t id_runs_last(const struct id_runs *r); /* 0 when it is empty */

/* What is in `a` and not in `b`. */
void id_runs_without(const struct id_runs *a, const struct id_runs *b, struct id_runs *ret);

void id_runs_print(const struct id_runs *r, struct buf *out);

/* False when the text is not what id_runs_print writes; `ret` is then empty. */
bool id_runs_parse(struct text t, struct id_runs *ret) MUST_USE;

#endif
