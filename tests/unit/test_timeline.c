/* Nodes, what they run, what their logs cover, and finding hits in windows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "corr/hit_index.h"
#include "corr/node_log.h"
#include "corr/system.h"
#include "story.h"

static const struct zone utc;

static const char *const rules[] = { "eventlog-6005", "eventlog-6009", "kernel-general-12", "a", "b", NULL };

static void systems_are_read_as_each_windows_writes_them(void **state)
{
    (void)state;
    static const struct {
        const char *version, *build, *pack;
        enum os_version os;
        int service_pack;
        const char *text;
    } cases[] = {
        { "4.0", "1381", "Service Pack 4", OS_NT4, 4, "Windows NT 4.0 Service Pack 4" },
        { "4.00", "1381", "Service Pack 6", OS_NT4, 6, "Windows NT 4.0 Service Pack 6" },
        { "4.0", "1381", "Service Pack 6a", OS_NT4, 6, "Windows NT 4.0 Service Pack 6" },
        { "3.51", "1057", "Service Pack 5", OS_NT3, 5, "Windows NT 3 Service Pack 5" },
        { "5.00.", "2195", "Service Pack 2", OS_2000, 2, "Windows 2000 Service Pack 2" },
        { "5.00.", "2195", "", OS_2000, 0, "Windows 2000" },
        { "5.01.", "2600", "Service Pack 2", OS_XP, 2, "Windows XP Service Pack 2" },
        { "5.02.", "3790", "Service Pack 2", OS_2003, 2, "Windows Server 2003 Service Pack 2" },
        { "5.02.", "3790", "Service Pack 1, v.1433", OS_2003, 1, "Windows Server 2003 Service Pack 1" },
        { "6.00.", "6002", "Service Pack 2", OS_2008, 2, "Windows Vista/Server 2008 Service Pack 2" },
        { "6.01.", "7601", "Service Pack 1", OS_2008R2, 1, "Windows 7/Server 2008 R2 Service Pack 1" },
        { "6.02.", "9200", "", OS_2012, 0, "Windows 8/Server 2012" },
        { "6.03.", "9600", "", OS_2012R2, 0, "Windows 8.1/Server 2012 R2" },
        { "10.00.", "14393", "", OS_2016_LATER, 0, "Windows 10/Server 2016" },
        { "10.00.", "17134", "", OS_2016_LATER, 0, "Windows 10/Server 2016 or later" },
        { "10.00.", "20348", "", OS_2016_LATER, 0, "Windows Server 2022" },
        { "4.0", "1381", "Fixpack 4", OS_NT4, -1, "Windows NT 4.0" },
        { "4.0", "1381", "", OS_NT4, -1, "Windows NT 4.0" },
        { "9.9", "1", "", OS_UNKNOWN, 0, "Windows version 9.9 build 1" },
        { "", "", "", OS_UNKNOWN, 0, "Windows version  build " },
        { ".", "", "Service Pack 99999999999999999999", OS_UNKNOWN, -1, "Windows version . build " },
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct os_fact fact = { 0 };
        system_parse(&arena, text_from(cases[i].version), text_from(cases[i].build), text_from(cases[i].pack), &fact);
        assert_int_equal(fact.version, cases[i].os);
        assert_int_equal(fact.service_pack, cases[i].service_pack);
        assert_int_equal(fact.service_pack_max, cases[i].service_pack);
        assert_true(text_equal(fact.text, text_from(cases[i].text)));
    }
    arena_done(&arena);
}

static void a_node_is_known_by_its_last_word(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_log(&s, "NODE1", 0, 10 * HOUR);
    story_log(&s, "node2", 0, 10 * HOUR);
    story_boot(&s, "NODE1", 1 * HOUR, 6009, "4.0", "1381", "Service Pack 4");
    story_boot(&s, "NODE1", 1 * HOUR, 6005, "", "", "");
    story_boot(&s, "NODE1", 5 * HOUR, 6009, "5.00.", "2195", "");
    story_boot(&s, "NODE1", 5 * HOUR + 1, 6005, "", "", "");
    story_diagnose(&s);
    assert_int_equal(s.timeline.node_count, 2);
    const struct node *node = timeline_node(&s.timeline, TEXT("node1"));
    assert_non_null(node);
    assert_int_equal(node->os_count, 2);
    assert_int_equal(node_os_at(node, story_time(2 * HOUR))->version, OS_NT4);
    assert_int_equal(node_os_at(node, story_time(5 * HOUR))->version, OS_2000);
    assert_int_equal(node_os_at(node, story_time(9 * HOUR))->version, OS_2000);
    /* Before its first word: what it said later is the best there is. */
    assert_int_equal(node_os_at(node, story_time(0))->version, OS_NT4);
    assert_null(node_os_at(timeline_node(&s.timeline, TEXT("NODE2")), story_time(0)));
    assert_null(timeline_node(&s.timeline, TEXT("NODE3")));
    assert_int_equal(node->first, story_time(0));
    assert_int_equal(node->last, story_time(10 * HOUR));
    story_end(&s);
}

