/* What a log is called that does not say it, and how it is known again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "state/log_name.h"
#include "sim_logs.h"

/* Names with the day of the export are one log; any other name is known by its records. */
static void a_log_without_a_channel_is_known_again(void **state)
{
    (void)state;
    struct night n = { 0 };
    channel = "";
    log_new(&log_a, 500);
    assert_int_equal(night_of_file(&n, "x/NODE1-2026-11-19.evt", &log_a), 500);
    log_append(&log_a, 10, &clock_now, &content);
    assert_int_equal(night_of_file(&n, "x/NODE1-2026-11-20.evt", &log_a), 10);
    assert_int_equal(n.verdicts[0].notice_count, 0);
    log_a.first += 600;
    log_append(&log_a, 10, &clock_now, &content);
    night_of_file(&n, "x/NODE1-2026-11-21.evt", &log_a);
    assert_true(said(&n, 0, NOTICE_LOG_WRAPPED));
    log_clear(&log_a);
    log_append(&log_a, 20, &clock_now, &content);
    assert_int_equal(night_of_file(&n, "x/NODE1-2026-11-22.evt", &log_a), 20);
    assert_true(said(&n, 0, NOTICE_LOG_CLEARED));
    assert_int_equal(night_of_file(&n, "y/copy.evt", &log_a), 0);
    assert_int_equal(n.verdicts[0].notice_count, 0);
    log_new(&log_b, 40);
    assert_int_equal(night_of_file(&n, "x/other.evt", &log_b), 40);
    assert_int_equal(n.verdicts[0].notice_count, 0);
    assert_int_equal(n.known.count, 2);
    channel = "System";
}

/* The channel of an .evt log is guessed from what is in it, and that is overwritten, or cleared. */
static void a_log_whose_channel_comes_and_goes_is_one(void **state)
{
    (void)state;
    for (int guessed = 0; guessed < 2; guessed++) {
        struct night n = { 0 };
        const char *first = guessed ? "System" : "", *then = guessed ? "" : "System";
        log_new(&log_a, 60);
        night_of(&n, "x/2026-11-20/NODE1.evt", first, &log_a);
        log_new(&log_a, 10);
        assert_int_equal(night_of(&n, "x/2026-11-21/NODE1.evt", then, &log_a), 10);
        assert_true(said(&n, 0, NOTICE_LOG_CLEARED));
        log_a.first += 300;
        log_append(&log_a, 5, &clock_now, &content);
        assert_int_equal(night_of(&n, "x/2026-11-22/NODE1.evt", first, &log_a), 15);
        assert_true(said(&n, 0, NOTICE_LOG_WRAPPED));
        assert_int_equal(n.verdicts[0].notices[0].value, 290);
        assert_int_equal(n.known.count, 1);
        /* Another file, or one that names another channel, is not it. */
        log_new(&log_b, 20);
        assert_int_equal(night_of(&n, "y/NODE1-b.evt", "", &log_b), 20);
        assert_int_equal(n.verdicts[0].notice_count, 0);
        assert_int_equal(n.known.count, 2);
        night_of(&n, "y/NODE1.evtx", "System", &log_a);
        night_of(&n, "y/NODE1.evtx", "Application", &log_b);
        assert_false(said(&n, 0, NOTICE_LOG_CLEARED) || said(&n, 0, NOTICE_LOG_REPLACED));
    }
}

/* One input with several logs, one of which names no channel: none is the other. */
static void logs_of_one_file_are_told_apart(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 60);
    log_new(&log_b, 30);
    for (int i = 0; i < 3; i++) {
        night_begin(&n);
        night_read(&n, "x/all.evtx", "NODE1", &log_a);
        channel = "";
        night_read(&n, "x/all.evtx", "NODE1", &log_b);
        channel = "System";
        night_end(&n);
        assert_int_equal(taken(&n, 0) + taken(&n, 1), i ? 0 : 90);
        assert_int_equal(n.verdicts[0].notice_count + n.verdicts[1].notice_count, 0);
        assert_int_equal(n.known.count, 2);
    }
}

static void names_of_files(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        { "NODE1.evt", "NODE1.evt" }, { "a/b/NODE1.evt", "NODE1.evt" }, { "a/log1.evt", "log1.evt" },
        { "a/NODE1-2026-11-20.evt", "NODE1-*.evt" }, { "a/NODE1_20261120.evt", "NODE1_*.evt" },
        { "NODE1.20.11.2026.evt", "NODE1.*.evt" }, { "20261120-020000-NODE1.evt", "*-NODE1.evt" },
        { "2026-11-20T02-00-00Z_NODE1.evt", "*_NODE1.evt" }, { "Archive-Sys-2026-11-20-08-21-37-123.evt", "Archive-Sys-*.evt" },
        { "node1/sys/2026-11-20.evt", "sys/*.evt" }, { "2026-11-20.evt", "*.evt" }, { "s-202611200200.evt", "s-*.evt" },
        { "s-2026-13-20.evt", "s-2026-13-20.evt" }, { "s-20261320.evt", "s-20261320.evt" }, { "s-120261120.evt", "s-120261120.evt" },
        { "s-2026-11-20-1.evt", "s-*-1.evt" }, { "s-2026-11-20-12.evt", "s-*-12.evt" }, { "s-2026-11.20.evt", "s-2026-11.20.evt" },
        { "s-2026-11-20-1234.evt", "s-*.evt" }, { "1999", "1999" }, { "", "" }, { "/", "" },
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_string_equal(text_keep(&arena, log_name_of_file(&arena, names[i][0])).p, names[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_without_a_channel_is_known_again),
        cmocka_unit_test(a_log_whose_channel_comes_and_goes_is_one),
        cmocka_unit_test(logs_of_one_file_are_told_apart),
        cmocka_unit_test(names_of_files),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
