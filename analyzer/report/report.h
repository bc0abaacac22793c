/*
 * report.h - the result of a run, in the forms that people and programs read.
 *
 * Shape:   a report is const; a form writes it through one sink and prints nothing itself.  Each form is one `report_form`
 *          in a file of its own, listed in report_forms (report_forms.c): options, help and manual take them from there.
 *          A form with `found` is told of findings while the logs are still being read, in the order of the inputs, and
 *          writes only the rest at the end.
 * Source:  report.schema.json describes the JSON, and a line of the JSON Lines ($defs/line).
 * Safety:  whatever came from a log or a file name passes the escape function of its form (form/escape.h).
 * Threads: a form keeps nothing between calls; a sink belongs to one thread at a time.
 */
#ifndef EVSCAN_REPORT_REPORT_H
#define EVSCAN_REPORT_REPORT_H

#include "catalog/error_value.h"
#include "corr/correlate.h"
#include "finding/hours.h"
#include "form/sink.h"
#include "form/zone.h"
#include "kb/diagnose.h"
#include "match/reach.h"

/* How much the text report says. */
enum report_detail {
    DETAIL_LOW,    /* what it is and what to do */
    DETAIL_MEDIUM, /* the argument for it, with some of its events */
    DETAIL_HIGH,   /* every event that is kept, with all it says and where it stands; how points add up; the rules */
};

struct report_options {
    enum report_detail detail;
    unsigned width;    /* columns, at least 40; 80 unless the terminal is known to be wider */
    bool colour;
    bool explain;      /* show the arithmetic of each score */
    enum rule_level fail_level;
    struct zone zone;  /* of what people read; programs get UTC */
};

struct report_news;

struct report {
    const char *version;
    const struct ruleset *rules;
    const struct kb *kb;
    const struct partial *partial;   /* sorted */
    const struct timeline *timeline;
    const struct diagnoses *diagnoses;
    const struct hours *hours;       /* all events by node and hour; NULL: nobody counted them */
    const struct reach *reach;    /* which rules could speak about what was read; NULL: it is not known */
    const struct notices *notices;   /* of the whole run, not of an input; NULL for none */
    const struct catalog *codes;     /* what error codes in evidence are called; NULL: they are not named */
    const struct guide *guide;       /* which values are such codes; with `codes` */
    const struct text *arguments;    /* of the command line; none when there is none */
    size_t argument_count;
    uint64_t began, took;            /* FILETIME, ticks; 0 = not known */
    bool told;                       /* forms with `found` were told of the hits while they were found */
    bool incomplete;                 /* some input could not be read (whole) */
    bool outside;                    /* --from and --to left out every event of the logs */
    const struct text *missing;      /* nodes that are expected and that no log is of */
    size_t missing_count;
    size_t mistakes;                 /* in files of rules and articles: what they are part of was left out */
    bool failed;                     /* the run could not do all that it was asked to: standard error says what */
    size_t not_logs;                 /* files in folders that are no logs and were left alone */
    const struct text *packed;       /* of them: those that somebody packed */
    size_t packed_count;
    const struct report_news *news;  /* of a nightly run (report/report_news.h); NULL: it is none */
    const bool *hushed;              /* by place in the timeline: told in an earlier run; NULL: none is */
};

/* All that should have been read was there, and was read; of what was asked for there was something to see. */
static inline bool report_is_whole(const struct report *r)
{
    return !r->incomplete && !r->missing_count && !r->outside;
}

struct report_form {
    const char *name;  /* as --format and --output call it */
    bool checksums;    /* it shows those of the inputs */
    bool always;       /* it is written by a nightly run without news as well */
    bool hours;        /* it shows when events were, not only findings */
    const char *file_head; /* bytes that a file of it begins with, and standard output does not; NULL: none */
    const char *socket; /* --output sends its messages there, each when it is flushed; NULL: it writes a file */

    void (*write)(const struct report *r, const struct report_options *options, struct sink *out);

    /* Before anything is read: of the report only version, rules and kb are there.  May be NULL. */
    void (*begin)(const struct report *r, const struct report_options *options, struct sink *out);

    /* A hit as the readers make it: its time is not corrected, no timeline and no diagnosis is there.  May be NULL. */
    void (*found)(const struct report *r, const struct report_options *options, const struct hit *hit,
                  struct sink *out);
};

extern const struct report_form report_text, report_json, report_lines, report_csv, report_html, report_markdown;
extern const struct report_form report_prometheus, report_nagios, report_syslog, report_journald;

#define REPORT_FORMS 10
extern const struct report_form *const report_forms[REPORT_FORMS]; /* the first is the default */
extern const char *const report_form_names[REPORT_FORMS + 1];      /* ends with NULL */

int report_form_index(const struct report_form *form); /* in report_forms */

/* The exit statuses of a plug-in of Nagios.  From high on critical, from `from` on a warning. */
enum nagios_state { NAGIOS_OK, NAGIOS_WARNING, NAGIOS_CRITICAL, NAGIOS_UNKNOWN };

enum nagios_state nagios_state_of(const struct report *r, enum rule_level from);

#endif
