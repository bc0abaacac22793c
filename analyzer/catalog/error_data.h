/*
 * error_data.h - the error code in the bytes that an event carries beside its strings.
 *
 * Shape:   bytes stand in an event as hex digits, the field Binary; numbers in them are little-endian.  Three kinds
 *          hold an error at a known place:
 *              4 bytes              the code, as nearly all services write it
 *              a driver's record    40 bytes and more (IO_ERROR_LOG_PACKET): the event's identifier at 12, which tells
 *                                   such a record from others, and the final status at 20
 *              BinaryData           of failover clusters: the code is the last of it
 * Source:  seen in real logs: NETLOGON 5719, W3SVC 105, BROWSER 8021, DnsApi 11164 (4 bytes); Disk 51, NetBT 4321.
 * Owns:    nothing: texts are borrowed from the event.
 */
#ifndef EVSCAN_CATALOG_ERROR_DATA_H
#define EVSCAN_CATALOG_ERROR_DATA_H

#include "catalog/guide.h"
#include "event/event.h"

/* Does the value hold such bytes?  `place` counts the values of EventData from 1. */
bool error_data_is(const struct event_field *f, const struct guide_event *about, size_t place) MUST_USE;

/* The digits of the code among those of the bytes; empty, with `*ret` unwritten, where there is none. */
struct text error_data_find(const struct event *e, struct text hex, uint32_t *ret) MUST_USE;

#endif
