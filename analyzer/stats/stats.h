/*
 * stats.h - count the events of all inputs, from their keys alone.
 *
 * Shape:   scan/pipeline.h; no event is decoded beyond what the screen of a scan reads of it.  Each batch is tallied by
 *          itself and added in the order of the inputs.
 * Limits:  those of tally.h, NOTICE_TALLY_LIMIT.
 * Owns:    the tallies live in the partial's arena.
 */
#ifndef EVSCAN_STATS_STATS_H
#define EVSCAN_STATS_STATS_H

#include "form/zone.h"
#include "scan/pipeline.h"
#include "show/show_filter.h"
#include "stats/tally.h"

#define STATS_TALLIES 2

struct stats_options {
    struct show_filter filter;
    struct zone zone;              /* of hours, days and months */
    unsigned parts[STATS_TALLIES]; /* what is counted, TALLY_BY each; 0: no such tally */
    unsigned threads;
    enum reader_use reader;
    bool recover;
};

struct stats {
    uint64_t events;                    /* that the filter wants */
    uint64_t first, last;               /* FILETIME; 0 = none of them has a time */
    struct tally tallies[STATS_TALLIES]; /* sorted */
};

/* What pipeline_run says. */
enum status stats_run(const struct stats_options *options, const struct path_list *paths, struct partial *partial,
                      size_t *not_logs, struct stats *ret) MUST_USE;

#endif
