#include "search/search_screen.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* From the commonest letter to the rarest, in English texts and in paths. */
static const char by_frequency[] = "etaoinsrcldmpu.\\fgh:yb-wv_kx0123456789jqz";

static size_t frequency(char c)
{
    const char *at = c ? strchr(by_frequency, c) : NULL;
    return at ? (size_t)(at - by_frequency) : sizeof by_frequency;
}

/* Letters that are also the folded form of a character beyond ASCII (U+212A, U+017F, U+0130). */
static bool has_foreign_forms(char c)
{
    return c == 'k' || c == 's' || c == 'i';
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Texts that values without text are written as: numbers, hex, {GUID}, S-1-5, times, true, false; floats. */
static bool may_be_no_text(struct text t)
{
    static const char *const words[] = { "true", "false", "infinity", "nan" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        for (size_t at = 0; at + t.n <= strlen(words[i]); at++)
            if (memcmp(words[i] + at, t.p, t.n) == 0)
                return true;
    for (size_t i = 0; i < t.n; i++)
        if (!strchr("0123456789abcdefxstz{}-+.:", t.p[i]) || t.p[i] == '\0')
            return false;
    return true;
}

/* The longest run of it that stands in the bytes in one piece: ASCII, and no comma, which may join an array. */
static struct text plain_run(struct text needle)
{
    struct text best = { needle.p, 0 };
    for (size_t at = 0, start = 0; at <= needle.n; at++) {
        bool plain = at < needle.n && needle.p[at] >= ' ' && needle.p[at] <= '~' && needle.p[at] != ',';
        if (!plain && at - start > best.n)
            best = (struct text){ needle.p + start, at - start };
        if (!plain)
            start = at + 1;
    }
    if (best.n > SCREEN_NEEDLE)
        best.n = SCREEN_NEEDLE;
    return best;
}

void search_screen_init(struct search_screen *s, struct text needle)
{
    struct text run = plain_run(needle);
    *s = (struct search_screen){ .blind = true, .length = run.n };
    if (run.n)
        memcpy(s->needle, run.p, run.n);
    size_t best = 0;
    for (size_t i = 0; i < run.n; i++) {
        size_t rank = 1 + frequency(run.p[i]);
        if (has_foreign_forms(run.p[i]) || rank <= best)
            continue;
        best = rank;
        s->anchor = i;
    }
    /* Blind without an anchor, and for what is too short to tell anything from anything. */
    s->blind = best == 0 || run.n < 3 || may_be_no_text(run);
    for (size_t i = 0; i < needle.n; i++)
        s->letters[(uint8_t)needle.p[i] & 0x7F] = true;
}

static bool same_letter(char wanted, uint32_t unit)
{
    if (unit < 0x80)
        return ascii_lower((char)unit) == wanted;
    return has_foreign_forms(wanted);
}

/* The needle with `step` bytes a character, its anchor at `at`. */
static bool stands_at(const struct search_screen *s, struct bytes b, size_t at, size_t step)
{
    size_t before = s->anchor * step, after = (s->length - s->anchor) * step;
    if (at < before || after > b.n - at)
        return false;
    const uint8_t *p = b.p + at - before;
    for (size_t i = 0; i < s->length; i++, p += step)
        if (!same_letter(s->needle[i], step == 1 ? p[0] : (uint32_t)(p[0] | p[1] << 8)))
            return false;
    return true;
}

static bool candidate(const struct search_screen *s, struct bytes b, size_t at)
{
    return stands_at(s, b, at, 2) || stands_at(s, b, at, 1);
}

/* Bits of the 16 bytes at `p` that may be the anchor. */
#ifdef __SSE2__
static unsigned anchors(const uint8_t *p, char anchor)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    if (is_letter(anchor))
        bytes = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(anchor)));
}
#else
static unsigned anchors(const uint8_t *p, char anchor)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < 16; i++)
        bits |= (unsigned)((p[i] | (is_letter(anchor) ? 0x20 : 0)) == (uint8_t)anchor) << i;
    return bits;
}
#endif

