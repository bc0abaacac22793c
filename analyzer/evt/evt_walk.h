/*
 * evt_walk.h - from place to place through the ring: runs of whole records, and what stands between them.
 *
 * Shape:   two areas: the log, from its start to its end, then the rest of the ring, which holds older records.  In
 *          an area records follow each other.  Where none is due, the walk goes on in steps of 4 bytes to the next
 *          head, or to a whole record at any place before that; a damaged record that still has its head is handed
 *          out as a part.
 * Batches: a run of whole records of one source, at most BATCH_SIZE bytes, or a single larger one; or one part.
 *          batch.kind is EVT_KIND(source, part).  A record that meets the end of the ring is joined, and is the last
 *          of its batch: batch.offset is where the first one begins, and the others stand behind it in the file.
 * Sources: EVENT_LIVE until the first damage in the log, EVENT_RESYNC behind it.  Outside of the log EVENT_STALE; but
 *          EVENT_RESYNC where the number is of the log and below the first one met: the start was wrong.  Inside
 *          of the log EVENT_STALE where a row behind a damaged place begins with a number that is none of the log's.
 * Limits:  places only go up, and each area is walked once: work is linear in the size of the file.
 * Threads: one.
 */
#ifndef EVSCAN_EVT_EVT_WALK_H
#define EVSCAN_EVT_EVT_WALK_H

#include "event/event_source.h"
#include "evt/evt_bounds.h"

#define EVT_KIND(source, part)  ((uint32_t)(source) | ((part) ? 0x100u : 0u))
#define EVT_KIND_SOURCE(kind)   ((enum event_source)((kind) & 0xFFu))
#define EVT_KIND_IS_PART(kind)  (((kind) & 0x100u) != 0)
#define EVT_KIND_CHANNEL_SHIFT  16 /* above: which log it is, an index that evt.c adds */

enum evt_area { EVT_AREA_LOG, EVT_AREA_OLDER, EVT_AREA_NONE };

/* Opened where no record is due, closed by the next one of the log or by the end of the area. */
struct evt_gap {
    bool open;
    bool expected;        /* behind an EOF record: what follows was partly overwritten */
    uint64_t from;
    uint64_t parts;       /* damaged records of the log that were handed out */
    uint64_t given;       /* bytes handed out: parts, and records of other rounds */
    uint64_t heads;       /* signatures whose record could not be used */
};

struct evt_walk {
    struct evt_ring *ring;
    struct evt_bounds bounds;
    enum evt_area area;
    uint64_t at;          /* place of the next look */
    uint64_t until;       /* records of the area begin before it .. */
    uint64_t extent;      /* .. and end not behind it */
    bool damaged;         /* a gap was met in the log */
    bool numbered;        /* a record of the log was met .. */
    uint32_t first;       /* .. the first one with this number */
    bool led;             /* something was handed out .. */
    uint64_t lead;        /* .. first so many bytes behind the start: they can be the end of the record before it */
    bool expects;         /* the next record of the log should have the number behind `number` */
    uint32_t number;
    uint32_t newest;      /* the highest number of the log's records */
    uint64_t met;         /* records of the log, whole or damaged */
    uint64_t older;       /* records outside of the log, torn ones too */
    uint64_t seq;
    struct evt_gap gap;
    bool reported;        /* of the ring: a failed read */
};

void evt_walk_init(struct evt_walk *w, struct evt_ring *ring, const struct evt_bounds *bounds);

/* As log_format.next. */
enum status evt_walk_next(struct evt_walk *w, struct batch *batch, struct account *account,
                          struct notices *notices) MUST_USE;

#endif
