#include <pthread.h>
#include <stdlib.h>

#include "event/event_classic.h"
#include "io/input.h"
#include "libyal/libyal_io.h"
#include "libyal/libyal_library.h"
#include "libyal/libyal_xml.h"

#define RECORDS_PER_BATCH 128u
#define ARENA_FIRST (64u << 10) /* all texts of a usual record */

/* What hides behind `struct log`. */
struct libyal_log {
    const struct libyal_library *library;
    struct libyal_io io;
    libbfio_handle_t *handle;
    void *file; /* NULL: the library does not open it */
    pthread_mutex_t lock;
    struct text channel; /* of classic logs, by the file's name */
    size_t count[LIBYAL_PARTS];

    enum libyal_part part; /* of the next batch */
    size_t at;             /* its first record */
    uint64_t seq;
};

/* What hides behind `struct decoder`. */
struct libyal_decoder {
    struct arena arena;
    struct libyal_xml *parser;
    struct text xml; /* of the record at hand; "" where there is none */
};

/* ---- the log ---- */

static bool log_probe(const struct libyal_library *library, struct input *in)
{
    struct libyal_io io;
    libbfio_handle_t *handle = libyal_io_open(&io, in);
    bool found = handle && library->probe(handle);
    libyal_io_close(handle);
    return found;
}

static struct log *log_open(const struct libyal_library *library, struct input *in, struct account *account,
                            struct notices *notices)
{
    struct libyal_log *log = memory_new(sizeof *log);
    *log = (struct libyal_log){ .library = library };
    pthread_mutex_init(&log->lock, NULL);
    log->channel = classic_channel_of_name(text_from(input_name(in)));
    log->handle = libyal_io_open(&log->io, in);
    log->file = log->handle ? library->open(log->handle) : NULL;
    if (!log->file)
        notice_add(notices, NOTICE_LIBYAL_OPEN, NOTICE_NO_OFFSET, 0);
    else if (log->library->damaged(log->file))
        notice_add(notices, NOTICE_LIBYAL_DAMAGED, NOTICE_NO_OFFSET, 0);
    for (enum libyal_part part = 0; part < LIBYAL_PARTS && log->file; part++)
        log->count[part] = library->count(log->file, part);
    account->promised += log->count[LIBYAL_LIVE];
    return (struct log *)log;
}

static enum status log_next(struct log *l, struct batch *batch, struct account *account, struct notices *notices)
{
    struct libyal_log *log = (struct libyal_log *)l;
    UNUSED(account);
    UNUSED(notices);
    while (log->part < LIBYAL_PARTS && log->at == log->count[log->part]) {
        log->part++;
        log->at = 0;
    }
    if (log->part == LIBYAL_PARTS)
        return ST_END;
    size_t left = log->count[log->part] - log->at;
    batch->seq = log->seq++;
    batch->kind = log->part;
    batch->offset = log->at;
    batch->size = left < RECORDS_PER_BATCH ? left : RECORDS_PER_BATCH;
    log->at += batch->size;
    return ST_OK;
}

static void log_close(struct log *l)
{
    struct libyal_log *log = (struct libyal_log *)l;
    if (log->file)
        log->library->close(log->file);
    libyal_io_close(log->handle);
    pthread_mutex_destroy(&log->lock);
    free(log);
}

size_t libyal_log_count(const struct log *log, enum libyal_part part)
{
    return ((const struct libyal_log *)log)->count[part];
}

bool libyal_log_head(struct log *l, enum libyal_part part, size_t index, struct libyal_head *ret)
{
    struct libyal_log *log = (struct libyal_log *)l;
    pthread_mutex_lock(&log->lock);
    void *record = log->library->record(log->file, part, index);
    bool known = record && log->library->head(record, ret);
    if (record)
        log->library->record_free(record);
    pthread_mutex_unlock(&log->lock);
    return known;
}

/* ---- the decoder ---- */

static struct decoder *decoder_new(void)
{
    struct libyal_decoder *d = memory_new(sizeof *d);
    arena_init(&d->arena);
    /* A block to begin with: rewinding to the very beginning would free it behind each record. */
    arena_alloc(&d->arena, ARENA_FIRST);
    d->parser = libyal_xml_new();
    d->xml = TEXT("");
    return (struct decoder *)d;
}

static void decoder_free(struct decoder *decoder)
{
    struct libyal_decoder *d = (struct libyal_decoder *)decoder;
    if (!d)
        return;
    arena_done(&d->arena);
    libyal_xml_free(d->parser);
    free(d);
}

/* All that is asked of the library, under the lock.  LIBYAL_WHOLE: `xml` or `event` is there. */
static enum libyal_answer ask(struct libyal_log *log, struct arena *arena, enum libyal_part part, size_t index,
                              struct libyal_head *head, struct text *xml, struct event *event)
{
    const struct libyal_library *library = log->library;
    enum libyal_answer answer = LIBYAL_NO_HEADER;
    pthread_mutex_lock(&log->lock);
    void *record = library->record(log->file, part, index);
    if (record && library->head(record, head)) {
        bool whole = library->event && library->event(record, log->channel, arena, event);
        if (library->xml) {
            *xml = library->xml(record, arena);
            whole = xml->n > 0;
        }
        answer = whole ? LIBYAL_WHOLE : LIBYAL_GIVEN_UP;
    }
    if (record)
        library->record_free(record);
    pthread_mutex_unlock(&log->lock);
    return answer;
}

