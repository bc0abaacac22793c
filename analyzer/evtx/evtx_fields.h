/*
 * evtx_fields.h - a record's document as an event: members of System, then named fields.
 *
 * Names:   as event.h says.  <Data Name="X"> is X; other elements have their local name; an attribute of a System or
 *          payload element is Element_Attribute; namespace declarations are none.  An element that is present without
 *          content is a field with an empty value; one that is left out is no field.
 *          A System member that does not fit its place (Task that is no number) becomes a field; so does a second one.
 * Owns:    the event lives in the reader's scratch memory, until its next record.
 * Limits:  LIMIT_EVENT_FIELDS, and those of the walk.
 */
#ifndef EVSCAN_EVTX_EVTX_FIELDS_H
#define EVSCAN_EVTX_EVTX_FIELDS_H

#include "event/event.h"
#include "evtx/binxml_walk.h"

/* Fills in all but what stands in the record header.  Marks are left in the reader. */
void evtx_fields(struct binxml_reader *r, const struct binxml_stream *stream, struct event *ret);

#endif