bool search_screen_holds(const struct search_screen *s, struct bytes b)
{
    size_t at = 0;
    for (; b.n - at >= 16; at += 16)
        for (unsigned bits = anchors(b.p + at, s->needle[s->anchor]); bits; bits &= bits - 1)
            if (candidate(s, b, at + (unsigned)__builtin_ctz(bits)))
                return true;
    for (; at < b.n; at++)
        if (ascii_lower((char)b.p[at]) == s->needle[s->anchor] && candidate(s, b, at))
            return true;
    return false;
}

void search_screen_reference(struct search_screen *s, uint32_t number, enum screen_words words)
{
    uint64_t bit = 1ull << number % 64;
    size_t at = number % SCREEN_REFERENCES / 64;
    s->references |= words != SCREEN_WORDS_NOT;
    s->reference[at] |= words == SCREEN_WORDS_MATCH ? bit : 0;
    s->reference_ends[at] |= words == SCREEN_WORDS_END ? bit : 0;
}

static bool has_bit(const uint64_t *bits, uint64_t number)
{
    return bits[number / 64] >> number % 64 & 1;
}

/* What the needle goes on with may stand at `at`: some character of it, or one beyond ASCII. */
static bool goes_on(const struct search_screen *s, struct bytes b, size_t at, size_t step)
{
    if (at + step > b.n)
        return false;
    unsigned unit = step == 1 ? b.p[at] : (unsigned)(b.p[at] | b.p[at + 1] << 8);
    return unit >= 0x80 || s->letters[(uint8_t)ascii_lower((char)unit)];
}

/* The digits behind %%, with `step` bytes a character. */
static bool reference_matches(const struct search_screen *s, struct bytes b, size_t at, size_t step)
{
    uint64_t number = 0;
    size_t digits = 0;
    for (; digits < 10 && at + step <= b.n && b.p[at] >= '0' && b.p[at] <= '9'; at += step, digits++)
        number = number * 10 + (uint64_t)(b.p[at] - '0');
    if (digits == 0)
        return false;
    return number >= SCREEN_REFERENCES || has_bit(s->reference, number) ||
           (has_bit(s->reference_ends, number) && goes_on(s, b, at, step));
}

bool search_screen_refers(const struct search_screen *s, struct bytes b)
{
    const uint8_t *p = s->references && b.n ? memchr(b.p, '%', b.n) : NULL;
    for (; p; p = memchr(p + 1, '%', b.n - (size_t)(p + 1 - b.p))) {
        size_t at = (size_t)(p - b.p);
        if (at + 2 < b.n && p[1] == 0 && p[2] == '%' && reference_matches(s, b, at + 4, 2))
            return true;
        if (at + 1 < b.n && p[1] == '%' && reference_matches(s, b, at + 2, 1))
            return true;
    }
    return false;
}

/* Tokens, first the last that ends a tag; 0x40 says that more data follows, which hostile files may say at will. */
#define TOKEN_END         0x04
#define TOKEN_TEXT        0x05
#define TOKEN_CDATA       0x07
#define TOKEN_CHARACTER   0x08
#define TOKEN_ENTITY      0x09
#define TOKEN_VALUE       0x0D
#define TOKEN_VALUE_MAYBE 0x0E

#define VALUE_TYPES 0x24

static unsigned u16_at(struct bytes b, size_t at)
{
    return at + 2 <= b.n ? (unsigned)(b.p[at] | b.p[at + 1] << 8) : UINT16_MAX;
}

static bool is_plain(unsigned unit)
{
    return unit >= ' ' && unit <= '~';
}

/* Only plain characters can be part of what is looked for (plain_run). */
static bool is_plain_text(struct bytes b, size_t at, size_t units)
{
    return units == 0 || (is_plain(u16_at(b, at)) && is_plain(u16_at(b, at + 2 * units - 2)));
}

