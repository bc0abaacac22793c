/*
 * gate.h - the texts of which one must stand in an event that a rule matches.
 *
 * Sound, not complete: "no gate" is always a right answer, the rule is then evaluated for every event of its keys.
 * Limits:  LIMIT_GATE_WORK steps for a rule set; rules behind it have no gate.
 */
#ifndef EVSCAN_RULE_GATE_H
#define EVSCAN_RULE_GATE_H

#include "rule/compiled.h"

/* Gives the applicable rules their gates and builds `literals` of the rule set. */
void gates_build(struct ruleset *rules);

#endif
