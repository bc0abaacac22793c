#include "compare/known.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/times.h"
#include "base/utf.h"

static const struct text byte_order = { "\xEF\xBB\xBF", 3 };

#define GUID_LENGTH 38 /* {8-4-4-4-12} */

static bool is_guid(struct text t)
{
    if (t.n != GUID_LENGTH || t.p[0] != '{' || t.p[GUID_LENGTH - 1] != '}')
        return false;
    for (size_t i = 1; i < GUID_LENGTH - 1; i++) {
        bool dash = i == 9 || i == 14 || i == 19 || i == 24;
        bool digit = (t.p[i] >= '0' && t.p[i] <= '9') || (ascii_lower(t.p[i]) >= 'a' && ascii_lower(t.p[i]) <= 'f');
        if (dash ? t.p[i] != '-' : !digit)
            return false;
    }
    return true;
}

static bool guid_case(struct text native, struct text libyal)
{
    return is_guid(native) && text_equal_nocase(native, libyal);
}

static bool is_hex(struct text t, uint64_t *ret)
{
    return text_starts_with(t, TEXT("0x")) && text_to_u64(t, ret);
}

static bool hex_padded(struct text native, struct text libyal)
{
    uint64_t a, b;
    return is_hex(native, &a) && is_hex(libyal, &b) && a == b && (libyal.n == 10 || libyal.n == 18);
}

/* 100 ns are the unit of the value: two more digits are always 00. */
static bool time_digits(struct text native, struct text libyal)
{
    uint64_t a, b;
    return text_ends_with(libyal, TEXT("00Z")) && libyal.n == native.n + 2 && time_parse(native, &a) &&
           time_parse(libyal, &b) && a == b;
}

static bool size_decimal(struct text native, struct text libyal)
{
    uint64_t a, b;
    return is_hex(native, &a) && !text_starts_with(libyal, TEXT("0x")) && text_to_u64(libyal, &b) && a == b;
}

/* Of a negative number the library prints a minus sign and all bits but the first as they are. */
static bool negative(struct text native, struct text libyal)
{
    static const uint64_t largest[] = { INT8_MAX, INT16_MAX, INT32_MAX, INT64_MAX };
    uint64_t a, b;
    if (!text_starts_with(native, TEXT("-")) || !text_starts_with(libyal, TEXT("-")) ||
        !text_to_u64(text_from_index(native, 1), &a) || !text_to_u64(text_from_index(libyal, 1), &b))
        return false;
    for (size_t i = 0; i < COUNT_OF(largest); i++)
        if (a <= largest[i] + 1 && b == ((0 - a) & largest[i]))
            return true;
    return false;
}

static bool to_real(struct text t, double *ret)
{
    char digits[64], *end;
    if (t.n == 0 || t.n >= sizeof digits)
        return false;
    memcpy(digits, t.p, t.n);
    digits[t.n] = 0;
    *ret = strtod(digits, &end);
    return end == digits + t.n;
}

/*
 * The library prints seven digits, "3.199234e+003", and of the smallest numbers more than they have.  0x3e7 is none.
 * What is no number has one name more, "Ind", and what is infinite no sign.
 */
static bool real(struct text native, struct text libyal)
{
    double a, b;
    if (!to_real(native, &a))
        return false;
    if (text_equal(libyal, TEXT("NaN")) || text_equal(libyal, TEXT("Ind")))
        return isnan(a);
    if (text_equal(libyal, TEXT("Inf")))
        return isinf(a);
    if (text_find_char(libyal, 'x') < libyal.n || text_find_char(libyal, 'e') == libyal.n || !to_real(libyal, &b))
        return false;
    double apart = a > b ? a - b : b - a, size = b < 0 ? -b : b;
    return apart <= size * 1e-6 || (size < FLT_MIN && (float)a != 0 && (float)a == (float)b);
}

