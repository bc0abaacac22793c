/*
 * rows.h - lines to be put in order of time, more than the memory holds.
 *
 * Shape:   lines are added in any order with the time as it was logged; when all are there, it is known how far each
 *          clock was off, and they come back by corrected time, node, record and the order in which they came.  What
 *          does not fit in the memory goes to a file without a name (in TMPDIR, else /var/tmp): first as it comes, then
 *          in sorted runs that are merged.
 * Limits:  LIMIT_ROWS_MIB, or what rows_new is given, in memory, and as much again for the runs.
 * Owns:    everything, until rows_free.
 */
#ifndef EVSCAN_TIMELINE_ROWS_H
#define EVSCAN_TIMELINE_ROWS_H

#include "base/arena.h"

struct row {
    uint64_t time;   /* FILETIME as logged; 0: none, which comes last */
    uint64_t record; /* of equal times the lower one first */
    uint64_t seq;    /* set when it is added */
    uint32_t node;   /* the caller's number; order of equal times */
    uint32_t log;    /* the caller's number of the log that it stands in */
    uint32_t size;   /* bytes of its text, which follows */
};

struct rows;

/* Given each row with its corrected time, 0 for none; false: no more is wanted. */
typedef bool rows_visitor(void *ctx, const struct row *row, uint64_t corrected, struct text text);

/* Ticks that the clock of the node was ahead at that row: they are taken off its time. */
typedef int64_t rows_ahead(const void *ctx, const struct row *row);

struct rows *rows_new(size_t memory);
void rows_free(struct rows *r);

/* False, with errno set, when there is no room on the disk. */
bool rows_add(struct rows *r, struct row row, struct text text) MUST_USE;

/*
 * Calls `visit` with every row in order; what `ahead` says is taken off the times, `rank[node]` orders nodes.  Both are
 * called with `ctx`.  False, with errno set, after an I/O error.
 */
bool rows_visit(struct rows *r, rows_ahead *ahead, const uint32_t *rank, rows_visitor *visit, void *ctx) MUST_USE;

#endif
