#include "base/markup.h"

#include "base/utf.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define FORM(form) (uint8_t)(1u << (form))
#define XML        (FORM(MARKUP_XML_TEXT) | FORM(MARKUP_XML_ATTRIBUTE))
#define ALL        (XML | FORM(MARKUP_JSON))
#define CONTROLS   ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL

/* ASCII characters that a form does not take as they are. */
static const uint8_t special[128] = {
    CONTROLS,   CONTROLS,   CONTROLS,   CONTROLS,
    ['"'] = FORM(MARKUP_JSON), ['\\'] = FORM(MARKUP_JSON),
    ['&'] = XML, ['<'] = XML, ['>'] = XML, ['\''] = FORM(MARKUP_XML_ATTRIBUTE),
};

static size_t put(char *out, struct text t)
{
    memcpy(out, t.p, t.n);
    return t.n;
}

static size_t put_xml(char c, char *out)
{
    switch (c) {
    case '&':
        return put(out, TEXT("&amp;"));
    case '<':
        return put(out, TEXT("&lt;"));
    case '>':
        return put(out, TEXT("&gt;"));
    case '\'':
        return put(out, TEXT("&apos;"));
    case '\t':
        return put(out, TEXT("&#9;"));
    case '\n':
        return put(out, TEXT("&#10;"));
    case '\r':
        return put(out, TEXT("&#13;"));
    default:
        return utf8_put(UTF_REPLACEMENT, out);
    }
}

static size_t put_json(char c, char *out)
{
    static const char names[32] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r' };
    unsigned code = (unsigned char)c;
    char name = code < sizeof names ? names[code] : c;
    out[0] = '\\';
    if (name) {
        out[1] = name;
        return 2;
    }
    memcpy(out + 1, "u00", 3);
    out[4] = (char)('0' + (code >> 4));
    out[5] = "0123456789abcdef"[code & 15];
    return 6;
}

static size_t put_ascii(enum markup form, char c, char *out)
{
    if (!(special[(unsigned char)c] & FORM(form))) {
        *out = c;
        return 1;
    }
    return form == MARKUP_JSON ? put_json(c, out) : put_xml(c, out);
}

/* XML has no U+FFFE and U+FFFF. */
static uint32_t allowed(enum markup form, uint32_t c)
{
    return form != MARKUP_JSON && (c == 0xFFFE || c == 0xFFFF) ? UTF_REPLACEMENT : c;
}

static uint32_t unit_at(struct bytes in, size_t at)
{
    return (uint32_t)in.p[at] | (uint32_t)in.p[at + 1] << 8;
}

/* The character at `*at`, which moves behind it; a surrogate without its other half is U+FFFD. */
static uint32_t next_utf16(struct bytes in, size_t *at)
{
    uint32_t c = unit_at(in, *at);
    *at += 2;
    if (c < 0xD800 || c >= 0xE000)
        return c;
    if (c < 0xDC00 && *at + 2 <= in.n) {
        uint32_t low = unit_at(in, *at);
        if (low >= 0xDC00 && low < 0xE000) {
            *at += 2;
            return 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    return UTF_REPLACEMENT;
}

#ifdef __SSE2__
/* Bits of the bytes, all below 0x80, that the form does not take as they are. */
static inline unsigned specials(enum markup form, __m128i v)
{
    __m128i hit = _mm_cmplt_epi8(v, _mm_set1_epi8(' '));
    if (form == MARKUP_JSON) {
        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
    } else {
        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, _mm_set1_epi8('&')));
        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, _mm_set1_epi8('<')));
        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, _mm_set1_epi8('>')));
        if (form == MARKUP_XML_ATTRIBUTE)
            hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, _mm_set1_epi8('\'')));
    }
    return (unsigned)_mm_movemask_epi8(hit);
}

/* Copies units that need nothing from `*at` on, 8 or 16 at a time, and stops in front of the first other one. */
static inline size_t copy_plain(enum markup form, struct bytes in, size_t *at, char *out)
{
    const __m128i beyond = _mm_set1_epi16((short)0xFF80);
    size_t written = 0;
    while (*at + 16 <= in.n) {
        bool two = *at + 32 <= in.n;
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(in.p + *at));
        __m128i b = two ? _mm_loadu_si128((const __m128i *)(const void *)(in.p + *at + 16)) : a;
        /* Below 0x80 all of them: packing to bytes then keeps the values. */
        __m128i high = _mm_and_si128(_mm_or_si128(a, b), beyond);
        if (_mm_movemask_epi8(_mm_cmpeq_epi16(high, _mm_setzero_si128())) != 0xFFFF)
            return written;
        __m128i v = _mm_packus_epi16(a, b);
        unsigned hit = specials(form, v), count = two ? 16 : 8;
        _mm_storeu_si128((__m128i *)(void *)(out + written), v);
        unsigned plain = hit ? (unsigned)__builtin_ctz(hit) : 16;
        if (plain < count) {
            *at += 2 * (size_t)plain;
            return written + plain;
        }
        *at += 2 * (size_t)count;
        written += count;
    }
    return written;
}
#else
static inline size_t copy_plain(enum markup form, struct bytes in, size_t *at, char *out)
{
    size_t written = 0;
    for (; *at + 2 <= in.n; *at += 2) {
        uint32_t c = unit_at(in, *at);
        if (c >= 0x80 || special[c] & FORM(form))
            break;
        out[written++] = (char)c;
    }
    return written;
}
#endif

/* Units done one by one before the fast way is tried again: text of other scripts does not profit from it. */
#define ONE_BY_ONE 8

static inline size_t from_utf16(enum markup form, struct bytes in, char *out)
{
    size_t at = 0, written = 0;
    while (at + 2 <= in.n) {
        written += copy_plain(form, in, &at, out + written);
        for (int i = 0; i < ONE_BY_ONE && at + 2 <= in.n; i++) {
            uint32_t c = unit_at(in, at);
            if (c < 0x80) {
                at += 2;
                written += put_ascii(form, (char)c, out + written);
            } else {
                written += utf8_put(allowed(form, next_utf16(in, &at)), out + written);
            }
        }
    }
    return written;
}

size_t markup_utf16le(enum markup form, struct bytes in, char *out)
{
    switch (form) { /* one loop each, in which the form is a constant */
    case MARKUP_XML_TEXT:
        return from_utf16(MARKUP_XML_TEXT, in, out);
    case MARKUP_XML_ATTRIBUTE:
        return from_utf16(MARKUP_XML_ATTRIBUTE, in, out);
    default:
        return from_utf16(MARKUP_JSON, in, out);
    }
}

bool markup_is_plain(enum markup form, struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        if ((t.p[i] & 0x80) || special[(unsigned char)t.p[i]] & FORM(form))
            return false;
    return true;
}

size_t markup_utf8(enum markup form, struct text in, char *out)
{
    size_t written = 0;
    for (size_t at = 0; at < in.n;) {
        char c = in.p[at];
        if ((unsigned char)c < 0x80) {
            at++;
            written += put_ascii(form, c, out + written);
        } else {
            written += utf8_put(allowed(form, utf8_next(in, &at)), out + written);
        }
    }
    return written;
}
