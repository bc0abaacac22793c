/* Incidents over several nodes: roles, common values, what follows from what, what is over, fixed or no trouble. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "story.h"

static const char *const rules[] = { "removed", "crashed", "down", "failed", "joined", "alone", "online", "late",
                                     "back", "update-installed", "eventlog-6005", "eventlog-6009", NULL };

#define HEAD(id)                                                                                                \
    "article: " id "\ntitle: t\nsummary: s.\nproducts: [p]\ncause: c\nremediation: [{node: n, step: s}]\n"
#define QUIET(id) "article: " id "\nkind: noise\ntitle: t\nsummary: s.\nproducts: [p]\ncause: c\n"

/* `verdict` of the articles of a story; logs of NODE1 .. NODE3 are there. */
static void begin(struct story *s)
{
    story_begin(s, rules);
    story_log(s, "NODE1", -2 * HOUR, 2 * HOUR);
    story_log(s, "NODE2.example.org", -2 * HOUR, 2 * HOUR);
    story_log(s, "NODE3", -2 * HOUR, 2 * HOUR);
}

static const char crash[] =
    HEAD("node-crash") "kind: incident\n"
                       "evidence:\n"
                       "    window: 10m\n"
                       "    roles: {crashed node: \"NodeName or Data[1]\"}\n"
                       "    needs:\n"
                       "        - {rule: removed, points: 40, text: removed}\n"
                       "        - {rule: crashed, node: crashed node, within: [0s, 1h], points: 40, text: not in order}\n"
                       "    against:\n"
                       "        - {rule: down, node: crashed node, within: [-10m, 0s], points: 60, text: planned}\n"
                       "    explains:\n"
                       "        - {rule: failed, node: not crashed node, within: [0s, 2m]}\n"
                       "    ends:\n"
                       "        - {rule: joined, node: crashed node, within: [0s, 2h], text: joined again}\n"
                       "        - {rule: online, began: failed, of: \"Data[1]\", node: any, text: role online}\n";

