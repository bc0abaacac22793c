/*
 * input.h - where bytes come from: a file, or standard input.
 *
 * Shape:   random access by offset.  What cannot be sought (pipes) is spooled into an unlinked temporary file
 *          (in TMPDIR, else /var/tmp) first, so that every format can look at its end before its beginning.
 * Owns:    the descriptor, until input_close.
 * Size:    as of opening.  A log that is being written may grow or be cut meanwhile: growth is ignored, a short
 *          read gives what is there.  Nothing is mapped, so a shrinking file cannot fault the reader.
 * Limits:  LIMIT_SPOOL_BYTES from what cannot be sought.  A FIFO waits for its writer, as cat does: whoever walks
 *          folders must not open one that he meets there.
 * Threads: input_read_at may be called by several threads.
 */
#ifndef EVSCAN_IO_INPUT_H
#define EVSCAN_IO_INPUT_H

#include "base/attr.h"
#include "base/bytes.h"

struct input;

/*
 * NULL on failure, with errno set: EISDIR for a folder, EFBIG behind the limit, ENOSPC.  "-" is standard input.  The input keeps its own copy of `path`.
 */
struct input *input_open(const char *path) MUST_USE;

/* An input over bytes of the caller, which stay valid until it is closed: for tests and fuzz targets. */
struct input *input_from_bytes(struct bytes bytes, const char *name);

void input_close(struct input *in);

const char *input_name(const struct input *in); /* the path as given; "-" for standard input */
uint64_t input_size(const struct input *in);

/*
 * Up to `n` bytes from `offset`.  Returns how many; fewer than asked at the end or when the file was cut; an I/O
 * error gives what came before it and sets *error to errno (0 otherwise).
 */
size_t input_read_at(struct input *in, uint64_t offset, void *out, size_t n, int *error);

/* The errno of the first read of it that failed, also one whose error nobody looked at; 0: none did. */
int input_error(const struct input *in);

/* Bytes the file has grown by since it was opened; 0 for standard input. */
uint64_t input_grown(const struct input *in);

#endif
