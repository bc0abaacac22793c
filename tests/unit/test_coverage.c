/* What logs cover: runs of records, holes, starts, steps of the clock, and what follows for a window. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "corr/node_log.h"
#include "corr/node_logs.h"
#include "story.h"

static const char *const rules[] = { "eventlog-cleared", "a", NULL };
static const struct zone utc;

struct record {
    uint64_t id;
    int64_t second;
    const char *provider; /* NULL: nobody special */
    uint32_t event;
};

static void record_add(struct input_result *input, struct arena *arena, const struct record *r)
{
    struct event e = story_key("NODE1", r->second);
    e.key.record_id = r->id;
    if (r->provider) {
        e.key.provider = text_from(r->provider);
        e.key.id = r->event;
    }
    coverage_add(input, arena, &e.key);
}

static int64_t second_of(uint64_t time)
{
    return time ? ((int64_t)time - (int64_t)STORY_START) / (int64_t)TICKS_PER_SECOND : -1;
}

static const char *coverage_tell(struct buf *out, const struct coverage *c)
{
    out->n = 0;
    for (size_t i = 0; i < c->run_count; i++)
        buf_add_format(out, "%llu-%llu(%llu) %lld..%lld\n", (unsigned long long)c->runs[i].first_id,
                       (unsigned long long)c->runs[i].last_id, (unsigned long long)c->runs[i].records,
                       (long long)second_of(c->runs[i].first), (long long)second_of(c->runs[i].last));
    for (size_t i = 0; i < c->start_count; i++)
        buf_add_format(out, "start %llu at %lld after %lld%s\n", (unsigned long long)c->starts[i].id,
                       (long long)second_of(c->starts[i].time), (long long)second_of(c->starts[i].before),
                       c->starts[i].orderly ? " in order" : "");
    for (size_t i = 0; i < c->step_count; i++)
        buf_add_format(out, "step %llu from %lld to %lld\n", (unsigned long long)c->steps[i].id,
                       (long long)second_of(c->steps[i].before), (long long)second_of(c->steps[i].after));
    buf_add_char(out, '\0');
    return out->p;
}

static const struct {
    struct record records[12]; /* up to the first without a number */
    const char *told;
} logs[] = {
    { { { 1, 10, 0, 0 }, { 2, 20, 0, 0 }, { 3, 30, 0, 0 } }, "1-3(3) 10..30\n" },
    { { { 5, 10, 0, 0 }, { 6, 20, 0, 0 }, { 9, 90, 0, 0 } }, "5-6(2) 10..20\n9-9(1) 90..90\n" },
    /* wrapped: the file begins with newer records */
    { { { 7, 70, 0, 0 }, { 8, 80, 0, 0 }, { 5, 50, 0, 0 }, { 6, 60, 0, 0 } }, "5-8(4) 50..80\n" },
    /* the same record again */
    { { { 1, 10, 0, 0 }, { 2, 20, 0, 0 }, { 2, 20, 0, 0 }, { 1, 10, 0, 0 }, { 3, 30, 0, 0 } }, "1-3(3) 10..30\n" },
    { { { 1, 10, "EventLog", 6006 }, { 2, 500, "EventLog", 6009 }, { 3, 500, "EventLog", 6005 }, { 4, 510, 0, 0 } },
      "1-4(4) 10..510\nstart 2 at 500 after 10 in order\n" },
    { { { 1, 10, 0, 0 }, { 2, 500, "EventLog", 6005 }, { 3, 480, "Microsoft-Windows-Kernel-General", 12 } },
      "1-3(3) 10..500\nstart 2 at 500 after 10\n" },
    { { { 1, 10, "Microsoft-Windows-Kernel-General", 13 },
        { 2, 400, "Microsoft-Windows-Kernel-General", 12 },
        { 3, 440, "EventLog", 6005 } },
      "1-3(3) 10..440\nstart 2 at 400 after 10 in order\n" },
    { { { 1, 10, "Server", 6006 }, { 2, 500, "Server", 6005 } }, "1-2(2) 10..500\n" },
    { { { 1, 1000, 0, 0 }, { 2, 400, 0, 0 }, { 3, 410, 0, 0 } }, "1-3(3) 400..1000\nstep 2 from 1000 to 400\n" },
    { { { 1, 1000, 0, 0 }, { 2, 941, 0, 0 } }, "1-2(2) 941..1000\n" },
    { { { UINT64_MAX, 10, 0, 0 }, { 1, 20, 0, 0 } }, "1-1(1) 20..20\n18446744073709551615-18446744073709551615(1) 10..10\n" },
};

