#include "evtx/evtx_shape.h"

/*
 * What the walk spends for a value that leaves no text stands in its word, as no hole of a layout will tell of it.  Seen:
 * a GUID of type NULL, all of its bytes there.
 */
#define STEPS_SHIFT 11u
#define STEPS_MAX   15u

#define ITEM 0x8000u /* an item of the array before it */

enum content { CONTENT_ODD = 0, CONTENT_NONE = 0x100, CONTENT_TEXTLESS = 0x200, CONTENT_TEXT = 0x400 };

/* Sizes of types that have but one; 0: content_of looks closer. */
static const uint8_t sizes[256] = {
    [BINXML_INT8] = 1,   [BINXML_UINT8] = 1,  [BINXML_INT16] = 2,  [BINXML_UINT16] = 2,   [BINXML_INT32] = 4,
    [BINXML_UINT32] = 4, [BINXML_INT64] = 8,  [BINXML_UINT64] = 8, [BINXML_FLOAT] = 4,    [BINXML_DOUBLE] = 8,
    [BINXML_GUID] = 16,  [BINXML_FILETIME] = 8, [BINXML_SYSTEMTIME] = 16, [BINXML_HEX32] = 4, [BINXML_HEX64] = 8,
};

static unsigned textless(size_t n)
{
    size_t steps = n / 16;
    return steps <= STEPS_MAX ? CONTENT_TEXTLESS | (unsigned)steps << STEPS_SHIFT : CONTENT_ODD;
}

static unsigned content_when(bool holds)
{
    return holds ? CONTENT_TEXT : CONTENT_ODD;
}

/* Of one that has bytes: what the text forms of binxml_value_text.c rely on. */
static unsigned content_of(const struct binxml_value *v)
{
    size_t n = v->raw.n;
    if (sizes[v->type])
        return content_when(n == sizes[v->type]);
    if (binxml_is_text(v->type))
        return binxml_value_utf16(v).n >= 2 ? CONTENT_TEXT : textless(n);
    switch (v->type) {
    case BINXML_SIZE:
        return content_when(n == 4 || n == 8);
    case BINXML_BOOL:
        return content_when(n == 1 || n == 2 || n == 4 || n == 8);
    case BINXML_SID:
        return content_when(n >= 8);
    case BINXML_ANSI:
        return binxml_value_ansi(v).n ? CONTENT_TEXT : textless(n);
    case BINXML_NULL:
        return textless(n);
    default: /* all bytes are shown: binary, streams, arrays as a whole, types that nobody has described */
        return CONTENT_TEXT;
    }
}

/* What nearly all strings are: two bytes a unit, the last one not 0. */
static inline bool is_usual_text(const struct binxml_value *v)
{
    size_t n = v->raw.n;
    return v->type == BINXML_STRING && n % 2 == 0 && (v->raw.p[n - 1] | v->raw.p[n - 2]);
}

static inline unsigned content(const struct binxml_value *v)
{
    if (v->raw.n == 0)
        return CONTENT_NONE;
    return v->raw.n == sizes[v->type] || is_usual_text(v) ? CONTENT_TEXT : content_of(v);
}

static bool add_item(struct shape *s, const struct binxml_value *v)
{
    unsigned found = content(v);
    size_t at = s->count;
    if (at == SHAPE_SLOTS || found == CONTENT_ODD)
        return false;
    s->words[at] = (uint16_t)(v->type | found | ITEM);
    s->slots[at] = *v;
    s->count = at + 1;
    s->bytes += v->raw.n;
    return true;
}

static bool add_items(struct shape *s, const struct binxml_value *array)
{
    struct binxml_value rest = *array, item;
    if ((array->type & ~BINXML_ARRAY) == BINXML_STREAM)
        return false;
    while (binxml_array_next(&rest, &item))
        if (!add_item(s, &item))
            return false;
    return true;
}

/* What is counted stays in registers up to the next array. */
static bool add_until_array(struct shape *s, const struct binxml_values *values, size_t *next)
{
    size_t at = s->count, bytes = s->bytes, i = *next;
    bool array = false, fits = true;
    for (; i < values->count && fits && !array; i++) {
        const struct binxml_value *v = &values->items[i];
        unsigned found = content(v);
        fits = at < SHAPE_SLOTS && found != CONTENT_ODD;
        if (fits) {
            s->words[at] = (uint16_t)(v->type | found);
            s->slots[at++] = *v;
            bytes += v->raw.n;
        }
        array = v->type & BINXML_ARRAY;
    }
    s->count = at;
    s->bytes = bytes;
    *next = i;
    return fits;
}

bool shape_add(struct shape *s, const struct binxml_values *values)
{
    for (size_t next = 0; next < values->count;) {
        if (!add_until_array(s, values, &next))
            return false;
        const struct binxml_value *last = &values->items[next - 1];
        if (binxml_is_array(last) && !add_items(s, last))
            return false;
    }
    return !values->cut;
}

static bool is_same(const struct binxml_value *a, const struct binxml_value *b)
{
    return a->raw.p == b->raw.p && a->raw.n == b->raw.n && a->type == b->type;
}

size_t shape_find(const struct shape *s, const struct binxml_value *v, size_t from)
{
    for (size_t i = from; i < s->count; i++)
        if (is_same(&s->slots[i], v))
            return i;
    for (size_t i = 0; i < from && i < s->count; i++)
        if (is_same(&s->slots[i], v))
            return i;
    return SHAPE_SLOTS;
}

bool shape_has_text(const struct shape *s, size_t slot)
{
    return s->words[slot] & CONTENT_TEXT;
}

uint64_t shape_hash(const struct shape *s, size_t from)
{
    uint64_t h = s->count, four;
    size_t at = from;
    for (; at + 4 <= s->count; at += 4) {
        memcpy(&four, s->words + at, sizeof four);
        h = (h ^ four) * 0x9E3779B97F4A7C15u;
        h ^= h >> 32;
    }
    for (; at < s->count; at++)
        h = (h ^ s->words[at]) * 0x9E3779B97F4A7C15u;
    return h ^ h >> 32;
}
