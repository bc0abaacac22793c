/*
 * evtx.h - the native reader of .evtx logs: Windows Vista to today.
 *
 * Shape:   evtx_file finds chunks, evtx_chunk walks a chunk's records, binxml_* turns the binary XML of a record
 *          into a plan and values, evtx_fields makes an event of them.
 *
 *              record -> binxml_flat -> binxml_plan -> binxml_walk -> evtx_fields -> struct event
 *                        (no places)    (compiled)     + values       (names)
 *
 * Source:  [MS-EVEN6]; libyal, "Windows XML Event Log (EVTX)"; measurements on 820 public logs.
 * Order:   chunks in file order, records in the order they stand in; with `recover` a chunk's old data behind its
 *          live records.
 * Times:   an event without TimeCreated has the time at which its record was written.
 * Threads: as event_source.h says.  Logs share only the definitions found by the search for lost templates.
 */
#ifndef EVSCAN_EVTX_EVTX_H
#define EVSCAN_EVTX_EVTX_H

#include "event/event_source.h"

extern const struct log_format evtx_format;

#endif
