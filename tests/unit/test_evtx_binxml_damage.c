/* Binary XML that is cut, lost or made to harm: what is left of the document, and what is not made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "binxml_said.h"

static void lost_templates_leave_bare_values(void **state)
{
    (void)state;
    begin();
    build_u8(&b, BINXML_INSTANCE);
    build_u8(&b, 1);
    build_u32(&b, 0xDEAD);
    build_u32(&b, 0x20);
    build_u32(&b, 3);
    descriptor(2, BINXML_STRING);
    descriptor(0, BINXML_NULL);
    descriptor(1, BINXML_UINT8);
    build_utf16(&b, "x");
    build_u8(&b, 9);
    build_u8(&b, BINXML_EOF);
    walk(START, b.at);
    assert_string_equal(said.p, "[x][9]");
    assert_int_equal(reader.marks, EVENT_TEMPLATE_LOST);
    assert_int_equal(reader.template, 0xDEAD);
}

/* At every length of a cut stream: what is said is a beginning of the whole, its elements closed; nothing is made up. */
static void cut_streams_never_say_more(void **state)
{
    (void)state;
    begin();
    usual_document();
    build_u8(&b, BINXML_EOF);
    size_t end = b.at;
    for (size_t n = START + 5; n < end - 1; n++) { /* behind the fragment header */
        said.n = 0;
        walk(START, n);
        assert_true(reader.damaged);
        assert_null(strstr(said.p, "t:0"));
        assert_null(strstr(said.p, "'0'"));
        assert_null(strstr(said.p, "<D></>"));
    }
    said.n = 0;
    walk(START, end - 2); /* only the last value is missing */
    assert_string_equal(said.p, "<R><D>t:x</><O>t:always</><E>t:7</><P></></>");
}

static void damage_ends_a_stream(void **state)
{
    static const uint8_t tokens[] = { BINXML_EOF, BINXML_END, 0x10, 0x3F, 0x50, 0x80, BINXML_ATTRIBUTE, BINXML_INSTANCE };
    (void)state;
    for (size_t i = 0; i < sizeof tokens; i++) {
        begin();
        build_open(&b, "A");
        build_u8(&b, BINXML_CONTENT);
        build_leaf(&b, "B", "x");
        build_u8(&b, BINXML_END);
        build_at(&b, START + 1 + 4 + 4 + 12 + 1, tokens[i], 1); /* in the place of B's first token */
        walk(START, b.at);
        assert_true(reader.damaged || tokens[i] == BINXML_END);
        assert_string_equal(said.p, "<A></>");
    }
}

/* The hash of a name tells whether it is still there, and so does the zero behind it. */
static void overwritten_names_are_noticed(void **state)
{
    static const size_t places[] = { 0, 4, 6 };
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        begin();
        build_open(&b, "Abc");
        build_u8(&b, BINXML_EMPTY);
        b.bytes[START + 1 + 4 + 4 + 8 + places[i]] ^= 1;
        walk(START, b.at);
        assert_true(reader.damaged);
        assert_string_equal(said.p, "");
    }
}

/* R, whose last value is its payload, on which it depends itself, as Event does in all logs of Windows. */
static void event_with_payload(unsigned dependency)
{
    begin();
    size_t definition = build_definition(&b, 7);
    build_open_in_template(&b, "R", dependency);
    build_u8(&b, BINXML_CONTENT);
    build_open_in_template(&b, "D", NONE);
    build_u8(&b, BINXML_CONTENT);
    build_value(&b, BINXML_VALUE, 0, BINXML_STRING);
    build_u8(&b, BINXML_END);
    build_value(&b, BINXML_OPTIONAL, 1, BINXML_STREAM);
    build_u8(&b, BINXML_END);
    build_definition_end(&b, definition);
    build_u32(&b, 2);
    descriptor(2, BINXML_STRING);
    descriptor(100, BINXML_STREAM);
    build_utf16(&b, "x");
}

