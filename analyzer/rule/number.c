#include "rule/number.h"

#include <math.h>
#include <stdlib.h>

#define FLOAT_ROOM 64 /* longer texts are no numbers that anyone logs */

static bool parse_integer(struct text t, bool negative, struct number *ret)
{
    uint64_t magnitude;
    if (t.n == 0 || (negative && text_starts_with(t, TEXT("0x"))) || !text_to_u64(t, &magnitude))
        return false;
    *ret = (struct number){ .exact = true, .negative = negative && magnitude > 0, .magnitude = magnitude };
    return true;
}

/* strtod would also take "inf", "nan", hex floats and blanks. */
static bool is_decimal_float(struct text t)
{
    bool digit = false;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        bool sign_allowed = i > 0 && ascii_lower(t.p[i - 1]) == 'e';
        digit = digit || (c >= '0' && c <= '9');
        if (!(c >= '0' && c <= '9') && c != '.' && ascii_lower(c) != 'e' &&
            !(sign_allowed && (c == '-' || c == '+')))
            return false;
    }
    return digit;
}

static bool parse_float(struct text t, bool negative, struct number *ret)
{
    char copy[FLOAT_ROOM], *end;
    if (t.n >= sizeof copy || !is_decimal_float(t))
        return false;
    memcpy(copy, t.p, t.n);
    copy[t.n] = '\0';
    double value = strtod(copy, &end);
    if (end != copy + t.n || !isfinite(value))
        return false;
    *ret = (struct number){ .value = negative ? -value : value };
    return true;
}

bool number_parse(struct text t, struct number *ret)
{
    t = text_trim(t);
    bool negative = t.n > 0 && t.p[0] == '-';
    if (t.n > 0 && (t.p[0] == '-' || t.p[0] == '+'))
        t = text_from_index(t, 1);
    return parse_integer(t, negative, ret) || parse_float(t, negative, ret);
}

static int compare_exact(const struct number *a, const struct number *b)
{
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    int order = (a->magnitude > b->magnitude) - (a->magnitude < b->magnitude);
    return a->negative ? -order : order;
}

#define TWO_TO_64 18446744073709551616.0

/* An integer against a float: by whole part first, which is exact below 2^64, then by the fraction. */
static int compare_mixed(const struct number *a, double b)
{
    if (b >= TWO_TO_64)
        return -1;
    if (b <= -TWO_TO_64)
        return 1;
    double whole = trunc(b);
    struct number part = { .exact = true, .negative = whole < 0, .magnitude = (uint64_t)fabs(whole) };
    int order = compare_exact(a, &part);
    return order ? order : (whole > b) - (whole < b);
}

int number_order(const struct number *a, const struct number *b)
{
    if (a->exact && b->exact)
        return compare_exact(a, b);
    if (a->exact)
        return compare_mixed(a, b->value);
    if (b->exact)
        return -compare_mixed(b, a->value);
    return (a->value > b->value) - (a->value < b->value);
}

bool number_compare(const struct number *a, enum compare compare, const struct number *b)
{
    int order = number_order(a, b);
    switch (compare) {
    case COMPARE_EQUAL:
        return order == 0;
    case COMPARE_LESS:
        return order < 0;
    case COMPARE_LESS_EQUAL:
        return order <= 0;
    case COMPARE_GREATER:
        return order > 0;
    case COMPARE_GREATER_EQUAL:
        return order >= 0;
    }
    return false;
}
