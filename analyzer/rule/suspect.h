/*
 * suspect.h - rules that are allowed and yet hardly what their author means; looked for by `rules check` only.
 *
 * Sound:   a warning is only given with a reason that holds: an expression that was seen to give up on a text that
 *          was made for it, a condition that no event can fulfil.  What is not found is not proven to be well.
 */
#ifndef EVSCAN_RULE_SUSPECT_H
#define EVSCAN_RULE_SUSPECT_H

#include "rule/loading.h"

/* Warns (class "regex") when the expression can be made to backtrack without end, or is not tried any more. */
void suspect_regex(struct loading *l, const struct yaml_node *value, const pcre2_code *code,
                   enum regex_verdict *verdict);

/* Warns (class "condition") when no event can fulfil the condition of the rule, or one of its selections, or when every
 * event fulfils the condition. */
void suspect_condition(struct loading *l, const struct yaml_node *document, const struct rule *rule);

/* True when the log source of the rule has no event with the channel, provider and event ID that this part of its
 * condition, or all of it, demands. */
bool source_lacks(const struct loading *l, const struct rule *rule, const struct expr *part);

/* True when the condition sees neither the System nor the Application log, where many providers write. */
bool demands_other_channel(const struct loading *l, const struct expr *condition);

/* The selection of this name in the condition of a rule; NULL when it does not use it. */
const struct expr *selection_find(const struct expr *e, struct text name);

/* True when no window of a correlation can fulfil the expression over so many rules. */
bool suspect_expression(struct loading *l, const struct expr *condition, size_t rules);

/* Warns (class "correlation") when no window can fulfil the condition of a correlation that was read without a mistake,
 * and remembers where its fields are named. */
struct correlation_draft;
void suspect_correlation(struct ruleset_builder *b, const struct yaml_node *document, struct correlation_draft *d);

/* When the correlations are linked: warns (class "field") when events of their rules do not have a field that they group
 * by or measure. */
void suspect_correlation_fields(struct ruleset_builder *b, struct diags *diags);

/* Warns (class "value") when a level is spelled as a word, or a number is out of the range of its field. */
void suspect_values(struct loading *l, const struct yaml_node *document, const struct rule *rule);

/* Warns (class "field") when the events that a selection sees do not have one of its fields. */
void suspect_fields(struct loading *l, const struct yaml_node *document, const struct rule *rule);

#endif
