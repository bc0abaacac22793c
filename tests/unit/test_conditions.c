/* Conditions that look at several events at once, at two values of one, or at clocks; and alternatives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "kb/sides.h"
#include "story.h"

static const char *const rules[] = { "removed", "set", "joined", "failed", "update-installed", "eventlog-6008", NULL };

#define HEAD "article: x\ntitle: t\nsummary: s\nproducts: [p]\ncause: c\nremediation: [{node: n, step: s}]\n"

struct said {
    const char *node;
    int64_t second;
    const char *rule, *value;
};

static void begin(struct story *s, const char *anchor, const char *item)
{
    static const char *const nodes[] = { "PARIS1", "PARIS2", "ROME1.example.org", "ROME2", "N1", "N2" };
    story_begin(s, rules);
    story_article(s, "x",
                  text_keep_format(&s->arena,
                                   HEAD "evidence:\n    window: 1h\n"
                                        "    roles: {gone: \"Data[1]\", last: {latest: joined}}\n"
                                        "    needs: [{%s, points: 60, text: anchor}]\n"
                                        "    supports: [{%s, points: 1}]\n",
                                   anchor, item).p);
    for (size_t i = 0; i < COUNT_OF(nodes); i++)
        story_log(s, nodes[i], -10 * HOUR, 10 * HOUR);
}

static void say(struct story *s, const struct said *said, size_t count)
{
    for (size_t i = 0; i < count && said[i].node; i++)
        story_values(s, said[i].node, said[i].second, said[i].rule, said[i].value, NULL);
}

static bool found(const char *item, const struct said *said, size_t count)
{
    struct story s;
    begin(&s, "rule: removed", item);
    say(&s, said, count);
    story_diagnose(&s);
    assert_string_equal(story_mistakes(&s), "");
    assert_true(s.diagnoses.count > 0);
    bool is = s.diagnoses.items[0].score == 61;
    story_end(&s);
    return is;
}

#define SIDES "rule: removed, node: any, within: 1m, sides: \"NodeName or Data[1]\", text: x"

#define ROME1 "ROME1.example.org"

static void each_side_names_the_other_one(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        struct said said[10];
        bool sides, sites;
    } cases[] = {
        { "two against two",
          { { "PARIS1", 0, "removed", "ROME1" }, { "PARIS1", 0, "removed", "rome2.example.org" },
            { "PARIS2", 1, "removed", "ROME1" },
            { "PARIS2", 1, "removed", "ROME2" }, { ROME1, 2, "removed", "PARIS1" },
            { ROME1, 2, "removed", "PARIS2" } }, true, true },
        { "one of them misses a node",
          { { "PARIS1", 0, "removed", "ROME1" }, { "PARIS1", 0, "removed", "ROME2" },
            { "PARIS2", 1, "removed", "ROME1" },
            { ROME1, 2, "removed", "PARIS1" }, { ROME1, 2, "removed", "PARIS2" } }, false, false },
        { "the other side names one too few",
          { { "PARIS1", 0, "removed", "ROME1" }, { "PARIS1", 0, "removed", "ROME2" },
            { "PARIS2", 1, "removed", "ROME1" },
            { "PARIS2", 1, "removed", "ROME2" }, { ROME1, 2, "removed", "PARIS1" } }, false, false },
        { "somebody stands on both",
          { { "PARIS1", 0, "removed", "ROME1" }, { "PARIS1", 0, "removed", "PARIS2" },
            { ROME1, 2, "removed", "PARIS1" },
            { ROME1, 2, "removed", "PARIS2" } }, false, false },
        { "nobody of the other side speaks",
          { { "PARIS1", 0, "removed", "ROME1" }, { "PARIS2", 0, "removed", "ROME1" } }, false, false },
        { "one against one is no site",
          { { "PARIS1", 0, "removed", "ROME1" }, { ROME1, 2, "removed", "PARIS1" } }, true, false },
        { "too late",
          { { "PARIS1", 0, "removed", "ROME1" }, { ROME1, 90, "removed", "PARIS1" } }, false, false },
        { "two sides across the sites",
          { { "PARIS1", 0, "removed", "PARIS2" }, { "PARIS1", 0, "removed", "ROME2" },
            { ROME1, 0, "removed", "PARIS2" },
            { ROME1, 0, "removed", "ROME2" }, { "PARIS2", 2, "removed", "PARIS1" },
            { "PARIS2", 2, "removed", "ROME1" }, { "ROME2", 2, "removed", "PARIS1" },
            { "ROME2", 2, "removed", "ROME1" } },
          true, false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (found(SIDES, cases[i].said, COUNT_OF(cases[i].said)) != cases[i].sides)
            fail_msg("%s: sides", cases[i].what);
        if (found(SIDES ", sites: true", cases[i].said, COUNT_OF(cases[i].said)) != cases[i].sites)
            fail_msg("%s: sites", cases[i].what);
    }
}

/* Names that only count on are no sites, whether the number stands behind or in the middle. */
static void numbers_are_no_sites(void **state)
{
    (void)state;
    static const struct {
        const char *near[2], *far[2];
        bool sites;
    } cases[] = {
        { { "NODE11", "NODE12" }, { "NODE21", "NODE22" }, false },
        { { "NODE1", "NODE2" }, { "NODE3", "NODE4" }, false },
        { { "S1N1", "S1N2" }, { "S2N1", "S2N2" }, true },
        { { "SQL1-PAR", "SQL2-PAR" }, { "SQL1-LON", "SQL2-LON" }, true },
        { { "PARIS1", "ROME1" }, { "PARIS2", "ROME2" }, false },
        { { "A1", "A2" }, { "B1", "C1" }, false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        story_article(&s, "x", HEAD "evidence:\n    needs: [{rule: removed, points: 60, text: anchor}]\n"
                                    "    supports: [{" SIDES ", sites: true, points: 1}]\n");
        for (int k = 0; k < 4; k++)
            story_log(&s, k < 2 ? cases[i].near[k] : cases[i].far[k - 2], 0, HOUR);
        for (int k = 0; k < 8; k++) {
            const char *near = cases[i].near[k % 2], *far = cases[i].far[k / 2 % 2];
            story_values(&s, k < 4 ? near : far, 10, "removed", k < 4 ? far : near, NULL);
        }
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        if ((s.diagnoses.items[0].score == 61) != cases[i].sites)
            fail_msg("%s %s: %d", cases[i].near[0], cases[i].far[0], s.diagnoses.items[0].score);
        story_end(&s);
    }
}

#define NAMES 65 /* LIMIT_CAST, and one more time the first */

/* Two sites with many names; asked with so much work left that the hearing ends at any of its steps. */
static void sides_end_with_the_hearing(void **state)
{
    (void)state;
    struct story s;
    struct hearing h = { 0 };
    uint32_t places[NAMES + 8];
    story_begin(&s, rules);
    story_article(&s, "x", HEAD "evidence:\n    needs: [{rule: removed, points: 60, text: anchor}]\n"
                                "    supports: [{" SIDES ", sites: true, points: 1}]\n");
    static const char *const nodes[] = { "S1N1", "S1N2", "S2N1", "S2N2", "MANY" };
    for (size_t i = 0; i < COUNT_OF(nodes); i++)
        story_log(&s, nodes[i], 0, HOUR);
    for (int k = 0; k < 8; k++)
        story_values(&s, nodes[k / 2], k, "removed", nodes[k / 4 ? k % 2 : 2 + k % 2], NULL);
    for (int k = 0; k < NAMES; k++)
        story_values(&s, "MANY", 10 + k, "removed", text_keep_format(&s.arena, "A%d", k % (NAMES - 1)).p, NULL);
    story_diagnose(&s);
    assert_string_equal(story_mistakes(&s), "");
    hit_index_build(&s.arena, &s.timeline, &h.index);
    arena_init(&h.scratch);
    for (uint32_t i = 0; i < COUNT_OF(places); i++)
        places[i] = i;
    const struct evidence_item *item = &kb_find(s.kb, TEXT("x"))->evidence[1];
    const struct episode e = { .node = s.timeline.node_of[0] };
    for (size_t all = 0; all < 2; all++)
        for (uint64_t left = 0; left < 6000; left++) {
            const struct sightings some = { .places = places, .count = all ? COUNT_OF(places) : 8 };
            h.work = LIMIT_EVIDENCE_WORK - left;
            h.exhausted = false;
            bool two = sides_are_two(&h, &e, item, &some);
            assert_int_equal(two, !all && !h.exhausted);
        }
    assert_false(h.exhausted);
    arena_done(&h.scratch);
    story_end(&s);
}

static void one_moment_counts_once(void **state)
{
    (void)state;
    static const struct said twice[] = { { "N1", 0, "removed", "A" },   { "N2", 3, "removed", "A" },
                                         { "N1", 100, "removed", "B" }, { "N2", 130, "removed", "B" } };
    static const struct said thrice[] = { { "N1", 0, "removed", "A" }, { "N2", 119, "removed", "A" },
                                          { "N1", 121, "removed", "A" }, { "N1", 400, "removed", "B" } };
    const char *item = "rule: removed, node: any, at-least: 3, apart: 2m, text: x";
    assert_false(found(item, twice, COUNT_OF(twice)));
    assert_true(found(item, thrice, COUNT_OF(thrice)));
    assert_true(found("rule: removed, node: any, at-least: 3, text: x", twice, COUNT_OF(twice)));
    const char *different = "rule: removed, node: any, at-least: 2, apart: 2m, distinct: \"Data[1]\", text: x";
    assert_true(found(different, thrice, COUNT_OF(thrice)));
    assert_false(found(different, twice, 2));
}

#define TIMES "of: \"NewTime or Data[1]\", from: \"OldTime or Data[2]\", over: 60s}"

static void two_times_of_an_event_are_compared(void **state)
{
    (void)state;
    static const struct {
        const char *new, *old;
        bool far;
    } cases[] = {
        { "NewTime=2021-05-04T11:01:01Z", "OldTime=2021-05-04T11:00:00Z", true },
        { "NewTime=2021-05-04T11:00:00Z", "OldTime=2021-05-04T11:01:01.5Z", true },
        { "2021-05-04T11:00:00Z", "2021-05-04T11:01:01Z", true },
        { "NewTime=2021-05-04T11:01:00Z", "OldTime=2021-05-04T11:00:00Z", false },
        { "NewTime=soon", "OldTime=2021-05-04T11:00:00Z", false },
        { "NewTime=2021-05-04T11:01:01Z", NULL, false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        static const char *const anchors[] = { "rule: removed", "rule: [failed, set], differ: {rule: set, " TIMES };
        for (size_t k = 0; k < COUNT_OF(anchors); k++) {
            struct story s;
            begin(&s, anchors[k], "rule: set, text: x, differ: {" TIMES);
            story_event(&s, "N1", 0, "removed");
            story_values(&s, "N1", 1, "set", cases[i].new, cases[i].old);
            story_diagnose(&s);
            assert_string_equal(story_mistakes(&s), "");
            if (k == 0)
                assert_int_equal(s.diagnoses.items[0].score, cases[i].far ? 61 : 60);
            else
                assert_int_equal(s.diagnoses.count, cases[i].far);
            story_end(&s);
        }
    }
}

/* What the condition does not mean is an anchor as it stands. */
static void others_are_not_compared(void **state)
{
    (void)state;
    struct story s;
    begin(&s, "rule: [failed, set], differ: {rule: set, " TIMES, "rule: joined, text: x");
    story_event(&s, "N1", 0, "failed");
    story_diagnose(&s);
    assert_int_equal(s.diagnoses.count, 1);
    story_end(&s);
}

static void a_clock_is_evidence(void **state)
{
    (void)state;
    static const struct {
        const char *item;
        int64_t first, second;
        const char *says;
    } cases[] = {
        { "clock: 5s", -6, 0, "off: N1 was 6 s behind" },  { "clock: 5s", 5, 6, NULL },
        { "clock: 5s, node: other", 0, 90, "off: N2 was 1 min 30 s ahead" },
        { "clock: 5s, node: each", 6, 0, NULL },           { "clock: 5s, node: gone", 90, 0, NULL },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        story_article(&s, "x",
                      text_keep_format(&s.arena,
                                       HEAD "evidence:\n    roles: {gone: \"Data[1]\"}\n"
                                            "    needs: [{rule: removed, points: 60, text: anchor}]\n"
                                            "    supports: [{%s, points: 1, text: off}]\n",
                                       cases[i].item).p);
        story_log(&s, "N1", 0, HOUR);
        story_log(&s, "N2", 0, HOUR);
        story_values(&s, "N1", 5, "removed", "N2", NULL);
        kb_link(s.kb, s.rules, &s.diags);
        partial_sort(&s.partial);
        timeline_build(&s.arena, s.rules, &s.partial, &s.timeline);
        struct clock_stretch whole[2] = { { .to = UINT64_MAX, .ahead = cases[i].first * TICKS_PER_SECOND },
                                          { .to = UINT64_MAX, .ahead = cases[i].second * TICKS_PER_SECOND } };
        for (size_t n = 0; n < COUNT_OF(whole); n++) {
            s.timeline.nodes[n]->stretches = &whole[n];
            s.timeline.nodes[n]->stretch_count = 1;
        }
        diagnose(&s.arena, s.kb, &s.timeline, &s.diagnoses);
        assert_string_equal(story_mistakes(&s), "");
        const struct diagnosis *d = &s.diagnoses.items[0];
        if ((d->for_it.count == 2) != !!cases[i].says)
            fail_msg("case %zu: %s", i, story_tell(&s, true));
        if (cases[i].says)
            assert_true(text_equal(d->for_it.items[1].text, text_from(cases[i].says)));
        else
            assert_true(text_equal(d->missing.items[0].gap, TEXT("nothing compares its clock with other nodes")));
        story_end(&s);
    }
}

static void the_other_way_counts_as_well(void **state)
{
    (void)state;
    static const struct said none[] = { { "N1", 0, "removed", NULL } };
    static const struct said first[] = { { "N1", 0, "removed", NULL }, { "N1", 1, "failed", NULL } };
    static const struct said second[] = { { "N1", 0, "removed", NULL }, { "N2", 1, "joined", NULL } };
    const char *item = "rule: failed, text: a, or: {rule: joined, node: other, text: b}";
    assert_false(found(item, none, COUNT_OF(none)));
    assert_true(found(item, first, COUNT_OF(first)));
    assert_true(found(item, second, COUNT_OF(second)));
    struct story s;
    begin(&s, "rule: removed", item);
    say(&s, second, COUNT_OF(second));
    story_diagnose(&s);
    assert_string_equal(story_tell(&s, true), "x likely 61 x1 N1 N2\n  + 60 anchor: N1#2\n  + 1 b: N2#2\n");
    story_end(&s);
}

/* The role belongs to the node that logged it last before the anchor; what comes later does not count. */
static void the_last_one_has_a_role(void **state)
{
    (void)state;
    static const struct said said[] = { { "N2", -900, "joined", NULL }, { "N1", -600, "joined", NULL },
                                        { "N2", -300, "joined", NULL },
                                        { "N1", 0, "removed", "N9" }, { "N1", 10, "joined", NULL },
            { "N2", 30, "failed", NULL } };
    assert_true(found("rule: failed, node: last, text: x", said, COUNT_OF(said)));
    assert_false(found("rule: failed, node: last, text: x", said, 5));
    assert_false(found("rule: failed, node: last, text: x", said + 3, 3));
    struct story s;
    begin(&s, "rule: removed", "rule: failed, node: last, text: x");
    say(&s, said, COUNT_OF(said));
    story_diagnose(&s);
    const struct played_role *role = &s.diagnoses.items[0].roles[1];
    assert_true(role->count == 1 && text_equal(role->names[0], TEXT("N2")));
    story_end(&s);
}

/* Behind the anchor and before it; of the node that is looked at, or, where that is no certain one, of the anchor's. */
static void it_counts_until_something_else_happens(void **state)
{
    (void)state;
#define OWN   "rule: failed, node: gone, within: 1h, until: joined, text: x"
#define OTHER "rule: failed, node: other, within: 1h, until: [set, joined], text: x"
    static const struct {
        const char *what, *item;
        struct said said[3]; /* beside N1, which removes N2 */
        bool found;
    } cases[] = {
        { "nothing ends it", OWN, { { "N2", 1800, "failed", NULL } }, true },
        { "it was over", OWN, { { "N2", 600, "joined", NULL }, { "N2", 1800, "failed", NULL } }, false },
        { "another node says nothing about it", OWN, { { "N1", 600, "joined", NULL }, { "N2", 1800, "failed", NULL } },
          true },
        { "it ends behind it", OWN, { { "N2", 600, "failed", NULL }, { "N2", 1800, "joined", NULL } }, true },
        { "part of the same start", OWN, { { "N2", 600, "joined", NULL }, { "N2", 780, "failed", NULL } }, true },
        { "no part of it", OWN, { { "N2", 600, "joined", NULL }, { "N2", 781, "failed", NULL } }, false },
        { "over before the anchor", OWN, { { "N2", -1800, "failed", NULL }, { "N2", -600, "joined", NULL } }, false },
        { "before it began", OWN, { { "N2", -1800, "joined", NULL }, { "N2", -600, "failed", NULL } }, true },
        { "the anchor's node ends it", OTHER, { { "N1", 600, "joined", NULL }, { "N2", 1800, "failed", NULL } }, false },
        { "any of the rules", OTHER, { { "N1", 600, "set", NULL }, { "N2", 1800, "failed", NULL } }, false },
        { "the other one does not", OTHER, { { "N2", 600, "joined", NULL }, { "N2", 1800, "failed", NULL } }, true },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct said said[4] = { { "N1", 0, "removed", "N2" } };
        memcpy(said + 1, cases[i].said, sizeof cases[i].said);
        if (found(cases[i].item, said, COUNT_OF(said)) != cases[i].found)
            fail_msg("%s", cases[i].what);
    }
}

/* In the data of 6008 that N2 writes at its start: the local time, then UTC; the anchor was at 02:00:00. */
static void a_node_is_alive_until_its_last_sign(void **state)
{
    (void)state;
#define STAMP(time) "Binary=00000000000000000000000000000000CF07040001000C00" time "0000"
    static const struct {
        const char *what, *data;
        bool on;
    } cases[] = {
        { "alive for two minutes", STAMP("020002000000"), false },
        { "and a second", STAMP("020002000100"), true },
        { "small letters, and more behind it", STAMP("020037003a00") "3C000000", true },
        { "it stopped before", STAMP("010030000000"), false },
        { "it says a time behind the start", STAMP("040000000000"), false },
        { "no time", STAMP("630002000100"), false },
        { "no number", STAMP("0200x2000100"), false },
        { "cut", "Binary=00000000000000000000000000000000CF07040001000C000200020001", false },
        { "no data", NULL, false },
    };
    static const char *const rest = ", node: gone, text: x";
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (int silent = 0; silent < 2; silent++) {
            const struct said said[] = { { "N1", 0, "removed", "N2" }, { "N2", HOUR, "eventlog-6008", cases[i].data } };
            char item[100];
            snprintf(item, sizeof item, "%s%s", silent ? "rule: eventlog-6008, silent: 2m" : "wrote: 2m", rest);
            if (found(item, said, COUNT_OF(said)) != (cases[i].on != silent))
                fail_msg("%s: %s", cases[i].what, item);
        }
}

/* What is found before the anchor counts when the anchor's node did not go on behind it. */
static void it_was_silent_before_the_anchor(void **state)
{
    (void)state;
    static const char *const item = "rule: failed, node: other, silent: 2m, text: x";
    static const struct said on[] = { { "N2", -600, "failed", NULL },
                                      { "N1", -60, "eventlog-6008", STAMP("01003A000000") },
                                      { "N1", 0, "removed", "N2" } };
    assert_false(found(item, on, COUNT_OF(on)));
    static const struct said dead[] = { { "N2", -600, "failed", NULL },
                                        { "N1", -60, "eventlog-6008", STAMP("010033000000") },
                                        { "N1", 0, "removed", "N2" } };
    assert_true(found(item, dead, COUNT_OF(dead)));
    static const struct said up[] = { { "N2", -600, "failed", NULL }, { "N1", 0, "removed", "N2" } };
    assert_true(found(item, up, COUNT_OF(up)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_side_names_the_other_one), cmocka_unit_test(numbers_are_no_sites),
        cmocka_unit_test(sides_end_with_the_hearing),
        cmocka_unit_test(one_moment_counts_once),        cmocka_unit_test(two_times_of_an_event_are_compared),
        cmocka_unit_test(others_are_not_compared),       cmocka_unit_test(a_clock_is_evidence),
        cmocka_unit_test(the_other_way_counts_as_well),  cmocka_unit_test(the_last_one_has_a_role),
        cmocka_unit_test(it_counts_until_something_else_happens),
        cmocka_unit_test(a_node_is_alive_until_its_last_sign),
        cmocka_unit_test(it_was_silent_before_the_anchor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