/* Counted in one go, and in two parts cut at every place: the same. */
static void runs_do_not_depend_on_batches(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < COUNT_OF(logs); i++)
        for (size_t cut = 0; cut < COUNT_OF(logs[i].records); cut++) {
            struct arena arena;
            struct input_result all = { 0 }, first = { 0 }, second = { 0 };
            arena_init(&arena);
            for (size_t k = 0; k < COUNT_OF(logs[i].records) && logs[i].records[k].id; k++)
                record_add(k < cut ? &first : &second, &arena, &logs[i].records[k]);
            coverage_merge(&all, &arena, &first);
            coverage_merge(&all, &arena, &second);
            coverage_settle(&all);
            /* A record that comes twice in two parts counts twice; what it covers is the same. */
            if (i != 3 || cut == 0)
                assert_string_equal(coverage_tell(&out, all.coverage), logs[i].told);
            arena_done(&arena);
        }
    buf_done(&out);
}

static void holes_without_end_are_joined_over_the_shortest(void **state)
{
    (void)state;
    struct arena arena;
    struct input_result input = { 0 };
    arena_init(&arena);
    for (uint64_t i = 0; i < 10000; i++) /* every second record is missing; thrice for an hour */
        record_add(&input, &arena, &(struct record){ 1 + 2 * i, (int64_t)i * 10 + (int64_t)(i / 2500) * HOUR, NULL, 0 });
    coverage_settle(&input);
    const struct coverage *c = input.coverage;
    assert_true(c->run_count <= LIMIT_COVERAGE_RUNS);
    uint64_t records = 0;
    size_t hours = 0;
    for (size_t i = 0; i < c->run_count; i++) {
        records += c->runs[i].records;
        hours += i > 0 && c->runs[i].opens - c->runs[i - 1].newest >= (uint64_t)HOUR * TICKS_PER_SECOND;
    }
    assert_int_equal(records, 10000);
    assert_int_equal(hours, 3);
    assert_int_equal(c->runs[0].first_id, 1);
    assert_int_equal(c->runs[c->run_count - 1].last_id, 19999);
    arena_done(&arena);
}

static void made_up_numbers_do_not_grow_without_bound(void **state)
{
    (void)state;
    struct arena arena;
    struct input_result input = { 0 };
    size_t runs = 0;
    arena_init(&arena);
    for (uint64_t i = 0; i < 100000; i++) {
        char name[24];
        snprintf(name, sizeof name, "N%llu", (unsigned long long)(i * 7919 % 1000));
        struct event e = story_key(name, (int64_t)(i * 104729 % 100000));
        e.key.record_id = 1 + i * 7 % 65536;
        e.key.id = i % 3 ? 6005 : 1;
        e.key.provider = TEXT("EventLog");
        coverage_add(&input, &arena, &e.key);
    }
    for (struct coverage *c = input.coverage; c; c = c->next) {
        runs += c->run_count;
        assert_true(c->start_count <= LIMIT_COVERAGE_STARTS && c->step_count <= LIMIT_COVERAGE_STEPS);
    }
    assert_true(runs <= LIMIT_COVERAGE_ALL_RUNS + 1000);
    coverage_settle(&input);
    for (struct coverage *c = input.coverage; c; c = c->next)
        assert_true(c->run_count <= LIMIT_COVERAGE_RUNS);
    arena_done(&arena);
}

static struct input_result *log_begin(struct story *s, const char *path, const struct record *records, size_t count)
{
    struct input_result *input = partial_add_input(&s->partial, text_from(path));
    input->format = TEXT("evtx");
    for (size_t i = 0; i < count; i++)
        record_add(input, &s->partial.arena, &records[i]);
    s->logs[s->log_count++] = (struct story_log){ "NODE1", input, 1000 };
    return input;
}

