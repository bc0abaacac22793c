/*
 * What two tests are said to mean for each other, against what they do: some hundred tests of a field, and values.
 *
 * No value may fulfil two tests that are said to exclude each other, and none may fulfil the first of two and not the
 * second when it is said to be implied.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "match/matcher.h"
#include "rule/example.h"
#include "rule/relation.h"

static const char *const tests[] = {
    "F: abc", "F: ABC", "F|cased: abc", "F|cased: Abc", "F: ab?", "F: 'a*c'", "F: '*'", "F: '?'", "F: ''", "F: abcd",
    "F|startswith: a", "F|startswith: ab", "F|startswith: b", "F|startswith|cased: A", "F|startswith|cased: a",
    "F|endswith: c", "F|endswith: bc", "F|endswith: d", "F|endswith|cased: C", "F|contains: b", "F|contains: bc",
    "F|contains|cased: B", "F|contains: ''", "F|contains: 'a?c'", "F|contains: 'a*c'", "F|startswith: 'a?c'",
    "F|endswith: '?c'", "F|windash|contains: ' -a'", "F|contains: ' /a'", "F|windash: -a", "F|startswith: é", "F: É",
    "F|cased: É", "F|contains: 'ß'",
    "F: 5", "F: '5'", "F: 0x5", "F: '0x5'", "F: 5.5",
    "F: -5", "F|gt: 5", "F|gte: 5", "F|lt: 5", "F|lte: 5", "F|gt: 4.5",
    "F|lt: 5.5", "F|gt: 10", "F|lte: 4", "F|gte: 6", "F|lt: -1", "F|gte: -5",
    "F: null", "F|exists: true", "F|exists: false",
    "F|cidr: 10.0.0.0/8", "F|cidr: 10.1.0.0/16", "F|cidr: 192.168.0.0/16", "F|cidr: '::/0'", "F|cidr: '2001:db8::/32'",
    "F|cidr: '::ffff:0:0/96'", "F: 10.1.2.3", "F: '::ffff:10.1.2.3'", "F|startswith: '10.'", "F: 2001:DB8::1",
    "F|hour: 5", "F|hour|lt: 5", "F|hour|gte: 5", "F|minute: 5", "F|week: 1",
    "F|year: 2020", "F: '2020-01-01T05:05:00Z'",
    "F|re: '^a'", "F|re: b", "F|re|i: '^A'", "F|re: '^(?:aB|ab)c$'", "F|re: '^[0-9]+$'", "F|re: '^[^A-Z]*$'",
    "F|fieldref: G", "F|fieldref|startswith: G",
};

static const char *const values[] = {
    "abc", "ABC", "Abc", "abd", "abcd", "ab", "a", "b", "c", "d", "", "x", "aXc", "axxc", "bc", "aBc", "abcabc", "bca",
    "xbcx", " -a", " /a", "–a", "-a", "/a", "x /abc", "x -abc", "é", "É", "Éa", "ß", "aß",
    "SS",
    "5", "05", "0x5", "0X5", "5.5", "5.0", "4.75", "-5", "-1", "-0", "0", "4", "6", "10", "11", " 5 ", "+5", "1e1", "5x",
    "10.1.2.3", "10.2.0.1", "::ffff:10.1.2.3", "192.168.1.1", "2001:db8::1", "2001:DB8::1", "::1", "1.2.3", "10.",
    "2020-01-01T05:05:00Z", "2020-01-01T04:05:00Z", "2020-06-01T05:06:00Z", "2019-12-31T23:59:00Z", "2020-01-01",
};

#define TESTS  COUNT_OF(tests)
#define VALUES (COUNT_OF(values) + 1) /* the last: absent */

struct fixture {
    struct arena arena;
    struct ruleset *rules;
    const struct test *tests[TESTS];
    bool fulfils[TESTS][VALUES];
};

static void load(struct fixture *f)
{
    struct diags diags;
    struct yaml_file file;
    struct buf source;
    struct ruleset_builder *b = ruleset_builder_new();
    arena_init(&f->arena);
    diags_init(&diags, &f->arena);
    buf_init(&source);
    for (size_t i = 0; i < TESTS; i++)
        buf_add_format(&source, "---\ntitle: T\nlogsource: {product: windows}\ndetection:\n  s:\n    %s\n"
                                "  condition: s\n", tests[i]);
    assert_true(yaml_parse(&f->arena, TEXT("t.yaml"), buf_text(&source), &diags, &file));
    ruleset_add_file(b, &file, false, &diags);
    f->rules = ruleset_compile(b, &diags);
    ruleset_builder_free(b);
    assert_int_equal(ruleset_count(f->rules), TESTS);
    buf_done(&source);
}

/* The only test of a rule. */
static const struct test *test_of(const struct expr *e)
{
    while (e->kind != EXPR_ITEM) {
        assert_int_equal(e->count, 1);
        e = e->children[0];
    }
    assert_int_equal(e->item->count, 1);
    return &e->item->tests[0];
}

