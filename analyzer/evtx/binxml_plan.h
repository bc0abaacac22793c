/*
 * binxml_plan.h - a flat BinXML stream compiled: one operation after the other, with jumps instead of sizes.
 *
 * Shape:   ELEMENT, its ATTRIBUTEs each with their pieces, content, END.  ELEMENT knows its END, ATTRIBUTE what is
 *          behind its pieces; the VALUEs of one element (its attributes' and its own, not its children's) are a list,
 *          so that arrays and optional values are found without a walk.
 * Owns:    a plan and its texts live in the arena it was compiled into and never change.
 * Limits:  those of the flat stream; it is balanced by construction.
 * Threads: const once compiled.
 */
#ifndef EVSCAN_EVTX_BINXML_PLAN_H
#define EVSCAN_EVTX_BINXML_PLAN_H

#include "base/arena.h"
#include "evtx/binxml.h"

enum plan_kind {
    PLAN_ELEMENT,
    PLAN_ATTRIBUTE,
    PLAN_TEXT,
    PLAN_CDATA,
    PLAN_CHARACTER, /* text is the character itself */
    PLAN_ENTITY,    /* text is what the entity stands for; "&name;" for one that XML does not define */
    PLAN_PI_TARGET,
    PLAN_PI_DATA,
    PLAN_VALUE,
    PLAN_INSTANCE,
    PLAN_END,
};

struct plan_op {
    enum plan_kind kind;
    uint8_t type;      /* VALUE: declared */
    bool optional;     /* VALUE */
    bool in_attribute; /* VALUE and literals */
    bool empty_tag;    /* END: written as <name/> */
    uint16_t index;    /* VALUE: which; ELEMENT: dependency */
    uint32_t end;      /* ELEMENT: its END; ATTRIBUTE: behind its pieces */
    uint32_t values;   /* ELEMENT: its first VALUE; VALUE: the next one of the same element; 0 = none */
    uint32_t place;    /* INSTANCE: chunk offset of its token */
    struct text text;  /* name or literal */
    struct text xml;   /* the same as it stands in XML: names with `_` for what no name may hold, literals escaped */
    struct text json;  /* the same as it stands between the quotes of JSON */
};

struct key_map;

struct plan {
    struct plan_op *ops;
    uint32_t count;
    uint32_t value_count;       /* highest index used, plus one */
    const struct key_map *keys; /* evtx_key.h; NULL when the key cannot be had without a walk */
};

/* Gives an operation its forms in XML and JSON, from kind and text. */
void plan_op_markup(struct arena *arena, struct plan_op *op);

/* `flat` comes from binxml_flat and may be dropped afterwards. */
struct plan *plan_compile(struct arena *arena, struct bytes flat);

#endif
