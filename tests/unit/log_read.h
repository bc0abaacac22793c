/*
 * log_read.h - reads a log from its beginning to its end, in a test.
 */
#ifndef EVSCAN_TESTS_LOG_READ_H
#define EVSCAN_TESTS_LOG_READ_H

#include <stdlib.h>

#include "base/arena.h"
#include "event/event_source.h"
#include "io/input.h"

struct log_read {
    size_t batches;
    bool in_order; /* of their numbers */
    enum status worst; /* of decoding them */
};

static inline bool log_want_all(void *ctx, const struct event_key *key)
{
    UNUSED(ctx);
    UNUSED(key);
    return true;
}

/* What came of it went to the sink, the account and the notices. */
static inline struct log_read log_read(const struct log_format *format, struct input *in, const struct event_sink *sink,
                                       struct account *account, struct notices *notices)
{
    struct log_read read = { .in_order = true, .worst = ST_OK };
    struct batch batch = { 0 };
    struct log *log = format->open(in, account, notices);
    struct decoder *decoder = format->decoder_new();
    while (format->next(log, &batch, account, notices) == ST_OK) {
        read.in_order = read.in_order && batch.seq == read.batches;
        read.batches++;
        read.worst = status_worse(read.worst, format->decode(decoder, log, &batch, sink, account, notices));
    }
    format->decoder_free(decoder);
    format->close(log);
    free(batch.bytes);
    return read;
}

/* The same of bytes in the memory. */
static inline struct log_read log_read_bytes(const struct log_format *format, struct bytes bytes, const char *name,
                                             const struct event_sink *sink, struct account *account,
                                             struct notices *notices)
{
    struct input *in = input_from_bytes(bytes, name);
    struct log_read read = log_read(format, in, sink, account, notices);
    input_close(in);
    return read;
}

#endif
