#include "scan/scan.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"
#include "scan/job.h"

/* Enough that a worker that meets a slow batch does not stop the others. */
#define JOBS_PER_THREAD 4

enum slot_state { SLOT_FREE, SLOT_READY, SLOT_TAKEN, SLOT_DONE };

/*
 * One input from opening to the end of its last batch.  What the feeder notices is added when the source is closed,
 * behind what the batches noticed, so that the order does not depend on how far the workers are.
 */
struct source {
    struct input *input;
    struct reader reader;
    struct input_result *result;
    struct arena scratch;
    struct account account;
    struct notices notices;
};

/* A place in the ring: a batch, or the end of a source, which is taken up in the same order. */
struct slot {
    enum slot_state state;
    struct source *source;
    bool end;
    struct job job;
};

/*
 * The ring: the feeder fills slots at `head` and takes results up at `tail`, both in order; workers take any that
 * is ready.  `lock` guards the states; a slot's content belongs to whom its state says.
 */
struct scan {
    const struct ruleset *rules;
    struct partial *partial;
    enum status status;
    struct worker own; /* used when there are no threads */
    bool recover;

    struct slot *slots;
    size_t slot_count;
    uint64_t head, next, tail; /* filled, taken by workers, taken up */

    pthread_t *threads;
    unsigned thread_count;
    pthread_mutex_t lock;
    pthread_cond_t ready, done;
    bool stop;
};

static struct slot *slot_at(struct scan *s, uint64_t n)
{
    return &s->slots[n % s->slot_count];
}

static struct source *source_open(struct input *input, enum status *status)
{
    struct source *source = memory_new(sizeof *source);
    *source = (struct source){ .input = input };
    arena_init(&source->scratch);
    notices_init(&source->notices, &source->scratch);
    *status = reader_open(&source->reader, READER_NATIVE, input, &source->account, &source->notices);
    return source;
}

static void source_free(struct source *source)
{
    reader_close(&source->reader);
    input_close(source->input);
    arena_done(&source->scratch);
    free(source);
}

static void source_close(struct scan *s, struct source *source)
{
    struct input_result *result = source->result;
    uint64_t grown = input_grown(source->input);
    if (grown)
        notice_add(&source->notices, NOTICE_INPUT_GREW, NOTICE_NO_OFFSET, grown);
    account_add(&result->account, &source->account);
    notices_merge(&result->notices, &source->notices);
    /* Whatever was noticed as a loss is one, wherever it was noticed. */
    if (notices_worst(&result->notices) == NOTICE_LOSS_LEVEL)
        result->status = status_worse(result->status, ST_LOST_RECORD);
    s->status = status_worse(s->status, result->status);
    source_free(source);
}

/* Copies what the batch found into the partial: the arena of a job is far larger than the hits in it. */
static void result_take_up(struct scan *s, struct source *source, const struct job_result *r)
{
    struct input_result *input = source->result;
    struct arena *arena = &s->partial->arena;
    input->status = status_worse(input->status, r->status);
    account_add(&input->account, &r->account);
    notices_merge(&input->notices, &r->notices);
    coverage_merge(input, arena, &r->covered);
    partial_drop(s->partial, input, r->dropped);
    for (const struct match_kept *m = r->first; m; m = m->next)
        partial_add_match(s->partial, m->rules, m->rule_count, m->event, input);
}

static void take_up(struct scan *s, struct slot *slot)
{
    if (slot->end)
        source_close(s, slot->source);
    else
        result_take_up(s, slot->source, &slot->job.result);
    slot->state = SLOT_FREE;
}

static void *work(void *ctx)
{
    struct scan *s = ctx;
    struct worker worker;
    worker_init(&worker, s->rules, s->recover);
    pthread_mutex_lock(&s->lock);
    for (;;) {
        while (s->next == s->head && !s->stop)
            pthread_cond_wait(&s->ready, &s->lock);
        if (s->next == s->head)
            break;
        struct slot *slot = slot_at(s, s->next++);
        if (!slot->end) {
            slot->state = SLOT_TAKEN;
            pthread_mutex_unlock(&s->lock);
            worker_run(&worker, &slot->job);
            pthread_mutex_lock(&s->lock);
        }
        slot->state = SLOT_DONE;
        pthread_cond_signal(&s->done);
    }
    pthread_mutex_unlock(&s->lock);
    worker_done(&worker);
    return NULL;
}

/* Takes up the oldest result, waiting for it. */
static void tail_take_up(struct scan *s)
{
    struct slot *slot = slot_at(s, s->tail++);
    if (s->thread_count) {
        pthread_mutex_lock(&s->lock);
        while (slot->state != SLOT_DONE)
            pthread_cond_wait(&s->done, &s->lock);
        pthread_mutex_unlock(&s->lock);
    }
    take_up(s, slot);
}

