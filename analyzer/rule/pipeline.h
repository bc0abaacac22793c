/*
 * pipeline.h - what a site adds to the vocabulary of rules: values of placeholders, and log sources of its own.
 *
 * Shape:   documents with `placeholders`, a map from names to values for the modifier `expand`, and `logsources`, a
 *          list of `service` or `category` with `channels` or `provider` and perhaps `ids` (evscan-rules(5),
 *          PIPELINES).
 * Owns:    everything lives in the rule set or its builder.
 * Limits:  SOURCE_IDS of a log source; LIMIT_SITE_SOURCES.
 */
#ifndef EVSCAN_RULE_PIPELINE_H
#define EVSCAN_RULE_PIPELINE_H

#include "rule/ruleset.h"

/* What the name of such a file ends with; they are added before all rules. */
bool pipeline_is_named(struct text path);

/* Adds the documents; mistakes (class "pipeline") leave out what they are about. */
void pipeline_add_file(struct ruleset_builder *b, const struct yaml_file *file, struct diags *diags);

#endif
