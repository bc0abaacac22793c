/*
 * libyal_library.h - what libevtx and libevt have in common: a table of calls for each.
 *
 * Owns:    a file opened by `open` is the caller's until `close`; what a record says is copied into the arena.
 */
#ifndef EVSCAN_LIBYAL_LIBYAL_LIBRARY_H
#define EVSCAN_LIBYAL_LIBYAL_LIBRARY_H

#include <libbfio.h>

#include "libyal/libyal.h"

struct libyal_library {
    bool (*probe)(libbfio_handle_t *handle);
    void *(*open)(libbfio_handle_t *handle); /* NULL: the library does not open it */
    void (*close)(void *file);
    bool (*damaged)(void *file); /* it says nothing of what it leaves out */
    size_t (*count)(void *file, enum libyal_part part);
    /* NULL: the library has no such record. */
    void *(*record)(void *file, enum libyal_part part, size_t index);
    void (*record_free)(void *record);
    bool (*head)(void *record, struct libyal_head *ret);
    /* libevtx: the record's XML.  An empty text when the library gives it up.  NULL for libevt. */
    struct text (*xml)(void *record, struct arena *arena);
    /* libevt: the event but for its source and offset.  False when the library gives it up.  NULL for libevtx. */
    bool (*event)(void *record, struct text channel, struct arena *arena, struct event *ret);
};

extern const struct libyal_library libyal_evtx;
extern const struct libyal_library libyal_evt;

#endif
