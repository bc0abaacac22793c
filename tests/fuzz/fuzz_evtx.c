/*
 * Property: whatever a file holds, reading it ends; every event's texts are UTF-8 and within their limits, the key
 * that was asked about is the key of the event that comes, every part of the account has its event, and reading it
 * again with the same decoder says the same, and reading for old records alone gives those that `recover` adds.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf.h"
#include "evtx/evtx.h"
#include "io/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    uint64_t asked, came, of_log, hash;
    uint64_t texts; /* of the key */
    struct event_key key;
};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static uint64_t texts_of(const struct event_key *key)
{
    return text_hash(key->provider) + 3 * text_hash(key->channel) + 5 * text_hash(key->computer) + key->level;
}

static bool want(void *ctx, const struct event_key *key)
{
    struct seen *s = ctx;
    s->asked++;
    s->key = *key;
    s->texts = texts_of(key);
    return true;
}

static void mix(struct seen *s, uint64_t value)
{
    s->hash = (s->hash ^ value) * 0x100000001b3u;
}

static void take_text(struct seen *s, struct text t)
{
    require(utf8_valid(t));
    mix(s, text_hash(t));
}

static void take(void *ctx, const struct event *e)
{
    struct seen *s = ctx;
    size_t bytes = 0;
    s->came++;
    s->of_log += event_source_of_log(e->source);
    require(e->field_count <= LIMIT_EVENT_FIELDS);
    require(s->key.record_id == e->key.record_id && s->key.id == e->key.id && s->key.time == e->key.time);
    require(s->texts == texts_of(&e->key));
    take_text(s, e->key.provider);
    take_text(s, e->key.channel);
    take_text(s, e->key.computer);
    mix(s, e->marks);
    for (size_t i = 0; i < e->field_count; i++) {
        take_text(s, e->fields[i].name);
        take_text(s, e->fields[i].value);
        bytes += e->fields[i].value.n;
    }
    require(bytes <= LIMIT_EVENT_BYTES);
}

static struct seen read_log(struct bytes bytes, struct decoder *decoder, bool recover, bool only_old)
{
    struct seen s = { 0 };
    struct arena arena;
    struct notices notices;
    struct account account = { 0 };
    struct batch batch = { 0 };
    struct event_sink sink = { .ctx = &s, .want = want, .event = take, .recover = recover, .only_old = only_old };
    struct input *in = input_from_bytes(bytes, "fuzz");
    arena_init(&arena);
    notices_init(&notices, &arena);
    evtx_format.probe(in);
    struct log *log = evtx_format.open(in, &account, &notices);
    while (evtx_format.next(log, &batch, &account, &notices) == ST_OK)
        (void)evtx_format.decode(decoder, log, &batch, &sink, &account, &notices);
    require(s.asked == s.came);
    require(s.of_log <= account.decoded + account.partial + account.lost || only_old);
    evtx_format.close(log);
    input_close(in);
    free(batch.bytes);
    arena_done(&arena);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct decoder *decoder = evtx_format.decoder_new();
    struct bytes bytes = { data, size };
    struct seen first = read_log(bytes, decoder, false, false);
    struct seen second = read_log(bytes, decoder, false, false);
    require(first.hash == second.hash && first.came == second.came);
    struct seen all = read_log(bytes, decoder, true, false), old = read_log(bytes, decoder, true, true);
    require(all.of_log == first.of_log && old.of_log == 0);
    require(old.came == all.came - first.came);
    evtx_format.decoder_free(decoder);
    return 0;
}
