/* Events as XML and JSON: escaping, the layouts, what only later elements can tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/markup.h"
#include "base/utf.h"
#include "evt/evt_render.h"
#include "evtx/evtx_render.h"
#include "test_evtx_build.h"

#define START EVTX_CHUNK_HEADER

static struct build b;
static struct binxml_reader reader;
static struct renderer *renderer;
static struct buf rendered;

static void begin(void)
{
    build_init(&b, 1);
}

static void open_element(const char *name)
{
    build_open(&b, name);
    build_u8(&b, BINXML_CONTENT);
}

static void end_element(void)
{
    build_u8(&b, BINXML_END);
}

/* <Data Name="name">text</Data>; NULL: without */
static void data(const char *name, const char *text)
{
    build_open(&b, "Data");
    if (name) {
        build_attribute(&b, "Name");
        build_text(&b, name);
    }
    build_u8(&b, BINXML_CONTENT);
    if (text)
        build_text(&b, text);
    end_element();
}

static void expect(enum event_form form, const char *line)
{
    struct binxml_stream stream;
    binxml_reader_chunk(&reader, (struct bytes){ b.bytes, b.at }, NULL);
    binxml_reader_record(&reader);
    binxml_open(&reader, START, b.at, &stream);
    rendered.n = 0;
    render(renderer, form, &reader, &stream, &rendered);
    assert_int_equal(rendered.n, strlen(line));
    assert_memory_equal(rendered.p, line, rendered.n);
}

static void expect_both(const char *xml, const char *json)
{
    build_u8(&b, BINXML_EOF);
    expect(EVENT_AS_XML, xml);
    expect(EVENT_AS_JSON, json);
}

static void elements(void **state)
{
    (void)state;
    begin();
    build_open(&b, "Event");
    build_attribute(&b, "a");
    build_text(&b, "it's <\"&\">");
    build_attribute(&b, "empty");
    build_text(&b, "");
    build_u8(&b, BINXML_CONTENT);
    build_leaf(&b, "T", "x'\"\\\t\n&");
    build_open(&b, "E");
    build_u8(&b, BINXML_EMPTY);
    open_element("F");
    end_element();
    build_leaf(&b, "T", "2");
    build_leaf(&b, "T", "3");
    end_element();
    expect_both("<Event a='it&apos;s &lt;\"&amp;\"&gt;'><T>x'\"\\&#9;&#10;&amp;</T><E/><F></F><T>2</T><T>3</T></Event>",
                "{\"Event\":{\"#attributes\":{\"a\":\"it's <\\\"&\\\">\"},\"T\":\"x'\\\"\\\\\\t\\n&\",\"E\":null,"
                "\"F\":null,\"T_1\":\"2\",\"T_2\":\"3\"}}");
}

static void text_beside_elements(void **state)
{
    (void)state;
    begin();
    open_element("Event");
    build_text(&b, "a");
    build_leaf(&b, "X", "1");
    build_text(&b, "b");
    open_element("Y");
    build_leaf(&b, "X", "1");
    build_text(&b, "late");
    end_element();
    end_element();
    expect_both("<Event>a<X>1</X>b<Y><X>1</X>late</Y></Event>",
                "{\"Event\":{\"#text\":\"ab\",\"X\":\"1\",\"Y\":{\"#text\":\"late\",\"X\":\"1\"}}}");
}

static void named_data(void **state)
{
    (void)state;
    begin();
    open_element("EventData");
    data("A", "1");
    data("A", "2");
    data("A", NULL);
    data("B", "x");
    data("A", "3");
    build_leaf(&b, "B", "y");
    end_element();
    expect_both("<EventData><Data Name='A'>1</Data><Data Name='A'>2</Data><Data Name='A'></Data><Data Name='B'>x</Data>"
                "<Data Name='A'>3</Data><B>y</B></EventData>",
                "{\"EventData\":{\"A\":[\"1\",\"2\",\"\"],\"B\":\"x\",\"A_1\":\"3\",\"B_1\":\"y\"}}");
}