/* The name comes with a domain or without, in a field or as first value. */
static void a_named_node_has_a_role(void **state)
{
    (void)state;
    static const struct {
        const char *name, *crashed_on, *verdict;
    } cases[] = {
        { "NodeName=NODE2", "NODE2.example.org", "node-crash confirmed 80 x1 NODE1 NODE2.example.org\n" },
        { "node2", "NODE2.example.org", "node-crash confirmed 80 x1 NODE1 NODE2.example.org\n" },
        { "NODE3.example.org", "NODE3", "node-crash confirmed 80 x1 NODE1 NODE3\n" },
        { "NODE2", "NODE3", "considered\nnode-crash none 40 x1 NODE1\n" },
        { "NODE2.elsewhere.org", "NODE2.example.org", "node-crash possible 40 x1 NODE1\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        begin(&s);
        story_article(&s, "a", crash);
        story_article(&s, "b", HEAD("any") "evidence: {needs: [{rule: late, points: 60, text: x}]}\n");
        story_values(&s, "NODE1", 0, "removed", cases[i].name, NULL);
        story_event(&s, cases[i].crashed_on, 300, "crashed");
        story_diagnose(&s);
        assert_string_equal(story_mistakes(&s), "");
        const char *told = story_tell(&s, false);
        if (cases[i].verdict[0] == 'c')
            assert_int_equal(s.diagnoses.count, 0);
        else
            assert_string_equal(told, cases[i].verdict);
        story_end(&s);
    }
}

static void a_node_without_a_log_is_named(void **state)
{
    (void)state;
    struct story s;
    begin(&s);
    story_article(&s, "a", HEAD("x") "evidence:\n"
                                     "    roles: {victim: \"Data[1]\"}\n"
                                     "    needs: [{rule: removed, points: 60, text: x}]\n"
                                     "    supports: [{rule: crashed, node: victim, points: 5, text: it crashed}]\n"
                                     "    against: [{rule: down, node: each victim, points: 5, text: planned}]\n");
    story_values(&s, "NODE1", 0, "removed", "NODE9", NULL);
    story_diagnose(&s);
    assert_string_equal(story_tell(&s, true), "x likely 60 x1 NODE1\n"
                                              "  + 60 x: NODE1#2\n"
                                              "  ? 0 it crashed (no log of NODE9 was given)\n"
                                              "  ? 0 Cannot be excluded: planned (no log of NODE9 was given)\n");
    assert_int_equal(s.diagnoses.unseen_count, 1);
    assert_true(text_equal(s.diagnoses.unseen[0].name, TEXT("NODE9")));
    story_end(&s);
}

/* One item beside the anchor on NODE1; is it found? */
static bool found(const char *item, void (*tell)(struct story *))
{
    char yaml[1024];
    struct story s;
    begin(&s);
    snprintf(yaml, sizeof yaml,
             HEAD("x") "evidence:\n    window: 1h\n    roles: {victim: \"Data[1]\"}\n"
                       "    needs: [{rule: removed, points: 60, text: anchor}]\n    supports: [{%s, points: 1, text: x}]\n",
             item);
    story_article(&s, "a", yaml);
    tell(&s);
    story_diagnose(&s);
    assert_string_equal(story_mistakes(&s), "");
    assert_true(s.diagnoses.count > 0);
    bool is = s.diagnoses.items[0].score == 61;
    story_end(&s);
    return is;
}

/* NODE1 lost both others, NODE2 lost NODE1, NODE3 says nothing. */
static void partition(struct story *s)
{
    story_values(s, "NODE1", 0, "removed", "NODE2", "disk 1");
    story_values(s, "NODE1", 1, "removed", "NODE3", "disk 2");
    story_values(s, "NODE2.example.org", 3, "alone", "node1", NULL);
    story_values(s, "NODE2.example.org", 9, "failed", "res", "DISK 2");
    story_values(s, "NODE3", 10, "failed", "res", "disk 3");
    for (int i = 0; i < 4; i++)
        story_event(s, "NODE1", 100 + i * 240, "late");
}

static void conditions_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *item;
        bool found;
    } cases[] = {
        { "rule: alone, node: victim, names: same", true },
        { "rule: alone, node: each victim, names: same", false },
        { "rule: alone, node: other, names: victim", false },
        { "rule: alone, node: not victim", false },
        { "rule: failed, node: each victim", true },
        { "rule: failed, node: each other", true },
        { "rule: failed, node: each not victim", false },
        { "rule: removed, node: each not victim", true },
        { "rule: failed, node: any, same: \"Data[2]\"", true },
        { "rule: failed, node: any, same: [\"Data[2]\", \"Data[1]\"]", false },
        { "rule: failed, node: any, same: \"Name or Data[2] = Data[2]\"", true },
        { "rule: failed, node: any, at-least: 2, distinct: node", true },
        { "rule: failed, node: any, at-least: 2, distinct: \"Data[1]\"", false },
        { "rule: failed, node: any, at-least: 2, distinct: \"Data[2]\"", true },
        { "rule: late, every: [4m, 4m]", true },
        { "rule: late, every: [5m, 6m]", false },
        { "rule: late, every: [1m, 2m]", false },
        { "absent: failed, node: victim", false },
        { "absent: alone, node: not victim", true },
        { "absent: failed, node: any, names: same", true },
        { "absent: alone, node: any, names: same", false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (found(cases[i].item, partition) != cases[i].found)
            print_error("case %zu: %s\n", i, cases[i].item);
        assert_int_equal(found(cases[i].item, partition), cases[i].found);
    }
}

static const char role_failed[] = HEAD("role-failed") "evidence: {needs: [{rule: failed, points: 90, text: failed}]}\n";

