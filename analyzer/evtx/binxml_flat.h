/*
 * binxml_flat.h - a BinXML stream without places: every name stands inline, no offset and no size is left.
 *
 * Shape:   the tokens of binxml.h without their flag.  Element: dependency u16, name.  Name and text: length u16 in
 *          UTF-16 units, the units.  Instance: u32, chunk offset of the original token.  The rest as in the file.
 * Why:     in a chunk a name is an offset, so one template has different bytes in every chunk.  Flat it has the
 *          same bytes wherever it stands: they identify it, in caches and in the search for lost templates.  And
 *          all distrust is spent here: a flat stream is balanced and has only tokens where the grammar has them.
 * Owns:    the flattener owns its output, valid until its next stream.
 * Limits:  LIMIT_ELEMENT_DEPTH, LIMIT_FLAT_BYTES.  Every step moves forward.
 */
#ifndef EVSCAN_EVTX_BINXML_FLAT_H
#define EVSCAN_EVTX_BINXML_FLAT_H

#include "base/buf.h"
#include "base/cursor.h"
#include "evtx/binxml.h"
#include "evtx/evtx_moved.h"

enum flat_kind {
    FLAT_DEFINITION, /* the body of a template: elements carry a dependency id, instances are refused */
    FLAT_STREAM,     /* a record's own elements, or a BinXML value */
};

struct flattener {
    struct buf out;
    const struct moved *moved; /* of the chunk; NULL: what it refers to stands where it says */
    /* During one stream: */
    struct bytes chunk;
    struct cursor in;
    enum flat_kind kind;
    size_t depth;
    int place;
};

void flattener_init(struct flattener *f);
void flattener_done(struct flattener *f);

/*
 * Flattens the stream that starts at `at` of `chunk` and ends, at the latest, before `end`.  `*behind` is the
 * offset behind its end token.  False: it is damaged; the output is what came before, its elements closed.
 */
bool flatten(struct flattener *f, struct bytes chunk, size_t at, size_t end, enum flat_kind kind,
             size_t *behind) MUST_USE;

/* The name that stands at `in`, which moves behind it.  False: something else stands there. */
bool flat_name(struct cursor *in, struct bytes *ret) MUST_USE;

/* The output of the last call. */
struct bytes flattened(const struct flattener *f);

/* One token of a flat stream. */
struct flat_token {
    unsigned token;
    unsigned index; /* value, dependency or character */
    uint8_t type;   /* of a value */
    uint32_t place; /* of an instance */
    struct bytes utf16;
};

/* The token that starts at `in`, which moves behind it.  `in` runs over what flatten has made. */
static inline void flat_next(struct cursor *in, struct flat_token *ret)
{
    *ret = (struct flat_token){ .token = cursor_u8(in) };
    switch (ret->token) {
    case BINXML_ELEMENT:
        ret->index = cursor_u16(in);
        break;
    case BINXML_CHARACTER:
        ret->index = cursor_u16(in);
        return;
    case BINXML_VALUE:
    case BINXML_OPTIONAL:
        ret->index = cursor_u16(in);
        ret->type = cursor_u8(in);
        return;
    case BINXML_INSTANCE:
        ret->place = cursor_u32(in);
        return;
    case BINXML_CONTENT:
    case BINXML_EMPTY:
    case BINXML_END:
        return;
    default:
        break;
    }
    ret->utf16 = cursor_take(in, (size_t)cursor_u16(in) * 2);
}

#endif
