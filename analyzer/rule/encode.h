/*
 * encode.h - base64 and UTF-16 forms of a value, as attackers write them on command lines.
 */
#ifndef EVSCAN_RULE_ENCODE_H
#define EVSCAN_RULE_ENCODE_H

#include "base/arena.h"

struct text encode_base64(struct arena *arena, struct text bytes);

/* The part of the encoding that is the same whatever surrounds the bytes when they start at `offset`
 * modulo 3. */
struct text encode_base64_offset(struct arena *arena, struct text bytes, size_t offset);

struct text encode_utf16(struct arena *arena, struct text utf8, bool big_endian, bool byte_order_mark);

#endif
