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

/* In double quotes. */
void describe_quoted(struct text t, struct buf *out);

/* "windows, service system" */
void describe_source(const struct ruleset *rules, const struct rule *rule, struct buf *out);

#endif