/* "(0x00000001 0x9abcdef0)" for 0x19abcdef0: the value in halves, the upper one first. */
static bool halves(struct text native, struct text libyal)
{
    uint64_t value, high, low;
    if (libyal.n != 23 || libyal.p[0] != '(' || libyal.p[11] != ' ' || libyal.p[22] != ')')
        return false;
    return is_hex(native, &value) && is_hex((struct text){ libyal.p + 1, 10 }, &high) &&
           is_hex((struct text){ libyal.p + 12, 10 }, &low) && value == (high << 32 | low);
}

/* Blanks of all kinds are one kind in an attribute, for whoever parses XML. */
static bool attribute_blanks(struct text native, struct text libyal)
{
    bool blanks = false;
    if (native.n != libyal.n)
        return false;
    for (size_t i = 0; i < native.n; i++) {
        bool blank = native.p[i] == '\n' || native.p[i] == '\t';
        if (native.p[i] != libyal.p[i] && !(blank && libyal.p[i] == ' '))
            return false;
        blanks |= blank;
    }
    return blanks;
}

static bool blank_text(struct text native, struct text libyal)
{
    return native.n > 0 && text_trim(native).n == 0 && libyal.n == 0;
}

/* Of a surrogate pair the library counts from 0xFC01 on instead of 0x10000. */
static uint32_t moved(uint32_t c)
{
    return c < 0x10000 ? c : c - 0x3FF;
}

/* At the end of a text of classic records the library has no room for the last byte of what stands for the half. */
static bool cut_replacement(struct text native, size_t at, struct text libyal, size_t other)
{
    return text_equal(text_from_index(native, at), TEXT("\xef\xbf\xbd")) &&
           text_equal(text_from_index(libyal, other), TEXT("\xef\xbf"));
}

/* Half of a surrogate pair stands alone: the library takes the character behind it along.  Others may be moved. */
static bool lone_surrogate(struct text native, struct text libyal)
{
    size_t at = 0, other = 0;
    bool seen = false;
    while (at < native.n && other < libyal.n) {
        if (cut_replacement(native, at, libyal, other))
            return true;
        uint32_t c = utf8_next(native, &at), d = utf8_next(libyal, &other);
        if (d != c && d != moved(c))
            return false;
        if (c == UTF_REPLACEMENT && at < native.n) {
            (void)utf8_next(native, &at);
            seen = true;
        }
    }
    return seen && at == native.n && other == libyal.n;
}

static bool byte_order_mark(struct text native, struct text libyal)
{
    return text_starts_with(native, byte_order) && text_equal(text_from_index(native, byte_order.n), libyal);
}

/* The same characters, but for those of evscan that `other` says the library has something else for. */
static bool same_but_for(struct text native, struct text libyal, uint32_t (*other)(uint32_t c))
{
    size_t at = 0, met = 0;
    while (at < native.n && met < libyal.n) {
        uint32_t c = utf8_next(native, &at), d = utf8_next(libyal, &met);
        if (c != d && d != other(c))
            return false;
    }
    return at == native.n && met == libyal.n;
}

static bool supplementary(struct text native, struct text libyal)
{
    return same_but_for(native, libyal, moved);
}

/* Windows-1252 has five bytes without a character: Windows makes them U+0081 .. U+009D. */
static uint32_t no_character(uint32_t c)
{
    return c >= 0x80 && c < 0xA0 ? UTF_REPLACEMENT : c;
}

static bool ansi_hole(struct text native, struct text libyal)
{
    return same_but_for(native, libyal, no_character);
}

/* What stands between the first two dashes behind "S-": [MS-DTYP] 2.4.2.1 has 12 hex digits from 2^32 on. */
static bool sid_authority(struct text native, struct text libyal)
{
    uint64_t a, b;
    if (!text_starts_with(native, TEXT("S-1-0x")) || !text_starts_with(libyal, TEXT("S-1-")))
        return false;
    native = text_from_index(native, 4);
    libyal = text_from_index(libyal, 4);
    size_t n = text_find_char(native, '-'), m = text_find_char(libyal, '-');
    return text_to_u64((struct text){ native.p, n }, &a) && text_to_u64((struct text){ libyal.p, m }, &b) && a == b &&
           text_equal(text_from_index(native, n), text_from_index(libyal, m));
}

