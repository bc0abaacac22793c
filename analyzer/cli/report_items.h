/*
 * report_items.h - what a JSON report says, as a list that can be held against another one.
 *
 * Shape:   a diagnosis is one item by its article and the nodes that it affects, findings are one by rule and node, an
 *          input is one by its path, a node by its name; `state` is what may have changed of it.
 * Owns:    items live in the arena given; texts belong to the file.
 */
#ifndef EVSCAN_CLI_REPORT_ITEMS_H
#define EVSCAN_CLI_REPORT_ITEMS_H

#include "yaml/yaml_tree.h"

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

/* Of a report that report_file_read has read. */
void report_items_list(struct arena *arena, const struct yaml_node *report, struct report_items *ret);

#endif
