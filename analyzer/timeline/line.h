/*
 * line.h - one event on one line; for the files of this room.
 *
 * Shape:   a worker makes what does not depend on the clocks, line_put adds time and node in front when the line's turn
 *          has come.
 */
#ifndef EVSCAN_TIMELINE_LINE_H
#define EVSCAN_TIMELINE_LINE_H

#include "timeline/merged.h"

void line_make(const struct merged_options *o, const struct event *e, const uint32_t *rules, size_t rule_count,
               struct buf *scratch, struct buf *out);

/* Columns that text gives the nodes when these are their names. */
unsigned line_node_columns(const struct merged_options *o, const struct text *names, size_t count);

void line_head(const struct merged_options *o, unsigned node_columns, struct buf *out);

/* A line and where it belongs. */
struct line_place {
    uint64_t corrected, logged; /* FILETIME; 0: none */
    struct text node;
    const struct zone *zone;    /* of its times */
    unsigned node_columns;
};

void line_put(const struct merged_options *o, const struct line_place *place, struct text made, struct buf *out);

#endif
