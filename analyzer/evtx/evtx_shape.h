/*
 * evtx_shape.h - what of an instance's values decides how its document is laid out, and the values themselves.
 *
 * Shape:   a slot a value, in order; behind an array one for each of its items.  A word a slot: its type, and whether
 *          it has no bytes, bytes but no text (a string of NULs), or text.  Two instances of a plan with equal words
 *          have the same document but for the texts of their values.
 *          The slots of streams inside of values follow behind those of the stream around them.
 * Owns:    slots point into the chunk.
 * Limits:  SHAPE_SLOTS.  A value that does not fit its type has no word, nor has an instance that was cut.
 * Threads: one decoder's.
 */
#ifndef EVSCAN_EVTX_EVTX_SHAPE_H
#define EVSCAN_EVTX_EVTX_SHAPE_H

#include "evtx/binxml_value.h"

/* Real records have below 60; what has more is written by the walk. */
#define SHAPE_SLOTS 256u

struct shape {
    size_t count;
    size_t bytes; /* of all slots */
    uint16_t words[SHAPE_SLOTS];
    struct binxml_value slots[SHAPE_SLOTS];
};

static inline void shape_begin(struct shape *s)
{
    s->count = s->bytes = 0;
}

/* Appends the values of a stream.  False: they have no shape, and what was appended is of no use. */
bool shape_add(struct shape *s, const struct binxml_values *values) MUST_USE;

/* The slot that holds just this value, looked for from slot `from` on, then before it; SHAPE_SLOTS when there is none. */
size_t shape_find(const struct shape *s, const struct binxml_value *v, size_t from);

/* Whether the value of a slot gives any text. */
bool shape_has_text(const struct shape *s, size_t slot);

/* For caches: of the words from `from` on. */
uint64_t shape_hash(const struct shape *s, size_t from);

#endif