/* The role fails because the node crashed; a day before it failed by itself. */
static void consequences_stand_below_their_cause(void **state)
{
    (void)state;
    struct story s;
    begin(&s);
    story_article(&s, "a", crash);
    story_article(&s, "b", role_failed);
    story_values(&s, "NODE1", 0, "removed", "NODE2", NULL);
    story_values(&s, "NODE1", 20, "failed", "SQL", NULL);
    story_values(&s, "NODE1", 80, "online", "SQL", NULL);
    story_event(&s, "NODE2.example.org", 300, "crashed");
    story_event(&s, "NODE2.example.org", 320, "joined");
    story_diagnose(&s);
    assert_string_equal(story_tell(&s, false), "node-crash confirmed 80 x1 NODE1 NODE2.example.org\n");
    const struct diagnosis *d = &s.diagnoses.items[0];
    assert_int_equal(d->consequences.count, 1);
    assert_true(text_equal(d->consequences.items[0]->article->id, TEXT("role-failed")));
    assert_int_equal(d->explains.count, 1);
    size_t explained = 0;
    for (size_t i = 0; i < s.timeline.hit_count; i++)
        explained += s.diagnoses.explained[i] != NULL;
    assert_int_equal(explained, 1);
    /* Downtime of the node, and of the role. */
    assert_int_equal(d->outage_count, 2);
    assert_true(text_equal(d->outages[0].what, TEXT("NODE2.example.org")));
    assert_int_equal(d->outages[0].from, story_time(0));
    assert_int_equal(d->outages[0].to, story_time(320));
    assert_true(text_equal(d->outages[1].what, TEXT("SQL")));
    assert_int_equal(d->outages[1].from, story_time(20));
    assert_int_equal(d->outages[1].to, story_time(80));
    assert_int_equal(d->last, story_time(320));
    /* What happened, in order. */
    assert_int_equal(d->step_count, 4);
    assert_true(text_equal(d->story[0].text, TEXT("removed")));
    assert_true(text_equal(d->story[1].text, TEXT("role online")));
    assert_true(text_equal(d->story[3].text, TEXT("joined again")));
    story_end(&s);
}

/* However many items of evidence look at it; the first of them says what it is. */
/* One node is restarted as planned, another one crashes a second later: each is judged by what is about itself. */
static void what_speaks_against_one_node_leaves_the_others(void **state)
{
    (void)state;
    static const struct {
        const char *down, *crashed, *verdict;
        const char *role; /* who is told as crashed */
    } cases[] = {
        { NULL, "NODE3", "node-crash confirmed 80 x1 NODE1 NODE3\n", "NODE2" },
        { "NODE2.example.org", "NODE3", "node-crash confirmed 80 x1 NODE1 NODE3\n", "NODE3" },
        { "NODE3", "NODE2.example.org", "node-crash confirmed 80 x1 NODE1 NODE2.example.org\n", "NODE2" },
        { "NODE3", "NODE3", "node-crash possible 20 x1 NODE1 NODE3\n", NULL },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        begin(&s);
        story_article(&s, "a", crash);
        story_article(&s, "b", HEAD("any") "evidence: {needs: [{rule: removed, points: 60, text: x}]}\n");
        if (cases[i].down)
            story_event(&s, cases[i].down, -30, "down");
        story_values(&s, "NODE1", 0, "removed", "NODE2", NULL);
        story_values(&s, "NODE1", 1, "removed", "NODE3", NULL);
        story_event(&s, cases[i].crashed, 600, "crashed");
        story_diagnose(&s);
        assert_non_null(strstr(story_tell(&s, true), cases[i].verdict));
        if (cases[i].role)
            assert_true(text_equal(s.diagnoses.items[0].roles[0].names[0], text_from(cases[i].role)));
        story_end(&s);
    }
}

static void a_record_is_one_step_of_the_story(void **state)
{
    (void)state;
    struct story s;
    begin(&s);
    story_article(&s, "a", HEAD("a") "kind: incident\nevidence:\n    needs: [{rule: removed, points: 60, text: one}]\n"
                                     "    supports:\n        - {rule: [removed, failed], points: 5, text: two}\n"
                                     "        - {rule: failed, points: 5, text: three}\n");
    story_event(&s, "NODE1", 0, "removed");
    story_event(&s, "NODE1", 5, "failed");
    story_diagnose(&s);
    const struct diagnosis *d = &s.diagnoses.items[0];
    assert_int_equal(d->step_count, 2);
    assert_true(text_equal(d->story[0].text, TEXT("one")));
    assert_true(text_equal(d->story[1].text, TEXT("two")));
    story_end(&s);
}

