/*
 * rules.h - the parts of `evscan rules WORD ...`; each takes its arguments behind argv[0], which is the word.
 */
#ifndef EVSCAN_CLI_RULES_H
#define EVSCAN_CLI_RULES_H

#include "cli/cmd.h"
#include "cli/knowledge.h"

int rules_check(int argc, char **argv);
int rules_explain(int argc, char **argv);
int rules_list(int argc, char **argv);
int rules_pack(int argc, char **argv);
int rules_test(int argc, char **argv);
int rules_why_not(int argc, char **argv);

/* What those share that are about loaded rules, and what is no option. */
struct rules_command {
    struct option_list rules, add_rules, rest;
};

extern const struct option_spec rules_specs[2];

/* Without any path that of the shipped rules; false, which is said, when they are nowhere. */
bool rules_paths(struct arena *arena, struct option_list *paths) MUST_USE;

/* The rule or correlation of this name or id; false, said with the nearest name, when there is none. */
bool rules_find(struct arena *arena, const struct knowledge *k, const char *name, uint32_t *ret) MUST_USE;

#endif