static void unnamed_data(void **state)
{
    (void)state;
    begin();
    open_element("EventData");
    data(NULL, "1");
    end_element();
    expect_both("<EventData><Data>1</Data></EventData>", "{\"EventData\":{\"Data\":{\"#text\":\"1\"}}}");
    begin();
    open_element("EventData");
    data(NULL, "1");
    data(NULL, NULL);
    data(NULL, "3");
    end_element();
    expect_both("<EventData><Data>1</Data><Data></Data><Data>3</Data></EventData>",
                "{\"EventData\":{\"Data\":{\"#text\":[\"1\",\"\",\"3\"]}}}");
}

/* evtx_dump drops a Data without name beside named ones; here nothing is lost. */
static void data_apart(void **state)
{
    (void)state;
    begin();
    open_element("EventData");
    data(NULL, "1");
    data("A", "x");
    data(NULL, "2");
    build_leaf(&b, "Binary", "00");
    data(NULL, "3");
    data("A", "y");
    build_text(&b, "t");
    end_element();
    expect(EVENT_AS_JSON, "{\"EventData\":{\"#text\":\"t\",\"Data\":{\"#text\":[\"1\",\"2\",\"3\"]},\"A\":\"x\","
                          "\"Binary\":\"00\",\"A_1\":\"y\"}}");
}

static void template_leaf(const char *name, unsigned value, unsigned type)
{
    build_open_in_template(&b, name, BINXML_NO_DEPENDENCY);
    build_u8(&b, BINXML_CONTENT);
    build_value(&b, BINXML_VALUE, value, type);
    end_element();
}

/* Numbers, bytes and arrays of a template below UserData: an array repeats its element. */
static void typed_values(void **state)
{
    (void)state;
    begin();
    size_t definition = build_definition(&b, 7);
    build_open_in_template(&b, "UserData", BINXML_NO_DEPENDENCY);
    build_u8(&b, BINXML_CONTENT);
    build_open_in_template(&b, "Change", BINXML_NO_DEPENDENCY);
    build_u8(&b, BINXML_CONTENT);
    template_leaf("Count", 0, BINXML_UINT32);
    template_leaf("Blob", 1, BINXML_BINARY);
    template_leaf("Name", 2, BINXML_STRING | 0x80u);
    template_leaf("Port", 3, BINXML_UINT16 | 0x80u);
    template_leaf("Gone", 4, BINXML_STRING);
    end_element();
    end_element();
    build_definition_end(&b, definition);
    build_u32(&b, 5);
    build_u32(&b, 4 | BINXML_UINT32 << 16);
    build_u32(&b, 3 | BINXML_BINARY << 16);
    build_u32(&b, 10 | (BINXML_STRING | 0x80u) << 16);
    build_u32(&b, 4 | (BINXML_UINT16 | 0x80u) << 16);
    build_u32(&b, 0);
    build_u32(&b, 4000000000u);
    build_u8(&b, 0xAB);
    build_u8(&b, 0);
    build_u8(&b, 0xCD);
    build_utf16(&b, "a");
    build_u16(&b, 0);
    build_u16(&b, 0);
    build_utf16(&b, "c");
    build_u16(&b, 0);
    build_u16(&b, 3343);
    build_u16(&b, 445);
    expect_both("<UserData><Change><Count>4000000000</Count><Blob>AB00CD</Blob><Name>a</Name><Name></Name><Name>c</Name>"
                "<Port>3343</Port><Port>445</Port><Gone></Gone></Change></UserData>",
                "{\"UserData\":{\"Change\":{\"Count\":4000000000,\"Blob\":\"AB00CD\",\"Name\":\"a\",\"Name_1\":null,"
                "\"Name_2\":\"c\",\"Port\":3343,\"Port_1\":445,\"Gone\":null}}}");
}

static void many_names(void **state)
{
    (void)state;
    begin();
    open_element("EventData");
    for (int round = 0; round < 2; round++)
        for (char c = 'A'; c <= 'Z'; c++)
            build_leaf(&b, (char[]){ c, 0 }, "v");
    end_element();
    build_u8(&b, BINXML_EOF);
    struct binxml_stream stream;
    binxml_reader_chunk(&reader, (struct bytes){ b.bytes, b.at }, NULL);
    binxml_reader_record(&reader);
    binxml_open(&reader, START, b.at, &stream);
    char line[1024] = { 0 };
    rendered.n = 0;
    render(renderer, EVENT_AS_JSON, &reader, &stream, &rendered);
    memcpy(line, rendered.p, rendered.n);
    assert_non_null(strstr(line, "\"Z\":\"v\",\"A_1\":\"v\""));
    assert_non_null(strstr(line, "\"Z_1\":\"v\"}}"));
}