static void what_one_cause_does_not_explain_stays(void **state)
{
    (void)state;
    struct story s;
    begin(&s);
    story_article(&s, "a", crash);
    story_article(&s, "b", role_failed);
    story_values(&s, "NODE1", 0, "removed", "NODE2", NULL);
    story_event(&s, "NODE2.example.org", 300, "crashed");
    story_values(&s, "NODE3", 3000, "failed", "SQL", NULL);
    story_diagnose(&s);
    assert_string_equal(story_tell(&s, false), "role-failed confirmed 90 x1 NODE3\n"
                                               "node-crash confirmed 80 x1 NODE1 NODE2.example.org\n");
    assert_int_equal(s.diagnoses.items[1].outage_count, 1);
    assert_int_equal(s.diagnoses.items[1].outages[0].to, 0);
    story_end(&s);
}

/* The role fails with the crash and once by itself: the latter stays trouble, and only that is told of it. */
static void occurrences_with_a_cause_are_told_apart(void **state)
{
    (void)state;
    struct story s;
    begin(&s);
    story_article(&s, "a", crash);
    story_article(&s, "b", role_failed);
    story_values(&s, "NODE1", 0, "removed", "NODE2", NULL);
    story_values(&s, "NODE1", 20, "failed", "SQL", NULL);
    story_event(&s, "NODE2.example.org", 300, "crashed");
    story_values(&s, "NODE1", 20000, "failed", "SQL", NULL);
    story_values(&s, "NODE1", 30000, "failed", "SQL", NULL);
    story_diagnose(&s);
    assert_string_equal(story_tell(&s, true), "role-failed confirmed 90 x2 NODE1\n  + 90 failed: NODE1#4\n"
                                              "node-crash confirmed 80 x1 NODE1 NODE2.example.org\n"
                                              "  + 40 removed: NODE1#2\n  + 40 not in order: NODE2.example.org#2\n");
    const struct diagnosis *d = &s.diagnoses.items[1];
    assert_int_equal(d->consequences.count, 1);
    assert_int_equal(d->consequences.items[0]->occurrences, 1);
    assert_int_equal(d->consequences.items[0]->first_seen, story_time(20));
    assert_int_equal(s.diagnoses.items[0].first_seen, story_time(20000));
    story_end(&s);
}

/* On one node it follows, on the other one it does not, at the same time. */
static void a_node_without_the_cause_stays(void **state)
{
    (void)state;
    struct story s;
    begin(&s);
    story_article(&s, "a", HEAD("a") "evidence: {needs: [{rule: down, points: 90, text: x}], explains: [{rule: failed}]}\n");
    story_article(&s, "b", role_failed);
    story_event(&s, "NODE1", 0, "down");
    story_event(&s, "NODE1", 20, "failed");
    story_event(&s, "NODE3", 30, "failed");
    story_diagnose(&s);
    assert_string_equal(story_tell(&s, false), "a confirmed 90 x1 NODE1\nrole-failed confirmed 90 x1 NODE3\n");
    assert_int_equal(s.diagnoses.items[0].consequences.count, 1);
    story_end(&s);
}

/* One cause each: both follow, and nothing stands beside. */
static void each_occurrence_goes_below_its_cause(void **state)
{
    (void)state;
    struct story s;
    begin(&s);
    story_article(&s, "a", HEAD("a") "evidence: {needs: [{rule: down, points: 90, text: x}], explains: [{rule: failed}]}\n");
    story_article(&s, "b", crash);
    story_article(&s, "c", role_failed);
    story_values(&s, "NODE1", 0, "removed", "NODE2", NULL);
    story_values(&s, "NODE1", 20, "failed", "SQL", NULL);
    story_event(&s, "NODE2.example.org", 300, "crashed");
    story_event(&s, "NODE1", 20000, "down");
    story_event(&s, "NODE1", 20020, "failed");
    story_diagnose(&s);
    assert_int_equal(s.diagnoses.count, 2);
    assert_int_equal(s.diagnoses.items[0].consequences.count, 1);
    assert_int_equal(s.diagnoses.items[1].consequences.count, 1);
    story_end(&s);
}

