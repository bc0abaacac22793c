/* One clock for a cluster: what nodes log about the same moment tells how far their clocks were apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "corr/clock.h"
#include "corr/clock_stretch.h"
#include "story.h"

static const char *const rules[] = { "failover-1135", "failover-1177", "clussvc-1122",     "clussvc-1123", "clussvc-1135",
                                     "clussvc-1177",  "clussvc-1062",  "kernel-general-1", NULL };

struct said {
    const char *node;
    int64_t second;
    const char *rule, *value;
};

/* Seconds that each clock was ahead, and by which it can still be wrong. */
static const struct {
    const char *what;
    size_t nodes;
    struct said said[10];
    int64_t ahead[3], within[3];
    size_t pairs[3];
} cases[] = {
    { "nothing in common", 2, { { "N1", 10, "failover-1135", "N3" } }, { 0, 0 }, { 120, 120 }, { 0, 0 } },
    { "two nodes lose the third", 2,
      { { "N1", 1000, "failover-1135", "N3" }, { "N2", 1090, "failover-1135", "N3" } },
      { 0, 90 }, { 5, 5 }, { 1, 1 } },
    { "the middle of three is right", 3,
      { { "N1", 1000, "failover-1135", "X" }, { "N2", 1060, "failover-1135", "X" }, { "N3", 1130, "failover-1135", "X" } },
      { -60, 0, 70 }, { 5, 10, 10 }, { 1, 1, 1 } },
    { "one alone is not believed when it is far", 2,
      { { "N1", 1000, "failover-1135", "N3" }, { "N2", 1700, "failover-1135", "N3" } },
      { 0, 0 }, { 120, 120 }, { 0, 0 } },
    { "two are", 2,
      { { "N1", 1000, "failover-1135", "N3" }, { "N2", 4600, "failover-1135", "N3" },
        { "N1", 2000, "failover-1135", "N4" }, { "N2", 5601, "failover-1135", "N4" } },
      { 0, 3601 }, { 5, 5 }, { 2, 2 } },
    { "heartbeats are missed in both directions", 2,
      { { "N1", 1000, "clussvc-1123", "N2" }, { "N2", 1091, "clussvc-1123", "N1" } },
      { 0, 91 }, { 5, 5 }, { 1, 1 } },
    { "a third node's heartbeat is another matter", 2,
      { { "N1", 1000, "clussvc-1123", "N3" }, { "N2", 1091, "clussvc-1123", "N4" } },
      { 0, 0 }, { 120, 120 }, { 0, 0 } },
    { "the surer fact counts", 2,
      { { "N1", 1000, "clussvc-1123", "N2" }, { "N2", 1060, "clussvc-1123", "N1" },
        { "N1", 1010, "clussvc-1135", "N2" }, { "N2", 1085, "clussvc-1177", "" } },
      { 0, 60 }, { 5, 5 }, { 1, 1 } },
    { "one that was cut off removed a third before the others did", 2,
      { { "N1", 1000, "failover-1135", "N2" }, { "N2", 1001, "failover-1135", "N1" },
        { "N2", 1001, "failover-1135", "N3" }, { "N1", 1450, "failover-1135", "N3" } },
      { 0, 0 }, { 11, 11 }, { 1, 1 } },
    { "or two, which others lost together", 2,
      { { "N1", 1000, "failover-1135", "N2" }, { "N2", 1001, "failover-1135", "N1" },
        { "N2", 1001, "failover-1135", "N3" }, { "N2", 1001, "failover-1135", "N4" },
        { "N1", 9450, "failover-1135", "N3" }, { "N1", 9451, "failover-1135", "N4" } },
      { 0, 0 }, { 11, 11 }, { 1, 1 } },
    { "or out of quorum only", 2,
      { { "N1", 1000, "clussvc-1135", "N2" }, { "N2", 1004, "clussvc-1177", "" },
        { "N2", 1001, "clussvc-1135", "N3" }, { "N1", 1450, "clussvc-1135", "N3" } },
      { 0, 0 }, { 24, 24 }, { 1, 1 } },
    { "two that were lost together, and what else is said agrees", 2,
      { { "N1", 1000, "failover-1135", "N3" }, { "N1", 1001, "failover-1135", "N4" },
        { "N2", 4600, "failover-1135", "N3" }, { "N2", 4601, "failover-1135", "N4" },
        { "N1", 2000, "failover-1135", "N2" }, { "N2", 5602, "failover-1135", "N1" },
        { "N1", 5601, "failover-1135", "N2" } },
      { 0, 3600 }, { 5, 5 }, { 2, 2 } },
    { "two at two times count", 2,
      { { "N1", 1000, "failover-1135", "N3" }, { "N2", 1300, "failover-1135", "N3" },
        { "N1", 2000, "failover-1135", "N4" }, { "N2", 2300, "failover-1135", "N4" },
        { "N1", 3000, "failover-1135", "N2" }, { "N2", 3001, "failover-1135", "N1" } },
      { 0, 300 }, { 5, 5 }, { 2, 2 } },
    { "removed, and out of quorum", 2,
      { { "N1", 1000, "failover-1135", "N2" }, { "N2", 1095, "failover-1177", "" } },
      { 0, 95 }, { 20, 20 }, { 1, 1 } },
    { "which is no difference when it is no more than that takes", 2,
      { { "N1", 1000, "failover-1135", "N2" }, { "N2", 1018, "failover-1177", "" } },
      { 0, 0 }, { 38, 38 }, { 1, 1 } },
    { "seen from the later node as well", 2,
      { { "N2", 1000, "clussvc-1135", "N1" }, { "N1", 1095, "clussvc-1177", "" } },
      { 0, -95 }, { 20, 20 }, { 1, 1 } },
    { "a second is none", 2,
      { { "N1", 1000, "failover-1135", "N3" }, { "N2", 1001, "failover-1135", "N3" } },
      { 0, 0 }, { 6, 6 }, { 1, 1 } },
    { "nor is what two facts could make", 2,
      { { "N1", 1000, "failover-1135", "N3" }, { "N2", 1004, "failover-1135", "N3" } },
      { 0, 0 }, { 9, 9 }, { 1, 1 } },
    { "one of two that are as near", 2,
      { { "N1", 1000, "failover-1135", "N3" }, { "N2", 1300, "failover-1135", "N3" },
        { "N1", 1500, "failover-1135", "N3" } },
      { 0, 0 }, { 120, 120 }, { 0, 0 } },
    { "two of which two say something else", 2,
      { { "N1", 1000, "failover-1135", "N3" }, { "N1", 2000, "failover-1135", "N3" },
        { "N1", 3000, "failover-1135", "N3" }, { "N2", 4000, "failover-1135", "N3" },
        { "N2", 5000, "failover-1135", "N3" } },
      { 0, 0 }, { 120, 120 }, { 0, 0 } },
    { "two of many that agree by chance", 2,
      { { "N1", 1000, "failover-1135", "N3" }, { "N1", 9000, "failover-1135", "N3" },
        { "N1", 15000, "failover-1135", "N3" }, { "N1", 21500, "failover-1135", "N3" },
        { "N1", 30000, "failover-1135", "N3" }, { "N2", 3000, "failover-1135", "N3" },
        { "N2", 11000, "failover-1135", "N3" }, { "N2", 18500, "failover-1135", "N3" },
        { "N2", 25300, "failover-1135", "N3" }, { "N2", 33900, "failover-1135", "N3" } },
      { 0, 0 }, { 120, 120 }, { 0, 0 } },
};

