/*
 * evtx_chunk.h - one 64 KiB chunk of an .evtx file: check it, walk its records.
 *
 * Source:  libyal, "Windows XML Event Log (EVTX)", sections Chunk and Event record; damage as met in real files.
 * Shape:   records from 0x200 to the free-space offset, then old data behind it.  A record is whole when magic, size
 *          and size copy agree.  Where none is due the walk goes on at the next whole one, in steps of 8 bytes; in
 *          data without a chunk header, whose beginning can be anywhere, and where none is left so, in steps of 1.
 * Owns:    nothing.  Every view points into the caller's bytes and lives as long.
 * Limits:  every step moves forward; each byte is looked at a bounded number of times.
 * Threads: no shared state; one chunk belongs to one thread.
 */
#ifndef EVSCAN_EVTX_EVTX_CHUNK_H
#define EVSCAN_EVTX_EVTX_CHUNK_H

#include "event/event_source.h"
#include "evtx/evtx_locate.h"

struct evtx_record {
    uint64_t id;      /* of the record header */
    uint64_t written; /* FILETIME */
    size_t at;        /* chunk offset */
    size_t size;      /* as its header says */
    size_t end;       /* chunk offset: up to here its bytes can be trusted */
    enum event_source source;
    bool partial;     /* its tail is missing */
};

struct evtx_chunk {
    struct bytes bytes;
    uint64_t offset; /* in the input, for notices */
    struct notices *notices;
    struct account *account;
    bool has_header, sound; /* sound: its checksum holds, or it says that it has none */
    bool short_header; /* bytes of it are missing: what it says is not at its place */
    bool carved; /* no file header accounts for it */
    uint64_t first_number, last_number, first_id, last_id;
    size_t limit; /* end of the live records */
    size_t at;
    size_t hidden_until; /* unlinked records stand before this */
    size_t step;  /* 8; 1 without a header, and once records were found at odd places */
    bool torn;    /* something was skipped */
    bool closed;  /* behind the live records */
    uint64_t previous; /* id of the record before, 0 = none */
    uint64_t met;      /* live, resync and partial ones */
};

/*
 * Reads and checks the header, if its kind has one.  What is odd is noticed; nothing of it stops the walk.
 */
void evtx_chunk_open(struct evtx_chunk *c, struct bytes bytes, uint64_t offset, enum evtx_piece_kind kind,
                     struct account *account, struct notices *notices);

/*
 * The next record, whole or partial.  False at the end; what the header promised and the walk did not meet is then
 * counted as lost.
 */
bool evtx_chunk_next(struct evtx_chunk *c, struct evtx_record *ret) MUST_USE;

/*
 * True when records were unlinked by enlarging `outer`, the last one given, over them: in its slack, which starts at
 * `from`, stand whole records that end where it ends.  It then ends in front of them, and they come next.
 */
bool evtx_chunk_unlinked(struct evtx_chunk *c, struct evtx_record *outer, size_t from);

/* True when a whole record stands somewhere in the bytes: for telling the format. */
bool evtx_holds_record(struct bytes b);

#endif
