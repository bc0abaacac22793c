/* One value as text, in the form of the newest Windows. */
#include "evtx/binxml_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/codepage.h"
#include "base/cursor.h"
#include "base/digits.h"
#include "base/times.h"
#include "base/utf.h"

static struct text text_of_utf16(struct arena *arena, struct bytes raw)
{
    char *out = arena_open(arena, utf8_room(raw.n));
    size_t n = utf8_from_utf16le(raw, out);
    arena_close(arena, n);
    return (struct text){ out, n };
}

static struct text text_of_ansi(struct arena *arena, struct bytes raw)
{
    char *out = arena_open(arena, raw.n * 3);
    size_t n = utf8_from_ansi(raw, out);
    arena_close(arena, n);
    return (struct text){ out, n };
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

/* A number of `n` bytes, where the compiler knows how many; other sizes give no text here. */
static inline size_t put_unsigned(char *out, struct bytes raw, size_t n)
{
    return raw.n == n ? digits_put(out, bytes_le((struct bytes){ raw.p, n })) : 0;
}

static inline size_t put_signed(char *out, struct bytes raw, size_t n)
{
    if (raw.n != n || !(raw.p[n - 1] & 0x80))
        return put_unsigned(out, raw, n);
    uint64_t value = bytes_le((struct bytes){ raw.p, n });
    if (n < 8)
        value |= UINT64_MAX << (8 * n);
    *out = '-';
    return 1 + digits_put(out + 1, 0 - value);
}

static inline size_t put_hex(char *out, struct bytes raw, size_t n)
{
    if (raw.n != n)
        return 0;
    memcpy(out, "0x", 2);
    return 2 + digits_put_hex(out + 2, bytes_le((struct bytes){ raw.p, n }));
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

/* Where the digits of each byte stand: the first three parts are numbers, the rest is not. */
static size_t put_guid(char *out, struct bytes raw)
{
    static const uint8_t place[16] = { 7, 5, 3, 1, 12, 10, 17, 15, 20, 22, 25, 27, 29, 31, 33, 35 };
    out[0] = '{';
    out[9] = out[14] = out[19] = out[24] = '-';
    for (size_t i = 0; i < COUNT_OF(place); i++)
        digits_put_byte(out + place[i], raw.p[i]);
    out[37] = '}';
    return 38;
}

static size_t put_filetime(char *out, struct bytes raw, bool *odd)
{
    if (raw.n != 8)
        return 0;
    uint64_t ticks = bytes_le((struct bytes){ raw.p, 8 });
    if (ticks >= FILETIME_MAX)
        *odd = true;
    return time_iso(ticks, 7, out).n;
}

/* Seen: 0x8, 0x10000. */
static size_t put_bool(char *out, struct bytes raw)
{
    bool value = bytes_le(raw);
    memcpy(out, value ? "true\0" : "false", 5);
    return value ? 4 : 5;
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

static size_t put_authority(char *out, struct bytes raw)
{
    uint64_t authority = 0;
    for (size_t i = 2; i < 8; i++)
        authority = authority << 8 | raw.p[i];
    if (authority >> 32)
        return (size_t)snprintf(out, 16, "0x%012" PRIX64, authority);
    return digits_put(out, authority);
}

/* The sub-authorities that are there, whatever the count says. */
static size_t put_sid(char *out, struct bytes raw, bool *odd)
{
    size_t n = 2, there = (raw.n - 8) / 4, count = raw.p[1];
    memcpy(out, "S-", 2);
    n += digits_put(out + n, raw.p[0]);
    out[n++] = '-';
    n += put_authority(out + n, raw);
    if (raw.n != 8 + count * 4)
        *odd = true;
    for (size_t i = 0; i < count && i < there; i++) {
        out[n++] = '-';
        n += digits_put(out + n, bytes_u32(raw, 8 + 4 * i));
    }
    return n;
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

size_t binxml_value_put(const struct binxml_value *v, char *out, bool *odd)
{
    struct bytes raw = v->raw;
    if (raw.n == 0)
        return 0;
    switch (v->type) {
    case BINXML_INT8:
        return put_signed(out, raw, 1);
    case BINXML_INT16:
        return put_signed(out, raw, 2);
    case BINXML_INT32:
        return put_signed(out, raw, 4);
    case BINXML_INT64:
        return put_signed(out, raw, 8);
    case BINXML_UINT8:
        return put_unsigned(out, raw, 1);
    case BINXML_UINT16:
        return put_unsigned(out, raw, 2);
    case BINXML_UINT32:
        return put_unsigned(out, raw, 4);
    case BINXML_UINT64:
        return put_unsigned(out, raw, 8);
    case BINXML_HEX32:
        return put_hex(out, raw, 4);
    case BINXML_HEX64:
        return put_hex(out, raw, 8);
    case BINXML_SIZE:
        return put_hex(out, raw, raw.n == 4 ? 4 : 8);
    case BINXML_BOOL:
        return size_fits(v) ? put_bool(out, raw) : 0;
    case BINXML_GUID:
        return raw.n == 16 ? put_guid(out, raw) : 0;
    case BINXML_FILETIME:
        return put_filetime(out, raw, odd);
    case BINXML_SID:
        return raw.n < 8 ? 0 : put_sid(out, raw, odd);
    default:
        return 0;
    }
}

static struct text text_of_scalar(struct arena *arena, const struct binxml_value *v, bool *odd)
{
    if (binxml_is_text(v->type))
        return text_of_utf16(arena, binxml_value_utf16(v));
    char *out = arena_open(arena, BINXML_PUT_ROOM);
    size_t n = binxml_value_put(v, out, odd);
    if (n) {
        arena_close(arena, n);
        return (struct text){ out, n };
    }
    switch (v->type) {
    case BINXML_NULL:
        return TEXT("");
    case BINXML_ANSI:
        return text_of_ansi(arena, binxml_value_ansi(v));
    case BINXML_FLOAT:
    case BINXML_DOUBLE:
        return text_of_real(arena, v->raw);
    case BINXML_SYSTEMTIME:
        return text_of_systemtime(arena, v->raw, odd);
    case BINXML_SID: /* too short to be one */
        *odd = true;
        return text_of_bytes(arena, v->raw);
    default: /* binary, and types that nobody has described */
        return text_of_bytes(arena, v->raw);
    }
}

struct text binxml_value_text(struct arena *arena, const struct binxml_value *v, bool *odd)
{
    if (v->type == (BINXML_ARRAY | BINXML_BINARY))
        return text_of_bytes(arena, v->raw);
    if (!(v->type & BINXML_ARRAY)) {
        if (v->raw.n == 0) /* of any type: nothing in it is odd */
            return TEXT("");
        if (size_fits(v))
            return text_of_scalar(arena, v, odd);
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
