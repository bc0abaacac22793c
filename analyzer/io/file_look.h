/*
 * file_look.h - is a file still what it was?  Without reading it.
 *
 * Shape:   size, times, device and inode as the file system tells them, and a hash of the first and the last bytes: a
 *          tool that copies may keep size and time, and a log that is written to in place changes its header.  Of a log
 *          that Windows still writes to neither may have changed, and what is copied over it with its time is known by
 *          `touched` alone; which a new name or new rights change as well.
 */
#ifndef EVSCAN_IO_FILE_LOOK_H
#define EVSCAN_IO_FILE_LOOK_H

#include "base/attr.h"
#include "base/bytes.h"

struct file_look {
    uint64_t size, device, inode;
    int64_t modified, touched; /* nanoseconds since 1970: its bytes; its bytes, its name or its rights */
    uint64_t edges;
};

/* 0, or errno: EINVAL for what is no regular file. */
int file_look(const char *path, struct file_look *ret) MUST_USE;

#endif
