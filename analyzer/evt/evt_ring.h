/*
 * evt_ring.h - the bytes of a classic log as the ring that they are.
 *
 * Shape:   0x30 [ begin ........ end ) of the file; what meets the end goes on at `begin`.  A place is an offset in
 *          the file that may run on past `end`: place `end` is the same byte as place `begin`, one round later.
 *          Walks count places upwards only, so no byte of a round is visited twice.
 *          Files can be joined: a log begins at `base`, from which its own offsets count, and ends at `limit`.
 * Owns:    a window of at most EVT_WINDOW bytes, allocated at the first look, freed by evt_ring_done.
 * Limits:  a look is at most EVT_LOOK_MAX bytes, the window twice that: as long as looks move forward, a refill
 *          reads EVT_WINDOW bytes for at least EVT_LOOK_MAX bytes of progress.  Work stays linear in the file.
 *          A refill reads twice as much as the one before it when it goes on from there, and a page when it does not:
 *          of a short log that others were joined to, little more is read than there is.
 * Errors:  bytes that cannot be read are zero; `error` and `missing` remember it and `unread` says from where on.
 * Threads: one.
 */
#ifndef EVSCAN_EVT_EVT_RING_H
#define EVSCAN_EVT_EVT_RING_H

#include "base/bytes.h"
#include "base/limits.h"
#include "io/input.h"

#define EVT_LOOK_MAX (2 * LIMIT_EVT_RECORD) /* a damaged record, and the one behind it that would prove its length */
#define EVT_WINDOW   (2 * EVT_LOOK_MAX)

struct evt_ring {
    struct input *in;
    uint64_t base, limit; /* of the log in the file */
    uint64_t begin, end;  /* offsets; begin <= end, a multiple of 4 bytes apart but for evt_ring_take_all */
    uint8_t *window;
    uint64_t window_at; /* place of window[0] */
    size_t window_n;
    uint64_t read;     /* bytes, by all refills: what a search in it has cost */
    int error;         /* errno of a failed read; 0 = none */
    uint64_t missing;  /* bytes by which the file was shorter than when it was opened */
    uint64_t unread;   /* offset of the first byte that could not be read; meaningful with error or missing */
};

/* The log in [base, limit) of the file; its ring has `head` bytes in front. */
void evt_ring_init(struct evt_ring *ring, struct input *in, uint64_t base, uint64_t limit, uint32_t head);
void evt_ring_done(struct evt_ring *ring);

/* The ring begins elsewhere. */
void evt_ring_move(struct evt_ring *ring, uint64_t begin);

/* Its last bytes belong to it, too: it was of another size before bytes were put in or taken away. */
void evt_ring_take_all(struct evt_ring *ring);

static inline uint64_t evt_ring_size(const struct evt_ring *ring)
{
    return ring->end - ring->begin;
}

/* The offset in the file of a place in this round or the next one. */
static inline uint64_t evt_ring_offset(const struct evt_ring *ring, uint64_t place)
{
    return place < ring->end ? place : place - evt_ring_size(ring);
}

/*
 * n <= EVT_LOOK_MAX bytes from `place`, joined over the end of the ring; fewer only where the second round ends.
 * The view dies with the next look.
 */
struct bytes evt_ring_look(struct evt_ring *ring, uint64_t place, size_t n);

#endif
