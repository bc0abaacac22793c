/* The floor: views, cursor, buffers, UTF, code pages, times.  Arenas and notices: test_arena.c, test_notice.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/codepage.h"
#include "base/cursor.h"
#include "base/digits.h"
#include "base/times.h"
#include "base/utf.h"

static void times_go_there_and_back(void **state)
{
    (void)state;
    static const struct {
        uint64_t filetime;
        const char *iso;
    } cases[] = {
        { 0, "1601-01-01T00:00:00.0000000Z" },
        { TICKS_1970, "1970-01-01T00:00:00.0000000Z" },
        { 131124751716816408u, "2016-07-08T18:12:51.6816408Z" },
        { FILETIME_MAX - 1, "9999-12-31T23:59:59.9999999Z" },
        { 125911584000000000u, "2000-01-01T00:00:00.0000000Z" },
        { 125962559990000000u, "2000-02-28T23:59:59.0000000Z" },
        { 125962560000000000u, "2000-02-29T00:00:00.0000000Z" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char out[TIME_ISO_ROOM];
        uint64_t back = 1;
        struct text iso = time_iso(cases[i].filetime, 7, out);
        assert_string_equal(iso.p, cases[i].iso);
        assert_true(time_parse(iso, &back));
        assert_int_equal(back, cases[i].filetime);
    }
}

static void times_refuse_what_is_no_date(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "2024", "2024-02-30", "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z",
                                       "2024-01-01T00:60Z", "2024-01-01T00:00:00Zx", "2024-01-01T00:00:00+24:00" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        uint64_t t;
        assert_false(time_parse(text_from(bad[i]), &t));
    }
    uint64_t a = 0, b = 1;
    assert_true(time_parse(TEXT("2024-05-01T10:00:00+02:00"), &a));
    assert_true(time_parse(TEXT("2024-05-01 08:00"), &b));
    assert_int_equal(a, b);
}

static void cursor_remembers_overrun(void **state)
{
    (void)state;
    static const uint8_t raw[] = { 1, 2, 3, 4, 5 };
    struct cursor c = cursor_at((struct bytes){ raw, sizeof raw }, 1);
    assert_int_equal(cursor_u32(&c), 0x05040302);
    assert_false(c.overrun);
    assert_int_equal(cursor_u16(&c), 0);
    assert_true(c.overrun);
    assert_true(cursor_at((struct bytes){ raw, sizeof raw }, 6).overrun);
}

static void utf16_becomes_utf8(void **state)
{
    (void)state;
    /* A, e acute, euro, a pair of surrogates (U+1F600), a lone high one, a lone low one, an odd byte */
    static const uint8_t in[] = { 'A', 0, 0xE9, 0, 0xAC, 0x20, 0x3D, 0xD8, 0x00, 0xDE, 0x3D, 0xD8, 0x00, 0xDC + 1, 'x' };
    char out[64];
    size_t n = utf8_from_utf16le((struct bytes){ in, 8 + 2 }, out);
    assert_int_equal(n, 1 + 2 + 3 + 4);
    assert_memory_equal(out, "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", n);
    static const uint8_t lone[] = { 0x3D, 0xD8, 'x', 0, 0x00, 0xDC, 'y' };
    n = utf8_from_utf16le((struct bytes){ lone, sizeof lone }, out);
    assert_memory_equal(out, "\xEF\xBF\xBDx\xEF\xBF\xBD", n);
    assert_int_equal(n, 7);
}

static void utf8_is_checked_strictly(void **state)
{
    (void)state;
    assert_true(utf8_valid(TEXT("a\xC3\xA9\xF0\x9F\x98\x80")));
    static const char *const bad[] = { "\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3", "\xF8\x88\x80\x80\x80" };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(utf8_valid(text_from(bad[i])));
    assert_int_equal(utf_lower('Q'), 'q');
    assert_int_equal(utf_lower(0x0416), 0x0436); /* Cyrillic Zhe */
    assert_int_equal(utf_lower(0x03A3), 0x03C3); /* Sigma */
    assert_int_equal(utf_width(0x4E2D), 2);
    assert_int_equal(utf_width(0x0301), 0);
    assert_int_equal(utf_width('x'), 1);
}

