/* One log in two formats, or under two names: counted once, and what happened to it is said once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim_logs.h"

/* Both formats of a log in one night, in either order of age; `old` of the one whose records name no channel are missing. */
static void night_of_twins(struct night *n, struct sim_log *log, size_t old_evt, size_t old_evtx)
{
    static struct sim_log cut;
    const size_t old[] = { old_evt, old_evtx };
    night_begin(n);
    for (size_t i = 0; i < 2; i++) {
        cut = *log;
        cut.first += old[i];
        cut.count -= old[i];
        memmove(cut.time, cut.time + old[i], cut.count * sizeof *cut.time);
        memmove(cut.content, cut.content + old[i], cut.count * sizeof *cut.content);
        channel = i ? "System" : "";
        night_read(n, i ? "x/NODE1.evtx" : "x/NODE1.evt", "NODE1", &cut);
    }
    night_end(n);
    channel = "System";
}

static void a_log_in_two_formats_counts_once(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 500);
    night_of_twins(&n, &log_a, 0, 0);
    assert_int_equal(taken(&n, 0), 0); /* the one that names its channel comes first */
    assert_int_equal(taken(&n, 1), 500);
    assert_true(said(&n, 0, NOTICE_LOG_TWIN));
    for (int night = 0; night < 3; night++) { /* and says it once */
        log_append(&log_a, 30, &clock_now, &content);
        night_of_twins(&n, &log_a, 0, 0);
        assert_int_equal(taken(&n, 0) + taken(&n, 1), 30);
        assert_int_equal(n.verdicts[0].notice_count + n.verdicts[1].notice_count, 0);
    }
    /* Wrapped past what was read, the one further than the other: what both lack is lost, and that is said once. */
    for (size_t evtx = 0; evtx < 2; evtx++) {
        log_append(&log_a, 200, &clock_now, &content);
        night_of_twins(&n, &log_a, log_a.count - (evtx ? 100 : 60), log_a.count - (evtx ? 60 : 100));
        assert_int_equal(taken(&n, 0) + taken(&n, 1), 100);
        assert_int_equal(said(&n, 0, NOTICE_LOG_WRAPPED) + said(&n, 1, NOTICE_LOG_WRAPPED), 1);
    }
    log_clear(&log_a);
    log_append(&log_a, 80, &clock_now, &content);
    night_of_twins(&n, &log_a, 0, 0);
    assert_int_equal(taken(&n, 0) + taken(&n, 1), 80);
    assert_int_equal(said(&n, 0, NOTICE_LOG_CLEARED) + said(&n, 1, NOTICE_LOG_CLEARED), 1);
    /* A snapshot: 50 are gone, 20 others have come. */
    log_a.count -= 50;
    log_append(&log_a, 20, &clock_now, &content);
    night_of_twins(&n, &log_a, 0, 0);
    assert_int_equal(taken(&n, 0) + taken(&n, 1), 20);
    assert_int_equal(said(&n, 0, NOTICE_LOG_ROLLED_BACK) + said(&n, 1, NOTICE_LOG_ROLLED_BACK), 1);
    /* Now the one format only, then the other. */
    log_append(&log_a, 7, &clock_now, &content);
    assert_int_equal(one_night(&n, &log_a), 7);
    log_append(&log_a, 9, &clock_now, &content);
    channel = "";
    assert_int_equal(night_of_file(&n, "x/NODE1.evt", &log_a), 9);
    assert_int_equal(n.verdicts[0].notice_count, 0);
    channel = "System";
    assert_int_equal(n.known.count, 2);
}

/* An .evt record of type 0 has level 4, and level 0 in the .evtx file converted from it; marks of old remember either. */
static void a_level_that_formats_tell_apart_is_one(void **state)
{
    (void)state;
    struct night n = { 0 };
    channel = "";
    log_new(&log_a, 60);
    level = 4;
    assert_int_equal(night_of_file(&n, "x/NODE1.evt", &log_a), 60);
    channel = "System";
    level = 0;
    assert_int_equal(night_of_file(&n, "x/NODE1.evtx", &log_a), 0);
    level = 3;
    assert_int_equal(night_of_file(&n, "x/NODE1.evtx", &log_a), 60);
    level = 0;
}