static void clocks_are_compared_by_what_both_say(void **state)
{
    (void)state;
    static const char *const names[] = { "N1", "N2", "N3" };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        for (size_t k = 0; k < cases[i].nodes; k++)
            story_log(&s, names[k], 0, 10 * HOUR);
        for (const struct said *e = cases[i].said; e < cases[i].said + COUNT_OF(cases[i].said) && e->node; e++)
            story_values(&s, e->node, e->second, e->rule, *e->value ? e->value : NULL, NULL);
        partial_sort(&s.partial);
        timeline_build(&s.arena, s.rules, &s.partial, &s.timeline);
        clock_correct(&s.arena, &s.partial, &s.timeline);
        for (size_t k = 0; k < cases[i].nodes; k++) {
            const struct node *n = s.timeline.nodes[k];
            if (n->clock_ahead != cases[i].ahead[k] * (int64_t)TICKS_PER_SECOND ||
                n->clock_within != (uint64_t)cases[i].within[k] * TICKS_PER_SECOND ||
                n->clock_pairs != cases[i].pairs[k])
                fail_msg("%s: %s is %lld s ahead, within %llu s, %zu pairs", cases[i].what, names[k],
                         (long long)n->clock_ahead / (long long)TICKS_PER_SECOND,
                         (unsigned long long)n->clock_within / TICKS_PER_SECOND, n->clock_pairs);
            assert_int_equal(n->first, story_time(-cases[i].ahead[k]));
            assert_int_equal(n->last, story_time(10 * HOUR - cases[i].ahead[k]));
        }
        story_end(&s);
    }
}