static void numbers_are_read_whole(void **state)
{
    (void)state;
    uint64_t v = 7;
    assert_true(text_to_u64(TEXT("18446744073709551615"), &v));
    assert_true(v == UINT64_MAX);
    assert_false(text_to_u64(TEXT("18446744073709551616"), &v));
    assert_true(text_to_u64(TEXT("0x3E7"), &v));
    assert_int_equal(v, 999);
    assert_false(text_to_u64(TEXT(""), &v));
    assert_false(text_to_u64(TEXT("12a"), &v));
    assert_false(text_to_u64(TEXT("0x"), &v));
}

static void cursor_takes_views_without_bytes(void **state)
{
    (void)state;
    struct cursor c = cursor_at((struct bytes){ NULL, 0 }, 0);
    assert_false(c.overrun);
    assert_int_equal(cursor_take(&c, 0).n, 0);
    assert_false(c.overrun);
    assert_int_equal(cursor_u64(&c), 0);
    assert_true(c.overrun);
    assert_int_equal(bytes_u16((struct bytes){ NULL, 0 }, 3), 0);
    assert_int_equal(bytes_part((struct bytes){ NULL, 0 }, 1, 1).n, 0);
}

static void bytes_are_parted_within_the_view(void **state)
{
    (void)state;
    static const uint8_t raw[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    struct bytes view = { raw, sizeof raw };
    assert_int_equal(bytes_part(view, 2, 3).n, 3);
    assert_int_equal(bytes_part(view, 2, 3).p[0], 3);
    assert_int_equal(bytes_part(view, 6, SIZE_MAX).n, 2);
    assert_int_equal(bytes_part(view, SIZE_MAX, SIZE_MAX).n, 0);
    assert_true(bytes_u64(view, 0) == 0x0807060504030201u);
    assert_true(bytes_u64(view, 1) == 0);
    assert_int_equal(bytes_u32(view, 4), 0x08070605);
    assert_int_equal(bytes_u16(view, SIZE_MAX), 0);
}

static void texts_are_compared_and_cut(void **state)
{
    (void)state;
    struct text none = { NULL, 0 };
    assert_true(text_equal(none, TEXT("")));
    assert_false(text_equal(TEXT("a\0b"), TEXT("a\0c")));
    assert_true(text_equal_nocase(TEXT("ClusSvc"), TEXT("CLUSSVC")));
    assert_false(text_equal_nocase(TEXT("ClusSvc"), TEXT("CLUSSV")));
    assert_true(text_compare(TEXT("ab"), TEXT("abc")) < 0);
    assert_true(text_compare(TEXT("\xC3"), TEXT("z")) > 0);
    assert_true(text_compare_nocase(TEXT("B"), TEXT("a")) > 0);
    assert_int_equal(text_compare_nocase(none, none), 0);
    assert_true(text_starts_with(TEXT("node1"), TEXT("node")));
    assert_true(text_starts_with(none, TEXT("")));
    assert_false(text_starts_with(TEXT("no"), TEXT("node")));
    assert_true(text_ends_with(TEXT("node1.evt"), TEXT(".evt")));
    assert_true(text_ends_with(TEXT("x"), TEXT("")));
    assert_false(text_ends_with(TEXT("evt"), TEXT(".evt")));
    assert_int_equal(text_find_char(TEXT("a:b"), ':'), 1);
    assert_int_equal(text_find_char(none, ':'), 0);
    assert_int_equal(text_from_index(none, 4).n, 0);
    assert_int_equal(text_from_index(TEXT("abc"), 2).n, 1);
    assert_true(text_equal(text_trim(TEXT(" \t a b\r\n")), TEXT("a b")));
    assert_int_equal(text_trim(TEXT(" \n ")).n, 0);
    assert_true(text_hash_nocase(TEXT("System")) == text_hash_nocase(TEXT("sYSTEM")));
    assert_true(text_hash(TEXT("System")) != text_hash(TEXT("sYSTEM")));
}

static void buffers_grow(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b);
    assert_int_equal(buf_text(&b).n, 0);
    buf_add(&b, (struct text){ NULL, 0 });
    buf_add_c(&b, "0:");
    for (unsigned i = 0; i < 1000; i++)
        buf_add_format(&b, "%u,", i % 10);
    buf_add_char(&b, 'x');
    buf_add_format(&b, "%s", "");
    assert_int_equal(b.n, 2 + 2000 + 1);
    assert_memory_equal(b.p, "0:0,1,2,", 8);
    assert_int_equal(b.p[b.n - 1], 'x');
    buf_done(&b);
    assert_null(b.p);
}

