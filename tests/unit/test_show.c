/* What is printed of an event: remarks, the layouts of text and CSV, what other forms need, duplicates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "show/show_form.h"
#include "show/show_unique.h"
#include "yaml/yaml_tree.h"

#define MOMENT 132000000000000000u /* 2019-04-17T18:40:00Z */

static void remarks_say_where_and_what(void **state)
{
    const struct show_options options = { 0 }, beside = { .remark = "context" };
    const char *remarks[SHOW_REMARKS];
    (void)state;
    assert_int_equal(show_remarks(&beside, EVENT_LIVE, EVENT_CUT, remarks), 2);
    assert_string_equal(remarks[1], "context");
    assert_int_equal(show_remarks(&options, EVENT_LIVE, 0, remarks), 0);
    for (enum event_source source = EVENT_RESYNC; source < EVENT_SOURCES; source++) {
        assert_int_equal(show_remarks(&options, source, 0, remarks), 1);
        assert_string_equal(remarks[0], event_source_name(source));
    }
    assert_int_equal(show_remarks(&options, EVENT_LIVE, EVENT_CUT, remarks), 1);
    assert_string_equal(remarks[0], "cut");
    uint32_t all = EVENT_PARTIAL | EVENT_TEMPLATE_FOREIGN | EVENT_TEMPLATE_LOST | EVENT_CUT | EVENT_ODD_VALUE;
    static const char *const wanted[] = { "slack", "partial", "template-foreign", "template-lost", "cut", "odd-value" };
    assert_int_equal(show_remarks(&options, EVENT_SLACK, all, remarks), COUNT_OF(wanted));
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        assert_string_equal(remarks[i], wanted[i]);
}

struct printed {
    struct arena arena;
    struct catalog *catalog;
    struct show_options options;
    struct buf scratch, out;
};

static void printed_init(struct printed *p, enum show_form form)
{
    static const char yaml[] = "provider: P\n"
                               "parameters: system\n"
                               "messages: {1: 'First %1.', 2: \"Two\\n\\n lines of %1\", 3: '=1+1', 4: ' '}\n"
                               "---\n"
                               "parameters: system\n"
                               "texts: {5: [DENIED, denied]}\n";
    struct yaml_file file;
    struct diags diags;
    *p = (struct printed){ .options.form = form };
    arena_init(&p->arena);
    diags_init(&diags, &p->arena);
    p->catalog = catalog_new();
    assert_true(yaml_parse(&p->arena, TEXT("a.yaml"), text_from(yaml), &diags, &file));
    catalog_add(p->catalog, &file, &diags);
    catalog_finish(p->catalog);
    assert_int_equal(diags.count, 0);
    p->options.catalog = p->catalog;
}

static void printed_done(struct printed *p)
{
    catalog_free(p->catalog);
    buf_done(&p->scratch);
    buf_done(&p->out);
    arena_done(&p->arena);
}

static void printed_is(struct printed *p, const struct event *e, const char *wanted)
{
    p->out.n = 0;
    show_fields(&p->options, e, &p->scratch, &p->out);
    if (!text_equal(buf_text(&p->out), text_from(wanted)))
        fail_msg("got <%.*s>, not <%s>", TEXT_ARG(buf_text(&p->out)), wanted);
}

static struct event sample(const struct event_field *fields, size_t count)
{
    return (struct event){
        .key = { .provider = TEXT("P"), .channel = TEXT("System"), .computer = TEXT("N1"), .id = 1, .level = 2,
                 .time = MOMENT, .record_id = 17 },
        .event_id = TEXT("1"), .fields = fields, .field_count = count,
    };
}

#define FIELD(name, value, part) { TEXT(name), TEXT(value), part }

