/*
 * open_troubles.h - what is wrong now, one line each, for monitoring: of a nightly run all that is open, told or not; else
 * what the run found.
 *
 * Owns: lives in the arena given and borrows from the report.
 */
#ifndef EVSCAN_REPORT_OPEN_TROUBLES_H
#define EVSCAN_REPORT_OPEN_TROUBLES_H

#include "report/report.h"

struct open_trouble {
    bool diagnosis;         /* else findings of a rule */
    struct text id;         /* finding/trouble_id.h */
    struct text what, title;
    const char *confidence; /* of a diagnosis */
    enum rule_level level;
    const struct text *nodes;
    size_t node_count;
    uint64_t occurrences;
    uint64_t first_seen, last_seen; /* FILETIME of its events */
};

struct open_troubles {
    const struct open_trouble *items; /* gravest first */
    size_t count;
};

struct open_troubles open_troubles_of(struct arena *a, const struct report *r);

#endif
