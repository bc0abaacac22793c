/*
 * suppression.h - what is known and not to be told, each with a reason and an end.
 *
 * Shape:   files NAME.yaml in a folder, each a list of
 *
 *              - what: Q218922           an article, a rule, or the id that evscan gave (Q218922-1f3a9c)
 *                node: NODE1             on this node only (may be left out)
 *                until: 2026-12-24       the end, a time in UTC
 *                reason: new disks come in January
 *
 * Errors:  a mistake is a diagnostic, and that suppression does not count.
 * Owns:    everything lives in the arena given.
 */
#ifndef EVSCAN_STATE_SUPPRESSION_H
#define EVSCAN_STATE_SUPPRESSION_H

#include "yaml/diag.h"
#include "yaml/yaml_tree.h"

struct suppression {
    struct text what, node, reason;
    uint64_t until; /* FILETIME */
    struct diag_place what_at, until_at;
};

struct suppressions {
    struct suppression *items;
    size_t count, capacity;
};

void suppressions_add_file(struct arena *arena, const struct yaml_file *file, struct diags *diags,
                           struct suppressions *ret);

/*
 * The first that holds at `now` on all nodes; else, when each node has one, of these that which ends first; NULL.  `s`
 * may be NULL.
 */
const struct suppression *suppression_find(const struct suppressions *s, struct text id, struct text what,
                                           const struct text *nodes, size_t node_count, uint64_t now);

#endif
