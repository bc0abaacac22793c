/*
 * fields_met.h - fields that a search was for and that no event has.
 *
 * Shape:   the logs are read once more when none of the events that the search decoded had the field, so not for
 *          standard input.  Each such name is said on standard error, with what was probably meant.
 */
#ifndef EVSCAN_CLI_FIELDS_MET_H
#define EVSCAN_CLI_FIELDS_MET_H

#include "search/search.h"

void fields_met_explain(struct arena *arena, const struct search_options *options,
                        const struct search_outcome *outcome, const struct path_list *paths);

#endif
