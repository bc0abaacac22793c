/*
 * all_hits.h - what correlations look at: the hits of the timeline, and those that were kept for correlations only.
 *
 * Owns:    an arena for the lists, which the caller ends; events are borrowed from the partial.
 */
#ifndef EVSCAN_CORR_ALL_HITS_H
#define EVSCAN_CORR_ALL_HITS_H

#include "corr/timeline.h"

struct all_hits {
    struct arena arena;
    struct timeline timeline; /* as the one given, but for its hits */
    const uint32_t *origin;   /* of each hit: its place in the timeline given, of a thin one in partial.thin */
};

void all_hits_collect(struct all_hits *all, const struct timeline *given);

#endif
