/*
 * evt_render.h - a classic record as one line of XML or of JSON: what Windows makes of it when it converts the log.
 *
 * Shape:   the layouts of EVTX, so that one reader of them serves both: System as evt_record.h maps it, with Qualifiers;
 *          the strings as Data without names, the data as Binary.  A record with neither has an empty EventData.
 * Owns:    nothing; the line goes to the end of the buffer given.
 * Limits:  a line is at most a few times as long as its record, which LIMIT_EVT_RECORD bounds: nothing is cut.
 */
#ifndef EVSCAN_EVT_EVT_RENDER_H
#define EVSCAN_EVT_EVT_RENDER_H

#include "base/buf.h"
#include "event/event_source.h"
#include "evt/evt_record.h"

/*
 * `form` is EVENT_AS_XML or EVENT_AS_JSON.  Adds to `marks` what evt_record_event would.  False as there: what fits is
 * in the line.
 */
bool evt_render(const struct evt_record *r, const struct event_key *key, enum event_form form, struct buf *out,
                uint32_t *marks) MUST_USE;

#endif
