/* Articles against logs: who wins, on what evidence, and what is said about what is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <time.h>

#include "base/limits.h"
#include "story.h"

static const char *const rules[] = { "1009", "1058", "1006", "7023", "1021", "1022", "1080", "1000-full",
                                     "6006", "a", "b", "c", "d", "eventlog-6005", "eventlog-6009", NULL };

#define ARTICLE(id)                                                                                             \
    "article: " id "\ntitle: t\nsummary: s\nproducts: [p]\ncause: c\nremediation: [{node: n, step: s}]\n"

/* The articles that share event 1009, told by their companions. */
static const char q218922[] =
    ARTICLE("Q218922") "applies: {os: nt4, service-pack: 4}\n"
                       "evidence:\n"
                       "    system: 10\n"
                       "    needs:\n"
                       "        - {rule: '1009', points: 35, text: It gave up}\n"
                       "        - {rule: '1058', points: 35, text: clusres.dll does not load}\n"
                       "    supports:\n"
                       "        - {rule: '1058', node: other, points: 15, text: Nor on the other node}\n"
                       "        - {rule: '7023', points: 5, text: The service ended, inferred: true, basis: Q169414}\n";
static const char q171451[] =
    ARTICLE("Q171451") "evidence:\n"
                       "    needs: [{rule: '1009', points: 50, text: It gave up}]\n"
                       "    against:\n"
                       "        - {rule: '1058', points: 40, text: clusres.dll does not load}\n"
                       "        - {rule: ['1021', '1022', '1080', 1000-full], points: 40, text: The disk is full}\n"
                       "        - {rule: '1006', points: 40, text: Membership error}\n";
static const char q251284[] =
    ARTICLE("Q251284") "evidence:\n"
                       "    needs: [{rule: ['1021', '1022', '1080', 1000-full], points: 60, text: The disk is full}]\n"
                       "    supports: [{rule: '1009', points: 25, text: It gave up}]\n";
static const char q169414[] =
    ARTICLE("Q169414") "evidence:\n"
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

/* Rows: "node second rule"; the verdict in short. */
struct row {
    const char *node;
    int64_t second;
    const char *rule;
};

