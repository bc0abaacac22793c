/*
 * news.h - what is new since the last run: what this run sees against what is remembered.
 *
 * Shape:   a sighting is a trouble that is remembered when both are of the same article or rule and have a node in
 *          common.
 *
 *            seen, not remembered                     new (and over at once, when it ended long ago)
 *            seen, and closed, later than then        again
 *            open, seen after a day of quiet          again
 *            open, more or less sure than before      confidence
 *            open, and it has a node more             spread
 *            open, and it is time to remind           still
 *            open, and not seen for long, fixed,      gone, with the reason
 *              or explained otherwise
 *            open, not seen, and evidence of its      it stays open: nothing says that it is over
 *              time is not kept any more
 *            never told, as it was suppressed, and    new, seen or not
 *              that has ended
 *            all else                                 no news
 *
 *          The memory is changed as if all news were told; it is saved when they were.
 * Owns:    everything lives in the arena of the memory.
 */
#ifndef EVSCAN_STATE_NEWS_H
#define EVSCAN_STATE_NEWS_H

#include "state/sighting.h"
#include "state/suppression.h"

enum news_kind { NEWS_NEW, NEWS_AGAIN, NEWS_CONFIDENCE, NEWS_SPREAD, NEWS_GONE, NEWS_STILL };

enum remind { REMIND_ONCE, REMIND_DAILY, REMIND_DIMINISHING };

struct news_options {
    uint64_t now;
    struct text cluster;
    enum remind remind;      /* once: never again; diminishing: after 1, 2, 4, 8 .. days */
    uint64_t gone_after;     /* ticks without a new occurrence, as the logs of its nodes tell them */
    const struct kb *kb;
    enum rule_level from;    /* findings below it are no news */
    bool rules_whole;        /* no rule was left out for a mistake */
    bool rules_changed;      /* since the last run, or evscan itself */
    const struct suppressions *suppressions; /* may be NULL */
    const struct text *expected; /* nodes that the cluster has */
    size_t expected_count;
};

struct news_item {
    enum news_kind kind;
    struct trouble *trouble;
    const struct sighting *sighting; /* NULL: it is not seen in this run */
    int before;                      /* confidence, before */
    uint64_t more;                   /* occurrences since the last run */
    const struct text *spread;       /* nodes that it did not have then; none of what is new or gone */
    size_t spread_count;
    const struct suppression *by;    /* not to be told; NULL: it is */
};

struct news {
    struct news_item *items; /* by kind, then as they were seen */
    size_t count, capacity;
    size_t told, suppressed; /* of them */
};

void news_make(struct memory *m, const struct news_options *options, const struct timeline *timeline,
               const struct diagnoses *diagnoses, const struct sightings *seen, struct news *ret);

const char *news_kind_name(enum news_kind kind); /* "new", "again", .. */

#endif
