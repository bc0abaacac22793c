/*
 * report_news.h - what is new since the last run (state/news.h), as reports tell it.
 */
#ifndef EVSCAN_REPORT_REPORT_NEWS_H
#define EVSCAN_REPORT_REPORT_NEWS_H

#include "report/report_facts.h"

struct report_news_item {
    const char *kind; /* "new", "again", "confidence", "spread", "gone", "still" */
    struct text id, what, title;
    enum rule_level level;
    const struct text *nodes;
    size_t node_count;
    const struct text *spread; /* of them, those that it did not have in the last run */
    size_t spread_count;
    bool missing;         /* a node without a log */
    const char *confidence, *before; /* NULL: it is no diagnosis; or, before: it is as it was */
    uint64_t first_seen, last_seen;
    uint64_t occurrences, more; /* in all; since the last run */
    struct text reason;         /* why it is gone */
    struct text suppressed;     /* why it is not told; "" when it is */
    uint64_t until;             /* suppressed until */
};

struct open_trouble; /* report/open_troubles.h */

struct report_news {
    struct text cluster; /* "" when it has no name */
    uint64_t since;      /* the last run; 0: this is the first */
    const struct report_news_item *items; /* what is told, then what is suppressed */
    size_t count, told;
    const struct text *remarks; /* what happened to logs and to the memory */
    size_t remark_count;
    const struct text *bare; /* folders that were given and hold no log */
    size_t bare_count;
    const struct open_trouble *open; /* all that is open, told or not, without what is suppressed */
    size_t open_count;
    uint64_t now;     /* when this run began */
    uint64_t success; /* when the last one began that read all, and remembered it; 0: none did */
    size_t unchanged; /* inputs that were not read again */
    bool seen;        /* there are diagnoses or findings to show; else the news is all */
};

/* "confirmed, was possible"; "found", "no log". */
struct text news_confidence(struct arena *a, const struct report_news_item *item);

/* "spread to NODE1 and NODE2"; "". */
struct text news_spread(struct arena *a, const struct report_news_item *item);

/* Where it spread to, why it is gone, or is not told: "spread to ..", "gone: ..", "not told until ..: .."; "". */
struct text news_reason(struct arena *a, const struct zone *z, const struct report_news_item *item);

/* Which rule findings are of, and in *ret its place: who wrote it is said, as the licence of published rules asks. */
bool news_rule(const struct ruleset *rules, const struct report_news_item *item, uint32_t *ret);

#endif
