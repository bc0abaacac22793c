/* What a log is: how it is told, what its headers promise, where its chunks stand, and which keys its events have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "evtx_image.h"

static void formats_are_told_by_content(void **state)
{
    static const uint8_t other[5000] = "This is not a log.";
    struct input *in = input_from_bytes((struct bytes){ other, sizeof other }, "other.evtx");
    (void)state;
    make_sound();
    assert_false(evtx_format.probe(in));
    input_close(in);
    in = input_from_bytes((struct bytes){ sound, SIZE }, "sound.evt");
    assert_true(evtx_format.probe(in));
    input_close(in);
    in = input_from_bytes((struct bytes){ sound + FIRST + EVTX_CHUNK_HEADER, 5000 }, "piece");
    assert_true(evtx_format.probe(in));
    input_close(in);
    in = input_from_bytes((struct bytes){ sound, 0 }, "empty");
    assert_false(evtx_format.probe(in));
    input_close(in);
}

/* Headers inside of headers, each without checksums: every second piece moves by a whole header at least. */
static void headers_inside_of_headers_are_passed_over(void **state)
{
    static uint8_t bytes[EVTX_CHUNK_SIZE], block[EVTX_CHUNK_SIZE];
    struct bytes all = { bytes, sizeof bytes };
    struct evtx_piece piece = { 0 };
    size_t count = 0;
    int error;
    (void)state;
    for (size_t at = 0; at + 28 <= sizeof bytes; at += 28) {
        memcpy(bytes + at, "ElfChnk", 8);
        bytes[at + 8] = 4;    /* at 0x78 of the fourth header before: no checksums */
        bytes[at + 12] = 128; /* at 0x28 of the one before: size */
        bytes[at + 21] = 2;   /* at 0x30 of it: free space 0x200 */
    }
    assert_true(evtx_is_chunk(all));
    struct input *in = input_from_bytes(all, "headers");
    while (evtx_locate(in, piece.next, block, &piece, &error))
        count++;
    input_close(in);
    assert_in_range(count, 2, 2 * sizeof bytes / EVTX_CHUNK_HEADER + 2);
}

/* What a header counts whose checksum does not hold is no promise. */
static void a_header_that_is_not_sound_promises_nothing(void **state)
{
    struct outcome o;
    struct arena arena;
    (void)state;
    image_reset();
    image_put(SECOND + 0x10, RECORDS + 500, 8);
    arena_init(&arena);
    read_image(&arena, &o);
    assert_int_equal(o.notices.seen[NOTICE_EVTX_CHUNK_CHECKSUM], 1);
    assert_int_equal(o.account.promised, RECORDS);
    assert_int_equal(o.account.decoded, 2 * RECORDS);
    assert_int_equal(o.account.lost, 0);
    arena_done(&arena);
}

/* How many chunks and which record comes next, as a file header says it. */
static void put_counts(unsigned chunks, uint64_t next_id)
{
    image_put(0x2a, chunks, 2);
    image_put(0x18, next_id, 8);
    image_put(0x7c, crc32(0, image, 0x78), 4);
}

/* Chunks that the header counts are missing when its next record is far behind the last one; else the count is wrong. */
static void chunks_that_are_cut_off_are_known_from_the_header(void **state)
{
    static const struct {
        size_t size;
        unsigned chunks;
        uint64_t next_id, promised, lost;
        bool empty; /* the second chunk */
    } files[] = {
        { SECOND, 2, 81, 80, 40, false },
        { SECOND, 2, 41, 40, 0, false },  /* it was empty */
        { SECOND, 1, 81, 40, 0, false },  /* a stale header */
        { SIZE, 96, 81, 80, 0, false },   /* seen: a count of 96 in a file of 3 chunks */
        { SIZE, 3, 41, 40, 0, true },
        { SIZE, 3, 90, 89, 49, true },
        { SECOND, 2, 81000, 40, 0, false }, /* more than the missing chunk could hold */
    };
    struct outcome o;
    struct arena arena;
    (void)state;
    make_sound();
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        memcpy(image, sound, SIZE);
        size = files[i].size;
        put_counts(files[i].chunks, files[i].next_id);
        if (files[i].empty) {
            memset(image + SECOND + EVTX_CHUNK_HEADER, 0, EVTX_CHUNK_SIZE - EVTX_CHUNK_HEADER);
            image_put(SECOND + 0x08, 1, 8);
            image_put(SECOND + 0x10, UINT64_MAX, 8);
            image_put(SECOND + 0x18, UINT64_MAX, 8);
            image_put(SECOND + 0x20, UINT64_MAX, 8);
            image_put(SECOND + 0x30, EVTX_CHUNK_HEADER, 4);
            image_reseal(SECOND);
        }
        arena_init(&arena);
        read_image(&arena, &o);
        assert_int_equal(o.account.promised, files[i].promised);
        assert_int_equal(o.account.lost, files[i].lost);
        assert_int_equal(o.account.decoded, files[i].promised - files[i].lost);
        bool cut = files[i].size < SIZE && files[i].chunks > 1 && files[i].next_id > 41;
        assert_int_equal(o.notices.seen[NOTICE_EVTX_FILE_CUT], cut || files[i].lost);
        arena_done(&arena);
    }
}

