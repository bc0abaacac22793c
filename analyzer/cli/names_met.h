/*
 * names_met.h - when nothing was printed: what was read, and names that were asked for and that none of the logs has.
 *
 * Shape:   the logs are read once more, for their keys only (stats/stats.h); so it is for a run that printed nothing, and not
 *          for standard input, which is gone.  Each name of --node, --channel and --provider that fits none is said on
 *          standard error, with the nearest one there is, else with those of most events.
 * Errors:  none: what cannot be read was said before.
 */
#ifndef EVSCAN_CLI_NAMES_MET_H
#define EVSCAN_CLI_NAMES_MET_H

#include "cli/selection.h"
#include "finding/partial.h"
#include "io/paths.h"

/*
 * First what was read, and `more` behind it (may be ""), unless --quiet: so nobody takes silence for an answer about logs
 * that were not looked at.
 */
void names_met_explain(struct arena *arena, const struct selection *s, const struct path_list *paths,
                       const struct partial *read, const char *more);

#endif
