/*
 * pipeline.h - all inputs through all threads, and what comes of them in the order of the inputs.
 *
 * Shape:   one thread (the caller's) opens inputs and cuts them into batches; the others, and this one when it would
 *          have to wait, decode, each batch into a batch_result.  Results are taken up in the order of the batches, when all
 *          before them are, and before an input is opened that may keep this thread waiting.  So whatever is made of them
 *          is the same for any number of threads.  Accounts and notices of the inputs are kept here, in the partial; what
 *          is made of an event belongs to whoever runs the pipeline.
 * Memory:  a few batches a thread are under way, whatever the size of the inputs.
 * Owns:    the results and their arenas, used again for later batches; the partial is the caller's.
 * Threads: `take_up` is called in the caller's thread, `begin` and the sink in any; a worker and a result belong to
 *          one thread at a time.
 */
#ifndef EVSCAN_SCAN_PIPELINE_H
#define EVSCAN_SCAN_PIPELINE_H

#include "finding/partial.h"
#include "io/paths.h"
#include "reader/reader.h"

/* What came of one batch. */
struct batch_result {
    struct arena arena; /* empty at the beginning of each batch */
    enum status status;
    struct account account;
    struct notices notices;
    const char *path; /* of its input: the same pointer for all its batches */
    enum reader_format format;
    uint64_t offset;  /* of the batch in it */
    struct bytes bytes; /* of the batch as it was read; empty for a reader that has none */
    void *own;       /* of `result_new` */
};

struct compare_record; /* compare/compare.h */

/* Who reads the inputs. */
enum reader_use {
    READ_NATIVE, /* evscan's own readers */
    READ_LIBYAL, /* libevtx and libevt */
    READ_BOTH,   /* evscan's own, and how far libyal agrees is noticed; where a sink has `recover`, what only libyal
                  * finds comes behind the other events of its log, as EVENT_LIBYAL */
};

/* What the caller makes of the events. */
struct pipeline_use {
    enum reader_use reader;
    bool checksums; /* of whole inputs, too */
    bool old_behind; /* with `recover`: a log is read twice, so that its old records come behind all others of it */
    void *ctx;
    void *(*worker_new)(void *ctx);
    void (*worker_free)(void *worker);
    void *(*result_new)(void *ctx);
    void (*result_free)(void *own);

    /* A batch begins: what an earlier one left in `r->own` is gone.  Says in `sink` where its events go. */
    void (*begin)(void *worker, struct batch_result *r, struct event_sink *sink);

    /*
     * A batch is decoded: true when its events are to be delivered once more, to `sink`.  What is wrong with them was
     * said the first time.  May be NULL.
     */
    bool (*once_more)(void *worker, struct batch_result *r, struct event_sink *sink);

    /* READ_BOTH: a record in which the readers differ, but for known differences.  In the caller's thread; may be NULL. */
    void (*differs)(void *ctx, const char *path, const struct compare_record *record);

    /* A batch is decoded; `input` has its account and notices already.  False: nothing more is wanted. */
    bool (*take_up)(void *ctx, struct input_result *input, const struct batch_result *r);
};

/* How far a run is. */
struct pipeline_progress {
    uint64_t bytes; /* read */
    size_t inputs;  /* that are behind */
    const struct partial *partial; /* as far as results were taken up */
};

/* Who wants to know.  Told in the caller's thread, once a batch. */
struct pipeline_watch {
    void *ctx;
    void (*tell)(void *ctx, const struct pipeline_progress *progress); /* NULL: nobody */
};

/* Of the runs of this process; call before one begins. */
void pipeline_watch(struct pipeline_watch w);

/*
 * Adds an input_result for every path that is a log, and for every named path that is none.  Files of a folder that
 * are no logs are counted in `*not_logs` only.  When `take_up` wanted no more, the accounts hold what was taken up, and
 * later inputs are not opened.
 *
 * When the run is interrupted (io/interrupt.h) what was read is taken up, and the inputs that were not read whole, or not
 * at all, have a notice.
 *
 * The worst status of all inputs: ST_OK, ST_LOST_RECORD .. ST_LOST_INPUT.
 */
enum status pipeline_run(unsigned threads, const struct pipeline_use *use, const struct path_list *paths,
                         struct partial *ret, size_t *not_logs) MUST_USE;

#endif
