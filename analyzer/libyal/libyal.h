/*
 * libyal.h - libevtx and libevt as log formats: a second opinion on every record, and a second attempt at old ones.
 *
 * Shape:   libyal_io      a struct input as a libbfio handle
 *          libyal_evtx    libevtx: a record's XML, and libyal_xml makes an event of it
 *          libyal_evt     libevt: a record's parts
 *          libyal_log     the log formats, and records one by one for whoever compares
 *
 * Batches: a run of records, by their number: `offset` is that of the first one, `size` how many there are; no bytes.
 *          Live records first (EVENT_LIVE), then those that the library recovers (EVENT_LIBYAL: it does not say where).
 * Forms:   fields; XML and JSON from the library's own XML, or from the parts of a classic record (event/document.h).
 * Account: promised are the records that the library counts.
 * Errors:  a file that the library does not open gives no records; a record that it gives up has header values only
 *          (number and time of writing) and counts as partial.
 * Limits:  memory is the library's own: it lists the records of a file when it opens it.  Its code was written for
 *          forensic tools and is not bounded as evscan's own readers are: it reads only when it is asked for.
 * Threads: as event_source.h says.  The library is asked under the log's lock; its answer is parsed without.
 */
#ifndef EVSCAN_LIBYAL_LIBYAL_H
#define EVSCAN_LIBYAL_LIBYAL_H

#include "event/event_source.h"

extern const struct log_format libevtx_format;
extern const struct log_format libevt_format;

enum libyal_part { LIBYAL_LIVE, LIBYAL_RECOVERED, LIBYAL_PARTS };

/* batch.kind: the part; and that evscan's own reader has none of these records, wherever the library has them. */
#define LIBYAL_KIND_SECOND     0x100u
#define LIBYAL_KIND_PART(kind) ((enum libyal_part)((kind) & 0xFFu))

/* What a record's header says. */
struct libyal_head {
    uint64_t offset;  /* in the input; libevtx 20181227 says 0 for every record */
    uint64_t id;
    uint64_t written; /* FILETIME */
};

/* What a record's answer is worth. */
enum libyal_answer {
    LIBYAL_WHOLE,
    LIBYAL_MALFORMED, /* its XML cannot be parsed: header values only */
    LIBYAL_GIVEN_UP,  /* the library fails on the record: header values only */
    LIBYAL_NO_HEADER, /* not even those */
};

/* Records of a log opened by one of the formats above. */
size_t libyal_log_count(const struct log *log, enum libyal_part part);

/* The header of record `index`.  False when the library fails on it. */
bool libyal_log_head(struct log *log, enum libyal_part part, size_t index, struct libyal_head *ret);

/* The event of record `index`; it lives in the decoder until its next record. */
enum libyal_answer libyal_log_event(struct log *log, struct decoder *decoder, enum libyal_part part, size_t index,
                                    struct event *ret);

#endif
