/*
 * report_text.h - the parts of the report for people; inside of this room.
 *
 * Threads: a text_report belongs to one call of report_text.
 */
#ifndef EVSCAN_REPORT_REPORT_TEXT_H
#define EVSCAN_REPORT_REPORT_TEXT_H

#include "report/report_facts.h"
#include "form/text_layout.h"

#define INDENT 2u /* columns a level */

struct text_report {
    const struct report *r;
    const struct report_options *options;
    struct report_facts facts;
    struct sink *sink;
    struct layout l; /* into the sink */
    struct arena arena;          /* the words made for this report */
    const struct event **spoken; /* events of this diagnosis whose words were shown */
    size_t spoken_count, spoken_capacity;
};

/* How many of a kind are shown that are usually `usual`. */
size_t text_most(const struct text_report *t, size_t usual);

/* An empty line and a heading at the left edge. */
void text_heading(struct text_report *t, const char *words);

/* The parts of a diagnosis, indented. */
void text_subheading(struct text_report *t, const char *words);
void text_remark(struct text_report *t, const char *before,
                 struct text words); /* nothing when `words` is empty */
void text_evidence(struct text_report *t, const struct diagnosis *d, bool brief);
void text_score(struct text_report *t, const struct diagnosis *d); /* its arithmetic */
void text_advice(struct text_report *t, const struct diagnosis *d);
void text_steps(struct text_report *t, const struct diagnosis *d); /* of it, what to do and what to mind */

void text_news(struct text_report *t);

/* `brief`: fewer events for each piece of evidence, without what they say. */
void text_diagnosis(struct text_report *t, const struct diagnosis *d, bool brief);
void text_story(struct text_report *t, const struct diagnosis *d);        /* what happened, what was out of service */
void text_consequences(struct text_report *t, const struct diagnosis *d); /* and what follows from it */
void text_beaten(struct text_report *t, const struct diagnosis *d);       /* and what tells less of the same */
void text_closed(struct text_report *t); /* what was fixed since */
void text_noise(struct text_report *t);  /* what is no trouble */
void text_considered(struct text_report *t);
void text_findings(struct text_report *t);
void text_inputs(struct text_report *t);
void text_events(struct text_report *t); /* all that a rule speaks of */
void text_rules(struct text_report *t);  /* which matched */

/* Node, time, record, source; and what it says. */
void text_event_line(struct text_report *t, const struct hit *h, unsigned indent, unsigned node_columns);
void text_event_values(struct text_report *t, const struct event *e, unsigned indent);

/* "1999-04-12 02:10:05 to .. UTC" as pieces that wrap between each other only. */
void text_interval(struct text_report *t, uint64_t first, uint64_t last);
void text_interval_in(struct text_report *t, const struct zone *zone, uint64_t first, uint64_t last);

enum style style_of_level(enum rule_level level);

#endif