/* The kernel says the same as 6009, and is heard where there is none. */
static void the_kernel_says_what_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *values[5];
        enum os_version version;
        int pack;
        const char *text;
    } cases[] = {
        { { "10", "0", "17763", "1", "0" }, OS_2016_LATER, 0, "Windows 10/Server 2019" },
        { { "6", "1", "7601", "17514", "1" }, OS_2008R2, 1, "Windows 7/Server 2008 R2 Service Pack 1" },
        { { "6", "3", "9600", "16384", "0" }, OS_2012R2, 0, "Windows 8.1/Server 2012 R2" },
        { { "11", "0", "1", "1", "x" }, OS_UNKNOWN, -1, "Windows version 11.0 build 1" },
        { { "", "", "", "", "" }, OS_UNKNOWN, -1, "Windows version . build " },
    };
    for (size_t i = 0; i < 2 * COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        story_log(&s, "NODE1", 0, 10 * HOUR);
        story_kernel(&s, "NODE1", 2 * HOUR, cases[i / 2].values);
        if (i % 2)
            story_boot(&s, "NODE1", 9 * HOUR, 6009, "5.02.", "3790", "");
        story_diagnose(&s);
        const struct node *node = timeline_node(&s.timeline, TEXT("NODE1"));
        assert_int_equal(node->os_count, 1);
        assert_int_equal(node->os[0].version, i % 2 ? OS_2003 : cases[i / 2].version);
        assert_int_equal(node->os[0].service_pack, i % 2 ? 0 : cases[i / 2].pack);
        if (i % 2 == 0)
            assert_true(text_equal(node->os[0].text, text_from(cases[i / 2].text)));
        story_end(&s);
    }
}

/* Q194507: 6009 exists from NT 4.0 SP4 on. */
static void a_start_without_a_version_is_old(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        int64_t log_from, started, version; /* version < 0: none */
        size_t facts;
        int pack_max;
    } cases[] = {
        { "evt", 0, HOUR, -1, 1, 3 },
        { "evtx", 0, HOUR, -1, 0, 0 },
        { "evt", HOUR, HOUR, -1, 0, 0 },                  /* the log may have lost the 6009 */
        { "evt", 0, HOUR, HOUR, 1, 6 },                   /* in a row */
        { "evt", 0, HOUR, HOUR + 30, 1, 6 },              /* another order of the two */
        { "evt", 0, 2 * HOUR, HOUR, 1, 6 },               /* said before: systems do not go back */
        { "evt", 0, HOUR, 2 * HOUR, 2, 3 },               /* upgraded later */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        struct story_log *log = story_log(&s, "NODE1", cases[i].log_from, 10 * HOUR);
        log->input->format = text_from(cases[i].format);
        if (cases[i].version >= 0 && cases[i].version < cases[i].started)
            story_boot(&s, "NODE1", cases[i].version, 6009, "4.0", "1381", "Service Pack 6");
        story_boot(&s, "NODE1", cases[i].started, 6005, "", "", "");
        if (cases[i].version >= cases[i].started)
            story_boot(&s, "NODE1", cases[i].version, 6009, "4.0", "1381", "Service Pack 6");
        story_diagnose(&s);
        const struct node *node = timeline_node(&s.timeline, TEXT("NODE1"));
        assert_int_equal(node->os_count, cases[i].facts);
        if (node->os_count) {
            assert_int_equal(node->os[0].version, OS_NT4);
            assert_int_equal(node->os[0].service_pack_max, cases[i].pack_max);
        }
        story_end(&s);
    }
}

