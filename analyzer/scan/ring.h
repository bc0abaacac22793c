/*
 * ring.h - batches under way: filled in order, decoded by any thread, taken up in order.
 *
 * Shape:   the feeder fills slots at `head` and takes results up at `tail`, both in order; workers take any that is
 *          ready, and so does the feeder before it waits for one of them.  Workers are woken for several slots at a time,
 *          as that costs about as much as a small batch; a thread is started when several batches wait for it, so that a
 *          small log has none but the caller's.
 * Memory:  a few batches a thread, used again.
 * Owns:    threads, slots and their results; the sources are the caller's, until their end is taken up.
 * Threads: the functions belong to the feeder, which is the caller's thread.  `lock` guards the states; a slot's content
 *          belongs to whom its state says.
 */
#ifndef EVSCAN_SCAN_RING_H
#define EVSCAN_SCAN_RING_H

#include <pthread.h>

#include "scan/pipeline.h"
#include "scan/source.h"

enum slot_state { SLOT_FREE, SLOT_READY, SLOT_TAKEN, SLOT_DONE };

/* A place in the ring: a batch, or the end of a source, which is taken up in the same order. */
struct slot {
    enum slot_state state;
    struct source *source;
    bool end;
    bool again; /* it was decoded before: for its old records */
    struct batch batch;
    struct batch_result result;
};

struct worker {
    void *own;
    struct decoder *decoders[READER_FORMATS]; /* NULL: not asked for yet */
};

struct ring {
    const struct pipeline_use *use;
    void *ctx;
    void (*take_up)(void *ctx, struct slot *slot); /* all before it were; the slot is free afterwards */
    struct worker own; /* of the caller's thread */

    struct slot *slots;
    size_t slot_count;
    uint64_t head, next, tail; /* filled, taken by workers, taken up */
    size_t waiting;            /* batches from `next` to `head` */

    pthread_t *threads;
    unsigned thread_count, thread_limit;
    pthread_mutex_t lock;
    pthread_cond_t ready, done;
    bool stop;
};

/* `use`, `ctx` and `take_up` are set, all else is zero. */
void ring_start(struct ring *ring, unsigned threads);

/* A free slot to fill.  What is known already is taken up before: somebody may be waiting for it. */
struct slot *ring_head(struct ring *ring);

/* The slot of ring_head is filled: with a batch, or with the end of the source. */
void ring_submit(struct ring *ring, struct slot *slot, struct source *source, bool end);

/* Takes up all that is under way. */
void ring_empty(struct ring *ring);

/* Empties the ring, and ends the threads. */
void ring_stop(struct ring *ring);

/* The worker's decoder of this format, made when it is asked for. */
struct decoder *worker_decoder(struct worker *w, enum reader_format format);

/* As it is before a batch begins. */
void result_reset(struct batch_result *r, const char *path, uint64_t offset);

/* Whether old records are asked for alone, in a second reading; what libyal has is in this order by itself. */
bool is_read_twice(const struct pipeline_use *use);

#endif
