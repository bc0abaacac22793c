/*
 * lasting_hash.h - a hash that is remembered, sent or shown: of the same bytes and numbers the same on every machine.
 *
 * Shape:   words of eight bytes, little-endian, each by exclusive or and a multiplication; then the bytes that are left.
 *          Memories and partials hold its values: it stays what it is.
 * Limits:  none against who makes bytes for it: it tells what changed, not who changed it.
 */
#ifndef EVSCAN_IO_LASTING_HASH_H
#define EVSCAN_IO_LASTING_HASH_H

#include "base/bytes.h"

uint64_t lasting_hash(struct bytes b);

/* As of a text that has each number as eight bytes, the lowest first. */
uint64_t lasting_hash_numbers(const uint64_t *numbers, size_t count);

#endif
