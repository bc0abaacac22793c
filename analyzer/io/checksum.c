#include "io/checksum.h"

#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"

#define STEP (256u << 10) /* bytes read at once */

struct checksum_run {
    struct input *in;
    pthread_t thread;
    bool threaded, whole;
    struct sha256 sum;
};

struct sha256 sha256_of(struct text t)
{
    struct sha256_ctx ctx;
    struct sha256 sum;
    sha256_init(&ctx);
    sha256_update(&ctx, t.n, (const uint8_t *)t.p);
    sha256_digest(&ctx, SHA256_BYTES, sum.bytes);
    return sum;
}

struct text sha256_hex(const struct sha256 *sum, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        out[2 * i] = digits[sum->bytes[i] >> 4];
        out[2 * i + 1] = digits[sum->bytes[i] & 15];
    }
    return (struct text){ out, SHA256_HEX_ROOM };
}

struct text sha256_base64(const struct sha256 *sum, char *out)
{
    base64_encode_raw(out, SHA256_BYTES, sum->bytes);
    return (struct text){ out, SHA256_BASE64_ROOM };
}

static void *hash_all(void *ctx)
{
    struct checksum_run *run = ctx;
    struct sha256_ctx sha;
    uint8_t *step = memory_new(STEP);
    uint64_t at = 0, size = input_size(run->in);
    sha256_init(&sha);
    while (at < size) {
        int error;
        size_t want = size - at < STEP ? (size_t)(size - at) : STEP;
        size_t got = input_read_at(run->in, at, step, want, &error);
        sha256_update(&sha, got, step);
        at += got;
        if (got < want)
            break; /* cut meanwhile, or an error that the reader meets as well */
    }
    sha256_digest(&sha, SHA256_BYTES, run->sum.bytes);
    run->whole = at == size;
    free(step);
    return NULL;
}

struct checksum_run *checksum_begin(struct input *in)
{
    struct checksum_run *run = memory_new(sizeof *run);
    *run = (struct checksum_run){ .in = in };
    run->threaded = pthread_create(&run->thread, NULL, hash_all, run) == 0;
    return run;
}

bool checksum_end(struct checksum_run *run, struct sha256 *ret)
{
    if (run->threaded)
        pthread_join(run->thread, NULL);
    else
        hash_all(run);
    bool whole = run->whole;
    *ret = run->sum;
    free(run);
    return whole;
}
