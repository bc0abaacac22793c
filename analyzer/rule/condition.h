/*
 * condition.h - `selection and not 1 of filter_*` becomes an expression over selections.
 *
 * Source:  man/evscan-rules.5, CONDITIONS.
 * Limits:  LIMIT_CONDITION_TERMS, LIMIT_CONDITION_DEPTH.
 */
#ifndef EVSCAN_RULE_CONDITION_H
#define EVSCAN_RULE_CONDITION_H

#include "rule/detection.h"

/* A string, or a list of strings of which one is enough.  NULL when it was refused.  Marks what it uses. */
const struct expr *condition_compile(struct loading *l, const struct yaml_node *node, struct selections *all);

/* AND, OR or NOT over expressions in the arena of the rule set. */
const struct expr *expr_join(struct loading *l, enum expr_kind kind, const struct expr *const *children,
                             size_t count);

#endif
