/*
 * rules.h - the parts of `evscan rules WORD ...`; each takes its arguments behind argv[0], which is the word.
 */
#ifndef EVSCAN_CLI_RULES_H
#define EVSCAN_CLI_RULES_H

int rules_list(int argc, char **argv);

#endif
