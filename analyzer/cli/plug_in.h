/*
 * plug_in.h - who calls evscan as a plug-in of Nagios reads one line and four exit statuses, whatever goes wrong.
 */
#ifndef EVSCAN_CLI_PLUG_IN_H
#define EVSCAN_CLI_PLUG_IN_H

#include <stdbool.h>

/* By the words alone: also of a command line that makes no sense. */
bool plug_in_is_asked(int argc, char *const *argv);

/* The line of a run that has no answer.  The exit status that goes with it. */
int plug_in_no_answer(void);

/* The exit status for `status`: of a run that did not come to an answer it is unknown, with a line that says so. */
int plug_in_status(bool asked, int status);

#endif
