/*
 * buf.h - text that grows: what reports and renderers write into.
 *
 * Owns:    its memory (buf_done frees it).
 * Memory:  ends the process when none is left, like the arena.
 */
#ifndef EVSCAN_BASE_BUF_H
#define EVSCAN_BASE_BUF_H

#include "base/attr.h"
#include "base/bytes.h"

struct buf {
    char *p;
    size_t n, capacity;
};

void buf_init(struct buf *b);
void buf_done(struct buf *b);

/* Room for `more` bytes behind n; returns where they go.  The caller adds to n what it wrote. */
char *buf_reserve(struct buf *b, size_t more);

void buf_add(struct buf *b, struct text t);
void buf_add_c(struct buf *b, const char *c_string);
/* At `at`, which is not behind the end; what stands there moves. */
void buf_insert(struct buf *b, size_t at, struct text t);

void buf_add_char(struct buf *b, char c);
void buf_add_format(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

static inline struct text buf_text(const struct buf *b)
{
    return (struct text){ b->p, b->n };
}

#endif
