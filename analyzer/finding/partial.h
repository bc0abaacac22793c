/*
 * partial.h - what a scan leaves behind, ready to be merged: hits with their events, accounts, coverage, notices.
 *
 * Shape:   a run makes one partial per input and merges them.  Merging orders by (time, node, record id, input
 *          path, offset), never by arrival; so one thread, two threads and merged halves give the same.
 * Owns:    the partial's arena owns everything in it.  partial_merge adopts the arena of what it takes.
 * Limits:  LIMIT_HITS_PER_RULE hits a rule and LIMIT_HIT_BYTES of kept events: the first ones in input order stay,
 *          the rest is counted (hits_dropped, and NOTICE_HITS_DROPPED at the input).
 */
#ifndef EVSCAN_FINDING_PARTIAL_H
#define EVSCAN_FINDING_PARTIAL_H

#include "event/event_source.h"

/* What one input covers for one node and channel. */
struct coverage {
    struct text node;    /* Computer as written first */
    struct text channel; /* "" when unknown */
    uint64_t events;
    uint64_t first, last; /* FILETIME */
    struct coverage *next;
};

struct input_result {
    struct text path;
    struct text format; /* "evt", "evtx"; "" when it was none */
    uint64_t size;
    enum status status;
    struct account account;
    struct notices notices;
    struct coverage *coverage; /* in order of first appearance */
};

struct hit {
    uint32_t rule;             /* index in the ruleset of the run */
    const struct event *event; /* kept, texts cut at LIMIT_HIT_TEXT */
    const struct input_result *input;
};

struct partial {
    struct arena arena;
    struct input_result **inputs;
    size_t input_count, input_capacity;
    struct hit *hits;
    size_t hit_count, hit_capacity;
    size_t hits_dropped;
};

void partial_init(struct partial *p);
void partial_done(struct partial *p);

struct input_result *partial_add_input(struct partial *p, struct text path);
void partial_add_hit(struct partial *p, uint32_t rule, const struct event *kept, const struct input_result *input);

/* Takes all of `from`, which is then empty. */
void partial_merge(struct partial *p, struct partial *from);

/* Hits by (time, node, record id, input path, offset, rule), inputs by path.  Call once all is merged. */
void partial_sort(struct partial *p);

/* Counts an event for the coverage of its node and channel. */
void coverage_add(struct input_result *input, struct arena *arena, const struct event_key *key);

#endif
