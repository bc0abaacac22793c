/* Sets of record numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "state/id_runs.h"

static void runs_are_sets(void **state)
{
    (void)state;
    struct id_runs r, s, rest;
    struct buf out;
    struct arena arena;
    arena_init(&arena);
    id_runs_init(&r, &arena);
    static const uint64_t ids[] = { 5, 3, 4, 10, 1, 9, 2, 20, 8, UINT64_MAX };
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        id_runs_add(&r, ids[i], ids[i]);
    buf_init(&out);
    id_runs_print(&r, &out);
    assert_true(text_equal(buf_text(&out), TEXT("1-5,8-10,20,18446744073709551615")));
    id_runs_init(&s, &arena);
    assert_true(id_runs_parse(buf_text(&out), &s));
    assert_int_equal(id_runs_count(&s), 10);
    id_runs_init(&rest, &arena);
    id_runs_init(&s, &arena);
    id_runs_add(&s, 2, 3);
    id_runs_add(&s, 9, 30);
    id_runs_without(&r, &s, &rest);
    out.n = 0;
    id_runs_print(&rest, &out);
    assert_true(text_equal(buf_text(&out), TEXT("1,4-5,8,18446744073709551615")));
    static const char *const bad[] = { "a", "1,", ",1", "5-3", "3,2", "1-", "-1", "1--2", "1 2", "99999999999999999999" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        id_runs_init(&s, &arena);
        assert_false(id_runs_parse(text_from(bad[i]), &s));
    }
    id_runs_init(&s, &arena);
    for (uint64_t i = 0; i < 3 * LIMIT_ID_RUNS; i++)
        id_runs_add(&s, i * 2 + (i == 77 ? 0 : i / 500), i * 2 + i / 500);
    assert_true(s.count <= LIMIT_ID_RUNS && s.coarse);
    for (uint64_t i = 0; i < 3 * LIMIT_ID_RUNS; i++)
        assert_true(id_runs_has(&s, i * 2 + i / 500));
    buf_done(&out);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
