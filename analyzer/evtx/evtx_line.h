/*
 * evtx_line.h - the line that a renderer writes, and values written into it.
 *
 * Owns:    its buffer, which grows to the longest line and stays.
 * Limits:  line_full says when the event has become too long; what a single call adds is bounded by the chunk.
 */
#ifndef EVSCAN_EVTX_EVTX_LINE_H
#define EVSCAN_EVTX_EVTX_LINE_H

#include "base/buf.h"
#include "base/limits.h"
#include "base/markup.h"
#include "evtx/binxml_open.h"

struct line {
    struct buf out;
    struct binxml_reader *reader;
};

static inline void line_add(struct line *l, struct text t)
{
    char *to = l->out.p + l->out.n;
    if (t.n > l->out.capacity - l->out.n)
        to = buf_reserve(&l->out, t.n);
    memcpy(to, t.p, t.n);
    l->out.n += t.n;
}

static inline void line_char(struct line *l, char c)
{
    if (l->out.n == l->out.capacity)
        buf_reserve(&l->out, 1);
    l->out.p[l->out.n++] = c;
}

/* Text goes to `at`, which is not behind the end; what stands there moves. */
void line_insert(struct line *l, size_t at, struct text t);

/* A value as text; nothing when it is empty. */
void line_value(struct line *l, enum markup form, const struct binxml_value *v);

void line_text(struct line *l, enum markup form, struct text t);

/* True, and the walk is told, when the line is as long as an event may be. */
static inline bool line_full(struct line *l)
{
    if (l->out.n <= LIMIT_EVENT_BYTES)
        return false;
    binxml_stop(l->reader);
    return true;
}

#endif
