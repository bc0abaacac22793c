/*
 * exercise.h - an article against a time in which it was not seen: did anything happen that would have shown it?
 *
 * Shape:   the article says what brings the trouble about (`exercised-by`): the cluster service starts, the computer
 *          starts, the role moves.  Without such an event silence says nothing: the remedy is not yet tried.
 * Source:  man/evscan-articles.5.
 * Owns:    the result lives in the arena given and borrows from article and timeline.
 */
#ifndef EVSCAN_KB_EXERCISE_H
#define EVSCAN_KB_EXERCISE_H

#include "kb/concerned.h"

enum exercise_state {
    EXERCISE_SEEN,
    EXERCISE_TOO_LATE,    /* it happened, but the log ends before the trouble would have shown */
    EXERCISE_NOT_SEEN,    /* the log goes on, and has no such event */
    EXERCISE_NOT_COVERED, /* the log ends before that time */
    EXERCISE_NO_LOG,
    EXERCISE_NOT_SAID,    /* the article names no event, or one of a role, and it is not known which role it was */
};

/* Of one node that had the trouble. */
struct exercise {
    struct text name;         /* of the node */
    const struct node *node;  /* NULL: no log of it */
    enum exercise_state state;
    const struct evidence_item *item; /* SEEN, TOO_LATE: what happened */
    const struct hit *hit;            /* the same; the first since then */
    const struct node *where;         /* the same; another node, where the item says any */
    uint64_t shown_by;                /* FILETIME: until when the log of `where` would have to go */
};

/*
 * Did it happen on that node at `since` or later?  With an item that asks what is concerned it must have happened to each
 * of these; `hit` is then the last of them.
 */
struct exercise exercise_judge(struct hearing *h, const struct article *article, const struct concerned *concerned,
                               struct text node, uint64_t since);

const char *exercise_state_name(enum exercise_state state); /* "seen", "too-late", .. */

#endif