static void a_window_is_seen_or_the_reason_said(void **state)
{
    (void)state;
    static const struct record records[] = {
        { 50, 100, 0, 0 }, { 51, 200, 0, 0 },                      /* 52 to 60 are lost */
        { 61, 300, 0, 0 }, { 62, 400, "EventLog", 6006 }, { 63, 1000, "EventLog", 6005 },
        { 64, 2000, 0, 0 }, { 65, 3000, "EventLog", 6005 }, { 66, 4000, 0, 0 },
    };
    static const struct {
        int64_t from, to;
        enum log_gap gap;
        bool nothing;
        const char *text;
    } cases[] = {
        { 100, 200, LOG_COVERS, false, "" },
        { 0, 90, LOG_STARTS_LATER, true,
          "NODE1's System log starts 1999-04-12 02:01:40 UTC, after the event: its older records are gone" },
        { 150, 310, LOG_HAS_HOLE, false,
          "NODE1's System log lacks 9 records between 1999-04-12 02:03:20 and 1999-04-12 02:05:00 UTC" },
        { 250, 250, LOG_HAS_HOLE, true,
          "NODE1's System log lacks 9 records between 1999-04-12 02:03:20 and 1999-04-12 02:05:00 UTC" },
        { 300, 400, LOG_COVERS, false, "" },
        { 500, 600, LOG_NODE_DOWN, true,
          "NODE1 was shut down from 1999-04-12 02:06:40 to 1999-04-12 02:16:40 UTC" },
        { 390, 600, LOG_COVERS, false, "" }, /* it lived for a part of it, and a machine that is down does nothing */
        { 900, 1000, LOG_COVERS, false, "" },
        { 2500, 2500, LOG_NODE_SILENT, true,
          "NODE1 wrote nothing between 1999-04-12 02:33:20 and its start at 1999-04-12 02:50:00 UTC" },
    };
    struct story s;
    story_begin(&s, rules);
    log_begin(&s, "1.evtx", records, COUNT_OF(records));
    story_diagnose(&s);
    const struct node *node = s.timeline.nodes[0];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint64_t from = story_time(cases[i].from), to = story_time(cases[i].to);
        struct log_cover cover = node_log_covers(node, TEXT("System"), from, to);
        struct text text = log_gap_text(&s.arena, &utc, &(struct log_miss){ node, TEXT("System"), cover, (from + to) / 2 });
        assert_string_equal(text_keep(&s.arena, text).p, cases[i].text);
        assert_int_equal(cover.gap, cases[i].gap);
        assert_int_equal(cover.nothing, cases[i].nothing);
    }
    const struct node_log *log = node_log_find(node, TEXT("system"));
    assert_non_null(log);
    assert_int_equal(log->oldest, 50);
    assert_int_equal(log->missing, 9);
    assert_int_equal(log->hole_count, 1);
    assert_int_equal(log->holes[0].missing, 9);
    assert_int_equal(node->down_count, 2);
    assert_null(node_log_find(node, TEXT("Application")));
    story_end(&s);
}

/* As whoever reads a log does. */
static void read_one(struct input_result *input, struct arena *arena, const struct event_key *key, bool whole)
{
    if (whole || !coverage_doubts(input, key))
        coverage_add(input, arena, key);
    else
        coverage_add_torn(input, arena, key);
}

/* The second of three is torn: its number may be right, its time and its names are anything. */
static void a_torn_record_says_nothing_of_the_log(void **state)
{
    (void)state;
    static const struct {
        uint64_t time;
        const char *provider, *channel;
    } torn[] = {
        { 7609863, "x", "ystem" },
        { 1, "x", "System" },
        { STORY_START + 1, "x", "System" },
        { STORY_START + 1, "Microsoft-Windows-Kernel-General", "System" },
        { FILETIME_MAX - 1, "x", "System" },
    };
    for (size_t i = 0; i < COUNT_OF(torn); i++) {
        struct arena arena;
        struct input_result input = { 0 };
        arena_init(&arena);
        for (uint64_t id = 1; id <= 3; id++) {
            struct event e = story_key("NODE1", (int64_t)id);
            e.key.record_id = id;
            e.key.time = id == 2 ? torn[i].time : e.key.time;
            e.key.provider = text_from(id == 2 ? torn[i].provider : "EventLog");
            e.key.channel = text_from(id == 2 ? torn[i].channel : "System");
            read_one(&input, &arena, &e.key, id != 2);
        }
        coverage_settle(&input);
        assert_false(input.coverage->later);
        assert_int_equal(input.coverage->first, story_time(1));
        assert_int_equal(input.coverage->last, story_time(3));
        assert_int_equal(input.coverage->runs[0].opens, story_time(1));
        assert_int_equal(input.coverage->runs[input.coverage->run_count - 1].newest, story_time(3));
        assert_true(!input.coverage->next || (!input.coverage->next->later && input.coverage->next->first == 0));
        assert_int_equal(input.coverage->events + (input.coverage->next ? input.coverage->next->events : 0), 3);
        arena_done(&arena);
    }
}

