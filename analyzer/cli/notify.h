/*
 * notify.h - --notify-exec: a command of the user's that is told what a report says, to mail it or to open a ticket.
 *
 * Shape:   the command line is run by /bin/sh with the text report on standard input and EVSCAN_* in the environment;
 *          what it prints goes to standard error.  Text of logs never becomes part of the command line.  Standard input is
 *          a file, so that a command that does not read it, or ends early, harms nothing.
 * Limits:  values have at most NOTIFY_VALUE_MAX bytes; after `seconds` the command and what it started is killed.
 * Errors:  whatever keeps the command from ending with status 0 is said on standard error.
 * Threads: one, when no other is left: it changes the environment.
 */
#ifndef EVSCAN_CLI_NOTIFY_H
#define EVSCAN_CLI_NOTIFY_H

#include "cli/reporting.h"

struct notify_options {
    const char *command; /* NULL: nobody is told */
    unsigned seconds;    /* how long it may take */
    bool test;
};

#define NOTIFY_SECONDS 60
#define NOTIFY_MOST_SECONDS 3600

/* A text that a log makes up must not keep the command from starting: Linux takes 128 KiB for one value. */
#define NOTIFY_VALUE_MAX 2048

/* The options of a command that tells somebody; `owner` has them in `member`. */
#define NOTIFY_OPTIONS(owner, member)                                                                                  \
    TEXT_OPTION("notify-exec", 0, owner, member.command, "COMMAND", "give it the report, when it says anything"),      \
        NUMBER_OPTION("notify-timeout", 0, owner, member.seconds, 1, NOTIFY_MOST_SECONDS, "N", "seconds that it may "  \
                      "take (60)"),                                                                                    \
        FLAG_OPTION("notify-test", 0, owner, member.test, "give it a message that says it is a test")

/* After options are read.  False with what is wrong in `error`. */
bool notify_check(const struct notify_options *options, struct text *error) MUST_USE;

/* The report was written; `status` is that of the run.  True as well when there is no command. */
bool notify_send(const struct notify_options *options, const struct reporting *reporting, int status) MUST_USE;

/* The same for a run that remembers nothing: nobody is told of a status of 0. */
bool notify_result(const struct notify_options *options, const struct reporting *reporting, int status) MUST_USE;

/* The same way, with a message that says it is a test. */
bool notify_send_test(const struct notify_options *options) MUST_USE;

#endif
