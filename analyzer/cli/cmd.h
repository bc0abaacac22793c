/*
 * cmd.h - the commands; each takes its arguments behind argv[0] and returns the exit status.
 */
#ifndef EVSCAN_CLI_CMD_H
#define EVSCAN_CLI_CMD_H

#include "cli/page.h"

int cmd_rules(int argc, char **argv);
int cmd_scan(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_kb(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_show(int argc, char **argv);

extern const struct page scan_page, show_page, rules_page, explain_page, kb_page, compare_page, merge_page;
extern const struct page rules_check_page, rules_test_page, rules_list_page, rules_explain_page, rules_why_not_page;

#endif
