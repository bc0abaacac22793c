/*
 * The second reader: an event's XML as an event, a log through libevtx and libevt, what of their texts is known to
 * differ, and that a difference which is not known is found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "base/buf.h"
#include "compare/pairing.h"
#include "io/input.h"
#include "libyal/libyal_xml.h"
#include "reader/reader.h"

static void assert_text(struct text got, const char *wanted)
{
    if (!text_equal(got, text_from(wanted)))
        fail_msg("got \"%.*s\", expected \"%s\"", TEXT_ARG(got), wanted);
}

struct parsed {
    struct arena arena;
    struct libyal_xml *xml;
    struct event event;
    bool sound;
};

static struct parsed parse(struct text xml)
{
    struct parsed p = { .xml = libyal_xml_new() };
    arena_init(&p.arena);
    p.sound = libyal_xml_event(p.xml, xml, &p.arena, &p.event);
    return p;
}

static void parsed_done(struct parsed *p)
{
    libyal_xml_free(p->xml);
    arena_done(&p->arena);
}

static void assert_document(const char *xml, const char *json, const char *line)
{
    struct libyal_xml *parser = libyal_xml_new();
    struct document document;
    struct arena arena;
    struct buf out;
    arena_init(&arena);
    buf_init(&out);
    assert_true(libyal_xml_document(parser, text_from(xml), &arena, &document));
    document_json(&document, &out);
    assert_text(buf_text(&out), json);
    out.n = 0;
    document_xml(&document, &out);
    assert_text(buf_text(&out), line);
    buf_done(&out);
    arena_done(&arena);
    libyal_xml_free(parser);
}

static void test_document(void **state)
{
    (void)state;
    assert_document("<Event/>", "{\"Event\":null}", "<Event/>");
    assert_document("<Event>\n <System>\n  <EventID Qualifiers=\"0\">7</EventID>\n  <Task>x</Task>\n </System>\n</Event>\n",
                    "{\"Event\":{\"System\":{\"EventID\":{\"#attributes\":{\"Qualifiers\":0},\"#text\":7},"
                    "\"Task\":\"x\"}}}",
                    "<Event><System><EventID Qualifiers='0'>7</EventID><Task>x</Task></System></Event>");
    /* Numbers of the payload are strings; blanks between elements go, those of a value stay. */
    assert_document("<E><EventData>\n<Data Name=\"A\">1</Data>\n<Data Name=\"B\"> </Data><Data Name=\"C\"/></EventData></E>",
                    "{\"E\":{\"EventData\":{\"A\":\"1\",\"B\":\" \",\"C\":\"\"}}}",
                    "<E><EventData><Data Name='A'>1</Data><Data Name='B'> </Data><Data Name='C'></Data></EventData></E>");
    /* Data: several of one name in a row, the name again later, those without a name together where the first stood. */
    assert_document("<E><UserData><Data>u</Data><Data Name=\"A\">1</Data><Data Name=\"A\">2</Data><Data>v</Data>"
                    "<Data Name=\"A\">3</Data></UserData></E>",
                    "{\"E\":{\"UserData\":{\"Data\":{\"#text\":[\"u\",\"v\"]},\"A\":[\"1\",\"2\"],\"A_1\":\"3\"}}}",
                    "<E><UserData><Data>u</Data><Data Name='A'>1</Data><Data Name='A'>2</Data><Data>v</Data>"
                    "<Data Name='A'>3</Data></UserData></E>");
    /* Elsewhere Data is an element like others; text among elements is one text. */
    assert_document("<E><Data Name=\"A\">1</Data><X>a<Y/>b&lt;</X><X>&quot;&#10;</X></E>",
                    "{\"E\":{\"Data\":{\"#attributes\":{\"Name\":\"A\"},\"#text\":\"1\"},"
                    "\"X\":{\"#text\":\"ab<\",\"Y\":null},\"X_1\":\"\\\"\\n\"}}",
                    "<E><Data Name='A'>1</Data><X>a<Y/>b&lt;</X><X>\"&#10;</X></E>");
}

