/*
 * exact_sum.h - a sum of integers and floats that forgets nothing: what was added can be taken away again.
 *
 * Idea:    a fixed-point number with a bit for everything that a double can hold.  A window slides by adding and
 *          removing; with a float sum one value of 1e30 would swallow those that stay.
 * Limits:  2^60 values; sums of them fit.
 */
#ifndef EVSCAN_CORR_EXACT_SUM_H
#define EVSCAN_CORR_EXACT_SUM_H

#include <stddef.h>

#include "rule/number.h"

/* Bits from 2^-1074, the smallest double, to 2^1024 and what sums of many such need; two's complement. */
#define EXACT_SUM_LIMBS 34

struct exact_sum {
    uint64_t limbs[EXACT_SUM_LIMBS]; /* lowest first */
};

void exact_sum_add(struct exact_sum *s, const struct number *n);
void exact_sum_remove(struct exact_sum *s, const struct number *n);

/* The sum divided by `n`: exact when it is an integer of 64 bits, else the float next to it. */
struct number exact_sum_quotient(const struct exact_sum *s, size_t n);

#endif
