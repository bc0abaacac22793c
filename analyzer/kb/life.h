/*
 * life.h - how long a node was seen alive behind a moment: did it stop then, or go on?
 *
 * Shape:   the last record before the next start, of any kind (corr/node_logs.h), the end of a file of another log, and
 *          the time that a 6008 of that start has in its data: the event log service keeps it while it runs, each minute
 *          (corpus: Server 2003, Windows 7).
 * Source:  man/evscan-articles.5, "Items" and "Conditions".
 */
#ifndef EVSCAN_KB_LIFE_H
#define EVSCAN_KB_LIFE_H

#include "kb/evidence.h"

/* What was looked at, and the ticks that it was alive behind the anchors of the episode. */
struct life {
    const struct node *node; /* NULL: none of them wrote on for so long */
    uint64_t behind;
};

/* A node that the item (`wrote`) means and that went on for longer than it says; of `each`, the last one when all did. */
struct life life_goes_on(struct hearing *h, const struct episode *e, const struct evidence_item *item);

/*
 * Was the node alive for longer than the item (`wrote`) says?  Among several that the anchors name, one whose log goes
 * on without a start is not the one that stopped; alone it could have come up later.
 */
bool life_parts(struct hearing *h, const struct episode *e, const struct evidence_item *item, const struct node *node);

/* Does an item of the article (`wrote`) speak against the episode for the node of that name? */
bool life_refutes(struct hearing *h, const struct episode *e, struct text name);

/*
 * Does a hit on that node, at that time, count for an item with `silent`?  Not when the node started between it and the
 * anchors, and had gone on for longer before that.
 */
bool life_allows(struct hearing *h, const struct episode *e, const struct evidence_item *item, const struct node *node,
                 uint64_t time);

#endif
