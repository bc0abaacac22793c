/*
 * evtx_render.h - a record's document as one line of XML or of JSON, without fields in between.
 *
 * Shape:   sinks of binxml_walk.h that write.  Names and literal text come ready from the plan, values go from their
 *          bytes straight to the line: UTF-16 is transcoded and escaped in one step, numbers are printed in place.
 *          A record like one that was written before is not walked: its line is filled in (evtx_layout.h).
 *
 * XML:     as Windows writes it: one line, attributes in single quotes, <Data></Data> and <Security/> as the template
 *          has them.  CDATA is written as escaped text; processing instructions are left out.
 * JSON:    the layout that evtx_dump made known; see evtx_json.h.
 * Lost:    values of a lost template stand as <Data> in an EventData of their own.
 * Owns:    what the lines are made with.
 * Limits:  a line that grows past LIMIT_EVENT_BYTES ends, its elements closed, and the event is marked EVENT_CUT.
 * Threads: one decoder's.
 */
#ifndef EVSCAN_EVTX_EVTX_RENDER_H
#define EVSCAN_EVTX_EVTX_RENDER_H

#include "base/buf.h"
#include "event/event_source.h"
#include "evtx/binxml_walk.h"

struct renderer;

struct renderer *renderer_new(void);
void renderer_free(struct renderer *r);

/* Appends a line.  `form` is EVENT_AS_XML or EVENT_AS_JSON.  Marks are left in the reader.  `stream` is the record's own. */
void render(struct renderer *r, enum event_form form, struct binxml_reader *reader, const struct binxml_stream *stream,
            struct buf *out);

#endif
