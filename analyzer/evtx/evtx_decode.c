/* A chunk's records as events. */
#include <stdlib.h>

#include "evtx/evtx_chunk.h"
#include "evtx/evtx_fields.h"
#include "evtx/evtx_key.h"
#include "evtx/evtx_locate.h"
#include "evtx/evtx_log.h"
#include "evtx/evtx_render.h"

struct decoder {
    struct arena unsaid; /* notices of a chunk that was read before */
    struct binxml_reader reader;
    struct renderer *renderer;
    struct evtx_fields *fields;
};

/* One chunk being decoded. */
struct pass {
    struct binxml_reader *r;
    struct renderer *renderer;
    struct evtx_fields *fields;
    struct evtx_chunk chunk;
    const struct event_sink *sink;
    struct account *account;
    struct notices *notices;
    enum status status;
};

struct decoder *evtx_decoder_new(void)
{
    struct decoder *d = memory_new(sizeof *d);
    arena_init(&d->unsaid);
    binxml_reader_init(&d->reader);
    d->renderer = renderer_new();
    d->fields = evtx_fields_new();
    return d;
}

void evtx_decoder_free(struct decoder *d)
{
    if (!d)
        return;
    arena_done(&d->unsaid);
    binxml_reader_done(&d->reader);
    renderer_free(d->renderer);
    evtx_fields_free(d->fields);
    free(d);
}

/* An event that does not say them has the number and the time of its record. */
static void key_complete(struct event_key *key, const struct evtx_record *record)
{
    if (key->record_id == 0)
        key->record_id = record->id;
    if (key->time == 0 && record->written < FILETIME_MAX)
        key->time = record->written;
}

/* `key` is the one that was read without a walk, whole; NULL when it was not. */
static void read_event(struct pass *p, const struct evtx_record *record, struct binxml_stream *stream,
                       const struct event_key *key, struct event *ret)
{
    binxml_compile(p->r, stream);
    if (key)
        evtx_fields_read(p->fields, p->r, stream, key, p->sink->lazy, ret);
    else
        evtx_fields_walk(p->r, stream, ret);
    key_complete(&ret->key, record);
    ret->written = record->written;
    ret->header_id = record->id;
    ret->offset = p->chunk.offset + record->at;
    ret->source = record->source;
}

static void note(struct pass *p, enum notice_code code, const struct evtx_record *record, uint64_t value)
{
    p->status = status_worse(p->status, notice_add(p->notices, code, p->chunk.offset + record->at, value));
}

/* What the reader met in a record, for the account and the list of notices. */
static void note_marks(struct pass *p, const struct evtx_record *record)
{
    if (p->r->damaged && !record->partial) {
        p->r->marks |= EVENT_PARTIAL;
        note(p, NOTICE_EVTX_BINXML, record, record->id);
    }
    if (record->partial)
        p->r->marks |= EVENT_PARTIAL;
    if (p->r->marks & EVENT_TEMPLATE_LOST)
        note(p, NOTICE_EVTX_TEMPLATE_LOST, record, p->r->template);
    else if (p->r->marks & EVENT_TEMPLATE_FOREIGN)
        note(p, NOTICE_EVTX_TEMPLATE_FOREIGN, record, p->r->template);
    if (p->r->marks & EVENT_CUT)
        note(p, NOTICE_EVTX_EVENT_CUT, record, record->id);
}

static void count(struct pass *p, const struct evtx_record *record, const struct event_key *key)
{
    struct account *a = p->account;
    bool torn = p->r->marks & (EVENT_PARTIAL | EVENT_TEMPLATE_LOST);
    if (!record->partial)
        a->by_source[record->source]++;
    if (!event_source_of_log(record->source))
        return;
    account_time(a, key->time);
    if (record->partial)
        return; /* counted where its tail was missed */
    a->partial += torn;
    a->decoded += !torn;
    if (!torn && (record->source != EVENT_LIVE || (p->r->marks & EVENT_TEMPLATE_FOREIGN)))
        a->recovered++;
}

static void deliver_text(const struct pass *p, const struct evtx_record *record, const struct event_key *key,
                         struct text text)
{
    struct event_about about = {
        .offset = p->chunk.offset + record->at,
        .header_id = record->id,
        .written = record->written,
        .source = record->source,
        .marks = p->r->marks,
    };
    p->sink->rendered(p->sink->ctx, key, &about, text);
}

