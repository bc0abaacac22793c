/*
 * fold.h - text without case: the simple one-to-one Unicode lower case of every character.
 *
 * Invalid UTF-8 becomes U+FFFD, so that folded text is always valid.
 */
#ifndef EVSCAN_RULE_FOLD_H
#define EVSCAN_RULE_FOLD_H

#include "base/arena.h"

/* Bytes that folding needs at most: a two-byte letter can have a three-byte partner, a bad byte becomes
 * three. */
static inline size_t fold_room(size_t n)
{
    return n * 3;
}

/* Returns the bytes written to `out`, which has fold_room(t.n). */
size_t fold_into(struct text t, char *out);

/* The same of text that is not UTF-8 yet; `in` as utf8_from_utf16le takes it. */
struct text fold_utf16le(struct arena *arena, struct bytes in);

struct text fold_keep(struct arena *arena, struct text t);

/* The same; `t` itself where it is folded already. */
struct text fold_view(struct arena *arena, struct text t);

#endif
