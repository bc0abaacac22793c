/* Every type of value as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "evtx/binxml_value.h"

#define RAW(...) (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })

static const struct {
    const char *text;
    uint8_t type;
    bool odd;
    const uint8_t *raw;
    size_t n;
} cases[] = {
    { "", 0x00, false, RAW(1, 2, 3) },
    { "ab", 0x01, false, RAW('a', 0, 'b', 0) },
    { "a", 0x01, false, RAW('a', 0, 0, 0, 0, 0) },
    { "\xEF\xBF\xBD", 0x01, false, RAW(0x00, 0xD8) },
    { "\xC3\xA4", 0x02, false, RAW(0xE4, 0) },
    { "\xE2\x82\xAC", 0x02, false, RAW(0x80) },
    { "-1", 0x03, false, RAW(0xFF) },
    { "255", 0x04, false, RAW(0xFF) },
    { "-2", 0x05, false, RAW(0xFE, 0xFF) },
    { "513", 0x06, false, RAW(1, 2) },
    { "-2147186583", 0x07, false, RAW(0x69, 0x88, 0x04, 0x80) },
    { "-2147483648", 0x07, false, RAW(0, 0, 0, 0x80) },
    { "4294967295", 0x08, false, RAW(0xFF, 0xFF, 0xFF, 0xFF) },
    { "-9223372036854775808", 0x09, false, RAW(0, 0, 0, 0, 0, 0, 0, 0x80) },
    { "18446744073709551615", 0x0A, false, RAW(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF) },
    { "1.5", 0x0B, false, RAW(0, 0, 0xC0, 0x3F) },
    { "0.1", 0x0B, false, RAW(0xCD, 0xCC, 0xCC, 0x3D) },
    { "0.1", 0x0C, false, RAW(0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F) },
    { "100000", 0x0C, false, RAW(0, 0, 0, 0, 0, 0x6A, 0xF8, 0x40) },
    { "3199.234", 0x0C, false, RAW(0x87, 0x16, 0xD9, 0xCE, 0x77, 0xFE, 0xA8, 0x40) },
    { "-0.5", 0x0B, false, RAW(0, 0, 0, 0xBF) },
    { "0", 0x0B, false, RAW(0, 0, 0, 0) },
    { "inf", 0x0B, false, RAW(0, 0, 0x80, 0x7F) },
    { "10000000000000000", 0x0C, false, RAW(0, 0x80, 0xE0, 0x37, 0x79, 0xC3, 0x41, 0x43) }, /* 1e16 */
    { "1e+17", 0x0C, false, RAW(0, 0xA0, 0xD8, 0x85, 0x57, 0x34, 0x76, 0x43) },
    { "true", 0x0D, false, RAW(0, 0, 1, 0) },
    { "false", 0x0D, false, RAW(0) },
    { "D9060000", 0x0E, false, RAW(0xD9, 6, 0, 0) },
    { "{03020100-0504-0706-0809-0a0b0c0d0e0f}", 0x0F, false, RAW(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) },
    { "0x858", 0x10, false, RAW(0x58, 8, 0, 0) },
    { "0x0", 0x10, false, RAW(0, 0, 0, 0, 0, 0, 0, 0) },
    { "2016-07-08T18:12:51.6816408Z", 0x11, false, RAW(0x18, 0x96, 0x57, 0x57, 0x44, 0xD9, 0xD1, 0x01) },
    { "1601-01-01T00:00:00.0000000Z", 0x11, false, RAW(0, 0, 0, 0, 0, 0, 0, 0) },
    { "0xffffffffffffffff", 0x11, true, RAW(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF) },
    { "2017-04-21T10:41:18.007Z", 0x12, false, RAW(0xE1, 7, 4, 0, 5, 0, 21, 0, 10, 0, 41, 0, 18, 0, 7, 0) },
    { "0000-00-00T00:00:00.000Z", 0x12, true, RAW(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
    { "2017-12-31T00:00:00.000Z", 0x12, false, RAW(0xE1, 7, 12, 0, 0, 0, 31, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
    { "2017-13-01T00:00:00.000Z", 0x12, true, RAW(0xE1, 7, 13, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
    { "2017-12-00T00:00:00.000Z", 0x12, true, RAW(0xE1, 7, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
    { "2017-12-32T00:00:00.000Z", 0x12, true, RAW(0xE1, 7, 12, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
    { "S-1-5-18", 0x13, false, RAW(1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0) },
    { "S-1-0x010000000000", 0x13, false, RAW(1, 0, 1, 0, 0, 0, 0, 0) },
    { "S-1-0x000100000000", 0x13, false, RAW(1, 0, 0, 1, 0, 0, 0, 0) },
    { "S-1-4294967295", 0x13, false, RAW(1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF) },
    { "S-1-5-18", 0x13, true, RAW(1, 200, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0) },
    { "0102", 0x13, true, RAW(1, 2) },
    { "", 0x13, false, NULL, 0 },
    { "0x3e7", 0x14, false, RAW(0xE7, 3, 0, 0) },
    { "0x8000000000000000", 0x15, false, RAW(0, 0, 0, 0, 0, 0, 0, 0x80) },
    { "x", 0x23, false, RAW('x', 0) },
    { "x", 0x27, false, RAW('x', 0) },
    { "0A0B", 0x66, false, RAW(10, 11) },
    { "01", 0x08, true, RAW(1) },
    { "010203", 0x0F, true, RAW(1, 2, 3) },
    { "a,,b", 0x81, false, RAW('a', 0, 0, 0, 0, 0, 'b', 0) },
    { "a,b", 0x82, false, RAW('a', 0, 'b', 0) },
    { "1,2", 0x86, false, RAW(1, 0, 2, 0) },
    { "1,02", 0x86, true, RAW(1, 0, 2) },
    { "true,false", 0x8D, false, RAW(1, 0, 0, 0, 0, 0, 0, 0) },
    { "0AFF", 0x8E, false, RAW(0x0A, 0xFF) },
    { "0x1,0x2,0x3", 0x90, false, RAW(1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0) },
    { "0x1", 0x95, false, RAW(1, 0, 0, 0, 0, 0, 0, 0) },
    { "S-1-5-18,S-1-1", 0x93, false, RAW(1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1) },
};

static void values_read_as_windows_shows_them(void **state)
{
    struct arena arena;
    arena_init(&arena);
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct binxml_value v = { .raw = { cases[i].raw, cases[i].n }, .type = cases[i].type };
        bool odd = false;
        struct text t = binxml_value_text(&arena, &v, &odd);
        if (!text_equal(t, text_from(cases[i].text)) || odd != cases[i].odd)
            fail_msg("case %zu, type %02x: \"%.*s\"%s, expected \"%s\"", i, cases[i].type, TEXT_ARG(t), odd ? " odd" : "",
                     cases[i].text);
    }
    arena_done(&arena);
}

/* Values that are cut off are told from values that are empty. */
static void values_that_do_not_fit_are_missing(void **state)
{
    static const uint8_t raw[] = { 3, 0, 0, 0, 1, 0, 4, 0, 9, 0, 1, 0, 0, 0, 0, 0, 7, 'x' };
    struct binxml_values values;
    struct arena arena;
    size_t end;
    (void)state;
    arena_init(&arena);
    binxml_values_read(&arena, (struct bytes){ raw, sizeof raw }, 0, &values, &end);
    assert_true(values.cut);
    assert_int_equal(values.count, 3);
    assert_false(values.items[0].missing);
    assert_int_equal(values.items[0].raw.p[0], 7);
    assert_true(values.items[1].missing);
    assert_true(binxml_values_get(&values, 3).missing);
    assert_int_equal(values.items[1].raw.n, 0);
    assert_false(binxml_values_skip((struct bytes){ raw, sizeof raw }, 0, &end));
    /* Of a stream, and of nothing behind it, what is left is kept. */
    static const uint8_t stream[] = { 2, 0, 0, 0, 4, 0, BINXML_STREAM, 0, 4, 0, BINXML_STREAM, 0, 7, 'x' };
    binxml_values_read(&arena, (struct bytes){ stream, sizeof stream }, 0, &values, &end);
    assert_true(values.items[0].missing && values.items[1].missing);
    assert_ptr_equal(values.items[0].raw.p, stream + 12);
    assert_int_equal(values.items[0].raw.n, 2);
    assert_int_equal(values.items[1].raw.n, 0);
    assert_int_equal(end, sizeof stream);
    /* More values are promised than there is room for. */
    static const uint8_t many[] = { 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0 };
    binxml_values_read(&arena, (struct bytes){ many, sizeof many }, 0, &values, &end);
    assert_true(values.cut);
    assert_int_equal(values.count, 0);
    arena_done(&arena);
}

static void numbers_are_read_without_text(void **state)
{
    static const uint8_t raw[] = { 0xFF, 0xFF, 0, 0, 0, 0, 0, 0 };
    uint64_t n = 0;
    (void)state;
    assert_true(binxml_value_u64(&(struct binxml_value){ { raw, 2 }, BINXML_UINT16, false }, &n));
    assert_int_equal(n, 65535);
    assert_false(binxml_value_u64(&(struct binxml_value){ { raw, 2 }, BINXML_INT16, false }, &n));
    assert_false(binxml_value_u64(&(struct binxml_value){ { raw, 4 }, BINXML_UINT16, false }, &n));
    assert_false(binxml_value_u64(&(struct binxml_value){ { raw, 2 }, BINXML_STRING, false }, &n));
    assert_false(binxml_value_u64(&(struct binxml_value){ { raw, 2 }, BINXML_UINT16, true }, &n));
    assert_true(binxml_value_u64(&(struct binxml_value){ { raw, 8 }, BINXML_FILETIME, false }, &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_read_as_windows_shows_them),
        cmocka_unit_test(values_that_do_not_fit_are_missing),
        cmocka_unit_test(numbers_are_read_without_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
