/*
 * consequences.h - the findings that a diagnosis explains, by rule, for both reports.
 *
 * Owns:    lives in the arena given.
 */
#ifndef EVSCAN_REPORT_CONSEQUENCES_H
#define EVSCAN_REPORT_CONSEQUENCES_H

#include "report/report_facts.h"

struct consequence {
    const struct rule_info *rule;
    size_t events;
    uint64_t first, last;
    const struct text *nodes; /* each once, by name */
    size_t node_count;
};

/* In order of their first event; findings only, neither mere context nor what is listed as evidence for it. */
struct consequence *consequences_of(struct arena *a, const struct report *r, const struct diagnosis *d,
                                    size_t *count);

#endif
