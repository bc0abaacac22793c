#include "evtx/evtx_render.h"

#include <stdlib.h>

#include "evtx/evtx_fill.h"
#include "evtx/evtx_json.h"
#include "evtx/evtx_template.h"
#include "evtx/evtx_xml.h"

enum { FORM_XML, FORM_JSON, FORMS };

struct renderer {
    struct line line;
    struct xml_writer xml;
    struct json_writer json;
    uint32_t generation; /* of the plans that the layouts were made of */
    struct layouts layouts[FORMS];
    struct shape shape;
    struct draft draft;
};

/* What a record has cost so far: put back when it is begun anew. */
struct state {
    size_t work;
    uint32_t marks, template;
    bool damaged;
};

struct renderer *renderer_new(void)
{
    struct renderer *r = memory_new(sizeof *r);
    buf_init(&r->line.out);
    (void)buf_reserve(&r->line.out, 1); /* a line without text is added, too: never to NULL */
    evtx_json_init(&r->json);
    r->line.draft = NULL;
    r->generation = 0;
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

static struct state state_get(struct binxml_reader *r)
{
    templates_try(r->templates);
    return (struct state){ r->work, r->marks, r->template, r->damaged };
}

static void state_put(struct binxml_reader *r, const struct state *s)
{
    templates_undo(r->templates);
    r->work = s->work;
    r->marks = s->marks;
    r->template = s->template;
    r->damaged = s->damaged;
}

/* Follows the nodes as far as they are known, opening streams on the way; the last one's answer. */
static enum layout_next follow(struct renderer *r, const struct layouts *layouts, const struct binxml_stream *stream,
                               const struct layout **ret)
{
    struct binxml_reader *reader = r->line.reader;
    const struct layout_node *node = NULL;
    struct binxml_stream opened = *stream;
    shape_begin(&r->shape);
    do {
        size_t from = r->shape.count;
        if (!layout_takes(reader, &opened) || !shape_add(&r->shape, &opened.values))
            return LAYOUT_NONE;
        node = layouts_find(layouts, node, opened.plan, &r->shape, from);
        if (node && node->next == LAYOUT_OPEN) {
            struct bytes raw = r->shape.slots[node->slot].raw;
            size_t at = (size_t)(raw.p - reader->chunk.p);
            binxml_open(reader, at, at + raw.n, &opened);
        }
    } while (node && node->next == LAYOUT_OPEN);
    *ret = node ? node->layout : NULL;
    return node ? node->next : LAYOUT_UNKNOWN;
}

static void forget_old(struct renderer *r)
{
    uint32_t generation = templates_generation(r->line.reader->templates);
    for (size_t i = 0; i < FORMS && generation != r->generation; i++)
        layouts_forget(&r->layouts[i]);
    r->generation = generation;
}

struct text render(struct renderer *r, enum event_form form, struct binxml_reader *reader,
                   const struct binxml_stream *stream)
{
    struct layouts *layouts = &r->layouts[form == EVENT_AS_XML ? FORM_XML : FORM_JSON];
    const struct layout *layout;
    struct state before = state_get(reader);
    r->line.reader = reader;
    r->line.out.n = 0;
    forget_old(r);
    enum layout_next next = follow(r, layouts, stream, &layout);
    if (next == LAYOUT_FOUND && layout_fill(layout, &r->shape, &r->line))
        return buf_text(&r->line.out);
    state_put(reader, &before);
    if (next == LAYOUT_UNKNOWN)
        walk_and_draft(r, form, layouts, stream);
    else
        walk(r, form, stream);
    return buf_text(&r->line.out);
}
