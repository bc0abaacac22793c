/*
 * cmd.h - the commands; each takes its arguments behind argv[0] and returns the exit status.
 */
#ifndef EVSCAN_CLI_CMD_H
#define EVSCAN_CLI_CMD_H

int cmd_rules(int argc, char **argv);
int cmd_scan(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_kb(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_show(int argc, char **argv);

#endif
