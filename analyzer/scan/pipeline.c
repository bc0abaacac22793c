#include "scan/pipeline.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "compare/compare.h"
#include "io/interrupt.h"
#include "io/checksum.h"
#include "reader/reader.h"

/* Enough that a worker that meets a slow batch does not stop the others. */
#define SLOTS_PER_THREAD 4

enum slot_state { SLOT_FREE, SLOT_READY, SLOT_TAKEN, SLOT_DONE };

/*
 * One input from opening to the end of its last batch.  What the feeder notices is added when the source is closed,
 * behind what the batches noticed; the partial learns of the input when its first slot is taken up.  So neither the
 * order nor the inputs that count depend on how far the workers are.
 */
struct source {
    const char *path;
    struct input *input; /* NULL: it could not be opened */
    struct checksum_run *checksum; /* under way; or NULL */
    struct reader reader;
    struct reader again; /* for the old records; with `old_behind` */
    struct input_result *result;
    struct arena scratch;
    enum status status;
    struct account account;
    struct notices notices;
    uint64_t fed; /* the offset behind the last batch */
};

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
    struct decoder *decoders[READER_FORMATS];
};

/*
 * The ring: the feeder fills slots at `head` and takes results up at `tail`, both in order; workers take any that
 * is ready, and so does the feeder before it waits for one of them.  Workers are woken for several slots at a time, as
 * that costs about as much as a small batch.  `lock` guards the states; a slot's content belongs to whom its state says.
 */
struct pipeline {
    const struct pipeline_use *use;
    struct partial *partial;
    enum status status;
    struct pipeline_progress progress;
    uint64_t bytes_done; /* of inputs that are behind */
    bool enough;       /* nothing more is wanted; the feeder's own */
    struct worker own; /* of the caller's thread */

    struct slot *slots;
    size_t slot_count;
    uint64_t head, next, tail; /* filled, taken by workers, taken up */

    pthread_t *threads;
    unsigned thread_count;
    pthread_mutex_t lock;
    pthread_cond_t ready, done;
    bool stop;
};

static struct slot *slot_at(struct pipeline *p, uint64_t n)
{
    return &p->slots[n % p->slot_count];
}

static void worker_init(struct worker *w, const struct pipeline_use *use)
{
    w->own = use->worker_new(use->ctx);
    for (size_t i = 0; i < READER_FORMATS; i++)
        w->decoders[i] = reader_formats[i]->decoder_new();
}

static void worker_done(struct worker *w, const struct pipeline_use *use)
{
    use->worker_free(w->own);
    for (size_t i = 0; i < READER_FORMATS; i++)
        reader_formats[i]->decoder_free(w->decoders[i]);
}

/* What libyal has is in this order by itself. */
static bool is_read_twice(const struct pipeline_use *use)
{
    return use->old_behind && use->reader != READ_LIBYAL;
}

static void result_reset(struct batch_result *r, const char *path, uint64_t offset)
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
    (void)!reader_formats[reader->format]->decode(w->decoders[reader->format], reader->log, &slot->batch, sink, &account,
                                                  &notices);
}

static void slot_run(struct slot *slot, struct worker *w, const struct pipeline_use *use)
{
    const struct reader *reader = &slot->source->reader;
    struct batch_result *r = &slot->result;
    struct event_sink begun = { 0 }, sink;
    result_reset(r, slot->source->path, slot->batch.offset);
    if (use->reader != READ_LIBYAL)
        r->bytes = (struct bytes){ slot->batch.bytes, slot->batch.size };
    use->begin(w->own, r, &begun);
    sink = part_of(slot, use, begun);
    r->status = reader_formats[reader->format]->decode(w->decoders[reader->format], reader->log, &slot->batch, &sink,
                                                       &r->account, &r->notices);
    while (use->once_more && use->once_more(w->own, r, &begun)) {
        sink = part_of(slot, use, begun);
        slot_repeat(slot, w, &sink);
    }
}

static struct source *source_new(const char *path)
{
    struct source *source = memory_new(sizeof *source);
    *source = (struct source){ .path = path, .reader.format = READER_NONE, .again.format = READER_NONE };
    arena_init(&source->scratch);
    notices_init(&source->notices, &source->scratch);
    return source;
}

