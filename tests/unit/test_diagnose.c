/* Articles against logs: who wins, on what evidence, and what is said about what is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "story.h"

static const char *const rules[] = { "1009", "1058", "1006", "7023", "1021", "1022", "1080", "1000-full",
                                     "6006", "a", "b", "c", "d", "eventlog-6005", "eventlog-6009", NULL };

/* The articles that share event 1009, told by their companions. */
static const char q218922[] =
    STORY_ARTICLE("Q218922") "applies: {os: nt4, service-pack: 4}\n"
                       "evidence:\n"
                       "    system: 10\n"
                       "    needs:\n"
                       "        - {rule: '1009', points: 35, text: It gave up}\n"
                       "        - {rule: '1058', points: 35, text: clusres.dll does not load}\n"
                       "    supports:\n"
                       "        - {rule: '1058', node: other, points: 15, text: Nor on the other node}\n"
                       "        - {rule: '7023', points: 5, text: The service ended, inferred: true, basis: Q169414}\n";
static const char q171451[] =
    STORY_ARTICLE("Q171451") "evidence:\n"
                       "    needs: [{rule: '1009', points: 50, text: It gave up}]\n"
                       "    against:\n"
                       "        - {rule: '1058', points: 40, text: clusres.dll does not load}\n"
                       "        - {rule: ['1021', '1022', '1080', 1000-full], points: 40, text: The disk is full}\n"
                       "        - {rule: '1006', points: 40, text: Membership error}\n";
static const char q251284[] =
    STORY_ARTICLE("Q251284") "evidence:\n"
                       "    needs: [{rule: ['1021', '1022', '1080', 1000-full], points: 60, text: The disk is full}]\n"
                       "    supports: [{rule: '1009', points: 25, text: It gave up}]\n";
static const char q169414[] =
    STORY_ARTICLE("Q169414") "evidence:\n"
                       "    window: 15m\n"
                       "    needs:\n"
                       "        - {rule: '1006', points: 40, text: Membership error}\n"
                       "        - {rule: '7023', points: 20, text: The service ended}\n"
                       "        - {rule: '1009', points: 20, text: It gave up}\n"
                       "    supports:\n"
                       "        - {rule: '6006', node: other, within: [-15m, 0s], points: 15, text: The other went down}\n";

static void family_begin(struct story *s)
{
    story_begin(s, rules);
    story_article(s, "a", q218922);
    story_article(s, "b", q171451);
    story_article(s, "c", q251284);
    story_article(s, "d", q169414);
    story_log(s, "NODE1", -10 * HOUR, 10 * HOUR);
    story_log(s, "NODE2", -10 * HOUR, 10 * HOUR);
}

