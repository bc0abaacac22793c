/*
 * describe_correlation.h - correlations in words, for `rules list`, `explain`, `why-not` and `test`.
 *
 * Text:    one line without an end; it holds what the rule's author wrote, so it passes the escape of its sink.
 */
#ifndef EVSCAN_RULE_DESCRIBE_CORRELATION_H
#define EVSCAN_RULE_DESCRIBE_CORRELATION_H

#include "base/buf.h"
#include "rule/correlation.h"

/* As it is written: "event_count"; a median is a percentile. */
const char *correlation_type_name(enum correlation_type type);

/* A span of time as rules write it, in the largest unit that divides it: "90s", "5m". */
void describe_span(uint64_t ticks, struct buf *out);

/* "SourceIP, Computer"; nothing without groups. */
void describe_groups(const struct correlation *c, struct buf *out);

/* A group of one name whose field differs from rule to rule: "SourceIP in failed, IpAddress in logon"; nothing when it
 * is the same everywhere. */
void describe_alias(const struct ruleset *rules, const struct correlation *c, size_t group, struct buf *out);

/* "different values of User: at least 3", "a and not b", "all rules, in this order" */
void describe_bounds(const struct ruleset *rules, const struct correlation *c, struct buf *out);

/* What the bounds are about: "events", "sum of Bytes". */
void describe_measure(const struct correlation *c, struct buf *out);

void describe_number(const struct number *n, struct buf *out);

#endif
