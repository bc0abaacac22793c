/*
 * new_file.h - a file that is whole or absent: written beside its place, flushed to the disk, then renamed.
 *
 * Shape:   the temporary file stands in the same folder and is called .NAME.evscan-PID; a run that is killed may leave it
 *          behind.  A device, a pipe or a socket that is there already is written to directly.  A symbolic link is followed.
 *          What replaces a file has its mode, and its owner and group where this process may give it away.
 * Errors:  errno values, 0 when all is well.
 * Owns:    the descriptor and the names, until new_file_commit or new_file_drop.
 * Threads: a new_file belongs to one thread at a time.
 */
#ifndef EVSCAN_IO_NEW_FILE_H
#define EVSCAN_IO_NEW_FILE_H

#include "base/attr.h"
#include "base/bytes.h"

struct new_file {
    int fd;
    char *path;      /* where it will be */
    char *temporary; /* where it is; NULL: written to directly */
    bool replace;
};

/*
 * EEXIST: the file is there and may not be replaced.  EBUSY: its temporary file is there, another run is writing it (or
 * this one: the path was given twice).  ENXIO: a pipe that nobody reads.  Anything else: it cannot be written there.  With an error nothing has to be closed.
 */
int new_file_open(struct new_file *f, const char *path, bool replace) MUST_USE;

int new_file_write(struct new_file *f, struct text t) MUST_USE;

/* On the disk and in its place, also after a power cut; with an error it is absent.  EEXIST as above: it came meanwhile. */
int new_file_commit(struct new_file *f) MUST_USE;

/* As if it had never been. */
void new_file_drop(struct new_file *f);

#endif
