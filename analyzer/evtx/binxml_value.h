/*
 * binxml_value.h - the values of a template instance, and one value as text.
 *
 * Shape:   instance: 0C 01, template id u32, definition offset u32, [definition], values
 *          values:   count u32, count * { size u16, type u8, 00 }, the bytes one after the other
 * Owns:    values live in the arena given and point into the chunk.
 * Limits:  count * 4 must fit in what is left; sizes are taken as they are, also where they disagree with the type.
 */
#ifndef EVSCAN_EVTX_BINXML_VALUE_H
#define EVSCAN_EVTX_BINXML_VALUE_H

#include "base/arena.h"
#include "base/attr.h"
#include "evtx/binxml.h"
#include "evtx/evtx_moved.h"

struct binxml_value {
    struct bytes raw;
    uint8_t type; /* enum binxml_type; the actual one, which rules over what the template declares */
    bool missing; /* its bytes are not (all) there: never shown, but for what is left of a stream */
};

struct binxml_values {
    struct binxml_value *items;
    size_t count;
    bool cut; /* the record ends before its values do: an index past the last is missing, not NULL */
};

struct binxml_instance {
    uint32_t id;         /* first four bytes of the template's GUID */
    uint32_t definition; /* chunk offset, as it is stated */
    size_t values;       /* chunk offset of the values */
};

/*
 * `view` is the chunk up to where the stream ends, `at` the offset of the token; `moved` as of a flattener.  False: it
 * does not fit.
 */
bool binxml_instance_read(struct bytes view, const struct moved *moved, size_t at,
                          struct binxml_instance *ret) MUST_USE;

/* Where the values that start at `at` end.  False: they do not fit. */
bool binxml_values_skip(struct bytes view, size_t at, size_t *ret) MUST_USE;

/*
 * The values that start at `at`; `*end` is behind them.  What does not fit is marked as missing and `cut` is set.  Of a
 * stream what is left stays in `raw`: the values that stand whole in it can be read.
 */
void binxml_values_read(struct arena *arena, struct bytes view, size_t at, struct binxml_values *ret, size_t *end);

/* The value of an index: NULL type for one that does not exist. */
static inline struct binxml_value binxml_values_get(const struct binxml_values *values, size_t index)
{
    if (index < values->count)
        return values->items[index];
    return (struct binxml_value){ .type = BINXML_NULL, .missing = values->cut };
}

static inline bool binxml_is_array(const struct binxml_value *v)
{
    /* 8E is declared for, and once met with, a plain binary value; arrays of binary do not exist. */
    return (v->type & BINXML_ARRAY) && v->type != (BINXML_ARRAY | BINXML_BINARY);
}

/*
 * Splits the first item off an array; `array->raw` is the rest.  False when there is none left.
 */
bool binxml_array_next(struct binxml_value *array, struct binxml_value *item) MUST_USE;

/*
 * The text as Windows renders it, in `arena` or borrowed.  Sets *odd when the value does not fit its type; it is
 * then rendered as it stands.  An array gives its items with commas between them.
 */
struct text binxml_value_text(struct arena *arena, const struct binxml_value *v, bool *odd);

/* "S-255-0x" and 12 digits, then 255 times "-4294967295": the longest. */
#define BINXML_PUT_ROOM (24 + 255 * 11)

/*
 * Numbers, booleans, GUIDs, FILETIMEs and SIDs: the same text straight into `out` (BINXML_PUT_ROOM bytes); returns its
 * length.  It has no character that XML or JSON would escape.  0 for any other value, and for one that does not fit its type.
 */
size_t binxml_value_put(const struct binxml_value *v, char *out, bool *odd);

/* Types whose bytes are UTF-16: strings, XML as text, and two that others report without a description. */
static inline bool binxml_is_text(uint8_t type)
{
    return type == BINXML_STRING || type == BINXML_XML || type == 0x27 || type == 0x28;
}

/* Without the zero units that end it, `width` bytes each. */
static inline struct bytes binxml_without_end(struct bytes raw, size_t width)
{
    raw.n -= raw.n % width;
    while (raw.n && raw.p[raw.n - 1] == 0 && raw.p[raw.n - width] == 0)
        raw.n -= width;
    return raw;
}

/* The text of such a value, without the 0000 that may end it. */
static inline struct bytes binxml_value_utf16(const struct binxml_value *v)
{
    return binxml_without_end(v->raw, 2);
}

/* The same of a BINXML_ANSI. */
static inline struct bytes binxml_value_ansi(const struct binxml_value *v)
{
    return binxml_without_end(v->raw, 1);
}

/* A value that is a number or a time, without a detour over text.  False when it is none. */
bool binxml_value_u64(const struct binxml_value *v, uint64_t *ret) MUST_USE;

#endif