/* The name of an entity stands behind its token, or where it was met first: an offset in the chunk. */
static size_t entity_size(struct bytes b, size_t at)
{
    size_t name = u16_at(b, at + 1), length = u16_at(b, name + 6);
    if (u16_at(b, at + 3) != 0 || length == 0 || length > 64 || u16_at(b, name + 8 + 2 * length) != 0)
        return 0;
    return name == at + 5 ? 5 + 8 + 2 * length + 2 : 5;
}

/* Bytes of the piece of a value that may begin here; 0: none does. */
static size_t piece_size(struct bytes b, size_t at)
{
    size_t units;
    switch (b.p[at] & ~0x40) {
    case TOKEN_TEXT:
        units = u16_at(b, at + 2);
        return at + 1 < b.n && b.p[at + 1] == 1 && is_plain_text(b, at + 4, units) ? 4 + 2 * units : 0;
    case TOKEN_CDATA:
        units = u16_at(b, at + 1);
        return is_plain_text(b, at + 3, units) ? 3 + 2 * units : 0;
    case TOKEN_CHARACTER:
        return is_plain(u16_at(b, at + 1)) ? 3 : 0;
    case TOKEN_ENTITY:
        return entity_size(b, at);
    case TOKEN_VALUE:
    case TOKEN_VALUE_MAYBE:
        /* A value of type 0 is none; arrays have 0x80. */
        return at + 3 < b.n && (b.p[at + 3] & 0x7F) < VALUE_TYPES && b.p[at + 3] ? 4 : 0;
    default:
        return 0;
    }
}

#define TOKENS_LOOK 20u /* bytes that `tokens` reads from `p` on; it reads the one before, too */

/*
 * Bits of the 16 bytes at `p` at which a pair may begin, by the token and the bytes beside it.  Texts are full of
 * letters that look like a token: by the token alone pair_at is asked for every tenth byte.
 */
#ifdef __SSE2__
static __m128i at_least(__m128i bytes, char least) /* without a sign */
{
    return _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8(least)), bytes);
}

static __m128i is_byte(__m128i bytes, char value)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(value));
}

static __m128i bytes_at(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static unsigned tokens(const uint8_t *p)
{
    __m128i token = _mm_and_si128(bytes_at(p), _mm_set1_epi8((char)~0x40)), zero = _mm_setzero_si128();
    __m128i b1 = bytes_at(p + 1), b2 = bytes_at(p + 2), b3 = bytes_at(p + 3), b4 = bytes_at(p + 4);
    __m128i type = _mm_and_si128(b3, _mm_set1_epi8(0x7F));
    __m128i text = _mm_and_si128(is_byte(token, TOKEN_TEXT), is_byte(b1, 1));
    __m128i none = _mm_cmpeq_epi8(_mm_or_si128(b1, b2), zero), some = _mm_and_si128(at_least(b3, ' '), is_byte(b4, 0));
    __m128i cdata = _mm_and_si128(is_byte(token, TOKEN_CDATA), _mm_or_si128(none, some));
    __m128i character = _mm_and_si128(is_byte(token, TOKEN_CHARACTER), is_byte(b2, 0));
    character = _mm_and_si128(character, at_least(b1, ' '));
    __m128i entity = _mm_and_si128(is_byte(token, TOKEN_ENTITY), _mm_cmpeq_epi8(_mm_or_si128(b3, b4), zero));
    __m128i value = _mm_or_si128(is_byte(token, TOKEN_VALUE), is_byte(token, TOKEN_VALUE_MAYBE));
    value = _mm_andnot_si128(_mm_or_si128(is_byte(b3, 0), at_least(type, VALUE_TYPES)), value);
    __m128i any = _mm_or_si128(_mm_or_si128(text, cdata), _mm_or_si128(_mm_or_si128(character, entity), value));
    return (unsigned)_mm_movemask_epi8(_mm_andnot_si128(at_least(bytes_at(p - 1), TOKEN_END + 1), any));
}
#else
static unsigned tokens(const uint8_t *p)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < 16; i++)
        bits |= (unsigned)((p[i] & ~0x40) >= TOKEN_TEXT && (p[i] & ~0x40) <= TOKEN_VALUE_MAYBE) << i;
    return bits;
}
#endif

