/*
 * cmd.h - the commands: each takes its arguments behind argv[0] and returns the exit status.
 */
#ifndef EVSCAN_CLI_CMD_H
#define EVSCAN_CLI_CMD_H

#include "cli/page.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const struct page *page;
};

extern const struct command commands[]; /* ends with one without a name */

int cmd_scan(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_search(int argc, char **argv);
int cmd_timeline(int argc, char **argv);
int cmd_completion(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_stats(int argc, char **argv);
int cmd_rules(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_kb(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_state(int argc, char **argv);
int cmd_config(int argc, char **argv);
int cmd_verify(int argc, char **argv);

/* What a command line asks a scan for, beside its logs. */
struct scan_line {
    struct option_list rules, add_rules;
    const char *state, *suppress; /* folders; NULL: not named */
};

/* False, with what a run would say of the line before it reads anything.  All lives as long as the arena and argv. */
bool scan_line_read(struct arena *arena, int argc, char **argv, struct scan_line *ret, struct text *error) MUST_USE;

extern const struct page scan_page;
extern const struct page show_page;
extern const struct page search_page;
extern const struct page timeline_page;
extern const struct page completion_page;
extern const struct page diff_page;
extern const struct page stats_page;
extern const struct page rules_page;
extern const struct page explain_page;
extern const struct page kb_page;
extern const struct page compare_page;
extern const struct page merge_page;
extern const struct page state_page;
extern const struct page config_page;
extern const struct page verify_page;

/* What stands behind `rules`. */
extern const struct page rules_check_page, rules_test_page, rules_list_page, rules_explain_page, rules_why_not_page,
    rules_pack_page;

/* And behind `kb`. */
extern const struct page kb_why_not_page;

#endif
