/*
 * rule_tests.h - the tests that stand in rules or beside them: events that must match, and near misses that must not.
 *
 * Shape:   in a rule the attribute `tests`, a map of `match` and `no-match`, each a list; beside RULE.yaml the file
 *          RULE.test.yaml whose documents have `rule` (a name or id), `match` and `no-match`.  An item of a list is an
 *          event (rule/example.h), or `file` (a log, its path seen from the file it stands in) and perhaps `hits`.
 *          Of a correlation an item is a list of events, or a map with `events` and perhaps `alerts` and
 *          `clock-tolerance`; `file` may be a list of logs, and `hits` are alerts.
 * Owns:    everything lives in the arena given and in the files.
 */
#ifndef EVSCAN_CLI_RULE_TESTS_H
#define EVSCAN_CLI_RULE_TESTS_H

#include "cli/knowledge.h"

struct rule_test {
    uint32_t rule;
    bool match; /* must match, else must not */
    const struct yaml_file *file;
    const struct yaml_node *node;
    const char **logs;   /* sample files */
    size_t log_count;    /* 0: `node` or `events` say what happened */
    const struct yaml_node *events; /* of a correlation without logs */
    uint64_t tolerance;  /* seconds */
    bool counted;        /* `hits` says how often */
    uint64_t hits;
};

struct rule_tests {
    struct rule_test *items;
    size_t count, capacity;
};

/* Mistakes of form go to `diags` (class "test"); such a test is left out. */
void rule_tests_read(struct arena *arena, const struct knowledge_files *files, const struct ruleset *rules,
                     struct diags *diags, struct rule_tests *ret);

#endif
