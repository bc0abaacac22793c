#define _DEFAULT_SOURCE /* le64toh */
#include "io/lasting_hash.h"

#include <endian.h>

#define FACTOR 0x9E3779B97F4A7C15u

static uint64_t word_add(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * FACTOR;
    return hash ^ hash >> 32;
}

uint64_t lasting_hash(struct bytes b)
{
    uint64_t h = b.n, word;
    size_t at = 0;
    for (; b.n - at >= sizeof word; at += sizeof word) {
        memcpy(&word, b.p + at, sizeof word);
        h = word_add(h, le64toh(word));
    }
    for (; at < b.n; at++)
        h = (h ^ b.p[at]) * FACTOR;
    return h ^ h >> 32;
}

uint64_t lasting_hash_numbers(const uint64_t *numbers, size_t count)
{
    uint64_t h = 8 * count;
    for (size_t i = 0; i < count; i++)
        h = word_add(h, numbers[i]);
    return h ^ h >> 32;
}
