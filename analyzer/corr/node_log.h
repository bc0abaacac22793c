/*
 * node_log.h - does a log of a node cover a time, and if not, why not.
 *
 * Shape:   a log is all inputs with records of that node in one channel; together they cover a time when their
 *          spans leave no hole in it: files that were not given, records that their numbers miss.  A machine that was
 *          down all the time has written nothing.  An .evt record may have no channel: it then counts for any.
 */
#ifndef EVSCAN_CORR_NODE_LOG_H
#define EVSCAN_CORR_NODE_LOG_H

#include "corr/timeline.h"

enum log_gap {
    LOG_COVERS, LOG_NOT_GIVEN, LOG_STARTS_LATER, LOG_ENDS_EARLIER, LOG_HAS_HOLE,
    LOG_NODE_DOWN,   /* shut down in order, and started later */
    LOG_NODE_SILENT, /* nothing before a start that no shutdown preceded */
};

struct log_cover {
    enum log_gap gap;
    uint64_t from, to; /* LOG_STARTS_LATER: to; LOG_ENDS_EARLIER: from, and to is the end of the window; else both ends */
    uint64_t missing;  /* LOG_HAS_HOLE: records; 0 = not known */
    bool nothing;      /* no moment of the window is covered */
};

/* Both bounds belong to the window.  `channel` "" = any. */
struct log_cover node_log_covers(const struct node *node, struct text channel, uint64_t from, uint64_t to);

/* What a log of a node lacks of a window. */
struct log_miss {
    const struct node *node; /* NULL: nothing */
    struct text channel;
    struct log_cover cover;
    uint64_t event; /* the time that the window was drawn around */
};

/*
 * The gap as a sentence: "NODE2's System log starts 1999-04-12 14:07:00 UTC, after the event".
 */
struct text log_gap_text(struct arena *arena, const struct zone *zone, const struct log_miss *miss);

#endif
