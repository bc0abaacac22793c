/*
 * evtx_moved.h - where the names and templates of a chunk stand whose bytes were moved.
 *
 * Shape:   BinXML refers to names and templates by chunk offset.  A byte that is missing, or one too many, moves all
 *          behind it, and these offsets are wrong from there on.  But what stands in line is preceded by the offset that
 *          it was written to, so each name and template that is met so ties a stated place to a real one.  In between
 *          the distance is that of the neighbours.
 * Runs:    bytes without a chunk header may be of several chunks.  Stated places that do not grow begin another one;
 *          names and templates are looked for in the chunk of who refers to them, and in front of it.
 * Trust:   what is found is a proposal: a name has its hash, a template its id.
 * Owns:    nothing but itself.
 * Limits:  MOVED_TIES; LIMIT_MOVED_WORK.
 */
#ifndef EVSCAN_EVTX_EVTX_MOVED_H
#define EVSCAN_EVTX_EVTX_MOVED_H

#include "base/attr.h"
#include "base/bytes.h"

/* A name takes 14 bytes and its offset 4: no chunk of Windows has more. */
#define MOVED_TIES 3640u

struct moved_tie {
    uint16_t stated, place; /* chunk offsets */
    uint16_t run;           /* the first tie of its run */
};

struct moved {
    size_t count;
    struct moved_tie ties[MOVED_TIES]; /* in order of place; those of a run in order of stated as well */
};

/* Reads all of the chunk.  False: everything stands where it says that it does. */
bool moved_read(struct moved *m, struct bytes chunk) MUST_USE;

/* True when what stands at this place is preceded by its own offset. */
bool moved_inline(const struct moved *m, size_t place) MUST_USE;

#define MOVED_PLACES 2u

/* Where what is stated to be at an offset may stand, said by someone at `from`; the likelier place first. */
void moved_places(const struct moved *m, size_t stated, size_t from, size_t places[MOVED_PLACES]);

#endif