static void text_is_a_block(void **state)
{
    static const struct event_field fields[] = {
        FIELD("Hidden", "of System", EVENT_SYSTEM),   FIELD("", "one", EVENT_DATA),
        FIELD("Named", " %%5\r\n", EVENT_DATA),       FIELD("", "a\n\tb\n\n  c", EVENT_DATA),
        FIELD("Binary", "0A", EVENT_DATA),            FIELD("Far", "away", EVENT_RENDERING),
        FIELD("User", "", EVENT_USER_DATA),           FIELD("Od\x1b" "d", "\x1b[2J", EVENT_OTHER),
    };
    struct printed p;
    (void)state;
    printed_init(&p, SHOW_TEXT);
    struct event e = sample(fields, COUNT_OF(fields));
    e.user_sid = TEXT("S-1-5-18");
    printed_is(&p, &e,
               "2019-04-17T18:40:00.0000000Z  N1  P 1  Error\n"
               "  System, record 17, user S-1-5-18\n"
               "  First one.\n"
               "    %1: one\n"
               "    Named: %%5 = denied (5 DENIED)\n"
               "    %2: a\n"
               "      b\n"
               "      c\n"
               "    Binary: 0A\n"
               "    User: \n"
               "    Od\\x1bd: \\x1b[2J\n");
    printed_done(&p);
}

static void text_leaves_out_what_is_not_known(void **state)
{
    struct printed p;
    struct event e = { .key = { .record_id = UINT64_MAX, .level = 9 } };
    (void)state;
    printed_init(&p, SHOW_TEXT);
    printed_is(&p, &e, "(no time)  Information\n  record 18446744073709551615\n");
    e.source = EVENT_STALE;
    e.marks = EVENT_PARTIAL | EVENT_ODD_VALUE;
    e.key.channel = TEXT("C\n");
    printed_is(&p, &e, "(no time)  Information\n  C , record 18446744073709551615 - stale, partial, odd-value\n");
    printed_done(&p);
}

static void sentences_of_several_lines_are_indented(void **state)
{
    static const struct event_field fields[] = { FIELD("", "x", EVENT_DATA) };
    struct printed p;
    (void)state;
    printed_init(&p, SHOW_TEXT);
    struct event e = sample(fields, 1);
    e.key.id = 2;
    e.event_id = TEXT("2 odd");
    printed_is(&p, &e,
               "2019-04-17T18:40:00.0000000Z  N1  P 2 odd  Error\n  System, record 17\n"
               "  Two\n      lines of x\n    %1: x\n");
    p.options.zone = (struct zone){ .name = "-00:30", .seconds = -1800 };
    e.field_count = 0;
    e.key.id = 99;
    printed_is(&p, &e, "2019-04-17T18:10:00.0000000-00:30  N1  P 2 odd  Error\n  System, record 17\n");
    printed_done(&p);
}

static void csv_is_a_line(void **state)
{
    static const struct event_field fields[] = {
        FIELD("Hidden", "of System", EVENT_SYSTEM), FIELD("", "one", EVENT_DATA), FIELD("N", "%%5", EVENT_DATA),
        FIELD("", "a\r\nb", EVENT_USER_DATA),       FIELD("Far", "away", EVENT_RENDERING),
    };
    struct printed p;
    (void)state;
    printed_init(&p, SHOW_CSV);
    struct event e = sample(fields, COUNT_OF(fields));
    printed_is(&p, &e,
               "2019-04-17T18:40:00.0000000Z,N1,System,P,1,Error,17,,live,First one.,one; N=%%5; a b\r\n");
    e.source = EVENT_ORPHAN;
    e.marks = EVENT_TEMPLATE_LOST | EVENT_CUT;
    e.user_sid = TEXT("S-1-5-18");
    e.field_count = 0;
    e.key.id = 2;
    e.event_id = TEXT("2,\"");
    printed_is(&p, &e,
               "2019-04-17T18:40:00.0000000Z,N1,System,P,\"2,\"\"\",Error,17,S-1-5-18,orphan template-lost cut,"
               "Two  lines of,\r\n");
    e.key.id = 3;
    e.event_id = TEXT("-3");
    e.key.computer = TEXT("\t=N");
    printed_is(&p, &e,
               "2019-04-17T18:40:00.0000000Z,\"' =N\",System,P,'-3,Error,17,S-1-5-18,orphan template-lost cut,"
               "'=1+1,\r\n");
    e = (struct event){ .marks = EVENT_PARTIAL };
    printed_is(&p, &e, ",,,,,Information,0,,partial,,\r\n");
    printed_done(&p);
}

