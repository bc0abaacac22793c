/*
 * regex_ways.h - in how many ways an expression can take a text apart, from above.
 *
 * Why:     backtracking tries them all.  An expression without two repetitions that can share a text has few, and need
 *          not be tried (suspect.h).
 * Idea:    what stands side by side is multiplied, alternatives are added, a repetition of something that fits in one
 *          way only counts as often as the text has characters.  A repetition of something that fits in several ways,
 *          references and recursion have no bound.
 */
#ifndef EVSCAN_RULE_REGEX_WAYS_H
#define EVSCAN_RULE_REGEX_WAYS_H

#include "base/bytes.h"

#define REGEX_WAYS_MANY UINT64_MAX

/* For a text of so many characters; REGEX_WAYS_MANY when it is not known. */
uint64_t regex_ways(struct text pattern, uint32_t characters);

#endif
