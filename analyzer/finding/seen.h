/*
 * seen.h - which providers logged to which channels: "nothing found" is worth as much as the rules that could have found
 * something in what was read (match/reach.h).
 *
 * Shape:   pairs in the order in which they were met, each once, told apart with case.
 * Owns:    what it keeps lives in the arena given.
 * Limits:  LIMIT_SEEN pairs, LIMIT_SEEN_BYTES of names; `beyond` says that there were more.
 * Threads: one at a time; parts are seen apart and merged in their order.
 */
#ifndef EVSCAN_FINDING_SEEN_H
#define EVSCAN_FINDING_SEEN_H

#include "base/arena.h"

struct seen_pair {
    struct text provider, channel;
};

/* All zero: empty. */
struct seen_pairs {
    struct seen_pair *items;
    size_t count, capacity, bytes;
    bool beyond;
};

void seen_add(struct seen_pairs *s, struct arena *arena, struct text provider, struct text channel);
void seen_merge(struct seen_pairs *s, struct arena *arena, const struct seen_pairs *from);

#endif