/* What does not fit is left out with all that it holds, and said. */
static void test_document_limits(void **state)
{
    (void)state;
    struct document document;
    struct arena arena;
    struct buf out;
    arena_init(&arena);
    buf_init(&out);
    document_begin(&document, &arena);
    for (size_t i = 0; i < LIMIT_ELEMENT_DEPTH + 3; i++)
        document_element(&document, TEXT("d"));
    document_text(&document, TEXT("lost"));
    for (size_t i = 0; i < LIMIT_ELEMENT_DEPTH + 3; i++)
        document_element_end(&document);
    assert_true(document.cut);
    document_json(&document, &out);
    assert_int_equal(out.n, LIMIT_ELEMENT_DEPTH * strlen("{\"d\":}") + strlen("null"));
    document_begin(&document, &arena);
    document_element(&document, TEXT("r"));
    for (size_t i = 0; i < LIMIT_EVENT_FIELDS + 9; i++) {
        document_element(&document, TEXT("e"));
        document_element_end(&document);
    }
    assert_true(document.cut);
    assert_int_equal(document.count, LIMIT_EVENT_FIELDS);
    buf_done(&out);
    arena_done(&arena);
}

static void test_xml(void **state)
{
    (void)state;
    struct parsed p = parse(TEXT("<Event xmlns=\"x\">\n  <System>\n    <Provider Name=\"ClusSvc\"/>\n"
                                 "    <EventID Qualifiers=\"49152\">1069</EventID>\n    <Level>2</Level>\n"
                                 "    <TimeCreated SystemTime=\"2001-02-03T04:05:06.000000700Z\"/>\n"
                                 "    <EventRecordID>7</EventRecordID>\n    <Channel>System</Channel>\n"
                                 "    <Computer>N1</Computer>\n    <Security UserID=\"S-1-5-18\"/>\n  </System>\n"
                                 "  <EventData>\n    <Data Name=\"A\">a&amp;b\r\nc</Data>\n    <Data/>\n"
                                 "  </EventData>\n</Event>\n"));
    assert_true(p.sound);
    assert_text(p.event.key.provider, "ClusSvc");
    assert_int_equal(p.event.key.id, 1069);
    assert_int_equal(p.event.qualifiers, 49152);
    assert_int_equal(p.event.key.level, 2);
    assert_int_equal(p.event.key.record_id, 7);
    assert_text(p.event.key.channel, "System");
    assert_text(p.event.key.computer, "N1");
    assert_text(p.event.user_sid, "S-1-5-18");
    assert_int_equal(p.event.key.time % TICKS_PER_SECOND, 7);
    assert_int_equal(p.event.field_count, 2);
    assert_text(p.event.fields[0].name, "A");
    assert_text(p.event.fields[0].value, "a&b\r\nc");
    assert_text(p.event.fields[1].value, "");
    parsed_done(&p);
}

static void test_xml_malformed(void **state)
{
    (void)state;
    static const char *const cases[] = { "", "<Event>", "<Event></Even>", "<Event>\x01</Event>", "<Event/><Event/>",
                                         "<Event>&nothing;</Event>", "no markup" };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct parsed p = parse(text_from(cases[i]));
        if (p.sound)
            fail_msg("taken for well-formed: %s", cases[i]);
        parsed_done(&p);
    }
}

/* `depth` elements inside each other. */
static bool nested_is_sound(size_t depth)
{
    struct buf xml;
    buf_init(&xml);
    for (size_t i = 0; i < depth; i++)
        buf_add_c(&xml, "<a>");
    for (size_t i = 0; i < depth; i++)
        buf_add_c(&xml, "</a>");
    struct parsed p = parse(buf_text(&xml));
    bool sound = p.sound;
    parsed_done(&p);
    buf_done(&xml);
    return sound;
}

static void test_xml_depth(void **state)
{
    (void)state;
    assert_true(nested_is_sound(LIMIT_ELEMENT_DEPTH));
    assert_false(nested_is_sound(LIMIT_ELEMENT_DEPTH + 1));
    assert_false(nested_is_sound(100000));
}

static void test_xml_used_again(void **state)
{
    (void)state;
    struct parsed p = parse(TEXT("<Event><broken>"));
    assert_false(p.sound);
    assert_true(libyal_xml_event(p.xml, TEXT("<Event><System><Level>3</Level></System></Event>"), &p.arena, &p.event));
    assert_int_equal(p.event.key.level, 3);
    parsed_done(&p);
}

