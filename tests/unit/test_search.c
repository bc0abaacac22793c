/* The screen of a search: what it may pass over, and what not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "search/search_screen.h"

static struct bytes bytes_of(const struct buf *b)
{
    return (struct bytes){ (const uint8_t *)b->p, b->n };
}

static void utf16_put(struct buf *b, const char *ascii)
{
    for (; *ascii; ascii++) {
        buf_add_char(b, *ascii);
        buf_add_char(b, '\0');
    }
}

static bool holds(const char *needle, const struct buf *b)
{
    struct search_screen s;
    search_screen_init(&s, text_from(needle));
    assert_false(s.blind);
    return search_screen_holds(&s, bytes_of(b));
}

/* At any place, even or odd, in either width and case. */
static void a_text_is_met_wherever_it_stands(void **state)
{
    (void)state;
    for (size_t before = 0; before < 40; before++)
        for (int wide = 0; wide < 2; wide++) {
            struct buf b;
            buf_init(&b);
            for (size_t i = 0; i < before; i++)
                buf_add_char(&b, (char)(i * 37));
            if (wide)
                utf16_put(&b, "The SPOOLer");
            else
                buf_add_c(&b, "The SPOOLer");
            assert_true(holds("spooler", &b));
            assert_true(holds("the spool", &b));
            assert_false(holds("spoolers", &b));
            assert_false(holds("spoiler", &b));
            buf_done(&b);
        }
}

/* U+212A folds to k. */
static void letters_with_foreign_forms_are_met(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b);
    utf16_put(&b, "quor");
    buf_add(&b, (struct text){ "\x2A\x21", 2 });
    utf16_put(&b, "um");
    assert_true(holds("quorkum", &b));
    assert_false(holds("quorxum", &b));
    buf_done(&b);
}

static void what_may_be_no_text_is_not_screened(void **state)
{
    (void)state;
    static const char *const blind[] = { "1753", "0x800706d9", "s-1-5-18", "{baf908ea", "2016-07-08t", "true", "als", "ab",
                                         "", "\xc3\xa9\xc3\xa9\xc3\xa9", "kiss", "12:30" };
    for (size_t i = 0; i < COUNT_OF(blind); i++) {
        struct search_screen s;
        search_screen_init(&s, text_from(blind[i]));
        assert_true(s.blind);
    }
    struct search_screen s;
    search_screen_init(&s, TEXT("error, path \xc3\xa9t")); /* the longest run that stands in one piece */
    assert_false(s.blind);
    assert_int_equal(s.length, 6);
    assert_memory_equal(s.needle, " path ", 6);
}

/* Token streams of values: alone, or put together. */
static void pieces_betray_themselves(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        bool joined;
    } cases[] = {
#define CASE(literal, joined) { literal, sizeof(literal) - 1, joined }
        CASE("\x05\x01\x02\x00" "a\0b\0" "\x04", false),
        CASE("\x05\x01\x02\x00" "a\0b\0" "\x0d\x03\x00\x08" "\x04", true),
        CASE("\x45\x01\x02\x00" "a\0b\0" "\x4e\x03\x00\x01" "\x04", true),
        CASE("\x0e\x03\x00\x01" "\x04", false),
        CASE("\x0e\x03\x00\x01" "\x0d\x04\x00\x01" "\x04", true),
        CASE("\x0e\x03\x01\x01" "\x05\x01\x01\x00" " \0" "\x04", true),
        CASE("\x05\x01\x01\x00" "a\0" "\x48&\0" "\x05\x01\x01\x00" "b\0" "\x04", true),
        CASE("\x05\x01\x01\x00" "a\0" "\x07\x02\x00" "b\0c\0" "\x04", true),
        CASE("\x05\x01\x01\x00" "a\0" "\x49\x0b\x00\x00\x00" "\x00\x00\x00\x00" "\x31\x42\x03\x00" "a\0m\0p\0\0\0" "\x04", true),
        CASE("\r\0\n\0\r\0\n\0\t\0", false), /* text of a value */
        CASE("\x04\x0d\x03\x00\x08" "\x0d\x04\x00\x08" "\x04", true),
        CASE("\xc3\x0e\x00\x00\x02" "\x05\x01\x01\x00" "a\0" "\x04", false), /* a size, a tag's end, a text */
        CASE("\x00\x07\x00\x00" "\x0d\x04\x00\x08" "\x04", false), /* the first is empty */
        CASE("\x00\x07\x01\x00" "a\0" "\x0d\x04\x00\x08" "\x04", true),
        CASE("\x00\x0d\x03\x00\x00" "\x0d\x04\x00\x08" "\x04", false), /* no type */
        CASE("\x00\x0d\x03\x00\x24" "\x0d\x04\x00\x08" "\x04", false),
        CASE("\x00\x0d\x03\x00\xA3" "\x0d\x04\x00\x80" "\x04", true),
        CASE("\x00\x48\x7e\x00" "\x48\x20\x00" "\x04", true),
        CASE("\x00\x48\x7f\x00" "\x48\x20\x00" "\x04", false),
    };
    for (size_t before = 0; before < 20; before++)
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            struct buf b;
            if (before && memchr(cases[i].bytes, 0x49, cases[i].n))
                continue; /* offsets count from the beginning */
            buf_init(&b);
            for (size_t k = 0; k < before; k++)
                buf_add_char(&b, '\x01');
            buf_add(&b, (struct text){ cases[i].bytes, cases[i].n });
            for (size_t k = 0; k < 20; k++)
                buf_add_char(&b, '\x01');
            assert_int_equal(search_screen_joined(bytes_of(&b)), cases[i].joined);
            buf_done(&b);
        }
}

