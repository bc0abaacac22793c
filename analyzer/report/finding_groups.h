/*
 * finding_groups.h - findings by rule and node: what many events of one kind come to.
 *
 * Owns:    lives in the arena given.
 */
#ifndef EVSCAN_REPORT_FINDING_GROUPS_H
#define EVSCAN_REPORT_FINDING_GROUPS_H

#include "report/report_facts.h"

struct finding_group {
    const struct rule_info *rule;
    uint32_t rule_index;
    struct text node;
    const struct hit **hits; /* in order of time */
    size_t count;
};

struct finding_groups {
    struct finding_group *items; /* gravest first, then by time */
    size_t count;
};

/* Without those marked in `but`, which has a place for each hit of the timeline; NULL: all. */
struct finding_groups finding_groups_of(struct arena *a, const struct report *r, const bool *but);

#endif