static void spans_are_for_people(void **state)
{
    (void)state;
    static const struct {
        uint64_t seconds;
        const char *text;
    } cases[] = {
        { 0, "0 s" },
        { 59, "59 s" },
        { 60, "1 min 00 s" },
        { 3599, "59 min 59 s" },
        { 2 * 3600 + 5 * 60, "2 h 05 min" },
        { 86399, "23 h 59 min" },
        { 3 * 86400 + 4 * 3600, "3 d 4 h" },
        { UINT64_MAX / TICKS_PER_SECOND, "21350398 d 5 h" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char out[TIME_ISO_ROOM];
        assert_string_equal(time_span(cases[i].seconds * TICKS_PER_SECOND, out).p, cases[i].text);
    }
}

static void times_are_shown_with_the_digits_asked_for(void **state)
{
    (void)state;
    char out[TIME_ISO_ROOM];
    assert_string_equal(time_iso(131124751716816408u, 0, out).p, "2016-07-08T18:12:51Z");
    assert_string_equal(time_iso(131124751716816408u, 3, out).p, "2016-07-08T18:12:51.681Z");
    assert_string_equal(time_iso(FILETIME_MAX, 7, out).p, "0x24c85a5ed1c04000");
    assert_string_equal(time_iso(UINT64_MAX, 7, out).p, "0xffffffffffffffff");
    uint64_t t = 0;
    assert_true(time_parse(TEXT("2016-07-08T18:12:51.68164089999Z"), &t)); /* digits past the seventh are cut */
    assert_true(t == 131124751716816408u);
    t = 5; /* what is no time leaves it as it was: an event must not get one that lies beyond all others */
    assert_false(time_parse(TEXT("1601-01-01T00:00:00+01:00"), &t)); /* before the first tick */
    assert_false(time_parse(TEXT("9999-12-31T23:59:59-00:01"), &t)); /* behind the last year */
    assert_false(time_parse((struct text){ "2024-01-01\0", 11 }, &t));
    assert_true(t == 5);
}

static void *lower_of_zhe(void *ret)
{
    *(uint32_t *)ret = utf_lower(0x0416);
    return NULL;
}

/* The tables are filled on first use, by whichever thread comes first. */
static void tables_are_shared_by_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    uint32_t lower[COUNT_OF(threads)] = { 0 };
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, lower_of_zhe, &lower[i]), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(lower[i], 0x0436);
    }
}

static void assert_ansi(const char *in, const char *wanted)
{
    char out[64];
    struct bytes bytes = { (const uint8_t *)in, strlen(in) };
    size_t n = utf8_from_ansi(bytes, out);
    assert_true(n <= 3 * bytes.n);
    if (!text_equal((struct text){ out, n }, text_from(wanted)))
        fail_msg("got \"%.*s\", expected \"%s\"", (int)n, out, wanted);
}

/* Whatever the bytes are, what comes out is text and fits. */
static void test_codepage_room(void **state)
{
    (void)state;
    static const char *const names[] = { "874", "932", "936", "949", "950", "big5-hkscs", "1255", "1258", "65001", "1252" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_true(codepage_choose(names[i]));
        for (unsigned value = 0; value < 65536; value++) {
            const uint8_t in[2] = { (uint8_t)(value >> 8), (uint8_t)value };
            char out[6];
            size_t n = utf8_from_ansi((struct bytes){ in, 2 }, out);
            assert_true(n > 0 && n <= sizeof out && utf8_valid((struct text){ out, n }));
        }
    }
}

