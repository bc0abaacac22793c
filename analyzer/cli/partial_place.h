/*
 * partial_place.h - where a partial is saved, and where it comes from.
 *
 * Shape:   a file that is whole or absent (io/new_file.h), or - for standard output and standard input.
 * Errors:  said on standard error; not that a person interrupted it (io/interrupt.h).
 */
#ifndef EVSCAN_CLI_PARTIAL_PLACE_H
#define EVSCAN_CLI_PARTIAL_PLACE_H

#include "finding/partial_pack.h"
#include "io/new_file.h"

struct partial_place {
    const char *path;
    struct new_file file;
};

/* Before anything is read, so that a place that cannot be written to stops the run at once. */
bool partial_place_open(struct partial_place *place, const char *path, bool replace) MUST_USE;

/* The place is closed, whatever comes of it. */
bool partial_place_write(struct partial_place *place, const struct partial *p, const struct rule_names *rules,
                         uint64_t not_logs) MUST_USE;

/*
 * Reads one.  ST_END: the file is no partial at all (`quiet`: which is not said).  ST_LOST_INPUT: it cannot be read or
 * merged, and why.
 */
enum status partial_place_read(const char *path, bool quiet, const struct rule_names *rules, struct partial *ret,
                               struct partial_about *about) MUST_USE;

#endif
