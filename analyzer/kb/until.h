/*
 * until.h - how long an item of evidence counts: to the first of the events that it names under `until`.
 *
 * Shape:   nothing of `until` lies between the anchor and what is looked for, before the anchor as well as behind it.  The
 *          events are those of the node that the item is looked for on; where that is no certain one (other, any, not
 *          a role), those of the anchor's node.
 * Source:  man/evscan-articles.5, "Conditions".
 */
#ifndef EVSCAN_KB_UNTIL_H
#define EVSCAN_KB_UNTIL_H

#include "kb/evidence.h"

/* The node whose events end it. */
const struct node *until_node(const struct episode *e, const struct evidence_item *item, const struct node *node);

/* Does the hit at that place of the timeline still count? */
bool until_allows(struct hearing *h, const struct episode *e, const struct evidence_item *item, uint32_t place);

/* Up to when a hit on that node counts: `to`, or earlier. */
uint64_t until_end(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                   const struct node *node, uint64_t to);

#endif
