/*
 * path_hint.h - the next step for somebody whose path could not be opened or written.
 */
#ifndef EVSCAN_CLI_PATH_HINT_H
#define EVSCAN_CLI_PATH_HINT_H

#include "base/arena.h"

/* "; did you mean logs/node1.evt?": goes behind the reason, which `error` (errno) gave.  "" when there is nothing to say. */
struct text path_hint(struct arena *arena, const char *path, int error);

/* The same for a file that was to be made: "; there is no reports". */
struct text path_new_hint(struct arena *arena, const char *path, int error);

#endif
