/*
 * digits.h - numbers as text, without printf: where every event has a dozen of them.
 *
 * Owns:    nothing; `out` has the room that each function names, and gets no end mark.
 */
#ifndef EVSCAN_BASE_DIGITS_H
#define EVSCAN_BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DIGITS_ROOM 20u /* of the largest 64-bit number */

/* "00" to "99", and "00" to "ff". */
extern const char digits_decimal[200];
extern const char digits_hex[512];

/* Two digits; `value` is below 100. */
static inline void digits_put_two(char *out, unsigned value)
{
    memcpy(out, digits_decimal + (size_t)value * 2, 2);
}

/* A byte as two hex digits. */
static inline void digits_put_byte(char *out, uint8_t value)
{
    memcpy(out, digits_hex + (size_t)value * 2, 2);
}

/* Decimal, without leading zeros; `out` has DIGITS_ROOM bytes.  Returns the length. */
size_t digits_put(char *out, uint64_t value);

/* Hex with small letters, without leading zeros; `out` has 16 bytes.  Returns the length. */
size_t digits_put_hex(char *out, uint64_t value);

#endif