/* A sound header that counts more than a chunk has room for. */
static void impossible_counts_are_no_promise(void **state)
{
    struct outcome o;
    struct arena arena;
    (void)state;
    image_reset();
    image_put(SECOND + 0x10, RECORDS + 1000000, 8);
    image_reseal(SECOND);
    arena_init(&arena);
    read_image(&arena, &o);
    assert_int_equal(o.account.promised, RECORDS);
    assert_int_equal(o.account.decoded, 2 * RECORDS);
    assert_int_equal(o.account.lost, 0);
    arena_done(&arena);
}

/* A transfer took bytes out of the space behind the first chunk's records: the next one begins that much earlier. */
static void chunks_that_moved_to_the_front_are_whole(void **state)
{
    static const size_t taken[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 511, 512, 513 };
    struct outcome o;
    struct arena arena;
    (void)state;
    make_sound();
    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        memcpy(image, sound, SECOND - taken[i]);
        memcpy(image + SECOND - taken[i], sound + SECOND, EVTX_CHUNK_SIZE);
        size = SIZE - taken[i];
        arena_init(&arena);
        read_image(&arena, &o);
        assert_int_equal(o.account.by_source[EVENT_LIVE], 2 * RECORDS);
        assert_int_equal(o.account.decoded, 2 * RECORDS);
        assert_int_equal(o.notices.count, 0);
        arena_done(&arena);
    }
}

struct keys {
    char asked[128], came[128];
};

static void key_print(char *out, size_t room, const struct event_key *key)
{
    snprintf(out, room, "%.*s|%.*s|%.*s|%u|%u|%u", TEXT_ARG(key->provider), TEXT_ARG(key->channel),
             TEXT_ARG(key->computer), (unsigned)key->id, (unsigned)key->level, (unsigned)key->record_id);
}

static bool note_asked(void *ctx, const struct event_key *key)
{
    struct keys *k = ctx;
    key_print(k->asked, sizeof k->asked, key);
    return true;
}

static void note_came(void *ctx, const struct event *e)
{
    struct keys *k = ctx;
    key_print(k->came, sizeof k->came, &e->key);
}

/* Texts of System in several pieces: forwarded events, of which the key is read from the tokens. */
static void build_pieces(struct build *b)
{
    build_init(b, 7);
    build_record(b);
    build_open(b, "Event");
    build_u8(b, BINXML_CONTENT);
    build_open(b, "System");
    build_u8(b, BINXML_CONTENT);
    build_open(b, "Provider");
    build_attribute(b, "Name");
    build_text(b, "Clus");
    build_text(b, "Svc");
    build_u8(b, BINXML_EMPTY);
    build_open(b, "EventID");
    build_u8(b, BINXML_CONTENT);
    build_text(b, "10");
    build_text(b, "09");
    build_u8(b, BINXML_END);
    build_leaf(b, "Level", "2");
    build_open(b, "Channel");
    build_u8(b, BINXML_CONTENT);
    build_text(b, "Sys");
    build_text(b, "tem");
    build_u8(b, BINXML_END);
    build_leaf(b, "Computer", "NODE1");
    build_leaf(b, "Computer", "NODE2");
    build_u8(b, BINXML_END);
    build_u8(b, BINXML_END);
    build_record_end(b);
    build_seal(b);
}

static void keys_are_those_of_the_events(void **state)
{
    static struct build b;
    struct keys k = { "", "" };
    struct event_sink sink = { .ctx = &k, .want = note_asked, .event = note_came };
    struct account account = { 0 };
    struct notices notices;
    struct arena arena;
    (void)state;
    build_pieces(&b);
    build_file_header(image, 1);
    memcpy(image + FIRST, b.bytes, EVTX_CHUNK_SIZE);
    arena_init(&arena);
    notices_init(&notices, &arena);
    log_read_bytes(&evtx_format, (struct bytes){ image, SECOND }, "image", &sink, &account, &notices);
    assert_string_equal(k.asked, "ClusSvc|System|NODE1|1009|2|7");
    assert_string_equal(k.came, k.asked);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_told_by_content),
        cmocka_unit_test(a_header_that_is_not_sound_promises_nothing),
        cmocka_unit_test(chunks_that_are_cut_off_are_known_from_the_header),
        cmocka_unit_test(impossible_counts_are_no_promise),
        cmocka_unit_test(chunks_that_moved_to_the_front_are_whole),
        cmocka_unit_test(keys_are_those_of_the_events),
        cmocka_unit_test(headers_inside_of_headers_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
