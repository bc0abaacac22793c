#include "libyal/libyal_io.h"

#include <stdio.h>

static struct libyal_io *io_of(intptr_t *handle)
{
    return (struct libyal_io *)(void *)handle;
}

static int io_open(intptr_t *handle, int flags, libbfio_error_t **error)
{
    UNUSED(flags);
    UNUSED(error);
    io_of(handle)->open = true;
    io_of(handle)->at = 0;
    return 1;
}

static int io_close(intptr_t *handle, libbfio_error_t **error)
{
    UNUSED(error);
    io_of(handle)->open = false;
    return 0;
}

static ssize_t io_read(intptr_t *handle, uint8_t *out, size_t n, libbfio_error_t **error)
{
    struct libyal_io *io = io_of(handle);
    int failed;
    UNUSED(error);
    size_t got = input_read_at(io->in, io->at, out, n, &failed);
    io->at += got;
    return failed && got == 0 ? -1 : (ssize_t)got;
}

/* libbfio wants one; nothing writes. */
static ssize_t io_write(intptr_t *handle, const uint8_t *in, size_t n, libbfio_error_t **error)
{
    UNUSED(handle);
    UNUSED(in);
    UNUSED(n);
    UNUSED(error);
    return -1;
}

static off64_t io_seek(intptr_t *handle, off64_t offset, int whence, libbfio_error_t **error)
{
    struct libyal_io *io = io_of(handle);
    uint64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? io->at : input_size(io->in);
    UNUSED(error);
    if (offset < 0 ? from < 0 - (uint64_t)offset : (uint64_t)offset > INT64_MAX - from)
        return -1;
    io->at = from + (uint64_t)offset;
    return (off64_t)io->at;
}

static int io_exists(intptr_t *handle, libbfio_error_t **error)
{
    UNUSED(handle);
    UNUSED(error);
    return 1;
}

static int io_is_open(intptr_t *handle, libbfio_error_t **error)
{
    UNUSED(error);
    return io_of(handle)->open;
}

static int io_size(intptr_t *handle, size64_t *size, libbfio_error_t **error)
{
    UNUSED(error);
    *size = input_size(io_of(handle)->in);
    return 1;
}

/* What the handle refers to is the caller's. */
static int io_free(intptr_t **handle, libbfio_error_t **error)
{
    UNUSED(error);
    *handle = NULL;
    return 1;
}

static int io_clone(intptr_t **copy, intptr_t *handle, libbfio_error_t **error)
{
    UNUSED(error);
    *copy = handle;
    return 1;
}

libbfio_handle_t *libyal_io_open(struct libyal_io *io, struct input *in)
{
    libbfio_handle_t *handle = NULL;
    *io = (struct libyal_io){ .in = in };
    if (libbfio_handle_initialize(&handle, (intptr_t *)(void *)io, io_free, io_clone, io_open, io_close, io_read,
                                  io_write, io_seek, io_exists, io_is_open, io_size,
                                  LIBBFIO_FLAG_IO_HANDLE_NON_MANAGED, NULL) != 1)
        return NULL;
    return handle;
}

void libyal_io_close(libbfio_handle_t *handle)
{
    if (handle)
        (void)libbfio_handle_free(&handle, NULL);
}
