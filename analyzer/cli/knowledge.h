/*
 * knowledge.h - find and load rules and articles.
 *
 * Owns:    the ruleset and the kb, until knowledge_done.
 */
#ifndef EVSCAN_CLI_KNOWLEDGE_H
#define EVSCAN_CLI_KNOWLEDGE_H

#include "cli/options.h"
#include "kb/kb.h"

struct knowledge {
    struct ruleset *rules;
    struct kb *kb;
    uint64_t fingerprint; /* of the files that make the rules, in order: the same gives rules the same numbers */
    struct diags diags; /* all mistakes and warnings of all files */
    struct option_list named; /* files and folders that knowledge_load was asked for */
    bool besides;             /* and the shipped ones besides them */
};

/*
 * What the options --rules (instead of what is shipped) and --add-rules (besides it) ask for.  False, said on standard
 * error, when there are no rules at all; `ret` must be given to knowledge_done all the same.
 */
bool knowledge_load(struct arena *arena, const struct option_list *rules, const struct option_list *add,
                    struct knowledge *ret) MUST_USE;

/* The files that hold tests, in the order in which they were read.  The trees of the others are gone with the file: a
 * folder of 50,000 rules would fill the memory with them. */
struct knowledge_files {
    struct yaml_file *items;
    size_t count, capacity;
    size_t read;         /* of all files */
    size_t articles;     /* in them */
    const char *besides; /* of knowledge_reading */
};

struct knowledge_reading {
    bool own;      /* as strict as with the shipped ones */
    bool thorough; /* look for what is only suspicious, too */
    const char *besides; /* a folder of rules that the others may name; of it nothing is kept or counted.  NULL: none */
};

/* The files and folders `paths`, and the tests beside the files, for tools that look at the tests themselves. */
void knowledge_read(struct arena *arena, const struct option_list *paths, struct knowledge_reading reading,
                    struct knowledge *ret, struct knowledge_files *files);

/* A rule that was asked about, not one that was loaded besides. */
bool knowledge_is_asked(const struct knowledge_files *files, const struct rule_info *rule);

/* How many rules and correlations were asked about. */
size_t knowledge_rules_asked(const struct knowledge_files *files, const struct ruleset *rules);

/* Mistakes and warnings, on standard error: all of them, for whoever works on rules. */
void knowledge_mistakes_print(const struct knowledge *k);

/* Likewise for whoever only uses what knowledge_load loaded: the mistakes, the first warnings (`quiet`: none), how many
 * more there are and what shows them. */
void knowledge_mistakes_tell(const struct knowledge *k, bool quiet);

void knowledge_done(struct knowledge *k);

/* RULE.test.yaml beside RULE.yaml: tests of its rules, and no rules (cli/rule_tests.h). */
bool knowledge_is_test(struct text name);

/*
 * Writes the trees of all shipped files into `folder`: rules.trees, catalog.trees, explain.trees.  Beside the shipped rules
 * they are found.  False when that failed, or there are no shipped rules.
 */
bool knowledge_pack(struct arena *arena, const char *folder, struct diags *diags) MUST_USE;

#endif
