/*
 * keyed_hash.h - a hash whose collisions nobody can make beforehand: for tables over what logs and partials say.
 *
 * Source:  Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012: SipHash-1-3, over words of 64 bits.
 * Key:     of the process, from the system's random numbers; the values differ from run to run and must not show in any
 *          output.
 * Threads: any; the first call makes the key.
 */
#ifndef EVSCAN_FINDING_KEYED_HASH_H
#define EVSCAN_FINDING_KEYED_HASH_H

#include "base/bytes.h"

struct keyed_hash {
    uint64_t v[4];
    uint64_t words;
};

struct keyed_hash keyed_hash_begin(void);
void keyed_hash_add(struct keyed_hash *h, uint64_t word);
void keyed_hash_add_nocase(struct keyed_hash *h, struct text t); /* ASCII letters without case */
uint64_t keyed_hash_end(struct keyed_hash *h);

#endif
