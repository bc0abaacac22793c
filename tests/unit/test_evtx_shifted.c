/* Chunks and records that stand where no header says that they do: at any byte, behind any junk, several shifts in a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "evtx_image.h"

/* Bytes in which no record and no chunk begins. */
static void junk(uint8_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (uint8_t)(0x80 | i * 7);
}

static void add_junk(size_t n)
{
    junk(image + size, n);
    size += n;
}

static void add(size_t from, size_t to)
{
    memcpy(image + size, sound + from, to - from);
    size += to - from;
}

static bool is_log(void)
{
    struct input *in = input_from_bytes((struct bytes){ image, size }, "image");
    bool is = evtx_format.probe(in);
    input_close(in);
    return is;
}

/* Every record once, whole, or without its template but with its own text; so many of them in chunks that were found. */
static void expect_all(unsigned carved)
{
    struct arena arena;
    struct outcome o;
    arena_init(&arena);
    read_image(&arena, &o);
    assert_int_equal(o.wrong, 0);
    for (unsigned id = 1; id <= 2 * RECORDS; id++)
        assert_int_equal(o.met[id] + o.marked[id], 1);
    assert_int_equal(o.account.by_source[EVENT_CARVED], carved);
    assert_true(is_log());
    arena_done(&arena);
}

/* The first bytes of the file were cut off: of its header, of the first chunk's magic, of all its header. */
static void the_front_is_cut_off(void **state)
{
    static const size_t cuts[] = { 1, 100, FIRST - 1, FIRST, FIRST + 1, FIRST + 7, FIRST + 8, FIRST + 100, FIRST + 511 };
    (void)state;
    make_sound();
    for (size_t i = 0; i < COUNT_OF(cuts); i++) {
        size = 0;
        add(cuts[i], SIZE);
        expect_all(cuts[i] > FIRST ? RECORDS : 2 * RECORDS);
    }
}

/* The magic of the second chunk over the end of the first 64 KiB: at each of its bytes. */
static void a_header_lies_over_the_end_of_a_block(void **state)
{
    (void)state;
    make_sound();
    for (size_t in_front = 0; in_front < 24; in_front++) {
        size = 0;
        add(starts[1], ends[RECORDS]);
        add_junk(EVTX_CHUNK_SIZE - in_front - size);
        add(SECOND, SIZE);
        expect_all(RECORDS);
    }
}

/* Chunks without their headers, moved by more and more bytes; the blocks that are read end anywhere in a record. */
static void records_stand_at_odd_places(void **state)
{
    (void)state;
    make_sound();
    for (size_t shift = 0; shift < 300; shift++) {
        size = 0;
        add_junk(EVTX_CHUNK_SIZE - 5000 + shift);
        add(starts[1], ends[RECORDS]);
        add_junk(shift % 8 + 1);
        add(starts[RECORDS + 1], ends[2 * RECORDS]);
        expect_all(0);
    }
}

static void a_file_has_several_shifts(void **state)
{
    (void)state;
    make_sound();
    size = 0;
    for (unsigned id = 1; id <= RECORDS; id++) {
        add_junk(id);
        add(starts[id], ends[id]);
    }
    add_junk(3);
    add(SECOND, SECOND + EVTX_CHUNK_SIZE);
    expect_all(RECORDS);
}

/* A log is looked for in so many bytes, and no more. */
static void junk_of_any_length_stands_in_front(void **state)
{
    static const struct {
        size_t junk, from;
        bool is;
    } files[] = {
        { 5u << 20, 0, true },
        { (5u << 20) + 3, FIRST, true },
        { (5u << 20) + 5, FIRST + 512, true },
        { LIMIT_PROBE - EVTX_CHUNK_SIZE, FIRST, true },
        { LIMIT_PROBE + EVTX_CHUNK_SIZE, FIRST, false },
    };
    (void)state;
    make_sound();
    uint8_t *bytes = malloc(LIMIT_PROBE + EVTX_CHUNK_SIZE + SIZE);
    junk(bytes, LIMIT_PROBE + EVTX_CHUNK_SIZE);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        size_t n = SIZE - files[i].from;
        memcpy(bytes + files[i].junk, sound + files[i].from, n);
        struct input *in = input_from_bytes((struct bytes){ bytes, files[i].junk + n }, "image");
        assert_int_equal(evtx_format.probe(in), files[i].is);
        input_close(in);
        junk(bytes, LIMIT_PROBE + EVTX_CHUNK_SIZE);
    }
    free(bytes);
}

/* Heads of records that claim to go on behind the block, everywhere: each byte is read a bounded number of times. */
static void claims_are_bounded(void **state)
{
    static uint8_t block[EVTX_CHUNK_SIZE];
    struct evtx_piece piece = { 0 };
    size_t count = 0;
    int error;
    (void)state;
    size = 2 * EVTX_CHUNK_SIZE;
    for (size_t at = 0; at + 32 <= size; at += 32) {
        junk(image + at, 32);
        memcpy(image + at, "**\0\0\0\0\1\0", 8); /* each 65,536 bytes long .. */
        memcpy(image + at + 28, "\0\0\1\0", 4);    /* .. and with a copy of that where it ends */
    }
    struct input *in = input_from_bytes((struct bytes){ image, size }, "image");
    while (evtx_locate(in, piece.next, block, &piece, &error)) {
        assert_true(piece.size > 0 && piece.next == piece.offset + piece.size);
        count++;
    }
    input_close(in);
    assert_in_range(count, 2, size / EVTX_CHUNK_HEADER + 2);
}