static void test_known(void **state)
{
    (void)state;
    static const struct {
        const char *native, *libyal;
        enum known_difference known;
    } cases[] = {
        { "{aea1b4fa-97d1-45f2-a64c-4d69fffd92c9}", "{AEA1B4FA-97D1-45F2-A64C-4D69FFFD92C9}", KNOWN_GUID_CASE },
        { "{aea1b4fa-97d1-45f2-a64c-4d69fffd92c9}", "{BEA1B4FA-97D1-45F2-A64C-4D69FFFD92C9}", KNOWN_NONE },
        { "{not a guid, but as many characters..}", "{NOT A GUID, BUT AS MANY CHARACTERS..}", KNOWN_NONE },
        { "text", "TEXT", KNOWN_NONE },
        { "0x3e7", "0x000003e7", KNOWN_HEX_PADDED },
        { "0x3e7", "0x00000000000003e7", KNOWN_HEX_PADDED },
        { "0x3e7", "0x000003e8", KNOWN_NONE },
        { "0x3e7", "0x03e7", KNOWN_NONE },
        { "2016-07-08T18:12:51.6816408Z", "2016-07-08T18:12:51.681640800Z", KNOWN_TIME_DIGITS },
        { "2016-07-08T18:12:51.6816408Z", "2016-07-08T18:12:51.681640700Z", KNOWN_NONE },
        { "2016-07-08T18:12:51.6816408Z", "2016-07-08T18:12:51.681640801Z", KNOWN_NONE },
        { "0x10", "16", KNOWN_SIZE_DECIMAL },
        { "0x10", "17", KNOWN_NONE },
        { "16", "0x10", KNOWN_NONE },
        { "-2147186583", "-297065", KNOWN_NEGATIVE },
        { "-1", "-2147483647", KNOWN_NEGATIVE },
        { "-2", "-126", KNOWN_NEGATIVE },
        { "-292", "-32476", KNOWN_NEGATIVE },
        { "-1", "-9223372036854775807", KNOWN_NEGATIVE },
        { "-200", "-72", KNOWN_NONE }, /* as a byte it would be */
        { "-128", "-0", KNOWN_NEGATIVE },
        { "-129", "-0", KNOWN_NONE },
        { "-1", "-2", KNOWN_NONE },
        { "-1", "1", KNOWN_NONE },
        { "3199.234", "3.199234e+003", KNOWN_REAL },
        { "3199.234", "3.199334e+003", KNOWN_NONE },
        { "1e-45", "1.401298e-045", KNOWN_REAL },
        { "1e-300", "2.000000e-300", KNOWN_NONE },
        { "-nan", "NaN", KNOWN_REAL },
        { "-nan", "Ind", KNOWN_REAL },
        { "inf", "Inf", KNOWN_REAL },
        { "-inf", "Inf", KNOWN_REAL },
        { "1", "NaN", KNOWN_NONE },
        { "inf", "NaN", KNOWN_NONE },
        { "-nan", "Inf", KNOWN_NONE },
        { "1", "Ind", KNOWN_NONE },
        { "0x819293949", "(0x00000008 0x19293949)", KNOWN_HALVES },
        { "0x819293949", "(0x19293949 0x00000008)", KNOWN_NONE },
        { "0x819293949", "(0x00000008 0x19293949)x", KNOWN_NONE },
        { "a\nb\tc", "a b c", KNOWN_ATTRIBUTE_BLANKS },
        { "a\nb\tc", "a b  ", KNOWN_NONE },
        { "\r\n", "", KNOWN_BLANK_TEXT },
        { "x", "", KNOWN_NONE },
        { "", " ", KNOWN_NONE },
        { "\xEF\xBF\xBD\xE5\xA8\x9F\xC5\x92", "\xEF\xBF\xBD\xC5\x92", KNOWN_LONE_SURROGATE },
        { "\xEF\xBF\xBD\xE5\xA8\x9Fx", "\xEF\xBF\xBDy", KNOWN_NONE },
        { "a\xEF\xBF\xBD", "a\xEF\xBF", KNOWN_LONE_SURROGATE },
        { "a\xEF\xBF\xBD", "b\xEF\xBF", KNOWN_NONE },
        { "a\xEF\xBF\xBDx", "a\xEF\xBF", KNOWN_NONE },
        { "a\xC2\xBD", "a\xC2", KNOWN_NONE },
        { "x\xF0\x9F\x98\x80", "x\xF0\x9F\x88\x81", KNOWN_SUPPLEMENTARY },
        { "x\xF0\x9F\x98\x80", "y\xF0\x9F\x88\x81", KNOWN_NONE },
        { "x\xF0\x9F\x98\x80", "x\xF0\x9F\x88\x81z", KNOWN_NONE },
        { "x\xF0\x9F\x98\x80", "x\xF0\x9F\x88\x82", KNOWN_NONE },
        { "\xEF\xBB\xBFtext", "text", KNOWN_BYTE_ORDER_MARK },
        { "a\xEF\xBB\xBFtext", "atext", KNOWN_NONE },
        { "\xEF\xBB\xBFx\xF0\x9F\x98\x80", "x\xF0\x9F\x88\x81", KNOWN_SUPPLEMENTARY },
        { "\xEF\xBB\xBF ", "", KNOWN_BLANK_TEXT },
        { "\xEF\xBB\xBFx", "y", KNOWN_NONE },
        { "\xEF\xBB\xBF\xEF\xBB\xBFx", "x", KNOWN_NONE },
        { "\xEF\xBF\xBD\xE5\xA8\x9F\xF0\x9F\x98\x80", "\xEF\xBF\xBD\xF0\x9F\x88\x81", KNOWN_LONE_SURROGATE },
        { "a\xC2\x81", "a\xEF\xBF\xBD", KNOWN_ANSI_HOLE },
        { "a\xC3\xA4", "a\xEF\xBF\xBD", KNOWN_NONE },
        { "\xC2\x80", "\xEF\xBF\xBD", KNOWN_ANSI_HOLE },
        { "\xC2\x9F", "\xEF\xBF\xBD", KNOWN_ANSI_HOLE },
        { "\xC2\xA0", "\xEF\xBF\xBD", KNOWN_NONE },
        { "\x7F", "\xEF\xBF\xBD", KNOWN_NONE },
        { "S-1-0x010203040506-7", "S-1-1108152157446-7", KNOWN_SID_AUTHORITY },
        { "S-1-0x010203040506-7", "S-1-1108152157446-8", KNOWN_NONE },
        { "S-1-0x010203040506-7", "S-1-1108152157447-7", KNOWN_NONE },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (known_difference(text_from(cases[i].native), text_from(cases[i].libyal)) != cases[i].known)
            fail_msg("%s | %s", cases[i].native, cases[i].libyal);
}

static struct event event_of(const struct event_field *fields, size_t count)
{
    struct event e = { .fields = fields, .field_count = count, .user_sid = TEXT(""), .event_id = TEXT("1069") };
    e.key = (struct event_key){ .provider = TEXT("P"), .channel = TEXT("C"), .computer = TEXT("N"), .id = 1069 };
    return e;
}

static struct pairing pair(struct parsed *p, const struct event *a, const struct event *b, bool classic)
{
    struct pairing pairing = { .arena = &p->arena, .xml = p->xml, .classic = classic };
    pairing_make(&pairing, a, b);
    return pairing;
}

static void test_pairing_members(void **state)
{
    (void)state;
    struct parsed p = parse(TEXT("<Event/>"));
    struct event a = event_of(NULL, 0), b = a;
    assert_int_equal(pair(&p, &a, &b, false).count, 0);
    b.key = (struct event_key){ .provider = TEXT("Q"), .channel = TEXT("D"), .computer = TEXT("M"), .level = 2,
                                .time = TICKS_1970, .record_id = 5, .id = 1069 };
    b.event_id = TEXT("1070");
    b.qualifiers = b.task = 1;
    b.keywords = b.header_id = 2;
    b.user_sid = TEXT("S-1-5-18");
    b.written = TICKS_1970;
    struct pairing pairing = pair(&p, &a, &b, false);
    static const char *const fields[] = { "Provider", "Channel", "Computer", "EventID", "Level", "TimeCreated",
                                          "EventRecordID", "Qualifiers", "Task", "Keywords", "UserID",
                                          "time of writing", "number in the header" };
    assert_int_equal(pairing.count, COUNT_OF(fields));
    assert_int_equal(pairing.unexplained, COUNT_OF(fields));
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        assert_text(pairing.items[i].field, fields[i]);
    assert_text(pairing.items[2].libyal, "M");
    b = a;
    b.key.channel = TEXT(""); /* of a classic log, when its file has another name */
    assert_int_equal(pair(&p, &a, &b, true).count, 0);
    parsed_done(&p);
}

static void test_pairing_fields(void **state)
{
    (void)state;
    struct parsed p = parse(TEXT("<Event/>"));
    const struct event_field left[] = { { TEXT("A"), TEXT("1"), EVENT_DATA },
                                        { TEXT("B"), TEXT("2"), EVENT_DATA },
                                        { TEXT("C"), TEXT("0x1"), EVENT_DATA } };
    const struct event_field right[] = { { TEXT("A"), TEXT("1"), EVENT_DATA },
                                         { TEXT("C"), TEXT("0x00000001"), EVENT_DATA },
                                         { TEXT(""), TEXT(""), EVENT_DATA } };
    struct event a = event_of(left, 3), b = event_of(right, 3);
    struct pairing pairing = pair(&p, &a, &b, false);
    assert_int_equal(pairing.count, 3);
    assert_int_equal(pairing.unexplained, 2);
    assert_text(pairing.items[0].field, "B");
    assert_true(pairing.items[0].in_native && !pairing.items[0].in_libyal);
    assert_int_equal(pairing.items[1].known, KNOWN_HEX_PADDED);
    assert_true(!pairing.items[2].in_native && pairing.items[2].in_libyal);
    assert_int_equal(pair(&p, &a, &b, true).unexplained, 1); /* padding of a classic record */
    parsed_done(&p);
}

/* Fields are matched over a gap of either side; a name in another part is another field. */
static void test_pairing_gaps(void **state)
{
    (void)state;
    struct parsed p = parse(TEXT("<Event/>"));
    struct event_field all[20], part[2] = { { TEXT("F0"), TEXT("v"), EVENT_DATA } };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        all[i] = (struct event_field){ text_keep_format(&p.arena, "F%zu", i), TEXT("v"), EVENT_DATA };
    for (size_t gap = 0; gap < 15; gap++) {
        part[1] = all[gap + 1];
        struct event a = event_of(all, gap + 2), b = event_of(part, 2);
        assert_int_equal(pair(&p, &a, &b, false).count, gap);
        assert_int_equal(pair(&p, &b, &a, false).count, gap);
    }
    part[1] = all[1];
    part[1].part = EVENT_USER_DATA;
    struct event a = event_of(all, 2), b = event_of(part, 2);
    assert_int_equal(pair(&p, &a, &b, false).count, 2);
    assert_int_equal(pair(&p, &a, &b, false).unexplained, 2);
    parsed_done(&p);
}

/* Where libevt takes the data of a record from: two bytes early, when its SID stands behind padding. */
static void test_pairing_early(void **state)
{
    (void)state;
    static const struct {
        const char *native, *libyal;
        bool sid, classic, known;
    } cases[] = {
        { "01020304", "00000102", true, true, true },
        { "0102", "0000", true, true, true },
        { "01", "00", true, true, true },
        { "01020304", "00000103", true, true, false },
        { "01020304", "00010102", true, true, false },
        { "01020304", "0000010203", true, true, false },
        { "01", "02", true, true, false },
        { "01020304", "00000102", false, true, false },
        { "01020304", "00000102", true, false, false },
    };
    struct parsed p = parse(TEXT("<Event/>"));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct event_field left = { TEXT("Binary"), text_from(cases[i].native), EVENT_DATA };
        const struct event_field right = { TEXT("Binary"), text_from(cases[i].libyal), EVENT_DATA };
        struct event a = event_of(&left, 1), b = event_of(&right, 1);
        a.user_sid = b.user_sid = cases[i].sid ? TEXT("S-1-5-18") : TEXT("");
        struct pairing pairing = pair(&p, &a, &b, cases[i].classic);
        assert_int_equal(pairing.count, 1);
        assert_int_equal(pairing.items[0].known, cases[i].known ? KNOWN_DATA_EARLY : KNOWN_NONE);
        assert_int_equal(pairing.unexplained, !cases[i].known);
    }
    parsed_done(&p);
}