/* The clock of N2 is 90 seconds ahead: both log that N3 was removed. */
static void two_nodes_begin(struct story *s)
{
    story_begin(s, rules);
    story_log(s, "N1", 0, HOUR);
    story_log(s, "N2", 0, HOUR);
    story_values(s, "N1", 100, "failover-1135", "N3", NULL);
    story_values(s, "N2", 190, "failover-1135", "N3", NULL);
}

static void corrected_events_are_in_order(void **state)
{
    (void)state;
    struct story s;
    two_nodes_begin(&s);
    story_values(&s, "N2", 191, "clussvc-1062", NULL, NULL);
    story_values(&s, "N1", 150, "clussvc-1062", NULL, NULL);
    partial_sort(&s.partial);
    timeline_build(&s.arena, s.rules, &s.partial, &s.timeline);
    clock_correct(&s.arena, &s.partial, &s.timeline);
    static const int64_t seconds[] = { 100, 100, 101, 150 };
    assert_int_equal(s.timeline.hit_count, COUNT_OF(seconds));
    for (size_t i = 0; i < COUNT_OF(seconds); i++)
        assert_int_equal(s.timeline.hits[i].event->key.time, story_time(seconds[i]));
    story_end(&s);
}

/* In a forged partial a record can be of no node: a duplicate, without a computer, in an input that covers nothing. */
static void duplicates_of_no_node_are_left_alone(void **state)
{
    (void)state;
    struct story s;
    two_nodes_begin(&s);
    struct event nameless = story_key("", 150);
    uint32_t rule = story_rule_index(&s, "clussvc-1062");
    partial_add_match(&s.partial, &rule, 1, &nameless, s.logs[0].input);
    partial_add_match(&s.partial, &rule, 1, &nameless, partial_add_input(&s.partial, TEXT("forged")));
    partial_sort(&s.partial);
    timeline_build(&s.arena, s.rules, &s.partial, &s.timeline);
    clock_correct(&s.arena, &s.partial, &s.timeline);
    assert_int_equal(s.timeline.hit_count, 3);
    assert_int_equal(s.timeline.node_count, 2);
    story_end(&s);
}

/* Windows on other nodes are widened by what is not known of the clocks; what is absent is claimed of the declared one. */
static void windows_on_other_nodes_are_wider(void **state)
{
    (void)state;
    static const struct {
        int64_t after;
        const char *node;
        bool found;
    } places[] = {
        { 10, "other", true },   { 60, "other", true }, { 179, "other", true }, { 181, "other", false },
        { 60, "any", true },     { 170, "any", true },  { 60, "same", true },   { 61, "same", false },
    };
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct story s;
        story_begin(&s, rules);
        story_article(&s, "a.yaml",
                      text_keep_format(&s.arena,
                                       "article: a\ntitle: a\nsummary: a\nproducts: [Windows]\ncause: a\n"
                                       "evidence:\n  needs:\n    - {rule: clussvc-1062, points: 40, text: a}\n"
                                       "    - {rule: clussvc-1177, node: %s, within: [0s, 60s], points: 40, text: b}\n"
                                       "remediation:\n  - {node: each node, step: a}\n",
                                       places[i].node).p);
        story_log(&s, "N1", 0, HOUR);
        story_log(&s, "N2", 0, HOUR);
        story_values(&s, "N1", 1000, "clussvc-1062", NULL, NULL);
        const char *there = strcmp(places[i].node, "same") == 0 ? "N1" : "N2";
        story_values(&s, there, 1000 + places[i].after, "clussvc-1177", NULL, NULL);
        kb_link(s.kb, s.rules, &s.diags);
        assert_int_equal(s.diags.count, 0);
        partial_sort(&s.partial);
        timeline_build(&s.arena, s.rules, &s.partial, &s.timeline);
        clock_correct(&s.arena, &s.partial, &s.timeline);
        diagnose(&s.arena, s.kb, &s.timeline, &s.diagnoses);
        assert_int_equal(s.diagnoses.count, places[i].found ? 1 : 0);
        story_end(&s);
    }
}

