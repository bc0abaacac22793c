/* What lies around an event: windows, other nodes, what comes again, and logs that do not reach so far. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "story.h"

static const char *const rules[] = { "a", "b", "c", "d", NULL };

/* One article with one more need; `item` is the need, the rows are events beside the anchor `a` at second 0. */
static void relation(const char *item, const struct story_row *rows, size_t count, int logs, const char *verdict)
{
    char yaml[1024];
    struct story s;
    story_begin(&s, rules);
    snprintf(yaml, sizeof yaml,
             STORY_ARTICLE("Q1") "evidence:\n    window: 10m\n"
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
        struct story_row rows[4];
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
        { "rule: b, at-least: 2", { { "N1", 5, "b" } }, 1, ANCHOR "  ? 0 item (seen once, 2 are needed)\n" },
        { "rule: [b, c], at-least: 2", { { "N1", 5, "b" }, { "N1", 6, "c" } }, 1, BOTH "  + 20 item: N1#3 N1#4\n" },
        /* absent */
        { "absent: b", { { "N1", 601, "b" } }, 1, BOTH "  + 20 item\n" },
        { "absent: b", { { "N1", 600, "b" } }, 1, ANCHOR "  - 0 Not so: item: N1#3\n" },
        { "absent: b, within: [-1h, 0s]", { { NULL, 0, NULL } }, 1, BOTH "  + 20 item\n" },
        { "absent: b, within: [-61m, 0s]", { { NULL, 0, NULL } }, 1,
          ANCHOR "  ? 0 item (N1's System log starts 1999-04-12 01:00:00 UTC, too late to show it)\n" },
        { "absent: b, within: [0s, 61m]", { { NULL, 0, NULL } }, 1,
          ANCHOR "  ? 0 item (N1's System log ends 1999-04-12 03:00:00 UTC, too early to show it "
                 "(it would have to reach 03:01:00))\n" },
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
        story_article(&s, "q", STORY_ARTICLE("Q1") "evidence:\n"
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
                                  : "Q1 possible 40 x1 N1\n  + 40 x: N1#2\n  ? 0 y (seen once, 2 are needed)\n");
        story_end(&s);
    }
}

static void logs_that_do_not_reach_are_named(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "q", STORY_ARTICLE("Q1") "evidence:\n"
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

/* What speaks against it is excluded by a log that covers all of its time near the incident, and not by a part. */
static void a_part_of_a_log_excludes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *within;
        int64_t from, to; /* minutes that the log covers */
        const char *confidence;
    } cases[] = {
        { "10m", -20, 20, "confirmed" },  { "10m", -9, 20, "likely" },        { "10m", -20, 9, "likely" },
        { "[-10m, 0s]", -20, 0, "confirmed" }, { "[-10m, 0s]", -9, 0, "likely" },
        /* A circumstance of long ago: only as far as the window of the article. */
        { "400d", -11, 11, "confirmed" }, { "400d", -9, 11, "likely" },
        { "[-2h, -1h]", -90, 11, "confirmed" }, { "[-2h, -1h]", -30, 11, "likely" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        struct text yaml = text_keep_format(&s.arena, STORY_ARTICLE("Q1") "evidence:\n    window: 10m\n"
                                            "    needs: [{rule: a, points: 90, text: x}]\n"
                                            "    against: [{rule: c, within: %s, points: 50, text: y}]\n",
                                            cases[i].within);
        story_article(&s, "q", yaml.p);
        story_log(&s, "N1", cases[i].from * MINUTE, cases[i].to * MINUTE);
        story_event(&s, "N1", 0, "a");
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        assert_int_equal(s.diagnoses.count, 1);
        const struct diagnosis *d = &s.diagnoses.items[0];
        bool told = d->missing.count && text_equal(d->missing.items[0].text, TEXT("Cannot be excluded: y"));
        if (strcmp(confidence_name(d->confidence), cases[i].confidence) != 0 ||
            told != (d->confidence == CONFIDENCE_LIKELY))
            fail_msg("case %zu: %s, told %d", i, confidence_name(d->confidence), told);
        story_end(&s);
    }
}

