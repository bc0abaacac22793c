/*
 * layout_check.h - the property that layouts stand on: a line, or an event, that was filled in is the one that the walk
 * makes, with the same marks, and has cost the same.  For test_layout.c and fuzz_render.c.
 */
#ifndef EVSCAN_TESTS_LAYOUT_CHECK_H
#define EVSCAN_TESTS_LAYOUT_CHECK_H

#include <stdlib.h>

#include "event/event_values.h"
#include "evtx/evtx.h"
#include "evtx/evtx_chunk.h"
#include "evtx/evtx_fields.h"
#include "evtx/evtx_json.h"
#include "evtx/evtx_key.h"
#include "evtx/evtx_locate.h"
#include "evtx/evtx_log.h"
#include "evtx/evtx_render.h"
#include "evtx/evtx_xml.h"
#include "io/input.h"
#include "rule/fold.h"

struct layout_check {
    enum event_form form;
    struct renderer *renderer;
    struct evtx_fields *fields;
    struct binxml_reader rendering, walking;
    struct buf rendered;
    struct line line; /* of the walk */
    struct xml_writer xml;
    struct json_writer json;
    bool lazy; /* events whose values are made when somebody asks */
    uint64_t records, differing;
};

static void layout_check_walk(struct layout_check *c, const struct binxml_stream *stream)
{
    struct binxml_sink sink = c->form == EVENT_AS_XML ? xml_sink : json_sink;
    c->line.out.n = 0;
    if (c->form == EVENT_AS_XML) {
        sink.ctx = &c->xml;
        evtx_xml_begin(&c->xml, &c->line);
        binxml_walk(&c->walking, stream, &sink);
        if (c->line.out.n == 0)
            line_add(&c->line, TEXT("<Event/>"));
    } else {
        sink.ctx = &c->json;
        evtx_json_begin(&c->json, &c->line);
        binxml_walk(&c->walking, stream, &sink);
        evtx_json_end(&c->json);
    }
}

static bool same_field(const struct event_field *a, const struct event_field *b)
{
    return text_equal(a->name, b->name) && text_equal(a->value, b->value) && a->part == b->part;
}

static bool same_key(const struct event_key *a, const struct event_key *b)
{
    return text_equal(a->provider, b->provider) && text_equal(a->channel, b->channel) &&
           text_equal(a->computer, b->computer) && a->id == b->id && a->level == b->level && a->time == b->time &&
           a->record_id == b->record_id;
}

static bool same_event(const struct event *a, const struct event *b)
{
    bool same = same_key(&a->key, &b->key) && text_equal(a->user_sid, b->user_sid) &&
                text_equal(a->event_id, b->event_id) && a->qualifiers == b->qualifiers && a->task == b->task &&
                a->keywords == b->keywords && a->field_count == b->field_count;
    for (size_t i = 0; same && i < a->field_count; i++)
        same = same_field(&a->fields[i], &b->fields[i]);
    return same;
}

static bool is_of_kind(struct text value, enum value_kind kind)
{
    static const char *const characters[KINDS] = {
        [KIND_DECIMAL] = "-0123456789",           [KIND_HEX] = "0123456789abcdefx",
        [KIND_GUID] = "-0123456789abcdef{}",      [KIND_SID] = "-0123456789abcdefsx",
        [KIND_BYTES] = "0123456789abcdef",
    };
    for (size_t i = 0; characters[kind] && i < value.n; i++)
        if (value.p[i] == '\0' || !strchr(characters[kind], ascii_lower(value.p[i])))
            return false;
    return true;
}

/* Whoever asks for a value gets what the walk puts there, and one that is of the kind that the outline says. */
static bool same_values(const struct event *filled, const struct event *walked, struct arena *arena)
{
    const struct event_values *v = filled->values;
    bool same = v->outline->count == walked->field_count;
    for (size_t i = 0; same && i < walked->field_count; i++) {
        struct text value = walked->fields[i].value;
        same = text_equal(v->text(v->ctx, i), value) && is_of_kind(value, v->outline->kinds[i]);
        if (v->outline->kinds[i] == KIND_UTF16)
            same = same && text_equal(fold_utf16le(arena, v->utf16(v->ctx, i)), fold_keep(arena, value));
    }
    return same;
}

