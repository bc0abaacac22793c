/*
 * libyal_io.h - a struct input as libbfio sees files: read and seek.
 *
 * Owns:    the handle; the input stays the caller's.
 * Threads: one at a time, like the library that reads through it.
 */
#ifndef EVSCAN_LIBYAL_LIBYAL_IO_H
#define EVSCAN_LIBYAL_LIBYAL_IO_H

#include <libbfio.h>

#include "io/input.h"

struct libyal_io {
    struct input *in;
    uint64_t at;
    bool open;
};

/* NULL when libbfio has no memory left.  `io` must stay where it is until the handle is freed. */
libbfio_handle_t *libyal_io_open(struct libyal_io *io, struct input *in);
void libyal_io_close(libbfio_handle_t *handle);

#endif