/*
 * Chance makes few pairs of pieces.  Of an empty piece that stands first none is asked for: the one before it meets it.
 * The first of all stands behind the end of a tag (0x02 to 0x04), a name or its offset, or the head of a fragment,
 * which end in zero: behind anything else it is none, or the second of a pair.
 */
static bool pair_at(struct bytes b, size_t at)
{
    if (at && b.p[at - 1] > TOKEN_END)
        return false;
    size_t size = piece_size(b, at);
    unsigned token = b.p[at] & ~0x40u;
    bool empty = (token == TOKEN_CDATA && size == 3) || (token == TOKEN_TEXT && size == 4);
    return size && !empty && at + size < b.n && piece_size(b, at + size);
}

bool search_screen_joined(struct bytes b)
{
    if (b.n && pair_at(b, 0))
        return true;
    size_t at = b.n ? 1 : 0;
    for (; b.n - at >= TOKENS_LOOK; at += 16)
        for (unsigned bits = tokens(b.p + at); bits; bits &= bits - 1)
            if (pair_at(b, at + (unsigned)__builtin_ctz(bits)))
                return true;
    for (; at < b.n; at++)
        if (pair_at(b, at))
            return true;
    return false;
}

/* An end of `a` is a beginning of `b`. */
static bool runs_into(struct text a, struct text b)
{
    for (size_t n = 1; n <= a.n && n <= b.n; n++)
        if (memcmp(a.p + a.n - n, b.p, n) == 0)
            return true;
    return false;
}

static bool contains(struct text t, struct text part)
{
    for (size_t at = 0; part.n && at + part.n <= t.n; at++)
        if (memcmp(t.p + at, part.p, part.n) == 0)
            return true;
    return false;
}

/* `before`, `after`: any text may stand there.  An empty literal between two values keeps nothing apart. */
static bool may_hold(struct text literal, struct text needle, bool before, bool after)
{
    return contains(literal, needle) || (after && runs_into(literal, needle)) ||
           (before && runs_into(needle, literal)) || (before && after && (literal.n == 0 || contains(needle, literal)));
}

/* References stand at the beginning of a value, or behind one of these (catalog_value). */
static bool is_before_words(char c)
{
    return strchr(" \t\r\n,", c) != NULL && c != '\0';
}

enum screen_words search_screen_words(struct text needle, struct text words)
{
    if (words.n == 0)
        return SCREEN_WORDS_NOT;
    if (contains(words, needle))
        return SCREEN_WORDS_MATCH;
    for (size_t at = 1; at < needle.n; at++) {
        size_t n = needle.n - at < words.n ? needle.n - at : words.n;
        if (is_before_words(needle.p[at - 1]) && memcmp(needle.p + at, words.p, n) == 0)
            return SCREEN_WORDS_MATCH;
    }
    return runs_into(words, needle) ? SCREEN_WORDS_END : SCREEN_WORDS_NOT;
}

bool search_screen_template(struct text needle, struct text t)
{
    size_t start = 0;
    for (size_t at = 0; at < t.n; at++) {
        if (t.p[at] != '%')
            continue;
        if (may_hold((struct text){ t.p + start, at - start }, needle, start > 0, true))
            return true;
        start = at + 1;
        if (start < t.n && t.p[start] == '%')
            return true; /* a percent sign: rare, and no border */
        for (int digits = 0; digits < 2 && start < t.n && t.p[start] >= '0' && t.p[start] <= '9'; digits++)
            start++;
        at = start - 1;
    }
    return needle.n == 0 || may_hold(text_from_index(t, start), needle, start > 0, false);
}
