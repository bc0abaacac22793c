/*
 * news_index.h - who has a node of this name and is of this article or rule?
 *
 * Shape:   an entry for each node of each trouble (or sighting), sorted by kind, article or rule, and name without case.
 *          Names can be made up, one a record, so that whoever walked a list for each would walk for hours; sorting
 *          takes n log n whatever the names are.
 * Owns:    the list lives in the arena given; texts are borrowed.
 */
#ifndef EVSCAN_STATE_NEWS_INDEX_H
#define EVSCAN_STATE_NEWS_INDEX_H

#include "state/sighting.h"

struct news_key {
    enum trouble_kind kind;
    struct text what, node;
    size_t at; /* the caller's */
};

struct news_index {
    struct news_key *items;
    size_t count, capacity;
};

void news_index_add(struct news_index *x, struct arena *arena, enum trouble_kind kind, struct text what,
                    const struct text *nodes, size_t node_count, size_t at);

/* Call when all are added. */
void news_index_sort(struct news_index *x);

/* Those that are equal but for `at`, by `at`: *count of them. */
const struct news_key *news_index_find(const struct news_index *x, enum trouble_kind kind, struct text what,
                                       struct text node, size_t *count);

#endif
