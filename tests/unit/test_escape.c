/* What comes out of a log cannot drive the terminal or break the JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/times.h"
#include "base/utf.h"
#include "form/csv.h"
#include "form/escape.h"
#include "form/json_writer.h"
#include "form/markdown.h"

struct escape_case {
    struct text in, terminal, json;
};

static const struct escape_case cases[] = {
    { { "plain", 5 }, { "plain", 5 }, { "\"plain\"", 7 } },
    { { "", 0 }, { "", 0 }, { "\"\"", 2 } },
    /* a colour, a title of the window, a bell */
    { { "\x1b[31mred\a", 9 }, { "\\x1b[31mred\\x07", 15 }, { "\"\\u001b[31mred\\u0007\"", 21 } },
    { { "a\0b", 3 }, { "a\\x00b", 6 }, { "\"a\\u0000b\"", 10 } },
    { { "\x7f", 1 }, { "\\x7f", 4 }, { "\"\\u007f\"", 8 } },
    /* CSI as one code point of C1 */
    { { "\xC2\x9B"
        "31m",
        5 },
      { "\\u009b31m", 9 },
      { "\"\\u009b31m\"", 11 } },
    /* right-to-left override, an isolate, the end of an isolate */
    { { "\xE2\x80\xAE\xE2\x81\xA6\xE2\x81\xA9", 9 },
      { "\\u202e\\u2066\\u2069", 18 },
      { "\"\\u202e\\u2066\\u2069\"", 20 } },
    /* line separators, byte order mark, a tag character */
    { { "\xE2\x80\xA8\xEF\xBB\xBF\xF3\xA0\x81\x81", 10 },
      { "\\u2028\\ufeff\\U000e0041", 22 },
      { "\"\\u2028\\ufeff\\udb40\\udc41\"", 26 } },
    { { "a\r\n\tb\nc", 7 }, { "a b c", 5 }, { "\"a\\u000d\\u000a\\u0009b\\u000ac\"", 29 } },
    /* bytes that are no UTF-8: alone, cut off, a surrogate; and U+FFFD itself, which is */
    { { "\xFF", 1 }, { "\\xff", 4 }, { "\"\xEF\xBF\xBD\"", 5 } },
    { { "\xE4\xB8", 2 }, { "\\xe4\\xb8", 8 }, { "\"\xEF\xBF\xBD\xEF\xBF\xBD\"", 8 } },
    { { "\xEF\xBF\xBD", 3 }, { "\xEF\xBF\xBD", 3 }, { "\"\xEF\xBF\xBD\"", 5 } },
    { { "\"C:\\x\"", 6 }, { "\"C:\\x\"", 6 }, { "\"\\\"C:\\\\x\\\"\"", 11 } },
    /* what scripts need stays: e acute, an ideograph, the joiner of an emoji */
    { { "\xC3\xA9\xE4\xB8\xAD\xE2\x80\x8D\xF0\x9F\x98\x80", 12 },
      { "\xC3\xA9\xE4\xB8\xAD\xE2\x80\x8D\xF0\x9F\x98\x80", 12 },
      { "\"\xC3\xA9\xE4\xB8\xAD\xE2\x80\x8D\xF0\x9F\x98\x80\"", 14 } },
};

static void assert_text(struct text found, struct text expected)
{
    assert_int_equal(found.n, expected.n);
    if (expected.n > 0)
        assert_memory_equal(found.p, expected.p, expected.n);
}

static void texts_are_escaped_for_their_sink(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf terminal, json;
        buf_init(&terminal);
        buf_init(&json);
        escape_terminal(&terminal, cases[i].in);
        escape_json(&json, cases[i].in);
        assert_text(buf_text(&terminal), cases[i].terminal);
        assert_text(buf_text(&json), cases[i].json);
        buf_done(&terminal);
        buf_done(&json);
    }
}

/* No byte sequence of up to three bytes gets a control character through, and the output is always UTF-8. */
static void nothing_gets_through(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out);
    for (uint32_t n = 0; n < 0x1000000; n += n < 0x20000 ? 1 : 251) {
        char raw[3] = { (char)(n >> 16), (char)(n >> 8), (char)n };
        out.n = 0;
        escape_terminal(&out, (struct text){ raw, sizeof raw });
        escape_json(&out, (struct text){ raw, sizeof raw });
        assert_true(utf8_valid(buf_text(&out)));
        for (size_t i = 0; i < out.n; i++)
            assert_true((unsigned char)out.p[i] >= 0x20 && out.p[i] != 0x7f);
    }
    buf_done(&out);
}

static void json_nests_and_separates(void **state)
{
    (void)state;
    struct buf out;
    struct json j;
    buf_init(&out);
    json_init(&j, &out);
    json_object(&j, NULL);
    json_array(&j, "empty");
    json_array_end(&j);
    json_array(&j, "a");
    json_unsigned(&j, NULL, UINT64_MAX);
    json_signed(&j, NULL, INT64_MIN);
    json_object(&j, NULL);
    json_object_end(&j);
    json_array_end(&j);
    json_bool(&j, "b", true);
    json_text_or_null(&j, "c", TEXT(""));
    json_time(&j, "d", TICKS_1970);
    json_time(&j, "e", TICKS_1970 + 1);
    json_time(&j, "f", 0);
    json_time(&j, "g", UINT64_MAX);
    json_object_end(&j);
    assert_text(buf_text(&out),
                TEXT("{\n  \"empty\": [],\n"
                     "  \"a\": [\n    18446744073709551615,\n    -9223372036854775808,\n    {}\n  ],\n"
                     "  \"b\": true,\n  \"c\": null,\n"
                     "  \"d\": \"1970-01-01T00:00:00Z\",\n"
                     "  \"e\": \"1970-01-01T00:00:00.0000001Z\",\n"
                     "  \"f\": null,\n  \"g\": null\n}\n"));
    buf_done(&out);
}