static void header_only(const struct libyal_head *head, struct event *ret)
{
    *ret = (struct event){ .marks = EVENT_PARTIAL, .user_sid = TEXT(""), .event_id = TEXT("") };
    ret->key = (struct event_key){ .provider = TEXT(""), .channel = TEXT(""), .computer = TEXT(""),
                                   .id = EVENT_ID_NONE, .time = head->written, .record_id = head->id };
}

enum libyal_answer libyal_log_event(struct log *l, struct decoder *decoder, enum libyal_part part, size_t index,
                                    struct event *ret)
{
    struct libyal_log *log = (struct libyal_log *)l;
    struct libyal_decoder *d = (struct libyal_decoder *)decoder;
    struct libyal_head head = { 0 };
    arena_reset(&d->arena);
    d->xml = TEXT("");
    enum libyal_answer answer = ask(log, &d->arena, part, index, &head, &d->xml, ret);
    if (d->xml.n && !libyal_xml_event(d->parser, d->xml, &d->arena, ret)) {
        answer = LIBYAL_MALFORMED;
        d->xml = TEXT("");
    }
    if (answer != LIBYAL_WHOLE)
        header_only(&head, ret);
    if (ret->key.record_id == 0)
        ret->key.record_id = head.id;
    if (ret->key.time == 0 && head.written < FILETIME_MAX)
        ret->key.time = head.written;
    ret->header_id = head.id;
    ret->written = head.written;
    ret->offset = head.offset;
    ret->source = part == LIBYAL_LIVE ? EVENT_LIVE : EVENT_LIBYAL;
    return answer;
}

/* `index` is that of the record in the library's list, from 0. */
static enum status note(enum libyal_answer answer, const struct event *event, size_t index, struct notices *notices)
{
    if (answer == LIBYAL_NO_HEADER)
        return notice_add(notices, NOTICE_LIBYAL_NOTHING, NOTICE_NO_OFFSET, index + 1);
    enum notice_code code = answer == LIBYAL_MALFORMED ? NOTICE_LIBYAL_XML : NOTICE_LIBYAL_RECORD;
    return notice_add(notices, code, event->offset, event->key.record_id);
}

static void count(struct account *a, enum libyal_answer answer, const struct event *event)
{
    if (answer == LIBYAL_NO_HEADER) {
        a->lost++;
        return;
    }
    a->by_source[event->source]++;
    if (event->source != EVENT_LIVE)
        return;
    a->decoded += answer == LIBYAL_WHOLE;
    a->partial += answer != LIBYAL_WHOLE;
    account_time(a, event->key.time);
}

/* Appends the record at hand as one line.  libevtx has written it out; of others there are the parts. */
static void add_line(struct libyal_decoder *d, enum event_form form, struct event *event, struct buf *out)
{
    struct document document;
    if (!d->xml.n || !libyal_xml_document(d->parser, d->xml, &d->arena, &document))
        document_of_event(&document, &d->arena, event);
    if (document.cut)
        event->marks |= EVENT_CUT;
    if (form == EVENT_AS_XML)
        document_xml(&document, out);
    else
        document_json(&document, out);
}

static void deliver(struct libyal_decoder *d, const struct event_sink *sink, struct event *event)
{
    if (sink->form == EVENT_AS_FIELDS) {
        sink->event(sink->ctx, event);
        return;
    }
    size_t before = sink->lines->n;
    add_line(d, sink->form, event, sink->lines);
    struct event_about about = { event->offset, event->header_id, event->written, event->source, event->marks };
    sink->rendered(sink->ctx, &event->key, &about, text_from_index(buf_text(sink->lines), before));
}

static enum status decode(struct decoder *decoder, struct log *log, const struct batch *batch,
                          const struct event_sink *sink, struct account *account, struct notices *notices)
{
    enum libyal_part part = LIBYAL_KIND_PART(batch->kind);
    enum status status = ST_OK;
    if (part == LIBYAL_RECOVERED && !sink->recover) {
        account->by_source[EVENT_LIBYAL] += batch->size;
        return ST_OK;
    }
    for (size_t i = 0; i < batch->size; i++) {
        struct event event;
        size_t index = (size_t)batch->offset + i;
        enum libyal_answer answer = libyal_log_event(log, decoder, part, index, &event);
        if (batch->kind & LIBYAL_KIND_SECOND)
            event.source = EVENT_LIBYAL;
        count(account, answer, &event);
        if (answer != LIBYAL_WHOLE)
            status = status_worse(status, note(answer, &event, index, notices));
        if (answer != LIBYAL_NO_HEADER && sink->want(sink->ctx, &event.key))
            deliver((struct libyal_decoder *)decoder, sink, &event);
    }
    return status;
}

/* ---- the formats ---- */

static bool evtx_probe(struct input *in)
{
    return log_probe(&libyal_evtx, in);
}

static bool evt_probe(struct input *in)
{
    return log_probe(&libyal_evt, in);
}

static struct log *evtx_open(struct input *in, struct account *account, struct notices *notices)
{
    return log_open(&libyal_evtx, in, account, notices);
}

static struct log *evt_open(struct input *in, struct account *account, struct notices *notices)
{
    return log_open(&libyal_evt, in, account, notices);
}

const struct log_format libevtx_format = {
    .name = "evtx",
    .begins = evtx_probe,
    .probe = evtx_probe,
    .open = evtx_open,
    .next = log_next,
    .close = log_close,
    .decoder_new = decoder_new,
    .decode = decode,
    .decoder_free = decoder_free,
};

const struct log_format libevt_format = {
    .name = "evt",
    .begins = evt_probe,
    .probe = evt_probe,
    .open = evt_open,
    .next = log_next,
    .close = log_close,
    .decoder_new = decoder_new,
    .decode = decode,
    .decoder_free = decoder_free,
};
