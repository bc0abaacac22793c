/* Logs over many runs: nothing is lost, nothing is taken twice, and what happened to a log is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "state/generation.h"
#include "state/log_name.h"

/* A log as it is tonight: numbers first .. first+count-1; what each says is told by its `content`. */
#define ROOM 131072
#define MOST 4096

static size_t most = MOST / 2;

struct sim_log {
    uint64_t first;
    size_t count;
    uint64_t time[ROOM], content[ROOM];
};

struct night {
    struct known_logs known;
    struct log_parts parts;
    struct part_verdict *verdicts;
};

static struct arena arena;

static int arena_setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int arena_teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void night_begin(struct night *n)
{
    n->known.arena = &arena;
    for (size_t i = 0; i < n->known.count; i++) {
        n->known.items[i]->all = (struct marks){ 0 };
        n->known.items[i]->indexed = false;
    }
    memset(n->known.asked, 0, sizeof n->known.asked);
    known_logs_index(&n->known);
    n->parts = (struct log_parts){ .arena = &arena, .asked = known_logs_asked, .ctx = &n->known };
}

/* Records of .evt logs name no channel. */
static const char *channel = "System";
static uint32_t level;

static void night_read(struct night *n, const char *path, const char *node, const struct sim_log *log)
{
    for (size_t i = 0; i < log->count; i++) {
        struct event_key key = { .provider = TEXT("P"), .channel = text_from(channel), .computer = text_from(node),
                                 .id = (uint32_t)log->content[i], .time = log->time[i], .record_id = log->first + i,
                                 .level = level };
        log_parts_add(&n->parts, path, &key);
    }
}

static void night_end(struct night *n)
{
    n->verdicts = parts_judge(&n->known, &n->parts);
}

static void log_append(struct sim_log *log, size_t count, uint64_t *clock, uint64_t *content)
{
    for (size_t i = 0; i < count; i++) {
        if (log->count == most && log->count > 16) { /* it wraps */
            log->first += 16;
            log->count -= 16;
            memmove(log->time, log->time + 16, log->count * sizeof *log->time);
            memmove(log->content, log->content + 16, log->count * sizeof *log->content);
        }
        *clock += 7 * TICKS_PER_SECOND;
        log->time[log->count] = *clock;
        log->content[log->count++] = ++*content;
    }
}

static void log_clear(struct sim_log *log)
{
    log->first = 1;
    log->count = 0;
}

static uint64_t taken(const struct night *n, size_t part)
{
    return id_runs_count(&n->verdicts[part].take);
}

static bool said(const struct night *n, size_t part, enum notice_code code)
{
    const struct part_verdict *v = &n->verdicts[part];
    for (size_t i = 0; i < v->notice_count; i++)
        if (v->notices[i].code == code)
            return true;
    return false;
}

/* One export of one log a night. */
static uint64_t one_night(struct night *n, const struct sim_log *log)
{
    night_begin(n);
    night_read(n, "a.evtx", "NODE1", log);
    night_end(n);
    return n->parts.count ? taken(n, 0) : 0;
}

static struct sim_log log_a, log_b;
static uint64_t clock_now = UINT64_C(130000000000000000), content;

static void log_new(struct sim_log *log, size_t count)
{
    log_clear(log);
    log_append(log, count, &clock_now, &content);
}

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

static uint64_t night_of_file(struct night *n, const char *path, const struct sim_log *log)
{
    night_begin(n);
    night_read(n, path, "NODE1", log);
    night_end(n);
    return taken(n, 0);
}

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

static uint64_t night_of(struct night *n, const char *path, const char *names, const struct sim_log *log)
{
    channel = names;
    uint64_t took = night_of_file(n, path, log);
    channel = "System";
    return took;
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

static void runs_are_sets(void **state)
{
    (void)state;
    struct id_runs r, s, rest;
    struct buf out;
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
        cmocka_unit_test(a_log_without_a_channel_is_known_again),
        cmocka_unit_test(a_log_in_two_formats_counts_once),
        cmocka_unit_test(a_level_that_formats_tell_apart_is_one),
        cmocka_unit_test(a_log_whose_channel_comes_and_goes_is_one),
        cmocka_unit_test(logs_of_one_file_are_told_apart),
        cmocka_unit_test(a_twin_without_a_past_hushes_nobody),
        cmocka_unit_test(a_twin_that_forks_is_used_up_to_there),
        cmocka_unit_test(a_fork_in_a_long_log_loses_nothing),
        cmocka_unit_test(what_is_in_an_archive_was_not_overwritten),
        cmocka_unit_test(what_a_twin_gives_back_is_given_back),
        cmocka_unit_test(other_logs_of_the_node_are_no_twins),
        cmocka_unit_test(names_of_files),
        cmocka_unit_test(runs_are_sets),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
