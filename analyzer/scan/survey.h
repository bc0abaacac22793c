/*
 * survey.h - the keys of all records of all inputs, in order: what a run looks at before it decides what to read.
 *
 * Shape:   scan/pipeline.h without a matcher: no text is decoded.
 */
#ifndef EVSCAN_SCAN_SURVEY_H
#define EVSCAN_SCAN_SURVEY_H

#include "scan/pipeline.h"

struct survey_sink {
    void *ctx;
    /* In the caller's thread, record by record; `path` is the same pointer for all records of an input. */
    void (*record)(void *ctx, const char *path, const struct event_key *key);
};

/* Accounts and notices of the inputs come into `accounts`, an empty partial: whoever reads the inputs again can tell
 * whether they gave the same. */
void survey_run(unsigned threads, enum reader_use reader, const struct path_list *paths,
                const struct survey_sink *sink, struct partial *accounts);

#endif
