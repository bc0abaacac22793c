#include "evt/evt.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "event/event_classic.h"
#include "evt/evt_channel.h"
#include "evt/evt_joined.h"
#include "evt/evt_names.h"
#include "evt/evt_record.h"
#include "evt/evt_render.h"
#include "evt/evt_rows.h"
#include "evt/evt_walk.h"

#define ARENA_FIRST (64u << 10) /* all texts of a usual record */

/* What hides behind `struct log`. */
struct evt_log {
    struct input *in;
    struct evt_ring ring;
    struct evt_walk walk;
    uint64_t next;      /* where the log behind this one begins; 0: there is none */
    uint64_t seq;       /* batches of the logs in front */
    uint32_t channel;   /* index of `channels` */
    struct evt_joined joined;
};

/* Index 0: it is not known. */
static const char *const channels[] = { "", "Application", "Security", "System" };

/* What hides behind `struct decoder`: one table a column, so that no source can push out its record's computer. */
struct evt_decoder {
    struct arena arena;
    struct evt_names sources, computers;
};

/* ---- the log ---- */

static bool begins(struct input *in)
{
    uint8_t raw[EVT_HEADER_SIZE];
    int error;
    struct bytes head = { raw, input_read_at(in, 0, raw, sizeof raw, &error) };
    return evt_header_present(head);
}

static bool probe(struct input *in)
{
    struct evt_ring ring;
    uint64_t first, size = input_size(in);
    evt_ring_init(&ring, in, 0, size, 0);
    bool found = begins(in) || evt_first_record(&ring, 0, size < LIMIT_PROBE ? size : LIMIT_PROBE, &first);
    evt_ring_done(&ring);
    return found;
}

static uint32_t channel_index(struct text name)
{
    for (uint32_t i = 1; i < COUNT_OF(channels); i++)
        if (text_equal(name, text_from(channels[i])))
            return i;
    return 0;
}

/* The log at `base`: the first one of the file, or one that was joined to it. */
static void log_begin(struct evt_log *log, uint64_t base, struct account *account, struct notices *notices)
{
    struct evt_bounds bounds;
    log->next = evt_joined_open(&log->ring, log->in, base, &log->joined, notices, &bounds);
    struct text channel = classic_channel_of_name(text_from(input_name(log->in)));
    log->channel = channel_index(channel.n ? channel : evt_channel_of_records(&log->ring, bounds.start));
    evt_walk_init(&log->walk, &log->ring, &bounds);
    account->promised += bounds.promised;
}

static struct log *log_open(struct input *in, struct account *account, struct notices *notices)
{
    struct evt_log *log = memory_new(sizeof *log);
    *log = (struct evt_log){ .in = in, .joined = evt_joined_of(input_size(in)) };
    log_begin(log, 0, account, notices);
    return (struct log *)log;
}

static enum status log_next(struct log *l, struct batch *batch, struct account *account, struct notices *notices)
{
    struct evt_log *log = (struct evt_log *)l;
    enum status status = evt_walk_next(&log->walk, batch, account, notices);
    while (status == ST_END && log->next) {
        uint64_t base = log->next;
        notice_add(notices, NOTICE_EVT_JOINED_READ, base, 0);
        evt_ring_done(&log->ring);
        log->seq += log->walk.seq;
        log_begin(log, base, account, notices);
        status = evt_walk_next(&log->walk, batch, account, notices);
    }
    batch->seq += log->seq;
    batch->kind |= log->channel << EVT_KIND_CHANNEL_SHIFT;
    return status;
}

static void log_close(struct log *l)
{
    struct evt_log *log = (struct evt_log *)l;
    evt_ring_done(&log->ring);
    free(log);
}

/* ---- the decoder ---- */

static struct decoder *decoder_new(void)
{
    struct evt_decoder *d = memory_new(sizeof *d);
    memset(d, 0, sizeof *d);
    arena_init(&d->arena);
    /* A block to begin with: rewinding to the very beginning would free it behind each record. */
    arena_alloc(&d->arena, ARENA_FIRST);
    arena_reset(&d->arena);
    return (struct decoder *)d;
}

static void decoder_free(struct decoder *decoder)
{
    struct evt_decoder *d = (struct evt_decoder *)decoder;
    if (!d)
        return;
    arena_done(&d->arena);
    free(d);
}

/* One decode call: what its steps share. */
struct decoding {
    struct evt_decoder *decoder;
    const struct batch *batch;
    const struct event_sink *sink;
    struct account *account;
    struct notices *notices;
};

