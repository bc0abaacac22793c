/*
 * evtx_layout.h - lines that were written once, as text with holes for values.
 *
 * Shape:   all records of the same plans and shapes (evtx_shape.h) have the same line but for the texts of their
 *          values.  The first one is written by the walk and its writer, while a draft notes which value they put where;
 *          of the others the text is copied and the holes are filled (evtx_fill.h).
 *          A layout is found stream by stream: the node of the record's own stream says which slot holds the next
 *          one, whose node is a child of it, and so on to a node that has the layout.
 * Why:     what Windows writes has some 70 operations an event, of which values decide but a few; a draft needs no
 *          second idea of what XML or JSON look like, as a compiler for templates would.
 * Limits:  LIMIT_LAYOUT_BYTES; LAYOUT_TEXT, LAYOUT_HOLES, LAYOUT_MOVES and LAYOUT_STREAMS a layout.  What goes beyond them, or looks into a
 *          value (one that is a name), is left to the walk.
 * Owns:    nodes and layouts live in their arena, until there are too many, or the plans are gone.
 * Threads: one decoder's.
 */
#ifndef EVSCAN_EVTX_EVTX_LAYOUT_H
#define EVSCAN_EVTX_EVTX_LAYOUT_H

#include "base/arena.h"
#include "base/markup.h"
#include "evtx/binxml_open.h"
#include "evtx/evtx_shape.h"

#define LAYOUT_TEXT  65536u
#define LAYOUT_HOLES 512u
#define LAYOUT_MOVES 32u
#define LAYOUT_STREAMS 8u /* one inside of the other, or side by side: 2 in real records */
#define LAYOUT_STEP  32u /* texts are copied in steps of this; so much is free behind each */

struct layout_hole {
    uint32_t before; /* bytes of text in front of it */
    uint16_t slot;
    uint8_t form; /* enum markup */
};

/* Where the writer moved bytes to insert something: what it spent for that follows from the texts of these holes. */
struct layout_move {
    uint16_t first, last; /* holes, `last` not included */
    uint32_t fixed;       /* bytes moved besides them */
};

struct field_map;

struct layout {
    struct text text; /* all pieces, one after the other */
    const struct layout_hole *holes;
    const struct layout_move *moves;
    size_t hole_count, move_count;
    size_t tail;    /* bytes of text behind the last hole */
    size_t uses;    /* holes that share a slot, at most */
    size_t steps;   /* what the walk spends besides texts, moves and the opening of streams */
    uint32_t marks; /* of its names */
};

enum layout_next {
    LAYOUT_UNKNOWN, /* nothing was written yet */
    LAYOUT_OPEN,    /* open the stream in `slot` */
    LAYOUT_FOUND,
    LAYOUT_NONE, /* the walk has to write it */
};

struct layout_node {
    struct layout_node *older; /* of the same bucket */
    const struct layout_node *parent;
    const struct plan *plan;
    const uint16_t *words;
    size_t count;
    uint64_t hash;
    enum layout_next next;
    size_t slot;
    const struct layout *layout;    /* FOUND, by a renderer .. */
    const struct field_map *fields; /* .. or by evtx_fields.h */
};

#define LAYOUT_BUCKETS 2048u /* a power of two */

struct layouts {
    struct arena arena;
    uint32_t generation; /* of the plans that they were made of */
    struct layout_node *buckets[LAYOUT_BUCKETS];
};

struct draft_hole {
    size_t at, n;
    uint16_t slot;
    enum markup form;
};

/* What is noted while a line is written. */
struct draft {
    struct layouts *layouts;
    struct shape *shape;
    struct layout_node *node; /* of the stream opened last */
    bool refused;
    size_t slot; /* found last */
    size_t streams;
    size_t visits; /* values that have a text */
    size_t hole_count, move_count;
    struct draft_hole holes[LAYOUT_HOLES];
    struct layout_move moves[LAYOUT_MOVES];
    size_t value_steps, move_steps, open_steps; /* spent for texts, for moving bytes, and for streams */
    uint32_t marks;
};

void layouts_init(struct layouts *l);
void layouts_done(struct layouts *l);
/*
 * Follows the nodes from a record's own stream as far as they are known, opening streams on the way and collecting their
 * values in `shape`.  The last node's answer; `*ret` is written with LAYOUT_FOUND.  Whatever comes of it, the streams
 * were paid for: an attempt (binxml_open.h).
 */
enum layout_next layouts_follow(struct layouts *l, struct binxml_reader *r, struct shape *shape,
                                const struct binxml_stream *stream, const struct layout_node **ret);

/* A draft of the record that is `stream`; `shape` is the draft's until draft_end. */
void draft_begin(struct draft *d, struct layouts *l, struct shape *shape, const struct binxml_stream *stream);

/* A value that the writer was given, whether it writes it or not. */
void draft_visit(struct draft *d, const struct binxml_value *v);

/* `n` bytes at `at` of the line are its text. */
void draft_value(struct draft *d, const struct binxml_value *v, enum markup form, size_t at, size_t n);

/* A stream that stands in `v` was opened, which took `steps`. */
void draft_stream(struct draft *d, const struct binxml_value *v, const struct binxml_reader *r,
                  const struct binxml_stream *stream, size_t steps);

/* The line, of `length` bytes, gets `n` bytes at `at`, which took `steps`. */
void draft_insert(struct draft *d, size_t at, size_t length, size_t n, size_t steps);

/* The line now ends at `n`. */
void draft_cut(struct draft *d, size_t n);

/* There can be no layout for this record. */
static inline void draft_refuse(struct draft *d)
{
    d->refused = true;
}

/* The line is written and took `steps` in all.  `sound`: nothing of the event is missing in it. */
void draft_end(struct draft *d, struct text line, size_t steps, bool sound);

#endif
