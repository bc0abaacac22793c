/* Paragraphs: no line is wider than the terminal unless it is one thing that must not be torn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "form/text_layout.h"

#define WIDE  "\xE4\xB8\xAD" /* an ideograph: two columns */
#define ACUTE "e\xCC\x81"    /* e and a combining acute: one column */

static void assert_paragraph(unsigned first, unsigned hang, const char *in, const char *expected)
{
    struct buf out;
    struct layout l;
    buf_init(&out);
    layout_init(&l, &out, 40, false);
    layout_begin(&l, first, hang);
    layout_words(&l, STYLE_PLAIN, text_from(in));
    layout_end(&l);
    buf_add_char(&out, 0);
    assert_string_equal(out.p, expected);
    layout_done(&l);
    buf_done(&out);
}

static void words_wrap_with_hanging_indent(void **state)
{
    (void)state;
    assert_paragraph(0, 0, "", "");
    assert_paragraph(0, 0, "   ", "");
    assert_paragraph(2, 4, "one", "  one\n");
    assert_paragraph(0, 0, "0123456789 0123456789 0123456789 0123456",
                     "0123456789 0123456789 0123456789 0123456\n");
    assert_paragraph(0, 0, "0123456789 0123456789 0123456789 01234567",
                     "0123456789 0123456789 0123456789\n01234567\n");
    assert_paragraph(2, 4, "0123456789 0123456789 0123456789 0123456789",
                     "  0123456789 0123456789 0123456789\n    0123456789\n");
    assert_paragraph(0, 2, "a 0123456789012345678901234567890123456789012345 b",
                     "a\n  0123456789012345678901234567890123456789012345\n  b\n");
}

static void wide_and_combining_characters_count_as_shown(void **state)
{
    (void)state;
    assert_int_equal(text_columns(TEXT(WIDE WIDE ACUTE)), 5);
    assert_int_equal(text_columns(TEXT("\x1b")), 4);
    /* 20 ideographs fill 40 columns; the next one begins a line, without a blank between them */
#define TEN WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE
    assert_paragraph(0, 1, TEN TEN WIDE WIDE "x", TEN TEN "\n " WIDE WIDE "x\n");
    /* 39 columns and one combined character: still one line */
    assert_paragraph(0, 0, TEN WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE "x" ACUTE,
                     TEN WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE "x" ACUTE "\n");
    /* the mark of a wide character is not left behind */
    assert_paragraph(0, 0, TEN TEN "\xCC\x81" WIDE, TEN TEN "\xCC\x81\n" WIDE "\n");
}

static void keys_and_commands_stay_whole(void **state)
{
    (void)state;
    assert_paragraph(0, 0, "Then type in the window \"net stop clussvc\" now",
                     "Then type in the window\n\"net stop clussvc\" now\n");
    assert_paragraph(0, 0, "Then type in the window `net stop clussvc`, now",
                     "Then type in the window\n`net stop clussvc`, now\n");
    assert_paragraph(0, 0, "Look within the (\"net stop clussvc is it\") now",
                     "Look within the\n(\"net stop clussvc is it\") now\n");
    assert_paragraph(0, 0, "Open it at HKLM\\Software\\Win NT\\CurrentVersion and see",
                     "Open it at\nHKLM\\Software\\Win NT\\CurrentVersion and\nsee\n");
    assert_paragraph(0, 0, "Copy the file \\winnt\\clusiis4.dll C:\\ as it is",
                     "Copy the file \\winnt\\clusiis4.dll C:\\ as\nit is\n");
    /* wider than the terminal: rather broken than over the edge */
    assert_paragraph(0, 0, "\"this phrase in quotes is longer than forty columns\"",
                     "\"this phrase in quotes is longer than\nforty columns\"\n");
    /* a mark that never closes */
    assert_paragraph(0, 0, "a \"mark that never closes must not glue all",
                     "a \"mark that never closes must not glue\nall\n");
}

static void log_text_cannot_leave_its_paragraph(void **state)
{
    (void)state;
    assert_paragraph(0, 0, "a\n\nEvidence\x1b[2J\x01", "a Evidence\\x1b[2J\\x01\n");
}

static void items_keep_their_lines(void **state)
{
    (void)state;
    struct buf out;
    struct layout l;
    buf_init(&out);
    layout_init(&l, &out, 40, false);
    layout_item(&l, 2, "1. ", STYLE_PLAIN, TEXT("first\n  second line\n\n"));
    layout_item(&l, 2, "2. ", STYLE_PLAIN, TEXT(""));
    layout_blank(&l);
    layout_blank(&l);
    layout_item(&l, 0, "", STYLE_PLAIN, TEXT("end"));
    buf_add_char(&out, 0);
    assert_string_equal(out.p, "  1. first\n     second line\n\nend\n");
    layout_done(&l);
    buf_done(&out);
}

