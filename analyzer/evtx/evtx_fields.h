/*
 * evtx_fields.h - a record's document as an event: members of System, then named fields.
 *
 * Names:   as event_builder.h says.
 * Owns:    the event lives in the reader's scratch memory, until its next record.
 * Limits:  those of event_builder.h and of the walk.
 */
#ifndef EVSCAN_EVTX_EVTX_FIELDS_H
#define EVSCAN_EVTX_EVTX_FIELDS_H

#include "event/event.h"
#include "evtx/binxml_walk.h"

/* Fills in all but what stands in the record header.  Marks are left in the reader. */
void evtx_fields(struct binxml_reader *r, const struct binxml_stream *stream, struct event *ret);

#endif
