/*
 * nearest.h - what a mistyped name was probably meant to be.
 *
 * Shape:   begin with the name, try every candidate, ask for the best: the one with the fewest mistakes (a letter too
 *          many, missing, wrong, or two in the wrong order), "" when none is near.  Of equally near ones the first.
 * Limits:  names of more than NEAREST_NAME bytes are near to nothing.
 */
#ifndef EVSCAN_BASE_NEAREST_H
#define EVSCAN_BASE_NEAREST_H

#include "base/bytes.h"

#define NEAREST_NAME 64

struct nearest {
    struct text wanted, best;
    size_t distance; /* of best; a candidate must be nearer */
};

struct nearest nearest_begin(struct text wanted);
void nearest_try(struct nearest *n, struct text candidate);

#endif