static void colour_takes_no_room(void **state)
{
    (void)state;
    struct buf out;
    struct layout l;
    buf_init(&out);
    layout_init(&l, &out, 40, true);
    layout_begin(&l, 0, 0);
    layout_words(&l, STYLE_BAD, TEXT("0123456789 0123456789 0123456789 0123456"));
    layout_words(&l, STYLE_PLAIN, TEXT(" x"));
    layout_end(&l);
    buf_add_char(&out, 0);
    assert_string_equal(out.p, "\x1b[1;31m0123456789 0123456789 0123456789 0123456\x1b[0m\nx\n");
    layout_done(&l);
    buf_done(&out);
}

static void assert_cut(const char *in, unsigned columns, const char *expected)
{
    struct buf out;
    buf_init(&out);
    text_cut(&out, text_from(in), columns);
    buf_add_char(&out, 0);
    assert_string_equal(out.p, expected);
    buf_done(&out);
}

static void long_text_is_cut_visibly(void **state)
{
    (void)state;
    assert_cut("", 5, "");
    assert_cut("12345", 5, "12345");
    assert_cut("123456", 5, "12...");
    assert_cut(WIDE WIDE WIDE, 5, WIDE "...");
    assert_cut("12" ACUTE "4" ACUTE, 5, "12" ACUTE "4" ACUTE);
}

static void assert_cut_middle(const char *in, unsigned columns, const char *expected)
{
    struct buf out;
    buf_init(&out);
    text_cut_middle(&out, text_from(in), columns);
    buf_add_char(&out, 0);
    assert_string_equal(out.p, expected);
    buf_done(&out);
}

static void a_name_keeps_its_end(void **state)
{
    (void)state;
    assert_cut_middle("", 5, "");
    assert_cut_middle("12345", 5, "12345");
    assert_cut_middle("123456", 5, "1...6");
    assert_cut_middle("123456", 4, "1...");
    assert_cut_middle("PRODUCTION-HYPERV-CLUSTERNODE02", 15, "PRODUC...NODE02");
    assert_cut_middle("PRODUCTION-HYPERV-CLUSTERNODE02", 16, "PRODUC...RNODE02");
    assert_cut_middle("1\xCC\x81" "23456\xCC\x81", 5, "1\xCC\x81" "...6\xCC\x81");
    assert_cut_middle(WIDE WIDE WIDE WIDE, 7, WIDE "..." WIDE);
    assert_cut_middle(WIDE WIDE WIDE, 5, "..."); /* half of one does not go */
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

/* The property, on paragraphs of all kinds of characters. */
static void no_line_is_wider_than_the_terminal(void **state)
{
    (void)state;
    static const char *const bits[] = { "a",  "Z",        " ",       " ",    " ",         "\"", "`",
                                        "\\", "(",        ",",       WIDE,   ACUTE,       "\n", "\x1b",
                                        "HK", "\xCC\x81", "0123456", "\xFF", "C:\\x y\\z" };
    uint32_t seed = 7;
    for (int round = 0; round < 3000; round++) {
        struct buf in, out;
        struct layout l;
        buf_init(&in);
        buf_init(&out);
        for (uint32_t n = next_random(&seed) % 120; n > 0; n--)
            buf_add_c(&in, bits[next_random(&seed) % COUNT_OF(bits)]);
        layout_init(&l, &out, 40 + next_random(&seed) % 40, false);
        layout_begin(&l, 2, next_random(&seed) % 12);
        layout_words(&l, STYLE_WARN, buf_text(&in));
        layout_end(&l);
        for (struct text rest = buf_text(&out); rest.n > 0;) {
            size_t end = text_find_char(rest, '\n');
            struct text line = text_trim((struct text){ rest.p, end });
            unsigned indent = (unsigned)(line.p - rest.p);
            unsigned columns = indent + text_columns(line);
            assert_true(columns <= l.width || text_find_char(line, ' ') == line.n);
            rest = text_from_index(rest, end + 1);
        }
        layout_done(&l);
        buf_done(&in);
        buf_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_wrap_with_hanging_indent),
        cmocka_unit_test(wide_and_combining_characters_count_as_shown),
        cmocka_unit_test(keys_and_commands_stay_whole),
        cmocka_unit_test(log_text_cannot_leave_its_paragraph),
        cmocka_unit_test(items_keep_their_lines),
        cmocka_unit_test(colour_takes_no_room),
        cmocka_unit_test(long_text_is_cut_visibly),
        cmocka_unit_test(a_name_keeps_its_end),
        cmocka_unit_test(no_line_is_wider_than_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
