/*
 * evt_record.h - one record of a classic log: is it whole, what does it say.
 *
 *   0 length u32      12 generated u32   26 strings u16      36 string offset u32   48 data length u32
 *   4 "LfLe"          16 written u32     28 category u16     40 SID length u32      52 data offset u32
 *   8 number u32      20 identifier u32  30 flags u16        44 SID offset u32      56 source, computer: UTF-16
 *                     24 type u16        32 closing u32                             length - 4: length again
 *
 * Flags and closing number are not looked at: real logs hold text fragments there.  An offset counts only when
 * its count or length is not 0.  Offsets are from the beginning of the record.
 *
 * Into the shape of an event (what Windows does when it converts a log):
 *
 *   Provider   source                        EventID, Qualifiers  low and high 16 bits of the identifier
 *   Level      1 -> 2, 2 -> 3, 4 and 0 -> 4, 8 and 16 -> 0; any other type -> 4, marked odd
 *   Task       category                      Keywords  classic, and audit success (8) or audit failure (16)
 *   time       generated                     written   time written
 *   EventData  the strings in order, name "", then the data as upper-case hex, name "Binary"
 *
 * Source:  Microsoft, EVENTLOGRECORD; libyal, "Windows Event Log (EVT)"; the four files of the shared corpus.
 * Owns:    nothing.  Views point into the record, texts into the arena or the cache given.
 * Limits:  a record is at most LIMIT_EVT_RECORD bytes long, its texts LIMIT_EVENT_BYTES.
 */
#ifndef EVSCAN_EVT_EVT_RECORD_H
#define EVSCAN_EVT_EVT_RECORD_H

#include "base/arena.h"
#include "event/event.h"

#define EVT_SIGNATURE  0x654C664Cu /* "LfLe" */
#define EVT_FIXED      56u         /* bytes before the source name */
#define EVT_RECORD_MIN 60u
#define EVT_BEHIND     4u          /* in view behind a record, they tell whether its end is its own */

/* The parts of a record, found but not decoded. */
struct evt_record {
    struct bytes bytes; /* without the second length; what is left of it when `partial` */
    bool partial;
    uint32_t number;
    uint32_t generated, written; /* seconds since 1970 UTC, unsigned */
    uint32_t identifier;
    uint16_t type, category, string_count;
    uint32_t string_offset, sid_length, sid_offset, data_length, data_offset;
    struct bytes source, computer; /* UTF-16 without its end */
};

/*
 * Its length when a whole record begins at view.p: signature, length and copy agree; 0 otherwise.  Where a signature
 * stands right behind, the copy is the length of the next record: as many bytes are missing in this one.  That is seen
 * when the view goes on for EVT_BEHIND bytes more.
 */
size_t evt_record_length(struct bytes view);

/* True when the length at view.p is one that a record can have. */
bool evt_length_valid(uint32_t length);

/*
 * Finds the parts.  `view` is a record with both lengths, or, when `partial`, what is left of one.  False when not even
 * the fixed part is there.
 */
bool evt_record_parse(struct bytes view, bool partial, struct evt_record *ret) MUST_USE;

/* True when the head of a damaged record is one that can be shown: known type, a source name that ends. */
bool evt_record_plausible(const struct evt_record *r);

/* How many of the promised strings are there; the last may lack its end. */
size_t evt_record_string_count(const struct evt_record *r);

/* Where they stand, and the next one of them without its end.  False when that end is missing. */
struct bytes evt_record_strings(const struct evt_record *r);
bool evt_string_next(struct bytes *rest, struct bytes *ret);

/* What is left behind the last string is no part of one: the data, or padding where there are none. */
bool evt_record_strings_fit(const struct evt_record *r, struct bytes rest);

/* The SID and the data, as far as they are inside of the record. */
struct bytes evt_record_sid(const struct evt_record *r);
struct bytes evt_record_data(const struct evt_record *r);

/*
 * All of the event beyond key, offset and source, which the caller has filled in.  False when something is not where
 * the record promises it; what fits is there, and the event is marked EVENT_PARTIAL.
 */
bool evt_record_event(const struct evt_record *r, struct arena *arena, struct event *event) MUST_USE;

#endif
