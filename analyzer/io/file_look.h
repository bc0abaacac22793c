/*
 * file_look.h - is a file still what it was?  Without reading it.
 *
 * Shape:   size, time, device and inode as the file system tells them, and a hash of the first and the last bytes: a
 *          tool that copies may keep size and time, and a log that is written to in place changes its header.
 */
#ifndef EVSCAN_IO_FILE_LOOK_H
#define EVSCAN_IO_FILE_LOOK_H

#include "base/attr.h"
#include "base/bytes.h"

struct file_look {
    uint64_t size, device, inode;
    int64_t modified; /* nanoseconds since 1970 */
    uint64_t edges;
};

/* 0, or errno: EINVAL for what is no regular file. */
int file_look(const char *path, struct file_look *ret) MUST_USE;

#endif
