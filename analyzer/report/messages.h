/*
 * messages.h - a report as messages for the system's log: one for each trouble, and each with a priority.
 *
 * Shape:   of a nightly run its news, told once (state/news.h), and what happened to logs; of any other run all that it
 *          found, as kind "found".
 * Owns:    lives in the arena given and borrows from the report.
 * Limits:  MESSAGE_* bytes of each value, MESSAGE_NAMES nodes: what is cut stands in the report.
 * Safety:  no value has a line end, a control character, or the quote that ends it.
 */
#ifndef EVSCAN_REPORT_MESSAGES_H
#define EVSCAN_REPORT_MESSAGES_H

#include "report/report_news.h"

/*
 * A line: syslog daemons take 8 KiB (rsyslog, syslog-ng, journald by default).  Escapes make a byte four at most, so
 * that all values of a line together, with their names, stay below that.
 */
#define MESSAGE_NAME  64u
#define MESSAGE_WHAT  128u
#define MESSAGE_WORDS 384u
#define MESSAGE_NAMES 8u

struct messages {
    const struct report_news_item *items; /* the gravest of each kind first */
    size_t count;
    const struct text *remarks;
    size_t remark_count;
    struct text cluster;
    const struct ruleset *rules;
    struct arena *arena;
};

/* Who wrote the rule of findings (report/credit.h), and its id when it has a name besides: "" of a diagnosis, and of a
 * rule that is gone.  Lives in the arena of the messages. */
struct message_rule {
    struct text id, author;
};
struct message_rule message_rule_of(const struct messages *all, const struct report_news_item *item);

struct messages messages_of(struct arena *a, const struct report *r);

/* As syslog(3) numbers them: 2 critical .. 6 informational; what is gone is 5. */
int message_priority(const struct report_news_item *item);

#define REMARK_PRIORITY 5

/* At most `most` bytes of the value, without a line end; `quote` becomes an apostrophe ('\0': there is none). */
void message_value(struct buf *out, struct text value, size_t most, char quote);

/* "new Q218922-1f3a9c level=critical article="Q218922" nodes="NODE1,NODE2" .." */
void message_line(struct buf *out, const struct messages *all, const struct report_news_item *item);

#endif