static void the_companions_of_1009_decide(void **state)
{
    (void)state;
    static const struct {
        struct story_row rows[8];
        const char *verdict;
    } cases[] = {
        { { { "NODE1", 0, "1058" }, { "NODE1", 20, "1009" }, { "NODE2", 60, "1058" }, { "NODE2", 80, "1009" } },
          "Q218922 likely 85 x1 NODE1 NODE2\nconsidered\nQ171451 none 10 x1 NODE1\n" },
        { { { "NODE1", 20, "1009" } },
          "Q171451 likely 50 x1 NODE1\nconsidered\nQ218922 none 35 x1 NODE1\n" },
        { { { "NODE1", 20, "1009" }, { "NODE1", 15, "1021" }, { "NODE1", 16, "1022" } },
          "Q251284 confirmed 85 x1 NODE1\nconsidered\nQ218922 none 35 x1 NODE1\nQ171451 none 10 x1 NODE1\n" },
        { { { "NODE1", 20, "1009" }, { "NODE1", 15, "1000-full" } },
          "Q251284 confirmed 85 x1 NODE1\nconsidered\nQ218922 none 35 x1 NODE1\nQ171451 none 10 x1 NODE1\n" },
        { { { "NODE1", 15, "1080" } }, "Q251284 likely 60 x1 NODE1\n" },
        { { { "NODE2", -60, "6006" }, { "NODE1", 0, "1006" }, { "NODE1", 1, "7023" }, { "NODE1", 30, "1009" } },
          "Q169414 confirmed 95 x1 NODE1 NODE2\nconsidered\nQ218922 none 40 x1 NODE1\nQ171451 none 10 x1 NODE1\n" },
        /* Only one node lacks the DLL: the other has a reason of its own. */
        { { { "NODE1", 0, "1058" }, { "NODE1", 20, "1009" }, { "NODE2", 80, "1009" } },
          "Q218922 likely 70 x1 NODE1\nQ171451 likely 50 x1 NODE2\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        family_begin(&s);
        for (size_t k = 0; k < COUNT_OF(cases[i].rows) && cases[i].rows[k].node; k++)
            story_event(&s, cases[i].rows[k].node, cases[i].rows[k].second, cases[i].rows[k].rule);
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        assert_string_equal(story_tell(&s, false), cases[i].verdict);
        story_end(&s);
    }
}

static void a_diagnosis_lists_its_records(void **state)
{
    (void)state;
    struct story s;
    family_begin(&s);
    story_boot(&s, "NODE1", -HOUR, 6009, "4.0", "1381", "Service Pack 4");
    story_event(&s, "NODE1", 0, "1058");
    story_event(&s, "NODE1", 20, "1009");
    story_event(&s, "NODE2", 60, "1058");
    story_event(&s, "NODE2", 80, "1009");
    story_diagnose(&s);
    assert_string_equal(story_tell(&s, true), "Q218922 confirmed 95 x1 NODE1 NODE2\n"
                                              "  + 35 It gave up: NODE1#4 NODE2#3\n"
                                              "  + 35 clusres.dll does not load: NODE1#3 NODE2#2\n"
                                              "  + 15 Nor on the other node: NODE1#3 NODE2#2\n"
                                              "  + 10 NODE1 runs Windows NT 4.0 Service Pack 4: NODE1#2\n"
                                              "  ? 0 The service ended\n"
                                              "  ? 0 NODE2 runs Windows NT 4.0 Service Pack 4 (its log does not say: no "
                                              "EventLog 6009)\n"
                                              "considered\n"
                                              "Q171451 none 10 x1 NODE1\n"
                                              "  + 50 It gave up: NODE1#4\n"
                                              "  - -40 clusres.dll does not load: NODE1#3\n");
    assert_int_equal(s.diagnoses.items[0].first, story_time(0));
    assert_int_equal(s.diagnoses.items[0].last, story_time(80));
    story_end(&s);
}

static void another_system_rules_an_article_out(void **state)
{
    (void)state;
    static const struct {
        const char *version, *pack;
        const char *verdict;
    } cases[] = {
        { "4.0", "Service Pack 4", "Q218922 confirmed 80 x1 NODE1\nconsidered\nQ171451 none 10 x1 NODE1\n" },
        { "4.0", "Service Pack 5", "considered\nQ218922 none 70 x1 NODE1\nQ171451 none 10 x1 NODE1\n" },
        { "5.00.", "Service Pack 4", "considered\nQ218922 none 70 x1 NODE1\nQ171451 none 10 x1 NODE1\n" },
        { "7.7", "", "Q218922 likely 70 x1 NODE1\nconsidered\nQ171451 none 10 x1 NODE1\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        family_begin(&s);
        story_boot(&s, "NODE1", -HOUR, 6009, cases[i].version, "1", cases[i].pack);
        story_event(&s, "NODE1", 0, "1058");
        story_event(&s, "NODE1", 20, "1009");
        story_diagnose(&s);
        assert_string_equal(story_tell(&s, false), cases[i].verdict);
        if (i == 2)
            assert_non_null(strstr(story_tell(&s, true), "  - 0 NODE1 runs Windows 2000 Service Pack 4; the article is "
                                                         "about Windows NT 4.0 Service Pack 4: NODE1#2\n"));
        story_end(&s);
    }
}

/* What would rule an article out could not be seen, unless it is about all systems that write such logs. */
static void an_unknown_system_leaves_a_doubt(void **state)
{
    (void)state;
    static const struct {
        const char *applies;
        const char *verdict;
    } cases[] = {
        { "{os: nt4}", "Q1 likely 90 x1 NODE1\n" },
        { "{os: [nt4, 2000]}", "Q1 likely 90 x1 NODE1\n" },
        { "{os: [nt4, 2000, 2003]}", "Q1 confirmed 90 x1 NODE1\n" },
        { "{os: [nt4, 2000, 2003], service-pack: 4}", "Q1 likely 90 x1 NODE1\n" },
        { "[{os: [nt4, 2000]}, {os: 2003}]", "Q1 confirmed 90 x1 NODE1\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        story_article(&s, "q",
                      text_keep_format(&s.arena,
                                       STORY_ARTICLE("Q1") "applies: %s\nevidence: {needs: [{rule: a, points: 90, text: x}]}\n",
                                       cases[i].applies).p);
        story_log(&s, "NODE1", -HOUR, HOUR);
        story_event(&s, "NODE1", 0, "a");
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        assert_string_equal(story_tell(&s, false), cases[i].verdict);
        story_end(&s);
    }
}

/* A node that does not say its system still has logs of one generation, or such as may be of both. */
static void an_article_of_the_other_generation_is_ruled_out(void **state)
{
    (void)state;
    static const struct {
        const char *format, *provider, *applies, *verdict;
    } cases[] = {
        { "evt", "Print", "{os: nt4}", "Q1 likely 90 x1 NODE1\n" },
        { "evt", "Print", "{os: [2008, 2008r2]}", "considered\nQ1 none 90 x1 NODE1\n" },
        { "evtx", "Print", "{os: nt4}", "Q1 likely 90 x1 NODE1\n" }, /* it may have been converted */
        { "evtx", "Print", "{os: 2016+}", "Q1 likely 90 x1 NODE1\n" },
        { "evtx", "Microsoft-Windows-GroupPolicy", "{os: nt4}", "considered\nQ1 none 90 x1 NODE1\n" },
        { "evtx", "Microsoft-Windows-GroupPolicy", "{os: [nt4, 2016+]}", "Q1 likely 90 x1 NODE1\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        story_article(&s, "q",
                      text_keep_format(&s.arena,
                                       STORY_ARTICLE("Q1") "applies: %s\nevidence: {needs: [{rule: a, points: 90, text: x}]}\n",
                                       cases[i].applies).p);
        struct story_log *log = story_log(&s, "NODE1", -HOUR, HOUR);
        struct event other = story_key("NODE1", HOUR);
        log->input->format = text_from(cases[i].format);
        other.key.provider = text_from(cases[i].provider);
        coverage_add(log->input, &s.partial.arena, &other.key);
        story_event(&s, "NODE1", 0, "a");
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        assert_string_equal(story_tell(&s, false), cases[i].verdict);
        story_end(&s);
    }
}

/* NT 4.0 without a 6009 is SP3 or lower: enough to rule out SP4, not to tell SP2 from SP3. */
static void an_inexact_service_pack_is_compared_as_a_range(void **state)
{
    (void)state;
    static const struct {
        const char *packs;
        const char *verdict;
    } cases[] = {
        { "\"<=3\"", "Q1 likely 60 x1 NODE1\n  + 60 x: NODE1#3\n"
                     "  + 0 NODE1 runs Windows NT 4.0 Service Pack 3 or lower: NODE1#2\n" },
        { "3", "Q1 likely 60 x1 NODE1\n  + 60 x: NODE1#3\n"
               "  ? 0 NODE1 runs Windows NT 4.0 Service Pack 3 (its log says only: Windows NT 4.0 Service Pack 3 or "
               "lower)\n" },
        { "4-6", "considered\nQ1 none 60 x1 NODE1\n  + 60 x: NODE1#3\n"
                 "  - 0 NODE1 runs Windows NT 4.0 Service Pack 3 or lower; the article is about Windows NT 4.0 Service "
                 "Pack 4 to 6: NODE1#2\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char yaml[512];
        struct story s;
        story_begin(&s, rules);
        snprintf(yaml, sizeof yaml,
                 STORY_ARTICLE("Q1") "applies: {os: nt4, service-pack: %s}\n"
                               "evidence: {needs: [{rule: a, points: 60, text: x}]}\n",
                 cases[i].packs);
        story_article(&s, "q", yaml);
        story_log(&s, "NODE1", -HOUR, HOUR);
        story_boot(&s, "NODE1", -60, 6005, "", "", "");
        story_event(&s, "NODE1", 0, "a");
        story_diagnose(&s);
        assert_string_equal(story_tell(&s, true), cases[i].verdict);
        story_end(&s);
    }
}

static void points_are_cut_and_inference_is_capped(void **state)
{
    (void)state;
    static const struct {
        const char *evidence, *verdict;
        bool inferred;
    } cases[] = {
        { "needs: [{rule: a, points: 100, text: x}], supports: [{rule: b, points: 50, text: y}]",
          "Q1 confirmed 100 x1 N1\n", false },
        { "needs: [{rule: a, points: 30, text: x}], against: [{rule: b, points: 100, text: y}]",
          "considered\nQ1 none 0 x1 N1\n", false },
        { "needs: [{rule: a, points: 79, text: x}]", "Q1 likely 79 x1 N1\n", false },
        { "needs: [{rule: a, points: 80, text: x}]", "Q1 confirmed 80 x1 N1\n", false },
        { "needs: [{rule: a, points: 49, text: x}]", "Q1 possible 49 x1 N1\n", false },
        { "needs: [{rule: a, points: 20, text: x}]", "Q1 possible 20 x1 N1\n", false },
        { "needs: [{rule: a, points: 19, text: x}]", "considered\nQ1 none 19 x1 N1\n", false },
        { "needs: [{rule: a, points: 90, text: x, inferred: true, basis: z}]", "Q1 possible 90 x1 N1\n", true },
        { "needs: [{rule: a, points: 90, text: x, inferred: true, basis: z}, {rule: b, points: 5, text: y}]",
          "Q1 confirmed 95 x1 N1\n", false },
        { "needs: [{rule: a, points: 90, text: x}, {rule: c, points: 5, text: y}]", "", false },
        { "needs: [{rule: a, at-least: 2, points: 90, text: x}]", "", false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char yaml[512];
        struct story s;
        story_begin(&s, rules);
        snprintf(yaml, sizeof yaml, STORY_ARTICLE("Q1") "evidence: {%s}\n", cases[i].evidence);
        story_article(&s, "q", yaml);
        story_log(&s, "N1", -HOUR, HOUR);
        story_event(&s, "N1", 0, "a");
        story_event(&s, "N1", 0, "b");
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        assert_string_equal(story_tell(&s, false), cases[i].verdict);
        if (s.diagnoses.count)
            assert_int_equal(s.diagnoses.items[0].inferred, cases[i].inferred);
        story_end(&s);
    }
}

static void a_rival_at_the_same_event_is_considered(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "q1", STORY_ARTICLE("Q1") "evidence: {needs: [{rule: a, points: 60, text: x}]}\n");
    /* Half of its needs, at an event of Q1's; less than half; half, at an event that nothing else explains. */
    story_article(&s, "q2", STORY_ARTICLE("Q2") "evidence: {needs: [{rule: a, points: 30, text: x}, {rule: c, points: 30, "
                                          "text: y}]}\n");
    story_article(&s, "q3", STORY_ARTICLE("Q3") "evidence: {needs: [{rule: a, points: 30, text: x}, {rule: c, points: 31, "
                                          "text: y}]}\n");
    story_article(&s, "q4", STORY_ARTICLE("Q4") "evidence: {needs: [{rule: b, points: 30, text: x}, {rule: c, points: 30, "
                                          "text: y}]}\n");
    story_log(&s, "N1", -HOUR, HOUR);
    story_event(&s, "N1", 0, "a");
    story_event(&s, "N1", 0, "b");
    story_diagnose(&s);
    assert_string_equal(story_tell(&s, true), "Q1 likely 60 x1 N1\n  + 60 x: N1#2\n"
                                              "considered\nQ2 none 30 x1 N1\n  + 30 x: N1#2\n  ? 0 y\n");
    story_end(&s);
}

/* The same logs, merged in another order, give the same text. */
static void the_order_of_merging_leaves_no_trace(void **state)
{
    (void)state;
    static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
    static const char *const nodes[] = { "NODE1", "NODE2", "NODE3" };
    struct buf expected;
    buf_init(&expected);
    for (size_t n = 0; n < COUNT_OF(orders); n++) {
        struct story s;
        struct partial whole;
        story_begin(&s, rules);
        story_article(&s, "a", q218922);
        story_article(&s, "b", q171451);
        story_article(&s, "c", q169414);
        partial_init(&whole);
        for (int i = 0; i < 3; i++) {
            const char *node = nodes[orders[n][i]];
            story_log(&s, node, -HOUR, HOUR)->input->path = text_from(node);
            story_event(&s, node, 0, "1058");
            story_event(&s, node, 0, "1009");
            story_event(&s, node, 0, orders[n][i] ? "7023" : "1006");
            partial_merge(&whole, &s.partial);
        }
        partial_done(&s.partial);
        s.partial = whole;
        for (size_t i = 0; i < s.partial.input_count; i++)
            s.partial.inputs[i]->notices.arena = &s.partial.arena;
        story_diagnose(&s);
        const char *told = story_tell(&s, true);
        if (n == 0)
            buf_add_c(&expected, told);
        buf_add_char(&expected, '\0');
        assert_string_equal(told, expected.p);
        story_end(&s);
    }
    assert_true(expected.n > 100);
    buf_done(&expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_companions_of_1009_decide),
        cmocka_unit_test(a_diagnosis_lists_its_records),
        cmocka_unit_test(another_system_rules_an_article_out),
        cmocka_unit_test(an_unknown_system_leaves_a_doubt),
        cmocka_unit_test(an_article_of_the_other_generation_is_ruled_out),
        cmocka_unit_test(an_inexact_service_pack_is_compared_as_a_range),
        cmocka_unit_test(points_are_cut_and_inference_is_capped),
        cmocka_unit_test(a_rival_at_the_same_event_is_considered),
        cmocka_unit_test(the_order_of_merging_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
