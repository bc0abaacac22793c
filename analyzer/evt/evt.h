/*
 * evt.h - classic Windows event logs (.evt, NT 3.1 to Server 2003) as a log format.
 *
 * Shape:   evt_ring    the bytes, joined over the end of the file
 *          evt_bounds  header and end-of-log record: where the log begins and ends
 *          evt_joined  several logs in one file
 *          evt_walk    runs of whole records, damaged ones, what lies between: the batches
 *          evt_record  one record, and its event
 *          evt_channel which log it is
 *
 * Events:  LIVE in the regular walk, RESYNC behind damage, STALE outside of the log: older records, which are decoded
 *          for a sink with `recover` only, and else counted.  A damaged record is delivered as far as it can be read,
 *          marked EVENT_PARTIAL; so is a whole one whose strings, SID or data are not where it promises them.
 * Account: promised by the end-of-log record (or the header); lost counts what record numbers say is missing where
 *          bytes had to be skipped; by_source counts whole records, and of older ones those that are torn
 *          as well, which are none of the log's; first and last are those of the log.
 * Limits:  memory does not depend on the file: a window of 2 MiB and the caller's batch.
 */
#ifndef EVSCAN_EVT_EVT_H
#define EVSCAN_EVT_EVT_H

#include "event/event_source.h"

extern const struct log_format evt_format;

#endif
