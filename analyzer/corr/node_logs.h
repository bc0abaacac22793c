/*
 * node_logs.h - what is known about the logs of each node: where they begin and why there, what is missing in them, when
 * the machine was down, where its clock was set back, which logs somebody cleared.
 *
 * Source:  what the inputs cover (finding/coverage.h); hits of the rules `eventlog-cleared` and
 *          `kernel-general-1`.
 * Owns:    everything lives in the arena given.
 */
#ifndef EVSCAN_CORR_NODE_LOGS_H
#define EVSCAN_CORR_NODE_LOGS_H

#include "corr/timeline.h"

/* Fills spans, logs, downs and steps of all nodes; `find` knows the node of an input's records.  Never NULL. */
void node_logs_find(struct arena *arena, struct timeline *t,
                    struct node *(*find)(const struct timeline *t, const struct input_result *input,
                                         struct text computer));

/* Fills the clears; the nodes of the hits must be known. */
void node_clears_find(struct arena *arena, struct timeline *t);

/* Adds to the steps what hits of the rule `kernel-general-1` say: the clock was set, in either direction. */
void node_sets_find(struct arena *arena, struct timeline *t);

/* NULL when no record of that channel was given. */
const struct node_log *node_log_find(const struct node *node, struct text channel);

/* That the log begins where it does because somebody cleared it; NULL when nothing says so. */
const struct log_clear *node_log_cleared(const struct node *node, const struct node_log *log);

/* `b` begins with the record behind the last one of `a`. */
bool spans_join(const struct log_span *a, const struct log_span *b);

/* Records between them that the log should have; 0 when that is not known. */
uint64_t spans_missing(const struct log_span *a, const struct log_span *b);

#endif
