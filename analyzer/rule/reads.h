/*
 * reads.h - what correlations read of the hits of a rule: the fields that they group by and measure.
 *
 * Shape:   a correlation that stands on another one reads the events of that one as well, so its fields are also those
 *          of every rule below.
 * Use:     a hit that cannot be kept whole is kept with these values only (finding/thin.h).
 * Owns:    everything lives in the rule set.
 * Limits:  LIMIT_READ_FIELDS; of a rule with more of them no hit can be kept in that way.
 * Threads: const after ruleset_compile.
 */
#ifndef EVSCAN_RULE_READS_H
#define EVSCAN_RULE_READS_H

#include "rule/ruleset.h"

struct rule_reads {
    bool referred;          /* by any correlation, directly or through others */
    bool too_many;          /* more than LIMIT_READ_FIELDS */
    const uint32_t *fields; /* of the rule set, each once */
    size_t count;
};

/* `rule` is a detection rule. */
const struct rule_reads *ruleset_reads(const struct ruleset *rules, uint32_t rule);

#endif
