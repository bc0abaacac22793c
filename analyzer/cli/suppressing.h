/*
 * suppressing.h - the folder with what is not to be told (state/suppression.h): read by every night, and by whoever
 * checks a configuration.
 *
 * Owns: everything lives in the arena given.
 */
#ifndef EVSCAN_CLI_SUPPRESSING_H
#define EVSCAN_CLI_SUPPRESSING_H

#include "cli/knowledge.h"
#include "state/suppression.h"

/*
 * `named` is the folder that the command line names, which must be there; NULL: suppress.d in the memory `state`, which
 * need not.  Mistakes are said on standard error, where several runs of a configuration have the same once; their number.
 */
size_t suppressing_load(struct arena *arena, const char *state, const char *named, struct suppressions *ret);

/* The same, and as warnings what will suppress nothing at `now`: no file of ours, an end that is past, a name of nothing. */
size_t suppressing_check(struct arena *arena, const char *state, const char *named, const struct knowledge *k,
                         uint64_t now);

/* A rule or an article by the name that news calls it. */
bool suppressing_known(const struct knowledge *k, struct text what);

/* The name of the rule that has this id besides; "" when there is none: news does not know it by that. */
struct text suppressing_name_of_id(const struct knowledge *k, struct text what);

#endif
