/*
 * rules.h - the parts of `evscan rules WORD ...`; each takes its arguments behind argv[0], which is the word.
 */
#ifndef EVSCAN_CLI_RULES_H
#define EVSCAN_CLI_RULES_H

#include "cli/knowledge.h"

int rules_check(int argc, char **argv);
int rules_explain(int argc, char **argv);
int rules_list(int argc, char **argv);
int rules_test(int argc, char **argv);
int rules_why_not(int argc, char **argv);

/* The options that they share, and what is no option. */
struct rules_command {
    struct option_list rules, add_rules, rest;
    bool help;
};

#define RULES_OPTIONS 4 /* more of one's own at most */

/* Whether rules are named by options besides what the command is about, or are what it is about. */
enum rules_from { RULES_BY_OPTION, RULES_BY_PATH };

/*
 * Reads the arguments; `own` are further options.  False when that was all: `*status` is what to exit with, after a
 * mistake, which is said, or after `help_text`, which was asked for.
 */
bool rules_begin(struct arena *arena, int argc, char **argv, enum rules_from from, const struct option_spec *own,
                 size_t own_count, const char *help_text, struct rules_command *ret, int *status) MUST_USE;

/* Without any path that of the shipped rules; false, which is said, when they are nowhere. */
bool rules_paths(struct arena *arena, struct option_list *paths) MUST_USE;

/* The rule or correlation of this name or id; false, said with the nearest name, when there is none. */
bool rules_find(struct arena *arena, const struct ruleset *rules, const char *name, uint32_t *ret) MUST_USE;

#endif