static bool layout_check_key(struct binxml_reader *r, const struct binxml_stream *stream, struct event_key *ret)
{
    if (stream->direct)
        return key_read_flat(stream->flat, &r->scratch, false, ret);
    return stream->plan && stream->plan->keys && key_read(stream->plan->keys, &stream->values, &r->scratch, false, ret);
}

/* Both as events; false when they differ.  A record without a key is walked anyway. */
static bool layout_check_event(struct layout_check *c, size_t at, size_t end)
{
    struct binxml_stream one, other;
    struct event filled, walked;
    struct event_key key;
    binxml_find(&c->rendering, at, end, &one);
    binxml_find(&c->walking, at, end, &other);
    if (c->rendering.damaged || !layout_check_key(&c->rendering, &one, &key))
        return true;
    binxml_compile(&c->rendering, &one);
    binxml_compile(&c->walking, &other);
    evtx_fields_read(c->fields, &c->rendering, &one, &key, c->lazy, &filled);
    evtx_fields_walk(&c->walking, &other, &walked);
    bool same = !filled.values || same_values(&filled, &walked, &c->rendering.scratch);
    filled.marks = c->rendering.marks;
    event_complete(&filled);
    c->rendering.marks = filled.marks;
    return same && same_event(&filled, &walked);
}

static bool layout_check_line(struct layout_check *c, size_t at, size_t end)
{
    struct binxml_stream one, other;
    binxml_open(&c->rendering, at, end, &one);
    binxml_open(&c->walking, at, end, &other);
    c->rendered.n = 0;
    render(c->renderer, c->form, &c->rendering, &one, &c->rendered);
    layout_check_walk(c, &other);
    return text_equal(buf_text(&c->rendered), buf_text(&c->line.out));
}

static bool same_reader(const struct binxml_reader *a, const struct binxml_reader *b)
{
    return a->marks == b->marks && a->damaged == b->damaged && a->work == b->work;
}

static void layout_check_record(struct layout_check *c, const struct evtx_record *record)
{
    size_t at = record->at + EVTX_RECORD_HEAD;
    binxml_reader_record(&c->rendering);
    binxml_reader_record(&c->walking);
    bool same = c->form == EVENT_AS_FIELDS ? layout_check_event(c, at, record->end)
                                           : layout_check_line(c, at, record->end);
    c->records++;
    c->differing += !same || !same_reader(&c->rendering, &c->walking);
}

static void layout_check_log(struct layout_check *c, struct input *in)
{
    struct account account = { 0 };
    struct arena arena;
    struct notices notices;
    struct batch batch = { 0 };
    struct evtx_chunk chunk;
    struct evtx_record record;
    arena_init(&arena);
    notices_init(&notices, &arena);
    struct log *log = evtx_format.open(in, &account, &notices);
    while (evtx_format.next(log, &batch, &account, &notices) == ST_OK) {
        struct bytes bytes = { batch.bytes, batch.size };
        evtx_chunk_open(&chunk, bytes, batch.offset, (enum evtx_piece_kind)batch.kind, &account, &notices);
        binxml_reader_chunk(&c->rendering, bytes, log->foreign);
        binxml_reader_chunk(&c->walking, bytes, log->foreign);
        while (evtx_chunk_next(&chunk, &record))
            layout_check_record(c, &record);
    }
    evtx_format.close(log);
    free(batch.bytes);
    arena_done(&arena);
}

/* First walked, then filled in. */
static void layout_check_twice(struct layout_check *c, struct input *in)
{
    c->lazy = false;
    layout_check_log(c, in);
    c->lazy = true;
    layout_check_log(c, in);
}

static void layout_check_init(struct layout_check *c, enum event_form form)
{
    *c = (struct layout_check){ .form = form, .renderer = renderer_new(), .fields = evtx_fields_new() };
    binxml_reader_init(&c->rendering);
    binxml_reader_init(&c->walking);
    buf_init(&c->rendered);
    buf_init(&c->line.out);
    c->line.reader = &c->walking;
    evtx_json_init(&c->json);
}

static void layout_check_done(struct layout_check *c)
{
    evtx_json_done(&c->json);
    buf_done(&c->rendered);
    buf_done(&c->line.out);
    binxml_reader_done(&c->rendering);
    binxml_reader_done(&c->walking);
    renderer_free(c->renderer);
    evtx_fields_free(c->fields);
}

#endif