/* The head of a classic log, which has its size at both ends. */
#define EVT_HEAD 48u

static void put_evt_head(size_t at)
{
    memset(image + at, 0, EVT_HEAD);
    memcpy(image + at, "0\0\0\0LfLe\1\0\0\0\1", 13);
    image[at + EVT_HEAD - 4] = EVT_HEAD;
}

/* The pieces that the file is cut into, each of them read once; how many have a border inside of from .. to. */
static size_t count_pieces(size_t from, size_t to, size_t *cuts)
{
    static uint8_t block[EVTX_CHUNK_SIZE];
    struct evtx_piece piece = { 0 };
    size_t count = 0;
    int error;
    struct input *in = input_from_bytes((struct bytes){ image, size }, "image");
    *cuts = 0;
    while (evtx_locate(in, piece.next, block, &piece, &error)) {
        assert_true(piece.size > 0 && piece.next == piece.offset + piece.size);
        *cuts += piece.next > from && piece.next < to;
        count++;
    }
    input_close(in);
    return count;
}

/* A file of heads costs two reads for each of its blocks, wherever it begins. */
static void heads_of_classic_logs_are_bounded(void **state)
{
    size_t cuts;
    (void)state;
    for (size_t shift = 0; shift < EVT_HEAD; shift += 7) {
        size = 0;
        add_junk(shift);
        for (; size + EVT_HEAD <= sizeof image; size += EVT_HEAD)
            put_evt_head(size);
        assert_in_range(count_pieces(0, 0, &cuts), 2, 2 * (size / EVTX_CHUNK_SIZE + 1));
    }
}

/* An event's data, not the head of a log: the record around it stays in one piece, also over the end of a block. */
static void a_head_in_a_record_cuts_nothing(void **state)
{
    const unsigned id = RECORDS / 2;
    size_t cuts;
    (void)state;
    image_reset();
    memset(image + FIRST, 0, 512);
    assert_true(ends[id] - starts[id] > EVTX_RECORD_HEAD + EVT_HEAD + 4);
    put_evt_head(starts[id] + EVTX_RECORD_HEAD);
    memcpy(image + starts[id + 1] + EVTX_RECORD_HEAD, "ElfFile", 8);
    (void)count_pieces(starts[1], ends[RECORDS], &cuts);
    assert_int_equal(cuts, 0);
    /* Without the record around it, it is the head of a log. */
    image[starts[id]]++;
    (void)count_pieces(starts[id], ends[id], &cuts);
    assert_int_equal(cuts, 1);
    for (size_t in_front = 0; in_front < EVT_HEAD; in_front++) {
        size = 0;
        add_junk(EVTX_CHUNK_SIZE - in_front - EVTX_RECORD_HEAD);
        size_t record = size;
        add(starts[id], ends[id]);
        put_evt_head(record + EVTX_RECORD_HEAD);
        (void)count_pieces(record, size, &cuts);
        assert_int_equal(cuts, 0);
    }
}

static void expect_whole(const struct outcome *o, unsigned first, unsigned last)
{
    assert_int_equal(o->wrong, 0);
    for (unsigned id = first; id <= last; id++)
        assert_int_equal(o->met[id], 1);
}

/* The live records of the first chunk go up to its end. */
static void fill_first(void)
{
    image_put(FIRST + 0x30, EVTX_CHUNK_SIZE, 4);
    image_reseal(FIRST);
}

/* Bytes are missing in record 20, and the first chunk is full: the second one starts in front of the former's end. */
static void bytes_are_missing_in_a_full_chunk(void **state)
{
    static const size_t gone[] = { 8, 100, 512, 600, 4096 };
    struct arena arena;
    struct outcome o;
    (void)state;
    make_sound();
    for (size_t i = 0; i < COUNT_OF(gone); i++) {
        image_reset();
        fill_first();
        size_t at = starts[20] + 30;
        memmove(image + at, image + at + gone[i], SIZE - at - gone[i]);
        size = SIZE - gone[i];
        arena_init(&arena);
        read_image(&arena, &o);
        expect_whole(&o, 1, 19);
        expect_whole(&o, RECORDS + 1, 2 * RECORDS);
        assert_int_equal(o.account.by_source[EVENT_ORPHAN] + o.account.by_source[EVENT_CARVED], 0);
        arena_done(&arena);
    }
}

/* A chunk in an event's data does not end a damaged one around it: its records are not the next ones. */
static void a_chunk_in_a_damaged_one_is_data(void **state)
{
    struct arena arena;
    struct outcome o;
    (void)state;
    image_reset();
    memcpy(image + starts[RECORDS + 20], sound + FIRST, EVTX_CHUNK_HEADER);
    arena_init(&arena);
    read_image(&arena, &o);
    assert_int_equal(o.wrong, 0);
    for (unsigned id = 1; id <= 2 * RECORDS; id++)
        assert_true(o.met[id] || (starts[id] < starts[RECORDS + 20] + EVTX_CHUNK_HEADER && id >= RECORDS + 20));
    assert_int_equal(o.account.by_source[EVENT_ORPHAN] + o.account.by_source[EVENT_CARVED], 0);
    arena_done(&arena);
}