static const struct {
    const char *name, *reason;
    bool (*explains)(struct text native, struct text libyal);
} table[KNOWN_DIFFERENCES] = {
    [KNOWN_GUID_CASE] = { "guid-case", "GUIDs: libyal writes capitals, Windows small letters since version 1709",
                          guid_case },
    [KNOWN_HEX_PADDED] = { "hex-padded", "hexadecimal integers: libyal writes 8 or 16 digits, Windows no leading zeros",
                           hex_padded },
    [KNOWN_TIME_DIGITS] = { "time-digits",
                            "times: libyal writes 9 digits of the second, Windows 7 since version 2004", time_digits },
    [KNOWN_SIZE_DECIMAL] = { "size-decimal", "values of type size_t: libyal writes them decimal, Windows 0x and hex",
                             size_decimal },
    [KNOWN_NEGATIVE] = { "negative", "negative numbers: libyal loses a part of the value", negative },
    [KNOWN_REAL] = { "real", "floating-point numbers: libyal rounds them to seven digits, and gives infinite ones no "
                             "sign", real },
    [KNOWN_HALVES] = { "halves", "arrays of 64-bit hexadecimal integers: libyal writes them in two halves", halves },
    [KNOWN_ATTRIBUTE_BLANKS] = { "attribute-blanks",
                                 "line ends in attributes: XML turns them into blanks when libyal's output is parsed",
                                 attribute_blanks },
    [KNOWN_BLANK_TEXT] = { "blank-text", "texts of blanks and line ends alone: libyal leaves them out", blank_text },
    [KNOWN_LONE_SURROGATE] = { "lone-surrogate", "half of a surrogate pair: libyal loses the character behind it",
                               lone_surrogate },
    [KNOWN_SUPPLEMENTARY] = { "supplementary",
                              "characters beyond U+FFFF: libyal takes them for those 1,023 places before",
                              supplementary },
    [KNOWN_BYTE_ORDER_MARK] = { "byte-order-mark", "U+FEFF at the beginning of a text: libyal leaves it out",
                                byte_order_mark },
    [KNOWN_ANSI_HOLE] = { "ansi-hole",
                          "bytes that are no character of windows-1252: Windows has control characters for them",
                          ansi_hole },
    [KNOWN_SID_AUTHORITY] = { "sid-authority",
                              "SIDs of an authority beyond 32 bits: libyal writes it decimal, Windows 0x and 12 digits",
                              sid_authority },
    [KNOWN_RAW_MARKUP] = { "raw-markup", "texts of type ANSI: libyal does not escape them, so that markup in them "
                                         "becomes elements", NULL },
    [KNOWN_NO_RENDERING] = { "no-rendering", "RenderingInfo behind a template: libyal leaves it out", NULL },
    [KNOWN_PADDING] = { "padding", "classic records without data: libyal takes the padding for one more, empty string",
                        NULL },
    [KNOWN_DATA_EARLY] = { "data-early",
                           "data of classic records whose SID stands behind padding: libyal begins two bytes early",
                           NULL },
};

static enum known_difference find(struct text native, struct text libyal)
{
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (table[i].explains && table[i].explains(native, libyal))
            return (enum known_difference)i;
    return KNOWN_NONE;
}

/* Behind a byte order mark the text may differ in one more way: it is told by that. */
enum known_difference known_difference(struct text native, struct text libyal)
{
    enum known_difference known = find(native, libyal);
    if (known != KNOWN_NONE || !text_starts_with(native, byte_order))
        return known;
    known = find(text_from_index(native, byte_order.n), libyal);
    return known == KNOWN_BYTE_ORDER_MARK ? KNOWN_NONE : known; /* the library leaves out one */
}

const char *known_name(enum known_difference known)
{
    return table[known].name;
}

const char *known_reason(enum known_difference known)
{
    return table[known].reason;
}
