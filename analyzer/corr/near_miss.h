/*
 * near_miss.h - why a correlation raises no alert: which of its groups, and which window of it, comes nearest.
 *
 * Shape:   the search for alerts tells of every window and sequence that fails; the nearest is kept.  Of several
 *          equally near the first one.
 * Owns:    everything lives in the arena of correlate(); events are borrowed from the partial.
 */
#ifndef EVSCAN_CORR_NEAR_MISS_H
#define EVSCAN_CORR_NEAR_MISS_H

#include "event/event.h"
#include "rule/correlation.h"

/* One of the rules that the correlation refers to. */
struct near_rule {
    size_t matches;              /* in all logs, with a time and a value for each group */
    size_t in_group, in_window;  /* of them; in a sequence in_window is 1 for a step that was reached */
    const struct event *outside; /* when it is not in the window: its nearest in the group; NULL for none */
    bool earlier;                /* that one is before the window, or before the step in front of it */
    uint64_t away;               /* ticks, to the window or to where the timespan ends */
};

struct near_miss {
    struct near_rule *rules; /* in the order of the correlation; NULL: the correlation was not worked out */
    size_t ungrouped;        /* matches without a value for one of the groups */
    size_t groups;           /* that were searched */
    const struct text *group;          /* values of the nearest group */
    const struct event *first, *last;  /* of the nearest window; NULL: there was none at all */
    bool measured;                     /* `measure` says what the window came to */
    struct number measure;

    double distance; /* of the nearest so far */
};

#endif
