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

/* Of `check` and `test`: what they are about, and what is loaded besides. */
struct rules_asked {
    struct option_list paths; /* of rules_ask: also those of add_rules; without any, the shipped rules */
    struct option_list add_rules;
    const char *besides;      /* the folder of the shipped rules, when there are add_rules; else NULL */
};

#define ADD_RULES_ASKED(owner, member, does) \
    LIST_OPTION("add-rules", 0, owner, member.add_rules, "PATH", does " PATH as well, with the shipped rules loaded besides, " \
                "which it may name (repeatable)")

/* False, which is said, when the shipped rules are needed and nowhere. */
bool rules_ask(struct arena *arena, struct rules_asked *asked) MUST_USE;

/* The rule or correlation of this name or id; false, said with the nearest name, when there is none. */
bool rules_find(struct arena *arena, const struct knowledge *k, const char *name, uint32_t *ret) MUST_USE;

#endif
