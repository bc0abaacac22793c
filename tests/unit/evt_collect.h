/*
 * evt_collect.h - reads a whole log in a test and keeps what came of it.
 */
#ifndef EVSCAN_TESTS_EVT_COLLECT_H
#define EVSCAN_TESTS_EVT_COLLECT_H

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "evt/evt.h"
#include "io/input.h"

struct collected {
    struct arena arena;
    struct notices notices;
    struct account account;
    struct event **events;
    size_t count, capacity;
    size_t batches, largest;
    enum status status, worst;
};

static inline bool collect_all(void *ctx, const struct event_key *key)
{
    (void)ctx;
    (void)key;
    return true;
}

static inline void collect_event(void *ctx, const struct event *event)
{
    struct collected *c = ctx;
    c->events = arena_grow(&c->arena, c->events, c->count, &c->capacity, sizeof *c->events);
    c->events[c->count++] = event_keep(&c->arena, event, SIZE_MAX);
}

/* Everything, older records included. */
static inline void collect(struct collected *c, struct input *in)
{
    *c = (struct collected){ 0 };
    arena_init(&c->arena);
    notices_init(&c->notices, &c->arena);
    struct event_sink sink = { .ctx = c, .want = collect_all, .event = collect_event, .recover = true };
    struct batch batch = { 0 };
    struct log *log = evt_format.open(in, &c->account, &c->notices);
    struct decoder *decoder = evt_format.decoder_new();
    while ((c->status = evt_format.next(log, &batch, &c->account, &c->notices)) == ST_OK) {
        enum status s = evt_format.decode(decoder, log, &batch, &sink, &c->account, &c->notices);
        c->worst = status_worse(c->worst, s);
        assert_int_equal(batch.seq, c->batches);
        c->batches++;
        if (batch.size > c->largest)
            c->largest = batch.size;
    }
    evt_format.decoder_free(decoder);
    evt_format.close(log);
    free(batch.bytes);
}

static inline void collect_bytes(struct collected *c, const uint8_t *p, size_t n, const char *name)
{
    struct input *in = input_from_bytes((struct bytes){ p, n }, name);
    collect(c, in);
    input_close(in);
}

static inline void collected_free(struct collected *c)
{
    arena_done(&c->arena);
}

static inline void collected_print(const struct collected *c, const char *name)
{
    const struct account *a = &c->account;
    printf("%s: promised %llu decoded %llu live %llu resync %llu stale %llu partial %llu lost %llu recovered %llu "
           "skipped %llu\n",
           name, (unsigned long long)a->promised, (unsigned long long)a->decoded,
           (unsigned long long)a->by_source[EVENT_LIVE], (unsigned long long)a->by_source[EVENT_RESYNC],
           (unsigned long long)a->by_source[EVENT_STALE], (unsigned long long)a->partial, (unsigned long long)a->lost,
           (unsigned long long)a->recovered, (unsigned long long)a->skipped_bytes);
    for (size_t i = 0; i < c->notices.count; i++)
        printf("  %d %s at %llu: %llu\n", notice_number(c->notices.items[i].code), notice_name(c->notices.items[i].code),
               (unsigned long long)c->notices.items[i].offset, (unsigned long long)c->notices.items[i].value);
}

#endif