static void the_companions_of_1009_decide(void **state)
{
    (void)state;
    static const struct {
        struct row rows[8];
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
                                       ARTICLE("Q1") "applies: %s\nevidence: {needs: [{rule: a, points: 90, text: x}]}\n",
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
                                       ARTICLE("Q1") "applies: %s\nevidence: {needs: [{rule: a, points: 90, text: x}]}\n",
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
                 ARTICLE("Q1") "applies: {os: nt4, service-pack: %s}\n"
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

/* One article with one more need; `item` is the need, the rows are events beside the anchor `a` at second 0. */
static void relation(const char *item, const struct row *rows, size_t count, int logs, const char *verdict)
{
    char yaml[1024];
    struct story s;
    story_begin(&s, rules);
    snprintf(yaml, sizeof yaml,
             ARTICLE("Q1") "evidence:\n    window: 10m\n"
                           "    needs: [{rule: a, points: 40, text: anchor}]\n"
                           "    supports: [{%s, points: 20, text: item}]\n",
             item);
    story_article(&s, "q", yaml);
    static const char *const names[] = { "N1", "N2", "N3" };
    for (int i = 0; i < logs; i++)
        story_log(&s, names[i], -HOUR, HOUR);
    story_event(&s, "N1", 0, "a");
    for (size_t i = 0; i < count && rows[i].node; i++)
        story_event(&s, rows[i].node, rows[i].second, rows[i].rule);
    story_diagnose(&s);
    const char *told = story_tell(&s, true);
    if (strcmp(told, verdict) != 0)
        print_error("%s\n", item);
    assert_string_equal(told, verdict);
    story_end(&s);
}

#define ANCHOR "Q1 possible 40 x1 N1\n  + 40 anchor: N1#2\n"
#define BOTH   "Q1 likely 60 x1 N1\n  + 40 anchor: N1#2\n"
#define TWO    "Q1 likely 60 x1 N1 N2\n  + 40 anchor: N1#2\n"

static void windows_and_nodes(void **state)
{
    (void)state;
    static const struct {
        const char *item;
        struct row rows[4];
        int logs;
        const char *verdict;
    } cases[] = {
        /* Both bounds belong to a window. */
        { "rule: b", { { "N1", 600, "b" } }, 1, BOTH "  + 20 item: N1#3\n" },
        { "rule: b", { { "N1", 601, "b" } }, 1, ANCHOR "  ? 0 item\n" },
        { "rule: b", { { "N1", -600, "b" } }, 1, BOTH "  + 20 item: N1#3\n" },
        { "rule: b", { { "N1", -601, "b" } }, 1, ANCHOR "  ? 0 item\n" },
        { "rule: b, within: [-5s, -2s]", { { "N1", -2, "b" } }, 1, BOTH "  + 20 item: N1#3\n" },
        { "rule: b, within: [-5s, -2s]", { { "N1", -1, "b" } }, 1, ANCHOR "  ? 0 item\n" },
        { "rule: b, within: [1s, 5s]", { { "N1", 0, "b" } }, 1, ANCHOR "  ? 0 item\n" },
        /* same */
        { "rule: b", { { "N2", 5, "b" } }, 2, ANCHOR "  ? 0 item\n" },
        /* other */
        { "rule: b, node: other", { { "N2", 5, "b" } }, 2, TWO "  + 20 item: N2#2\n" },
        { "rule: b, node: other", { { "N1", 5, "b" } }, 2, ANCHOR "  ? 0 item\n" },
        { "rule: b, node: other", { { "N1", 5, "b" } }, 1, ANCHOR "  ? 0 item (no log of another node was given)\n" },
        { "rule: b, node: other, at-least: 2", { { "N2", 5, "b" }, { "N3", 6, "b" } }, 3,
          "Q1 likely 60 x1 N1 N2 N3\n  + 40 anchor: N1#2\n  + 20 item: N2#2 N3#2\n" },
        /* any */
        { "rule: b, node: any", { { "N2", 5, "b" } }, 2, TWO "  + 20 item: N2#2\n" },
        { "rule: b, node: any", { { "N1", 5, "b" } }, 2, BOTH "  + 20 item: N1#3\n" },
        /* each */
        { "rule: b, node: each", { { "N1", 5, "b" }, { "N2", 9, "b" } }, 2, TWO "  + 20 item: N1#3 N2#2\n" },
        { "rule: b, node: each", { { "N1", 5, "b" } }, 2, ANCHOR "  ? 0 item (N2's log has none)\n" },
        { "rule: b, node: each", { { "N2", 5, "b" } }, 2, ANCHOR "  ? 0 item\n" },
        { "rule: b, node: each", { { "N1", 5, "b" } }, 1, BOTH "  + 20 item: N1#3\n" },
        /* at least */
        { "rule: b, at-least: 2", { { "N1", 5, "b" }, { "N1", 6, "b" } }, 1, BOTH "  + 20 item: N1#3 N1#4\n" },
        { "rule: b, at-least: 2", { { "N1", 5, "b" } }, 1, ANCHOR "  ? 0 item (seen 1 times, 2 are needed)\n" },
        { "rule: [b, c], at-least: 2", { { "N1", 5, "b" }, { "N1", 6, "c" } }, 1, BOTH "  + 20 item: N1#3 N1#4\n" },
        /* absent */
        { "absent: b", { { "N1", 601, "b" } }, 1, BOTH "  + 20 item\n" },
        { "absent: b", { { "N1", 600, "b" } }, 1, ANCHOR "  - 0 Not so: item: N1#3\n" },
        { "absent: b, within: [-1h, 0s]", { { NULL, 0, NULL } }, 1, BOTH "  + 20 item\n" },
        { "absent: b, within: [-61m, 0s]", { { NULL, 0, NULL } }, 1,
          ANCHOR "  ? 0 item (N1's System log starts 1999-04-12 01:00:00 UTC, too late to show it)\n" },
        { "absent: b, within: [0s, 61m]", { { NULL, 0, NULL } }, 1,
          ANCHOR "  ? 0 item (N1's System log ends 1999-04-12 03:00:00 UTC, too early to show it)\n" },
        { "absent: b, log: Application", { { NULL, 0, NULL } }, 1,
          ANCHOR "  ? 0 item (N1's Application log was not given)\n" },
        { "absent: b, node: other", { { "N1", 5, "b" } }, 2, BOTH "  + 20 item\n" },
        { "absent: b, node: other", { { "N2", 5, "b" } }, 2, ANCHOR "  - 0 Not so: item: N2#2\n" },
        { "absent: b, node: other", { { NULL, 0, NULL } }, 1,
          ANCHOR "  ? 0 item (no log of another node was given)\n" },
        { "absent: b, node: any", { { "N2", 5, "b" } }, 2, ANCHOR "  - 0 Not so: item: N2#2\n" },
        { "absent: [b, c], node: each", { { "N2", 5, "d" } }, 2, BOTH "  + 20 item\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        relation(cases[i].item, cases[i].rows, COUNT_OF(cases[i].rows), cases[i].logs, cases[i].verdict);
}

/* An event that two rules of a list match is one event. */
static void one_event_counts_once(void **state)
{
    (void)state;
    for (int twice = 0; twice < 2; twice++) {
        struct story s;
        story_begin(&s, rules);
        story_article(&s, "q", ARTICLE("Q1") "evidence:\n"
                                             "    needs: [{rule: [a, b], points: 40, text: x}]\n"
                                             "    supports: [{rule: [c, d], at-least: 2, points: 20, text: y}]\n");
        story_log(&s, "N1", -HOUR, HOUR);
        uint32_t both[] = { story_rule_index(&s, "a"), story_rule_index(&s, "b") };
        uint32_t other[] = { story_rule_index(&s, "c"), story_rule_index(&s, "d") };
        struct event e = story_key("N1", 0), f = story_key("N1", 1);
        story_match(&s, &e, both, 2);
        story_match(&s, &f, other, 2);
        if (twice)
            story_match(&s, &f, other, 2);
        story_diagnose(&s);
        assert_string_equal(story_tell(&s, true),
                            twice ? "Q1 likely 60 x1 N1\n  + 40 x: N1#2\n  + 20 y: N1#3 N1#4\n"
                                  : "Q1 possible 40 x1 N1\n  + 40 x: N1#2\n  ? 0 y (seen 1 times, 2 are needed)\n");
        story_end(&s);
    }
}

static void logs_that_do_not_reach_are_named(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "q", ARTICLE("Q1") "evidence:\n"
                                         "    window: 10m\n"
                                         "    needs: [{rule: a, points: 40, text: anchor}]\n"
                                         "    supports: [{rule: b, node: other, points: 20, text: item},\n"
                                         "               {rule: b, node: each, points: 5, text: everywhere}]\n"
                                         "    against: [{rule: c, node: other, points: 20, text: other cause},\n"
                                         "              {rule: c, points: 20, text: own cause}]\n");
    story_log(&s, "N1", -HOUR, HOUR);
    story_log(&s, "N2", 30 * MINUTE, HOUR);
    story_event(&s, "N1", 0, "a");
    story_event(&s, "N1", 0, "b");
    story_diagnose(&s);
    /* The log of N2 does not cover the time of the anchor: `each` asks N1 only. */
    assert_string_equal(story_tell(&s, true),
                        "Q1 possible 45 x1 N1\n"
                        "  + 40 anchor: N1#2\n"
                        "  + 5 everywhere: N1#3\n"
                        "  ? 0 item (N2's System log starts 1999-04-12 02:30:00 UTC, after the event)\n"
                        "  ? 0 Cannot be excluded: other cause (N2's System log starts 1999-04-12 02:30:00 UTC, after "
                        "the event)\n");
    story_end(&s);
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
        snprintf(yaml, sizeof yaml, ARTICLE("Q1") "evidence: {%s}\n", cases[i].evidence);
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
    story_article(&s, "q1", ARTICLE("Q1") "evidence: {needs: [{rule: a, points: 60, text: x}]}\n");
    /* Half of its needs, at an event of Q1's; less than half; half, at an event that nothing else explains. */
    story_article(&s, "q2", ARTICLE("Q2") "evidence: {needs: [{rule: a, points: 30, text: x}, {rule: c, points: 30, "
                                          "text: y}]}\n");
    story_article(&s, "q3", ARTICLE("Q3") "evidence: {needs: [{rule: a, points: 30, text: x}, {rule: c, points: 31, "
                                          "text: y}]}\n");
    story_article(&s, "q4", ARTICLE("Q4") "evidence: {needs: [{rule: b, points: 30, text: x}, {rule: c, points: 30, "
                                          "text: y}]}\n");
    story_log(&s, "N1", -HOUR, HOUR);
    story_event(&s, "N1", 0, "a");
    story_event(&s, "N1", 0, "b");
    story_diagnose(&s);
    assert_string_equal(story_tell(&s, true), "Q1 likely 60 x1 N1\n  + 60 x: N1#2\n"
                                              "considered\nQ2 none 30 x1 N1\n  + 30 x: N1#2\n  ? 0 y\n");
    story_end(&s);
}

static const char q1_ten_minutes[] = ARTICLE("Q1") "evidence:\n    window: 10m\n"
                                                   "    needs: [{rule: a, points: 60, text: x}]\n"
                                                   "    supports: [{rule: b, points: 10, text: y}]\n";

static void the_same_again_is_an_occurrence(void **state)
{
    (void)state;
    static const struct {
        struct row rows[5];
        const char *verdict;
    } cases[] = {
        /* within the window of the first anchor: one episode; then a second one */
        { { { "N1", 0, "a" }, { "N1", 600, "a" } }, "Q1 likely 60 x1 N1\n  + 60 x: N1#2 N1#3\n  ? 0 y\n" },
        { { { "N1", 0, "a" }, { "N1", 601, "a" } }, "Q1 likely 60 x2 N1\n  + 60 x: N1#2\n  ? 0 y\n" },
        /* the one with the most points is shown */
        { { { "N1", 0, "a" }, { "N1", 5000, "a" }, { "N1", 5001, "b" } },
          "Q1 likely 70 x2 N1\n  + 60 x: N1#3\n  + 10 y: N1#4\n" },
        /* both nodes at one time: an incident of the cluster */
        { { { "N1", 0, "a" }, { "N2", 600, "a" } }, "Q1 likely 60 x1 N1 N2\n  + 60 x: N1#2 N2#2\n  ? 0 y\n" },
        /* different nodes at different times: two */
        { { { "N1", 0, "a" }, { "N2", 601, "a" } },
          "Q1 likely 60 x1 N1\n  + 60 x: N1#2\n  ? 0 y\nQ1 likely 60 x1 N2\n  + 60 x: N2#2\n  ? 0 y\n" },
        /* unless they had it together once */
        { { { "N1", 0, "a" }, { "N2", 5000, "a" }, { "N1", 9000, "a" }, { "N2", 9100, "a" } },
          "Q1 likely 60 x3 N1 N2\n  + 60 x: N1#2\n  ? 0 y\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        story_article(&s, "q", q1_ten_minutes);
        story_log(&s, "N1", -HOUR, 10 * HOUR);
        story_log(&s, "N2", -HOUR, 10 * HOUR);
        for (size_t k = 0; k < COUNT_OF(cases[i].rows) && cases[i].rows[k].node; k++)
            story_event(&s, cases[i].rows[k].node, cases[i].rows[k].second, cases[i].rows[k].rule);
        story_diagnose(&s);
        assert_string_equal(story_tell(&s, true), cases[i].verdict);
        if (i == 2) {
            assert_int_equal(s.diagnoses.items[0].first, story_time(5000));
            assert_int_equal(s.diagnoses.items[0].first_seen, story_time(0));
            assert_int_equal(s.diagnoses.items[0].last_seen, story_time(5000));
        }
        story_end(&s);
    }
}

/* A boot of days ago is evidence, but no part of the incident. */
static void the_interval_is_that_of_the_incident(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "q", ARTICLE("Q1") "evidence:\n    window: 10m\n"
                                         "    needs: [{rule: a, points: 60, text: x},\n"
                                         "            {rule: b, within: [-30d, 30d], points: 5, text: y}]\n");
    story_log(&s, "N1", -100 * HOUR, 100 * HOUR);
    story_event(&s, "N1", -50 * HOUR, "b");
    story_event(&s, "N1", -300, "b");
    story_event(&s, "N1", 0, "a");
    story_event(&s, "N1", 600, "b");
    story_event(&s, "N1", 50 * HOUR, "b");
    story_diagnose(&s);
    assert_int_equal(s.diagnoses.items[0].first, story_time(-300));
    assert_int_equal(s.diagnoses.items[0].last, story_time(600));
    story_end(&s);
}

/* Times at the ends of what 64 bits hold: windows are cut, nothing wraps around. */
static void odd_times_do_no_harm(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "q", ARTICLE("Q1") "evidence: {window: 3660d, needs: [{rule: a, points: 60, text: x}], supports: "
                                         "[{rule: b, points: 10, text: y}, {absent: c, points: 10, text: z}]}\n");
    story_log(&s, "N1", -HOUR, HOUR);
    uint32_t a = story_rule_index(&s, "a"), b = story_rule_index(&s, "b");
    static const uint64_t times[] = { 0, 1, UINT64_MAX - 1, UINT64_MAX };
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        struct event e = story_key("N1", 0);
        e.key.time = times[i];
        story_match(&s, &e, &a, 1);
        story_match(&s, &e, &b, 1);
    }
    story_diagnose(&s);
    assert_int_equal(s.diagnoses.count, 1);
    assert_int_equal(s.diagnoses.items[0].score, 70);
    assert_int_equal(s.diagnoses.items[0].occurrences, 2);
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

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* An article of 6,000 questions and a log of 10,000 episodes: it ends, and it is said that something was left out. */
static void questions_without_end_are_given_up(void **state)
{
    (void)state;
    struct story s;
    struct buf yaml;
    story_begin(&s, rules);
    buf_init(&yaml);
    buf_add_c(&yaml, ARTICLE("Q1") "evidence:\n    window: 1s\n    needs: [{rule: a, points: 60, text: x}]\n"
                                   "    supports:\n");
    for (int i = 0; i < 6000; i++)
        buf_add_format(&yaml, "        - {rule: b, node: %s, points: 1, text: x}\n", i % 2 ? "same" : "any");
    buf_add_char(&yaml, '\0');
    story_article(&s, "q", yaml.p);
    buf_done(&yaml);
    story_log(&s, "N1", 0, 2000000);
    for (int64_t i = 0; i < (int64_t)LIMIT_HITS_PER_RULE; i++)
        story_event(&s, "N1", i * 60, "a");
    story_diagnose(&s);
    assert_int_equal(s.diagnoses.count, 1);
    assert_true(s.diagnoses.exhausted);
    story_end(&s);
}

/* Each article beats the next and explains it, the last one the first: each diagnosis is somewhere, and once. */
static void a_great_circle_comes_to_an_end(void **state)
{
    (void)state;
    enum { ARTICLES = 400 };
    struct story s;
    story_begin(&s, rules);
    for (int i = 0; i < ARTICLES; i++) {
        const char *path = text_keep_format(&s.arena, "q%d", i).p;
        story_article(&s, path,
                      text_keep_format(&s.arena,
                                       "article: q%d\ntitle: t\nsummary: s\nproducts: [p]\ncause: c\n"
                                       "remediation: [{node: n, step: s}]\nrelated: [{article: q%d, why: x}]\n"
                                       "evidence:\n    window: %s\n    needs: [{rule: %s, points: 60, text: x}]\n"
                                       "    explains: [{rule: %s, within: 3650d}]\n    beats: [q%d]\n",
                                       i, (i + 7) % ARTICLES, i % 3 ? "30s" : "3650d", i % 2 ? "a" : "b",
                                       i % 2 ? "b" : "a", (i + 1) % ARTICLES).p);
    }
    story_log(&s, "N1", 0, 2000000);
    for (int64_t i = 0; i < 200; i++)
        story_event(&s, "N1", i * 60, i % 3 ? "a" : "b");
    story_diagnose(&s);
    assert_string_equal(story_mistakes(&s), "");
    const struct diagnoses *d = &s.diagnoses;
    assert_true(d->count > 0 && d->count + d->consequences.count + d->beaten.count >= ARTICLES);
    size_t referred = 0;
    for (size_t i = 0; i < d->count; i++)
        referred += d->items[i].consequences.count + d->items[i].beaten.count;
    assert_int_equal(referred, d->consequences.count + d->beaten.count);
    story_end(&s);
}

/* As many hits as are kept, all relations, every anchor an episode of its own: counting does not walk over hits. */
static void many_hits_stay_fast(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    for (int i = 0; i < 20; i++) {
        char yaml[1024], path[16];
        snprintf(path, sizeof path, "q%d", i);
        snprintf(yaml, sizeof yaml,
                 "article: Q%d\ntitle: t\nsummary: s\nproducts: [p]\ncause: c\nremediation: [{node: n, step: s}]\n"
                 "evidence:\n    window: 1s\n"
                 "    needs: [{rule: a, points: 40, text: x}]\n"
                 "    supports:\n"
                 "        - {rule: b, within: 10d, points: 1, text: x}\n"
                 "        - {rule: [b, c], within: 10d, at-least: 5, points: 1, text: x}\n"
                 "        - {rule: [b, c], within: 10d, node: other, at-least: 5, points: 1, text: x}\n"
                 "        - {rule: [b, c], within: 10d, node: each, at-least: 5, points: 1, text: x}\n"
                 "        - {rule: d, within: 10d, node: any, points: 1, text: x}\n"
                 "        - {absent: d, within: 1d, node: any, points: 1, text: x}\n"
                 "    against: [{rule: d, node: other, points: 5, text: x}]\n",
                 i + 1);
        story_article(&s, path, yaml);
    }
    story_log(&s, "N1", 0, 2000000);
    story_log(&s, "N2", 0, 2000000);
    static const char *const names[] = { "a", "b", "c" };
    for (int node = 0; node < 2; node++)
        for (int64_t i = 0; i < (int64_t)LIMIT_HITS_PER_RULE; i++)
            for (size_t k = 0; k < COUNT_OF(names); k++)
                story_event(&s, node ? "N2" : "N1", i * 60 + node * 20, names[k]);
    double start = seconds_now();
    story_diagnose(&s);
    double took = seconds_now() - start;
    assert_int_equal(s.diagnoses.count, 40);
    assert_int_equal(s.diagnoses.items[0].occurrences, LIMIT_HITS_PER_RULE);
    assert_true(s.diagnoses.items[0].for_it.items[1].hit_count <= LIMIT_EVIDENCE_HITS);
    assert_true(s.diagnoses.items[0].for_it.items[1].hits_seen > LIMIT_EVIDENCE_HITS);
    print_message("20 articles on 60,000 hits: %.2f s\n", took);
    /* 0.5 s on a slow machine; walking over hits would take minutes. */
    assert_true(took < 30);
    story_end(&s);
}

#define NODES 4000

/* Every record from a node of its own, days apart: as many diagnoses as nodes, and each lists its own node only. */
static void many_nodes_stay_small(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "q", "article: Q1\ntitle: t\nsummary: s\nproducts: [p]\ncause: c\n"
                           "remediation: [{node: n, step: s}]\n"
                           "evidence: {window: 1s, needs: [{rule: a, points: 40, text: x}]}\n");
    struct story_log *log = story_log(&s, "N", 0, 0);
    uint32_t rule = story_rule_index(&s, "a");
    for (uint64_t i = 1; i <= NODES; i++) {
        struct event e = story_key("", (int64_t)i * 24 * HOUR);
        e.key.computer = text_keep_format(&s.arena, "M%llu", (unsigned long long)i);
        e.key.record_id = i;
        partial_add_match(&s.partial, &rule, 1, &e, log->input);
    }
    size_t before = s.arena.total;
    story_diagnose(&s);
    assert_int_equal(s.diagnoses.count, LIMIT_DIAGNOSES);
    assert_int_equal(s.diagnoses.left_out, NODES - LIMIT_DIAGNOSES);
    /* All are equally strong: the earliest stay. */
    for (size_t i = 0; i < LIMIT_DIAGNOSES; i++)
        assert_in_range(s.diagnoses.items[i].first, story_time(24 * HOUR), story_time(LIMIT_DIAGNOSES * 24 * HOUR));
    for (size_t i = 0; i < LIMIT_DIAGNOSES; i++) {
        assert_int_equal(s.diagnoses.items[i].node_count, 1);
        assert_int_equal(s.diagnoses.items[i].affected_count, 1);
        assert_ptr_equal(s.diagnoses.items[i].affected[0], s.diagnoses.items[i].nodes[0]);
    }
    /* A list with room for all nodes in each diagnosis would take 64 MB. */
    assert_true(s.arena.total - before < (16u << 20));
    story_end(&s);
}

/* The hits of `b` that lie around the anchors of a node other than their own: counted one by one. */
struct tale {
    int64_t anchors[4][2]; /* first and last, by node */
    int64_t times[16];     /* of b, all different */
    unsigned nodes[16];
};

static unsigned chance(uint32_t *state, unsigned below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

static size_t expected_hits(const struct tale *t)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(t->times); i++) {
        bool met = false;
        for (unsigned n = 0; n < COUNT_OF(t->anchors); n++)
            met = met || (n != t->nodes[i] && t->times[i] >= t->anchors[n][0] - 5 * MINUTE &&
                          t->times[i] <= t->anchors[n][1] + 3 * MINUTE);
        count += met;
    }
    return count;
}

