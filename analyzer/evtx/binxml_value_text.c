/* One value as text, in the form of the newest Windows. */
#include "evtx/binxml_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/times.h"
#include "base/utf.h"

static struct text text_of_utf16(struct arena *arena, struct bytes raw)
{
    while (raw.n >= 2 && raw.p[raw.n - 1 - raw.n % 2] == 0 && raw.p[raw.n - 2 - raw.n % 2] == 0)
        raw.n -= 2 + raw.n % 2;
    char *out = arena_alloc(arena, utf8_room(raw.n) + 1);
    return (struct text){ out, utf8_from_utf16le(raw, out) };
}

static struct text text_of_ansi(struct arena *arena, struct bytes raw)
{
    while (raw.n && raw.p[raw.n - 1] == 0)
        raw.n--;
    char *out = arena_alloc(arena, raw.n * 3 + 1);
    return (struct text){ out, utf8_from_cp1252(raw, out) };
}

static struct text text_of_bytes(struct arena *arena, struct bytes raw)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_alloc(arena, raw.n * 2 + 1);
    for (size_t i = 0; i < raw.n; i++) {
        out[2 * i] = digits[raw.p[i] >> 4];
        out[2 * i + 1] = digits[raw.p[i] & 15];
    }
    return (struct text){ out, raw.n * 2 };
}

static struct text text_of_number(struct arena *arena, uint64_t value, bool negative)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    if (negative)
        digits[--at] = '-';
    return text_keep(arena, (struct text){ digits + at, sizeof digits - at });
}

static struct text text_of_signed(struct arena *arena, struct bytes raw)
{
    uint64_t value = bytes_le(raw);
    bool negative = raw.p[raw.n - 1] & 0x80;
    if (negative && raw.n < 8)
        value |= UINT64_MAX << (8 * raw.n);
    return text_of_number(arena, negative ? 0 - value : value, negative);
}

static struct text text_of_hex(struct arena *arena, uint64_t value)
{
    return text_keep_format(arena, "0x%" PRIx64, value);
}

/* Written out while that is no longer than the digits a double has; the rest with an exponent. */
#define EXPONENT_MIN (-5)
#define EXPONENT_MAX 16
#define DIGITS_MAX   17

/* Digits behind the first one that are needed for the text to read back as the same number. */
static int digits_needed(double value, bool is_float)
{
    char out[40];
    for (int digits = 0; digits < DIGITS_MAX; digits++) {
        snprintf(out, sizeof out, "%.*e", digits, value);
        if (is_float ? strtof(out, NULL) == (float)value : strtod(out, NULL) == value)
            return digits;
    }
    return DIGITS_MAX - 1;
}

static struct text text_of_real(struct arena *arena, struct bytes raw)
{
    char out[40];
    double value = 0;
    float narrow = 0;
    bool is_float = raw.n == sizeof narrow;
    if (is_float)
        memcpy(&narrow, raw.p, sizeof narrow);
    else
        memcpy(&value, raw.p, sizeof value);
    if (is_float)
        value = (double)narrow;
    int digits = digits_needed(value, is_float);
    snprintf(out, sizeof out, "%.*e", digits, value);
    const char *e = strchr(out, 'e');
    int exponent = e ? atoi(e + 1) : 0; /* none: nan, inf */
    if (e && exponent >= EXPONENT_MIN && exponent <= EXPONENT_MAX)
        snprintf(out, sizeof out, "%.*f", digits > exponent ? digits - exponent : 0, value);
    return text_keep(arena, text_from(out));
}

static struct text text_of_guid(struct arena *arena, struct bytes raw)
{
    struct cursor in = cursor_at(raw, 0);
    uint32_t a = cursor_u32(&in);
    unsigned b = cursor_u16(&in), c = cursor_u16(&in);
    const uint8_t *d = raw.p + 8;
    return text_keep_format(arena, "{%08" PRIx32 "-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x}", a, b, c, d[0], d[1],
                            d[2], d[3], d[4], d[5], d[6], d[7]);
}

static struct text text_of_filetime(struct arena *arena, uint64_t ticks, bool *odd)
{
    char out[TIME_ISO_ROOM];
    if (ticks >= FILETIME_MAX)
        *odd = true;
    return text_keep(arena, time_iso(ticks, 7, out));
}

/* Printed as it stands when it is no date; no check can lose the record. */
static struct text text_of_systemtime(struct arena *arena, struct bytes raw, bool *odd)
{
    struct cursor in = cursor_at(raw, 0);
    unsigned field[8];
    for (size_t i = 0; i < COUNT_OF(field); i++)
        field[i] = cursor_u16(&in);
    if (field[1] < 1 || field[1] > 12 || field[3] < 1 || field[3] > 31)
        *odd = true;
    return text_keep_format(arena, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", field[0], field[1], field[3], field[4],
                            field[5], field[6], field[7]);
}