static const char q1_ten_minutes[] = STORY_ARTICLE("Q1") "evidence:\n    window: 10m\n"
                                                   "    needs: [{rule: a, points: 60, text: x}]\n"
                                                   "    supports: [{rule: b, points: 10, text: y}]\n";

static void the_same_again_is_an_occurrence(void **state)
{
    (void)state;
    static const struct {
        struct story_row rows[5];
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

/* A pause within the window ends a case; what the anchors are about makes those of different nodes one diagnosis. */
static void a_pause_or_the_same_disk_is_an_occurrence(void **state)
{
    (void)state;
    static const struct {
        const char *keys, *node; /* of the second anchor */
        int64_t at;
        const char *value, *verdict;
    } cases[] = {
        { "quiet: 1h", "N1", 3600, "Disk", "Q1 likely 60 x1 N1\n  + 60 x: N1#2 N1#3\n  ? 0 y\n" },
        { "quiet: 1h", "N1", 3601, "Disk", "Q1 likely 60 x2 N1\n  + 60 x: N1#2\n  ? 0 y\n" },
        { "quiet: 1h", "N2", 3601, "Disk", "Q1 likely 60 x2 N1 N2\n  + 60 x: N1#2\n  ? 0 y\n" },
        { "quiet: 1h", "N2", 3600, "Disk", "Q1 likely 60 x1 N1 N2\n  + 60 x: N1#2 N2#2\n  ? 0 y\n" },
        { "quiet: 1h", "N2", 8 * HOUR, "Disk",
          "Q1 likely 60 x1 N1\n  + 60 x: N1#2\n  ? 0 y\nQ1 likely 60 x1 N2\n  + 60 x: N2#2\n  ? 0 y\n" },
        { "about: 'Data[1]'", "N2", 8 * HOUR, "DISK", "Q1 likely 60 x2 N1 N2\n  + 60 x: N1#2\n  ? 0 y\n" },
        { "about: 'Data[1]'", "N2", 8 * HOUR, "Other",
          "Q1 likely 60 x1 N1\n  + 60 x: N1#2\n  ? 0 y\nQ1 likely 60 x1 N2\n  + 60 x: N2#2\n  ? 0 y\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char yaml[512];
        struct story s;
        story_begin(&s, rules);
        snprintf(yaml, sizeof yaml,
                 STORY_ARTICLE("Q1") "evidence:\n    window: 6h\n    %s\n    needs: [{rule: a, points: 60, text: x}]\n"
                                     "    supports: [{rule: b, points: 10, text: y}]\n",
                 cases[i].keys);
        story_article(&s, "q", yaml);
        story_log(&s, "N1", -10 * HOUR, 20 * HOUR);
        story_log(&s, "N2", -10 * HOUR, 20 * HOUR);
        story_values(&s, "N1", 0, "a", "Disk", NULL);
        story_values(&s, cases[i].node, cases[i].at, "a", cases[i].value, NULL);
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        assert_string_equal(story_tell(&s, true), cases[i].verdict);
        story_end(&s);
    }
}

/* A boot of days ago is evidence, but no part of the incident. */
static void the_interval_is_that_of_the_incident(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "q", STORY_ARTICLE("Q1") "evidence:\n    window: 10m\n"
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
    story_article(&s, "q", STORY_ARTICLE("Q1") "evidence: {window: 3660d, needs: [{rule: a, points: 60, text: x}], supports: "
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_and_nodes),
        cmocka_unit_test(one_event_counts_once),
        cmocka_unit_test(logs_that_do_not_reach_are_named),
        cmocka_unit_test(a_part_of_a_log_excludes_nothing),
        cmocka_unit_test(the_same_again_is_an_occurrence),
        cmocka_unit_test(a_pause_or_the_same_disk_is_an_occurrence),
        cmocka_unit_test(the_interval_is_that_of_the_incident),
        cmocka_unit_test(odd_times_do_no_harm),
        cmocka_unit_test(windows_that_overlap_tell_each_hit_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
