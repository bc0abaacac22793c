/* Logs over many runs: nothing is lost, nothing is taken twice, and what happened to a log is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "sim_logs.h"

static void only_new_records_are_taken(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 500);
    assert_int_equal(one_night(&n, &log_a), 500);
    assert_int_equal(one_night(&n, &log_a), 0);
    assert_int_equal(n.verdicts[0].notice_count, 0);
    log_append(&log_a, 30, &clock_now, &content);
    assert_int_equal(one_night(&n, &log_a), 30);
    assert_true(id_runs_has(&n.verdicts[0].take, 501));
    assert_int_equal(n.verdicts[0].notice_count, 0);
}

static void a_cleared_log_begins_anew(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 500);
    one_night(&n, &log_a);
    for (size_t count = 1; count < 900; count = count * 3 + 1) { /* shorter than before, and longer */
        log_new(&log_a, count);
        assert_int_equal(one_night(&n, &log_a), count);
        assert_true(said(&n, 0, NOTICE_LOG_CLEARED));
        log_append(&log_a, 5, &clock_now, &content);
        assert_int_equal(one_night(&n, &log_a), 5);
        assert_int_equal(n.verdicts[0].notice_count, 0);
    }
}

static void a_log_that_wrapped_past_the_mark_lost_records(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 100);
    one_night(&n, &log_a);
    log_append(&log_a, MOST, &clock_now, &content);
    uint64_t first = log_a.first;
    assert_true(first > 101);
    assert_int_equal(one_night(&n, &log_a), log_a.count);
    assert_true(said(&n, 0, NOTICE_LOG_WRAPPED));
    assert_int_equal(n.verdicts[0].notices[0].value, first - 101);
    assert_int_equal(one_night(&n, &log_a), 0);
}

static void a_log_that_was_rolled_back_forks(void **state)
{
    (void)state;
    static const size_t back[] = { 1, 3, 47, 48, 60, 200, 1500 };
    for (size_t i = 0; i < COUNT_OF(back); i++) {
        struct night n = { 0 };
        log_new(&log_a, 2000);
        one_night(&n, &log_a);
        log_a.count -= back[i];
        log_append(&log_a, 10, &clock_now, &content);
        uint64_t took = one_night(&n, &log_a);
        assert_true(said(&n, 0, NOTICE_LOG_ROLLED_BACK));
        assert_true(took >= 10 && took <= 10 + 64); /* some that were read: known as duplicates by their hits */
        for (uint64_t id = 2001 - back[i]; id < 2011 - back[i]; id++)
            assert_true(id_runs_has(&n.verdicts[0].take, id));
        assert_int_equal(one_night(&n, &log_a), 0);
        log_append(&log_a, 2, &clock_now, &content);
        assert_int_equal(one_night(&n, &log_a), 2);
    }
}

static void a_log_that_is_exported_twice_counts_once(void **state)
{
    (void)state;
    for (int longer = 0; longer < 2; longer++) {
        struct night n = { 0 };
        log_new(&log_a, 1500);
        log_b = log_a;
        if (longer)
            log_append(&log_b, 40, &clock_now, &content);
        night_begin(&n);
        night_read(&n, "a.evtx", "NODE1", &log_a);
        night_read(&n, "b.evtx", "node1", &log_b);
        night_end(&n);
        assert_int_equal(taken(&n, 0) + taken(&n, 1), log_b.count);
        assert_int_equal(one_night(&n, &log_a), 0);
        assert_int_equal(one_night(&n, &log_b), 0);
    }
}

static void rotated_logs_go_on(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 300);
    one_night(&n, &log_a);
    log_append(&log_a, 50, &clock_now, &content); /* then it is archived, and numbers go on in a new file */
    log_b = (struct sim_log){ .first = 351 };
    log_append(&log_b, 20, &clock_now, &content);
    night_begin(&n);
    night_read(&n, "System.evtx", "NODE1", &log_b);
    night_read(&n, "Archive-System.evtx", "NODE1", &log_a);
    night_end(&n);
    assert_int_equal(taken(&n, 0), 20);
    assert_int_equal(taken(&n, 1), 50);
    assert_int_equal(n.verdicts[0].notice_count + n.verdicts[1].notice_count, 1);
    assert_true(said(&n, 0, NOTICE_LOG_ROTATED));
}

