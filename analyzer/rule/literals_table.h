/*
 * literals_table.h - how texts are filed: what filing (literals.c) and searching (literals_search.c) must agree on.
 */
#ifndef EVSCAN_RULE_LITERALS_TABLE_H
#define EVSCAN_RULE_LITERALS_TABLE_H

#include "rule/literals.h"

#define LITERAL_BITMAP_BITS 4 /* sixteen bits a bucket: few places of a value lead to a bucket in vain */

static inline uint32_t gram_at(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;
    return (uint32_t)u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16;
}

static inline uint32_t gram_hash(uint32_t gram)
{
    return gram * 0x9E3779B1u;
}

/* Compilers make one load of it. */
static inline uint64_t eight_at(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;
    return (uint64_t)u[0] | (uint64_t)u[1] << 8 | (uint64_t)u[2] << 16 | (uint64_t)u[3] << 24 |
           (uint64_t)u[4] << 32 | (uint64_t)u[5] << 40 | (uint64_t)u[6] << 48 | (uint64_t)u[7] << 56;
}

/* Bytes at the end of a text that it is filed under when it has so many and must end the value, and their key. */
#define LITERAL_END 8

static inline uint32_t end_key(uint64_t eight)
{
    return (uint32_t)((eight * 0x9E3779B97F4A7C15u) >> 32);
}

static inline uint32_t whole_bucket(const struct literal_table *t, struct text value)
{
    uint64_t hash = bytes_hash((struct bytes){ (const uint8_t *)value.p, value.n });
    return (uint32_t)((hash * 0x9E3779B97F4A7C15u) >> (64 - t->whole_bits));
}

#endif
