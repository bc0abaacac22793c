/* Logs and articles that nobody means well with: a diagnosis comes to an end, in time and in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <time.h>

#include "base/limits.h"
#include "story.h"

static const char *const rules[] = { "a", "b", "c", "d", NULL };

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
    buf_add_c(&yaml, STORY_ARTICLE("Q1") "evidence:\n    window: 1s\n    needs: [{rule: a, points: 60, text: x}]\n"
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
        cmocka_unit_test(questions_without_end_are_given_up),
        cmocka_unit_test(a_great_circle_comes_to_an_end),
        cmocka_unit_test(many_hits_stay_fast),
        cmocka_unit_test(many_nodes_stay_small),
        cmocka_unit_test(one_moment_on_many_nodes_stays_fast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
