/*
 * layout_check.h - the property that layouts stand on: a line that was filled in is the line that the walk writes, with
 * the same marks, and has cost the same.  For test_layout.c and fuzz_render.c.
 */
#ifndef EVSCAN_TESTS_LAYOUT_CHECK_H
#define EVSCAN_TESTS_LAYOUT_CHECK_H

#include <stdlib.h>

#include "event/event.h"
#include "evtx/evtx.h"
#include "evtx/evtx_chunk.h"
#include "evtx/evtx_json.h"
#include "evtx/evtx_locate.h"
#include "evtx/evtx_log.h"
#include "evtx/evtx_render.h"
#include "evtx/evtx_xml.h"
#include "io/input.h"

struct layout_check {
    enum event_form form;
    struct renderer *renderer;
    struct binxml_reader rendering, walking;
    struct buf rendered;
    struct line line; /* of the walk */
    struct xml_writer xml;
    struct json_writer json;
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

static void layout_check_record(struct layout_check *c, const struct evtx_record *record)
{
    struct binxml_stream one, other;
    size_t at = record->at + EVTX_RECORD_HEAD;
    binxml_reader_record(&c->rendering);
    binxml_reader_record(&c->walking);
    binxml_open(&c->rendering, at, record->end, &one);
    binxml_open(&c->walking, at, record->end, &other);
    c->rendered.n = 0;
    render(c->renderer, c->form, &c->rendering, &one, &c->rendered);
    layout_check_walk(c, &other);
    c->records++;
    c->differing += !text_equal(buf_text(&c->rendered), buf_text(&c->line.out)) || c->rendering.marks != c->walking.marks ||
                    c->rendering.damaged != c->walking.damaged || c->rendering.work != c->walking.work;
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
        evtx_chunk_open(&chunk, bytes, batch.offset, batch.kind == EVTX_PIECE_CHUNK, &account, &notices);
        binxml_reader_chunk(&c->rendering, bytes, log->foreign);
        binxml_reader_chunk(&c->walking, bytes, log->foreign);
        while (evtx_chunk_next(&chunk, &record))
            layout_check_record(c, &record);
    }
    evtx_format.close(log);
    free(batch.bytes);
    arena_done(&arena);
}

static void layout_check_init(struct layout_check *c, enum event_form form)
{
    *c = (struct layout_check){ .form = form, .renderer = renderer_new() };
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
}

#endif
