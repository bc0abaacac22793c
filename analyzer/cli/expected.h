/*
 * expected.h - the nodes that a cluster has (--nodes), and which of them no log is of.
 *
 * Owns:    everything lives in the arena given; names are borrowed from the command line.
 */
#ifndef EVSCAN_CLI_EXPECTED_H
#define EVSCAN_CLI_EXPECTED_H

#include "cli/options.h"

struct names {
    struct text *items;
    size_t count;
};

#define NODES_OPTION(owner, member) \
    LIST_OPTION("nodes", 0, owner, member, "NAMES", "of the cluster: SQL1,SQL2; one without a log is missing " \
                "(repeatable)")

/* The names of all lists, each once: "SQL1,SQL2", with their domain or without. */
struct names expected_names(struct arena *arena, const struct option_list *given);

bool names_have(const struct names *names, struct text name);

#endif
