/*
 * Property: whatever the bytes are, the reader of .evt logs ends, having delivered no place of the file twice.  Every
 * event lies inside of the file, all of its texts can be read, a batch decodes the same a second time and gives its old
 * records alone when they are asked for, the account agrees with what was delivered, and the number of batches is bounded
 * by the size of the input.
 */
#include <stdlib.h>

#include "evt/evt.h"
#include "evt/evt_record.h"
#include "io/input.h"

struct seen {
    struct bytes input;
    bool again;          /* the second decoding of a batch */
    uint8_t *places;     /* a byte for each 4 of the input: delivered as a record; records are 4 bytes apart */
    uint64_t whole, partial, hash[2];
    uint64_t old, came; /* of a batch: old records, events */
};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool want(void *ctx, const struct event_key *key)
{
    struct seen *s = ctx;
    s->hash[s->again] += text_hash(key->provider) + text_hash(key->computer) + text_hash(key->channel) + key->record_id;
    return true;
}

static void on_event(void *ctx, const struct event *e)
{
    struct seen *s = ctx;
    s->came++;
    s->old += e->source == EVENT_STALE;
    require(e->offset + 8 <= s->input.n && e->field_count <= 65536);
    for (size_t i = 0; i < e->field_count; i++)
        s->hash[s->again] += text_hash(e->fields[i].value) + text_hash(e->fields[i].name) * 3;
    s->hash[s->again] += text_hash(e->user_sid) * 5 + e->marks * 7 + e->offset * 11 + (uint64_t)e->source * 13;
    if (s->again)
        return;
    require(s->places[e->offset / 4]++ == 0);
}

/* Those that are old, each as before, and nothing counted. */
static void decode_old(struct log *log, struct decoder *decoder, const struct batch *batch, struct seen *s,
                       struct notices *notices)
{
    static const struct account none;
    struct event_sink sink = { .ctx = s, .want = want, .event = on_event, .recover = true, .only_old = true };
    struct account account = { 0 };
    uint64_t old = s->old / 2;
    s->came = s->old = 0;
    (void)evt_format.decode(decoder, log, batch, &sink, &account, notices);
    require(s->came == old && s->old == old && memcmp(&account, &none, sizeof none) == 0);
}

static void decode_twice(struct log *log, struct decoder *decoder, const struct batch *batch, struct seen *s,
                         struct account *account, struct notices *notices)
{
    struct event_sink sink = { .ctx = s, .want = want, .event = on_event, .recover = true };
    struct account other = { 0 };
    s->hash[0] = s->hash[1] = s->old = 0;
    s->again = false;
    enum status first = evt_format.decode(decoder, log, batch, &sink, account, notices);
    s->again = true;
    enum status second = evt_format.decode(decoder, log, batch, &sink, &other, notices);
    require(first == second && s->hash[0] == s->hash[1]);
    s->whole += other.decoded + other.by_source[EVENT_STALE];
    s->partial += other.partial;
    decode_old(log, decoder, batch, s, notices);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen s = { .input = { data, size }, .places = calloc(size / 4 + 1, 1) };
    struct arena arena;
    struct notices notices;
    struct account account = { 0 };
    struct batch batch = { 0 };
    uint64_t batches = 0, delivered = 0;
    enum status status;
    arena_init(&arena);
    notices_init(&notices, &arena);
    struct input *in = input_from_bytes(s.input, "node1.evt");
    (void)evt_format.probe(in);
    struct log *log = evt_format.open(in, &account, &notices);
    struct decoder *decoder = evt_format.decoder_new();
    while ((status = evt_format.next(log, &batch, &account, &notices)) == ST_OK) {
        require(batch.seq == batches++ && batch.size <= batch.capacity && batch.size >= EVT_FIXED);
        decode_twice(log, decoder, &batch, &s, &account, &notices);
    }
    for (size_t i = 0; i < size / 4 + 1; i++)
        delivered += s.places[i];
    require(status == ST_END && batches <= size / EVT_FIXED);
    require(delivered == s.whole + s.partial);
    require(account.decoded + account.by_source[EVENT_STALE] == s.whole && account.partial == s.partial);
    require(account.decoded == account.by_source[EVENT_LIVE] + account.by_source[EVENT_RESYNC]);
    require(account.skipped_bytes <= size);
    evt_format.decoder_free(decoder);
    evt_format.close(log);
    input_close(in);
    arena_done(&arena);
    free(batch.bytes);
    free(s.places);
    return 0;
}
