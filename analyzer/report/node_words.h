/*
 * node_words.h - what has to be said about the logs and the clock of a node, one sentence each.
 *
 * Owns:    the sentences live in the arena given.
 * Text:    raw: whoever prints it escapes it.
 */
#ifndef EVSCAN_REPORT_NODE_WORDS_H
#define EVSCAN_REPORT_NODE_WORDS_H

#include "corr/timeline.h"
#include "form/zone.h"

struct node_words {
    struct text *items;
    size_t count, capacity;
};

/* Logs that do not begin with their first record, what is missing in them; when the machine was down; steps of its clock. */
struct node_words node_words_of_logs(struct arena *a, const struct zone *z, const struct node *node);

/* What is known about its clock, when there are other nodes; else "".  `*corrected`: its times were changed. */
struct text node_words_of_clock(struct arena *a, const struct zone *z, const struct node *node, bool *corrected);

/* The offset from UTC that its log tells; with its own times asked for, also that it tells none.  Else "". */
struct text node_words_of_zone(struct arena *a, const struct zone *asked, const struct node *node);

#endif
