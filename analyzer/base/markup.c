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
/* Bits of the bytes that the form does not take as they are; those from 0x80 on are among them. */
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

/* n bytes, 1 to 16, and zeros: from two halves that may overlap, so that no byte behind them is read. */
static inline __m128i load_part(const uint8_t *p, size_t n)
{
    uint64_t low = 0, high = 0;
    if (n >= 8) {
        memcpy(&low, p, 8);
        memcpy(&high, p + n - 8, 8);
        high = n == 8 ? 0 : high >> 8 * (16 - n);
    } else if (n >= 4) {
        uint32_t first, last;
        memcpy(&first, p, 4);
        memcpy(&last, p + n - 4, 4);
        low = first | (uint64_t)last << 8 * (n - 4);
    } else {
        for (size_t i = n; i-- > 0;)
            low = low << 8 | p[i];
    }
    return _mm_set_epi64x((long long)high, (long long)low);
}

static inline __m128i load_all(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline __m128i load_most(const uint8_t *p, size_t n)
{
    return n < 16 ? load_part(p, n) : load_all(p);
}

/* Up to 16 units as bytes: those from 0x80 on become bytes from 0x80 on, or 0, which are special ones. */
static inline __m128i load_units(const uint8_t *p, size_t count, size_t readable)
{
    __m128i a, b = _mm_setzero_si128();
    if (readable >= 32) {
        a = load_all(p);
        b = load_all(p + 16);
    } else {
        a = load_most(p, 2 * count);
        if (count > 8)
            b = load_most(p + 16, 2 * (count - 8));
    }
    return _mm_packus_epi16(a, b);
}

/* How many of `count` bytes stand in front of the first special one. */
static inline size_t plain_bytes(enum markup form, __m128i v, size_t count)
{
    unsigned hit = specials(form, v) | 1u << 16;
    size_t plain = (size_t)__builtin_ctz(hit);
    return plain < count ? plain : count;
}

/* Copies units that need nothing from `*at` on, 16 at a time, and stops in front of the first other one. */
static inline size_t copy_plain_units(enum markup form, struct bytes in, size_t behind, size_t *at, char *out)
{
    size_t written = 0;
    while (in.n - *at >= 2) {
        size_t left = (in.n - *at) / 2, count = left < 16 ? left : 16;
        __m128i v = load_units(in.p + *at, count, in.n - *at + behind);
        size_t plain = plain_bytes(form, v, count);
        _mm_storeu_si128((__m128i *)(void *)(out + written), v);
        *at += 2 * plain;
        written += plain;
        if (plain < count)
            break;
    }
    return written;
}

/* The same for bytes. */
static inline size_t copy_plain_bytes(enum markup form, struct bytes in, size_t *at, char *out)
{
    size_t written = 0;
    while (*at < in.n) {
        size_t left = in.n - *at, count = left < 16 ? left : 16;
        __m128i v = load_most(in.p + *at, count);
        size_t plain = plain_bytes(form, v, count);
        _mm_storeu_si128((__m128i *)(void *)(out + written), v);
        *at += plain;
        written += plain;
        if (plain < count)
            break;
    }
    return written;
}
#else
static inline size_t copy_plain_units(enum markup form, struct bytes in, size_t behind, size_t *at, char *out)
{
    size_t written = 0;
    (void)behind;
    for (; in.n - *at >= 2; *at += 2) {
        uint32_t c = unit_at(in, *at);
        if (c >= 0x80 || special[c] & FORM(form))
            break;
        out[written++] = (char)c;
    }
    return written;
}

static inline size_t copy_plain_bytes(enum markup form, struct bytes in, size_t *at, char *out)
{
    size_t written = 0;
    for (; *at < in.n; ++*at) {
        uint8_t c = in.p[*at];
        if (c >= 0x80 || special[c] & FORM(form))
            break;
        out[written++] = (char)c;
    }
    return written;
}
#endif

/*
 * Characters done one by one before the fast way is tried again: text of other scripts does not profit from it.  Where a
 * single character had to be escaped, as each \ of a path in JSON, it goes on at once.
 */
#define ONE_BY_ONE 8

static inline size_t from_utf16(enum markup form, struct bytes in, size_t behind, char *out)
{
    size_t at = 0, written = 0;
    while (in.n - at >= 2) {
        written += copy_plain_units(form, in, behind, &at, out + written);
        for (int i = 0; i < ONE_BY_ONE && in.n - at >= 2; i++) {
            uint32_t c = unit_at(in, at);
            if (c >= 0x80) {
                written += utf8_put(allowed(form, next_utf16(in, &at)), out + written);
                continue;
            }
            at += 2;
            written += put_ascii(form, (char)c, out + written);
            if (i == 0)
                break;
        }
    }
    return written;
}

static inline size_t from_ascii(enum markup form, struct bytes in, char *out)
{
    size_t at = 0, written = 0;
    while (at < in.n) {
        written += copy_plain_bytes(form, in, &at, out + written);
        if (at < in.n && in.p[at] >= 0x80)
            return 0;
        if (at < in.n)
            written += put_ascii(form, (char)in.p[at++], out + written);
    }
    return written;
}

static inline size_t from_utf8(enum markup form, struct text in, char *out)
{
    struct bytes bytes = { (const uint8_t *)in.p, in.n };
    size_t at = 0, written = 0;
    while (at < in.n) {
        written += copy_plain_bytes(form, bytes, &at, out + written);
        for (int i = 0; i < ONE_BY_ONE && at < in.n; i++) {
            if (bytes.p[at] >= 0x80) {
                written += utf8_put(allowed(form, utf8_next(in, &at)), out + written);
                continue;
            }
            written += put_ascii(form, in.p[at++], out + written);
            if (i == 0)
                break;
        }
    }
    return written;
}

/* One loop for each form, in which it is a constant. */
#define EACH_FORM(from, form, ...)                                                                                     \
    switch (form) {                                                                                                    \
    case MARKUP_XML_TEXT:                                                                                              \
        return from(MARKUP_XML_TEXT, __VA_ARGS__);                                                                     \
    case MARKUP_XML_ATTRIBUTE:                                                                                         \
        return from(MARKUP_XML_ATTRIBUTE, __VA_ARGS__);                                                                \
    default:                                                                                                           \
        return from(MARKUP_JSON, __VA_ARGS__);                                                                         \
    }

size_t markup_utf16le(enum markup form, struct bytes in, size_t behind, char *out)
{
    EACH_FORM(from_utf16, form, in, behind, out)
}

size_t markup_ascii(enum markup form, struct bytes in, char *out)
{
    EACH_FORM(from_ascii, form, in, out)
}

size_t markup_utf8(enum markup form, struct text in, char *out)
{
    EACH_FORM(from_utf8, form, in, out)
}

bool markup_is_plain(enum markup form, struct text t)
{
    char out[16 + MARKUP_SLACK];
    struct bytes bytes = { (const uint8_t *)t.p, t.n };
    for (size_t at = 0; at < t.n;) {
        size_t end = at + 16 < t.n ? at + 16 : t.n;
        copy_plain_bytes(form, (struct bytes){ bytes.p, end }, &at, out);
        if (at < end)
            return false;
    }
    return true;
}