static void test_pairing_markup(void **state)
{
    (void)state;
    struct parsed p = parse(TEXT("<Event/>"));
    const struct event_field left[] = { { TEXT("A"), TEXT("x<b c=\"1\">2</b>"), EVENT_DATA },
                                        { TEXT("Z"), TEXT("z"), EVENT_DATA } };
    const struct event_field right[] = { { TEXT("b_c"), TEXT("1"), EVENT_DATA },
                                         { TEXT("b"), TEXT("2"), EVENT_DATA },
                                         { TEXT("A"), TEXT("x"), EVENT_DATA },
                                         { TEXT("Z"), TEXT("z"), EVENT_DATA } };
    struct event a = event_of(left, 2), b = event_of(right, 4);
    struct pairing pairing = pair(&p, &a, &b, false);
    assert_int_equal(pairing.count, 1);
    assert_int_equal(pairing.items[0].known, KNOWN_RAW_MARKUP);
    const struct event_field other[] = { right[0], { TEXT("b"), TEXT("3"), EVENT_DATA }, right[2], right[3] };
    b = event_of(other, 4);
    assert_true(pair(&p, &a, &b, false).unexplained > 0);
    parsed_done(&p);
}

/* ---- logs ---- */

struct tally {
    size_t wanted, events;
    uint64_t last_id;
};