static void references_are_met(void **state)
{
    (void)state;
    struct search_screen s;
    struct buf wide, narrow;
    buf_init(&wide);
    buf_init(&narrow);
    utf16_put(&wide, "x %%1753");
    buf_add_c(&narrow, "x%%1753 ");
    search_screen_init(&s, TEXT("endpoint"));
    assert_false(search_screen_refers(&s, bytes_of(&wide)));
    search_screen_reference(&s, 1753, SCREEN_WORDS_NOT);
    search_screen_reference(&s, 1754, SCREEN_WORDS_MATCH);
    assert_false(search_screen_refers(&s, bytes_of(&wide)));
    search_screen_reference(&s, 1753, SCREEN_WORDS_MATCH);
    assert_true(search_screen_refers(&s, bytes_of(&wide)));
    assert_true(search_screen_refers(&s, bytes_of(&narrow)));
    wide.n = 0;
    utf16_put(&wide, "%%2147942405"); /* an HRESULT */
    assert_true(search_screen_refers(&s, bytes_of(&wide)));
    wide.n = 0;
    utf16_put(&wide, "100 %% of it, 50%");
    assert_false(search_screen_refers(&s, bytes_of(&wide)));
    buf_done(&wide);
    buf_done(&narrow);
}

/* What the needle goes on with must stand behind it. */
static void words_that_a_needle_begins_with_need_their_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool refers;
    } cases[] = { { "%%1753", false },     { "%%1753 is", false },         { "%%1753Trate", true },
                  { "%%1753\xe2\x84\xaa", true }, { "%%1754T", false },         { "%%17", false } };
    struct search_screen s;
    search_screen_init(&s, TEXT("endpoint"));
    search_screen_reference(&s, 1753, SCREEN_WORDS_END);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf b;
        buf_init(&b);
        buf_add_c(&b, cases[i].text);
        assert_int_equal(search_screen_refers(&s, bytes_of(&b)), cases[i].refers);
        b.n = 0;
        utf16_put(&b, cases[i].text);
        assert_int_equal(search_screen_refers(&s, bytes_of(&b)), cases[i].refers);
        buf_done(&b);
    }
}

static void words_of_references_match_with_text_around_them(void **state)
{
    (void)state;
    static const struct {
        const char *needle, *words;
        enum screen_words found;
    } cases[] = {
        { "denied", "access is denied", SCREEN_WORDS_MATCH },
        { "access is denied", "access is denied", SCREEN_WORDS_MATCH },
        { "denied by", "access is denied", SCREEN_WORDS_END },
        { "access is denied by", "access is denied", SCREEN_WORDS_END },
        { "error access", "access is denied", SCREEN_WORDS_MATCH },
        { "error,access is denied by", "access is denied", SCREEN_WORDS_MATCH },
        { "erroraccess", "access is denied", SCREEN_WORDS_NOT }, /* no reference stands there */
        { "quorum", "access is denied", SCREEN_WORDS_NOT },
        { "quorum", "", SCREEN_WORDS_NOT },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(search_screen_words(text_from(cases[i].needle), text_from(cases[i].words)), cases[i].found);
}

static void templates_match_with_any_value_in_them(void **state)
{
    (void)state;
    const struct text t = TEXT("resource '%1' of group %2 failed.");
    static const struct {
        const char *needle;
        bool may;
    } cases[] = { { "resource", true },   { "group disk", true }, { "x' of", true }, { "failed", true },
                  { "disk failed", true }, { "zzz", false },       { "quorum", false } };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(search_screen_template(text_from(cases[i].needle), t), cases[i].may);
    assert_true(search_screen_template(TEXT("quorum"), TEXT("100%% of %1")));
    assert_true(search_screen_template(TEXT("quorum"), TEXT("of %1%2"))); /* half of it in each */
    assert_true(search_screen_template(TEXT("quo rum"), TEXT("of %1 %2")));
    assert_false(search_screen_template(TEXT("quo rum"), TEXT("of %1, %2")));
    assert_true(search_screen_template(TEXT("c0rum"), TEXT("of %100rum"))); /* %10, then 0rum */
    /* Nothing stands before the beginning, nothing behind the end. */
    assert_true(search_screen_template(TEXT("of quo"), TEXT("of %1")));
    assert_false(search_screen_template(TEXT("half of"), TEXT("of %1")));
    assert_true(search_screen_template(TEXT("quorum."), TEXT("of %1.")));
    assert_false(search_screen_template(TEXT(".rum"), TEXT("of %1.")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_met_wherever_it_stands),
        cmocka_unit_test(letters_with_foreign_forms_are_met),
        cmocka_unit_test(what_may_be_no_text_is_not_screened),
        cmocka_unit_test(pieces_betray_themselves),
        cmocka_unit_test(references_are_met),
        cmocka_unit_test(words_that_a_needle_begins_with_need_their_text),
        cmocka_unit_test(words_of_references_match_with_text_around_them),
        cmocka_unit_test(templates_match_with_any_value_in_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
