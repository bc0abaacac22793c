/*
 * libyal_xml.h - the XML that libevtx writes for a record, as an event.
 *
 * Names:   as event/event_builder.h says.
 * Lines:   an XML parser turns CR LF into LF; CR is handed to it as a reference, so that values keep theirs.  In
 *          attributes, blanks of all kinds become blanks.
 * Threads: a parser belongs to one thread.
 */
#ifndef EVSCAN_LIBYAL_LIBYAL_XML_H
#define EVSCAN_LIBYAL_LIBYAL_XML_H

#include "event/document.h"

struct libyal_xml;

struct libyal_xml *libyal_xml_new(void);
void libyal_xml_free(struct libyal_xml *x);

/*
 * All of the event that the document says.  False when it is not well-formed, or nests deeper than
 * LIMIT_ELEMENT_DEPTH: `*ret` is then of no use.
 */
bool libyal_xml_event(struct libyal_xml *x, struct text xml, struct arena *arena, struct event *ret) MUST_USE;

/* The document itself.  False as above, but deeper elements are left out. */
bool libyal_xml_document(struct libyal_xml *x, struct text xml, struct arena *arena, struct document *ret) MUST_USE;

#endif
