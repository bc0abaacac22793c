/*
 * node_times.h - with --tz node: a first pass over the logs, for the offsets from UTC that they tell.
 *
 * Shape:   a scan with the shipped rules, of which only corr/node_zone.h is used.  Commands that have a timeline anyway
 *          do without.
 * Owns:    what was found, from node_times_find until node_times_done, which may be called without the other.
 */
#ifndef EVSCAN_CLI_NODE_TIMES_H
#define EVSCAN_CLI_NODE_TIMES_H

#include "cli/knowledge.h"
#include "cli/selection.h"
#include "corr/node_zone.h"
#include "io/paths.h"

struct node_times {
    struct knowledge knowledge;
    struct partial partial;
    struct timeline timeline;
    bool found;
};

/* Before options are taken as right: standard input cannot be read twice.  False with what is wrong in `error`. */
bool node_times_can(const struct zone *zone, const struct option_list *paths, struct text *error) MUST_USE;

/* Nothing, and true, unless the zone is that of nodes.  False, said on standard error, when there are no rules. */
bool node_times_find(struct node_times *n, struct arena *arena, const struct zone *zone,
                     const struct selection *selection, const struct path_list *paths) MUST_USE;

void node_times_done(struct node_times *n);

#endif
