/*
 * suppressing.h - the folder with what is not to be told (state/suppression.h): read by every night, and by whoever
 * checks a configuration.
 *
 * Owns: everything lives in the arena given.
 */
#ifndef EVSCAN_CLI_SUPPRESSING_H
#define EVSCAN_CLI_SUPPRESSING_H

#include "state/suppression.h"

/*
 * `named` is the folder that the command line names, which must be there; NULL: suppress.d in the memory `state`, which
 * need not.  Mistakes are said on standard error; their number.
 */
size_t suppressing_load(struct arena *arena, const char *state, const char *named, struct suppressions *ret);

#endif