/* What a sink made is completed: remarks, and the end of the line where the form has one. */
static void rendered_events_get_their_remarks(void **state)
{
    static const struct {
        enum show_form form;
        enum event_source source;
        uint32_t marks;
        const char *rendered, *wanted;
    } cases[] = {
        { SHOW_JSONL, EVENT_LIVE, 0, "{\"Event\":{}}", "{\"Event\":{}}\n" },
        { SHOW_JSON, EVENT_LIVE, 0, "{\"Event\":{}}", "{\"Event\":{}}" },
        { SHOW_JSONL, EVENT_SLACK, 0, "{\"Event\":{}}", "{\"Event\":{},\"Remarks\":[\"slack\"]}\n" },
        { SHOW_JSON, EVENT_LIBYAL, EVENT_PARTIAL, "{\"Event\":{}}",
          "{\"Event\":{},\"Remarks\":[\"libyal\",\"partial\"]}" },
        { SHOW_XML, EVENT_LIVE, 0, "<Event/>", "<Event/>\n" },
        { SHOW_XML, EVENT_LIVE, EVENT_CUT | EVENT_ODD_VALUE, "<Event/>", "<!-- cut odd-value --><Event/>\n" },
        { SHOW_XML, EVENT_HIDDEN, 0, "<Event/>", "<!-- hidden --><Event/>\n" },
        { SHOW_JSONL, EVENT_SLACK, 0, "", "\n" },
    };
    struct printed p;
    (void)state;
    printed_init(&p, SHOW_JSON);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct event_about about = { .source = cases[i].source, .marks = cases[i].marks };
        p.options.form = cases[i].form;
        p.out.n = 0;
        buf_add_c(&p.out, "before"); /* other events */
        buf_add_c(&p.out, cases[i].rendered);
        show_rendered(&p.options, &about, text_from_index(buf_text(&p.out), 6), &p.out);
        if (!text_equal(text_from_index(buf_text(&p.out), 6), text_from(cases[i].wanted)))
            fail_msg("%zu: %.*s", i, TEXT_ARG(buf_text(&p.out)));
        assert_true(text_starts_with(buf_text(&p.out), TEXT("before")));
    }
    printed_done(&p);
}

static void each_form_says_what_it_needs(void **state)
{
    (void)state;
    assert_int_equal(show_needs(SHOW_TEXT), EVENT_AS_FIELDS);
    assert_int_equal(show_needs(SHOW_CSV), EVENT_AS_FIELDS);
    assert_int_equal(show_needs(SHOW_JSON), EVENT_AS_JSON);
    assert_int_equal(show_needs(SHOW_JSONL), EVENT_AS_JSON);
    assert_int_equal(show_needs(SHOW_XML), EVENT_AS_XML);
}

/* More than the table begins with, so that it grows; all three parts count, and so does the input. */
static void duplicates_are_of_another_input(void **state)
{
    struct show_unique *u = show_unique_new(100000);
    int first, second;
    (void)state;
    for (uint64_t i = 0; i < 5000; i++)
        assert_false(show_unique_seen(u, &(struct unique_mark){ i % 7, i, MOMENT + i }, &first));
    for (uint64_t i = 0; i < 5000; i++) {
        struct unique_mark mark = { i % 7, i, MOMENT + i };
        assert_false(show_unique_seen(u, &mark, &first));
        assert_true(show_unique_seen(u, &mark, &second));
    }
    assert_false(show_unique_seen(u, &(struct unique_mark){ 8, 1, MOMENT + 1 }, &second));
    assert_false(show_unique_seen(u, &(struct unique_mark){ 1, 2, MOMENT + 1 }, &second));
    assert_false(show_unique_seen(u, &(struct unique_mark){ 1, 1, MOMENT + 2 }, &second));
    assert_true(show_unique_seen(u, &(struct unique_mark){ 1, 1, MOMENT + 2 }, &first));
    show_unique_free(u);
    show_unique_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remarks_say_where_and_what),
        cmocka_unit_test(text_is_a_block),
        cmocka_unit_test(text_leaves_out_what_is_not_known),
        cmocka_unit_test(sentences_of_several_lines_are_indented),
        cmocka_unit_test(csv_is_a_line),
        cmocka_unit_test(rendered_events_get_their_remarks),
        cmocka_unit_test(each_form_says_what_it_needs),
        cmocka_unit_test(duplicates_are_of_another_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
