#include "scan/pipeline.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "compare/compare.h"
#include "io/interrupt.h"
#include "scan/ring.h"

struct pipeline {
    const struct pipeline_use *use;
    struct partial *partial;
    enum status status;
    struct pipeline_progress progress;
    uint64_t bytes_done; /* of inputs that are behind */
    bool enough; /* nothing more is wanted; the feeder's own */
    struct ring ring;
};

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
    p->use->begin(p->ring.own.own, s->result, &sink);
    if (!sink.recover)
        return;
    s->result->status = reader_formats[format]->decode(worker_decoder(&p->ring.own, format), record->libyal, &batch, &sink,
                                                       &s->result->account, &s->result->notices);
    result_take_up(p, source_result(s->source, p->partial), s->result);
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
    if (compare_input(source->input, &sink, &summary, &unsaid) > ST_OK) {
        if (interrupt_asked())
            source_interrupted(source, source->fed);
        return;
    }
    uint64_t differing = compare_differing(&summary), unread = compare_unread(&summary);
    if (differing)
        notice_add(&source->notices, NOTICE_LIBYAL_DIFFERS, NOTICE_NO_OFFSET, differing);
    if (unread)
        notice_add(&source->notices, NOTICE_LIBYAL_UNREAD, NOTICE_NO_OFFSET, unread);
    for (size_t i = 0; i < unsaid.count; i++)
        if (unsaid.items[i].code == NOTICE_LIBYAL_LIMIT)
            notice_add(&source->notices, NOTICE_LIBYAL_LIMIT, NOTICE_NO_OFFSET, unsaid.items[i].value);
}

static void source_account(struct pipeline *p, struct source *source, struct batch_result *slot)
{
    struct input_result *result = source_result(source, p->partial);
    uint64_t grown = source->input ? input_grown(source->input) : 0;
    if (grown)
        notice_add(&source->notices, NOTICE_INPUT_GREW, NOTICE_NO_OFFSET, grown);
    if (p->use->reader == READ_BOTH && source->reader.format != READER_NONE)
        source_compare(p, source, slot);
    source_error_note(source, result);
    source_checksum(source, p->partial);
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

static void take_up(void *ctx, struct slot *slot)
{
    struct pipeline *p = ctx;
    if (slot->end)
        source_close(p, slot->source, &slot->result);
    else if (!p->enough)
        result_take_up(p, source_result(slot->source, p->partial), &slot->result);
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

/* An input of `size` bytes is behind. */
static void progress_done(struct pipeline *p, uint64_t size)
{
    p->bytes_done += size;
    p->progress.bytes = p->bytes_done;
    p->progress.inputs++;
}

/* The libraries tell numbers of records, no places: as far of the bytes as of the records. */
static uint64_t bytes_fed(const struct source *source, const struct batch *batch, const struct account *account)
{
    uint64_t end = batch->offset + batch->size, size = input_size(source->input);
    if (source->reader.format < READER_LIBEVTX)
        return end;
    return end < account->promised ? (uint64_t)((double)size * (double)end / (double)account->promised) : size;
}

/* Of the second reading only the batches count: whatever there is to say of the log was said the first time. */
static void source_feed(struct pipeline *p, struct source *source, struct reader *reader, struct account *account,
                        struct notices *notices)
{
    bool again = reader == &source->again;
    while (source->status < ST_LOST_INPUT) {
        struct slot *slot = ring_head(&p->ring);
        if (p->enough)
            break;
        if (interrupt_asked()) {
            source_interrupted(source, source->fed);
            break;
        }
        enum status status = reader_next(reader, &slot->batch, account, notices);
        if (status == ST_END)
            break;
        source->status = status_worse(source->status, status);
        if (status >= ST_LOST_INPUT)
            break;
        if (!again) {
            source->fed = bytes_fed(source, &slot->batch, account);
            progress_tell(p, source->fed);
        }
        slot->again = again;
        ring_submit(&p->ring, slot, source, false);
    }
}

static void source_feed_again(struct pipeline *p, struct source *source)
{
    struct account account = { 0 };
    struct notices said;
    notices_init(&said, &source->scratch);
    if (reader_open(&source->again, READER_NATIVE, source->input, &account, &said) < ST_LOST_INPUT)
        source_feed(p, source, &source->again, &account, &said);
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
        ring_empty(&p->ring);
    struct source *source = source_open(item->path, p->use->reader == READ_LIBYAL ? READER_LIBYAL : READER_NATIVE);
    bool is_log = (source->status != ST_LOST_INPUT && !source->notices.seen[NOTICE_INPUT_EMPTY]) || !source->input ||
                  input_error(source->input);
    uint64_t size = source->input ? input_size(source->input) : 0;
    if (!is_log && item->from_folder && !is_named_like_a_log(item->path)) {
        progress_done(p, size);
        source_free(source);
        return false;
    }
    if (source->reader.format != READER_NONE) {
        source->checksum = p->use->checksums ? checksum_begin(source->input) : NULL;
        source_feed(p, source, &source->reader, &source->account, &source->notices);
        if (is_read_twice(p->use) && source->status < ST_LOST_INPUT)
            source_feed_again(p, source);
    }
    ring_submit(&p->ring, ring_head(&p->ring), source, true);
    progress_done(p, size);
    return true;
}

/* The run was interrupted before this one's turn: it is in the account, when it is a log or was said to be one. */
static void path_skip(struct pipeline *p, const struct path_item *item)
{
    if (item->from_folder && !is_named_like_a_log(item->path))
        return;
    struct source *source = source_new(item->path);
    source_interrupted(source, 0);
    ring_submit(&p->ring, ring_head(&p->ring), source, true);
}

static void problem_feed(struct pipeline *p, const struct path_problem *problem)
{
    struct source *source = source_new(problem->path);
    source_lost(source, problem->error);
    ring_submit(&p->ring, ring_head(&p->ring), source, true);
}

enum status pipeline_run(unsigned threads, const struct pipeline_use *use, const struct path_list *paths,
                         struct partial *ret, size_t *not_logs)
{
    struct pipeline p = { .use = use, .partial = ret };
    *not_logs = 0;
    p.ring = (struct ring){ .use = use, .ctx = &p, .take_up = take_up };
    ring_start(&p.ring, threads);
    for (size_t i = 0; i < paths->problem_count; i++)
        problem_feed(&p, &paths->problems[i]);
    for (size_t i = 0; i < paths->count && !p.enough; i++) {
        if (interrupt_asked())
            path_skip(&p, &paths->items[i]);
        else if (!path_feed(&p, &paths->items[i]))
            ++*not_logs;
    }
    ring_stop(&p.ring);
    return p.status;
}