static void a_missing_version_says_nothing_when_no_rule_looks_for_it(void **state)
{
    (void)state;
    static const char *const only_6005[] = { "eventlog-6005", NULL };
    struct story s;
    story_begin(&s, only_6005);
    story_log(&s, "NODE1", 0, 10 * HOUR);
    story_boot(&s, "NODE1", HOUR, 6005, "", "", "");
    story_diagnose(&s);
    assert_int_equal(s.timeline.nodes[0]->os_count, 0);
    story_end(&s);
}

static void a_log_covers_what_its_files_cover_together(void **state)
{
    (void)state;
    static const struct {
        int64_t from, to;
        enum log_gap gap;
        bool nothing;
        const char *text;
    } cases[] = {
        { 100, 200, LOG_COVERS, false, "" },
        { 100, 400, LOG_COVERS, false, "" },
        { 99, 150, LOG_STARTS_LATER, false, "NODE1's System log starts 1999-04-12 02:01:40 UTC, too late to show it" },
        { 0, 99, LOG_STARTS_LATER, true, "NODE1's System log starts 1999-04-12 02:01:40 UTC, after the event" },
        { 350, 401, LOG_HAS_HOLE, false,
          "NODE1's System log has nothing between 1999-04-12 02:06:40 and 1999-04-12 02:08:20 UTC" },
        { 410, 450, LOG_HAS_HOLE, true,
          "NODE1's System log has nothing between 1999-04-12 02:06:40 and 1999-04-12 02:08:20 UTC" },
        { 500, 600, LOG_COVERS, false, "" },
        { 500, 601, LOG_ENDS_EARLIER, false,
          "NODE1's System log ends 1999-04-12 02:10:00 UTC, too early to show it (it would have to reach 02:10:01)" },
        { 700, 800, LOG_ENDS_EARLIER, true, "NODE1's System log ends 1999-04-12 02:10:00 UTC, before the event" },
    };
    struct story s;
    story_begin(&s, rules);
    story_log(&s, "NODE1", 500, 600);
    story_log(&s, "node1", 100, 300);
    story_log(&s, "NODE1", 250, 400);
    story_diagnose(&s);
    const struct node *node = s.timeline.nodes[0];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint64_t from = story_time(cases[i].from), to = story_time(cases[i].to);
        struct log_cover cover = node_log_covers(node, TEXT("system"), from, to);
        assert_int_equal(cover.gap, cases[i].gap);
        assert_int_equal(cover.nothing, cases[i].nothing);
        uint64_t event = story_time((cases[i].from + cases[i].to) / 2);
        struct text text = log_gap_text(&s.arena, &utc, &(struct log_miss){ node, TEXT("System"), cover, event });
        assert_true(text_equal(text, text_from(cases[i].text)));
    }
    const struct log_miss late = { node, TEXT("System"), node_log_covers(node, TEXT("System"), story_time(500), story_time(90000)),
                                   story_time(500) };
    assert_true(text_equal(log_gap_text(&s.arena, &utc, &late),
                           TEXT("NODE1's System log ends 1999-04-12 02:10:00 UTC, too early to show it "
                                "(it would have to reach 1999-04-13 03:00:00 UTC)")));
    struct log_cover other = node_log_covers(node, TEXT("Application"), story_time(100), story_time(200));
    assert_int_equal(other.gap, LOG_NOT_GIVEN);
    assert_true(other.nothing);
    story_end(&s);
}

static void a_record_without_computer_has_a_node(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_log(&s, "", 0, HOUR);
    story_event(&s, "", 5, "a");
    story_diagnose(&s);
    assert_int_equal(s.timeline.node_count, 1);
    assert_true(text_equal(s.timeline.node_of[0]->name, TEXT("(unnamed)")));
    story_end(&s);
}

