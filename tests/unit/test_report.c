/*
 * The report of a run made by hand, as text and as JSON.
 *
 * With an argument (text, explain, hostile, json, hostile-json, healthy, healthy-json) it prints that report
 * instead: test_report.py compares and validates what it prints.
 */
#define _GNU_SOURCE /* memmem */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "report_fixture.h"
#include "base/utf.h"
#include "form/text_layout.h"

static void make(const struct fixture *f, const struct report_form *form, struct buf *out)
{
    struct sink sink;
    sink_init(&sink, fixture_take, out);
    if (form->begin)
        form->begin(&f->report, &f->options, &sink);
    struct report report = f->report;
    report.told = form->found != NULL;
    for (size_t i = 0; form->found && i < f->timeline.hit_count; i++)
        form->found(&report, &f->options, &f->timeline.hits[i], &sink);
    form->write(&report, &f->options, &sink);
    assert_true(sink_flush(&sink));
    sink_done(&sink);
}

static bool contains(const struct buf *out, const char *words)
{
    return memmem(out->p, out->n, words, strlen(words)) != NULL;
}

static struct text first_lines(const struct buf *out, size_t lines)
{
    size_t end = 0;
    for (; lines > 0 && end < out->n; lines--)
        end += text_find_char(text_from_index(buf_text(out), end), '\n') + 1;
    return (struct text){ out->p, end };
}

static void the_verdict_comes_first(void **state)
{
    (void)state;
    struct fixture f;
    struct buf out;
    buf_init(&out);
    fixture_init(&f, false);
    make(&f, &report_text, &out);
    struct buf head;
    buf_init(&head);
    buf_add(&head, first_lines(&out, 2));
    assert_true(contains(&head, "Confirmed on NODE1 and NODE2, 2 times from 1999-04-11 02:10 UTC: Q218922."));
    assert_true(contains(&head, "Installing NTOP on Cluster Server"));
    buf_done(&head);
    fixture_done(&f);
    buf_done(&out);
}

static void a_calm_log_gives_two_calm_lines(void **state)
{
    (void)state;
    struct fixture f;
    struct buf out;
    buf_init(&out);
    fixture_init(&f, false);
    fixture_make_healthy(&f);
    make(&f, &report_text, &out);
    struct text head = first_lines(&out, 3);
    assert_true(
        text_equal(head, TEXT("Nothing wrong found on NODE1 and NODE2.\n"
                              "Read 3 events in 1 log, 1999-04-01 to 1999-04-11; 4 of 4 rules apply.\n\n")));
    assert_true(contains(&out, "3 records promised, 3 decoded, 0 lost, 0 recovered"));
    fixture_done(&f);
    buf_done(&out);
}

/* "Nothing found" is worth as much as the rules that could have found something. */
static void a_calm_log_says_which_rules_fit(void **state)
{
    (void)state;
    static const struct report_form *const forms[] = { &report_text, &report_markdown, &report_html };
    const struct reach some = { .able = 3, .no_channel = 1, .no_provider = 2 }, none = { .no_provider = 4 };
    struct fixture f;
    struct buf out;
    buf_init(&out);
    fixture_init(&f, false);
    fixture_make_healthy(&f);
    f.report.reach = &some;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        make(&f, forms[i], &out);
        assert_true(contains(&out, "3 rules fit what was read; 1 needs a channel of which no log was given"));
        out.n = 0;
    }
    make(&f, &report_json, &out);
    assert_true(contains(&out, "\"without_provider\": 2"));
    out.n = 0;
    f.report.reach = &none;
    make(&f, &report_text, &out);
    assert_true(contains(&out, "No rule applies to what was read, so nothing can be said."));
    assert_true(contains(&out, "0 rules fit what was read; 4 need a provider that left no record there."));
    fixture_done(&f);
    buf_done(&out);
}

/* Every line fits, unless it is one word; nothing but line ends controls the terminal. */
static void check_lines(const struct buf *out, unsigned width)
{
    assert_true(utf8_valid(buf_text(out)));
    for (struct text rest = buf_text(out); rest.n > 0;) {
        size_t end = text_find_char(rest, '\n');
        struct text line = { rest.p, end }, word = text_trim(line);
        assert_true(text_columns(line) <= width || text_find_char(word, ' ') == word.n);
        for (size_t i = 0; i < line.n; i++)
            assert_true((unsigned char)line.p[i] >= 0x20 && line.p[i] != 0x7f);
        rest = text_from_index(rest, end + 1);
    }
}