static void bad_names(void **state)
{
    (void)state;
    begin();
    build_leaf(&b, "1 a\"", "v");
    expect_both("<__a_>v</__a_>", "{\"1 a\\\"\":\"v\"}");
    assert_int_equal(reader.marks & EVENT_ODD_VALUE, 0); /* of the JSON, which takes any name */
    expect(EVENT_AS_XML, "<__a_>v</__a_>");
    assert_int_equal(reader.marks & EVENT_ODD_VALUE, EVENT_ODD_VALUE);
    /* Letters stay, a multiplication sign does not. */
    begin();
    build_leaf(&b, "\xE4\xDF", "v");
    expect_both("<\xC3\xA4\xC3\x9F>v</\xC3\xA4\xC3\x9F>", "{\"\xC3\xA4\xC3\x9F\":\"v\"}");
    begin();
    build_leaf(&b, "\xE4\xD7", "v");
    expect_both("<\xC3\xA4_>v</\xC3\xA4_>", "{\"\xC3\xA4\xC3\x97\":\"v\"}");
}

static void nothing_left(void **state)
{
    (void)state;
    begin();
    expect_both("<Event/>", "{\"Event\":null}");
}

/* The fast way and the slow one must meet at every length and place: each unit alone against all of them.  What stands
 * behind must not count. */
static void transcoding(void **state)
{
    static const uint16_t odd[] = { '<', '\'', '"', '\\', 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FF, 0x800, 0xD800, 0xDC00, 0xFFFF, 0 };
    uint8_t utf16[2 * 40 + 32];
    char out[40 * MARKUP_GROWTH + MARKUP_SLACK], one[MARKUP_GROWTH + MARKUP_SLACK], all[sizeof out];
    (void)state;
    for (enum markup form = 0; form < MARKUP_FORMS; form++)
        for (size_t n = 0; n <= 40; n++)
            for (size_t place = 0; place < n; place++)
                for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
                    size_t written = 0;
                    for (size_t k = 0; k < n; k++) {
                        uint16_t unit = k == place ? odd[i] : (uint16_t)('a' + k % 26);
                        utf16[2 * k] = (uint8_t)unit;
                        utf16[2 * k + 1] = (uint8_t)(unit >> 8);
                        size_t got = markup_utf16le(form, (struct bytes){ utf16 + 2 * k, 2 }, 0, one);
                        memcpy(all + written, one, got);
                        written += got;
                    }
                    assert_int_equal(markup_utf16le(form, (struct bytes){ utf16, 2 * n }, 0, out), written);
                    assert_memory_equal(out, all, written);
                    memset(utf16 + 2 * n, n % 2 ? 'x' : 0, 32);
                    assert_int_equal(markup_utf16le(form, (struct bytes){ utf16, 2 * n }, 32, out), written);
                    assert_memory_equal(out, all, written);
                    assert_true(utf8_valid((struct text){ out, written }));
                }
}

static void escapes(void **state)
{
    static const uint8_t pair[] = { 0x3D, 0xD8, 0x00, 0xDE };
    char out[64];
    (void)state;
    struct { enum markup form; struct text in, out; } cases[] = {
        { MARKUP_XML_TEXT, TEXT("&<>'\"\r\n\t\x01\x7F"), TEXT("&amp;&lt;&gt;'\"&#13;&#10;&#9;\xEF\xBF\xBD\x7F") },
        { MARKUP_XML_ATTRIBUTE, TEXT("'\""), TEXT("&apos;\"") },
        { MARKUP_XML_TEXT, TEXT("\xEF\xBF\xBF"), TEXT("\xEF\xBF\xBD") },
        { MARKUP_JSON, TEXT("\"\\\b\f\n\r\t\x01\x1F/<\xEF\xBF\xBF"), TEXT("\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f/<\xEF\xBF\xBF") },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(markup_utf8(cases[i].form, cases[i].in, out), cases[i].out.n);
        assert_memory_equal(out, cases[i].out.p, cases[i].out.n);
    }
    assert_int_equal(markup_utf16le(MARKUP_JSON, (struct bytes){ pair, 4 }, 0, out), 4);
    assert_memory_equal(out, "\xF0\x9F\x98\x80", 4);
}

