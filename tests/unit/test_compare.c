/* Two readers over a log: which verdicts come of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "compare/compare.h"
#include "evt_image.h"
#include "io/input.h"

struct told {
    uint64_t ids[COMPARE_VERDICTS]; /* of the last record with that verdict */
    uint64_t count;
};

static void on_record(void *ctx, const struct compare_record *record)
{
    struct told *t = ctx;
    t->ids[record->verdict] = record->record_id;
    t->count++;
    assert_int_not_equal(record->verdict, COMPARE_SAME);
    assert_true((record->libyal != NULL) == (record->verdict == COMPARE_OLD || record->verdict == COMPARE_LIBYAL_ONLY));
}

static struct compare_summary compare(const struct image *m, struct told *told)
{
    struct compare_summary summary = { 0 };
    struct compare_sink sink = { told, on_record, NULL };
    struct arena arena;
    struct notices notices;
    struct input *in = input_from_bytes((struct bytes){ m->p, m->size }, "System.evt");
    *told = (struct told){ 0 };
    arena_init(&arena);
    notices_init(&notices, &arena);
    assert_int_equal(compare_input(in, &sink, &summary, &notices), ST_OK);
    input_close(in);
    arena_done(&arena);
    return summary;
}

static void make_plain(struct image *m)
{
    image_init(m, 8192, IMAGE_BEGIN, 1);
    image_add_some(m, 10);
    image_end(m);
}

/* A whole record behind the end; libevt recovers it `copies` times from as many places. */
static void put_old(struct image *m, size_t copies, uint16_t type, bool whole)
{
    struct image_record r = { .source = "ClusSvc", .computer = "NODE1", .strings = { "old" }, .generated = 1000000000u,
                              .written = 1000000000u, .type = type };
    for (size_t i = 0; i < copies; i++) {
        uint32_t n = record_build(&r, 777, m->p + m->end + 40 + 512 * i);
        if (!whole)
            put_u32(m->p + m->end + 40 + 512 * i + n - 4, 0);
    }
}

static void sound_records_are_the_same(void **state)
{
    (void)state;
    struct image m;
    struct told told;
    make_plain(&m);
    struct compare_summary s = compare(&m, &told);
    assert_int_equal(s.records[COMPARE_SAME], 10);
    assert_int_equal(told.count, 0);
    image_free(&m);
}

static void old_records_of_both_are_not_told(void **state)
{
    (void)state;
    struct image m;
    struct told told;
    make_plain(&m);
    put_old(&m, 3, 1, true);
    struct compare_summary s = compare(&m, &told);
    assert_int_equal(s.records[COMPARE_SAME], 10);
    assert_int_equal(told.count, 0);
    image_free(&m);
}

/* Two records of one number and one time: each has its own twin. */
static void records_of_one_header_are_paired_each(void **state)
{
    (void)state;
    struct image m;
    struct told told;
    image_init(&m, 8192, IMAGE_BEGIN, 1);
    image_add_some(&m, 10);
    m.next = 5;
    image_add_some(&m, 1);
    m.next = 11;
    image_end(&m);
    struct compare_summary s = compare(&m, &told);
    assert_int_equal(s.records[COMPARE_SAME], 11);
    assert_int_equal(told.count, 0);
    image_free(&m);
}

/* Its type and its second length are damaged: evscan's reader takes it for no record. */
static void what_only_libyal_recovers_is_told_once(void **state)
{
    (void)state;
    struct image m;
    struct told told;
    make_plain(&m);
    put_old(&m, 3, 0x55, false);
    struct compare_summary s = compare(&m, &told);
    assert_int_equal(s.records[COMPARE_LIBYAL_ONLY], 1);
    assert_int_equal(told.ids[COMPARE_LIBYAL_ONLY], 777);
    assert_int_equal(told.count, 1);
    assert_int_equal(compare_differing(&s), 1);
    image_free(&m);
}

/* Found by fuzzing: behind an end-of-log record with a damaged tail, libevt goes on to the one of a cleared log. */
static void what_libyal_takes_for_live_is_old(void **state)
{
    (void)state;
    const char *source = getenv("EVSCAN_SOURCE");
    char path[4096];
    uint8_t bytes[4096];
    struct told told;
    snprintf(path, sizeof path, "%s/tests/fuzz/corpus/agree_evt/old-taken-for-live", source ? source : ".");
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct image m = { .p = bytes, .size = fread(bytes, 1, sizeof bytes, file) };
    fclose(file);
    struct compare_summary s = compare(&m, &told);
    assert_true(s.records[COMPARE_OLD] > 0);
    assert_int_equal(s.records[COMPARE_LIBYAL_ONLY], 0);
    assert_int_equal(compare_differing(&s), s.records[COMPARE_OLD]);
}

static void damaged_records_are_not_compared(void **state)
{
    (void)state;
    struct image m;
    struct told told;
    make_plain(&m);
    put_u32(m.p + m.places[4] + m.lengths[4] - 4, 0);
    struct compare_summary s = compare(&m, &told);
    assert_int_equal(s.records[COMPARE_DAMAGED], 1);
    assert_int_equal(told.ids[COMPARE_DAMAGED], 5);
    assert_int_equal(compare_differing(&s), 0);
    assert_true(compare_unread(&s) >= 1);
    image_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_records_are_the_same),
        cmocka_unit_test(old_records_of_both_are_not_told),
        cmocka_unit_test(records_of_one_header_are_paired_each),
        cmocka_unit_test(what_only_libyal_recovers_is_told_once),
        cmocka_unit_test(what_libyal_takes_for_live_is_old),
        cmocka_unit_test(damaged_records_are_not_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
