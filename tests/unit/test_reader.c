/* Which format a file is, and what follows when it is both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "evt_image.h"
#include "evtx_image.h"
#include "reader/reader.h"

#define ROOM (SIZE + (64u << 10))

static uint8_t joined[ROOM];
static size_t joined_size;

static void add_bytes(const uint8_t *p, size_t n)
{
    memcpy(joined + joined_size, p, n);
    joined_size += n;
}

static void add_evtx(size_t from)
{
    make_sound();
    add_bytes(sound + from, SIZE - from);
}

/* A log of ten records; `exported`: that ends with its EOF record, otherwise a ring with room. */
static void add_evt(bool exported)
{
    struct image m;
    image_init(&m, 4096, IMAGE_BEGIN, 1);
    image_add_some(&m, 10);
    image_end(&m);
    add_bytes(m.p, exported ? m.at : m.size);
    image_free(&m);
}

/* A wrapped one: its records lead over the end of the ring. */
static void add_wrapped_evt(void)
{
    struct image m;
    image_init(&m, 4096, 3000, 1);
    image_add_some(&m, 10);
    image_end(&m);
    assert_true(m.end < m.start);
    add_bytes(m.p, m.size);
    image_free(&m);
}

struct came {
    enum reader_format format;
    uint64_t decoded;
    struct notices notices;
    struct arena arena;
};

static bool want_none(void *ctx, const struct event_key *key)
{
    (void)ctx;
    (void)key;
    return false;
}

static void read_joined(struct came *c)
{
    struct input *in = input_from_bytes((struct bytes){ joined, joined_size }, "joined");
    struct event_sink sink = { .want = want_none };
    struct account account = { 0 };
    struct batch batch = { 0 };
    struct reader reader;
    arena_init(&c->arena);
    notices_init(&c->notices, &c->arena);
    assert_int_equal(reader_open(&reader, READER_NATIVE, in, &account, &c->notices), ST_OK);
    c->format = reader.format;
    struct decoder *decoder = reader_formats[c->format]->decoder_new();
    while (reader_next(&reader, &batch, &account, &c->notices) == ST_OK)
        (void)reader_formats[c->format]->decode(decoder, reader.log, &batch, &sink, &account, &c->notices);
    c->decoded = account.decoded;
    reader_formats[c->format]->decoder_free(decoder);
    reader_close(&reader);
    input_close(in);
    free(batch.bytes);
}

/* The records of the first log, and one notice that says where to cut. */
static void expect_first(enum reader_format format, uint64_t decoded, enum notice_code code, size_t cut)
{
    struct came c;
    read_joined(&c);
    assert_int_equal(c.format, format);
    assert_int_equal(c.decoded, decoded);
    assert_int_equal(c.notices.seen[code], cut ? 1 : 0);
    assert_int_equal(c.notices.seen[NOTICE_EVTX_SKIPPED] + c.notices.seen[NOTICE_EVT_SKIPPED], 0);
    for (size_t i = 0; i < c.notices.count; i++)
        if (c.notices.items[i].code == code)
            assert_true(c.notices.items[i].offset == cut && c.notices.items[i].value == cut);
    arena_done(&c.arena);
}

static void evtx_behind_evt_is_said(void **state)
{
    static const size_t from[] = { 0, FIRST }; /* with and without a file header */
    (void)state;
    for (size_t i = 0; i < 2 * COUNT_OF(from); i++) {
        joined_size = 0;
        add_evt(i & 1);
        size_t cut = joined_size;
        add_evtx(from[i / 2]);
        expect_first(READER_EVT, 10, NOTICE_EVT_THEN_EVTX, cut);
    }
    joined_size = 0;
    add_wrapped_evt();
    add_evtx(0);
    expect_first(READER_EVT, 10, NOTICE_EVT_THEN_EVTX, 4096);
}

static void evt_behind_evtx_is_said(void **state)
{
    static const size_t from[] = { 0, FIRST };
    (void)state;
    for (size_t i = 0; i < 2 * COUNT_OF(from); i++) {
        joined_size = 0;
        add_evtx(from[i / 2]);
        size_t cut = joined_size;
        add_evt(i & 1);
        expect_first(READER_EVTX, 2 * RECORDS, NOTICE_EVTX_THEN_EVT, cut);
    }
}

/* What follows behind the other one is read again. */
static void logs_stand_on_both_sides(void **state)
{
    (void)state;
    joined_size = 0;
    add_evt(true);
    size_t cut = joined_size;
    add_evtx(0);
    add_evt(true);
    expect_first(READER_EVT, 20, NOTICE_EVT_THEN_EVTX, cut);
    joined_size = 0;
    add_evtx(SECOND);
    cut = joined_size;
    add_evt(false);
    add_evtx(SECOND);
    expect_first(READER_EVTX, 2 * RECORDS, NOTICE_EVTX_THEN_EVT, cut);
}

/* Each loss is said once, however many logs stand in front of it; of those of one stretch the cut tells all. */
static void a_cut_is_said_once(void **state)
{
    (void)state;
    joined_size = 0;
    for (size_t i = 0; i < 4; i++)
        add_evt(i & 1);
    size_t cut = joined_size;
    add_evtx(0);
    expect_first(READER_EVT, 40, NOTICE_EVT_THEN_EVTX, cut);
    joined_size = 0;
    add_evtx(0);
    cut = joined_size;
    for (size_t i = 0; i < 15; i++)
        add_evt(false);
    expect_first(READER_EVTX, 2 * RECORDS, NOTICE_EVTX_THEN_EVT, cut);
}

/* The data of a record may be a whole log: it is none that was joined. */
static void a_log_in_the_data_of_a_record_is_none(void **state)
{
    static uint8_t data[1024];
    struct image m;
    (void)state;
    make_sound();
    memcpy(data, sound, sizeof data);
    struct image_record r = { .source = "ClusSvc", .computer = "NODE1", .data = (const char *)data, .data_n = sizeof data,
                              .generated = 1000000000u, .written = 1000000000u, .type = 1 };
    image_init(&m, 8192, IMAGE_BEGIN, 1);
    image_add_some(&m, 3);
    image_add(&m, &r);
    image_add_some(&m, 3);
    image_end(&m);
    joined_size = 0;
    add_bytes(m.p, m.size);
    expect_first(READER_EVT, 7, NOTICE_EVT_THEN_EVTX, 0);
    image_free(&m);
}

/* What looks like the head of a chunk, in a log that does not say where it ends: the records behind it are read. */
static void the_head_of_a_chunk_ends_no_log(void **state)
{
    struct image m;
    (void)state;
    make_sound();
    image_init(&m, 4096, IMAGE_BEGIN, 1);
    image_add_some(&m, 10);
    memset(m.p, 0, IMAGE_BEGIN);
    memcpy(m.p + m.places[5], sound + FIRST, 48);
    joined_size = 0;
    add_bytes(m.p, m.at);
    struct came c;
    read_joined(&c);
    assert_int_equal(c.format, READER_EVT);
    assert_int_equal(c.decoded, 9);
    assert_int_equal(c.notices.seen[NOTICE_EVT_THEN_EVTX], 1);
    arena_done(&c.arena);
    image_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evtx_behind_evt_is_said),
        cmocka_unit_test(evt_behind_evtx_is_said),
        cmocka_unit_test(logs_stand_on_both_sides),
        cmocka_unit_test(a_cut_is_said_once),
        cmocka_unit_test(a_log_in_the_data_of_a_record_is_none),
        cmocka_unit_test(the_head_of_a_chunk_ends_no_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