static void tale_tell(struct story *s, struct tale *t, uint32_t *state)
{
    static const char *const names[] = { "N1", "N2", "N3", "N4" };
    for (unsigned n = 0; n < COUNT_OF(names); n++) {
        int64_t first = chance(state, 30 * MINUTE);
        t->anchors[n][0] = first;
        t->anchors[n][1] = first + chance(state, 10 * MINUTE);
        story_log(s, names[n], -HOUR, 2 * HOUR);
        story_event(s, names[n], t->anchors[n][0], "a");
        story_event(s, names[n], t->anchors[n][1], "a");
    }
    for (size_t i = 0; i < COUNT_OF(t->times); i++) {
        t->nodes[i] = chance(state, COUNT_OF(names));
        t->times[i] = (int64_t)chance(state, 50 * MINUTE) / 16 * 16 + (int64_t)i - 10 * MINUTE;
        story_event(s, names[t->nodes[i]], t->times[i], "b");
    }
}

static void windows_that_overlap_tell_each_hit_once(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (int round = 0; round < 300; round++) {
        struct story s;
        struct tale t;
        story_begin(&s, rules);
        story_article(&s, "q", "article: Q1\ntitle: t\nsummary: s\nproducts: [p]\ncause: c\n"
                               "remediation: [{node: n, step: s}]\n"
                               "evidence:\n    window: 1h\n    needs: [{rule: a, points: 40, text: x}]\n"
                               "    supports: [{rule: b, node: other, within: [-5m, 3m], points: 9, text: x}]\n");
        tale_tell(&s, &t, &seed);
        story_diagnose(&s);
        assert_int_equal(s.diagnoses.count, 1);
        const struct evidence_list *list = &s.diagnoses.items[0].for_it;
        assert_int_equal(list->count > 1 ? list->items[1].hits_seen : 0, expected_hits(&t));
        story_end(&s);
    }
}

