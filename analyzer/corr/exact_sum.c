#include "corr/exact_sum.h"

#include <math.h>

#define POINT    1074 /* bits behind the binary point */

/* Adds `value` with its lowest bit at `bit`, or takes it away. */
static void bits_change(struct exact_sum *s, uint64_t value, unsigned bit, bool subtract)
{
    unsigned at = bit / 64, shift = bit % 64;
    uint64_t parts[2] = { value << shift, shift ? value >> (64 - shift) : 0 };
    uint64_t carry = 0;
    for (unsigned i = at; i < EXACT_SUM_LIMBS && (i < at + 2 || carry); i++) {
        uint64_t part = i < at + 2 ? parts[i - at] : 0, old = s->limbs[i];
        uint64_t now = subtract ? old - part - carry : old + part + carry;
        carry = subtract ? (old < part || old - part < carry) : (now < old || (carry && now == old));
        s->limbs[i] = now;
    }
}

static void change(struct exact_sum *s, const struct number *n, bool subtract)
{
    if (n->exact) {
        bits_change(s, n->magnitude, POINT, subtract != n->negative);
        return;
    }
    int exponent;
    double mantissa = frexp(fabs(n->value), &exponent); /* 53 bits behind the point */
    int bit = exponent - 53 + POINT;
    /* Of the smallest doubles fewer bits are used. */
    uint64_t whole = (uint64_t)ldexp(mantissa, bit < 0 ? 53 + bit : 53);
    bits_change(s, whole, bit < 0 ? 0 : (unsigned)bit, subtract != (n->value < 0));
}

void exact_sum_add(struct exact_sum *s, const struct number *n)
{
    change(s, n, false);
}

void exact_sum_remove(struct exact_sum *s, const struct number *n)
{
    change(s, n, true);
}

static bool is_negative(const struct exact_sum *s)
{
    return s->limbs[EXACT_SUM_LIMBS - 1] >> 63;
}

static struct exact_sum magnitude(const struct exact_sum *s)
{
    struct exact_sum ret = *s;
    uint64_t carry = 1;
    for (size_t i = 0; is_negative(s) && i < EXACT_SUM_LIMBS; i++) {
        ret.limbs[i] = ~s->limbs[i] + carry;
        carry = carry && ret.limbs[i] == 0;
    }
    return ret;
}

/* 64 bits from `bit` on. */
static uint64_t bits_at(const struct exact_sum *s, unsigned bit)
{
    unsigned at = bit / 64, shift = bit % 64;
    uint64_t low = s->limbs[at] >> shift;
    return shift && at + 1 < EXACT_SUM_LIMBS ? low | s->limbs[at + 1] << (64 - shift) : low;
}

static bool any_bit_below(const struct exact_sum *s, unsigned bit)
{
    for (unsigned i = 0; i < bit / 64; i++)
        if (s->limbs[i])
            return true;
    return bit % 64 && s->limbs[bit / 64] << (64 - bit % 64);
}

static unsigned length(const struct exact_sum *s)
{
    unsigned n = EXACT_SUM_LIMBS * 64;
    while (n > 0 && !(s->limbs[(n - 1) / 64] >> (n - 1) % 64 & 1))
        n--;
    return n;
}

/* The highest 64 bits; what is below them counts as half a bit, so that one rounding is left. */
static long double approximate(const struct exact_sum *s)
{
    unsigned n = length(s), from = n > 64 ? n - 64 : 0;
    uint64_t top = bits_at(s, from) | any_bit_below(s, from);
    return ldexpl((long double)top, (int)from - POINT);
}

struct number exact_sum_quotient(const struct exact_sum *s, size_t n)
{
    struct exact_sum m = magnitude(s);
    uint64_t whole = bits_at(&m, POINT);
    bool negative = is_negative(s);
    if (length(&m) <= POINT + 64 && !any_bit_below(&m, POINT) && whole % n == 0)
        return (struct number){ .exact = true, .negative = negative && whole, .magnitude = whole / n };
    double value = (double)(approximate(&m) / (long double)n);
    return (struct number){ .value = negative ? -value : value };
}