#define TEXT_IN(literal) { literal, sizeof(literal) - 1 } /* as TEXT, for tables */

static void cells_hold_no_formula_and_one_line(void **state)
{
    (void)state;
    static const struct {
        struct text text;
        const char *cell;
    } cells[] = {
        { TEXT_IN(""), "" },
        { TEXT_IN("NODE1"), "NODE1" },
        { TEXT_IN("a,b"), "\"a,b\"" },
        { TEXT_IN("say \"no\""), "\"say \"\"no\"\"\"" },
        { TEXT_IN("=1+1"), "'=1+1" },
        { TEXT_IN("+1"), "'+1" },
        { TEXT_IN("-1"), "'-1" },
        { TEXT_IN("@SUM(A1)"), "'@SUM(A1)" },
        { TEXT_IN("=1,2"), "\"'=1,2\"" },
        { TEXT_IN("\t=1"), "\"' =1\"" },
        { TEXT_IN("\r\n=1"), "\"' =1\"" },
        { TEXT_IN("  =1"), "\"'  =1\"" },
        { TEXT_IN("\xEF\xBC\x9D" "1"), "'\xEF\xBC\x9D" "1" },
        { TEXT_IN("a\nb"), "a b" },
        { TEXT_IN("a\0b\x1b[m"), "a\\x00b\\x1b[m" },
    };
    struct buf out, scratch;
    buf_init(&out);
    buf_init(&scratch);
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        out.n = 0;
        csv_text(&out, &scratch, cells[i].text);
        assert_true(text_equal(buf_text(&out), text_from(cells[i].cell)));
    }
    buf_done(&out);
    buf_done(&scratch);
}

static void markdown_stays_text(void **state)
{
    (void)state;
    static const struct {
        struct text text;
        const char *prose, *code;
    } samples[] = {
        { TEXT_IN(""), "", "" },
        { TEXT_IN("NODE1"), "NODE1", "`NODE1`" },
        { TEXT_IN("*a* _b_ `c`"), "\\*a\\* \\_b\\_ \\`c\\`", "`` *a* _b_ `c` ``" },
        { TEXT_IN("[x](http://a) ![y]"), "\\[x\\](http&#58;//a) !\\[y\\]", "`[x](http://a) ![y]`" },
        { TEXT_IN("<b>&amp;"), "&lt;b&gt;&amp;amp;", "`<b>&amp;`" },
        { TEXT_IN("@admin www.a.b"), "&#64;admin www&#46;a.b", "`@admin www.a.b`" },
        { TEXT_IN("a | b"), "a \\| b", "`a | b`" },
        { TEXT_IN("a\n# b\n```\n"), "a \\# b \\`\\`\\` ", "```` a # b ``` ````" },
        { TEXT_IN("\x1b[31m\0"), "\\\\x1b\\[31m\\\\x00", "`\\x1b[31m\\x00`" },
    };
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        out.n = 0;
        markdown_text(&out, samples[i].text);
        assert_true(text_equal(buf_text(&out), text_from(samples[i].prose)));
        out.n = 0;
        markdown_code(&out, samples[i].text);
        assert_true(text_equal(buf_text(&out), text_from(samples[i].code)));
    }
    buf_done(&out);
}

static void html_stays_text(void **state)
{
    (void)state;
    static const struct {
        struct text text;
        const char *html;
    } samples[] = {
        { TEXT_IN("NODE1"), "NODE1" },
        { TEXT_IN("<b a='x' c=\"y\">&amp;"), "&lt;b a=&#39;x&#39; c=&quot;y&quot;&gt;&amp;amp;" },
        { TEXT_IN("\xE2\x80\xAE\x1b\0\xFF"), "\\u202e\\x1b\\x00\\xff" },
        { TEXT_IN("\xD7\x90\xE4\xB8\xAD"), "\xD7\x90\xE4\xB8\xAD" },
    };
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        out.n = 0;
        escape_html(&out, samples[i].text);
        assert_true(text_equal(buf_text(&out), text_from(samples[i].html)));
    }
    buf_done(&out);
}

/* Plain text is copied in runs: one odd character at each place of each length, against all characters alone. */
static void runs_of_plain_text(void **state)
{
    static const struct text odd[] = { TEXT("\x1F"), TEXT("\x7F"), TEXT("~"), TEXT(" "), TEXT("\x80"), TEXT("\xC3\xA4"),
                                       TEXT("\xC2\x9B"), TEXT("\xFF") };
    struct buf in, whole, parts;
    (void)state;
    buf_init(&in);
    buf_init(&whole);
    buf_init(&parts);
    for (size_t n = 1; n <= 20; n++)
        for (size_t place = 0; place < n; place++)
            for (size_t i = 0; i < COUNT_OF(odd); i++) {
                in.n = whole.n = parts.n = 0;
                for (size_t k = 0; k < n; k++) {
                    size_t before = in.n;
                    buf_add(&in, k == place ? odd[i] : TEXT("a"));
                    escape_terminal(&parts, text_from_index(buf_text(&in), before));
                }
                escape_terminal(&whole, buf_text(&in));
                assert_true(text_equal(buf_text(&whole), buf_text(&parts)));
            }
    buf_done(&in);
    buf_done(&whole);
    buf_done(&parts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown_stays_text),
        cmocka_unit_test(html_stays_text),
        cmocka_unit_test(cells_hold_no_formula_and_one_line),
        cmocka_unit_test(texts_are_escaped_for_their_sink),
        cmocka_unit_test(nothing_gets_through),
        cmocka_unit_test(runs_of_plain_text),
        cmocka_unit_test(json_nests_and_separates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