/* One moment, thousands of nodes: each window holds all hits, and each hit is told once. */
static void one_moment_on_many_nodes_stays_fast(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "q", "article: Q1\ntitle: t\nsummary: s\nproducts: [p]\ncause: c\n"
                           "remediation: [{node: n, step: s}]\n"
                           "evidence:\n    needs: [{rule: a, points: 40, text: x}]\n"
                           "    supports: [{rule: a, node: other, within: 1d, points: 9, text: x}]\n");
    struct story_log *log = story_log(&s, "N", 0, 0);
    uint32_t rule = story_rule_index(&s, "a");
    for (uint64_t i = 1; i <= 2 * NODES; i++) {
        struct event e = story_key("", (int64_t)(i / 8));
        e.key.computer = text_keep_format(&s.arena, "M%llu", (unsigned long long)i);
        e.key.record_id = i;
        partial_add_match(&s.partial, &rule, 1, &e, log->input);
    }
    double start = seconds_now();
    story_diagnose(&s);
    double took = seconds_now() - start;
    assert_int_equal(s.diagnoses.count, 1);
    assert_int_equal(s.diagnoses.items[0].for_it.items[1].hits_seen, 2 * NODES);
    print_message("one moment on 8,000 nodes: %.2f s\n", took);
    /* Without its square 0.1 s; sorting 64 million places takes 10. */
    assert_true(took < 4);
    story_end(&s);
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
        cmocka_unit_test(windows_and_nodes),
        cmocka_unit_test(one_event_counts_once),
        cmocka_unit_test(logs_that_do_not_reach_are_named),
        cmocka_unit_test(points_are_cut_and_inference_is_capped),
        cmocka_unit_test(a_rival_at_the_same_event_is_considered),
        cmocka_unit_test(the_same_again_is_an_occurrence),
        cmocka_unit_test(the_interval_is_that_of_the_incident),
        cmocka_unit_test(odd_times_do_no_harm),
        cmocka_unit_test(the_order_of_merging_leaves_no_trace),
        cmocka_unit_test(questions_without_end_are_given_up),
        cmocka_unit_test(a_great_circle_comes_to_an_end),
        cmocka_unit_test(many_hits_stay_fast),
        cmocka_unit_test(many_nodes_stay_small),
        cmocka_unit_test(windows_that_overlap_tell_each_hit_once),
        cmocka_unit_test(one_moment_on_many_nodes_stays_fast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
