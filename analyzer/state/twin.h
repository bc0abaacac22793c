/*
 * twin.h - another log of the node that holds the same records: in another format, or under another name.
 *
 * Shape:   all marks that can be compared are the same; or they are up to one, and none behind it: the twin forks, for it
 *          was read before a snapshot was restored, and what they have in common is the same log still.
 * Limits:  LIMIT_LOG_NAMES logs of the node of either kind are looked at.
 */
#ifndef EVSCAN_STATE_TWIN_H
#define EVSCAN_STATE_TWIN_H

#include "state/part_marks.h"

struct twin {
    struct generation *of; /* NULL: there is none */
    uint64_t same;         /* the last record that is known to be in both */
    bool forks;            /* behind it they differ */
};

/* Of a part that goes on with `log`.  Of two logs whose records name different channels neither is the other. */
struct twin twin_find(struct known_logs *known, const struct known_log *log, const struct part_marks *part);

/*
 * Of the records between the end of what was read of a generation of `log` and the part: how many no twin has read, nor
 * missed itself, for that it has told.
 */
uint64_t twin_gap_rest(struct known_logs *known, const struct known_log *log, const struct generation *g,
                       const struct log_part *part, const struct twin *twin);

#endif
