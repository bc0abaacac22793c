/*
 * profile.h - what the rules of a scan took, on standard error: the dearest first.
 */
#ifndef EVSCAN_CLI_PROFILE_H
#define EVSCAN_CLI_PROFILE_H

#include "match/matcher.h"

/* `costs` has an item for each rule, and behind them for each correlation. */
void profile_print(struct arena *arena, const struct ruleset *rules, const struct rule_cost *costs);

#endif
