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

/* How far a rule comes that applies to Windows. */
enum reach_of_rule {
    REACH_NO_CHANNEL,  /* no log of a channel of its log source was given */
    REACH_NO_PROVIDER, /* that is there, but no record of the provider that its condition demands */
    REACH_ABLE,
};

/* Of the rules that apply to Windows. */
struct reach {
    size_t able, no_channel, no_provider;
    const enum reach_of_rule *of_rule; /* by rule, without the correlations; in the arena that was given */
};

/* False when it is not known which pairs there were, or nothing was read. */
bool reach_judge(struct arena *arena, const struct partial *p, const struct ruleset *rules, struct reach *ret) MUST_USE;

#endif
