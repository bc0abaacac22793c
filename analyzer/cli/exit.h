/*
 * exit.h - exit statuses; the first four are the answer, the others follow sysexits.h.
 */
#ifndef EVSCAN_CLI_EXIT_H
#define EVSCAN_CLI_EXIT_H

enum exit_status {
    EXIT_NOTHING_FOUND = 0,
    EXIT_FOUND = 1,            /* findings or diagnoses at or above --fail-level */
    EXIT_INCOMPLETE = 2,       /* none, but some input could not be read */
    EXIT_FOUND_INCOMPLETE = 3, /* both */
    EXIT_USAGE_ERROR = 64,
    EXIT_NO_DATA = 65,  /* no input was a log */
    EXIT_NO_INPUT = 66, /* no input could be opened */
    EXIT_NO_OUTPUT = 73,
    EXIT_LOCKED = 75, /* another run holds the memory */
    EXIT_RULES = 78, /* a mistake in a rule or article file */
};

#endif