static void source_lost(struct source *source, int error)
{
    notice_add(&source->notices, NOTICE_INPUT_OPEN, NOTICE_NO_OFFSET, (uint64_t)error);
    source->status = ST_LOST_INPUT;
}

static void source_interrupted(struct source *source, uint64_t offset)
{
    notice_add(&source->notices, NOTICE_INPUT_INTERRUPTED, offset, 0);
    source->status = ST_LOST_INPUT;
}

static struct source *source_open(const char *path, enum reader_use use)
{
    struct source *source = source_new(path);
    source->input = input_open(path);
    if (interrupt_asked()) /* what a pipe gave is then a part at most */
        source_interrupted(source, 0);
    else if (!source->input)
        source_lost(source, errno);
    else
        source->status = reader_open(&source->reader, use == READ_LIBYAL ? READER_LIBYAL : READER_NATIVE, source->input,
                                     &source->account, &source->notices);
    return source;
}

static void source_free(struct source *source)
{
    struct sha256 unused;
    if (source->checksum)
        checksum_end(source->checksum, &unused);
    reader_close(&source->reader);
    reader_close(&source->again);
    if (source->input)
        input_close(source->input);
    arena_done(&source->scratch);
    free(source);
}

static struct input_result *source_result(struct pipeline *p, struct source *source)
{
    if (source->result)
        return source->result;
    source->result = partial_add_input(p->partial, text_from(source->path));
    if (source->input)
        source->result->size = input_size(source->input);
    if (source->reader.format != READER_NONE)
        source->result->format = text_from(reader_formats[source->reader.format]->name);
    return source->result;
}

static void result_take_up(struct pipeline *p, struct input_result *input, const struct batch_result *r)
{
    input->status = status_worse(input->status, r->status);
    account_add(&input->account, &r->account);
    notices_merge(&input->notices, &r->notices);
    p->enough = !p->use->take_up(p->use->ctx, input, r);
}

/* A source whose records are compared: what only libyal has is delivered behind the last batch. */
struct second {
    struct pipeline *p;
    struct source *source;
    struct batch_result *result;
};

/* Each is a batch of its own: there are few. */
static void second_deliver(struct second *s, const struct compare_record *record)
{
    struct pipeline *p = s->p;
    enum reader_format format = s->source->reader.format == READER_EVTX ? READER_LIBEVTX : READER_LIBEVT;
    struct batch batch = { .kind = record->part | LIBYAL_KIND_SECOND, .offset = record->index, .size = 1 };
    struct event_sink sink = { 0 };
    if (record->verdict != COMPARE_LIBYAL_ONLY || p->enough)
        return;
    result_reset(s->result, s->source->path, 0);
    p->use->begin(p->own.own, s->result, &sink);
    if (!sink.recover)
        return;
    s->result->status = reader_formats[format]->decode(p->own.decoders[format], record->libyal, &batch, &sink,
                                                       &s->result->account, &s->result->notices);
    result_take_up(p, source_result(p, s->source), s->result);
}

static void second_take(void *ctx, const struct compare_record *record)
{
    struct second *s = ctx;
    const struct pipeline_use *use = s->p->use;
    if (use->differs && record->verdict != COMPARE_KNOWN)
        use->differs(use->ctx, s->source->path, record);
    second_deliver(s, record);
}

/*
 * How many records speak against one of the readers; which ones, evscan compare says.  The slot that closes the source
 * has a result that is free.
 */
static void source_compare(struct pipeline *p, struct source *source, struct batch_result *result)
{
    struct second second = { p, source, result };
    const struct compare_sink sink = { &second, second_take, NULL };
    struct compare_summary summary = { 0 };
    struct notices unsaid; /* what evscan's reader has noticed already */
    notices_init(&unsaid, &source->scratch);
    if (compare_input(source->input, &sink, &summary, &unsaid) > ST_OK)
        return;
    uint64_t differing = compare_differing(&summary), unread = compare_unread(&summary);
    if (differing)
        notice_add(&source->notices, NOTICE_LIBYAL_DIFFERS, NOTICE_NO_OFFSET, differing);
    if (unread)
        notice_add(&source->notices, NOTICE_LIBYAL_UNREAD, NOTICE_NO_OFFSET, unread);
    for (size_t i = 0; i < unsaid.count; i++)
        if (unsaid.items[i].code == NOTICE_LIBYAL_LIMIT)
            notice_add(&source->notices, NOTICE_LIBYAL_LIMIT, NOTICE_NO_OFFSET, unsaid.items[i].value);
}

