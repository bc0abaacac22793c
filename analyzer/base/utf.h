/*
 * utf.h - UTF-16 to UTF-8, and the simple case folding that rules compare with.
 *
 * Invalid text is data, not an error: a lone surrogate or a bad byte becomes U+FFFD.
 */
#ifndef EVSCAN_BASE_UTF_H
#define EVSCAN_BASE_UTF_H

#include "base/bytes.h"

#define UTF_REPLACEMENT 0xFFFDu

/* Bytes that utf8_from_utf16le needs at most for `n` bytes of UTF-16. */
static inline size_t utf8_room(size_t utf16_bytes)
{
    return utf16_bytes / 2 * 3;
}

/*
 * Converts little-endian UTF-16; an odd last byte is dropped.  `out` has utf8_room(in.n) bytes.  Returns the
 * bytes written.
 */
size_t utf8_from_utf16le(struct bytes in, char *out);

/* Windows-1252 to UTF-8; `out` has 3 * in.n bytes. */
size_t utf8_from_cp1252(struct bytes in, char *out);

/* The code point at `*at`, which moves behind it; U+FFFD (one byte further) where it is not valid UTF-8. */
uint32_t utf8_next(struct text t, size_t *at);

/* Writes one code point; `out` has 4 bytes.  Returns the bytes written. */
size_t utf8_put(uint32_t code_point, char *out);

bool utf8_valid(struct text t);

/* Simple one-to-one Unicode lower case mapping of one code point. */
uint32_t utf_lower(uint32_t code_point);

/* Columns that one code point takes in a terminal: 0 (combining, control), 1 or 2 (East Asian wide). */
int utf_width(uint32_t code_point);

#endif
