/*
 * trouble_id.h - what a trouble is called: "Q218922-1f3a9c".
 *
 * The same trouble of the same logs gets the same name in every run, with a memory or without, so that a ticket, a line
 * of the system log and a suppression can be held against each other.
 *
 * Owns:    the text lives in the arena given.
 */
#ifndef EVSCAN_FINDING_TROUBLE_ID_H
#define EVSCAN_FINDING_TROUBLE_ID_H

#include "base/arena.h"

struct trouble_key {
    struct text cluster; /* "" when it has no name */
    uint64_t first_seen; /* FILETIME of its first event */
    const struct text *nodes;
    size_t node_count;
};

uint64_t trouble_sum(const struct trouble_key *key);

/* Of a sum whose name another trouble bears already, another one. */
uint64_t trouble_sum_next(uint64_t sum);

struct text trouble_id(struct arena *arena, struct text what, uint64_t sum);

#endif
