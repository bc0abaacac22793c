/*
 * report.h - the result of a run as text for people or as JSON.
 *
 * Shape:   a writer takes the whole result and appends to a buffer; nothing here prints.  With `drain` the buffer is
 *          handed out whenever it is large, so that the memory does not grow with the number of findings.
 * Source:  the JSON is described by report/report.schema.json; the tests validate against it.
 * Safety:  whatever came from a log or a file name passes the escape function of its sink (escape.h).
 */
#ifndef EVSCAN_REPORT_REPORT_H
#define EVSCAN_REPORT_REPORT_H

#include "base/buf.h"
#include "corr/correlate.h"
#include "kb/diagnose.h"

struct report_options {
    unsigned width;    /* columns, at least 40; 80 unless the terminal is known to be wider */
    bool colour;
    bool explain;      /* show the arithmetic of each score */
    enum rule_level fail_level;
    void (*drain)(void *ctx, struct buf *out); /* takes what is in the buffer and empties it; may be NULL */
    void *drain_ctx;
};

struct report {
    const char *version;
    const struct ruleset *rules;
    const struct kb *kb;
    const struct partial *partial;   /* sorted */
    const struct timeline *timeline;
    const struct diagnoses *diagnoses;
    const struct notices *notices;   /* of the whole run, not of an input; NULL for none */
    bool incomplete;                 /* some input could not be read (whole) */
    size_t mistakes;                 /* in files of rules and articles: what they are part of was left out */
    size_t not_logs;                 /* files in folders that are no logs and were left alone */
};

void report_text(const struct report *r, const struct report_options *options, struct buf *out);
void report_json(const struct report *r, const struct report_options *options, struct buf *out);

#endif
