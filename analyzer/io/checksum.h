/*
 * checksum.h - SHA-256 of texts and of whole inputs, by nettle.
 *
 * Shape:   an input is hashed by a thread of its own while others read it, so that only a report that shows checksums
 *          pays, and pays with a processor that would else be idle.
 * Threads: a checksum_run belongs to one thread; it reads its input beside others (io/input.h).
 */
#ifndef EVSCAN_IO_CHECKSUM_H
#define EVSCAN_IO_CHECKSUM_H

#include "io/input.h"

#define SHA256_BYTES 32

struct sha256 {
    uint8_t bytes[SHA256_BYTES];
};

struct sha256 sha256_of(struct text t);

#define SHA256_HEX_ROOM    (2 * SHA256_BYTES)
#define SHA256_BASE64_ROOM 44

/* Into `out`, which has that room; no NUL. */
struct text sha256_hex(const struct sha256 *sum, char *out);
struct text sha256_base64(const struct sha256 *sum, char *out);

struct checksum_run;

/* Begins to hash all of the input, which stays open until the end.  Never NULL. */
struct checksum_run *checksum_begin(struct input *in);

/* Waits for it and frees the run.  False when not all could be read as it was when the input was opened. */
bool checksum_end(struct checksum_run *run, struct sha256 *ret);

#endif