/* A log of forged names must not have each of its records read. */
static void whole_records_are_doubted_once(void **state)
{
    (void)state;
    struct arena arena;
    struct input_result input = { 0 };
    struct event e = story_key("NODE1", 1);
    arena_init(&arena);
    for (unsigned i = 0; i < LIMIT_COVERAGE + 2; i++) {
        char name[16];
        snprintf(name, sizeof name, "N%u", i);
        e.key.computer = text_from(name);
        assert_int_equal(coverage_doubts(&input, &e.key), i < LIMIT_COVERAGE);
        coverage_add(&input, &arena, &e.key);
    }
    e.key.computer = TEXT("N7");
    assert_false(coverage_doubts(&input, &e.key));
    e.key.time += 1;
    assert_true(coverage_doubts(&input, &e.key));
    coverage_add(&input, &arena, &e.key);
    assert_false(coverage_doubts(&input, &e.key));
    arena_done(&arena);
}

/* The machine was renamed: numbers go on, so nothing is missing in between, and the log is there from its begin. */
static void a_renamed_machine_has_one_log(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    struct input_result *input = partial_add_input(&s.partial, TEXT("1.evtx"));
    for (uint64_t i = 1; i <= 8; i++) {
        struct event e = story_key(i <= 4 ? "NODE1" : "NODE1.example.org", (int64_t)i * HOUR);
        e.key.record_id = i;
        coverage_add(input, &s.partial.arena, &e.key);
    }
    story_diagnose(&s);
    assert_int_equal(s.timeline.node_count, 1);
    const struct node *node = s.timeline.nodes[0];
    uint64_t middle = story_time(4 * HOUR + 100);
    assert_int_equal(node_log_covers(node, TEXT("System"), middle, middle).gap, LOG_COVERS);
    assert_int_equal(node->logs[0].hole_count, 0);
    assert_int_equal(node->logs[0].missing, 0);
    assert_int_equal(node->logs[0].oldest, 1);
    story_end(&s);
}

static void a_cleared_log_is_known(void **state)
{
    (void)state;
    static const struct {
        uint32_t id;
        const char *channel, *user, *cleared;
        bool begins_there;
    } cases[] = {
        { 104, "Channel=System", "SubjectUserName=bob", "System", true },
        { 104, "Channel=Application", "SubjectUserName=bob", "Application", false },
        { 1102, NULL, "SubjectUserName=bob", "Security", false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        static const struct record records[] = { { 5000, 100, 0, 0 }, { 5001, 200, 0, 0 } };
        struct story s;
        struct event_field fields[2];
        size_t count = 0;
        story_begin(&s, rules);
        log_begin(&s, "1.evtx", records, COUNT_OF(records));
        struct event e = story_key("NODE1", 100);
        e.key.id = cases[i].id;
        const char *const values[] = { cases[i].user, cases[i].channel };
        for (size_t k = 0; k < COUNT_OF(values) && values[k]; k++) {
            struct text t = text_from(values[k]);
            size_t equals = text_find_char(t, '=');
            fields[count++] =
                (struct event_field){ { t.p, equals }, text_from_index(t, equals + 1), EVENT_USER_DATA };
        }
        e.fields = fields;
        e.field_count = count;
        uint32_t rule = story_rule_index(&s, "eventlog-cleared");
        story_match(&s, &e, &rule, 1);
        story_diagnose(&s);
        const struct node *node = s.timeline.nodes[0];
        assert_int_equal(node->clear_count, 1);
        assert_string_equal(text_keep(&s.arena, node->clears[0].channel).p, cases[i].cleared);
        assert_string_equal(text_keep(&s.arena, node->clears[0].user).p, "bob");
        assert_int_equal(node_log_cleared(node, &node->logs[0]) != NULL, cases[i].begins_there);
        struct log_cover cover = node_log_covers(node, TEXT("System"), story_time(0), story_time(50));
        struct text text = log_gap_text(&s.arena, &utc, &(struct log_miss){ node, TEXT("System"), cover, story_time(25) });
        assert_int_equal(text_ends_with(text, TEXT("after the event: it was cleared")), cases[i].begins_there);
        story_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_do_not_depend_on_batches),
        cmocka_unit_test(holes_without_end_are_joined_over_the_shortest),
        cmocka_unit_test(made_up_numbers_do_not_grow_without_bound),
        cmocka_unit_test(a_window_is_seen_or_the_reason_said),
        cmocka_unit_test(a_torn_record_says_nothing_of_the_log),
        cmocka_unit_test(whole_records_are_doubted_once),
        cmocka_unit_test(a_renamed_machine_has_one_log),
        cmocka_unit_test(a_cleared_log_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
