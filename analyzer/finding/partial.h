/*
 * partial.h - what a scan leaves behind, ready to be merged: hits with their events, accounts, coverage, notices.
 *
 * Shape:   inputs, each with its hits in the order of the input.  Several partials merge into one; partial_sort then
 *          orders everything by key (time, node, record id, input, offset, rule), never by arrival.  So one
 *          thread, two threads and merged halves give the same.
 * Owns:    the partial's arena owns everything in it.  partial_merge adopts the arena of what it takes.
 * Limits:  LIMIT_HITS_PER_RULE hits of a rule in one input: the first ones stay.  LIMIT_HIT_BYTES of kept events in
 *          all: inputs in order of their paths, and behind the first event that does not fit none is kept.  Of hits
 *          beyond them that correlations read so much is kept as these need (finding/thin.h), LIMIT_THIN_BYTES in the
 *          same manner.  All cut the same hits whichever way partials are merged; what was cut is counted and noticed.
 *          What the inputs cover: finding/coverage.h.
 * Threads: a partial belongs to one thread at a time.
 */
#ifndef EVSCAN_FINDING_PARTIAL_H
#define EVSCAN_FINDING_PARTIAL_H

#include "event/event_source.h"
#include "finding/coverage.h"
#include "finding/hours.h"
#include "finding/seen.h"
#include "finding/thin.h"

struct coverage_index;

#define THIN_NO_END UINT32_MAX

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
    struct seen_pairs seen;
    struct hours *hours; /* events by node and hour; NULL: nobody counted them, or wants them */

    struct hit *hits; /* in order of the input, thin ones among the others */
    size_t hit_count, hit_capacity;
    uint32_t matches;      /* events that came with hits, up to THIN_NO_END - 1 */
    uint64_t hits_dropped; /* not kept whole */
    uint64_t hits_lost;    /* of them: not even kept thin, though correlations read them */
    bool full;             /* LIMIT_HIT_BYTES was reached in it */
    uint32_t thin_end;     /* LIMIT_THIN_BYTES was reached at this match: it and those behind it have no thin hits */
    bool remembered;       /* of an earlier run; not saved */
};

struct alert;

struct hit {
    uint32_t rule;             /* index in the ruleset of the run */
    uint32_t place;            /* of its event among the matches of its input, from 0 */
    const struct event *event; /* kept, texts cut at LIMIT_HIT_TEXT; the hits of one event share it */
    const struct input_result *input;
    const struct thin *thin;   /* for correlations only; NULL: the hit is whole */
    const struct alert *alert; /* of a correlation (corr/correlate.h), whose moment the event is; else NULL */
};

struct partial {
    struct arena arena;
    struct input_result **inputs; /* by path, once sorted */
    size_t input_count, input_capacity;
    struct hit *hits; /* whole ones; made by partial_sort */
    size_t hit_count;
    struct hit *thin; /* made by partial_sort */
    size_t thin_count;
    uint64_t hits_dropped, hits_lost;

    const struct thin_plan *plan; /* the caller's, set before hits come; NULL: none is kept thin */
    bool hourless;                /* same: the hours of saved inputs are not kept */
    struct arena scratch;         /* an event that is looked at */
    bool full, thin_full;         /* one of its inputs is */
    size_t hit_bytes, thin_bytes; /* of what is kept */
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

/* The same for hits that were saved: `hits` tell rule, place, and of a thin one what is kept, in the arena of `p`. */
void partial_add_saved(struct partial *p, const struct hit *hits, size_t count, const struct event *event,
                       struct input_result *input);

/* Counts hits that are not kept whole, and those of them that are lost to correlations. */
void partial_drop(struct partial *p, struct input_result *input, uint64_t count);
void partial_lose(struct partial *p, struct input_result *input, uint64_t count);

/* Takes all of `from`, which is then empty.  An input that both hold, the same in everything, counts once. */
void partial_merge(struct partial *p, struct partial *from);

/*
 * Inputs by path, hits by key, of a record that several inputs have those of the first one (finding/duplicates.h);
 * notices what was dropped.  Call once, when all is merged.
 */
void partial_sort(struct partial *p);

/*
 * The hours of all inputs in `ret`, which is empty.  False when they were not counted of some input that has events.
 */
bool partial_hours(const struct partial *p, struct hours *ret) MUST_USE;

/* The order of inputs, and of hits. */
int input_compare(const struct input_result *a, const struct input_result *b);
int hits_compare(const struct hit *a, const struct hit *b);

/* The hits by key again, after times were corrected. */
void partial_order(struct partial *p);

#endif
