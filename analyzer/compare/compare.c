#include "compare/compare.h"

#include <stdlib.h>

#include "base/limits.h"
#include "compare/pairing.h"
#include "io/input.h"
#include "io/interrupt.h"
#include "reader/reader.h"

#define DAMAGED_MARKS (EVENT_PARTIAL | EVENT_CUT | EVENT_TEMPLATE_LOST)

/* A record of libyal, to be met by evscan's. */
struct twin {
    uint64_t id, written; /* of the header */
    uint32_t index;
    uint32_t taken; /* first of those with the same id and time: how many of them were met */
    bool met;
    bool old; /* evscan's reader has it, but not as a part of the log */
};

/* Those of one part, by id, time of writing, index. */
struct twins {
    struct twin *items;
    size_t count;
};

struct comparison {
    const struct compare_sink *sink;
    struct compare_summary *summary;
    struct arena arena; /* of one record */
    struct libyal_xml *xml;
    bool classic;
    struct log *libyal;
    struct decoder *decoder;
    struct twins of[LIBYAL_PARTS];
};

const char *compare_verdict_name(enum compare_verdict verdict)
{
    static const char *const names[COMPARE_VERDICTS] = {
        [COMPARE_SAME] = "the same",
        [COMPARE_KNOWN] = "known differences",
        [COMPARE_DIFFERS] = "differs",
        [COMPARE_MALFORMED] = "libyal's XML is not well-formed",
        [COMPARE_GIVEN_UP] = "libyal gives it up",
        [COMPARE_NATIVE_ONLY] = "libyal does not have it",
        [COMPARE_DAMAGED] = "damaged, read in part",
        [COMPARE_OLD] = "old for evscan, of the log for libyal",
        [COMPARE_LIBYAL_ONLY] = "only libyal has it",
    };
    return names[verdict];
}

uint64_t compare_differing(const struct compare_summary *s)
{
    return s->records[COMPARE_DIFFERS] + s->records[COMPARE_OLD] + s->records[COMPARE_LIBYAL_ONLY];
}

uint64_t compare_unread(const struct compare_summary *s)
{
    return s->records[COMPARE_MALFORMED] + s->records[COMPARE_GIVEN_UP] + s->records[COMPARE_NATIVE_ONLY] +
           s->records[COMPARE_DAMAGED];
}

static void tell(struct comparison *c, const struct compare_record *record)
{
    c->summary->records[record->verdict]++;
    for (size_t i = 0; i < record->count; i++)
        if (record->differences[i].known != KNOWN_NONE)
            c->summary->known[record->differences[i].known]++;
    if (record->verdict != COMPARE_SAME)
        c->sink->record(c->sink->ctx, record);
}

/* ---- libyal's records ---- */

static int header_order(const struct twin *a, const struct twin *b)
{
    int order = (a->id > b->id) - (a->id < b->id);
    return order ? order : (a->written > b->written) - (a->written < b->written);
}

