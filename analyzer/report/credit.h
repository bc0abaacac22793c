/*
 * credit.h - who wrote the rules that found something: the licence of published rules asks that it is shown with every
 * match.
 *
 * Shape:   of a rule its author; of a correlation also the rules and correlations below it, each once.
 * Owns:    lives in the arena given and borrows from the rules.
 * Limits:  CREDIT_RULES below one correlation; words say that there are others.
 */
#ifndef EVSCAN_REPORT_CREDIT_H
#define EVSCAN_REPORT_CREDIT_H

#include "rule/ruleset.h"

#define CREDIT_RULES 256u /* as many as one correlation may name (LIMIT_CORRELATION_RULES) */

struct credit {
    const uint32_t *rules; /* below the correlation, nearest first; none of a rule */
    size_t count;
    bool more;
};

struct credit credit_of(struct arena *a, const struct ruleset *rules, uint32_t rule);

/* "failed_logon (9c5a..) by Jane Doe": a rule with its name, id and author, as far as it has them. */
struct text words_of_rule(struct arena *a, const struct ruleset *rules, uint32_t rule);

/* "failed_logon (9c5a..) by Jane Doe, logon (1b..) by John Roe"; "" of a rule that is no correlation. */
struct text words_of_rules_below(struct arena *a, const struct ruleset *rules, uint32_t rule);

/* On one line, all who wrote something of it: "Ann Poe; rests on failed_logon (9c5a..) by Jane Doe". */
struct text words_of_authors(struct arena *a, const struct ruleset *rules, uint32_t rule);

#endif
