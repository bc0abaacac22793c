#include "scan/ring.h"

#include <stdlib.h>

#include "base/limits.h"

/* Enough that a worker that meets a slow batch does not stop the others. */
#define SLOTS_PER_THREAD 4

/*
 * A thread is started when more batches than this wait for each that there would be.  With its decoder it costs as much as
 * two batches of 64 KiB: most logs of a folder, and nearly all that somebody tries evscan on, are smaller.
 */
#define BATCHES_PER_THREAD 2

static struct slot *slot_at(struct ring *ring, uint64_t n)
{
    return &ring->slots[n % ring->slot_count];
}

static void worker_init(struct worker *w, const struct pipeline_use *use)
{
    *w = (struct worker){ .own = use->worker_new(use->ctx) };
}

static void worker_done(struct worker *w, const struct pipeline_use *use)
{
    use->worker_free(w->own);
    for (size_t i = 0; i < READER_FORMATS; i++)
        reader_formats[i]->decoder_free(w->decoders[i]);
}

struct decoder *worker_decoder(struct worker *w, enum reader_format format)
{
    if (!w->decoders[format])
        w->decoders[format] = reader_formats[format]->decoder_new();
    return w->decoders[format];
}

bool is_read_twice(const struct pipeline_use *use)
{
    return use->old_behind && use->reader != READ_LIBYAL;
}

void result_reset(struct batch_result *r, const char *path, uint64_t offset)
{
    arena_reset(&r->arena);
    *r = (struct batch_result){ .arena = r->arena, .path = path, .offset = offset, .own = r->own };
    notices_init(&r->notices, &r->arena);
}

/* Of a log that is read twice: this time its own records, or only the old ones. */
static struct event_sink part_of(const struct slot *slot, const struct pipeline_use *use, struct event_sink sink)
{
    if (is_read_twice(use))
        sink.recover = sink.only_old = slot->again;
    return sink;
}

static void slot_repeat(struct slot *slot, struct worker *w, const struct event_sink *sink)
{
    const struct reader *reader = &slot->source->reader;
    struct account account = { 0 };
    struct notices notices;
    notices_init(&notices, &slot->result.arena);
    (void)!reader_formats[reader->format]->decode(worker_decoder(w, reader->format), reader->log, &slot->batch, sink,
                                                  &account, &notices);
}

static void slot_run(struct slot *slot, struct worker *w, const struct pipeline_use *use)
{
    const struct reader *reader = &slot->source->reader;
    struct batch_result *r = &slot->result;
    struct event_sink begun = { 0 }, sink;
    result_reset(r, slot->source->path, slot->batch.offset);
    r->format = reader->format;
    if (use->reader != READ_LIBYAL)
        r->bytes = (struct bytes){ slot->batch.bytes, slot->batch.size };
    use->begin(w->own, r, &begun);
    sink = part_of(slot, use, begun);
    r->status = reader_formats[reader->format]->decode(worker_decoder(w, reader->format), reader->log, &slot->batch, &sink,
                                                       &r->account, &r->notices);
    while (use->once_more && use->once_more(w->own, r, &begun)) {
        sink = part_of(slot, use, begun);
        slot_repeat(slot, w, &sink);
    }
}

/* With the lock held, which is given up meanwhile: the next slot that is ready.  False when there is none. */
static bool work_once(struct ring *ring, struct worker *w)
{
    if (ring->next == ring->head)
        return false;
    struct slot *slot = slot_at(ring, ring->next++);
    if (!slot->end) {
        slot->state = SLOT_TAKEN;
        ring->waiting--;
        pthread_mutex_unlock(&ring->lock);
        slot_run(slot, w, ring->use);
        pthread_mutex_lock(&ring->lock);
    }
    slot->state = SLOT_DONE;
    pthread_cond_signal(&ring->done);
    return true;
}

static void *work(void *ctx)
{
    struct ring *ring = ctx;
    struct worker worker;
    worker_init(&worker, ring->use);
    pthread_mutex_lock(&ring->lock);
    while (work_once(ring, &worker) || !ring->stop)
        if (ring->next == ring->head && !ring->stop)
            pthread_cond_wait(&ring->ready, &ring->lock);
    pthread_mutex_unlock(&ring->lock);
    worker_done(&worker, ring->use);
    return NULL;
}

