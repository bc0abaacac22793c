#include "evtx/binxml_value.h"

#include "base/cursor.h"

bool binxml_instance_read(struct bytes view, const struct moved *moved, size_t at, struct binxml_instance *ret)
{
    struct cursor in = cursor_at(view, at);
    cursor_take(&in, 2);
    ret->id = cursor_u32(&in);
    ret->definition = cursor_u32(&in);
    if (ret->definition == in.at || (moved && moved_inline(moved, in.at))) {
        cursor_take(&in, BINXML_DEFINITION_HEAD - 4);
        cursor_take(&in, cursor_u32(&in));
    }
    ret->values = in.at;
    return !in.overrun;
}

bool binxml_values_skip(struct bytes view, size_t at, size_t *ret)
{
    struct cursor in = cursor_at(view, at);
    uint32_t count = cursor_u32(&in);
    if (in.overrun || count > cursor_left(&in) / 4)
        return false;
    struct cursor sizes = in;
    cursor_take(&in, (size_t)count * 4);
    for (uint32_t i = 0; i < count; i++)
        cursor_take(&in, cursor_u32(&sizes) & 0xFFFF);
    *ret = in.at;
    return !in.overrun;
}

void binxml_values_read(struct arena *arena, struct bytes view, size_t at, struct binxml_values *ret, size_t *end)
{
    struct cursor in = cursor_at(view, at);
    uint32_t count = cursor_u32(&in);
    *ret = (struct binxml_values){ .cut = true };
    *end = view.n;
    if (in.overrun || count > cursor_left(&in) / 4)
        return;
    struct bytes sizes = cursor_take(&in, (size_t)count * 4);
    ret->items = arena_alloc_raw(arena, count * sizeof *ret->items);
    ret->count = count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t head = (uint32_t)bytes_le((struct bytes){ sizes.p + 4 * i, 4 });
        struct bytes left = bytes_part(view, in.at, view.n);
        ret->items[i].raw = cursor_take(&in, head & 0xFFFF);
        ret->items[i].type = (uint8_t)(head >> 16);
        if (in.overrun && ret->items[i].type == BINXML_STREAM)
            ret->items[i].raw = left;
        ret->items[i].missing = in.overrun;
    }
    ret->cut = in.overrun;
    *end = in.at;
}

/* Bytes of one item of a fixed size; 0 for types that have none. */
static size_t fixed_size(uint8_t type)
{
    static const uint8_t sizes[] = {
        [BINXML_INT8] = 1,   [BINXML_UINT8] = 1, [BINXML_INT16] = 2, [BINXML_UINT16] = 2,   [BINXML_INT32] = 4,
        [BINXML_UINT32] = 4, [BINXML_INT64] = 8, [BINXML_UINT64] = 8, [BINXML_FLOAT] = 4,   [BINXML_DOUBLE] = 8,
        [BINXML_BOOL] = 4,   [BINXML_GUID] = 16, [BINXML_SIZE] = 8,  [BINXML_FILETIME] = 8, [BINXML_SYSTEMTIME] = 16,
        [BINXML_HEX32] = 4,  [BINXML_HEX64] = 8,
    };
    return type < sizeof sizes ? sizes[type] : 0;
}

/* Up to the next 0000 (UTF-16) or 00; `*ended` says whether it is there. */
static size_t string_length(struct bytes raw, size_t width)
{
    for (size_t at = 0; at + width <= raw.n; at += width)
        if (raw.p[at] == 0 && raw.p[at + width - 1] == 0)
            return at;
    return raw.n;
}

static size_t item_size(const struct binxml_value *array, uint8_t type, size_t *behind)
{
    struct bytes raw = array->raw;
    *behind = 0;
    if (type == BINXML_STRING || type == BINXML_ANSI) {
        size_t width = type == BINXML_STRING ? 2 : 1;
        size_t n = string_length(raw, width);
        *behind = raw.n - n < width ? raw.n - n : width;
        return n;
    }
    if (type == BINXML_SID)
        return raw.n > 1 ? 8 + (size_t)raw.p[1] * 4 : raw.n;
    size_t fixed = fixed_size(type);
    return fixed ? fixed : raw.n;
}

bool binxml_array_next(struct binxml_value *array, struct binxml_value *item)
{
    size_t behind;
    if (array->raw.n == 0)
        return false;
    /* A pointer is as wide as the system that wrote it, and nothing says how wide that was: a whole that is no
     * multiple of 8 was one of 4.  Both are shown alike. */
    if (array->type == (BINXML_ARRAY | BINXML_SIZE) && array->raw.n % 8 != 0)
        array->type = BINXML_ARRAY | BINXML_HEX32;
    uint8_t type = array->type & (uint8_t)~BINXML_ARRAY;
    size_t n = item_size(array, type, &behind);
    *item = (struct binxml_value){ .raw = bytes_part(array->raw, 0, n), .type = type };
    array->raw = bytes_part(array->raw, n + behind, array->raw.n);
    return true;
}

static int64_t sign_extended(uint64_t value, size_t bytes)
{
    unsigned shift = (unsigned)(64 - 8 * bytes);
    uint64_t sign = (uint64_t)1 << (8 * bytes - 1);
    value = value << shift >> shift;
    return (int64_t)((value ^ sign) - sign);
}

/* The sizes that numbers have are known to the compiler here. */
static inline uint64_t number_of(struct bytes raw)
{
    switch (raw.n) {
    case 1:
        return raw.p[0];
    case 2:
        return bytes_le((struct bytes){ raw.p, 2 });
    case 4:
        return bytes_le((struct bytes){ raw.p, 4 });
    default:
        return bytes_le((struct bytes){ raw.p, 8 });
    }
}

bool binxml_value_u64(const struct binxml_value *v, uint64_t *ret)
{
    size_t fixed = fixed_size(v->type);
    if (v->missing || fixed == 0 || v->type == BINXML_GUID || v->type == BINXML_SYSTEMTIME ||
        v->type == BINXML_FLOAT || v->type == BINXML_DOUBLE || v->type == BINXML_BOOL)
        return false;
    if (v->raw.n != fixed && !(v->type == BINXML_SIZE && v->raw.n == 4))
        return false;
    *ret = number_of(v->raw);
    bool is_signed = v->type == BINXML_INT8 || v->type == BINXML_INT16 || v->type == BINXML_INT32 ||
                     v->type == BINXML_INT64;
    return !is_signed || sign_extended(*ret, v->raw.n) >= 0;
}
