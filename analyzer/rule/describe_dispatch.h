/*
 * describe_dispatch.h - for which events a rule is looked up, and what it shares with other rules, in words: for
 * `rules explain`.
 *
 * Text:    one line without an end, of a rule that applies; it holds what the rule's author wrote, so it passes the
 *          escape of its sink.
 */
#ifndef EVSCAN_RULE_DESCRIBE_DISPATCH_H
#define EVSCAN_RULE_DESCRIBE_DISPATCH_H

#include "base/buf.h"
#include "rule/compiled.h"

/* "Microsoft-Windows-Sysmon/Operational (1), Security (4688)", what the log source accepts; or "any". */
void describe_channels(const struct ruleset *rules, uint32_t rule, struct buf *out);

/* The providers that the condition spells, or "any". */
void describe_providers(const struct ruleset *rules, uint32_t rule, struct buf *out);

/* The event IDs under which the rule is looked up, in ascending order, for example "7031, 7034"; or "any". */
void describe_dispatch(const struct ruleset *rules, uint32_t rule, struct buf *out);

/* The texts of which one must stand in the event before the rule is looked at, and the fields; nothing without any.  A
 * text that several rules need is searched once. */
void describe_gate(const struct ruleset *rules, uint32_t rule, struct buf *out);

/* The fields that its tests read, and how many rules read each: they are looked up once an event. */
void describe_fields(const struct ruleset *rules, uint32_t rule, struct buf *out);

/* Its selections that are also those of other rules, by a filter or a template; nothing without any.  Each is evaluated
 * once an event. */
void describe_shared(const struct ruleset *rules, uint32_t rule, struct buf *out);

#endif
