#define _DEFAULT_SOURCE /* getentropy */
#include "finding/keyed_hash.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

static uint64_t key[2];
static pthread_once_t key_made = PTHREAD_ONCE_INIT;

static void key_make(void)
{
    if (getentropy(key, sizeof key) == 0)
        return;
    /* A system without random numbers: the moment and the place in memory are hard to know beforehand, too. */
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    key[0] = (uint64_t)now.tv_nsec * 0x9E3779B97F4A7C15u ^ (uint64_t)now.tv_sec;
    key[1] = (uint64_t)(uintptr_t)&now ^ (uint64_t)getpid() << 32;
}

static uint64_t turned(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static void round_do(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = turned(v[1], 13) ^ v[0];
    v[0] = turned(v[0], 32);
    v[2] += v[3];
    v[3] = turned(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = turned(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = turned(v[1], 17) ^ v[2];
    v[2] = turned(v[2], 32);
}

struct keyed_hash keyed_hash_begin(void)
{
    pthread_once(&key_made, key_make);
    return (struct keyed_hash){ { key[0] ^ 0x736F6D6570736575u, key[1] ^ 0x646F72616E646F6Du, key[0] ^ 0x6C7967656E657261u,
                                  key[1] ^ 0x7465646279746573u }, 0 };
}

void keyed_hash_add(struct keyed_hash *h, uint64_t word)
{
    h->v[3] ^= word;
    round_do(h->v);
    h->v[0] ^= word;
    h->words++;
}

/* Its length first: nothing that follows reads as part of it. */
void keyed_hash_add_nocase(struct keyed_hash *h, struct text t)
{
    uint64_t word = 0;
    keyed_hash_add(h, t.n);
    for (size_t i = 0; i < t.n; i++) {
        word = word << 8 | (unsigned char)ascii_lower(t.p[i]);
        if (i % 8 == 7 || i + 1 == t.n)
            keyed_hash_add(h, word);
    }
}

uint64_t keyed_hash_end(struct keyed_hash *h)
{
    keyed_hash_add(h, h->words << 59); /* where SipHash has the length in bytes */
    h->v[2] ^= 0xFF;
    for (int i = 0; i < 3; i++)
        round_do(h->v);
    return h->v[0] ^ h->v[1] ^ h->v[2] ^ h->v[3];
}