/* A stream is cut off: what stands around it is the rest of the event, and stays; so do its elements that are whole. */
static void what_is_around_a_cut_stream_stays(void **state)
{
    static const unsigned dependencies[] = { NONE, 1 };
    (void)state;
    for (size_t i = 0; i < sizeof dependencies / sizeof *dependencies; i++) {
        event_with_payload(dependencies[i]);
        size_t payload = b.at;
        build_leaf(&b, "A", "whole");
        size_t second = b.at;
        build_leaf(&b, "B", "cut");
        walk(START, payload);
        assert_true(reader.damaged);
        assert_string_equal(said.p, "<R><D>t:x</></>");
        said.n = 0;
        walk(START, second);
        assert_string_equal(said.p, "<R><D>t:x</><A>t:whole</></>");
        said.n = 0;
        walk(START, b.at - 3); /* in the text */
        assert_true(reader.damaged);
        assert_string_equal(said.p, "<R><D>t:x</><A>t:whole</><B></></>");
    }
}

/* The record ends in the list of values, or in front of it: nobody knows what the payload is, the rest is no value's. */
static void list_of_values_is_cut(void **state)
{
    (void)state;
    event_with_payload(1);
    walk(START, b.at - 4);
    assert_true(reader.damaged);
    assert_string_equal(said.p, "<R></>");
}

/* What depends on a value that is cut, and is no stream, is left out. */
static void what_depends_on_a_cut_value_is_left_out(void **state)
{
    (void)state;
    begin();
    size_t definition = build_definition(&b, 7);
    build_open_in_template(&b, "R", NONE);
    build_u8(&b, BINXML_CONTENT);
    build_open_in_template(&b, "D", 0);
    build_u8(&b, BINXML_CONTENT);
    build_text(&b, "always");
    build_u8(&b, BINXML_END);
    build_u8(&b, BINXML_END);
    build_definition_end(&b, definition);
    build_u32(&b, 1);
    descriptor(2, BINXML_UINT16);
    build_u8(&b, 7);
    walk(START, b.at);
    assert_true(reader.damaged);
    assert_string_equal(said.p, "<R></>");
}

/* 10000 items in an element with an attribute of 500 characters would be 5 MB: the event is cut, its elements closed. */
static void expansion_is_bounded(void **state)
{
    (void)state;
    begin();
    size_t definition = build_definition(&b, 7);
    build_open_in_template(&b, "R", NONE);
    build_u8(&b, BINXML_CONTENT);
    build_open_in_template(&b, "D", NONE);
    build_attribute(&b, "n");
    build_u8(&b, BINXML_TEXT);
    build_u8(&b, BINXML_STRING);
    build_u16(&b, 500);
    for (int i = 0; i < 500; i++)
        build_u16(&b, 'x');
    build_u8(&b, BINXML_CONTENT);
    build_value(&b, BINXML_VALUE, 0, BINXML_ARRAY | BINXML_UINT8);
    build_u8(&b, BINXML_END);
    build_u8(&b, BINXML_END);
    build_definition_end(&b, definition);
    build_u32(&b, 1);
    descriptor(10000, BINXML_ARRAY | BINXML_UINT8);
    b.at += 10000;
    build_u8(&b, BINXML_EOF);
    walk(START, b.at);
    assert_int_equal(reader.marks, EVENT_CUT);
    assert_true(said.n > LIMIT_EVENT_BYTES && said.n < 2 * LIMIT_EVENT_BYTES);
    assert_string_equal(said.p + said.n - 1 - strlen("</></>"), "</></>");
}

/* A definition that holds an instance, even of itself, is refused. */
static void templates_hold_no_instances(void **state)
{
    (void)state;
    begin();
    size_t definition = build_definition(&b, 7);
    build_open_in_template(&b, "R", NONE);
    build_u8(&b, BINXML_CONTENT);
    build_u8(&b, BINXML_INSTANCE);
    build_u8(&b, 1);
    build_u32(&b, 7);
    build_u32(&b, definition);
    build_u32(&b, 0);
    build_u8(&b, BINXML_END);
    build_definition_end(&b, definition);
    build_u32(&b, 0);
    build_u8(&b, BINXML_EOF);
    walk(START, b.at);
    assert_string_equal(said.p, "");
    assert_true(reader.marks & EVENT_TEMPLATE_LOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_templates_leave_bare_values),
        cmocka_unit_test(cut_streams_never_say_more),
        cmocka_unit_test(damage_ends_a_stream),
        cmocka_unit_test(overwritten_names_are_noticed),
        cmocka_unit_test(what_is_around_a_cut_stream_stays),
        cmocka_unit_test(list_of_values_is_cut),
        cmocka_unit_test(what_depends_on_a_cut_value_is_left_out),
        cmocka_unit_test(expansion_is_bounded),
        cmocka_unit_test(templates_hold_no_instances),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