static void an_older_copy_brings_nothing(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 900);
    log_b = log_a;
    log_append(&log_a, 400, &clock_now, &content);
    one_night(&n, &log_a);
    assert_int_equal(one_night(&n, &log_b), 0);
    assert_true(said(&n, 0, NOTICE_LOG_OLDER));
    assert_int_equal(one_night(&n, &log_a), 0);
    log_b.count = 3; /* truncated to almost nothing: no mark is left in it */
    assert_int_equal(one_night(&n, &log_b), 0);
    log_new(&log_b, 20);
    assert_int_equal(one_night(&n, &log_b), 20);
    assert_int_equal(one_night(&n, &log_a), 0); /* from the backup: of an older generation, and known */
    assert_true(said(&n, 0, NOTICE_LOG_OLDER));
}

static void another_machine_of_the_name_is_told_apart(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 300);
    log_b = log_a;
    for (size_t i = 0; i < log_b.count; i++)
        log_b.content[i] += 1000000;
    one_night(&n, &log_a);
    assert_int_equal(one_night(&n, &log_b), 300);
    assert_true(said(&n, 0, NOTICE_LOG_REPLACED));
    for (int i = 0; i < 4; i++) { /* they take turns, as two clusters in one folder do */
        log_append(&log_a, 3, &clock_now, &content);
        log_append(&log_b, 4, &clock_now, &content);
        night_begin(&n);
        night_read(&n, "a.evtx", "NODE1", &log_a);
        night_read(&n, "b.evtx", "NODE1", &log_b);
        night_end(&n);
        assert_int_equal(taken(&n, 0), 3);
        assert_int_equal(taken(&n, 1), 4);
    }
}

static void a_damaged_log_that_is_whole_later_gives_the_rest(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 1000);
    log_b = (struct sim_log){ .first = 701 };
    log_b.count = 300;
    memcpy(log_b.time, log_a.time + 700, 300 * sizeof *log_b.time);
    memcpy(log_b.content, log_a.content + 700, 300 * sizeof *log_b.content);
    one_night(&n, &log_b);
    assert_int_equal(one_night(&n, &log_a), 700);
    assert_int_equal(one_night(&n, &log_b), 0);
}

static void a_node_that_is_renamed_loses_nothing(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 100);
    one_night(&n, &log_a);
    log_b = (struct sim_log){ .first = 101 };
    log_append(&log_b, 10, &clock_now, &content);
    night_begin(&n);
    night_read(&n, "a.evtx", "NODE1", &log_a);
    night_read(&n, "a.evtx", "NODE9", &log_b);
    night_end(&n);
    assert_int_equal(taken(&n, 0), 0);
    assert_int_equal(taken(&n, 1), 10);
    assert_true(said(&n, 1, NOTICE_NODE_RENAMED));
}

/* Whatever happens: each record that any export held is taken, and none is taken twice but near a fork. */
static void a_random_life_loses_nothing(void **state)
{
    (void)state;
    static uint8_t took[1u << 20];
    srand(7);
    for (int life = 0; life < 20; life++) {
        struct night n = { 0 };
        uint64_t begin = content;
        size_t twice = 0, forks = 0;
        memset(took, 0, sizeof took);
        log_new(&log_a, 50);
        for (int i = 0; i < 60; i++) {
            int what = rand() % 10;
            if (what == 0)
                log_clear(&log_a);
            if (what == 1 && log_a.count > 20) {
                log_a.count -= (size_t)rand() % (log_a.count / 2);
                forks++;
            }
            log_append(&log_a, (size_t)rand() % (what == 2 ? 3000 : 60), &clock_now, &content);
            one_night(&n, &log_a);
            for (size_t k = 0; k < log_a.count; k++) {
                uint8_t *t = &took[log_a.content[k] - begin];
                bool take = id_runs_has(&n.verdicts[0].take, log_a.first + k);
                twice += take && *t;
                *t = *t || take;
                assert_true(*t);
            }
        }
        assert_true(twice <= forks * 64);
        arena_reset(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_new_records_are_taken),
        cmocka_unit_test(a_cleared_log_begins_anew),
        cmocka_unit_test(a_log_that_wrapped_past_the_mark_lost_records),
        cmocka_unit_test(a_log_that_was_rolled_back_forks),
        cmocka_unit_test(a_log_that_is_exported_twice_counts_once),
        cmocka_unit_test(rotated_logs_go_on),
        cmocka_unit_test(an_older_copy_brings_nothing),
        cmocka_unit_test(another_machine_of_the_name_is_told_apart),
        cmocka_unit_test(a_damaged_log_that_is_whole_later_gives_the_rest),
        cmocka_unit_test(a_node_that_is_renamed_loses_nothing),
        cmocka_unit_test(a_random_life_loses_nothing),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
