/*
 * show_filter.h - which events are wanted; said by their keys alone, before they are decoded.
 *
 * Shape:   each part that is given must hold; of the items of one part one is enough.
 * Source:  wildcards are those of rules (rule/pattern.h): * ? and \ in front of them, without case.
 * Owns:    what is parsed lives in the arena given.
 * Threads: const once it is made; the scratch buffer belongs to the caller.
 */
#ifndef EVSCAN_SHOW_SHOW_FILTER_H
#define EVSCAN_SHOW_SHOW_FILTER_H

#include "base/buf.h"
#include "event/event.h"
#include "rule/pattern.h"

struct range {
    uint64_t first, last;
};

struct ranges {
    struct range *items;
    size_t count, capacity;
};

struct patterns {
    struct pattern *items;
    size_t count, capacity;
};

struct show_filter {
    struct ranges ids, levels, records;
    struct patterns providers, channels, nodes;
    bool timed;
    uint64_t from, before; /* FILETIME: from <= time < before */
};

/* Adds "7", "7-12", "7-" or several with commas.  False, with nothing to rely on, when it is none of them. */
bool ranges_add(struct ranges *r, struct arena *arena, struct text t) MUST_USE;

/* The same for levels, which may be named: critical, error, warning, information, verbose. */
bool levels_add(struct ranges *r, struct arena *arena, struct text t) MUST_USE;

void patterns_add(struct patterns *p, struct arena *arena, struct text t);

bool filter_wants(const struct show_filter *f, const struct event_key *key, struct buf *scratch);

#endif
