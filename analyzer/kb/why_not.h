/*
 * why_not.h - how near the logs come to one article, item by item.
 *
 * Shape:   of all its episodes the one that comes nearest, and what became of each item of its evidence there.  Without
 *          any episode, no event of the anchor's rules is in the logs: then the items say only what would be looked for.
 * Owns:    the result lives in the arena given and borrows from article and timeline.
 * Limits:  those of kb/hearing.h.
 */
#ifndef EVSCAN_KB_WHY_NOT_H
#define EVSCAN_KB_WHY_NOT_H

#include "kb/evidence.h"

struct why_not_item {
    enum evidence_state state;
    struct evidence_found found; /* its item; the records that were found, or why it is missing */
};

struct why_not {
    const struct article *article;
    size_t episodes;         /* times when one of its anchors was there */
    const struct node *node; /* of the nearest of them, like all below; NULL: there is none */
    uint64_t first, last;    /* FILETIME of its anchors */
    enum confidence confidence;
    int score;               /* 0..100 */
    bool met;                /* all needs are there */
    bool other_system;       /* the node runs what the article is not about */
    struct text system;      /* what its log says that it runs; "" when it does not */
    struct why_not_item *items; /* needs, supports, against, in order of the article */
    size_t item_count;
    bool exhausted;          /* LIMIT_EVIDENCE_WORK was reached: some count as not found */
};

void why_not_make(struct arena *arena, const struct timeline *timeline, const struct article *article,
                  struct why_not *ret);

#endif
