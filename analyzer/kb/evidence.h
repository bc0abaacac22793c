/*
 * evidence.h - one item of evidence against one episode: found or not, and what to tell about it.
 *
 * Shape:   an episode is a run of anchors of one article on one node.  Judging counts (binary search); telling
 *          collects records, and is done for what is shown only.
 * Owns:    what is told lives in the arena given.
 */
#ifndef EVSCAN_KB_EVIDENCE_H
#define EVSCAN_KB_EVIDENCE_H

#include "kb/diagnose.h"
#include "kb/hearing.h"

/* A node whose anchors left their case (kb/parting.h): what was said of it at that time is explained otherwise. */
struct departed {
    const struct node *node;
    uint64_t first, last; /* FILETIME of those anchors */
};

struct departures {
    struct departed *items;
    size_t count, capacity;
};

struct episode {
    const struct article *article;
    const struct node *node;
    const uint32_t *anchors; /* places in timeline.hits, in order of time */
    size_t anchor_count;
    uint64_t first, last;    /* FILETIME of the anchors */
    struct text log;         /* channel of the first anchor */
    const struct cast *cast; /* who plays the roles of the article (kb/cast.h) */
    struct departures *departures; /* of all cases of the article */

    /* The verdict (episode_judge). */
    int score;
    int needs_found, needs_all; /* points */
    bool met;                   /* all needs are there, or stand in logs that were not given */
    bool unseen;                /* the latter */
    bool unnamed;               /* and of one of these logs no anchor names the node */
    bool hidden;                /* noise whose needs are there, or stand in logs that were not given: it explains nothing */
    bool grounded;              /* a need is there that the article itself names */
    int unexcluded;             /* points that could speak against it where nothing could be seen */
    int sure;                   /* what would be left of the sum with all of them */
    bool other_system;          /* the node runs what the article is not about */
    bool system_unknown;        /* or could: its log does not say, and neither does the format of the log */
};

enum evidence_state {
    EVIDENCE_FOUND,
    EVIDENCE_NOT_FOUND,    /* no such record; perhaps because the logs do not cover the window */
    EVIDENCE_UNKNOWN,      /* absence cannot be shown: the logs do not cover the window */
    EVIDENCE_CONTRADICTED, /* should be absent and is there */
};

enum evidence_state evidence_judge(struct hearing *h, const struct episode *e,
                                   const struct evidence_item *item);

/*
 * What was found for the item in the episodes given (one article, one incident): distinct records in order of
 * time.  `points` are left to the caller.
 */
struct evidence_found evidence_tell(struct arena *arena, struct hearing *h,
                                    const struct episode *const *episodes, size_t count,
                                    const struct evidence_item *item);

/*
 * It hangs on clocks of other nodes that are not known so well: it is found, and would not be if they were a little other.
 * Then it neither speaks against the article nor is absent; what is needed may be there, but confirms nothing.
 */
bool evidence_is_undecided(struct hearing *h, const struct episode *e, const struct evidence_item *item);

/*
 * It was not found, and no log of the nodes that it is looked for on covers its window, as far as that lies within the
 * one of the article; or it is undecided.
 */
bool evidence_is_blind(struct hearing *h, const struct episode *e, const struct evidence_item *item);

/*
 * It would stand in a log that was not given, or in a part of one that is not there, on every node that it is looked for
 * on: nobody can say that it did not happen.
 */
bool evidence_lacks_log(struct hearing *h, const struct episode *e, const struct evidence_item *item);

/* It is looked for on a node that the anchors name. */
bool evidence_is_of_named(const struct episode *e, const struct evidence_item *item);

/*
 * Why it was not found, when that is no matter of the event itself: logs that are missing or do not reach.  "" when
 * they cover the whole window.  What a log lacks is said in `miss`, and is no text before it is known in which zone.
 */
struct text evidence_gap(struct arena *arena, struct hearing *h, const struct episode *e,
                         const struct evidence_item *item, struct log_miss *miss);

#endif
