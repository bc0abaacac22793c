/*
 * sides.h - did the nodes of a cluster fall into two sides, each of which names exactly the nodes of the other?
 *
 * Source:  man/evscan-articles.5, "Conditions": `sides` and `sites`.
 * Limits:  LIMIT_CAST nodes that speak, and as many that one of them names; with more there are no two sides.  Every
 *          record and every comparison of names is a step of the hearing; when that ends there are no two sides, either.
 */
#ifndef EVSCAN_KB_SIDES_H
#define EVSCAN_KB_SIDES_H

#include "kb/sighting.h"

/* Seen from the node of the episode, which must be one of those that speak; so must one of the other side. */
bool sides_are_two(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                   const struct sightings *s);

/*
 * Is it said by or of a node that left a case of the article at that time?  A node that restarts as planned stands on no
 * side, whoever else was lost beside it.
 */
bool sides_leave_out(struct hearing *h, const struct episode *e, const struct evidence_item *item, uint32_t place);

#endif
