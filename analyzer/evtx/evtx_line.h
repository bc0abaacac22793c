/*
 * evtx_line.h - the line that a renderer writes, and values written into it.
 *
 * Owns:    its buffer, which grows to the longest line and stays.
 * Draft:   where one is given, it is told where values go and what is moved, so that the line can become a layout.
 * Limits:  line_full says when the event has become too long; what a single call adds is bounded by the chunk.
 */
#ifndef EVSCAN_EVTX_EVTX_LINE_H
#define EVSCAN_EVTX_EVTX_LINE_H

#include "base/buf.h"
#include "base/limits.h"
#include "base/markup.h"
#include "evtx/binxml_open.h"
#include "evtx/evtx_layout.h"

struct line {
    struct buf out;
    struct binxml_reader *reader;
    struct draft *draft; /* NULL: none is made */
};

static inline void line_add(struct line *l, struct text t)
{
    if (t.n == 0)
        return;
    if (t.n > l->out.capacity - l->out.n)
        buf_reserve(&l->out, t.n);
    memcpy(l->out.p + l->out.n, t.p, t.n);
    l->out.n += t.n;
}

static inline void line_char(struct line *l, char c)
{
    if (l->out.n == l->out.capacity)
        buf_reserve(&l->out, 1);
    l->out.p[l->out.n++] = c;
}

/* Moving bytes is work, too: a document made for it would have the whole line moved for every element. */
static inline size_t line_insert_steps(size_t moved)
{
    return moved / 16 + 1;
}

/* Text goes to `at`, which is not behind the end; what stands there moves. */
void line_insert(struct line *l, size_t at, struct text t);

/* Room for a value, also one of an array, whose text does not grow with its bytes: a SYSTEMTIME has up to 42. */
#define LINE_FIXED_ROOM 48u

/*
 * The text of a value that has not to be put together in memory, to `out` (markup_room(v->raw.n) + LINE_FIXED_ROOM bytes).
 * Returns its length; 0 for any other.  `behind` as in markup.h.
 */
static inline size_t line_direct(enum markup form, const struct binxml_value *v, size_t behind, char *out, bool *odd)
{
    if (binxml_is_text(v->type))
        return markup_utf16le(form, binxml_value_utf16(v), behind, out);
    if (v->type == BINXML_ANSI)
        return markup_ascii(form, binxml_value_ansi(v), out);
    return binxml_value_put(v, out, odd);
}

/* A value as text; nothing when it is empty. */
void line_value(struct line *l, enum markup form, const struct binxml_value *v);

/* Only one that binxml_value_put takes.  False, and nothing is written, when it does not. */
bool line_number(struct line *l, enum markup form, const struct binxml_value *v) MUST_USE;

/* What stands from `n` on is dropped. */
static inline void line_cut(struct line *l, size_t n)
{
    l->out.n = n;
    if (l->draft)
        draft_cut(l->draft, n);
}

/* A writer is given a value: what the walk has spent for it follows from its size. */
static inline void line_visit(struct line *l, const struct binxml_value *v)
{
    if (l->draft)
        draft_visit(l->draft, v);
}

/* What comes now follows from what a value says, not only from the record's shape. */
static inline void line_refuse(struct line *l)
{
    if (l->draft)
        draft_refuse(l->draft);
}

/* A mark that every record of this shape gets. */
static inline void line_mark(struct line *l, uint32_t mark)
{
    l->reader->marks |= mark;
    if (l->draft)
        l->draft->marks |= mark;
}

/* For sinks: a stream inside of a value was opened. */
static inline void line_stream(struct line *l, const struct binxml_value *v, const struct binxml_stream *stream,
                               size_t steps)
{
    if (l->draft)
        draft_stream(l->draft, v, l->reader, stream, steps);
}

static inline bool line_spend(struct line *l, size_t steps)
{
    return binxml_spend(l->reader, steps);
}

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