/*
 * Takes up the oldest result.  What would be waiting for it is work as long as there is any: with a thread of its own for
 * that, the feeder was woken for each batch, in the place of a worker where there are as many of them as processors.
 */
static void tail_take_up(struct ring *ring)
{
    struct slot *slot = slot_at(ring, ring->tail++);
    pthread_mutex_lock(&ring->lock);
    if (slot->state != SLOT_DONE)
        pthread_cond_broadcast(&ring->ready);
    while (slot->state != SLOT_DONE)
        if (!work_once(ring, &ring->own))
            pthread_cond_wait(&ring->done, &ring->lock);
    pthread_mutex_unlock(&ring->lock);
    ring->take_up(ring->ctx, slot);
    slot->state = SLOT_FREE;
}

static bool tail_is_done(struct ring *ring)
{
    pthread_mutex_lock(&ring->lock);
    bool done = ring->tail < ring->head && slot_at(ring, ring->tail)->state == SLOT_DONE;
    pthread_mutex_unlock(&ring->lock);
    return done;
}

struct slot *ring_head(struct ring *ring)
{
    while (ring->head - ring->tail == ring->slot_count || tail_is_done(ring))
        tail_take_up(ring);
    return slot_at(ring, ring->head);
}

void ring_empty(struct ring *ring)
{
    while (ring->tail < ring->head)
        tail_take_up(ring);
}

static void threads_start(struct ring *ring, size_t waiting)
{
    while (ring->thread_count < ring->thread_limit && waiting / BATCHES_PER_THREAD > ring->thread_count) {
        if (pthread_create(&ring->threads[ring->thread_count], NULL, work, ring) == 0)
            ring->thread_count++;
        else
            ring->thread_limit = ring->thread_count;
    }
}

void ring_submit(struct ring *ring, struct slot *slot, struct source *source, bool end)
{
    slot->source = source;
    slot->end = end;
    pthread_mutex_lock(&ring->lock);
    slot->state = SLOT_READY;
    if (++ring->head - ring->next >= ring->slot_count / 2)
        pthread_cond_broadcast(&ring->ready);
    if (!end)
        ring->waiting++;
    size_t waiting = ring->waiting;
    pthread_mutex_unlock(&ring->lock);
    threads_start(ring, waiting);
}

static void slots_new(struct ring *ring, size_t count)
{
    ring->slot_count = count;
    ring->slots = memory_new(count * sizeof *ring->slots);
    for (size_t i = 0; i < count; i++) {
        struct slot *slot = &ring->slots[i];
        *slot = (struct slot){ .batch = { .bytes = memory_new(BATCH_SIZE), .capacity = BATCH_SIZE } };
        arena_init(&slot->result.arena);
        slot->result.own = ring->use->result_new(ring->use->ctx);
    }
}

static void slots_free(struct ring *ring)
{
    for (size_t i = 0; i < ring->slot_count; i++) {
        free(ring->slots[i].batch.bytes);
        arena_done(&ring->slots[i].result.arena);
        ring->use->result_free(ring->slots[i].result.own);
    }
    free(ring->slots);
}

void ring_start(struct ring *ring, unsigned threads)
{
    pthread_mutex_init(&ring->lock, NULL);
    pthread_cond_init(&ring->ready, NULL);
    pthread_cond_init(&ring->done, NULL);
    ring->thread_limit = threads > 1 ? threads - 1 : 0; /* one thread is the caller's */
    slots_new(ring, ring->thread_limit ? (size_t)threads * SLOTS_PER_THREAD : 1);
    worker_init(&ring->own, ring->use);
    ring->threads = memory_new(ring->thread_limit * sizeof *ring->threads);
}

void ring_stop(struct ring *ring)
{
    ring_empty(ring);
    pthread_mutex_lock(&ring->lock);
    ring->stop = true;
    pthread_cond_broadcast(&ring->ready);
    pthread_mutex_unlock(&ring->lock);
    for (unsigned i = 0; i < ring->thread_count; i++)
        pthread_join(ring->threads[i], NULL);
    worker_done(&ring->own, ring->use);
    slots_free(ring);
    free(ring->threads);
    pthread_mutex_destroy(&ring->lock);
    pthread_cond_destroy(&ring->ready);
    pthread_cond_destroy(&ring->done);
}
