#include "evtx/evtx_render.h"

#include <stdlib.h>

#include "evtx/evtx_fill.h"
#include "evtx/evtx_json.h"
#include "evtx/evtx_xml.h"

enum { FORM_XML, FORM_JSON, FORMS };

struct renderer {
    struct line line;
    struct xml_writer xml;
    struct json_writer json;
    struct layouts layouts[FORMS];
    struct shape shape;
    struct draft draft;
};

struct renderer *renderer_new(void)
{
    struct renderer *r = memory_new(sizeof *r);
    buf_init(&r->line.out);
    (void)buf_reserve(&r->line.out, 1); /* a line without text is added, too: never to NULL */
    evtx_json_init(&r->json);
    r->line.draft = NULL;
    for (size_t i = 0; i < FORMS; i++)
        layouts_init(&r->layouts[i]);
    return r;
}

void renderer_free(struct renderer *r)
{
    for (size_t i = 0; i < FORMS; i++)
        layouts_done(&r->layouts[i]);
    evtx_json_done(&r->json);
    buf_done(&r->line.out);
    free(r);
}

static void walk(struct renderer *r, enum event_form form, const struct binxml_stream *stream)
{
    struct binxml_sink sink = form == EVENT_AS_XML ? xml_sink : json_sink;
    if (form == EVENT_AS_XML) {
        sink.ctx = &r->xml;
        evtx_xml_begin(&r->xml, &r->line);
        binxml_walk(r->line.reader, stream, &sink);
        if (r->line.out.n == 0) /* not a single element was left of the record */
            line_add(&r->line, TEXT("<Event/>"));
    } else {
        sink.ctx = &r->json;
        evtx_json_begin(&r->json, &r->line);
        binxml_walk(r->line.reader, stream, &sink);
        evtx_json_end(&r->json);
    }
}

/* The walk writes the line, and its layout is kept. */
static void walk_and_draft(struct renderer *r, enum event_form form, struct layouts *layouts,
                           const struct binxml_stream *stream)
{
    size_t before = r->line.reader->work;
    draft_begin(&r->draft, layouts, &r->shape, stream);
    r->line.draft = &r->draft;
    walk(r, form, stream);
    r->line.draft = NULL;
    bool sound = !(r->line.reader->marks & EVENT_CUT) && !r->line.reader->damaged;
    draft_end(&r->draft, buf_text(&r->line.out), before - r->line.reader->work, sound);
}

void render(struct renderer *r, enum event_form form, struct binxml_reader *reader, const struct binxml_stream *stream,
            struct buf *out)
{
    struct layouts *layouts = &r->layouts[form == EVENT_AS_XML ? FORM_XML : FORM_JSON];
    const struct layout_node *node;
    struct binxml_attempt before = binxml_try(reader);
    r->line.reader = reader;
    r->line.out.n = 0;
    enum layout_next next = layouts_follow(layouts, reader, &r->shape, stream, &node);
    if (next == LAYOUT_FOUND && layout_fill(node->layout, &r->shape, reader, out))
        return;
    binxml_undo(reader, &before);
    if (next == LAYOUT_UNKNOWN)
        walk_and_draft(r, form, layouts, stream);
    else
        walk(r, form, stream);
    buf_add(out, buf_text(&r->line.out));
}