/* Zeros in front of record 20, so many that another one of the chunk lies over the end of its 64 KiB. */
static void bytes_were_put_in(void **state)
{
    (void)state;
    for (unsigned id = 20; id <= RECORDS; id++) {
        image_reset();
        size_t more = FIRST + EVTX_CHUNK_SIZE - starts[id] - (id % 2 ? 20 : 1);
        fill_first();
        memmove(image + starts[20] + more, sound + starts[20], SIZE - starts[20]);
        memset(image + starts[20], 0, more);
        size = SIZE + more;
        expect_all(RECORDS);
    }
}

/*
 * True when the byte `at` is of a name that others refer to; or of the offset in front of the last one: nothing behind it
 * tells how far it was moved.
 */
static bool others_need(const struct build *b, size_t at)
{
    for (size_t i = 0; i < b->name_count; i++)
        if (at >= b->names[i] && at < b->names[i] + 10 + 2u * b->bytes[b->names[i] + 6])
            return true;
    size_t last = b->names[b->name_count - 1];
    return at < last && at >= last - 4;
}

/* Of all records but `id` every one is whole; `id` comes at most once. */
static void expect_others(unsigned id)
{
    struct arena arena;
    struct outcome o;
    arena_init(&arena);
    read_image(&arena, &o);
    for (unsigned other = 1; other <= 2 * RECORDS; other++)
        assert_int_equal(o.met[other], other != id || o.met[id] == 1);
    assert_in_range(o.met[id] + o.marked[id], 0, 1);
    arena_done(&arena);
}

/*
 * Names and templates of a chunk stand in its first records, and all others refer to them: a byte that is missing, or one
 * too many, moves them, but costs the record that it is in.
 */
static void what_others_refer_to_was_moved(void **state)
{
    (void)state;
    share_names = true;
    make_sound();
    for (unsigned id = 1; id <= 4; id++)
        for (size_t at = starts[id]; at < ends[id]; at += id == 1 ? 1 : 7) {
            if (others_need(&built[0], at - FIRST))
                continue;
            image_reset();
            memmove(image + at, image + at + 1, SIZE - at - 1);
            size = SIZE - 1;
            expect_others(id);
            image_reset();
            memmove(image + at + 1, image + at, SIZE - at);
            size = SIZE + 1;
            expect_others(id);
        }
    share_names = false;
}

/*
 * Bytes are missing in the only template, among them just those of one element, and from within one to the same place of
 * the next: no record says anything that it does not say in the sound log, unless it has a mark.
 */
static void a_template_lost_bytes(void **state)
{
    static const size_t gone[] = { 1, 4, 37, 41, 78, 119 };
    struct arena arena;
    struct outcome o;
    unsigned marked = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(gone); i++)
        for (size_t at = starts[1] + EVTX_RECORD_HEAD; at < ends[1]; at++) {
            image_reset();
            memmove(image + at, image + at + gone[i], SECOND - at - gone[i]);
            size = SECOND - gone[i];
            arena_init(&arena);
            read_image(&arena, &o);
            assert_int_equal(o.wrong, 0);
            marked += o.marked[4];
            arena_done(&arena);
        }
    assert_in_range(marked, 500, SIZE);
}

/* The same for bytes of the chunk's header, whose records are then found by searching; and for several at once. */
static void the_whole_chunk_was_moved(void **state)
{
    (void)state;
    share_names = true;
    for (size_t at = FIRST; at < starts[1]; at += 9) {
        image_reset();
        memmove(image + at, image + at + 1, SIZE - at - 1);
        size = SIZE - 1;
        expect_others(0);
    }
    image_reset();
    size = 0;
    for (unsigned id = 1; id <= RECORDS; id++) {
        add_junk(id % 5);
        add(starts[id], ends[id]);
    }
    add(SECOND, SIZE);
    expect_others(0);
    share_names = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_front_is_cut_off),
        cmocka_unit_test(a_header_lies_over_the_end_of_a_block),
        cmocka_unit_test(records_stand_at_odd_places),
        cmocka_unit_test(a_file_has_several_shifts),
        cmocka_unit_test(junk_of_any_length_stands_in_front),
        cmocka_unit_test(claims_are_bounded),
        cmocka_unit_test(heads_of_classic_logs_are_bounded),
        cmocka_unit_test(a_head_in_a_record_cuts_nothing),
        cmocka_unit_test(bytes_are_missing_in_a_full_chunk),
        cmocka_unit_test(a_chunk_in_a_damaged_one_is_data),
        cmocka_unit_test(bytes_were_put_in),
        cmocka_unit_test(what_others_refer_to_was_moved),
        cmocka_unit_test(a_template_lost_bytes),
        cmocka_unit_test(the_whole_chunk_was_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
