/*
 * merged.h - the events of all nodes as one story, in corrected time.
 *
 * Shape:   scan/pipeline.h.  One pass: rules are matched as in a scan, so that the clocks can be compared as in a
 *          report (corr/clock.h), and every event that is wanted becomes a line; then the lines come in order
 *          (timeline/rows.h).
 *            text   time, node, level, provider, ID and the sentence, on one line
 *            csv    a head line, one line an event
 *            jsonl  one object a line: time, logged, node, channel, provider, id, level, record,
 *                   rules (each with id, name and author), message, data
 * Owns:    nothing that outlives the call; accounts and notices go to the partial, nodes to the arena.
 */
#ifndef EVSCAN_TIMELINE_MERGED_H
#define EVSCAN_TIMELINE_MERGED_H

#include "catalog/catalog.h"
#include "corr/timeline.h"
#include "form/zone.h"
#include "scan/pipeline.h"
#include "show/show_filter.h"

enum merged_form { MERGED_TEXT, MERGED_CSV, MERGED_JSONL };

struct merged_options {
    enum merged_form form;
    struct show_filter filter;
    bool all; /* else only levels critical to warning, and what a rule wants */
    struct zone zone;
    const char *zone_name; /* as it was asked for: of the head line of text */
    const struct catalog *catalog;
    const struct ruleset *rules;
    unsigned width; /* columns of text; 0: lines are not cut */
    uint64_t limit; /* lines */
    unsigned threads;
    enum reader_use reader;
    bool recover;
    size_t memory; /* bytes of lines that are kept in memory */
    bool (*write)(struct text t);
};

struct merged_outcome {
    uint64_t lines;
    bool written;   /* false: writing failed */
    int spill;      /* errno of the temporary file; 0: all is well */
    struct timeline timeline; /* nodes and their clocks */
};

/* What pipeline_run says. */
enum status merged_run(struct arena *arena, const struct merged_options *options, const struct path_list *paths,
                       struct partial *ret, size_t *not_logs, struct merged_outcome *outcome) MUST_USE;

#endif