/* 900 nodes, on the first 300 of which it follows once and comes by itself once: still no more than the limit. */
static void what_is_told_apart_keeps_the_limit(void **state)
{
    (void)state;
    struct story s;
    begin(&s);
    story_article(&s, "a", HEAD("a") "evidence: {needs: [{rule: down, points: 90, text: x}], explains: [{rule: failed}]}\n");
    story_article(&s, "b", HEAD("b") "evidence: {window: 1s, needs: [{rule: failed, points: 40, text: x}]}\n");
    uint32_t down = story_rule_index(&s, "down"), failed = story_rule_index(&s, "failed");
    for (int64_t i = 0; i < 900; i++) {
        const struct {
            int64_t second;
            uint32_t rule;
        } events[] = { { 0, down }, { 20, failed }, { 20000, failed } };
        for (size_t k = 0; k < COUNT_OF(events); k++) {
            struct event e = story_key("", i * 24 * HOUR + events[k].second);
            e.key.computer = text_keep_format(&s.arena, "M%d", (int)i);
            e.key.record_id = (uint64_t)i * 3 + k + 1;
            if (k > 0 || i < 300)
                partial_add_match(&s.partial, &events[k].rule, 1, &e, s.logs[0].input);
        }
    }
    story_diagnose(&s);
    size_t of_b = 0;
    for (size_t i = 0; i < s.diagnoses.count; i++)
        of_b += s.diagnoses.items[i].article == kb_find(s.kb, TEXT("b"));
    assert_int_equal(of_b + s.diagnoses.consequences.count, LIMIT_DIAGNOSES);
    assert_int_equal(s.diagnoses.left_out, 900 + LIMIT_CAUSES - LIMIT_DIAGNOSES);
    story_end(&s);
}

/* An article is beaten at the times at which the better one fits, not for good. */
static void what_is_beaten_once_stays_another_time(void **state)
{
    (void)state;
    struct story s;
    begin(&s);
    story_article(&s, "a", HEAD("a") "evidence: {needs: [{rule: down, points: 60, text: x}], beats: [b]}\n");
    story_article(&s, "b", HEAD("b") "evidence: {needs: [{rule: failed, points: 70, text: x}]}\n");
    story_event(&s, "NODE1", 0, "down");
    story_event(&s, "NODE1", 20, "failed");
    story_event(&s, "NODE1", 20000, "failed");
    story_event(&s, "NODE1", 30000, "failed");
    story_event(&s, "NODE1", 30001, "down");
    story_diagnose(&s);
    assert_string_equal(story_tell(&s, false), "b likely 70 x1 NODE1\na likely 60 x2 NODE1\n");
    assert_int_equal(s.diagnoses.items[0].first_seen, story_time(20000));
    assert_int_equal(s.diagnoses.items[1].beaten.count, 1);
    assert_int_equal(s.diagnoses.items[1].beaten.items[0]->occurrences, 2);
    story_end(&s);
}

/* Each explains another one: one stays, and nothing is lost. */
static void a_circle_has_a_beginning(void **state)
{
    (void)state;
    struct story s;
    begin(&s);
    story_article(&s, "a", HEAD("a") "evidence: {needs: [{rule: failed, points: 60, text: x}], explains: [{rule: late}]}\n");
    story_article(&s, "b", HEAD("b") "evidence: {needs: [{rule: late, points: 70, text: x}], explains: [{rule: back}]}\n");
    story_article(&s, "c", HEAD("c") "evidence: {needs: [{rule: back, points: 50, text: x}], explains: [{rule: failed}]}\n");
    story_event(&s, "NODE1", 0, "failed");
    story_event(&s, "NODE1", 1, "late");
    story_event(&s, "NODE1", 2, "back");
    story_diagnose(&s);
    assert_int_equal(s.diagnoses.count, 1);
    assert_int_equal(s.diagnoses.items[0].consequences.count, 2);
    story_end(&s);
}

static void one_article_beats_another_at_the_same_time(void **state)
{
    (void)state;
    for (int apart = 0; apart < 2; apart++) {
        struct story s;
        begin(&s);
        story_article(&s, "a", HEAD("a") "evidence: {window: 5m, needs: [{rule: failed, points: 60, text: x}], beats: b}\n");
        story_article(&s, "b", HEAD("b") "evidence: {needs: [{rule: late, points: 90, text: x}]}\n");
        story_event(&s, "NODE1", 0, "failed");
        story_event(&s, apart ? "NODE2.example.org" : "NODE1", 100, "late");
        story_diagnose(&s);
        assert_string_equal(story_tell(&s, false), apart ? "b confirmed 90 x1 NODE2.example.org\na likely 60 x1 NODE1\n"
                                                         : "a likely 60 x1 NODE1\n");
        assert_int_equal(s.diagnoses.items[0].consequences.count, 0);
        assert_int_equal(s.diagnoses.beaten.count, apart ? 0 : 1);
        assert_int_equal(s.diagnoses.items[0].beaten.count, apart ? 0 : 1);
        if (!apart)
            assert_true(text_equal(s.diagnoses.items[0].beaten.items[0]->article->id, TEXT("b")));
        story_end(&s);
    }
}

