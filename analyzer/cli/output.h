/*
 * output.h - the only place that prints.
 */
#ifndef EVSCAN_CLI_OUTPUT_H
#define EVSCAN_CLI_OUTPUT_H

#include "base/attr.h"
#include "base/bytes.h"

/* Writes all of it to standard output.  False, with a message on standard error, when that failed (full disk, ..). */
bool output_write(struct text t) MUST_USE;

/* "evscan: message" and a line end on standard error. */
void output_error(const char *format, ...) PRINTF_LIKE(1, 2);

/* A text as it is, on standard error. */
void output_message(struct text t);

/* Columns of the terminal on standard output; 0 when it is none. */
unsigned output_columns(void);

/* Logs are evidence: a path that was mistyped must not cost one.  True, and said, when an event log is there. */
bool output_is_log(const char *path);

#endif
