/*
 * recurrence.h - which diagnosis of a run is of this article, on these nodes rather than on others?
 *
 * Shape:   an entry for each name of each node of a diagnosis, whole and without its domain, and one without a name;
 *          sorted by article and name, and these by what is asked for: the surer one, then the place.  A baseline may
 *          have tens of thousands of diagnoses, and names can be made up: no list is walked for each.
 * Owns:    the list lives in the arena given and borrows from the diagnoses.
 */
#ifndef EVSCAN_CLI_RECURRENCE_H
#define EVSCAN_CLI_RECURRENCE_H

#include "kb/diagnose.h"

struct recurrence {
    struct text article, name; /* name: as the kind says */
    int kind;
    const struct diagnosis *diagnosis;
    size_t place; /* over all lists */
    bool settled; /* it was fixed since */
};

struct recurrences {
    struct recurrence *items;
    size_t count, capacity;
};

/* Of a run: diagnoses, what stands below them, and what is settled. */
void recurrences_make(struct arena *arena, const struct diagnoses *d, struct recurrences *ret);

/* One that shares a node before others, then the surest, then the first; NULL: the article was not diagnosed. */
const struct recurrence *recurrence_find(const struct recurrences *r, struct text article, const struct text *nodes,
                                         size_t node_count);

#endif
