/*
 * interruption.h - the last words of what is printed when somebody ended the run before all was read.
 *
 * Shape:   standard error says it, too, and so does the exit status; but a text that was saved or passed on must say by
 *          itself that it is a part.  In CSV, JSON and JSON Lines every row is an event and nothing else may stand there;
 *          reports have kinds of rows for it (report/), stats a member and a column.
 */
#ifndef EVSCAN_CLI_INTERRUPTION_H
#define EVSCAN_CLI_INTERRUPTION_H

#include "show/show.h"

/* For text that people read; "" when nobody ended the run, here and below. */
struct text interruption_line(void);

/* For behind the events that were printed in that form: in XML a comment. */
struct text interruption_of(enum show_form form);

#endif
