#include "rule/fold.h"

#include "base/utf.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 16u

/* A block that is all ASCII, in lower case; false, and nothing of it is of use, when it is not.  Compilers make a few
 * vector instructions of it. */
static bool fold_block(const char *in, char *out)
{
    unsigned char bits = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        unsigned char c = (unsigned char)in[i], letter = (unsigned char)(c - 'A');
        bits |= c;
        out[i] = (char)(c + (letter < 26 ? 32 : 0));
    }
    return bits < 0x80;
}

static size_t fold_slowly(struct text t, size_t at, char *out)
{
    size_t n = 0;
    while (at < t.n) {
        unsigned char c = (unsigned char)t.p[at];
        if (c < 0x80) {
            out[n++] = ascii_lower((char)c);
            at++;
        } else {
            n += utf8_put(utf_lower(utf8_next(t, &at)), out + n);
        }
    }
    return n;
}

size_t fold_into(struct text t, char *out)
{
    size_t at = 0;
    while (t.n - at >= BLOCK && fold_block(t.p + at, out + at))
        at += BLOCK;
    return at + fold_slowly(t, at, out + at);
}

/* Nothing but ASCII without capitals: folding leaves it as it is.  What has capitals mostly begins with one. */
static bool is_folded(struct text t)
{
    size_t at = 0;
    while (at < t.n && (unsigned char)t.p[at] < 0x80 && ascii_lower(t.p[at]) == t.p[at])
        at++;
    return at == t.n;
}

#ifdef __SSE2__
/* Eight units that are all ASCII, in lower case; false when they are not. */
static bool fold_units(const uint8_t *in, char *out)
{
    __m128i units = _mm_loadu_si128((const __m128i *)(const void *)in);
    __m128i beyond = _mm_and_si128(units, _mm_set1_epi16((short)0xFF80));
    if (_mm_movemask_epi8(_mm_cmpeq_epi16(beyond, _mm_setzero_si128())) != 0xFFFF)
        return false;
    __m128i c = _mm_packus_epi16(units, units);
    __m128i from_a = _mm_cmpgt_epi8(c, _mm_set1_epi8('A' - 1)), to_z = _mm_cmplt_epi8(c, _mm_set1_epi8('Z' + 1));
    __m128i letter = _mm_and_si128(from_a, to_z);
    _mm_storel_epi64((__m128i *)(void *)out, _mm_or_si128(c, _mm_and_si128(letter, _mm_set1_epi8(0x20))));
    return true;
}

/* The last eight once more where the count is no multiple of it. */
static bool fold_ascii_utf16le(struct bytes in, char *out)
{
    size_t count = in.n / 2, at = 0;
    if (count < 8)
        return false;
    for (; at + 8 <= count; at += 8)
        if (!fold_units(in.p + 2 * at, out + at))
            return false;
    return at == count || fold_units(in.p + 2 * (count - 8), out + count - 8);
}
#else
static bool fold_ascii_utf16le(struct bytes in, char *out)
{
    UNUSED(in);
    UNUSED(out);
    return false;
}
#endif

static bool fold_short_utf16le(struct bytes in, char *out)
{
    size_t count = in.n / 2;
    if (count >= 8)
        return false;
    for (size_t at = 0; at < count; at++) {
        if (in.p[2 * at] >= 0x80 || in.p[2 * at + 1])
            return false;
        out[at] = ascii_lower((char)in.p[2 * at]);
    }
    return true;
}

struct text fold_utf16le(struct arena *arena, struct bytes in)
{
    char *out = arena_open(arena, utf8_room(in.n));
    if (fold_ascii_utf16le(in, out) || fold_short_utf16le(in, out)) {
        arena_close(arena, in.n / 2);
        return (struct text){ out, in.n / 2 };
    }
    size_t n = utf8_from_utf16le(in, out);
    arena_close(arena, n);
    return fold_view(arena, (struct text){ out, n });
}

struct text fold_keep(struct arena *arena, struct text t)
{
    char *out = arena_open(arena, fold_room(t.n));
    size_t n = fold_into(t, out);
    arena_close(arena, n);
    return (struct text){ out, n };
}

struct text fold_view(struct arena *arena, struct text t)
{
    return is_folded(t) ? t : fold_keep(arena, t);
}
