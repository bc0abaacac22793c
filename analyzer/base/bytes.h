/*
 * bytes.h - views: a pointer and a length.
 *
 * Owns:    nothing.  A view lives as long as what it points into.
 * Text:    `struct text` is UTF-8 without an end mark; NUL is a character like any other.
 */
#ifndef EVSCAN_BASE_BYTES_H
#define EVSCAN_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    const uint8_t *p;
    size_t n;
};

struct text {
    const char *p;
    size_t n;
};

/* A string literal as text. */
#define TEXT(literal) ((struct text){ "" literal, sizeof(literal) - 1 })

/* For printf: "%.*s". */
#define TEXT_ARG(t) (int)(t).n, (t).p

static inline struct text text_from(const char *c_string)
{
    return (struct text){ c_string, c_string ? strlen(c_string) : 0 };
}

static inline bool text_equal(struct text a, struct text b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* Equal without regard to ASCII case: names of providers, channels, computers and fields. */
bool text_equal_nocase(struct text a, struct text b);

/* Order by bytes, a shorter text before its continuation: <0, 0, >0. */
int text_compare(struct text a, struct text b);

/* Same, ASCII case folded. */
int text_compare_nocase(struct text a, struct text b);

bool text_starts_with(struct text t, struct text prefix);
bool text_ends_with(struct text t, struct text suffix);

/* Index of the first `c`, or t.n. */
size_t text_find_char(struct text t, char c);

/* The rest behind `from`; empty when `from` is past the end. */
struct text text_from_index(struct text t, size_t from);

/* Without blanks, tabs and line ends at both ends. */
struct text text_trim(struct text t);

/* FNV-1a, 64 bit; the second folds ASCII case. */
uint64_t text_hash(struct text t);
uint64_t text_hash_nocase(struct text t);

/* 64 bit, of the bytes as they stand in this machine: for tables in memory, of what is long. */
uint64_t bytes_hash(struct bytes b);

/*
 * An unsigned number in decimal or, behind 0x, in hex, that fills the whole text.  False when it is none or
 * does not fit in 64 bits; `*ret` is then untouched.
 */
bool text_to_u64(struct text t, uint64_t *ret);

#endif
