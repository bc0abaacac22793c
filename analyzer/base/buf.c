#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

void buf_init(struct buf *b)
{
    *b = (struct buf){ 0 };
}

void buf_done(struct buf *b)
{
    free(b->p);
    buf_init(b);
}

char *buf_reserve(struct buf *b, size_t more)
{
    if (more > b->capacity - b->n) {
        size_t needed = more > SIZE_MAX - b->n ? SIZE_MAX : b->n + more; /* SIZE_MAX: never granted */
        size_t larger = b->capacity < 256 ? 256 : b->capacity + b->capacity / 2;
        if (larger < needed)
            larger = needed;
        b->p = memory_resize(b->p, larger);
        b->capacity = larger;
    }
    return b->p + b->n;
}

void buf_add(struct buf *b, struct text t)
{
    if (t.n == 0)
        return;
    memcpy(buf_reserve(b, t.n), t.p, t.n);
    b->n += t.n;
}

void buf_add_c(struct buf *b, const char *c_string)
{
    buf_add(b, text_from(c_string));
}

void buf_insert(struct buf *b, size_t at, struct text t)
{
    if (t.n == 0)
        return;
    buf_reserve(b, t.n);
    memmove(b->p + at + t.n, b->p + at, b->n - at);
    memcpy(b->p + at, t.p, t.n);
    b->n += t.n;
}

void buf_add_char(struct buf *b, char c)
{
    *buf_reserve(b, 1) = c;
    b->n++;
}

void buf_add_format(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n > 0) {
        vsnprintf(buf_reserve(b, (size_t)n + 1), (size_t)n + 1, format, again);
        b->n += (size_t)n;
    }
    va_end(again);
}
