/*
 * evtx_fields.h - a record's document as an event: members of System, then named fields.
 *
 * Shape:   the walk tells the document to a builder; a record like one before is not walked, its values are put where
 *          they went then (evtx_field_map.h).
 * Names:   as event_builder.h says.
 * Owns:    the event lives in the reader's scratch memory, until its next record.
 * Limits:  those of event_builder.h and of the walk.
 * Threads: one decoder's.
 */
#ifndef EVSCAN_EVTX_EVTX_FIELDS_H
#define EVSCAN_EVTX_EVTX_FIELDS_H

#include "event/event.h"
#include "evtx/binxml_walk.h"

struct evtx_fields;

struct evtx_fields *evtx_fields_new(void);
void evtx_fields_free(struct evtx_fields *f);

/*
 * Fills in all but what stands in the record header.  Marks are left in the reader.  `key` is what evtx_key.h read of
 * the record; `stream` is the record's own.  `lazy`: the event's values may be left to be asked for.
 */
void evtx_fields_read(struct evtx_fields *f, struct binxml_reader *r, const struct binxml_stream *stream,
                      const struct event_key *key, bool lazy, struct event *ret);

/* The same by a walk, for records that have no such key. */
void evtx_fields_walk(struct binxml_reader *r, const struct binxml_stream *stream, struct event *ret);

#endif
