/*
 * reach.h - which rules can speak about what was read: "nothing found" is worth as much as the rules that could have found
 * something.
 *
 * Shape:   every rule is asked, with nothing but its log source and what it tests of the provider and the channel, whether
 *          an event of one of the pairs that were met (finding/seen.h) could fulfil it.
 */
#ifndef EVSCAN_MATCH_REACH_H
#define EVSCAN_MATCH_REACH_H

#include "finding/partial.h"
#include "rule/ruleset.h"

/* Of the rules that apply to Windows. */
struct reach {
    size_t able;
    size_t no_channel;  /* no log of a channel of their log source was given */
    size_t no_provider; /* that is there, but no record of the provider that their condition demands */
};

/* False when it is not known which pairs there were, or nothing was read. */
bool reach_judge(const struct partial *p, const struct ruleset *rules, struct reach *ret) MUST_USE;

#endif
