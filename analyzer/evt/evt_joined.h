/*
 * evt_joined.h - several classic logs in one file, one behind the other: where does each end?
 *
 * A file header inside of a file begins another log when
 *   - that log stands on its own feet: its header or EOF record says where it begins and ends, counted from there; and
 *   - the log in front of it has no claim to the place: it ends before, or, when it is wrapped, its records lead over
 *     an end of the ring that is there.  A header inside the data of a record is such a claim, the only one of a log
 *     that does not say where it begins and ends.
 * A header that is none of that is left to the walk, which says that it is there (notice 312).
 *
 * An .evtx log behind a classic one, to which nothing of that has a claim either, is not read: one file, one format.
 * Notice 315 says where to cut the file in two; a wrapped log in front of it ends there.
 *
 * Limits:  LIMIT_EVT_JOINED headers that begin no other log are looked into; each costs at most a few readings of what
 *          follows.  A log that does begin is searched up to where the one behind it ends, whether it was closed or not
 *          (evt_bounds.h).  What is built to be searched further is paid from LIMIT_EVT_JOINED times the size of the
 *          file, of which the first EVT_JOINED_FREE bytes for each log are free; then no more logs are looked for.
 *          Work is linear in the size of the file.
 * Threads: one.
 */
#ifndef EVSCAN_EVT_EVT_JOINED_H
#define EVSCAN_EVT_EVT_JOINED_H

#include "evt/evt_bounds.h"

#define EVT_JOINED_FREE 65536u

/* What may still be done for logs that are joined: one for all logs of a file. */
struct evt_joined {
    unsigned tries; /* headers that may be looked into */
    uint64_t bytes; /* that may be read */
    uint64_t read;  /* bytes that were read, free ones too */
};

/*
 * Sets up `ring` for the log that begins at `base`, and finds its bounds.  Returns where the next log begins; 0 when
 * this is the last one.
 */
uint64_t evt_joined_open(struct evt_ring *ring, struct input *in, uint64_t base, struct evt_joined *joined,
                         struct notices *notices, struct evt_bounds *ret);

/* For a file of `size` bytes. */
struct evt_joined evt_joined_of(uint64_t size);

#endif
