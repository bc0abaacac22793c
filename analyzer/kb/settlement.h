/*
 * settlement.h - what would decide: the logs that something needed would stand in, and what the article itself names.
 *
 * Owns:    the list and its texts live in the arena; those of the article are borrowed.
 */
#ifndef EVSCAN_KB_SETTLEMENT_H
#define EVSCAN_KB_SETTLEMENT_H

#include "kb/evidence.h"

struct settlement {
    struct arena *arena;
    const struct timeline *timeline;
    struct settle *items;
    size_t count, capacity;
};

/*
 * The log that lacks the item: of a node that was not given at all, or, when `miss` names a node, the part of its log that
 * is not there.  Each log once.
 */
void settlement_log(struct settlement *s, const struct episode *e, const struct evidence_item *item,
                    const struct log_miss *miss);

/* All that the article names, behind the logs. */
void settlement_article(struct settlement *s, const struct article *article);

#endif
