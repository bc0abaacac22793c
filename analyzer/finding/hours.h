/*
 * hours.h - how many events of each node there were in each hour: for reports that draw it.
 *
 * Shape:   pairs of node (without ASCII case) and hour, in the order in which they came; found by their hash.
 * Owns:    what it keeps lives in the arena that hours_init was given.
 * Limits:  LIMIT_HOURS pairs; events of further ones are counted in `left_out`.
 * Threads: one at a time; parts are counted apart and merged in their order.
 */
#ifndef EVSCAN_FINDING_HOURS_H
#define EVSCAN_FINDING_HOURS_H

#include "event/event.h"

struct hour {
    struct text node;
    uint64_t number; /* hours since FILETIME 0 */
    uint64_t events;
};

struct hours {
    struct arena *arena;
    struct hour *items;
    size_t count, capacity;
    uint32_t *slots; /* place of an item plus 1; 0 = free */
    size_t slot_count;
    size_t last; /* the item that was counted last: most events are of the same hour */
    uint64_t left_out;
};

#define HOUR_TICKS ((uint64_t)3600 * TICKS_PER_SECOND)

void hours_init(struct hours *h, struct arena *arena);

/* Events without a time do not count. */
void hours_add(struct hours *h, const struct event_key *key);
void hours_merge(struct hours *h, const struct hours *from);
void hours_count(struct hours *h, struct text node, uint64_t number, uint64_t events);

#endif