/* Of two names of a log the one that was not exported any more has the beginning only: what came later is in the other. */
static void the_twin_that_was_read_furthest_counts(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 40);
    channel = "";
    assert_int_equal(night_of_file(&n, "x/NODE1.evt", &log_a), 40);
    log_new(&log_a, 40);
    night_begin(&n);
    night_read(&n, "x/NODE1.evt", "NODE1", &log_a);
    night_read(&n, "x/NODE1-2001-01-02.evt", "NODE1", &log_a);
    night_end(&n);
    assert_int_equal(taken(&n, 0) + taken(&n, 1), 40);
    log_append(&log_a, 40, &clock_now, &content);
    assert_int_equal(night_of_file(&n, "x/NODE1.evt", &log_a), 40);
    log_append(&log_a, 40, &clock_now, &content);
    channel = "System";
    assert_int_equal(night_of_file(&n, "x/converted.evtx", &log_a), 40);
}

static void take_all_once(const struct night *n, const struct sim_log *log, uint8_t *took, uint64_t begin, size_t *twice)
{
    for (size_t k = 0; k < log->count; k++) {
        uint8_t *t = &took[log->content[k] - begin];
        bool take = id_runs_has(&n->verdicts[0].take, log->first + k);
        *twice += take && *t;
        *t = *t || take;
        assert_true(*t);
    }
}

/* What a twin that had no past when it happened did not tell is told by the one that knows. */
static void a_twin_without_a_past_hushes_nobody(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 60);
    night_of(&n, "x/NODE1.evt", "", &log_a);
    log_new(&log_a, 10);
    night_of(&n, "x/NODE1.evtx", "System", &log_a);
    assert_int_equal(n.verdicts[0].notice_count, 0);
    assert_int_equal(night_of(&n, "x/NODE1.evt", "", &log_a), 0);
    assert_true(said(&n, 0, NOTICE_LOG_CLEARED));
    assert_int_equal(night_of(&n, "x/NODE1.evtx", "System", &log_a), 0);
    assert_int_equal(n.verdicts[0].notice_count, 0);
}

/* Now the one format, now the other, and a snapshot is restored in between: counted once, and said once. */
static void a_twin_that_forks_is_used_up_to_there(void **state)
{
    (void)state;
    static uint8_t took[1u << 12];
    for (int turn = 0; turn < 2; turn++) {
        struct night n = { 0 };
        const char *const paths[] = { "x/NODE1.evtx", "x/NODE1.evt" }, *const names[] = { "System", "" };
        uint64_t begin = content;
        size_t twice = 0, told = 0;
        memset(took, 0, sizeof took);
        log_new(&log_a, 5);
        night_of(&n, paths[turn], names[turn], &log_a);
        take_all_once(&n, &log_a, took, begin, &twice);
        log_append(&log_a, 21, &clock_now, &content);
        night_of(&n, paths[!turn], names[!turn], &log_a);
        take_all_once(&n, &log_a, took, begin, &twice);
        log_a.count -= 3;
        for (int i = 0; i < 4; i++) {
            log_append(&log_a, 8, &clock_now, &content);
            night_of(&n, paths[(turn + i) % 2], names[(turn + i) % 2], &log_a);
            take_all_once(&n, &log_a, took, begin, &twice);
            told += said(&n, 0, NOTICE_LOG_ROLLED_BACK);
        }
        assert_int_equal(twice, 0);
        assert_int_equal(told, 1);
    }
}

