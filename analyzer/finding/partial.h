/*
 * partial.h - what a scan leaves behind, ready to be merged: hits with their events, accounts, coverage, notices.
 *
 * Shape:   inputs, each with its hits in the order of the input.  Several partials merge into one; partial_sort then
 *          orders everything by key (time, node, record id, input, offset, rule), never by arrival.  So one
 *          thread, two threads and merged halves give the same.
 * Owns:    the partial's arena owns everything in it.  partial_merge adopts the arena of what it takes.
 * Limits:  LIMIT_HITS_PER_RULE hits of a rule in one input: the first ones stay.  LIMIT_HIT_BYTES of kept events in
 *          all: inputs in order of their paths, and behind the first event that does not fit none is kept.  Both
 *          cut the same hits whichever way partials are merged; what was cut is counted and noticed.
 *          What the inputs cover: finding/coverage.h.
 * Threads: a partial belongs to one thread at a time.
 */
#ifndef EVSCAN_FINDING_PARTIAL_H
#define EVSCAN_FINDING_PARTIAL_H

#include "event/event_source.h"
#include "finding/coverage.h"

struct coverage_index;

struct input_result {
    struct text path;
    struct text format; /* "evt", "evtx"; "" when it was none */
    uint64_t size;
    struct text sha256; /* of all its bytes, in hex; "" when nobody asked for it */
    enum status status;
    struct account account;
    struct notices notices;

    struct coverage *coverage; /* in order of first appearance */
    struct coverage_index *coverage_index;
    uint64_t uncovered; /* events of pairs beyond LIMIT_COVERAGE */

    struct hit *hits; /* in order of the input */
    size_t hit_count, hit_capacity;
    uint64_t hits_dropped; /* counted only */
    bool full;             /* LIMIT_HIT_BYTES was reached in it */
    bool remembered;       /* of an earlier run; not saved */
};

struct alert;

struct hit {
    uint32_t rule;             /* index in the ruleset of the run */
    const struct event *event; /* kept, texts cut at LIMIT_HIT_TEXT; the hits of one event share it */
    const struct input_result *input;
    const struct alert *alert; /* of a correlation (corr/correlate.h), whose moment the event is; else NULL */
};

struct partial {
    struct arena arena;
    struct input_result **inputs; /* by path, once sorted */
    size_t input_count, input_capacity;
    struct hit *hits; /* made by partial_sort */
    size_t hit_count;
    uint64_t hits_dropped;

    bool full;        /* one of its inputs is */
    size_t hit_bytes; /* of kept events */
    size_t compact_at;
    uint32_t *of_rule; /* hits of each rule in `counted` */
    size_t rule_count;
    const struct input_result *counted;
};

void partial_init(struct partial *p);
void partial_done(struct partial *p);

/* Inputs are added in order of their paths, or each to a partial of its own that is then merged. */
struct input_result *partial_add_input(struct partial *p, struct text path);

/*
 * An event of `input` and the rules that it satisfies.  The event is copied, once, when any of the hits is kept.
 * All matches of one input come together, in the order of the input.
 */
void partial_add_match(struct partial *p, const uint32_t *rules, size_t count, const struct event *event,
                       struct input_result *input);

/* Counts hits that were lost before they came here. */
void partial_drop(struct partial *p, struct input_result *input, uint64_t count);

/* Takes all of `from`, which is then empty.  An input that both hold, the same in everything, counts once. */
void partial_merge(struct partial *p, struct partial *from);

/*
 * Inputs by path, hits by key, of a record that several inputs have those of the first one (finding/duplicates.h);
 * notices what was dropped.  Call once, when all is merged.
 */
void partial_sort(struct partial *p);

/* The order of inputs. */
int input_compare(const struct input_result *a, const struct input_result *b);

/* The hits by key again, after times were corrected. */
void partial_order(struct partial *p);

#endif