/* A free slot to fill. */
static struct slot *head_slot(struct scan *s)
{
    if (s->head - s->tail == s->slot_count)
        tail_take_up(s);
    return slot_at(s, s->head);
}

static void head_submit(struct scan *s, struct slot *slot, struct source *source, bool end)
{
    slot->source = source;
    slot->end = end;
    slot->job.reader = &source->reader;
    if (!s->thread_count && !end)
        worker_run(&s->own, &slot->job);
    pthread_mutex_lock(&s->lock);
    slot->state = s->thread_count ? SLOT_READY : SLOT_DONE;
    s->head++;
    pthread_cond_signal(&s->ready);
    pthread_mutex_unlock(&s->lock);
}

static void source_feed(struct scan *s, struct source *source)
{
    for (;;) {
        struct slot *slot = head_slot(s);
        enum status status = reader_next(&source->reader, &slot->job.batch, &source->account, &source->notices);
        if (status != ST_END)
            source->result->status = status_worse(source->result->status, status);
        if (status == ST_END || status >= ST_LOST_INPUT)
            break;
        head_submit(s, slot, source, false);
    }
}

static void unreadable(struct scan *s, const char *path, int error)
{
    struct input_result *result = partial_add_input(s->partial, text_from(path));
    notice_add(&result->notices, NOTICE_INPUT_OPEN, NOTICE_NO_OFFSET, (uint64_t)error);
    result->status = ST_LOST_INPUT;
    s->status = status_worse(s->status, ST_LOST_INPUT);
}

/* Returns false when the file is no log and was not named by the user. */
static bool path_feed(struct scan *s, const struct path_item *item)
{
    struct input *input = input_open(item->path);
    if (!input) {
        unreadable(s, item->path, errno);
        return true;
    }
    enum status status;
    struct source *source = source_open(input, &status);
    if (status == ST_LOST_INPUT && item->from_folder) {
        source_free(source);
        return false;
    }
    source->result = partial_add_input(s->partial, text_from(item->path));
    source->result->size = input_size(input);
    source->result->status = status == ST_END ? ST_OK : status;
    if (status == ST_OK) {
        source->result->format = text_from(reader_formats[source->reader.format]->name);
        source_feed(s, source);
    }
    head_submit(s, head_slot(s), source, true);
    return true;
}

static void scan_start(struct scan *s, const struct scan_options *options)
{
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->ready, NULL);
    pthread_cond_init(&s->done, NULL);
    unsigned wanted = options->threads > 1 ? options->threads : 0;
    s->slot_count = wanted ? (size_t)wanted * JOBS_PER_THREAD : 1;
    s->slots = memory_new(s->slot_count * sizeof *s->slots);
    for (size_t i = 0; i < s->slot_count; i++) {
        s->slots[i] = (struct slot){ 0 };
        job_init(&s->slots[i].job);
    }
    s->threads = memory_new(wanted * sizeof *s->threads);
    while (s->thread_count < wanted && pthread_create(&s->threads[s->thread_count], NULL, work, s) == 0)
        s->thread_count++;
    if (!s->thread_count)
        worker_init(&s->own, s->rules, s->recover);
}

static void scan_stop(struct scan *s)
{
    while (s->tail < s->head)
        tail_take_up(s);
    pthread_mutex_lock(&s->lock);
    s->stop = true;
    pthread_cond_broadcast(&s->ready);
    pthread_mutex_unlock(&s->lock);
    for (unsigned i = 0; i < s->thread_count; i++)
        pthread_join(s->threads[i], NULL);
    if (!s->thread_count)
        worker_done(&s->own);
    for (size_t i = 0; i < s->slot_count; i++)
        job_done(&s->slots[i].job);
    free(s->slots);
    free(s->threads);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->ready);
    pthread_cond_destroy(&s->done);
}

enum status scan_run(const struct scan_options *options, const struct ruleset *rules, const struct path_list *paths,
                     struct partial *ret, size_t *not_logs)
{
    struct scan s = { .rules = rules, .partial = ret, .recover = options->recover };
    *not_logs = 0;
    for (size_t i = 0; i < paths->problem_count; i++)
        unreadable(&s, paths->problems[i].path, paths->problems[i].error);
    scan_start(&s, options);
    for (size_t i = 0; i < paths->count; i++)
        if (!path_feed(&s, &paths->items[i]))
            ++*not_logs;
    scan_stop(&s);
    return s.status;
}