static struct event_key key_of(const struct decoding *x, const struct evt_record *r)
{
    struct evt_decoder *d = x->decoder;
    return (struct event_key){
        .provider = evt_names_get(&d->sources, r->source, &d->arena),
        .channel = text_from(channels[x->batch->kind >> EVT_KIND_CHANNEL_SHIFT]),
        .computer = evt_names_get(&d->computers, r->computer, &d->arena),
        .id = r->identifier & 0xFFFFu,
        .level = classic_level(r->type),
        .time = filetime_from_unix(r->generated),
        .record_id = r->number,
    };
}

static void count(const struct decoding *x, const struct evt_record *r)
{
    enum event_source source = EVT_KIND_SOURCE(x->batch->kind);
    struct account *a = x->account;
    /* What is left of an older record is none of this log's either. */
    if (r->partial && source != EVENT_STALE) {
        a->partial++;
        return;
    }
    a->by_source[source]++;
    if (source == EVENT_STALE)
        return;
    a->decoded++;
    a->recovered += source == EVENT_RESYNC;
    account_time(a, filetime_from_unix(r->generated));
}

static void note_parts(const struct decoding *x, const struct evt_record *r, uint64_t offset, bool holds_all)
{
    if (!holds_all && !r->partial)
        notice_add(x->notices, NOTICE_EVT_RECORD_PARTS, offset, r->number);
}

static void deliver(const struct decoding *x, const struct evt_record *r, const struct event_key *key, uint64_t offset)
{
    struct event event = { .key = *key, .source = EVT_KIND_SOURCE(x->batch->kind), .offset = offset };
    note_parts(x, r, offset, evt_record_event(r, &x->decoder->arena, &event));
    if (event.marks & EVENT_CUT)
        notice_add(x->notices, NOTICE_EVT_EVENT_CUT, event.offset, r->number);
    x->sink->event(x->sink->ctx, &event);
}

static void deliver_text(const struct decoding *x, const struct evt_record *r, const struct event_key *key,
                         uint64_t offset)
{
    struct event_about about = {
        .offset = offset,
        .header_id = r->number,
        .written = filetime_from_unix(r->written),
        .source = EVT_KIND_SOURCE(x->batch->kind),
    };
    struct buf *lines = x->sink->lines;
    size_t before = lines->n;
    note_parts(x, r, offset, evt_render(r, key, x->sink->form, lines, &about.marks));
    x->sink->rendered(x->sink->ctx, key, &about, text_from_index(buf_text(lines), before));
}

static void decode_record(const struct decoding *x, const struct evt_record *r, size_t at)
{
    struct arena *arena = &x->decoder->arena;
    struct arena_mark mark = arena_mark(arena);
    struct event_key key = key_of(x, r);
    if (x->sink->want(x->sink->ctx, &key)) {
        uint64_t offset = x->batch->offset + at;
        if (x->sink->form == EVENT_AS_FIELDS)
            deliver(x, r, &key, offset);
        else
            deliver_text(x, r, &key, offset);
    }
    arena_rewind(arena, mark);
}

static enum status decode(struct decoder *decoder, struct log *log, const struct batch *batch,
                          const struct event_sink *sink, struct account *account, struct notices *notices)
{
    struct decoding x = { (struct evt_decoder *)decoder, batch, sink, account, notices };
    UNUSED(log);
    bool part = EVT_KIND_IS_PART(batch->kind), stale = EVT_KIND_SOURCE(batch->kind) == EVENT_STALE;
    if (sink->only_old && !stale)
        return ST_OK;
    struct bytes bytes = { batch->bytes, batch->size };
    for (size_t at = 0, length; at < batch->size; at += length) {
        struct evt_record record;
        length = part ? batch->size : evt_record_length(bytes_part(bytes, at, bytes.n));
        if (length == 0 || !evt_record_parse(bytes_part(bytes, at, length), part, &record))
            break;
        if (!sink->only_old)
            count(&x, &record);
        if (!stale || sink->recover)
            decode_record(&x, &record, at);
    }
    return part && !stale ? ST_LOST_RECORD : ST_OK;
}

const struct log_format evt_format = {
    .name = "evt",
    .begins = begins,
    .probe = probe,
    .open = log_open,
    .next = log_next,
    .close = log_close,
    .decoder_new = decoder_new,
    .decode = decode,
    .decoder_free = decoder_free,
};
