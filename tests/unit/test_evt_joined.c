/* What looks like the beginning of a log or of a record, again and again: each is found, and none costs its square. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <cmocka.h>

#include "base/limits.h"
#include "evt/evt_joined.h"
#include "evt_collect.h"
#include "evt_logs.h"

/* Three logs in one file: all of them are read. */
static void joined_logs_are_read_one_after_the_other(void **state)
{
    struct image m;
    struct collected c;
    (void)state;
    make_plain(&m);
    uint8_t *three = malloc(3 * m.size);
    assert_non_null(three);
    for (size_t i = 0; i < 3; i++)
        memcpy(three + i * m.size, m.p, m.size);
    collect_bytes(&c, three, 3 * m.size, "node1.evt");
    assert_int_equal(c.account.promised, 120);
    assert_int_equal(c.account.decoded, 120);
    assert_int_equal(c.notices.seen[NOTICE_EVT_JOINED_READ], 2);
    assert_true(c.batches >= 3);
    collected_free(&c);
    free(three);
    image_free(&m);
}

/* Each header could be that of another log, with all that follows as its records: that is not tried for ever. */
static void headers_everywhere_are_not_all_looked_into(void **state)
{
    struct image m;
    struct evt_ring ring;
    struct evt_bounds bounds;
    struct arena arena;
    struct notices notices;
    (void)state;
    make_plain(&m);
    for (size_t at = m.size - 40 * (2 * LIMIT_EVT_JOINED); at + IMAGE_BEGIN <= m.size; at += IMAGE_BEGIN)
        memcpy(m.p + at, m.p, IMAGE_BEGIN);
    arena_init(&arena);
    notices_init(&notices, &arena);
    struct input *in = input_from_bytes((struct bytes){ m.p, m.size }, "node1.evt");
    struct evt_joined joined = evt_joined_of(m.size);
    assert_int_equal(evt_joined_open(&ring, in, 0, &joined, &notices, &bounds), 0);
    assert_int_equal(joined.tries, 0);
    assert_int_equal(bounds.promised, 40);
    evt_ring_done(&ring);
    input_close(in);
    arena_done(&arena);
    image_free(&m);
}

/* How many logs are found in the file, and what that takes to read. */
static size_t logs_in(struct bytes file, struct evt_joined *joined)
{
    size_t count = 0;
    uint64_t base = 0;
    struct arena arena;
    struct notices notices;
    struct input *in = input_from_bytes(file, "node1.evt");
    *joined = evt_joined_of(file.n);
    arena_init(&arena);
    notices_init(&notices, &arena);
    do {
        struct evt_ring ring;
        struct evt_bounds bounds;
        base = evt_joined_open(&ring, in, base, joined, &notices, &bounds);
        evt_ring_done(&ring);
        count++;
    } while (base);
    input_close(in);
    arena_done(&arena);
    return count;
}

/* What many copies of a log, one behind the other, take to read. */
static uint64_t bytes_for_copies(const struct image *m, size_t count)
{
    struct evt_joined joined;
    uint8_t *file = malloc(count * m->size);
    assert_non_null(file);
    for (size_t i = 0; i < count; i++)
        memcpy(file + i * m->size, m->p, m->size);
    assert_int_equal(logs_in((struct bytes){ file, count * m->size }, &joined), count);
    assert_int_equal(joined.tries, LIMIT_EVT_JOINED);
    free(file);
    return joined.read;
}

/* Closed or not, short or long, with old records and EOF record behind the end: twice as many take twice as much. */
static void many_joined_logs_cost_no_square(void **state)
{
    static void (*const makes[])(struct image *) = { make_plain, make_cleared, make_empty, make_wrapped };
    (void)state;
    for (size_t i = 0; i < 2 * COUNT_OF(makes); i++) {
        struct image m;
        makes[i / 2](&m);
        if (i % 2) { /* as it was opened: the EOF record alone says where the log ends */
            m.end = IMAGE_BEGIN;
            m.next = m.oldest;
            put_header(&m, 1);
        }
        uint64_t some = bytes_for_copies(&m, 200), more = bytes_for_copies(&m, 400);
        assert_in_range(more, some, 2 * some + EVT_WINDOW);
        assert_in_range(more, 0, 400 * LIMIT_EVT_JOINED * m.size);
        image_free(&m);
    }
}

/* All headers in front, all EOF records behind: each log has all the others in it, and only so many are looked into. */
static void logs_inside_of_each_other_are_paid(void **state)
{
    enum { LOGS = 4096 };
    static uint8_t file[LOGS * (IMAGE_BEGIN + EVT_END_SIZE)];
    struct evt_joined joined;
    struct image m;
    (void)state;
    make_empty(&m);
    put_header(&m, 1);
    for (size_t i = 0; i < LOGS; i++) {
        uint32_t base = (uint32_t)(i * IMAGE_BEGIN), at = (uint32_t)(LOGS * IMAGE_BEGIN + i * EVT_END_SIZE);
        memcpy(file + base, m.p, IMAGE_BEGIN);
        memcpy(file + at, m.p + IMAGE_BEGIN, EVT_END_SIZE);
        put_u32(file + at + EVT_END_SIGNATURE, at - base); /* it has no records, and begins where it ends */
        put_u32(file + at + EVT_END_SIGNATURE + 4, at - base);
    }
    assert_in_range(logs_in((struct bytes){ file, sizeof file }, &joined), 2, LOGS / 4);
    assert_int_equal(joined.tries, 0);
    assert_in_range(joined.read, 0, (LIMIT_EVT_JOINED + 8) * sizeof file + LOGS / 4 * EVT_JOINED_FREE);
    image_free(&m);
}

#define HEADS_BLOCK (LIMIT_EVT_RECORD - 4096u)
#define HEADS_BLOCKS 8u

/* Junk in which a signature stands every 8 bytes, and behind each block of it a record; CPU seconds to read it. */
static double seconds_for_heads(bool lengths_lead_to_the_record)
{
    static const struct image_record tail = { .source = "ClusSvc", .computer = "NODE1", .identifier = 7, .type = 1 };
    uint8_t record[256];
    uint32_t n = record_build(&tail, 5, record);
    size_t size = IMAGE_BEGIN + HEADS_BLOCKS * (HEADS_BLOCK + n);
    uint8_t *log = calloc(1, size), *p = log + IMAGE_BEGIN;
    for (size_t i = 0; i < HEADS_BLOCKS; i++, p += HEADS_BLOCK + n) {
        for (uint32_t at = 0; at < HEADS_BLOCK; at += 8) {
            put_u32(p + at, lengths_lead_to_the_record ? HEADS_BLOCK - at : 0x01010101u);
            memcpy(p + at + 4, "LfLe", 4);
        }
        memcpy(p + HEADS_BLOCK, record, n);
    }
    struct collected c;
    clock_t begin = clock();
    collect_bytes(&c, log, size, "node1.evt");
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    assert_int_equal(c.account.decoded, HEADS_BLOCKS);
    collected_free(&c);
    free(log);
    return seconds;
}

/* Each head could have the whole block as its record: looking at all of it each time would take the square. */
static void heads_everywhere_cost_no_more_than_their_bytes(void **state)
{
    (void)state;
    double plain = seconds_for_heads(false);
    assert_true(seconds_for_heads(true) < 20 * plain + 0.2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joined_logs_are_read_one_after_the_other),
        cmocka_unit_test(headers_everywhere_are_not_all_looked_into),
        cmocka_unit_test(many_joined_logs_cost_no_square),
        cmocka_unit_test(logs_inside_of_each_other_are_paid),
        cmocka_unit_test(heads_everywhere_cost_no_more_than_their_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