static int twin_order(const void *left, const void *right)
{
    const struct twin *a = left, *b = right;
    int order = header_order(a, b);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static void twins_find(struct comparison *c, enum libyal_part part, struct notices *notices)
{
    struct twins *t = &c->of[part];
    size_t all = libyal_log_count(c->libyal, part), n = all < LIMIT_COMPARED ? all : LIMIT_COMPARED;
    t->items = memory_new(n * sizeof *t->items);
    for (size_t i = 0; i < n && !interrupt_asked(); i++) { /* of a large log libyal takes its time */
        struct libyal_head head;
        if (libyal_log_head(c->libyal, part, i, &head))
            t->items[t->count++] = (struct twin){ .id = head.id, .written = head.written, .index = (uint32_t)i };
    }
    if (t->count)
        qsort(t->items, t->count, sizeof *t->items, twin_order);
    if (n < all)
        notice_add(notices, NOTICE_LIBYAL_LIMIT, NOTICE_NO_OFFSET, all - n);
}

/* The first one with this header; NULL when there is none. */
static struct twin *twin_first(const struct twins *t, uint64_t id, uint64_t written)
{
    struct twin key = { .id = id, .written = written };
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (header_order(&t->items[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->count && header_order(&t->items[low], &key) == 0 ? &t->items[low] : NULL;
}

/* The next of libyal's live records with this header that was not met yet; NULL when there is none. */
static struct twin *twin_take(const struct twins *t, uint64_t id, uint64_t written)
{
    struct twin *first = twin_first(t, id, written);
    if (!first || first->taken >= t->count - (size_t)(first - t->items))
        return NULL;
    struct twin *next = first + first->taken;
    if (header_order(next, first) != 0)
        return NULL;
    first->taken++;
    next->met = true;
    return next;
}

/* It may be one of those that libyal takes for live. */
static void note_old(const struct twins *live, const struct event *native)
{
    struct twin *first = twin_first(live, native->header_id, native->written);
    for (struct twin *t = first; t && t < live->items + live->count && header_order(t, first) == 0; t++)
        t->old = true;
}

/* Of old records with the same header the first one speaks for all: how often each reader finds one is chance. */
static bool is_repeated(const struct twins *t, size_t i, enum libyal_part part)
{
    return part == LIBYAL_RECOVERED && i > 0 && header_order(&t->items[i - 1], &t->items[i]) == 0;
}

static void tell_libyal_only(struct comparison *c, enum libyal_part part)
{
    const struct twins *t = &c->of[part];
    for (size_t i = 0; i < t->count && !interrupt_asked(); i++) {
        struct event event;
        if (t->items[i].met || is_repeated(t, i, part))
            continue;
        (void)libyal_log_event(c->libyal, c->decoder, part, t->items[i].index, &event);
        tell(c, &(struct compare_record){ .offset = event.offset,
                                          .record_id = event.key.record_id,
                                          .source = event.source,
                                          .verdict = t->items[i].old ? COMPARE_OLD : COMPARE_LIBYAL_ONLY,
                                          .libyal = c->libyal,
                                          .part = part,
                                          .index = t->items[i].index });
    }
}

/* ---- record by record ---- */

static enum compare_verdict compare_events(struct comparison *c, const struct event *native, const struct twin *twin,
                                           struct pairing *pairing)
{
    static const enum compare_verdict unread[] = { [LIBYAL_MALFORMED] = COMPARE_MALFORMED,
                                                   [LIBYAL_GIVEN_UP] = COMPARE_GIVEN_UP,
                                                   [LIBYAL_NO_HEADER] = COMPARE_GIVEN_UP };
    struct event libyal;
    enum libyal_answer answer = libyal_log_event(c->libyal, c->decoder, LIBYAL_LIVE, twin->index, &libyal);
    if (answer != LIBYAL_WHOLE)
        return unread[answer];
    pairing_make(pairing, native, &libyal);
    return pairing->unexplained ? COMPARE_DIFFERS : pairing->count ? COMPARE_KNOWN : COMPARE_SAME;
}

static void on_event(void *ctx, const struct event *native)
{
    struct comparison *c = ctx;
    struct pairing pairing = { .arena = &c->arena, .xml = c->xml, .classic = c->classic };
    struct compare_record record = { .offset = native->offset,
                                     .record_id = native->key.record_id,
                                     .source = native->source,
                                     .verdict = COMPARE_NATIVE_ONLY };
    struct twin *old = twin_first(&c->of[LIBYAL_RECOVERED], native->header_id, native->written);
    if (old)
        old->met = true;
    if (native->source == EVENT_STALE || native->source == EVENT_SLACK) {
        note_old(&c->of[LIBYAL_LIVE], native);
        return;
    }
    const struct twin *twin = twin_take(&c->of[LIBYAL_LIVE], native->header_id, native->written);
    arena_reset(&c->arena);
    if (native->marks & DAMAGED_MARKS)
        record.verdict = COMPARE_DAMAGED;
    else if (twin)
        record.verdict = compare_events(c, native, twin, &pairing);
    record.differences = pairing.items;
    record.count = pairing.count;
    tell(c, &record);
}

static bool want_all(void *ctx, const struct event_key *key)
{
    UNUSED(ctx);
    UNUSED(key);
    return true;
}

/* The log as evscan's reader has it, batch by batch. */
struct native_log {
    const struct reader *reader;
    const struct log_format *format;
    struct decoder *decoder;
    struct batch batch;
};

/* Of what evscan's reader notices about records, what it could not read; the rest is a scan's business. */
static void losses_tell(struct notices *notices, const struct notices *of_records)
{
    for (size_t i = 0; i < of_records->count; i++) {
        const struct notice *n = &of_records->items[i];
        if (notice_severity(n->code) == NOTICE_LOSS_LEVEL)
            (void)!notice_add(notices, n->code, n->offset, n->value);
    }
}

/* Its own records first; what cannot be read of old ones is no loss of the log's. */
static void compare_batch(struct comparison *c, const struct native_log *log, struct notices *of_records)
{
    struct event_sink sink = { .ctx = c, .want = want_all, .event = on_event };
    struct account account = { 0 };
    struct notices of_old;
    struct arena scratch;
    (void)log->format->decode(log->decoder, log->reader->log, &log->batch, &sink, &account, of_records);
    arena_init(&scratch);
    notices_init(&of_old, &scratch);
    sink.recover = sink.only_old = true;
    (void)log->format->decode(log->decoder, log->reader->log, &log->batch, &sink, &account, &of_old);
    arena_done(&scratch);
}

static enum status read_native(struct comparison *c, struct reader *reader, struct notices *notices)
{
    struct native_log log = { .reader = reader, .format = reader_formats[reader->format] };
    struct account account = { 0 };
    struct notices of_records;
    struct arena scratch;
    enum status status = ST_OK;
    log.decoder = log.format->decoder_new();
    arena_init(&scratch);
    notices_init(&of_records, &scratch);
    while (!interrupt_asked() && (status = reader_next(reader, &log.batch, &account, notices)) == ST_OK) {
        compare_batch(c, &log, &of_records);
        if (c->sink->read)
            c->sink->read(c->sink->ctx, log.batch.offset + log.batch.size);
    }
    if (interrupt_asked()) {
        (void)!notice_add(notices, NOTICE_INPUT_INTERRUPTED, log.batch.offset + log.batch.size, 0);
        status = ST_LOST_INPUT;
    }
    log.format->decoder_free(log.decoder);
    free(log.batch.bytes);
    losses_tell(notices, &of_records);
    arena_done(&scratch);
    return status == ST_END ? ST_OK : status;
}

static enum status compare_logs(struct comparison *c, struct reader *native, struct input *in,
                                struct notices *notices)
{
    const struct log_format *format = reader_formats[native->format == READER_EVTX ? READER_LIBEVTX : READER_LIBEVT];
    struct account account = { 0 };
    c->libyal = format->open(in, &account, notices);
    c->decoder = format->decoder_new();
    for (enum libyal_part part = 0; part < LIBYAL_PARTS; part++)
        twins_find(c, part, notices);
    enum status status = read_native(c, native, notices);
    for (enum libyal_part part = 0; part < LIBYAL_PARTS; part++) {
        if (!interrupt_asked()) /* the others were not read yet */
            tell_libyal_only(c, part);
        free(c->of[part].items);
    }
    format->decoder_free(c->decoder);
    format->close(c->libyal);
    return status;
}

enum status compare_input(struct input *in, const struct compare_sink *sink, struct compare_summary *summary,
                          struct notices *notices)
{
    struct comparison c = { .sink = sink, .summary = summary };
    struct reader native;
    struct account account = { 0 };
    enum status status = reader_open(&native, READER_NATIVE, in, &account, notices);
    if (status != ST_OK)
        return status == ST_END ? ST_OK : status;
    arena_init(&c.arena);
    c.xml = libyal_xml_new();
    c.classic = native.format == READER_EVT;
    status = compare_logs(&c, &native, in, notices);
    reader_close(&native);
    libyal_xml_free(c.xml);
    arena_done(&c.arena);
    return status;
}
