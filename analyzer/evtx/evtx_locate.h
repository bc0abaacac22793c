/*
 * evtx_locate.h - where the chunks of a file are, whatever its header says.
 *
 * Shape:   chunks normally stand at 4096 + i * 65536, but junk in front, joined files and missing headers are real:
 *          where no chunk stands where one is due, the next one is searched for, byte by byte.  What lies between
 *          is cut into pieces of its own, for its records: none is cut in two, not even by a header in its data.
 * Owns:    nothing; the bytes of a piece are in the caller's block of EVTX_CHUNK_SIZE.
 * Limits:  each piece is read once and moves forward; what is made of headers only, by at least EVTX_CHUNK_HEADER
 *          in every two pieces (evtx_locate.c, chunk_extent).
 * Threads: any number at a time.
 */
#ifndef EVSCAN_EVTX_EVTX_LOCATE_H
#define EVSCAN_EVTX_EVTX_LOCATE_H

#include "base/attr.h"
#include "base/bytes.h"

struct input;

#define EVTX_CHUNK_SIZE   65536u
#define EVTX_CHUNK_HEADER 0x200u /* with both tables; records start here */
#define EVTX_FILE_HEADER  4096u
#define EVTX_RECORD_MIN   28u
#define EVTX_RECORD_HEAD  24u

enum evtx_piece_kind {
    EVTX_PIECE_CHUNK,
    EVTX_PIECE_ORPHAN, /* data without a chunk header */
    EVTX_PIECE_FILE_HEADER,
    EVTX_PIECE_CARVED, /* a chunk that no file header accounts for; evtx_file.c finds out, not evtx_locate */
};

struct evtx_piece {
    enum evtx_piece_kind kind;
    uint64_t offset;
    size_t size;
    uint64_t next; /* where to look on */
};

/*
 * The next piece at or behind `from`; areas of zeros are passed over.  False at the end of the file, or, with
 * *error set to errno, where reading fails.
 */
bool evtx_locate(struct input *in, uint64_t from, uint8_t *block, struct evtx_piece *ret, int *error) MUST_USE;

/* True when the bytes start a chunk: the magic, and a header that is sound or says that it has no checksums. */
bool evtx_is_chunk(struct bytes b);

/* True when the bytes start a classic log (.evt), which is not read here. */
bool evtx_is_evt(struct bytes b);

bool bytes_are_zero(struct bytes b);

/* CRC-32 of a chunk's header and tables; false when it does not hold. */
bool evtx_chunk_header_sound(struct bytes chunk);

#endif
