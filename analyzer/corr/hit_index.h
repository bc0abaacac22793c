/*
 * hit_index.h - the hits of a rule, on a node or on all, within a window: by binary search.
 *
 * Shape:   for each rule its hits by time, and the same by node and time.
 * Owns:    its arrays live in the arena given; the timeline is borrowed.
 */
#ifndef EVSCAN_CORR_HIT_INDEX_H
#define EVSCAN_CORR_HIT_INDEX_H

#include "corr/timeline.h"

struct hit_index {
    const struct timeline *timeline;
    size_t rule_count;
    const size_t *start;     /* of each rule, and the end of the last */
    const uint32_t *by_time; /* places in timeline.hits */
    const uint32_t *by_node;
};

struct hit_span {
    const uint32_t *hits; /* places in timeline.hits, in order of time */
    size_t count;
};

void hit_index_build(struct arena *arena, const struct timeline *timeline, struct hit_index *ret);

/* Both bounds belong to the window.  `node` NULL = any. */
struct hit_span hit_index_find(const struct hit_index *index, uint32_t rule, const struct node *node, uint64_t from,
                               uint64_t to);

#endif