/* The sub-authorities that are there, whatever the count says. */
static struct text text_of_sid(struct arena *arena, struct bytes raw, bool *odd)
{
    char out[16 + 16 + 256 * 11];
    size_t n;
    uint64_t authority = 0;
    if (raw.n < 8) {
        *odd = true;
        return text_of_bytes(arena, raw);
    }
    for (size_t i = 2; i < 8; i++)
        authority = authority << 8 | raw.p[i];
    n = (size_t)snprintf(out, sizeof out, authority >> 32 ? "S-%u-0x%012" PRIX64 : "S-%u-%" PRIu64, raw.p[0], authority);
    size_t there = (raw.n - 8) / 4, count = raw.p[1];
    if (raw.n != 8 + count * 4)
        *odd = true;
    for (size_t i = 0; i < count && i < there; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "-%" PRIu32, bytes_u32(raw, 8 + 4 * i));
    return text_keep(arena, (struct text){ out, n });
}

/* Sizes that the text forms below rely on: false when the value has another one. */
static bool size_fits(const struct binxml_value *v)
{
    size_t n = v->raw.n;
    switch (v->type) {
    case BINXML_INT8:
    case BINXML_UINT8:
        return n == 1;
    case BINXML_INT16:
    case BINXML_UINT16:
        return n == 2;
    case BINXML_INT32:
    case BINXML_UINT32:
    case BINXML_HEX32:
    case BINXML_FLOAT:
        return n == 4;
    case BINXML_INT64:
    case BINXML_UINT64:
    case BINXML_HEX64:
    case BINXML_DOUBLE:
    case BINXML_FILETIME:
        return n == 8;
    case BINXML_GUID:
    case BINXML_SYSTEMTIME:
        return n == 16;
    case BINXML_SIZE:
        return n == 4 || n == 8;
    case BINXML_BOOL:
        return n == 1 || n == 2 || n == 4 || n == 8;
    default:
        return true;
    }
}

static struct text text_of_scalar(struct arena *arena, const struct binxml_value *v, bool *odd)
{
    switch (v->type) {
    case BINXML_NULL:
        return TEXT("");
    case BINXML_STRING:
    case BINXML_XML:
    case 0x27: /* reported by others, without a description: text */
    case 0x28:
        return text_of_utf16(arena, v->raw);
    case BINXML_ANSI:
        return text_of_ansi(arena, v->raw);
    case BINXML_INT8:
    case BINXML_INT16:
    case BINXML_INT32:
    case BINXML_INT64:
        return text_of_signed(arena, v->raw);
    case BINXML_UINT8:
    case BINXML_UINT16:
    case BINXML_UINT32:
    case BINXML_UINT64:
        return text_of_number(arena, bytes_le(v->raw), false);
    case BINXML_FLOAT:
    case BINXML_DOUBLE:
        return text_of_real(arena, v->raw);
    case BINXML_BOOL: /* seen: 0x8, 0x10000 */
        return bytes_le(v->raw) ? TEXT("true") : TEXT("false");
    case BINXML_GUID:
        return text_of_guid(arena, v->raw);
    case BINXML_SIZE:
    case BINXML_HEX32:
    case BINXML_HEX64:
        return text_of_hex(arena, bytes_le(v->raw));
    case BINXML_FILETIME:
        return text_of_filetime(arena, bytes_le(v->raw), odd);
    case BINXML_SYSTEMTIME:
        return text_of_systemtime(arena, v->raw, odd);
    case BINXML_SID:
        return text_of_sid(arena, v->raw, odd);
    default: /* binary, and types that nobody has described */
        return text_of_bytes(arena, v->raw);
    }
}

struct text binxml_value_text(struct arena *arena, const struct binxml_value *v, bool *odd)
{
    if (v->type == (BINXML_ARRAY | BINXML_BINARY))
        return text_of_bytes(arena, v->raw);
    if (!(v->type & BINXML_ARRAY)) {
        if (size_fits(v))
            return text_of_scalar(arena, v, odd);
        if (v->raw.n == 0)
            return TEXT("");
        *odd = true;
        return text_of_bytes(arena, v->raw);
    }
    struct binxml_value rest = *v, item;
    struct buf joined;
    buf_init(&joined);
    for (bool first = true; binxml_array_next(&rest, &item); first = false) {
        if (!first)
            buf_add_char(&joined, ',');
        struct arena_mark mark = arena_mark(arena);
        buf_add(&joined, binxml_value_text(arena, &item, odd));
        arena_rewind(arena, mark);
    }
    struct text kept = text_keep(arena, buf_text(&joined));
    buf_done(&joined);
    return kept;
}
