/*
 * sink.h - where a report goes: text gathers in a buffer and is handed out when it is much.
 *
 * Shape:   whoever writes appends to `text` and calls sink_drain now and then, between two records; so memory does not
 *          grow with the report.  A sink that failed takes more text and forgets it: the writer need not ask.
 * Owns:    the buffer (sink_done frees it); `ctx` is the caller's.
 * Threads: a sink belongs to one thread at a time.
 */
#ifndef EVSCAN_FORM_SINK_H
#define EVSCAN_FORM_SINK_H

#include "base/buf.h"

struct sink {
    struct buf text;                           /* not handed out yet */
    bool (*write)(void *ctx, struct text text); /* all of it, or false: nothing more can be written */
    void *ctx;
    bool failed;
};

void sink_init(struct sink *s, bool (*write)(void *ctx, struct text text), void *ctx);

/* Hands out what is there once it is some 100 KB. */
void sink_drain(struct sink *s);

/* Hands out all.  False when this or anything before it failed. */
bool sink_flush(struct sink *s);

/* The rest is forgotten; flush before. */
void sink_done(struct sink *s);

#endif
