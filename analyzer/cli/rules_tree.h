/*
 * rules_tree.h - the condition of a compiled rule as indented lines, in the order in which it is evaluated.
 */
#ifndef EVSCAN_CLI_RULES_TREE_H
#define EVSCAN_CLI_RULES_TREE_H

#include "match/trace.h"

/* The tests alone; those that provider, channel and event ID decide bear the remark "before decoding". */
void tree_print(const struct ruleset *rules, uint32_t rule, struct buf *out);

/*
 * With what they make of an event: yes or no, the event's values, and an arrow where a match fails.  The lines are
 * escaped for a terminal.
 */
void tree_print_traced(const struct ruleset *rules, struct matcher *m, uint32_t rule, const struct event *event,
                       struct buf *out);

#endif
