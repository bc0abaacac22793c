/*
 * show_unique.h - which records an earlier log of this run has as well.
 *
 * Same:    as finding/duplicates.h says; of a record that comes as a line, that of the line.
 * Limits:  as many records as it is told are remembered; later ones are compared with these.
 * Threads: one.
 */
#ifndef EVSCAN_SHOW_SHOW_UNIQUE_H
#define EVSCAN_SHOW_SHOW_UNIQUE_H

#include "event/event.h"

struct show_unique;

/* What is remembered of a record. */
struct unique_mark {
    uint64_t checksum, record_id, time;
};

struct show_unique *show_unique_new(size_t most);
void show_unique_free(struct show_unique *u);

/* Of a record that comes as a line: fast, as each line of a run is asked for. */
uint64_t show_unique_checksum(struct text line);

/* True when an earlier call gave the same record of another input; else it is remembered. */
bool show_unique_seen(struct show_unique *u, const struct unique_mark *mark, const void *input);

#endif