/* Of a log that was cut while it was read there is none: no file has it any more. */
static void source_checksum(struct pipeline *p, struct source *source)
{
    struct sha256 sum;
    char hex[SHA256_HEX_ROOM];
    if (source->checksum && checksum_end(source->checksum, &sum))
        source->result->sha256 = text_keep(&p->partial->arena, sha256_hex(&sum, hex));
    source->checksum = NULL;
}

/* Whoever looks at a file to know what it is does not ask why a read failed: what he says may be wrong then. */
static void source_error_note(struct source *source, const struct input_result *result)
{
    int error = source->input ? input_error(source->input) : 0;
    if (error && !source->notices.seen[NOTICE_INPUT_READ] && !result->notices.seen[NOTICE_INPUT_READ])
        notice_add(&source->notices, NOTICE_INPUT_READ, NOTICE_NO_OFFSET, (uint64_t)error);
}

static void source_account(struct pipeline *p, struct source *source, struct batch_result *slot)
{
    struct input_result *result = source_result(p, source);
    uint64_t grown = source->input ? input_grown(source->input) : 0;
    if (grown)
        notice_add(&source->notices, NOTICE_INPUT_GREW, NOTICE_NO_OFFSET, grown);
    if (p->use->reader == READ_BOTH && source->reader.format != READER_NONE)
        source_compare(p, source, slot);
    source_error_note(source, result);
    source_checksum(p, source);
    account_add(&result->account, &source->account);
    notices_merge(&result->notices, &source->notices);
    if (source->status != ST_END)
        result->status = status_worse(result->status, source->status);
}

static void source_close(struct pipeline *p, struct source *source, struct batch_result *slot)
{
    /* How far the feeder was when nothing more was wanted is chance: what it noticed does not count then. */
    if (!p->enough)
        source_account(p, source, slot);
    struct input_result *result = source->result;
    /* Whatever was noticed as a loss is one, wherever it was noticed. */
    if (result && notices_worst(&result->notices) == NOTICE_LOSS_LEVEL)
        result->status = status_worse(result->status, ST_LOST_RECORD);
    if (result)
        p->status = status_worse(p->status, result->status);
    source_free(source);
}

static void take_up(struct pipeline *p, struct slot *slot)
{
    if (slot->end)
        source_close(p, slot->source, &slot->result);
    else if (!p->enough)
        result_take_up(p, source_result(p, slot->source), &slot->result);
    slot->state = SLOT_FREE;
}

/* With the lock held, which is given up meanwhile: the next slot that is ready.  False when there is none. */
static bool work_once(struct pipeline *p, struct worker *w)
{
    if (p->next == p->head)
        return false;
    struct slot *slot = slot_at(p, p->next++);
    if (!slot->end) {
        slot->state = SLOT_TAKEN;
        pthread_mutex_unlock(&p->lock);
        slot_run(slot, w, p->use);
        pthread_mutex_lock(&p->lock);
    }
    slot->state = SLOT_DONE;
    pthread_cond_signal(&p->done);
    return true;
}

static void *work(void *ctx)
{
    struct pipeline *p = ctx;
    struct worker worker;
    worker_init(&worker, p->use);
    pthread_mutex_lock(&p->lock);
    while (work_once(p, &worker) || !p->stop)
        if (p->next == p->head && !p->stop)
            pthread_cond_wait(&p->ready, &p->lock);
    pthread_mutex_unlock(&p->lock);
    worker_done(&worker, p->use);
    return NULL;
}

/*
 * Takes up the oldest result.  What would be waiting for it is work as long as there is any: with a thread of its own for
 * that, the feeder was woken for each batch, in the place of a worker where there are as many of them as processors.
 */
