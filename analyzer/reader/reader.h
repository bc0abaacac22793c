/*
 * reader.h - from an input to the log format that understands it, by content and never by name.
 *
 * Owns:    the log; the input stays the caller's and must outlive the reader.
 * Threads: as event_source.h says: one thread asks for batches, any number decode them.
 */
#ifndef EVSCAN_READER_READER_H
#define EVSCAN_READER_READER_H

#include "event/event_source.h"
#include "io/input.h"

enum reader_format { READER_EVTX, READER_EVT, READER_LIBEVTX, READER_LIBEVT, READER_FORMATS, READER_NONE = READER_FORMATS };

/* Who reads: evscan's own formats, or the libraries of libyal/. */
enum reader_kind { READER_NATIVE, READER_LIBYAL };

extern const struct log_format *const reader_formats[READER_FORMATS];

struct reader {
    enum reader_format format; /* READER_NONE: the content is no log */
    struct log *log;
};

/*
 * ST_OK          format and log are set; of an archive in which records were found, noticed to be one
 * ST_END         the file is empty (noticed): no log, nothing lost
 * ST_LOST_INPUT  the content is no log of any known format (noticed)
 */
enum status reader_open(struct reader *r, enum reader_kind kind, struct input *in, struct account *account,
                        struct notices *notices) MUST_USE;

enum status reader_next(struct reader *r, struct batch *batch, struct account *account, struct notices *notices) MUST_USE;

void reader_close(struct reader *r);

#endif
