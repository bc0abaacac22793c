/*
 * text_join.h - a text that is made of pieces: the first is borrowed, a second makes a copy with room to grow.
 *
 * Many pieces cost as much as their length; `*room` starts at 0 and belongs to the text.
 */
#ifndef EVSCAN_BASE_TEXT_JOIN_H
#define EVSCAN_BASE_TEXT_JOIN_H

#include "base/arena.h"

static inline struct text text_join(struct arena *arena, struct text whole, size_t *room, struct text piece)
{
    if (whole.n == 0)
        return piece;
    if (piece.n == 0)
        return whole;
    if (*room < whole.n + piece.n) {
        *room = 2 * (whole.n + piece.n);
        char *moved = (char *)arena_alloc(arena, *room);
        memcpy(moved, whole.p, whole.n);
        whole.p = moved;
    }
    memcpy((char *)whole.p + whole.n, piece.p, piece.n);
    whole.n += piece.n;
    return whole;
}

#endif