/* False when the key takes a walk. */
static bool read_key(struct pass *p, const struct binxml_stream *stream, struct event_key *ret)
{
    bool brief = p->sink->brief_key && p->sink->form != EVENT_AS_FIELDS;
    if (stream->direct)
        return key_read_flat(stream->flat, &p->r->scratch, brief, ret);
    return stream->plan && stream->plan->keys &&
           key_read(stream->plan->keys, &stream->values, &p->r->scratch, brief, ret);
}

/* A torn record whose values for them are missing shows the number and the time of its head, too. */
static void complete_values(struct pass *p, const struct evtx_record *record, struct binxml_stream *stream)
{
    if (record->partial && stream->values.cut && stream->plan && stream->plan->keys)
        key_values_complete(p->r, stream->plan->keys, p->r->head, &stream->values);
}

/*
 * The key alone decides whether anyone wants the event; where it cannot be read alone, or the record is damaged, all
 * is read first.
 */
static void decode_record(struct pass *p, struct evtx_record *record)
{
    struct binxml_stream stream;
    struct event event;
    struct event_key key;
    if (p->chunk.torn || p->chunk.step == 1) /* else all stands where it says */
        binxml_reader_torn(p->r);
    binxml_reader_record(p->r);
    p->r->head = bytes_part(p->chunk.bytes, record->at, EVTX_RECORD_HEAD);
    binxml_find(p->r, record->at + EVTX_RECORD_HEAD, record->end, &stream);
    if (stream.direct ? stream.flat.n == 0 : stream.plan && stream.plan->count == 0)
        p->r->damaged = true; /* not a single element */
    if (event_source_of_log(record->source))
        evtx_chunk_unlinked(&p->chunk, record, stream.end);
    complete_values(p, record, &stream);
    bool quick = !record->partial && !p->r->damaged && read_key(p, &stream, &key);
    if (quick)
        key_complete(&key, record);
    else
        read_event(p, record, &stream, NULL, &event);
    if (!quick)
        key = event.key;
    bool wanted = p->sink->want(p->sink->ctx, &key), as_fields = p->sink->form == EVENT_AS_FIELDS;
    size_t before = as_fields ? 0 : p->sink->lines->n;
    if (wanted)
        binxml_compile(p->r, &stream);
    if (wanted && !as_fields)
        render(p->renderer, p->sink->form, p->r, &stream, p->sink->lines);
    else if (wanted && quick)
        read_event(p, record, &stream, &key, &event);
    note_marks(p, record);
    count(p, record, &key);
    event.marks = p->r->marks;
    if (wanted && as_fields)
        p->sink->event(p->sink->ctx, &event);
    else if (wanted)
        deliver_text(p, record, &key, text_from_index(buf_text(p->sink->lines), before));
}

static bool is_wanted(const struct event_sink *sink, enum event_source source)
{
    bool old = source == EVENT_SLACK || source == EVENT_STALE;
    return old ? sink->recover : !sink->only_old;
}

/* `account` and `notices` are of the chunk; what is wrong with a record that is delivered goes to those of the pass. */
static void decode_chunk(struct pass *p, struct log *log, const struct batch *batch, struct account *account,
                         struct notices *notices)
{
    struct bytes bytes = { batch->bytes, batch->size };
    struct evtx_record record;
    evtx_chunk_open(&p->chunk, bytes, batch->offset, (enum evtx_piece_kind)batch->kind, account, notices);
    binxml_reader_chunk(p->r, bytes, log->foreign);
    while (evtx_chunk_next(&p->chunk, &record)) {
        if (!is_wanted(p->sink, record.source)) {
            account->by_source[record.source]++;
            continue;
        }
        decode_record(p, &record);
        if (record.partial)
            p->status = status_worse(p->status, ST_LOST_RECORD);
    }
}

/* What it counts and what it says of the chunk itself was counted and said before. */
static void decode_old(struct decoder *d, struct pass *p, struct log *log, const struct batch *batch)
{
    struct account counted = { 0 };
    struct notices said;
    p->account = &counted;
    arena_reset(&d->unsaid);
    notices_init(&said, &d->unsaid);
    decode_chunk(p, log, batch, &counted, &said);
}

enum status evtx_decode(struct decoder *d, struct log *log, const struct batch *batch, const struct event_sink *sink,
                        struct account *account, struct notices *notices)
{
    struct pass p = { .r = &d->reader, .renderer = d->renderer, .fields = d->fields, .sink = sink, .account = account, .notices = notices };
    if (sink->only_old)
        decode_old(d, &p, log, batch);
    else
        decode_chunk(&p, log, batch, account, notices);
    return p.status;
}