/* A fork between two of the few marks of a long part: what is behind it is not in the twin. */
static void a_fork_in_a_long_log_loses_nothing(void **state)
{
    (void)state;
    static const char *const paths[] = { "x/NODE1.evtx", "x/NODE1.evt" }, *const names[] = { "System", "" };
    most = ROOM;
    for (size_t turn = 0; turn < 2; turn++) {
        struct night n = { 0 };
        log_new(&log_a, 4000);
        night_of(&n, paths[turn], names[turn], &log_a);
        log_a.count = 3073;
        uint64_t clock = log_a.time[3072] + 1; /* which went back as well */
        log_append(&log_a, 62000, &clock, &content);
        night_of(&n, paths[!turn], names[!turn], &log_a);
        for (uint64_t id = 3074; id <= log_a.count; id++)
            assert_true(id_runs_has(&n.verdicts[0].take, id));
        assert_true(taken(&n, 0) < 62000 + 512);
        assert_true(said(&n, 0, NOTICE_LOG_ROLLED_BACK));
        clock_now = clock;
    }
    most = MOST / 2;
}

/* Rotated, under a name that tells the channel: what lies in between is there, and no more than that is lost. */
static void what_is_in_an_archive_was_not_overwritten(void **state)
{
    (void)state;
    for (uint64_t lost = 0; lost < 8; lost += 7) {
        struct night n = { 0 };
        log_new(&log_a, 31);
        night_of(&n, "x/NODE1.evt", "", &log_a);
        log_append(&log_a, 21, &clock_now, &content);
        log_b = (struct sim_log){ .first = 53 + lost };
        log_append(&log_b, 3, &clock_now, &content);
        night_begin(&n);
        night_read(&n, "x/Archive-System.evt", "NODE1", &log_a);
        channel = "";
        night_read(&n, "x/NODE1.evt", "NODE1", &log_b);
        channel = "System";
        night_end(&n);
        assert_int_equal(taken(&n, 0), 21);
        assert_int_equal(taken(&n, 1), 3);
        assert_true(said(&n, 1, lost ? NOTICE_LOG_WRAPPED : NOTICE_LOG_ROTATED));
        assert_int_equal(n.verdicts[1].notices[0].value, lost ? lost : 53);
    }
}

/* What a twin was to take, and could not be read, is not known of the other one either. */
static void what_a_twin_gives_back_is_given_back(void **state)
{
    (void)state;
    struct night n = { 0 };
    log_new(&log_a, 100);
    night_of_twins(&n, &log_a, 0, 0);
    verdict_take_back(&n.known, n.verdicts, 2, &n.verdicts[1]);
    assert_true(n.verdicts[0].of->doubted && n.verdicts[1].of->doubted);
    channel = "";
    assert_int_equal(night_of_file(&n, "x/NODE1.evt", &log_a), 100);
    channel = "System";
}

/* Logs of one node, one of which names no channel: they share numbers, and now and then a time. */
static void other_logs_of_the_node_are_no_twins(void **state)
{
    (void)state;
    struct night n = { 0 };
    uint64_t same_clock = clock_now;
    log_new(&log_a, 300);
    log_clear(&log_b);
    log_append(&log_b, 300, &same_clock, &content);
    night_begin(&n);
    night_read(&n, "x/NODE1.evtx", "NODE1", &log_a);
    channel = "";
    night_read(&n, "x/NODE1.evt", "NODE1", &log_b);
    night_read(&n, "x/NODE2.evt", "NODE2", &log_a);
    channel = "System";
    night_end(&n);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(taken(&n, i), 300);
        assert_null(n.verdicts[i].twin);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_in_two_formats_counts_once),
        cmocka_unit_test(a_level_that_formats_tell_apart_is_one),
        cmocka_unit_test(the_twin_that_was_read_furthest_counts),
        cmocka_unit_test(a_twin_without_a_past_hushes_nobody),
        cmocka_unit_test(a_twin_that_forks_is_used_up_to_there),
        cmocka_unit_test(a_fork_in_a_long_log_loses_nothing),
        cmocka_unit_test(what_is_in_an_archive_was_not_overwritten),
        cmocka_unit_test(what_a_twin_gives_back_is_given_back),
        cmocka_unit_test(other_logs_of_the_node_are_no_twins),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
