/*
 * sighting.h - what this run sees, in the form in which it is remembered: diagnoses, and findings that none explains.
 *
 * Owns: everything lives in the arena given and borrows from the diagnoses and the timeline.
 */
#ifndef EVSCAN_STATE_SIGHTING_H
#define EVSCAN_STATE_SIGHTING_H

#include "kb/diagnose.h"
#include "state/memory.h"

struct sighting {
    enum trouble_kind kind;
    struct text what, title;
    const struct text *nodes; /* where it starts from, by name */
    size_t node_count;
    int confidence, score, level;
    uint64_t first_seen, last_seen;
    uint64_t occurrences;
    const uint64_t *begins;            /* of each of them; by time */
    const struct diagnosis *diagnosis; /* of a TROUBLE_DIAGNOSIS */
    uint32_t rule;                     /* of a TROUBLE_FINDING */
    const struct node *node;           /* same */
};

struct sightings {
    struct sighting *items; /* diagnoses first */
    size_t count, capacity;
    const uint32_t *of_hit; /* by place in the timeline: which finding has its rule and node; SIGHTING_NONE */
};

#define SIGHTING_NONE UINT32_MAX

/* Findings from level `from` on. */
void sightings_collect(struct arena *arena, const struct timeline *timeline, const struct diagnoses *diagnoses,
                       enum rule_level from, struct sightings *ret);

/* A node whose logs are missing in this run. */
void sighting_add_missing(struct arena *arena, struct sightings *all, struct text node, uint64_t now);

/* Of one diagnosis, whatever list it stands in. */
struct sighting sighting_of(struct arena *arena, const struct diagnosis *d);

#endif
