/*
 * The answer in two lines, whatever the names and the width are; and what a run that was broken off says.
 */
#define _GNU_SOURCE /* memmem */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report_fixture.h"
#include "form/text_layout.h"
#include "report/report_verdict.h"

static bool contains(struct text t, const char *words)
{
    return memmem(t.p, t.n, words, strlen(words)) != NULL;
}

/* Two lines that fit, and an empty one. */
static void check_two_lines(const struct fixture *f, struct text ret[2])
{
    static struct buf out;
    fixture_write(f, &report_text, &out);
    struct text rest = buf_text(&out);
    for (size_t i = 0; i < 2; i++) {
        ret[i] = fixture_line(&rest);
        assert_true(ret[i].n > 0 && text_columns(ret[i]) <= f->options.width);
    }
    assert_int_equal(fixture_line(&rest).n, 0);
}

static void a_diagnosis_is_told_in_two_lines(void **state)
{
    (void)state;
    static const char *const heads[] = {
        [0] = "Confirmed on NODE1 and NODE2, 1999-04-12 02:10:05 UTC: KB article Q218922 (95 of 100 points).",
        [1] = "Confirmed on NODE1 and NODE2, 1999-04-12 02:10:05 UTC: KB article Q218922.",
        [2] = "Confirmed on NODE1 and NODE2, 1999-04-12 02:10 UTC: Q218922.",
    };
    static const unsigned widths[] = { 120, 80, 62 };
    struct text lines[2];
    struct fixture f;
    fixture_init(&f, false);
    f.found[0].occurrences = 1;
    f.articles[0].brief = TEXT("Older files keep the cluster service from starting.");
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        f.options.width = widths[i];
        check_two_lines(&f, lines);
        assert_true(text_equal(lines[0], text_from(heads[i])));
        assert_true(text_equal(lines[1], text_trim(i ? f.articles[0].brief : f.articles[0].summary)));
    }
    fixture_done(&f);
}

/* An article that has no brief lends its title, which may have to be cut. */
static void what_is_too_long_is_cut(void **state)
{
    (void)state;
    struct text lines[2];
    struct fixture f;
    fixture_init(&f, false);
    check_two_lines(&f, lines);
    assert_true(text_equal(lines[1], f.articles[0].title));
    f.options.width = 60;
    check_two_lines(&f, lines);
    assert_true(text_ends_with(lines[1], TEXT("...")));
    fixture_done(&f);
}

static void names_of_any_length_leave_two_lines(void **state)
{
    (void)state;
    static char letters[600];
    const struct text names[] = { { letters, sizeof letters }, TEXT("sql-n1.example.org"), fixture_bad, TEXT("10.0.0.1"),
                                  TEXT("") };
    struct text lines[2];
    memset(letters, 'N', sizeof letters);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        for (unsigned width = 60; width < 200; width += 3) {
            struct fixture f;
            fixture_init(&f, false);
            f.nodes[0].name = f.nodes[1].name = f.troubled[0] = f.troubled[1] = names[i];
            f.options.width = width;
            check_two_lines(&f, lines);
            f.diagnoses = (struct diagnoses){ 0 };
            check_two_lines(&f, lines);
            fixture_make_healthy(&f);
            check_two_lines(&f, lines);
            fixture_done(&f);
        }
}

static void domains_are_left_out_first(void **state)
{
    (void)state;
    struct text lines[2];
    struct fixture f;
    fixture_init(&f, false);
    f.found[0].occurrences = 1;
    f.nodes[0].name = f.troubled[0] = TEXT("sql-n1.example.org");
    f.nodes[1].name = f.troubled[1] = TEXT("10.0.0.1");
    check_two_lines(&f, lines);
    assert_true(contains(lines[0], "Confirmed on sql-n1 and 10.0.0.1, 1999-04-12 02:10:05 UTC"));
    fixture_done(&f);
}

static void findings_say_where_when_and_what(void **state)
{
    (void)state;
    struct text lines[2];
    struct fixture f;
    fixture_init(&f, false);
    f.diagnoses = (struct diagnoses){ 0 };
    check_two_lines(&f, lines);
    assert_true(text_equal(lines[0], TEXT("12 findings on NODE1 and NODE2, 1999-04-12 02:10 UTC; no article explains them.")));
    assert_true(contains(lines[1], "Gravest (high): Resource monitor could not load clusres.dll, NODE1."));
    fixture_done(&f);
}

/* Every form that has words has this one; JSON also says that it is not complete. */
static void what_was_interrupted_is_marked(void **state)
{
    (void)state;
    static const struct report_form *const forms[] = { &report_text, &report_json, &report_lines, &report_html,
                                                       &report_markdown };
    struct fixture f;
    struct buf out;
    buf_init(&out);
    for (int found = 0; found < 3; found++) {
        fixture_init(&f, false);
        f.found[0].occurrences = 1;
        if (found < 2)
            f.diagnoses = (struct diagnoses){ 0 };
        if (found < 1)
            fixture_make_healthy(&f);
        f.report.incomplete = true;
        for (size_t i = 0; i < COUNT_OF(forms); i++) {
            fixture_write(&f, forms[i], &out);
            assert_false(contains(buf_text(&out), "Interrupted: "));
        }
        (void)notice_add(&f.partial.inputs[0]->notices, NOTICE_INPUT_INTERRUPTED, 4096, 0);
        for (size_t i = 0; i < COUNT_OF(forms); i++) {
            fixture_write(&f, forms[i], &out);
            assert_true(contains(buf_text(&out), found == 2   ? "Interrupted: confirmed on NODE1"
                                                 : found == 1 ? "Interrupted: 12 findings on NODE1"
                                                              : "Interrupted: nothing wrong found on NODE1"));
        }
        fixture_write(&f, &report_csv, &out);
        assert_true(contains(buf_text(&out), "\r\nincomplete,,,,,,,,,,,,,logs/node1.evt,,,,the run was interrupted"));
        fixture_done(&f);
    }
    buf_done(&out);
}

/* A row for what was not read whole, and none for what was. */
static void a_table_says_what_is_missing(void **state)
{
    (void)state;
    const struct text missing[] = { TEXT("NODE3") };
    struct fixture f;
    struct buf out;
    buf_init(&out);
    fixture_init(&f, false);
    f.report.missing = missing;
    f.report.missing_count = 1;
    fixture_write(&f, &report_csv, &out);
    assert_false(contains(buf_text(&out), "\r\nincomplete,,,,,,,,,,,,,logs/node1.evt"));
    assert_true(contains(buf_text(&out), "\r\nincomplete,,,,,,,,,,,,,logs/node2.evt,,,,"));
    assert_true(contains(buf_text(&out), "\r\nincomplete,,,,,,,,,,,,,logs/readme.txt,,,,"));
    assert_true(contains(buf_text(&out), "\r\nincomplete,,,,,,NODE3,,,,,,,,,,,no log of this node is there"));
    fixture_done(&f);
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_diagnosis_is_told_in_two_lines),
        cmocka_unit_test(what_is_too_long_is_cut),
        cmocka_unit_test(names_of_any_length_leave_two_lines),
        cmocka_unit_test(domains_are_left_out_first),
        cmocka_unit_test(findings_say_where_when_and_what),
        cmocka_unit_test(what_was_interrupted_is_marked),
        cmocka_unit_test(a_table_says_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
