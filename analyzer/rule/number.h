/*
 * number.h - numbers as rules and events write them: integers exact to 64 bits, floats beyond.
 */
#ifndef EVSCAN_RULE_NUMBER_H
#define EVSCAN_RULE_NUMBER_H

#include "base/attr.h"
#include "base/bytes.h"

struct number {
    bool exact; /* an integer: sign and magnitude */
    bool negative;
    uint64_t magnitude;
    double value; /* when it is not exact */
};

enum compare { COMPARE_EQUAL, COMPARE_LESS, COMPARE_LESS_EQUAL, COMPARE_GREATER, COMPARE_GREATER_EQUAL };

/*
 * Blanks, an optional sign and decimal digits; 0x and hex digits; or a decimal float.  False when the text is
 * anything else; `*ret` is then untouched.
 */
bool number_parse(struct text t, struct number *ret) MUST_USE;

/* Below, at or above zero as `a` is less, equal or greater; how they are written does not matter. */
int number_order(const struct number *a, const struct number *b);

/* a ? b */
bool number_compare(const struct number *a, enum compare compare, const struct number *b);

#endif