static void a_clock_that_was_set_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *now, *before;
        size_t steps;
    } sets[] = {
        { "NewTime=1999-04-12T03:00:00.0000000Z", "OldTime=1999-04-12T02:00:00.0000000Z", 1 },
        { "NewTime=1999-04-12T02:00:00.5Z", "OldTime=1999-04-12T02:00:00.0Z", 0 },
        { "NewTime=soon", "OldTime=1999-04-12T02:00:00.0Z", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        struct story s;
        story_begin(&s, rules);
        struct story_log *log = story_log(&s, "N1", 0, HOUR);
        story_values(&s, "N1", 100, "kernel-general-1", sets[i].now, sets[i].before);
        story_diagnose(&s);
        assert_int_equal(s.timeline.nodes[0]->step_count, sets[i].steps);
        assert_non_null(log);
        story_end(&s);
    }
}

/*
 * The clocks of two nodes are known to ten seconds, and the second event is `after` seconds behind the first, by what they
 * show: before that order is sure it confirms nothing, and nothing is refuted by it.
 */
static void an_order_that_clocks_do_not_decide_decides_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *item;
        struct {
            int64_t after;
            enum confidence confidence;
        } places[4];
    } asked[] = {
        { "needs",
          { { 30, CONFIDENCE_CONFIRMED }, { -2, CONFIDENCE_LIKELY }, { -20, CONFIDENCE_NONE }, { 69, CONFIDENCE_LIKELY } } },
        { "against",
          { { 30, CONFIDENCE_NONE }, { -2, CONFIDENCE_LIKELY }, { -20, CONFIDENCE_CONFIRMED }, { 69, CONFIDENCE_LIKELY } } },
        { "absent",
          { { 30, CONFIDENCE_LIKELY }, { -2, CONFIDENCE_LIKELY }, { -20, CONFIDENCE_CONFIRMED }, { 69, CONFIDENCE_LIKELY } } },
    };
    static const char *const items[] = {
        "    - {rule: clussvc-1177, node: other, within: [0s, 60s], points: 30, text: b}\n",
        "  against:\n    - {rule: clussvc-1177, node: other, within: [0s, 60s], points: 80, text: b}\n",
        "  supports:\n    - {absent: clussvc-1177, node: other, within: [0s, 60s], points: 30, text: b}\n",
    };
    for (size_t i = 0; i < COUNT_OF(asked) * COUNT_OF(asked[0].places); i++) {
        struct story s;
        size_t item = i / COUNT_OF(asked[0].places), place = i % COUNT_OF(asked[0].places);
        int64_t after = asked[item].places[place].after;
        story_begin(&s, rules);
        story_article(&s, "a.yaml",
                      text_keep_format(&s.arena, STORY_ARTICLE("a") "evidence:\n  needs:\n"
                                       "    - {rule: clussvc-1062, points: %d, text: a}\n%s%c",
                                       item == 1 ? 90 : 60, items[item], '\0').p);
        story_log(&s, "N1", 0, HOUR);
        story_log(&s, "N2", 0, HOUR);
        story_values(&s, "N1", 500, "failover-1135", "N3", NULL);
        story_values(&s, "N2", 504, "failover-1135", "N3", NULL);
        story_values(&s, "N1", 1000, "clussvc-1062", NULL, NULL);
        story_values(&s, "N2", 1000 + after, "clussvc-1177", NULL, NULL);
        kb_link(s.kb, s.rules, &s.diags);
        assert_int_equal(s.diags.count, 0);
        partial_sort(&s.partial);
        timeline_build(&s.arena, s.rules, &s.partial, &s.timeline);
        clock_correct(&s.arena, &s.partial, &s.timeline);
        diagnose(&s.arena, s.kb, &s.timeline, &s.diagnoses);
        enum confidence got = s.diagnoses.count ? s.diagnoses.items[0].confidence : CONFIDENCE_NONE;
        if (got != asked[item].places[place].confidence)
            fail_msg("%s %lld s behind: %d", asked[item].item, (long long)after, got);
        story_end(&s);
    }
}

