/* Binary XML, token by token: what the document says when a plan is walked with its values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "binxml_said.h"

static void literal_documents(void **state)
{
    (void)state;
    begin();
    build_open(&b, "A");
    build_attribute(&b, "x");
    build_text(&b, "1 ");
    build_u8(&b, BINXML_ENTITY | BINXML_MORE);
    build_name(&b, "quot");
    build_u8(&b, BINXML_CHARACTER);
    build_u16(&b, 0x41);
    build_attribute(&b, "empty");
    build_text(&b, "");
    build_attribute(&b, "nothing");
    build_u8(&b, BINXML_CONTENT);
    build_text(&b, "t");
    build_u8(&b, BINXML_ENTITY);
    build_name(&b, "amp");
    build_u8(&b, BINXML_ENTITY);
    build_name(&b, "nbsp");
    build_u8(&b, BINXML_CHARACTER | BINXML_MORE);
    build_u16(&b, 0x20AC);
    build_u8(&b, BINXML_CHARACTER);
    build_u16(&b, 0xD800);
    build_u8(&b, BINXML_CDATA);
    build_u16(&b, 2);
    build_utf16(&b, "<>");
    build_u8(&b, BINXML_PI_TARGET);
    build_name(&b, "pi");
    build_u8(&b, BINXML_PI_DATA);
    build_u16(&b, 1);
    build_utf16(&b, "d");
    build_open(&b, "B");
    build_u8(&b, BINXML_EMPTY);
    build_u8(&b, BINXML_END);
    build_u8(&b, BINXML_EOF);
    expect("<A>@x='1 \"A't:t&:&&:&nbsp;#:\xE2\x82\xAC#:\xEF\xBF\xBD"
           "c:<>?:pi!:d<B></></>");
}

static void null_optional_and_dependency(void **state)
{
    (void)state;
    begin();
    usual_document();
    build_u8(&b, BINXML_EOF);
    expect("<R><D>t:x</><O>t:always</><E>t:7</><P>@a='9'</></>");
    begin();
    usual_template();
    build_u32(&b, 4);
    descriptor(0, BINXML_STRING); /* empty is a value */
    descriptor(2, BINXML_NULL);   /* NULL with a size: bytes to be skipped */
    descriptor(0, BINXML_NULL);
    descriptor(1, BINXML_NULL);
    build_u16(&b, 1);
    build_u8(&b, 9);
    build_u8(&b, BINXML_EOF);
    expect("<R><D></><P></></>");
    begin();
    usual_template();
    build_u32(&b, 1);
    descriptor(0, BINXML_NULL); /* where it is not optional, its element stays */
    build_u8(&b, BINXML_EOF);
    expect("<R><D></><P></></>");
}

static void fewer_values_than_asked_for_are_null(void **state)
{
    (void)state;
    begin();
    usual_template();
    build_u32(&b, 1);
    descriptor(2, BINXML_STRING);
    build_utf16(&b, "x");
    build_u8(&b, BINXML_EOF);
    expect("<R><D>t:x</><P></></>");
}

/* Two arrays in one element and its attribute: the first repeats it, the other is joined. */
static void arrays_repeat_their_element(void **state)
{
    (void)state;
    begin();
    size_t definition = build_definition(&b, 7);
    build_open_in_template(&b, "R", NONE);
    build_u8(&b, BINXML_CONTENT);
    build_open_in_template(&b, "D", NONE);
    build_attribute(&b, "n");
    build_value(&b, BINXML_VALUE, 1, BINXML_UINT8);
    build_u8(&b, BINXML_CONTENT);
    build_value(&b, BINXML_VALUE, 0, BINXML_ARRAY | BINXML_STRING);
    build_value(&b, BINXML_VALUE, 2, BINXML_ARRAY | BINXML_UINT8);
    build_u8(&b, BINXML_END);
    build_open_in_template(&b, "Z", NONE);
    build_u8(&b, BINXML_CONTENT);
    build_value(&b, BINXML_VALUE, 3, BINXML_ARRAY | BINXML_STRING);
    build_u8(&b, BINXML_END);
    build_u8(&b, BINXML_END);
    build_definition_end(&b, definition);
    build_u32(&b, 4);
    descriptor(8, BINXML_ARRAY | BINXML_STRING);
    descriptor(1, BINXML_UINT8);
    descriptor(2, BINXML_ARRAY | BINXML_UINT8);
    descriptor(0, BINXML_ARRAY | BINXML_STRING);
    build_utf16(&b, "a");
    build_u16(&b, 0);
    build_u16(&b, 0);
    build_utf16(&b, "b"); /* the last one without its end */
    build_u8(&b, 5);
    build_u8(&b, 1);
    build_u8(&b, 2);
    build_u8(&b, BINXML_EOF);
    expect("<R><D>@n='5't:at:1,2</><D>@n='5't:1,2</><D>@n='5't:bt:1,2</><Z></></>");
}

/* A value that is a stream of its own: elements in it carry no dependency. */
static void streams_nest(void **state)
{
    (void)state;
    begin();
    size_t definition = build_definition(&b, 7);
    build_open_in_template(&b, "R", NONE);
    build_u8(&b, BINXML_CONTENT);
    build_value(&b, BINXML_VALUE, 0, BINXML_STREAM);
    build_u8(&b, BINXML_END);
    build_definition_end(&b, definition);
    build_u32(&b, 1);
    size_t size = b.at;
    descriptor(0, BINXML_STREAM);
    size_t start = b.at;
    build_leaf(&b, "A", "in");
    build_u8(&b, BINXML_EOF);
    build_at(&b, size, b.at - start, 2);
    build_u8(&b, BINXML_EOF);
    expect("<R><A>t:in</></>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literal_documents),
        cmocka_unit_test(null_optional_and_dependency),
        cmocka_unit_test(fewer_values_than_asked_for_are_null),
        cmocka_unit_test(arrays_repeat_their_element),
        cmocka_unit_test(streams_nest),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
