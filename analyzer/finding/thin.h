/*
 * thin.h - hits of which only so much is kept as correlations need, because a limit was reached.
 *
 * Shape:   a plan says which rules correlations refer to and what they read of their events.  A thin hit has the head
 *          of its event (or the whole event, when another rule keeps that) and the values of those fields, as its rule
 *          sees them.
 * Owns:    nothing; what is kept lives in the arena given.
 * Threads: a plan belongs to one thread at a time: it looks at events.
 */
#ifndef EVSCAN_FINDING_THIN_H
#define EVSCAN_FINDING_THIN_H

#include "event/event.h"

struct thin {
    uint64_t checksum;         /* of the whole event, as finding/duplicates.h knows it */
    const struct text *values; /* one for each field of its rule; p NULL: the event has none */
};

struct thin_rule {
    bool read; /* by any correlation */
    const struct text *fields; /* their names, each once */
    size_t field_count;
};

struct thin_plan {
    const struct thin_rule *rules; /* by number */
    size_t rule_count;
    void *ctx;
    /* The rule's fields in the event: writes one value each, which are borrowed until the next call. */
    void (*look)(void *ctx, uint32_t rule, const struct event *event, struct text *values);
};

/* Is the rule read by any correlation?  `plan` may be NULL: none is. */
bool thin_is_read(const struct thin_plan *plan, uint32_t rule);

/* What is kept of the hit. */
const struct thin *thin_keep(struct arena *arena, const struct thin_plan *plan, uint32_t rule,
                             const struct event *event, uint64_t checksum);
const struct thin *thin_copy(struct arena *arena, const struct thin_plan *plan, uint32_t rule, const struct thin *t);

/* The event without its fields, and marked as cut. */
const struct event *thin_event(struct arena *arena, const struct event *event);

/* Bytes for limits: they follow from what is kept alone. */
size_t thin_size(const struct thin_plan *plan, uint32_t rule, const struct thin *t);
size_t thin_event_size(const struct event *event);

#endif