static void a_name_with_and_without_domain_is_one_node(void **state)
{
    (void)state;
    static const struct {
        const char *names[4];
        size_t nodes;
        const char *bare, *is;
    } cases[] = {
        { { "node1", "NODE1.a.org", "NODE1-X", "NODE2" }, 3, "Node1", "NODE1.a.org" },
        { { "NODE1.a.org", "NODE1.b.org", "NODE1", "NODE1-X.a.org" }, 4, "NODE1", "NODE1" },
        { { "NODE1.a.org", "NODE1.A.ORG", "NODE10", "NODE10.a.org" }, 2, "node10", "NODE10.a.org" },
        { { "NODE1", "NODE10.a.org", "NODE1", "NOD" }, 3, "NODE1", "NODE1" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        for (size_t k = 0; k < COUNT_OF(cases[i].names); k++) {
            story_log(&s, cases[i].names[k], 0, HOUR);
            story_event(&s, cases[i].names[k], (int64_t)k, "a");
        }
        story_diagnose(&s);
        assert_int_equal(s.timeline.node_count, cases[i].nodes);
        for (size_t k = 0; k < s.timeline.hit_count; k++)
            assert_non_null(s.timeline.node_of[k]);
        assert_true(text_equal(timeline_node(&s.timeline, text_from(cases[i].bare))->name, text_from(cases[i].is)));
        story_end(&s);
    }
}

/* Torn before its name: the log says whose it is.  Only a log without any name leaves its events without a node. */
static void a_record_without_a_name_is_its_logs(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_log(&s, "NODE1", 0, HOUR);
    s.logs[s.log_count++] = (struct story_log){ "", s.logs[0].input, 10 };
    story_event(&s, "NODE1", 1, "a");
    story_event(&s, "", 2, "a");
    story_diagnose(&s);
    assert_int_equal(s.timeline.node_count, 1);
    assert_int_equal(s.timeline.hit_count, 2);
    assert_ptr_equal(s.timeline.node_of[1], s.timeline.node_of[0]);
    story_end(&s);
}

static void windows_hold_both_their_ends(void **state)
{
    (void)state;
    struct story s;
    struct hit_index index;
    story_begin(&s, rules);
    story_log(&s, "NODE1", 0, HOUR);
    story_log(&s, "NODE2", 0, HOUR);
    for (int64_t second = 10; second <= 50; second += 10) {
        story_event(&s, "NODE1", second, "a");
        story_event(&s, "NODE2", second + 5, "a");
        story_event(&s, "NODE2", second, "b");
    }
    story_diagnose(&s);
    hit_index_build(&s.arena, &s.timeline, &index);
    uint32_t a = story_rule_index(&s, "a"), b = story_rule_index(&s, "b");
    const struct node *one = timeline_node(&s.timeline, TEXT("NODE1")), *two = timeline_node(&s.timeline, TEXT("NODE2"));
    static const struct {
        int64_t from, to;
        size_t a_one, a_two, a_all, b_one, b_two;
    } cases[] = {
        { 10, 50, 5, 4, 9, 0, 5 }, { 11, 49, 3, 4, 7, 0, 3 }, { 20, 20, 1, 0, 1, 0, 1 },
        { 0, 9, 0, 0, 0, 0, 0 },   { 56, 99, 0, 0, 0, 0, 0 }, { 0, 99, 5, 5, 10, 0, 5 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint64_t from = story_time(cases[i].from), to = story_time(cases[i].to);
        assert_int_equal(hit_index_find(&index, a, one, from, to).count, cases[i].a_one);
        assert_int_equal(hit_index_find(&index, a, two, from, to).count, cases[i].a_two);
        assert_int_equal(hit_index_find(&index, a, NULL, from, to).count, cases[i].a_all);
        assert_int_equal(hit_index_find(&index, b, one, from, to).count, cases[i].b_one);
        assert_int_equal(hit_index_find(&index, b, two, from, to).count, cases[i].b_two);
    }
    assert_int_equal(hit_index_find(&index, 4000, NULL, 0, UINT64_MAX).count, 0);
    assert_int_equal(hit_index_find(&index, a, NULL, 0, UINT64_MAX).count, 10);
    story_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(systems_are_read_as_each_windows_writes_them),
        cmocka_unit_test(a_node_is_known_by_its_last_word),
        cmocka_unit_test(the_kernel_says_what_it_is),
        cmocka_unit_test(a_start_without_a_version_is_old),
        cmocka_unit_test(a_missing_version_says_nothing_when_no_rule_looks_for_it),
        cmocka_unit_test(a_log_covers_what_its_files_cover_together),
        cmocka_unit_test(a_record_without_computer_has_a_node),
        cmocka_unit_test(a_name_with_and_without_domain_is_one_node),
        cmocka_unit_test(a_record_without_a_name_is_its_logs),
        cmocka_unit_test(windows_hold_both_their_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
