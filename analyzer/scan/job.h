/*
 * job.h - one batch on its way through a worker: decode, screen, match, keep.
 *
 * Owns:    a job owns its batch buffer and the arena of its result, both reused for the next batch; a worker owns
 *          its matcher and one decoder per format.
 * Limits:  LIMIT_BATCH_HITS bytes of kept events a batch; what does not fit is counted.
 * Threads: a job belongs to one thread at a time: feeder, worker, feeder.
 */
#ifndef EVSCAN_SCAN_JOB_H
#define EVSCAN_SCAN_JOB_H

#include "finding/partial.h"
#include "match/matcher.h"
#include "reader/reader.h"

/* An event with all rules that it satisfies; the event is kept once. */
struct match_kept {
    const struct event *event;
    const uint32_t *rules;
    size_t rule_count;
    struct match_kept *next;
};

struct job_result {
    struct arena arena;
    enum status status;
    struct account account;
    struct notices notices;
    struct input_result covered; /* only its coverage is used */
    struct match_kept *first, **last;
    uint64_t dropped; /* matches that did not fit */
};

struct job {
    struct reader *reader;
    struct batch batch;
    struct job_result result;
};

struct worker {
    struct matcher *matcher;
    struct decoder *decoders[READER_FORMATS];
    bool recover;
    struct job *job; /* being worked on */
};

void worker_init(struct worker *w, const struct ruleset *rules, bool recover);
void worker_done(struct worker *w);

void job_init(struct job *job);
void job_done(struct job *job);

/* Makes the result of the batch in `job`.  What an earlier batch left in it is gone. */
void worker_run(struct worker *w, struct job *job);

#endif
