/*
 * needle.h - texts that every match of a regular expression holds, one behind the other; and texts of which it holds
 * one.
 *
 *              net\s+user   holds net, then user          (evil|ba[dt]?)[0-9]+   holds nothing of that kind ..
 *                                                         (evil|ba[dt])\.exe    .. but evil.exe, bad.exe or bat.exe
 *
 * Sound, not complete: none is always a right answer, and what is not understood gives it.
 * Why:     \+.*\+.*\+.*\+.*\+ tries every choice of signs in a line with four of them before it gives up, and many in a
 *          line with more.  Of nothing but such signs with .* between them, the needles say all.
 * Limits:  the first NEEDLES_MAX are ordered; the longest may be one behind them.  CHOICE_MAX of the others.
 */
#ifndef EVSCAN_RULE_NEEDLE_H
#define EVSCAN_RULE_NEEDLE_H

#include "base/arena.h"

#define NEEDLES_MAX 16u

/* Folded with fold.h: to be looked for in folded text. */
struct needles {
    struct text longest; /* "" when nothing is known */
    const struct text *ordered;
    size_t count;
    bool one_line; /* nothing in the expression takes a line end */
    bool exact;    /* what holds the needles matches, if it is UTF-8 */
    const struct text *some; /* one of them stands in the text; where there are several each has three bytes or more */
    size_t some_count;
};

struct needles regex_needles(struct arena *arena, struct text pattern, bool ignore_case, bool dot_all);

/* Whether they stand in the text, each behind the end of the one before; when it is so, in one line of it. */
bool needles_stand_in(const struct needles *n, struct text folded);

#endif
