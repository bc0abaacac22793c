/* A log of more records than are compared: with a limit of five, for eight million take half a gigabyte of log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#undef LIMIT_COMPARED
#define LIMIT_COMPARED 5u
#include "../../analyzer/compare/compare.c"

#include "evt_image.h"
#include "io/input.h"

static void on_record(void *ctx, const struct compare_record *record)
{
    (void)ctx;
    (void)record;
}

static void compare_some(size_t count, struct compare_summary *summary, struct arena *arena, struct notices *notices)
{
    struct compare_sink sink = { NULL, on_record, NULL };
    struct image m;
    image_init(&m, 8192, IMAGE_BEGIN, 1);
    image_add_some(&m, count);
    image_end(&m);
    *summary = (struct compare_summary){ 0 };
    arena_init(arena);
    notices_init(notices, arena);
    struct input *in = input_from_bytes((struct bytes){ m.p, m.size }, "System.evt");
    assert_int_equal(compare_input(in, &sink, summary, notices), ST_OK);
    input_close(in);
    image_free(&m);
}

static void what_is_left_out_is_said(void **state)
{
    struct compare_summary s;
    struct notices notices;
    struct arena arena;
    (void)state;
    compare_some(LIMIT_COMPARED, &s, &arena, &notices);
    assert_int_equal(s.records[COMPARE_SAME], LIMIT_COMPARED);
    assert_int_equal(notices.seen[NOTICE_LIBYAL_LIMIT], 0);
    arena_done(&arena);
    compare_some(LIMIT_COMPARED + 3, &s, &arena, &notices);
    assert_int_equal(s.records[COMPARE_SAME], LIMIT_COMPARED);
    assert_int_equal(notices.seen[NOTICE_LIBYAL_LIMIT], 1);
    assert_int_equal(notices.items[notices.count - 1].code, NOTICE_LIBYAL_LIMIT);
    assert_int_equal(notices.items[notices.count - 1].value, 3);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