static void try_value(struct fixture *f, struct matcher *m, size_t value)
{
    size_t count;
    bool present = value < COUNT_OF(values);
    struct event_field fields[] = { { .part = EVENT_DATA, .name = TEXT("G"), .value = TEXT("abc") },
                                    { .part = EVENT_DATA, .name = TEXT("F") } };
    fields[1].value = text_from(present ? values[value] : "");
    struct event e = { .key = { .provider = TEXT("P"), .channel = TEXT("C"), .computer = TEXT("N"), .id = 1 },
                       .event_id = TEXT("1"), .fields = fields, .field_count = present ? 2 : 1 };
    const uint32_t *hits = matcher_match(m, &e, &count, NULL);
    for (size_t i = 0; i < count; i++)
        f->fulfils[hits[i]][value] = true;
}

static int setup(void **state)
{
    struct fixture *f = memory_new(sizeof *f);
    memset(f, 0, sizeof *f);
    load(f);
    for (size_t i = 0; i < TESTS; i++)
        f->tests[i] = test_of(f->rules->rules[i].condition);
    struct matcher *m = matcher_new(f->rules);
    for (size_t i = 0; i < VALUES; i++)
        try_value(f, m, i);
    matcher_free(m);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    ruleset_free(f->rules);
    arena_done(&f->arena);
    free(f);
    return 0;
}

static void check_pair(struct fixture *f, size_t a, size_t b, bool excludes, bool implies)
{
    for (size_t v = 0; v < VALUES; v++) {
        const char *value = v < COUNT_OF(values) ? values[v] : "(absent)";
        if (excludes && f->fulfils[a][v] && f->fulfils[b][v])
            fail_msg("%s and %s are said to exclude each other: %s fulfils both", tests[a], tests[b], value);
        if (implies && f->fulfils[a][v] && !f->fulfils[b][v])
            fail_msg("%s is said to imply %s: not so %s", tests[a], tests[b], value);
    }
}

static void what_is_said_of_two_tests_is_true(void **state)
{
    struct fixture *f = *state;
    size_t excluding = 0, implying = 0;
    for (size_t a = 0; a < TESTS; a++)
        for (size_t b = 0; b < TESTS; b++) {
            bool excludes = test_excludes(&f->arena, f->tests[a], f->tests[b]);
            bool implies = test_implies(&f->arena, f->tests[a], f->tests[b]);
            assert_int_equal(excludes, test_excludes(&f->arena, f->tests[b], f->tests[a]));
            assert_true(!test_excludes_presence(f->tests[a], f->tests[b]) || excludes);
            check_pair(f, a, b, excludes, implies);
            excluding += excludes;
            implying += implies;
        }
    assert_true(excluding > 1000 && implying > 300);
}

/* A test is nothing without a value that fulfils it: then the test above would prove nothing about it. */
static void every_test_is_fulfilled_by_some_value(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < TESTS; i++) {
        size_t n = 0;
        for (size_t v = 0; v < VALUES; v++)
            n += f->fulfils[i][v];
        if (n == 0 || n == VALUES)
            fail_msg("%s is fulfilled by %zu values of %zu", tests[i], n, VALUES);
    }
}

static size_t index_of(const char *test)
{
    size_t i = 0;
    while (strcmp(tests[i], test) != 0)
        assert_true(++i < TESTS);
    return i;
}

static void what_people_write_is_found(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *a, *b;
        bool excludes; /* else it implies */
    } cases[] = {
        { "F: abc", "F: abcd", true }, { "F|startswith: a", "F|startswith: b", true },
        { "F|startswith: b", "F: abc", true }, { "F|endswith: c", "F|endswith: d", true },
        { "F|gt: 10", "F|lt: 5", true }, { "F|gt: 5", "F|lte: 5", true }, { "F: 5", "F|gt: 5", true },
        { "F: null", "F|contains: b", true }, { "F|exists: false", "F: abc", true },
        { "F|cidr: 10.0.0.0/8", "F|cidr: 192.168.0.0/16", true }, { "F|hour|lt: 5", "F|hour|gte: 5", true },
        { "F|startswith|cased: A", "F|startswith: a", false },
        { "F|contains: bc", "F|contains: b", false }, { "F: abc", "F|startswith: ab", false },
        { "F|gt: 10", "F|gte: 6", false }, { "F|cidr: 10.1.0.0/16", "F|cidr: 10.0.0.0/8", false },
        { "F: abc", "F|exists: true", false }, { "F|exists: false", "F: null", false }, { "F: ab?", "F: '*'", false },
        { "F: 'a*c'", "F|startswith: a", false }, 
        { "F: É", "F|re: '^(?:aB|ab)c$'", true }, { "F: 10.1.2.3", "F|re: '^[0-9]+$'", true },
        { "F|cased: Abc", "F|re: '^[^A-Z]*$'", true }, { "F: '5'", "F|re: '^[0-9]+$'", false },
        { "F|cased: abc", "F|re: '^a'", false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct test *a = f->tests[index_of(cases[i].a)], *b = f->tests[index_of(cases[i].b)];
        bool found = cases[i].excludes ? test_excludes(&f->arena, a, b) : test_implies(&f->arena, a, b);
        if (!found)
            fail_msg("%s and %s: not found", cases[i].a, cases[i].b);
    }
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(what_is_said_of_two_tests_is_true),
        cmocka_unit_test(every_test_is_fulfilled_by_some_value),
        cmocka_unit_test(what_people_write_is_found),
    };
    return cmocka_run_group_tests(all, setup, teardown);
}