/* Steps as a log shows them or the system says them: before, after, record, said. */
static const struct {
    const char *what;
    struct clock_step marks[4];
    size_t stretches, runs;
    bool tangled;
} stepped[] = {
    { "a set back that was said ties both sides", { { .before = 900, .after = 500, .record = 5, .said = true } },
      2, 1, false },
    { "a set forward does not", { { .before = 500, .after = 900, .record = 5, .said = true } }, 2, 2, false },
    { "after a sleep nobody knows", { { .before = 900, .after = 500, .record = 5, .said = true, .slept = true } },
      2, 2, false },
    { "what only records show ties nothing", { { .before = 900, .after = 500, .record = 5 } }, 2, 2, false },
    { "shown and said is one step",
      { { .before = 890, .after = 501, .record = 4 }, { .before = 900, .after = 500, .record = 5, .said = true } },
      2, 1, false },
    { "what is shown later is another",
      { { .before = 900, .after = 500, .record = 5, .said = true }, { .before = 890, .after = 580, .record = 9 } },
      3, 2, false },
    { "a few seconds are none", { { .before = 500, .after = 509, .record = 5, .said = true } }, 1, 1, false },
    { "numbers that began anew",
      { { .before = 900, .after = 500, .record = 9, .said = true },
        { .before = 400, .after = 200, .record = 12, .said = true } },
      1, 1, true },
    { "a battery that died, and somebody who set the clock",
      { { .before = 900000, .after = 500, .record = 5, .start = true },
        { .before = 700, .after = 900900, .record = 9, .said = true } },
      3, 2, false },
    { "a battery that died, and nobody who said it",
      { { .before = 900000, .after = 500, .record = 5, .start = true } }, 3, 3, false },
    { "what another log shows, and not this one",
      { { .before = 900, .after = 500, .record = 5, .said = true },
        { .before = 90000, .after = 70000, .record = 5, .channel = { "Other", 5 } } },
      1, 1, true },
};

static void steps_divide_a_clock(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(stepped); i++) {
        struct arena arena;
        struct clock_step marks[4];
        struct node node = { .marks = marks };
        arena_init(&arena);
        for (size_t k = 0; k < COUNT_OF(marks) && stepped[i].marks[k].record; k++) {
            marks[k] = stepped[i].marks[k];
            marks[k].before *= TICKS_PER_SECOND;
            marks[k].after *= TICKS_PER_SECOND;
            marks[k].channel = marks[k].channel.n ? marks[k].channel : TEXT("System");
            node.mark_count++;
        }
        clock_stretches_find(&arena, &node);
        if (node.stretch_count != stepped[i].stretches || node.clock_tangled != stepped[i].tangled ||
            node.stretches[node.stretch_count - 1].run + 1 != stepped[i].runs)
            fail_msg("%s: %zu stretches, the last one in run %zu", stepped[i].what, node.stretch_count,
                     node.stretches[node.stretch_count - 1].run);
        arena_done(&arena);
    }
}

static void a_clock_that_is_set_all_the_time_is_not_divided(void **state)
{
    (void)state;
    struct clock_step marks[300];
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        uint64_t at = (i + 1) * HOUR * TICKS_PER_SECOND;
        marks[i] = (struct clock_step){ .before = at, .after = at + MINUTE * TICKS_PER_SECOND, .channel = TEXT("System"),
                                        .record = i + 1, .said = true };
    }
    for (size_t count = 0; count <= COUNT_OF(marks); count++) {
        struct arena arena;
        struct node node = { .marks = marks, .mark_count = count };
        arena_init(&arena);
        clock_stretches_find(&arena, &node);
        bool divided = count <= LIMIT_CLOCK_STRETCHES / 2;
        assert_int_equal(node.stretch_count, divided ? count + 1 : 1);
        assert_int_equal(node.clock_tangled, !divided);
        assert_int_equal(node.stretches[node.stretch_count - 1].to, UINT64_MAX);
        arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_are_compared_by_what_both_say),
        cmocka_unit_test(duplicates_of_no_node_are_left_alone),
        cmocka_unit_test(corrected_events_are_in_order),
        cmocka_unit_test(windows_on_other_nodes_are_wider),
        cmocka_unit_test(an_order_that_clocks_do_not_decide_decides_nothing),
        cmocka_unit_test(a_clock_that_was_set_is_known),
        cmocka_unit_test(steps_divide_a_clock),
        cmocka_unit_test(a_clock_that_is_set_all_the_time_is_not_divided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
