/*
 * cursor.h - little-endian fields read in order from a byte view.
 *
 * A read past the end gives zero (or an empty view) and is remembered: decode a structure straight through,
 * then ask `in.overrun` once.  Nothing here can read outside of the view.
 */
#ifndef EVSCAN_BASE_CURSOR_H
#define EVSCAN_BASE_CURSOR_H

#include "base/bytes.h"

struct cursor {
    struct bytes view;
    size_t at;    /* <= view.n */
    bool overrun; /* a read did not fit */
};

/* A view without bytes may come without a place; even NULL + 0 is undefined. */
static inline struct bytes bytes_somewhere(struct bytes view)
{
    return view.p ? view : (struct bytes){ (const uint8_t *)"", 0 };
}

static inline struct cursor cursor_at(struct bytes view, size_t at)
{
    view = bytes_somewhere(view);
    bool inside = at <= view.n;
    return (struct cursor){ view, inside ? at : view.n, !inside };
}

static inline size_t cursor_left(const struct cursor *c)
{
    return c->view.n - c->at;
}

/* The next n bytes, or an empty view. */
static inline struct bytes cursor_take(struct cursor *c, size_t n)
{
    if (n > cursor_left(c)) {
        c->overrun = true;
        c->at = c->view.n;
        return (struct bytes){ c->view.p + c->view.n, 0 };
    }
    struct bytes taken = { c->view.p + c->at, n };
    c->at += n;
    return taken;
}

static inline uint64_t bytes_le(struct bytes b)
{
    uint64_t value = 0;
    for (size_t i = b.n; i-- > 0;)
        value = value << 8 | b.p[i];
    return value;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
    return (uint8_t)bytes_le(cursor_take(c, 1));
}

static inline uint16_t cursor_u16(struct cursor *c)
{
    return (uint16_t)bytes_le(cursor_take(c, 2));
}

static inline uint32_t cursor_u32(struct cursor *c)
{
    return (uint32_t)bytes_le(cursor_take(c, 4));
}

static inline uint64_t cursor_u64(struct cursor *c)
{
    return bytes_le(cursor_take(c, 8));
}

/* A single field at a place; zero when it does not fit. */
static inline uint16_t bytes_u16(struct bytes view, size_t at)
{
    struct cursor c = cursor_at(view, at);
    return cursor_u16(&c);
}

static inline uint32_t bytes_u32(struct bytes view, size_t at)
{
    struct cursor c = cursor_at(view, at);
    return cursor_u32(&c);
}

static inline uint64_t bytes_u64(struct bytes view, size_t at)
{
    struct cursor c = cursor_at(view, at);
    return cursor_u64(&c);
}

/* The part [at, at + n), cut to what is there. */
static inline struct bytes bytes_part(struct bytes view, size_t at, size_t n)
{
    view = bytes_somewhere(view);
    if (at > view.n)
        at = view.n;
    if (n > view.n - at)
        n = view.n - at;
    return (struct bytes){ view.p + at, n };
}

#endif
