/*
 * source.h - one input of a run, from opening to the end of its last batch.
 *
 * Shape:   what is noticed of it while it is cut into batches waits here until it is closed, behind what the batches
 *          noticed; the partial learns of the input when its first batch is taken up.  So neither the order nor the
 *          inputs that count depend on how far the threads are.
 * Owns:    the input and its readers; the result is the partial's.
 * Threads: the feeder's; workers read `path` and the log of `reader`.
 */
#ifndef EVSCAN_SCAN_SOURCE_H
#define EVSCAN_SCAN_SOURCE_H

#include "finding/partial.h"
#include "io/checksum.h"
#include "reader/reader.h"

struct source {
    const char *path;
    struct input *input; /* NULL: it could not be opened */
    struct checksum_run *checksum; /* under way; or NULL */
    struct reader reader;
    struct reader again; /* for the old records; with `old_behind` */
    struct input_result *result; /* of the partial, when it has learnt of the input */
    struct arena scratch;
    enum status status;
    struct account account;
    struct notices notices;
    uint64_t fed; /* bytes up to the end of the last batch; of a library's, about */
};

/* Not opened yet.  `path` must outlive it. */
struct source *source_new(const char *path);

/* What becomes of opening it stands in its status and notices. */
struct source *source_open(const char *path, enum reader_kind kind);

void source_free(struct source *source);

/* It could not be opened, for this errno. */
void source_lost(struct source *source, int error);

/* The run was interrupted when the input was read up to `offset`. */
void source_interrupted(struct source *source, uint64_t offset);

/* Its entry in the partial, made when there is none. */
struct input_result *source_result(struct source *source, struct partial *partial);

/* A read that failed is noticed, once. */
void source_error_note(struct source *source, const struct input_result *result);

/* Ends the checksum that is under way, and keeps it in the result. */
void source_checksum(struct source *source, struct partial *partial);

#endif
