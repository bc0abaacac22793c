/*
 * report_markdown.h - the parts of the Markdown report; inside of this room.
 *
 * Limits:  a ticket takes some 60,000 characters: MARKDOWN_* say what is shown of everything; the rest is counted.
 */
#ifndef EVSCAN_REPORT_REPORT_MARKDOWN_H
#define EVSCAN_REPORT_REPORT_MARKDOWN_H

#include "report/report_facts.h"

#define MARKDOWN_DIAGNOSES 3u
#define MARKDOWN_HITS      3u   /* of one piece of evidence */
#define MARKDOWN_ROWS      30u  /* of findings, files and the like */
#define MARKDOWN_COLUMNS   160u /* of what an event says */
#define MARKDOWN_PROSE     2000u /* columns of a text; paragraphs of articles are shorter */

struct markdown {
    const struct report *r;
    const struct zone *zone;
    struct sink *sink;
    struct buf *out;
    struct report_facts facts;
    struct arena arena;
};

void md_raw(struct markdown *m, const char *markup);
void md_format(struct markdown *m, const char *format, ...) PRINTF_LIKE(2, 3);
void md_text(struct markdown *m, struct text t);
void md_code(struct markdown *m, struct text t);
void md_interval(struct markdown *m, uint64_t first, uint64_t last);
void md_interval_in(struct markdown *m, const struct zone *zone, uint64_t first, uint64_t last);
void md_rule(struct markdown *m, uint32_t rule); /* " (rule NAME by AUTHOR)", as the licence of published rules asks */
void md_event(struct markdown *m, const struct hit *hit); /* a line of a list, two levels down */

void md_diagnosis(struct markdown *m, const struct diagnosis *d, size_t rank);
void md_news(struct markdown *m); /* of a nightly run */

#endif
