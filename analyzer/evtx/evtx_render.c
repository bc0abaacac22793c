#include "evtx/evtx_render.h"

#include <stdlib.h>

#include "evtx/evtx_json.h"
#include "evtx/evtx_xml.h"

struct renderer {
    struct line line;
    struct xml_writer xml;
    struct json_writer json;
};

struct renderer *renderer_new(void)
{
    struct renderer *r = memory_new(sizeof *r);
    buf_init(&r->line.out);
    (void)buf_reserve(&r->line.out, 1); /* a line without text is added, too: never to NULL */
    evtx_json_init(&r->json);
    return r;
}

void renderer_free(struct renderer *r)
{
    evtx_json_done(&r->json);
    buf_done(&r->line.out);
    free(r);
}

struct text render(struct renderer *r, enum event_form form, struct binxml_reader *reader,
                   const struct binxml_stream *stream)
{
    struct binxml_sink sink = form == EVENT_AS_XML ? xml_sink : json_sink;
    r->line.reader = reader;
    r->line.out.n = 0;
    if (form == EVENT_AS_XML) {
        sink.ctx = &r->xml;
        evtx_xml_begin(&r->xml, &r->line);
        binxml_walk(reader, stream, &sink);
        if (r->line.out.n == 0) /* not a single element was left of the record */
            line_add(&r->line, TEXT("<Event/>"));
    } else {
        sink.ctx = &r->json;
        evtx_json_begin(&r->json, &r->line);
        binxml_walk(reader, stream, &sink);
        evtx_json_end(&r->json);
    }
    return buf_text(&r->line.out);
}
