/* Remedies that came, came in vain or were not needed; and what cannot be excluded, because a log is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "story.h"

static const char *const rules[] = { "removed", "failed", "alone", "online", "update-installed", "eventlog-6005",
                                     "eventlog-6009", NULL };

#define HEAD(id)                                                                                                \
    "article: " id "\ntitle: t\nsummary: s.\nproducts: [p]\ncause: c\nremediation: [{node: n, step: s}]\n"

/* Logs of NODE1 .. NODE3 are there. */
static void begin(struct story *s)
{
    story_begin(s, rules);
    story_log(s, "NODE1", -2 * HOUR, 2 * HOUR);
    story_log(s, "NODE2.example.org", -2 * HOUR, 2 * HOUR);
    story_log(s, "NODE3", -2 * HOUR, 2 * HOUR);
}

static void a_remedy_closes_a_diagnosis(void **state)
{
    (void)state;
    static const struct {
        const char *fixes, *update, *again, *verdict;
        size_t closed;
    } cases[] = {
        { "[{hotfix: Q257577, text: x}]", "Hotfix Q257577", NULL, "", 1 },
        { "[{hotfix: Q257577, text: x}]", "Hotfix Q1257577", NULL, "a likely 60 x1 NODE1\n", 0 },
        { "[{hotfix: Q257577, text: x}]", "Hotfix KB257577", "failed", "a likely 60 x2 NODE1\n", 0 },
        { "[{rule: update-installed, points: 20, text: x}]", "any", NULL, "a possible 40 x1 NODE1\n", 0 },
        { "[{rule: update-installed, points: 55, text: x}]", "any", NULL, "", 1 },
        { "[{rule: update-installed, node: other, text: x}]", "any", NULL, "a likely 60 x1 NODE1\n", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char yaml[512];
        struct story s;
        begin(&s);
        snprintf(yaml, sizeof yaml, HEAD("a") "evidence:\n    needs: [{rule: failed, points: 60, text: x}]\n    fixed-by: %s\n",
                 cases[i].fixes);
        story_article(&s, "a", yaml);
        story_event(&s, "NODE1", 0, "failed");
        story_values(&s, "NODE1", 3600, "update-installed", "Windows 2000", cases[i].update);
        if (cases[i].again)
            story_event(&s, "NODE1", 7000, cases[i].again);
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        assert_string_equal(story_tell(&s, false), cases[i].verdict);
        assert_int_equal(s.diagnoses.closed.count, cases[i].closed);
        if (cases[i].closed)
            assert_ptr_equal(s.diagnoses.explained[0], s.diagnoses.closed.items[0].article);
        story_end(&s);
    }
}

/* The finding stays: a guess that is closed would take it along, and nothing would be left to look at. */
static void what_was_only_possible_is_closed_and_explains_nothing(void **state)
{
    (void)state;
    for (int likely = 0; likely < 2; likely++) {
        char yaml[512];
        struct story s;
        begin(&s);
        snprintf(yaml, sizeof yaml,
                 HEAD("a") "evidence:\n    needs: [{rule: failed, points: %d, text: x}]\n"
                           "    fixed-by: [{hotfix: Q257577, text: x}]\n",
                 likely ? 60 : 40);
        story_article(&s, "a", yaml);
        story_event(&s, "NODE1", 0, "failed");
        story_values(&s, "NODE1", 3600, "update-installed", "Windows 2000", "Hotfix Q257577");
        story_diagnose(&s);
        assert_int_equal(s.diagnoses.count, 0);
        assert_int_equal(s.diagnoses.closed.count, 1);
        assert_int_equal(s.diagnoses.explained[0] != NULL, likely);
        story_end(&s);
    }
}

/* "points text" of what is in the list. */
static const char *list_tell(struct story *s, const struct evidence_list *list)
{
    s->told.n = 0;
    for (size_t i = 0; i < list->count; i++)
        buf_add_format(&s->told, "%d %.*s\n", list->items[i].points, TEXT_ARG(list->items[i].text));
    buf_add_char(&s->told, '\0');
    return s->told.p;
}

/* The update that has the number of the article: when, where and which one. */
static void an_update_of_the_article_counts_when_it_came_later(void **state)
{
    (void)state;
    static const struct {
        const char *title;
        const char *nodes; /* that get it */
        int64_t at;
        bool closed;
        const char *fixed, *against;
    } cases[] = {
        { "Hotfix Q257577 was installed", "12", 600, true,
          "0 The update that this article is about, Q257577, was installed\n", "" },
        { "Security Update (KB257577)", "12", 600, true,
          "0 The update that this article is about, Q257577, was installed\n", "" },
        { "Hotfix Q257578 was installed", "12", 600, false, "", "" },
        { "Hotfix Q257577 was installed", "1", 600, false,
          "0 The update that this article is about, Q257577, was installed, but not on NODE2.example.org\n", "" },
        { "Hotfix Q257577 was installed", "3", 600, false, "", "" },
        { "Hotfix Q257577 was installed", "12", -600, false, "",
          "0 The update that this article is about, Q257577, was installed, and it happened all the same\n" },
        { "Hotfix Q257577 was installed", "12", -1800, false, "",
          "0 The update that this article is about, Q257577, was installed, and it came again\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        begin(&s);
        story_article(&s, "a", HEAD("Q257577") "evidence: {window: 1m, needs: [{rule: failed, points: 60, text: x}]}\n");
        if (cases[i].at == -1800) {
            story_event(&s, "NODE1", -3600, "failed");
            story_event(&s, "NODE2.example.org", -3600, "failed");
        }
        story_event(&s, "NODE1", 0, "failed");
        story_event(&s, "NODE2.example.org", 0, "failed");
        for (const char *n = cases[i].nodes; *n; n++)
            story_values(&s, *n == '1' ? "NODE1" : *n == '2' ? "NODE2.example.org" : "NODE3", cases[i].at,
                         "update-installed", "Windows 2000", cases[i].title);
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        assert_int_equal(s.diagnoses.closed.count, cases[i].closed);
        assert_int_equal(s.diagnoses.count, !cases[i].closed);
        const struct diagnosis *d = cases[i].closed ? s.diagnoses.closed.items : s.diagnoses.items;
        assert_string_equal(list_tell(&s, &d->fixed), cases[i].fixed);
        assert_string_equal(list_tell(&s, &d->against), cases[i].against);
        story_end(&s);
    }
}

/* A start of the service since then would have shown it again: behind the incident, on each node, and with a log that goes on. */
static void a_silence_that_would_have_told_lowers_a_diagnosis(void **state)
{
    (void)state;
    static const struct {
        const char *node;
        int64_t at;
        int64_t again; /* 0 = not; below 0: that late on the other node */
        const char *verdict;
    } cases[] = {
        { "NODE1", 600, 0, "a possible 40 x1 NODE1\n" },
        { "NODE1", 30, 0, "a likely 60 x1 NODE1\n" },
        { "NODE1", -600, 0, "a likely 60 x1 NODE1\n" },
        { "NODE3", 600, 0, "a likely 60 x1 NODE1\n" },
        { "NODE1", 2 * HOUR - 60, 0, "a likely 60 x1 NODE1\n" },
        { "NODE1", 600, 700, "a likely 60 x2 NODE1\n" },
        { "NODE1", 600, -700, "a likely 60 x1 NODE1\na likely 60 x1 NODE2.example.org\n" },
        { "NODE1", 600, -500, "a likely 60 x1 NODE2.example.org\na possible 40 x1 NODE1\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        begin(&s);
        story_article(&s, "a", HEAD("a") "evidence:\n    window: 1m\n    needs: [{rule: failed, points: 60, text: x}]\n"
                                         "    exercised-by: [{rule: online, shows: 5m, text: It started, how: h}]\n");
        story_event(&s, "NODE1", 0, "failed");
        story_event(&s, cases[i].node, cases[i].at, "online");
        if (cases[i].again)
            story_event(&s, cases[i].again < 0 ? "NODE2.example.org" : "NODE1", llabs(cases[i].again), "failed");
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        assert_string_equal(story_tell(&s, false), cases[i].verdict);
        assert_string_equal(list_tell(&s, &s.diagnoses.items[0].fixed),
                            i ? "" : "-20 It would have shown again since, and did not: It started\n");
        story_end(&s);
    }
}

/* Many roles come online all day: only those that had failed prove anything, each of them. */
static void only_what_was_concerned_proves_a_remedy(void **state)
{
    (void)state;
    static const struct {
        const char *through, *resource[2], *link[2], *online[2], *verdict;
        const char *concerned; /* the first of them */
    } cases[] = {
        { "", { "SQL", NULL }, { NULL }, { "SQL", NULL }, "a possible 40 x1 NODE1\n", "SQL" },
        { "", { "SQL", NULL }, { NULL }, { "sql", NULL }, "a possible 40 x1 NODE1\n", "SQL" },
        { "", { "SQL", NULL }, { NULL }, { "FS", NULL }, "a likely 60 x1 NODE1\n", "SQL" },
        { "", { "SQL", "FS" }, { NULL }, { "FS", NULL }, "a likely 60 x1 NODE1\n", "SQL" },
        { "", { "SQL", "FS" }, { NULL }, { "FS", "SQL" }, "a possible 40 x1 NODE1\n", "SQL" },
        { "", { "", NULL }, { NULL }, { "SQL", NULL }, "a likely 60 x1 NODE1\n", NULL },
        { ", through: {rule: removed, same: 'Data[1]'}", { "Disk", NULL }, { "Disk", NULL }, { "role of Disk", NULL },
          "a possible 40 x1 NODE1\n", "role of Disk" },
        { ", through: {rule: removed, same: 'Data[1]'}", { "Disk", NULL }, { "Disk", NULL }, { "Disk", NULL },
          "a likely 60 x1 NODE1\n", "role of Disk" },
        { ", through: {rule: removed, same: 'Data[1]'}", { "Disk", NULL }, { "Name", NULL }, { "role of Name", NULL },
          "a likely 60 x1 NODE1\n", NULL },
        { ", through: {rule: removed, same: 'Data[1]'}", { "Disk", "Name" }, { "Name", "Disk" },
          { "role of Disk", "role of Name" }, "a possible 40 x1 NODE1\n", "role of Disk" },
        { ", through: {rule: removed, same: 'Data[1]'}", { "Disk", "Name" }, { "Disk", NULL }, { "role of Disk", NULL },
          "a likely 60 x1 NODE1\n", NULL },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char yaml[512], role[64];
        struct story s;
        begin(&s);
        snprintf(yaml, sizeof yaml,
                 HEAD("a") "evidence:\n    window: 1m\n    needs: [{rule: failed, points: 60, text: x}]\n"
                           "    exercised-by: [{rule: online, node: any, same: 'Data[1] = Data[%d]'%s, text: t, how: h}]\n",
                 cases[i].through[0] ? 2 : 1, cases[i].through);
        story_article(&s, "a", yaml);
        for (int k = 0; k < 2; k++) {
            if (cases[i].resource[k])
                story_values(&s, "NODE1", k, "failed", cases[i].resource[k], "x");
            snprintf(role, sizeof role, "role of %s", cases[i].link[k] ? cases[i].link[k] : "");
            if (cases[i].link[k])
                story_values(&s, "NODE3", -600 + k, "removed", cases[i].link[k], role);
            if (cases[i].online[k])
                story_values(&s, "NODE2.example.org", 600 + 60 * k, "online", cases[i].online[k], "x");
        }
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        assert_string_equal(story_tell(&s, false), cases[i].verdict);
        const struct concerned *concerned = &s.diagnoses.items[0].concerned;
        assert_int_equal(concerned->count > 0, cases[i].concerned != NULL);
        if (cases[i].concerned)
            assert_true(text_equal(concerned->names[0], text_from(cases[i].concerned)));
        story_end(&s);
    }
}

/* That a node came back is how the incident ended; the next start is the first that could show it again. */
static void what_ended_an_incident_is_no_silence(void **state)
{
    (void)state;
    for (int again = 0; again < 2; again++) {
        struct story s;
        begin(&s);
        story_article(&s, "a", HEAD("a") "evidence:\n    window: 1m\n    needs: [{rule: failed, points: 60, text: x}]\n"
                                         "    ends: [{rule: online, within: [0s, 1h], text: It is back}]\n"
                                         "    exercised-by: [{rule: online, text: It started, how: h}]\n");
        story_event(&s, "NODE1", 0, "failed");
        story_event(&s, "NODE1", 600, "online");
        if (again)
            story_event(&s, "NODE1", 1200, "online");
        story_diagnose(&s);
        assert_string_equal(story_tell(&s, false), again ? "a possible 40 x1 NODE1\n" : "a likely 60 x1 NODE1\n");
        story_end(&s);
    }
}

/*
 * The removed node's log is not there, begins later, or was not given of that channel: it cannot be excluded.  Where the
 * log covers the time it is.
 */
static void what_no_log_covers_cannot_be_excluded(void **state)
{
    (void)state;
    static const struct {
        const char *node;
        int64_t from;
        const char *points, *verdict, *settles;
    } cases[] = {
        { NULL, 0, "25", "a possible 25 x1 NODE1\n", "NODE2" },
        { "NODE2", 3 * HOUR, "25", "a possible 25 x1 NODE1\n", "NODE2" },
        { "NODE2", -2 * HOUR, "25", "", NULL },
        { NULL, 0, "19", "", NULL },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char yaml[768];
        struct story s;
        story_begin(&s, rules);
        story_log(&s, "NODE1", -2 * HOUR, 4 * HOUR);
        if (cases[i].node)
            story_log(&s, cases[i].node, cases[i].from, 4 * HOUR);
        snprintf(yaml, sizeof yaml,
                 HEAD("a") "evidence:\n    roles: {victim: \"NodeName or Data[1]\"}\n    needs:\n"
                           "        - {rule: removed, points: %s, text: removed}\n"
                           "        - {rule: alone, node: victim, within: 5m, points: 45, text: alone}\n"
                           "    explains: [{rule: failed, node: any}]\n    beats: [b]\n"
                           "    settles: [{question: q, command: c}]\n",
                 cases[i].points);
        story_article(&s, "a", yaml);
        story_article(&s, "b", HEAD("b") "evidence: {needs: [{rule: failed, points: 20, text: x}]}\n");
        story_values(&s, "NODE1", 0, "removed", "NODE2", NULL);
        story_event(&s, "NODE1", 10, "failed");
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        assert_int_equal(s.diagnoses.count, cases[i].settles ? 2 : 1);
        if (cases[i].settles) {
            const struct diagnosis *d = &s.diagnoses.items[0];
            assert_true(d->unseen);
            assert_int_equal(d->settle_count, 2);
            assert_true(text_equal(d->settles[0].node, text_from(cases[i].settles)));
            assert_string_equal(list_tell(&s, &d->missing), "0 Cannot be excluded: alone\n");
        }
        story_end(&s);
    }
}

static void a_later_system_closes_a_diagnosis(void **state)
{
    (void)state;
    static const struct {
        const char *pack;
        bool again; /* what it needs, behind the new system */
        size_t closed;
    } cases[] = { { "Service Pack 4", false, 0 }, { "Service Pack 5", false, 1 }, { "Service Pack 5", true, 0 } };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        begin(&s);
        story_article(&s, "a",
                      HEAD("a") "applies: {os: nt4, service-pack: \"<=4\"}\nevidence:\n    needs: [{rule: failed, "
                                "points: 50, text: x}, {rule: alone, points: 10, text: y}]\n"
                                "    fixed-by: [{rule: update-installed, text: z}]\n"
                                "    exercised-by: [{rule: online, text: o, how: h}]\n");
        story_boot(&s, "NODE1", -60, 6009, "4.0", "1381", "Service Pack 4");
        story_event(&s, "NODE1", 0, "failed");
        story_event(&s, "NODE1", 1, "alone");
        if (cases[i].again)
            story_event(&s, "NODE1", 550, "update-installed");
        story_boot(&s, "NODE1", 600, 6009, "4.0", "1381", cases[i].pack);
        /* The anchor alone is another matter. */
        story_event(&s, "NODE1", 5000, "failed");
        if (cases[i].again)
            story_event(&s, "NODE1", 5001, "alone");
        story_diagnose(&s);
        assert_string_equal(story_tell(&s, false), cases[i].closed ? "" : "a likely 60 x1 NODE1\n");
        assert_int_equal(s.diagnoses.closed.count, cases[i].closed);
        assert_int_equal(s.diagnoses.count && s.diagnoses.items[0].fixed.count, 0);
        if (cases[i].again)
            assert_string_equal(list_tell(&s, &s.diagnoses.items[0].against),
                                "0 z, and it came again\n"
                                "0 Since then: Windows NT 4.0 Service Pack 5, which the article is not about, and it "
                                "came again\n");
        story_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_remedy_closes_a_diagnosis),
        cmocka_unit_test(what_was_only_possible_is_closed_and_explains_nothing),
        cmocka_unit_test(an_update_of_the_article_counts_when_it_came_later),
        cmocka_unit_test(a_silence_that_would_have_told_lowers_a_diagnosis),
        cmocka_unit_test(only_what_was_concerned_proves_a_remedy),
        cmocka_unit_test(what_ended_an_incident_is_no_silence),
        cmocka_unit_test(what_no_log_covers_cannot_be_excluded),
        cmocka_unit_test(a_later_system_closes_a_diagnosis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
