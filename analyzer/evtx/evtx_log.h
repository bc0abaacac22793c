/*
 * evtx_log.h - an open .evtx file: what its decoders share.
 */
#ifndef EVSCAN_EVTX_EVTX_LOG_H
#define EVSCAN_EVTX_EVTX_LOG_H

#include "event/event_source.h"

struct foreign;

struct log {
    struct input *in;
    struct foreign *foreign; /* locks itself */
    uint64_t next;           /* where to look for the next chunk */
    uint64_t seq;
    uint64_t chunks_counted, next_id; /* by the file header; 0 when there is none, or when logs were joined */
    uint64_t last_id;                 /* the highest one that a chunk header names */
    uint64_t before_id;               /* the last one of the chunk before; 0 when there is none */
    bool headed;   /* a file header was met .. */
    uint64_t grid; /* .. whose chunks begin at this, modulo their size */
    bool gap;      /* bytes without a header stood before what comes next */
    bool carved;   /* no file header accounts for the chunk before */
    bool other;    /* a classic log stands here: up to the next header of ours */
};

struct decoder *evtx_decoder_new(void);
void evtx_decoder_free(struct decoder *d);
enum status evtx_decode(struct decoder *d, struct log *log, const struct batch *batch, const struct event_sink *sink,
                        struct account *account, struct notices *notices);

#endif
