/*
 * suspect.h - rules that are allowed and yet hardly what their author means; looked for by `rules check` only.
 *
 * Sound:   a warning is only given with a reason that holds: an expression that was seen to give up on a text that
 *          was made for it, a condition that no event can fulfil.  What is not found is not proven to be well.
 */
#ifndef EVSCAN_RULE_SUSPECT_H
#define EVSCAN_RULE_SUSPECT_H

#include "rule/loading.h"

/* Warns (class "regex") when the expression can be made to backtrack without end. */
void suspect_regex(struct loading *l, const struct yaml_node *value, const pcre2_code *code);

/* Warns (class "condition") when no event can fulfil the condition of the rule. */
void suspect_condition(struct loading *l, const struct yaml_node *document, const struct rule *rule);

/* Warns (class "field") when the events that a selection sees do not have one of its fields. */
void suspect_fields(struct loading *l, const struct yaml_node *document, const struct rule *rule);

#endif
