/*
 * progress.h - what a person sees while logs are read.
 *
 * Shape:   progress_begin before the logs are read, progress_end behind.  On a terminal a line on standard error says how
 *          far it is, from the second second on.
 * Threads: one; one at a time.
 */
#ifndef EVSCAN_CLI_PROGRESS_H
#define EVSCAN_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/paths.h"

/* Who else writes to the terminal meanwhile. */
enum progress_output {
    PROGRESS_SILENT,   /* nobody: the output comes afterwards */
    PROGRESS_STREAMED, /* events are printed as they are found: no line when they go to the terminal */
};

void progress_begin(const struct path_list *paths, enum progress_output output, bool quiet);

/* For commands that read without a pipeline (scan/pipeline.h), which tells by itself: bytes and inputs so far. */
void progress_tell(uint64_t bytes, size_t inputs);

/* Says so when the run was interrupted (cli/signals.h). */
void progress_end(void);

#endif