/* `a` beats `b`, and `b` beats `c`: what `a` explains follows from it, with all that it beats itself. */
static void what_is_beaten_and_explained_follows(void **state)
{
    (void)state;
    for (int explained = 0; explained < 2; explained++) {
        struct story s;
        begin(&s);
        story_article(&s, "a", explained ? HEAD("a") "evidence: {needs: [{rule: failed, points: 90, text: x}], "
                                                     "explains: [{rule: late}], beats: b}\n"
                                         : HEAD("a") "evidence: {needs: [{rule: failed, points: 90, text: x}], "
                                                     "beats: b}\n");
        story_article(&s, "b", HEAD("b") "evidence: {needs: [{rule: late, points: 60, text: x}], beats: c}\n");
        story_article(&s, "c", HEAD("c") "evidence: {needs: [{rule: back, points: 50, text: x}]}\n");
        story_event(&s, "NODE1", 0, "failed");
        story_event(&s, "NODE1", 1, "late");
        story_event(&s, "NODE1", 2, "back");
        story_diagnose(&s);
        assert_string_equal(story_tell(&s, false), "a confirmed 90 x1 NODE1\n");
        assert_int_equal(s.diagnoses.items[0].consequences.count, explained ? 2 : 0);
        assert_int_equal(s.diagnoses.items[0].beaten.count, explained ? 0 : 2);
        story_end(&s);
    }
}

static void noise_is_no_trouble(void **state)
{
    (void)state;
    for (int lonely = 0; lonely < 2; lonely++) {
        struct story s;
        begin(&s);
        story_article(&s, "a", QUIET("pairs") "evidence:\n    window: 5s\n"
                                              "    needs:\n"
                                              "        - {rule: late, points: 40, text: x}\n"
                                              "        - {rule: back, points: 40, same: \"Data[1]\", text: x}\n"
                                              "    explains: [{rule: back}]\n");
        story_article(&s, "b", HEAD("b") "evidence: {needs: [{rule: late, points: 90, text: x}]}\n");
        story_values(&s, "NODE1", 0, "late", "net", NULL);
        story_values(&s, "NODE1", 3, "back", "net", NULL);
        story_values(&s, "NODE1", 600, "late", "net", NULL);
        story_values(&s, "NODE1", 603, "back", lonely ? "other" : "net", NULL);
        story_diagnose(&s);
        assert_string_equal(story_tell(&s, false), lonely ? "b confirmed 90 x1 NODE1\n" : "");
        assert_int_equal(s.diagnoses.noise.count, 1);
        size_t explained = 0;
        for (size_t i = 0; i < s.timeline.hit_count; i++)
            explained += s.diagnoses.explained[i] != NULL;
        assert_int_equal(explained, lonely ? 2 : 4);
        story_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_named_node_has_a_role),
        cmocka_unit_test(a_node_without_a_log_is_named),
        cmocka_unit_test(conditions_are_kept),
        cmocka_unit_test(consequences_stand_below_their_cause),
        cmocka_unit_test(what_speaks_against_one_node_leaves_the_others),
        cmocka_unit_test(a_record_is_one_step_of_the_story),
        cmocka_unit_test(what_one_cause_does_not_explain_stays),
        cmocka_unit_test(occurrences_with_a_cause_are_told_apart),
        cmocka_unit_test(a_node_without_the_cause_stays),
        cmocka_unit_test(each_occurrence_goes_below_its_cause),
        cmocka_unit_test(what_is_beaten_once_stays_another_time),
        cmocka_unit_test(what_is_told_apart_keeps_the_limit),
        cmocka_unit_test(a_circle_has_a_beginning),
        cmocka_unit_test(one_article_beats_another_at_the_same_time),
        cmocka_unit_test(what_is_beaten_and_explained_follows),
        cmocka_unit_test(noise_is_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
