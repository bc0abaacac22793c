/*
 * html.h - the parts of the HTML report; inside of this room.
 *
 * Shape:   one page that holds all it needs.  Its style and its script are constants whose checksums stand in the page's
 *          Content-Security-Policy, so nothing else can run or be loaded, whatever a log says.  Without the script all is
 *          there but zoom, hover and copying.
 * Safety:  html_text and its kin escape; html_raw and html_format take what stands in the source, and numbers.
 * Limits:  HTML_EVENTS events have an entry, and links lead to those only; HTML_TEXT bytes of one text, HTML_NAME of
 *          a name, HTML_SAYS of what an event says beside the argument; HTML_DIAGNOSES diagnoses are shown in full,
 *          HTML_LANES nodes are drawn.  What is left out is said.
 * Threads: a struct html belongs to one call.
 */
#ifndef EVSCAN_REPORT_HTML_H
#define EVSCAN_REPORT_HTML_H

#include "report/report_facts.h"

#define HTML_EVENTS    2000u
#define HTML_TEXT      4096u
#define HTML_NAME      256u
#define HTML_SAYS      300u
#define HTML_WHOLE     24u   /* columns: a name up to them is never broken in a table */
#define HTML_DIAGNOSES 20u
#define HTML_LANES     64u
#define HTML_LANES_FEW 8u    /* drawn for a diagnosis as well, whether they have a part in it or not */
#define HTML_ROWS      2000u /* of one table */

/* An event that a rule or a diagnosis speaks of. */
struct html_event {
    const struct event *event;
    const struct hit *hit; /* the first of its hits */
    size_t at;             /* of that hit in the timeline */
    bool shown;            /* has an entry */
    unsigned rank;         /* 0 = evidence, then findings, then what explains itself, then context */
};

/* The nodes that a drawing shows, by name. */
struct html_lanes {
    const struct node **nodes;
    size_t count;
    size_t *of; /* by index of the node: its place, not below `count`: it has none */
    const struct unseen_node *unseen; /* below them: no log was given */
    size_t unseen_count;
};

struct html {
    const struct report *r;
    const struct report_options *options;
    const struct zone *zone;
    struct sink *sink;
    struct buf *out; /* of the sink */
    struct report_facts facts;
    struct arena arena;
    struct html_event *events; /* in order of time */
    size_t event_count, event_shown;
    const struct html_event **by_event; /* ordered by the place of the event in memory */
    struct html_lanes lanes; /* of drawings of all nodes */
};

void html_raw(struct html *h, const char *markup);
void html_format(struct html *h, const char *format, ...) PRINTF_LIKE(2, 3);
void html_text(struct html *h, struct text t);  /* on one line */
void html_text_cut(struct html *h, struct text t, size_t most); /* bytes; how much more there is, is said */
void html_lines(struct html *h, struct text t); /* its line ends are kept */
/* Isolated: its direction does not reach what stands beside it; on one line if possible. */
void html_name(struct html *h, struct text t);
void html_time(struct html *h, uint64_t filetime);
void html_time_in(struct html *h, const struct zone *zone, uint64_t filetime);
void html_time_of(struct html *h, const struct hit *hit); /* in the zone of its node, if that was asked for */
void html_interval(struct html *h, uint64_t first, uint64_t last);
void html_interval_in(struct html *h, const struct zone *zone, uint64_t first, uint64_t last);
void html_number(struct html *h, uint64_t n);
void html_level(struct html *h, enum rule_level level); /* a word, a sign and a colour */

/* "<h2 id=..>": the parts of the page, which the contents list. */
void html_section(struct html *h, const char *id, const char *title);

/* html_events.c */
void html_events_find(struct html *h);
const struct html_event *html_event_of(const struct html *h, const struct event *e); /* NULL: no entry */
void html_event_link(struct html *h, const struct hit *hit); /* time, node, record, source; linked to its entry */
void html_events(struct html *h);

/* html_lanes.c */
void html_lanes_find(struct html *h);
struct html_lanes html_lanes_of(struct html *h, const struct diagnosis *d); /* its nodes; where there are few, all */
void html_lanes_left_out(struct html *h); /* says how many nodes are not drawn */

void html_timeline(struct html *h);                             /* all of it, with incidents shaded */
void html_closeup(struct html *h, const struct diagnosis *d, size_t rank); /* of one diagnosis, when that shows more */
void html_news(struct html *h);                                 /* of a nightly run; nothing when it is none */
void html_heat(struct html *h);                                 /* events by hour and node */
void html_diagnoses(struct html *h);
void html_evidence(struct html *h, const struct diagnosis *d);
void html_checklist(struct html *h);
void html_findings(struct html *h);
void html_inputs(struct html *h);
void html_nodes(struct html *h);
void html_rules(struct html *h);

#endif
