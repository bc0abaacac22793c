/*
 * needle.h - a text that every match of a regular expression holds.
 *
 * Sound, not complete: "" is always a right answer, and what is not understood gives it.
 */
#ifndef EVSCAN_RULE_NEEDLE_H
#define EVSCAN_RULE_NEEDLE_H

#include "base/arena.h"

/* The longest one, folded with fold.h: to be looked for in folded text. */
struct text regex_needle(struct arena *arena, struct text pattern, bool ignore_case);

#endif
