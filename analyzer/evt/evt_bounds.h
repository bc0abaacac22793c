/*
 * evt_bounds.h - where a classic log begins and ends: file header and end-of-log record.
 *
 *   header           0 0x30        EOF record   0 0x28
 *   (48 bytes)       4 "LfLe"      (40 bytes)   4 0x11111111 0x22222222 0x33333333 0x44444444
 *                    8 major, minor version 1
 *                   16 start, end, next number, oldest number        20 the same four
 *                   32 maximum size, flags, retention, 0x30          36 0x28
 *
 * The header is written at a clean close only; a log copied from a running system has a stale one.  The EOF record is
 * always current, and the true one states its own offset.  So, in this order:
 *
 *   1. a clean header whose end leads to an EOF record that agrees with it;
 *   2. the EOF record, searched in the whole file.  Of several that state their own offset, the one that the records
 *      lead to from its start, highest next number first: after a clearing, the EOF record of the cleared log still
 *      stands behind the new one, with higher numbers;
 *   3. a clean header alone, when the records lead from its start to its end;
 *   4. an EOF record that states another offset than its own, with the newest record in front of it: bytes were put in
 *      or taken away;
 *   5. a header that counts, stale or not, where the records of the file are not in order: from the oldest number that
 *      it knows of, up to where the numbers fall back;
 *   6. nothing: every whole record of the file.
 *
 * The search for 2 ends early where another log was joined behind this one: at the EOF record of the first file header
 * behind an EOF record of this log, unless that header is data of a record.
 *
 * Places are offsets in the file; what header and EOF record say counts from the base of the log.
 *
 * Threads: one.
 */
#ifndef EVSCAN_EVT_EVT_BOUNDS_H
#define EVSCAN_EVT_EVT_BOUNDS_H

#include "base/notice.h"
#include "evt/evt_ring.h"

#define EVT_HEADER_SIZE   48u
#define EVT_END_SIZE      40u
#define EVT_END_SIGNATURE 20u /* its length and the four numbers that no record has */

struct evt_bounds {
    bool scan;             /* case 5 or 6: no EOF record; in case 6 start and end are those of the file */
    bool by_number;        /* case 5 */
    bool start_lost;       /* the oldest records were cut off: start is the beginning of the ring */
    uint64_t start, end;   /* places, start <= end */
    uint32_t oldest, next; /* record numbers: those of the log are oldest .. next - 1; both 0 in case 6 */
    uint64_t promised;     /* how many records the log says it holds; 0 also when only a stale header says it */
    uint32_t known_oldest, known_next; /* scan: record numbers of which the header, stale or not, knows; or both 0 */
};

/* Finds them and sets up `ring`, whose begin may change: a log without its header has no 48 bytes in front. */
void evt_bounds_find(struct evt_ring *ring, struct notices *notices, struct evt_bounds *ret);

/* A whole record that begins at `from` or behind it lies around the place: what stands there is its data. */
bool evt_is_in_record(struct evt_ring *ring, uint64_t from, uint64_t place);

/* True when an .evt header stands at the beginning. */
bool evt_header_present(struct bytes head);

/*
 * True when whole records follow each other, in this ring, from the start to the end that was found; false for 5 and 6.
 */
bool evt_bounds_hold(struct evt_ring *ring, const struct evt_bounds *bounds);

/* True when an EOF record begins at view.p. */
bool evt_end_present(struct bytes view);

/* True when the rest of the ring behind `place` is filled with 0x27: the next record is at the beginning. */
bool evt_fill_present(struct evt_ring *ring, uint64_t place);

#endif