static void tail_take_up(struct pipeline *p)
{
    struct slot *slot = slot_at(p, p->tail++);
    pthread_mutex_lock(&p->lock);
    if (slot->state != SLOT_DONE)
        pthread_cond_broadcast(&p->ready);
    while (slot->state != SLOT_DONE)
        if (!work_once(p, &p->own))
            pthread_cond_wait(&p->done, &p->lock);
    pthread_mutex_unlock(&p->lock);
    take_up(p, slot);
}

static bool tail_is_done(struct pipeline *p)
{
    pthread_mutex_lock(&p->lock);
    bool done = p->tail < p->head && slot_at(p, p->tail)->state == SLOT_DONE;
    pthread_mutex_unlock(&p->lock);
    return done;
}

/* A free slot to fill.  What is known already is passed on before: somebody may be reading it. */
static struct slot *head_slot(struct pipeline *p)
{
    while (p->head - p->tail == p->slot_count || tail_is_done(p))
        tail_take_up(p);
    return slot_at(p, p->head);
}

static void ring_empty(struct pipeline *p)
{
    while (p->tail < p->head)
        tail_take_up(p);
}

static void head_submit(struct pipeline *p, struct slot *slot, struct source *source, bool end)
{
    slot->source = source;
    slot->end = end;
    pthread_mutex_lock(&p->lock);
    slot->state = SLOT_READY;
    if (++p->head - p->next >= p->slot_count / 2)
        pthread_cond_broadcast(&p->ready);
    pthread_mutex_unlock(&p->lock);
}

static struct pipeline_watch watch;

void pipeline_watch(struct pipeline_watch w)
{
    watch = w;
}

/* `fed` bytes of the input that is being read. */
static void progress_tell(struct pipeline *p, uint64_t fed)
{
    p->progress.bytes = p->bytes_done + fed;
    p->progress.partial = p->partial;
    if (watch.tell)
        watch.tell(watch.ctx, &p->progress);
}

/* An input is behind. */
static void progress_done(struct pipeline *p)
{
    p->bytes_done = p->progress.bytes;
    p->progress.inputs++;
}

static void source_feed(struct pipeline *p, struct source *source)
{
    while (source->status < ST_LOST_INPUT) {
        struct slot *slot = head_slot(p);
        if (p->enough)
            break;
        if (interrupt_asked()) {
            source_interrupted(source, source->fed);
            break;
        }
        enum status status = reader_next(&source->reader, &slot->batch, &source->account, &source->notices);
        if (status == ST_END)
            break;
        source->status = status_worse(source->status, status);
        if (status < ST_LOST_INPUT) {
            source->fed = slot->batch.offset + slot->batch.size;
            progress_tell(p, source->fed);
            slot->again = false;
            head_submit(p, slot, source, false);
        }
    }
}

/* Whatever there is to say of the log was said the first time. */
static void source_feed_again(struct pipeline *p, struct source *source)
{
    struct account account = { 0 };
    struct notices said;
    notices_init(&said, &source->scratch);
    enum status status = reader_open(&source->again, READER_NATIVE, source->input, &account, &said);
    while (status < ST_LOST_INPUT) {
        struct slot *slot = head_slot(p);
        if (p->enough)
            break;
        if (interrupt_asked()) {
            source_interrupted(source, source->fed);
            break;
        }
        status = reader_next(&source->again, &slot->batch, &account, &said);
        slot->again = true;
        if (status == ST_END)
            return;
        source->status = status_worse(source->status, status);
        if (status < ST_LOST_INPUT)
            head_submit(p, slot, source, false);
    }
}

static bool is_named_like_a_log(const char *path)
{
    size_t n = strlen(path);
    for (size_t i = 0; n >= 5 && i < 2; i++)
        if (strcasecmp(path + n - (i ? 4 : 5), i ? ".evt" : ".evtx") == 0)
            return true;
    return false;
}

/* Who writes into a pipe may take his time; what was read before is told meanwhile. */
static bool may_wait(const char *path)
{
    struct stat file;
    return strcmp(path, "-") == 0 || (stat(path, &file) == 0 && !S_ISREG(file.st_mode));
}

