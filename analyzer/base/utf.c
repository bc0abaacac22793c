#define _GNU_SOURCE /* towlower_l */
#include "base/utf.h"

#include <locale.h>
#include <pthread.h>
#include <wchar.h>
#include <wctype.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/attr.h"

size_t utf8_put(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static uint32_t unit_at(struct bytes in, size_t at)
{
    return (uint32_t)in.p[at] | (uint32_t)in.p[at + 1] << 8;
}

static bool is_high(uint32_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(uint32_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

/* Eight units of ASCII at a time, as long as there are so many.  Returns how many were converted. */
static size_t ascii_from_utf16le(struct bytes in, size_t at, char *out)
{
    size_t count = 0;
#ifdef __SSE2__
    const __m128i beyond = _mm_set1_epi16((short)0xFF80);
    for (; at + 2 * count + 16 <= in.n; count += 8) {
        __m128i units = _mm_loadu_si128((const __m128i *)(const void *)(in.p + at + 2 * count));
        if (_mm_movemask_epi8(_mm_cmpeq_epi16(_mm_and_si128(units, beyond), _mm_setzero_si128())) != 0xFFFF)
            break;
        _mm_storel_epi64((__m128i *)(void *)(out + count), _mm_packus_epi16(units, units));
    }
#else
    UNUSED(in);
    UNUSED(at);
    UNUSED(out);
#endif
    return count;
}

size_t utf8_from_utf16le(struct bytes in, char *out)
{
    size_t written = ascii_from_utf16le(in, 0, out);
    for (size_t at = 2 * written; at + 2 <= in.n; at += 2) {
        uint32_t c = unit_at(in, at);
        if (c < 0x80) {
            out[written++] = (char)c;
            continue;
        }
        if (is_high(c) && at + 4 <= in.n && is_low(unit_at(in, at + 2))) {
            c = 0x10000 + ((c - 0xD800) << 10) + (unit_at(in, at + 2) - 0xDC00);
            at += 2;
        } else if (is_high(c) || is_low(c)) {
            c = UTF_REPLACEMENT;
        }
        written += utf8_put(c, out + written);
    }
    return written;
}

/* 0x80..0x9F of Windows-1252; the five unassigned ones stay control characters, as Windows does it. */
static const uint16_t cp1252_high[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

size_t utf8_from_cp1252(struct bytes in, char *out)
{
    size_t written = 0;
    for (size_t i = 0; i < in.n; i++) {
        uint8_t b = in.p[i];
        written += utf8_put(b >= 0x80 && b < 0xA0 ? cp1252_high[b - 0x80] : b, out + written);
    }
    return written;
}

/* Length of a sequence by its first byte, 0 for bytes that start none; the smallest code point it may hold. */
static size_t sequence_length(unsigned char first, uint32_t *bits, uint32_t *smallest)
{
    if (first >= 0xC2 && first < 0xE0) {
        *bits = first & 0x1Fu;
        *smallest = 0x80;
        return 2;
    }
    if (first >= 0xE0 && first < 0xF0) {
        *bits = first & 0x0Fu;
        *smallest = 0x800;
        return 3;
    }
    if (first >= 0xF0 && first < 0xF5) {
        *bits = first & 0x07u;
        *smallest = 0x10000;
        return 4;
    }
    return 0;
}

/* The code point at `at` and its length; length 0 where the bytes are no UTF-8. */
static size_t decode(struct text t, size_t at, uint32_t *ret)
{
    unsigned char first = (unsigned char)t.p[at];
    if (first < 0x80) {
        *ret = first;
        return 1;
    }
    uint32_t c = 0, smallest = 0;
    size_t length = sequence_length(first, &c, &smallest);
    if (length == 0 || length > t.n - at)
        return 0;
    for (size_t i = 1; i < length; i++) {
        unsigned char next = (unsigned char)t.p[at + i];
        if ((next & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (next & 0x3Fu);
    }
    if (c < smallest || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        return 0;
    *ret = c;
    return length;
}

uint32_t utf8_next(struct text t, size_t *at)
{
    uint32_t c;
    size_t length = decode(t, *at, &c);
    *at += length ? length : 1;
    return length ? c : UTF_REPLACEMENT;
}

bool utf8_valid(struct text t)
{
    for (size_t at = 0; at < t.n;) {
        uint32_t c;
        size_t length = decode(t, at, &c);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

/*
 * glibc carries Unicode's tables in its built-in C.UTF-8 locale; one table for the first plane makes the
 * mapping one load and independent of the user's locale.
 */
static uint16_t lower_table[0x10000];
static int8_t width_table[0x10000];
static locale_t unicode;
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static int width_of(uint32_t c)
{
    int width = wcwidth((wchar_t)c);
    return width < 0 ? 0 : width;
}

static void tables_fill(void)
{
    unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = unicode ? uselocale(unicode) : (locale_t)0;
    for (uint32_t c = 0; c < 0x10000; c++) {
        wint_t lower = unicode ? towlower_l((wint_t)c, unicode) : towlower((wint_t)c);
        lower_table[c] = lower < 0x10000 ? (uint16_t)lower : (uint16_t)c;
        width_table[c] = (int8_t)width_of(c);
    }
    if (unicode)
        uselocale(before);
}

uint32_t utf_lower(uint32_t c)
{
    if (c < 0x80)
        return (unsigned char)ascii_lower((char)c);
    pthread_once(&tables_once, tables_fill);
    if (c < 0x10000)
        return lower_table[c];
    return unicode ? (uint32_t)towlower_l((wint_t)c, unicode) : c;
}

int utf_width(uint32_t c)
{
    pthread_once(&tables_once, tables_fill);
    if (c < 0x10000)
        return width_table[c];
    /* Emoji and the ideographs of plane 2 and 3 are wide; tags and variation selectors take no room. */
    if (c >= 0x1F300 && c < 0x1FB00)
        return 2;
    if (c >= 0x20000 && c < 0x40000)
        return 2;
    return c >= 0xE0000 && c < 0xE0200 ? 0 : 1;
}
