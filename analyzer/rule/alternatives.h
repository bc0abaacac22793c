/*
 * alternatives.h - of a list of maps, those that test nothing but one field become one test of it.
 *
 * Shape:   [{A: x}, {B: y}, {A|contains: z}]  ->  A is x or contains z; B is y
 *          What any of the maps says any of the tests says, so that the field is looked up, and a long list of them
 *          is sorted (rule/sieve.h), as if the values stood in one list.  Maps that negate, or ask for all of several
 *          values, stay by themselves.
 */
#ifndef EVSCAN_RULE_ALTERNATIVES_H
#define EVSCAN_RULE_ALTERNATIVES_H

#include "rule/loading.h"

/* Joins them in place, each where the first of its field stood, and returns how many are left. */
size_t alternatives_join(struct loading *l, const struct expr **parts, size_t count);

#endif
