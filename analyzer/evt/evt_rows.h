/*
 * evt_rows.h - where a log begins and ends in its ring, told by its record numbers: without an EOF record, or with one
 * that does not stand where it says.
 *
 *   begin [ 1573 .. 7454 | EOF, rest of a record | 954 .. 1391 | 1392 .. 1572 ] end
 *                          ^ the log's end         old records   ^ its start: the oldest number that is known
 *
 * Limits:  two passes over the ring, from record to record.
 * Threads: one.
 */
#ifndef EVSCAN_EVT_EVT_ROWS_H
#define EVSCAN_EVT_EVT_ROWS_H

#include "base/status.h"
#include "evt/evt_ring.h"

struct evt_rows {
    uint64_t start, end; /* places; end: of the first record of another round, or one round behind start */
    uint32_t last;       /* the number of the newest record */
    bool in_order;       /* the log begins with the first record of the file, and there are no others */
    bool clash;          /* the start is not where it was said to be, and others have numbers of the log */
};

/* Whole records of the ring that begin in [from, until), at any alignment; false when there is none. */
bool evt_first_record(struct evt_ring *ring, uint64_t from, uint64_t until, uint64_t *ret) MUST_USE;

/* True when a whole record with this number begins there. */
bool evt_is_numbered(struct evt_ring *ring, uint64_t place, uint32_t number);

/* The whole record of the lowest number in [oldest, next); false when there is none. */
bool evt_oldest_find(struct evt_ring *ring, uint32_t oldest, uint32_t next, uint64_t *ret) MUST_USE;

/*
 * The rows of the log which began at `start`, and whose numbers were oldest .. next - 1, when its header was written;
 * they may be later ones by now.  False when there is no such record.
 */
bool evt_rows_find(struct evt_ring *ring, uint64_t start, uint32_t oldest, uint32_t next,
                   struct evt_rows *ret) MUST_USE;

#endif
