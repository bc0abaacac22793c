/* How sure a diagnosis is where something could not be seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "story.h"

static const char *const rules[] = { "removed", "crashed", "down", "eventlog-6005", "eventlog-6009", NULL };

#define HEAD "article: a\ntitle: t\nsummary: s.\nproducts: [p]\ncause: c\nremediation: [{node: n, step: s}]\n"

/* `second` is the log of NODE2: from, to; both 0: there is none. */
static const struct {
    const char *what, *evidence;
    int64_t second[2];
    const char *verdict;
} cases[] = {
    { "nothing could speak against it",
      "needs: [{rule: removed, points: 90, text: x}]", { 0, 0 }, "a confirmed 90 x1 NODE1\n" },
    { "what speaks against it is not in a log that covers it",
      "needs: [{rule: removed, points: 90, text: x}]\n    against: [{rule: down, node: other, points: 30, text: y}]",
      { -HOUR, HOUR }, "a confirmed 90 x1 NODE1\n" },
    { "nor in one that was not given",
      "needs: [{rule: removed, points: 90, text: x}]\n    against: [{rule: down, node: other, points: 30, text: y}]",
      { 0, 0 }, "a likely 90 x1 NODE1\n" },
    { "nor in one that begins later",
      "needs: [{rule: removed, points: 90, text: x}]\n"
      "    against: [{rule: down, node: other, within: [-5m, 0s], points: 30, text: y}]",
      { 10 * MINUTE, HOUR }, "a likely 90 x1 NODE1\n" },
    { "but it would not matter",
      "needs: [{rule: removed, points: 90, text: x}]\n    against: [{rule: down, node: other, points: 10, text: y}]",
      { 0, 0 }, "a confirmed 90 x1 NODE1\n" },
    { "a need of another node, none was given",
      "needs: [{rule: removed, points: 60, text: x}, {rule: crashed, node: other, points: 40, text: y}]", { 0, 0 },
      "a possible 60 x1 NODE1\n" },
    { "one was given",
      "needs: [{rule: removed, points: 60, text: x}, {rule: crashed, node: other, points: 40, text: y}]",
      { -HOUR, HOUR }, "" },
    { "the need is most of it",
      "needs: [{rule: removed, points: 40, text: x}, {rule: crashed, node: other, points: 60, text: y}]", { 0, 0 }, "" },
    { "the rest is inferred",
      "needs: [{rule: removed, points: 60, text: x, inferred: true, basis: z}, {rule: crashed, node: other, points: 40, "
      "text: y}]",
      { 0, 0 }, "" },
    { "a node that was named",
      "roles: {victim: \"Data[1]\"}\n"
      "    needs: [{rule: removed, points: 60, text: x}, {rule: crashed, node: victim, points: 40, text: y}]",
      { -HOUR, HOUR }, "a possible 60 x1 NODE1\n" },
};

static void sure_is_what_could_have_been_refuted(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        story_article(&s, "a", text_keep_format(&s.arena, "%sevidence:\n    %s\n", HEAD, cases[i].evidence).p);
        story_log(&s, "NODE1", -2 * HOUR, 2 * HOUR);
        if (cases[i].second[1])
            story_log(&s, "NODE2", cases[i].second[0], cases[i].second[1]);
        story_values(&s, "NODE1", 0, "removed", "NODE3", NULL);
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        const char *told = story_tell(&s, false);
        if (strcmp(told, cases[i].verdict) != 0)
            fail_msg("%s: %s", cases[i].what, told);
        story_end(&s);
    }
}

/* Noise explains nothing away for which a log is missing. */
static void noise_has_to_be_seen(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "a",
                  "article: quiet\nkind: noise\ntitle: t\nsummary: s.\nproducts: [p]\ncause: c\nevidence:\n"
                  "    needs: [{rule: removed, points: 80, text: x}, {rule: down, node: other, points: 20, text: y}]\n");
    story_log(&s, "NODE1", -2 * HOUR, 2 * HOUR);
    story_event(&s, "NODE1", 0, "removed");
    story_diagnose(&s);
    assert_int_equal(s.diagnoses.noise.count, 0);
    assert_null(s.diagnoses.explained[0]);
    story_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sure_is_what_could_have_been_refuted),
        cmocka_unit_test(noise_has_to_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
