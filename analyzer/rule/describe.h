/*
 * describe.h - compiled tests in words, for `rules explain` and `rules why-not`.
 *
 * Text:    one line without an end; it holds what the rule's author wrote, so it passes the escape of its sink.
 */
#ifndef EVSCAN_RULE_DESCRIBE_H
#define EVSCAN_RULE_DESCRIBE_H

#include "base/buf.h"
#include "rule/compiled.h"

/* `Data[1] ends with "clusres.dll"`: of many values the first `most`. */
void describe_item(const struct ruleset *rules, const struct item *item, size_t most, struct buf *out);

/* "windows, service system" */
void describe_source(const struct ruleset *rules, const struct rule *rule, struct buf *out);

/* The event IDs under which the rule is looked up, in ascending order, for example "7031, 7034"; or "any". */
void describe_dispatch(const struct ruleset *rules, uint32_t rule, struct buf *out);

/* The texts of which one must stand in the event before the rule is looked at, and the fields; nothing without any. */
void describe_gate(const struct ruleset *rules, uint32_t rule, struct buf *out);

#endif
