/*
 * evtx_xml.h - the sink that writes XML; see evtx_render.h.
 */
#ifndef EVSCAN_EVTX_EVTX_XML_H
#define EVSCAN_EVTX_EVTX_XML_H

#include "evtx/binxml_walk.h"
#include "evtx/evtx_line.h"

struct xml_writer {
    struct line *line;
    bool in_tag, in_attribute;
    size_t attribute, value; /* where they begin */
    size_t depth;
    struct text names[LIMIT_ELEMENT_DEPTH];
};

void evtx_xml_begin(struct xml_writer *x, struct line *line);

/* `ctx` of the sink is a struct xml_writer. */
extern const struct binxml_sink xml_sink;

#endif