static const uint8_t classic[] = {
    'n', 0, '<', 0, 0, 0, '2', 0, 0, 0, 0xAB, 0x01,
};

static void expect_classic(const struct evt_record *r, enum event_form form, const char *tail, uint32_t marks)
{
    struct event_key key = { TEXT("Clus'Svc"), TEXT("System"), TEXT(""), 1069, 2, BUILD_TIME, 7 };
    struct buf out;
    uint32_t got = 0;
    buf_init(&out);
    assert_int_equal(evt_render(r, &key, form, &out, &got), marks == 0);
    assert_int_equal(got, marks);
    assert_true(text_ends_with(buf_text(&out), text_from(tail)));
    buf_done(&out);
}

static void classic_records(void **state)
{
    struct evt_record r = {
        .bytes = { NULL, 0 }, .number = 7, .identifier = 0xC000042D, .type = 1, .category = 3, .string_count = 2,
        .string_offset = EVT_FIXED, .data_offset = EVT_FIXED + 10, .data_length = 2,
    };
    uint8_t bytes[EVT_FIXED + sizeof classic] = { 0 };
    (void)state;
    memcpy(bytes + EVT_FIXED, classic, sizeof classic);
    r.bytes = (struct bytes){ bytes, sizeof bytes };
    expect_classic(&r, EVENT_AS_XML,
                   "<Provider Name='Clus&apos;Svc'/><EventID Qualifiers='49152'>1069</EventID><Level>2</Level><Task>3</Task>"
                   "<Keywords>0x80000000000000</Keywords><TimeCreated SystemTime='2016-07-08T18:12:51.6816408Z'/>"
                   "<EventRecordID>7</EventRecordID><Channel>System</Channel><Computer></Computer><Security/></System>"
                   "<EventData><Data>n&lt;</Data><Data>2</Data><Binary>AB01</Binary></EventData></Event>", 0);
    expect_classic(&r, EVENT_AS_JSON,
                   "\"EventID\":{\"#attributes\":{\"Qualifiers\":49152},\"#text\":1069},\"Level\":2,\"Task\":3,"
                   "\"Keywords\":\"0x80000000000000\",\"TimeCreated\":{\"#attributes\":{\"SystemTime\":"
                   "\"2016-07-08T18:12:51.6816408Z\"}},\"EventRecordID\":7,\"Channel\":\"System\",\"Computer\":null,"
                   "\"Security\":null},\"EventData\":{\"Data\":{\"#text\":[\"n<\",\"2\"]},\"Binary\":\"AB01\"}}}", 0);
    r.data_length = 3;
    r.string_count = 1;
    expect_classic(&r, EVENT_AS_JSON, "\"EventData\":{\"Data\":{\"#text\":\"n<\"},\"Binary\":\"AB01\"}}}", EVENT_PARTIAL);
    r.data_length = r.string_count = 0;
    expect_classic(&r, EVENT_AS_JSON, ",\"EventData\":null}}", 0);
    expect_classic(&r, EVENT_AS_XML, "<EventData></EventData></Event>", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements),      cmocka_unit_test(text_beside_elements), cmocka_unit_test(named_data),
        cmocka_unit_test(unnamed_data),  cmocka_unit_test(data_apart),           cmocka_unit_test(typed_values),
        cmocka_unit_test(many_names),
        cmocka_unit_test(bad_names),     cmocka_unit_test(nothing_left),         cmocka_unit_test(transcoding),
        cmocka_unit_test(escapes),       cmocka_unit_test(classic_records),
    };
    binxml_reader_init(&reader);
    renderer = renderer_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    renderer_free(renderer);
    buf_done(&rendered);
    binxml_reader_done(&reader);
    return failed;
}
