/*
 * paths.h - the files that the arguments of a command stand for.
 *
 * Shape:   a file stands for itself, a folder for all files in it and below; "-" for standard input.  In the end the
 *          list is sorted by path, so that the order of the arguments does not matter.  A file that is reached twice
 *          (same device and inode) is taken once, by the name under which it was reached first.
 * Owns:    the list lives in the arena given.
 * Limits:  LIMIT_FOLDER_DEPTH.  Symbolic links to folders are not followed inside of folders, so no loop.
 * Errors:  what cannot be read is listed as a problem; the rest is still collected.
 */
#ifndef EVSCAN_IO_PATHS_H
#define EVSCAN_IO_PATHS_H

#include "base/arena.h"

struct path_item {
    const char *path;
    bool from_folder; /* not named by the user: being no log is then no error */
    bool regular;     /* device and inode are known */
    uint64_t device, inode;
};

struct path_problem {
    const char *path;
    int error; /* errno; ELOOP for folders nested too deep */
};

struct path_list {
    struct path_item *items;
    size_t count, capacity;
    struct path_problem *problems;
    size_t problem_count, problem_capacity;
};

/*
 * Adds what `path` stands for.  `accept` (may be NULL) says which names inside of folders count; a file that is
 * named itself always counts.
 */
void paths_add(struct path_list *list, struct arena *arena, const char *path, bool (*accept)(const char *name));

/* Sorts, and drops what was reached twice.  Call once all is added. */
void paths_finish(struct path_list *list, struct arena *arena);

#endif
