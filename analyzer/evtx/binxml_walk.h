/*
 * binxml_walk.h - an opened stream as a document: the plan with its values.
 *
 * Shape:   a sink is told what the document says, in document order.  What NULL values and dependencies leave out is
 *          left out, and arrays repeat their element, before the sink sees it.  Sinks make fields, or XML, or JSON.
 * Ends:    a sink that has had enough calls binxml_stop: the walk closes its elements and ends.
 * Owns:    texts given to the sink live in the reader's scratch arena, or longer.
 * Limits:  LIMIT_BINXML_DEPTH, LIMIT_ELEMENT_DEPTH, LIMIT_BINXML_WORK, LIMIT_CHUNK_WORK, LIMIT_EVENT_BYTES, all by
 *          counters.  A walk that reaches one closes its elements, ends, and says EVENT_CUT.
 * Threads: one decoder's.
 */
#ifndef EVSCAN_EVTX_BINXML_WALK_H
#define EVSCAN_EVTX_BINXML_WALK_H

#include "evtx/binxml_open.h"

enum binxml_piece {
    PIECE_TEXT,      /* literal, or a value */
    PIECE_CDATA,
    PIECE_CHARACTER, /* the character, not its reference */
    PIECE_ENTITY,
    PIECE_PI_TARGET,
    PIECE_PI_DATA,
};

struct binxml_sink {
    void *ctx;
    void (*element)(void *ctx, const struct plan_op *op);
    /* Between `element` and anything else; never with an empty value: Windows leaves such attributes out. */
    void (*attribute)(void *ctx, struct text name, struct text value);
    /* `type` is what the value was: BINXML_STRING for literal text. */
    void (*text)(void *ctx, enum binxml_piece piece, uint8_t type, struct text text);
    void (*end)(void *ctx, bool empty_tag); /* of the innermost open element */
    /* A value of an instance whose template is lost. */
    void (*bare)(void *ctx, uint8_t type, struct text value);
    /* May be NULL: `text` was made of `value`, as `text` or as part of an attribute it comes next. */
    void (*visit)(void *ctx, const struct binxml_value *value, struct text text);
    /*
     * Renderers write values where they belong instead of taking them as texts: they have these four, and neither
     * `attribute`, `text` nor `bare`: values of a lost template come as <Data> in an EventData of their own, and of an event of which nothing else is
     * left the head of its record says the time and the number.  What is between a begin and its end belongs to the
     * attribute; it may be empty.
     */
    void (*attribute_begin)(void *ctx, const struct plan_op *op);
    void (*attribute_end)(void *ctx);
    void (*literal)(void *ctx, const struct plan_op *op);
    void (*value)(void *ctx, const struct binxml_value *value);
    /* Of both kinds, may be NULL: the stream in `value` was opened, which took `steps`; it comes next. */
    void (*stream)(void *ctx, const struct binxml_value *value, const struct binxml_stream *stream, size_t steps);
};

void binxml_walk(struct binxml_reader *r, const struct binxml_stream *stream, const struct binxml_sink *sink);

#endif