static void test_codepage(void **state)
{
    (void)state;
    assert_ansi("a\x80\xE4\x81", "a\xE2\x82\xAC\xC3\xA4\xC2\x81"); /* before a page is chosen: windows-1252 */
    assert_int_equal(codepage_number(), 1252);
    assert_true(codepage_choose("windows-1251"));
    assert_int_equal(codepage_number(), 1251);
    assert_ansi("A\xCF\x98", "A\xD0\x9F\xEF\xBF\xBD"); /* 98 is no character there */
    assert_true(codepage_choose("932"));
    assert_ansi("\x93\xFA|\xB1\x93", "\xE6\x97\xA5|\xEF\xBD\xB1\xEF\xBF\xBD"); /* a pair, one byte, half a pair */
    assert_ansi("\x93\x20z", "\xEF\xBF\xBD z"); /* what follows half a pair stays */
    assert_true(codepage_choose("big5-hkscs"));
    assert_int_equal(codepage_number(), 0);
    assert_ansi("\x88\x62", "\xC3\x8A\xCC\x84"); /* one pair, two characters */
    assert_true(codepage_choose("65001"));
    assert_ansi("\xC3\xA4\xC3", "\xC3\xA4\xEF\xBF\xBD");
    static const char *const none[] = { "", "nonsense", "utf-16", "utf-7", "iso-2022-jp", "gb18030", "99999", "0" };
    for (size_t i = 0; i < COUNT_OF(none); i++)
        if (codepage_choose(none[i]))
            fail_msg("%s is taken", none[i]);
    assert_true(codepage_choose("cp1252"));
    assert_ansi("\x80", "\xE2\x82\xAC");
}

static void assert_digits(uint64_t value)
{
    char out[DIGITS_ROOM], expected[DIGITS_ROOM + 1];
    int n = snprintf(expected, sizeof expected, "%" PRIu64, value);
    assert_int_equal(digits_put(out, value), n);
    assert_memory_equal(out, expected, (size_t)n);
    n = snprintf(expected, sizeof expected, "%" PRIx64, value);
    assert_int_equal(digits_put_hex(out, value), n);
    assert_memory_equal(out, expected, (size_t)n);
}

/* Lengths change at powers of 10 and of 16. */
static void numbers_are_written_whole(void **state)
{
    (void)state;
    for (uint64_t value = 0; value < 12000; value++)
        assert_digits(value);
    for (unsigned base = 10; base <= 16; base += 6)
        for (uint64_t power = base; power <= UINT64_MAX / base; power *= base)
            for (uint64_t value = power * base - 2; value != power * base + 2; value++)
                assert_digits(value);
    for (uint64_t value = UINT64_MAX; value; value /= 3)
        assert_digits(value);
}

static void buffers_take_text_in_the_middle(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b);
    buf_insert(&b, 0, TEXT("ad"));
    buf_insert(&b, 1, TEXT("bc"));
    buf_insert(&b, 4, TEXT("e"));
    buf_insert(&b, 2, TEXT(""));
    assert_true(text_equal(buf_text(&b), TEXT("abcde")));
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codepage),
        cmocka_unit_test(test_codepage_room),
        cmocka_unit_test(tables_are_shared_by_threads), /* first: before anybody else has filled them */
        cmocka_unit_test(times_go_there_and_back),
        cmocka_unit_test(times_refuse_what_is_no_date),
        cmocka_unit_test(times_are_shown_with_the_digits_asked_for),
        cmocka_unit_test(spans_are_for_people),
        cmocka_unit_test(cursor_remembers_overrun),
        cmocka_unit_test(cursor_takes_views_without_bytes),
        cmocka_unit_test(bytes_are_parted_within_the_view),
        cmocka_unit_test(texts_are_compared_and_cut),
        cmocka_unit_test(buffers_grow),
        cmocka_unit_test(utf16_becomes_utf8),
        cmocka_unit_test(utf8_is_checked_strictly),
        cmocka_unit_test(numbers_are_read_whole),
        cmocka_unit_test(numbers_are_written_whole),
        cmocka_unit_test(buffers_take_text_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