static bool want(void *ctx, const struct event_key *key)
{
    struct tally *t = ctx;
    t->wanted++;
    t->last_id = key->record_id;
    return true;
}

static void take(void *ctx, const struct event *event)
{
    struct tally *t = ctx;
    assert_true(event->key.provider.n > 0);
    t->events++;
}

static enum status read_log(struct input *in, struct account *account, struct notices *notices, struct tally *tally)
{
    struct reader reader;
    struct event_sink sink = { .ctx = tally, .want = want, .event = take };
    struct batch batch = { 0 };
    enum status status = reader_open(&reader, READER_LIBYAL, in, account, notices);
    if (status != ST_OK)
        return status;
    struct decoder *decoder = reader_formats[reader.format]->decoder_new();
    while (reader_next(&reader, &batch, account, notices) == ST_OK)
        status = status_worse(status, reader_formats[reader.format]->decode(decoder, reader.log, &batch, &sink, account,
                                                                            notices));
    reader_formats[reader.format]->decoder_free(decoder);
    reader_close(&reader);
    return status;
}

static void check_sample(const char *name, size_t least)
{
    char path[4096];
    const char *source = getenv("EVSCAN_SOURCE");
    struct arena arena;
    struct notices notices;
    struct account account = { 0 };
    struct tally tally = { 0 };
    snprintf(path, sizeof path, "%s/samples/%s", source ? source : ".", name);
    struct input *in = input_open(path);
    assert_non_null(in);
    arena_init(&arena);
    notices_init(&notices, &arena);
    assert_int_equal(read_log(in, &account, &notices, &tally), ST_OK);
    assert_true(tally.events >= least);
    assert_int_equal(account.decoded, tally.events);
    assert_int_equal(account.promised, tally.events);
    assert_int_equal(account.by_source[EVENT_LIVE], tally.events);
    input_close(in);
    arena_done(&arena);
}

