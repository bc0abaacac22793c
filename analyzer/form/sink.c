#include "form/sink.h"

/* Large writes cost less, and memory is bounded by a few of them. */
#define DRAIN_SIZE (128u << 10)

void sink_init(struct sink *s, bool (*write)(void *ctx, struct text text), void *ctx)
{
    *s = (struct sink){ .write = write, .ctx = ctx };
    buf_init(&s->text);
}

void sink_drain(struct sink *s)
{
    if (s->text.n >= DRAIN_SIZE)
        s->failed = !sink_flush(s);
}

bool sink_flush(struct sink *s)
{
    if (s->text.n && !s->failed)
        s->failed = !s->write(s->ctx, buf_text(&s->text));
    s->text.n = 0;
    return !s->failed;
}

void sink_done(struct sink *s)
{
    buf_done(&s->text);
}
