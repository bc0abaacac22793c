/*
 * report_items.h - what a JSON report says, as a list that can be held against another one.
 *
 * Shape:   a diagnosis is one item by its article and the nodes that it affects, findings are one by rule and node, an
 *          input is one by its path, a node by its name; `state` is what may have changed of it.
 * Owns:    everything lives in the arena given, but names that are borrowed from the report.
 */
#ifndef EVSCAN_CLI_REPORT_ITEMS_H
#define EVSCAN_CLI_REPORT_ITEMS_H

#include "cli/report_file.h"

enum item_kind { ITEM_DIAGNOSIS, ITEM_FINDING, ITEM_NODE, ITEM_INPUT, ITEM_KINDS };

struct report_item {
    enum item_kind kind;
    struct text key;   /* "Q218922 on CLUS-A, CLUS-B" */
    struct text state; /* "confirmed, 94 points" */
    uint64_t count;    /* findings: how many */
};

struct report_items {
    struct report_item *items; /* by kind and key */
    size_t count, capacity;
};

extern const char *const item_kind_names[ITEM_KINDS];

/* Of a report that was read. */
void report_items_list(struct arena *arena, const struct report_file *report, struct report_items *ret);

#endif
