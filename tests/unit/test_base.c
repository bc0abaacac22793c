/* The floor: views, cursor, arena, notices, UTF, times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/times.h"
#include "base/cursor.h"
#include "base/notice.h"
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

static void notices_are_bounded_and_counted(void **state)
{
    (void)state;
    struct arena arena;
    struct notices a, b;
    arena_init(&arena);
    notices_init(&a, &arena);
    notices_init(&b, &arena);
    for (uint64_t i = 0; i < 10; i++) {
        assert_int_equal(notice_add(&a, NOTICE_INPUT_SHRUNK, i, i), ST_LOST_RECORD);
        assert_int_equal(notice_add(&b, NOTICE_INPUT_SHRUNK, 100 + i, i), ST_LOST_RECORD);
    }
    notices_merge(&a, &b);
    assert_int_equal(a.count, 16);
    assert_int_equal(a.seen[NOTICE_INPUT_SHRUNK], 20);
    assert_int_equal(a.items[10].offset, 100);
    assert_int_equal(notices_worst(&a), NOTICE_LOSS_LEVEL);
    assert_non_null(strstr(notice_text(&arena, &a.items[3]).p, "3 bytes"));
    arena_done(&arena);
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

static void arenas_rewind_and_adopt(void **state)
{
    (void)state;
    struct arena a, b;
    arena_init(&a);
    arena_init(&b);
    struct text kept = text_keep(&a, TEXT("kept"));
    struct arena_mark mark = arena_mark(&a);
    for (int i = 0; i < 1000; i++)
        arena_alloc(&a, 1000);
    arena_rewind(&a, mark);
    struct text other = text_keep(&b, TEXT("other"));
    arena_adopt(&a, &b);
    assert_true(text_equal(kept, TEXT("kept")));
    assert_true(text_equal(other, TEXT("other")));
    arena_done(&b);
    assert_true(text_equal(other, TEXT("other")));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_go_there_and_back),
        cmocka_unit_test(times_refuse_what_is_no_date),
        cmocka_unit_test(cursor_remembers_overrun),
        cmocka_unit_test(utf16_becomes_utf8),
        cmocka_unit_test(utf8_is_checked_strictly),
        cmocka_unit_test(notices_are_bounded_and_counted),
        cmocka_unit_test(numbers_are_read_whole),
        cmocka_unit_test(arenas_rewind_and_adopt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
