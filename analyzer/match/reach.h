/*
 * reach.h - which rules can speak about the channels that were read: "nothing found" is worth as much as the rules that
 * could have found something.
 *
 * Of log sources only: a rule whose channel is there may still need a provider that left no record.
 */
#ifndef EVSCAN_MATCH_REACH_H
#define EVSCAN_MATCH_REACH_H

#include "finding/partial.h"
#include "rule/ruleset.h"

/* Of the rules that apply to Windows. */
struct reach {
    size_t able;
    size_t no_channel; /* no log of a channel of their log source was given */
};

/* From what the inputs cover.  False when that is not known, or nothing was read. */
bool reach_judge(const struct partial *p, const struct ruleset *rules, struct reach *ret) MUST_USE;

#endif