/*
 * Returns false when the file is no log and nobody said that it is one: neither the user nor its name.  The name never
 * decides how a file is read, but a destroyed log in a folder must not vanish.
 */
static bool path_feed(struct pipeline *p, const struct path_item *item)
{
    if (may_wait(item->path))
        ring_empty(p);
    struct source *source = source_open(item->path, p->use->reader);
    bool is_log = (source->status != ST_LOST_INPUT && !source->notices.seen[NOTICE_INPUT_EMPTY]) || !source->input ||
                  input_error(source->input);
    if (!is_log && item->from_folder && !is_named_like_a_log(item->path)) {
        source_free(source);
        return false;
    }
    if (source->reader.format != READER_NONE) {
        source->checksum = p->use->checksums ? checksum_begin(source->input) : NULL;
        source_feed(p, source);
        if (is_read_twice(p->use) && source->status < ST_LOST_INPUT)
            source_feed_again(p, source);
    }
    head_submit(p, head_slot(p), source, true);
    return true;
}

/* The run was interrupted before this one's turn: it is in the account, when it is a log or was said to be one. */
static void path_skip(struct pipeline *p, const struct path_item *item)
{
    if (item->from_folder && !is_named_like_a_log(item->path))
        return;
    struct source *source = source_new(item->path);
    source_interrupted(source, 0);
    head_submit(p, head_slot(p), source, true);
}

static void problem_feed(struct pipeline *p, const struct path_problem *problem)
{
    struct source *source = source_new(problem->path);
    source_lost(source, problem->error);
    head_submit(p, head_slot(p), source, true);
}

static void slots_new(struct pipeline *p, size_t count)
{
    p->slot_count = count;
    p->slots = memory_new(count * sizeof *p->slots);
    for (size_t i = 0; i < count; i++) {
        struct slot *slot = &p->slots[i];
        *slot = (struct slot){ .batch = { .bytes = memory_new(BATCH_SIZE), .capacity = BATCH_SIZE } };
        arena_init(&slot->result.arena);
        slot->result.own = p->use->result_new(p->use->ctx);
    }
}

static void slots_free(struct pipeline *p)
{
    for (size_t i = 0; i < p->slot_count; i++) {
        free(p->slots[i].batch.bytes);
        arena_done(&p->slots[i].result.arena);
        p->use->result_free(p->slots[i].result.own);
    }
    free(p->slots);
}

static void pipeline_start(struct pipeline *p, unsigned threads)
{
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->ready, NULL);
    pthread_cond_init(&p->done, NULL);
    unsigned wanted = threads > 1 ? threads - 1 : 0; /* one thread is the caller's */
    slots_new(p, wanted ? (size_t)threads * SLOTS_PER_THREAD : 1);
    worker_init(&p->own, p->use);
    p->threads = memory_new(wanted * sizeof *p->threads);
    while (p->thread_count < wanted && pthread_create(&p->threads[p->thread_count], NULL, work, p) == 0)
        p->thread_count++;
}

static void pipeline_stop(struct pipeline *p)
{
    ring_empty(p);
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_broadcast(&p->ready);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->thread_count; i++)
        pthread_join(p->threads[i], NULL);
    worker_done(&p->own, p->use);
    slots_free(p);
    free(p->threads);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->ready);
    pthread_cond_destroy(&p->done);
}

enum status pipeline_run(unsigned threads, const struct pipeline_use *use, const struct path_list *paths,
                         struct partial *ret, size_t *not_logs)
{
    struct pipeline p = { .use = use, .partial = ret };
    *not_logs = 0;
    pipeline_start(&p, threads);
    for (size_t i = 0; i < paths->problem_count; i++)
        problem_feed(&p, &paths->problems[i]);
    for (size_t i = 0; i < paths->count && !p.enough; i++) {
        if (interrupt_asked())
            path_skip(&p, &paths->items[i]);
        else if (!path_feed(&p, &paths->items[i]))
            ++*not_logs;
        progress_done(&p);
    }
    pipeline_stop(&p);
    return p.status;
}
