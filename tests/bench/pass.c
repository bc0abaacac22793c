/*
 * pass.c - one pass over logs at one thread, without the rest of evscan: what a reader costs by itself.
 *
 * Use:     pass WHAT FILE..., WHAT being
 *            baseline  read the file and compute its chunk checksums (zlib's CRC-32), nothing else
 *            baseline-libdeflate  the same with the CRC-32 that evscan uses
 *            screen    decode the keys, want nothing
 *            fields    decode every event
 *            xml, json render every event to standard output, a line each
 * Result:  seconds, bytes and events on standard error; exit status 1 when a file cannot be read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <libdeflate.h>
#include <zlib.h>

#include "base/attr.h"
#include "base/cursor.h"
#include "reader/reader.h"

#define CHUNK       65536u
#define FILE_HEADER 4096u

struct pass {
    struct buf lines;
    bool wants;
    uint64_t events, bytes;
};

static bool want(void *ctx, const struct event_key *key)
{
    struct pass *p = ctx;
    UNUSED(key);
    p->events++;
    return p->wants;
}

static void on_event(void *ctx, const struct event *event)
{
    UNUSED(ctx);
    UNUSED(event);
}

static void on_text(void *ctx, const struct event_key *key, const struct event_about *about, struct text text)
{
    struct pass *p = ctx;
    UNUSED(key);
    UNUSED(about);
    fwrite(text.p, 1, text.n, stdout);
    putchar('\n');
    p->lines.n = 0;
}

static uint32_t zlib_crc32(uint32_t sum, const void *p, size_t n)
{
    return (uint32_t)crc32(sum, p, (uInt)n);
}

static uint64_t checksums(struct input *in, uint32_t (*crc)(uint32_t sum, const void *p, size_t n))
{
    static uint8_t chunk[CHUNK];
    uint64_t sum = 0;
    int error;
    for (uint64_t at = FILE_HEADER; input_read_at(in, at, chunk, CHUNK, &error) == CHUNK; at += CHUNK) {
        uint32_t end = bytes_u32((struct bytes){ chunk, CHUNK }, 0x30);
        sum += crc(0, chunk, 0x78) + crc(0, chunk + 0x80, 0x180);
        sum += crc(0, chunk + 0x200, end > 0x200 && end <= CHUNK ? end - 0x200 : 0);
    }
    return sum;
}

static bool decode_all(struct pass *p, struct input *in, const struct event_sink *sink)
{
    struct arena arena;
    struct notices notices;
    struct account account = { 0 };
    struct batch batch = { 0 };
    struct reader reader;
    arena_init(&arena);
    notices_init(&notices, &arena);
    p->bytes += input_size(in);
    bool opened = reader_open(&reader, READER_NATIVE, in, &account, &notices) == ST_OK;
    if (opened) {
        const struct log_format *format = reader_formats[reader.format];
        struct decoder *decoder = format->decoder_new();
        while (reader_next(&reader, &batch, &account, &notices) == ST_OK)
            (void)format->decode(decoder, reader.log, &batch, sink, &account, &notices);
        format->decoder_free(decoder);
        reader_close(&reader);
    }
    free(batch.bytes);
    arena_done(&arena);
    return opened;
}

static bool one_file(struct pass *p, const char *what, const struct event_sink *sink, const char *path)
{
    struct input *in = input_open(path);
    if (!in)
        return false;
    bool done = true;
    if (strncmp(what, "baseline", 8) == 0) {
        p->bytes += input_size(in);
        p->events += checksums(in, strcmp(what, "baseline") == 0 ? zlib_crc32 : libdeflate_crc32) != 0;
    } else {
        done = decode_all(p, in, sink);
    }
    input_close(in);
    return done;
}

int main(int argc, char **argv)
{
    struct timespec from, to;
    const char *what = argc > 2 ? argv[1] : "";
    struct pass p = { .wants = strcmp(what, "screen") != 0 };
    struct event_sink sink = { .ctx = &p, .want = want, .event = on_event, .lines = &p.lines, .rendered = on_text };
    bool done = argc > 2;
    sink.form = strcmp(what, "xml") == 0 ? EVENT_AS_XML : strcmp(what, "json") == 0 ? EVENT_AS_JSON : EVENT_AS_FIELDS;
    setvbuf(stdout, NULL, _IOFBF, 1 << 18);
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 2; i < argc; i++)
        done &= one_file(&p, what, &sink, argv[i]);
    if (fflush(stdout) != 0)
        done = false;
    clock_gettime(CLOCK_MONOTONIC, &to);
    double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    fprintf(stderr, "%.3f s  %.0f MB/s  %llu bytes  %llu events\n", seconds, (double)p.bytes / seconds / 1e6,
            (unsigned long long)p.bytes, (unsigned long long)p.events);
    buf_done(&p.lines);
    return !done;
}