static void test_logs(void **state)
{
    (void)state;
    check_sample("Q171450/node1.evt", 5);
    check_sample("healthy-2019/node1.evtx", 5);
}

static enum status read_bytes(const void *p, size_t n, enum notice_code *code)
{
    struct arena arena;
    struct notices notices;
    struct account account = { 0 };
    struct tally tally = { 0 };
    struct input *in = input_from_bytes((struct bytes){ p, n }, "System.evtx");
    arena_init(&arena);
    notices_init(&notices, &arena);
    enum status status = read_log(in, &account, &notices, &tally);
    *code = notices.count ? notices.items[0].code : NOTICE_CODES;
    assert_int_equal(tally.events, 0);
    input_close(in);
    arena_done(&arena);
    return status;
}

static void test_no_logs(void **state)
{
    (void)state;
    uint8_t head[128] = "ElfFile";
    enum notice_code code;
    assert_int_equal(read_bytes("", 0, &code), ST_END);
    assert_int_equal(code, NOTICE_INPUT_EMPTY);
    assert_int_equal(read_bytes("no log at all, but long enough", 30, &code), ST_LOST_INPUT);
    assert_int_equal(code, NOTICE_INPUT_FORMAT);
    /* A header that promises more than there is. */
    read_bytes(head, sizeof head, &code);
    assert_int_equal(code, NOTICE_LIBYAL_OPEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document),
        cmocka_unit_test(test_document_limits),
        cmocka_unit_test(test_xml),
        cmocka_unit_test(test_xml_malformed),
        cmocka_unit_test(test_xml_depth),
        cmocka_unit_test(test_xml_used_again),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_pairing_members),
        cmocka_unit_test(test_pairing_fields),
        cmocka_unit_test(test_pairing_gaps),
        cmocka_unit_test(test_pairing_early),
        cmocka_unit_test(test_pairing_markup),
        cmocka_unit_test(test_logs),
        cmocka_unit_test(test_no_logs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
