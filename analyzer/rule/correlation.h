/*
 * correlation.h - rules about many events: so many of them, or these together, within a span of time.
 *
 * Shape:   correlations stand behind the detection rules in one row of numbers: ruleset_count() + k is the k-th
 *          correlation.  The rules of a correlation are such numbers, always smaller than its own.
 * Source:  Sigma correlation rules specification 2.1; man/evscan-rules.5, CORRELATIONS.
 * Owns:    everything lives in the rule set.
 * Limits:  LIMIT_CORRELATIONS, LIMIT_CORRELATION_RULES, LIMIT_CORRELATION_FIELDS, LIMIT_CORRELATION_DEPTH.
 * Threads: const after ruleset_compile.
 */
#ifndef EVSCAN_RULE_CORRELATION_H
#define EVSCAN_RULE_CORRELATION_H

#include "rule/number.h"
#include "rule/ruleset.h"

enum correlation_type {
    CORRELATION_EVENT_COUNT,
    CORRELATION_VALUE_COUNT,
    CORRELATION_TEMPORAL,
    CORRELATION_TEMPORAL_ORDERED,
    CORRELATION_VALUE_SUM,
    CORRELATION_VALUE_AVG,
    CORRELATION_VALUE_PERCENTILE, /* also the median */
};

/* All bounds of a correlation must hold. */
struct bound {
    enum compare compare;
    bool negate; /* neq */
    struct number value;
};

struct expr;

struct correlation {
    struct rule_info info;
    enum correlation_type type;
    const uint32_t *rules; /* each once */
    size_t rule_count;
    uint64_t timespan; /* ticks, more than 0 */
    const struct text *group_by;
    const struct text *values; /* names of the fields that are measured */
    size_t group_count, value_count;
    const uint32_t *fields;          /* [rule * (group_count + value_count) + n]: those of group_by come first */
    const struct bound *bounds;
    size_t bound_count;
    const struct expr *condition; /* over the rules instead of bounds; NULL for none */
    double percentile;            /* 0..100 */
};

/* "90s", "5m", "1M": ticks, more than 0.  Months and years are the mean ones; 100 years at most. */
bool timespan_parse(struct text t, uint64_t *ret) MUST_USE;

size_t ruleset_correlation_count(const struct ruleset *rules);
const struct correlation *ruleset_correlation(const struct ruleset *rules, size_t k);

/* Evaluates `condition`; counts[n] tells how often the n-th rule is there. */
bool correlation_condition_holds(const struct correlation *c, const uint32_t *counts);

/* True when what only grows cannot stop to fulfil the condition: windows then begin at every event, else they follow
 * each other, or the tail of a burst would count as a small one. */
bool correlation_slides(const struct correlation *c);

/* How many rules at least would have to come or to go for it to hold. */
unsigned correlation_condition_distance(const struct correlation *c, const uint32_t *counts);

#endif
