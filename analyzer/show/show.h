/*
 * show.h - print the events of all inputs, in the order of the inputs.
 *
 * Shape:   scan/pipeline.h; workers make the text, one thread writes it as soon as its turn has come.  The output is
 *          the same bytes for any number of threads.
 *            text   a block an event: time, node, provider, ID, level; then the sentence and the values
 *            json   one array; jsonl: one line an event.  The layout is that of event_source.h.
 *            xml    one document <Events>, one line an event
 *            csv    a head line, one line an event
 * Limits:  LIMIT_BATCH_TEXT; what does not fit is noticed as lost.
 * Owns:    nothing that outlives the call; accounts and notices go to the partial.
 */
#ifndef EVSCAN_SHOW_SHOW_H
#define EVSCAN_SHOW_SHOW_H

#include "catalog/catalog.h"
#include "scan/pipeline.h"
#include "corr/node_zone.h"
#include "show/show_filter.h"

enum show_form { SHOW_TEXT, SHOW_CSV, SHOW_JSON, SHOW_JSONL, SHOW_XML };

struct show_options {
    enum show_form form;
    struct show_filter filter;
    struct zone zone;              /* of text and csv; json and xml are UTC, as in the log */
    const struct timeline *nodes;  /* whose zones are known; when the zone is that of each */
    const struct catalog *catalog; /* of text and csv */
    uint64_t limit;                /* events in all; UINT64_MAX: all of them */
    unsigned threads;
    enum reader_use reader;
    bool recover;
    const char *remark; /* on every event; NULL: none */
    bool unique; /* leave out what an earlier log has as well; account.duplicates counts it, left out or not */
    bool (*write)(struct text t); /* false: nothing more can be written */
    /* READ_BOTH: what compare_record_text says of a record in which the readers differ. */
    void (*differs)(const char *path, struct text record);
};

struct show_outcome {
    uint64_t events; /* that were written */
    bool written;    /* false: `write` failed */
};

/* What pipeline_run says. */
enum status show_run(const struct show_options *options, const struct path_list *paths, struct partial *ret,
                     size_t *not_logs, struct show_outcome *outcome) MUST_USE;

#endif