static void lines_fit_whatever_the_log_says(void **state)
{
    (void)state;
    for (unsigned width = 60; width <= 160; width += 7) {
        struct fixture f;
        struct buf out;
        buf_init(&out);
        fixture_init(&f, width >= 80); /* its longest word and what that hangs on needs 71 columns */
        f.options.width = width;
        f.options.explain = true;
        make(&f, &report_text, &out);
        check_lines(&out, width);
        fixture_done(&f);
        buf_done(&out);
    }
}

static void remove_colour(struct buf *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++) {
        if (out->p[i] == '\x1b')
            while (out->p[i] != 'm')
                i++;
        else
            out->p[kept++] = out->p[i];
    }
    out->n = kept;
}

static void colour_adds_nothing_but_colour(void **state)
{
    (void)state;
    struct fixture f;
    struct buf plain, colour;
    buf_init(&plain);
    buf_init(&colour);
    fixture_init(&f, true);
    make(&f, &report_text, &plain);
    f.options.colour = true;
    make(&f, &report_text, &colour);
    assert_true(colour.n > plain.n);
    remove_colour(&colour);
    assert_true(text_equal(buf_text(&plain), buf_text(&colour)));
    fixture_done(&f);
    buf_done(&plain);
    buf_done(&colour);
}

static void findings_without_diagnosis_are_said(void **state)
{
    (void)state;
    struct fixture f;
    struct buf out;
    buf_init(&out);
    fixture_init(&f, false);
    f.diagnoses = (struct diagnoses){ 0 };
    make(&f, &report_text, &out);
    assert_true(contains(&out, "12 findings on NODE1 and NODE2, 1999-04-12 02:10 UTC; no article explains them."));
    assert_true(contains(&out, "  high  NODE2  Resource monitor could not load clusres.dll"));
    assert_true(contains(&out, "8 times: "));
    assert_false(contains(&out, "The node started")); /* context is no finding */
    fixture_done(&f);
    buf_done(&out);
}

/* A diagnosis lists some of its events; the others are explained as well. */
static void events_of_a_diagnosis_are_no_findings_beside_it(void **state)
{
    (void)state;
    struct fixture f;
    struct buf out;
    buf_init(&out);
    fixture_init(&f, false);
    f.found[0].for_it.items[1].hit_count = 1;
    make(&f, &report_text, &out);
    assert_true(contains(&out, "      and 1 more event\n"));
    assert_true(contains(&out, "A disk reports bad blocks"));
    assert_false(contains(&out, "Resource monitor could not load clusres.dll"));
    fixture_done(&f);
    buf_done(&out);
}

#define HUGE_PIECE "</title></svg><script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>"

/* A text of 1 MB that tries to be markup. */
static struct text huge_text(void)
{
    static struct buf all;
    while (all.n < 1u << 20)
        buf_add_c(&all, HUGE_PIECE);
    return buf_text(&all);
}

static int print_report(const char *what)
{
    struct fixture f;
    struct buf out;
    const struct report_form *form = &report_text;
    bool huge = strstr(what, "huge") != NULL;
    if (huge)
        fixture_bad = huge_text();
    fixture_init(&f, huge || strstr(what, "hostile") != NULL);
    f.options.explain = strcmp(what, "explain") == 0;
    if (strstr(what, "healthy"))
        fixture_make_healthy(&f);
    for (size_t i = 0; i < REPORT_FORMS; i++)
        if (text_ends_with(text_from(what), text_from(report_forms[i]->name)))
            form = report_forms[i];
    buf_init(&out);
    make(&f, form, &out);
    fwrite(out.p, 1, out.n, stdout);
    buf_done(&out);
    fixture_done(&f);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return print_report(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verdict_comes_first),
        cmocka_unit_test(a_calm_log_gives_two_calm_lines),
        cmocka_unit_test(a_calm_log_says_which_rules_fit),
        cmocka_unit_test(lines_fit_whatever_the_log_says),
        cmocka_unit_test(colour_adds_nothing_but_colour),
        cmocka_unit_test(findings_without_diagnosis_are_said),
        cmocka_unit_test(events_of_a_diagnosis_are_no_findings_beside_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
