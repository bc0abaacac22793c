#include "evtx/evtx_shape.h"

/*
 * What the walk spends for a value that leaves no text stands in its word, as no hole of a layout will tell of it.  Seen:
 * a GUID of type NULL, all of its bytes there.
 */
#define STEPS_SHIFT 11u
#define STEPS_MAX   15u

#define ITEM 0x8000u /* an item of the array before it */

enum content { CONTENT_ODD = 0, CONTENT_NONE = 0x100, CONTENT_TEXTLESS = 0x200, CONTENT_TEXT = 0x400 };

enum size_rule {
    SIZE_ANY, /* all bytes are shown: binary, streams, arrays as a whole, types that nobody has described */
    SIZE_1,
    SIZE_2,
    SIZE_4,
    SIZE_8,
    SIZE_16,
    SIZE_POINTER,
    SIZE_BOOL,
    SIZE_SID,
    SIZE_TEXT,
    SIZE_ANSI,
    SIZE_NULL,
};

static const uint8_t rules[256] = {
    [BINXML_NULL] = SIZE_NULL,    [BINXML_STRING] = SIZE_TEXT, [BINXML_ANSI] = SIZE_ANSI,   [BINXML_INT8] = SIZE_1,
    [BINXML_UINT8] = SIZE_1,      [BINXML_INT16] = SIZE_2,     [BINXML_UINT16] = SIZE_2,    [BINXML_INT32] = SIZE_4,
    [BINXML_UINT32] = SIZE_4,     [BINXML_INT64] = SIZE_8,     [BINXML_UINT64] = SIZE_8,    [BINXML_FLOAT] = SIZE_4,
    [BINXML_DOUBLE] = SIZE_8,     [BINXML_BOOL] = SIZE_BOOL,   [BINXML_GUID] = SIZE_16,     [BINXML_SIZE] = SIZE_POINTER,
    [BINXML_FILETIME] = SIZE_8,   [BINXML_SYSTEMTIME] = SIZE_16, [BINXML_SID] = SIZE_SID,   [BINXML_HEX32] = SIZE_4,
    [BINXML_HEX64] = SIZE_8,      [BINXML_XML] = SIZE_TEXT,    [0x27] = SIZE_TEXT,          [0x28] = SIZE_TEXT,
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

/* What the text forms of binxml_value_text.c rely on. */
static unsigned content_of(const struct binxml_value *v)
{
    static const uint8_t sizes[] = { [SIZE_1] = 1, [SIZE_2] = 2, [SIZE_4] = 4, [SIZE_8] = 8, [SIZE_16] = 16 };
    size_t n = v->raw.n;
    enum size_rule rule = (enum size_rule)rules[v->type];
    if (n == 0)
        return CONTENT_NONE;
    switch (rule) {
    case SIZE_ANY:
        return CONTENT_TEXT;
    case SIZE_TEXT:
        return binxml_value_utf16(v).n >= 2 ? CONTENT_TEXT : textless(n);
    case SIZE_POINTER:
        return content_when(n == 4 || n == 8);
    case SIZE_BOOL:
        return content_when(n == 1 || n == 2 || n == 4 || n == 8);
    case SIZE_SID:
        return content_when(n >= 8);
    case SIZE_ANSI:
        return binxml_value_ansi(v).n ? CONTENT_TEXT : textless(n);
    case SIZE_NULL:
        return textless(n);
    default:
        return content_when(n == sizes[rule]);
    }
}

static bool add(struct shape *s, const struct binxml_value *v, unsigned flags)
{
    unsigned content = content_of(v);
    if (s->count == SHAPE_SLOTS || content == CONTENT_ODD)
        return false;
    s->words[s->count] = (uint16_t)(v->type | content | flags);
    s->slots[s->count++] = *v;
    s->bytes += v->raw.n;
    return true;
}

static bool add_items(struct shape *s, const struct binxml_value *array)
{
    struct binxml_value rest = *array, item;
    if ((array->type & ~BINXML_ARRAY) == BINXML_STREAM)
        return false;
    while (binxml_array_next(&rest, &item))
        if (!add(s, &item, ITEM))
            return false;
    return true;
}

bool shape_add(struct shape *s, const struct binxml_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        const struct binxml_value *v = &values->items[i];
        if (!add(s, v, 0) || (binxml_is_array(v) && !add_items(s, v)))
            return false;
    }
    return !values->cut;
}

size_t shape_find(const struct shape *s, const struct binxml_value *v)
{
    size_t i = 0;
    while (i < s->count &&
           !(s->slots[i].raw.p == v->raw.p && s->slots[i].raw.n == v->raw.n && s->slots[i].type == v->type))
        i++;
    return i < s->count ? i : SHAPE_SLOTS;
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
