/* Which events are asked for: ranges, levels, names, times, and all of them together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "show/show_filter.h"

#define MOMENT 132000000000000000u /* 2019-04-17T18:40:00Z */

/* Every text that is none, and every one that is, with a number that it holds and one that it does not. */
static void ranges_are_refused_or_mean_one_thing(void **state)
{
    static const struct {
        const char *given;
        bool good;
        uint64_t in, out;
    } cases[] = {
        { "7", true, 7, 8 },
        { "7", true, 7, 6 },
        { "7-12", true, 7, 6 },
        { "7-12", true, 12, 13 },
        { "7-7", true, 7, 8 },
        { "7-", true, 7, 6 },
        { "7-", true, UINT64_MAX, 0 },
        { "7,9", true, 9, 8 },
        { " 7 , 9-10 ", true, 10, 8 },
        { "0x10", true, 16, 10 },
        { "0", true, 0, 1 },
        { "18446744073709551615", true, UINT64_MAX, 1 },
        { "18446744073709551616", false, 0, 0 },
        { "9-3", false, 0, 0 },
        { "-7", false, 0, 0 },
        { "-", false, 0, 0 },
        { "", false, 0, 0 },
        { ",", false, 0, 0 },
        { "7,", false, 0, 0 },
        { ",7", false, 0, 0 },
        { "7-9-11", false, 0, 0 },
        { "7 9", false, 0, 0 },
        { "7x", false, 0, 0 },
        { "error", false, 0, 0 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena;
        struct buf scratch;
        struct show_filter f = { 0 };
        arena_init(&arena);
        buf_init(&scratch);
        if (ranges_add(&f.records, &arena, text_from(cases[i].given)) != cases[i].good)
            fail_msg("%s", cases[i].given);
        const struct event_key in = { .record_id = cases[i].in }, out = { .record_id = cases[i].out };
        if (cases[i].good && (!filter_wants(&f, &in, &scratch) || filter_wants(&f, &out, &scratch)))
            fail_msg("%s", cases[i].given);
        buf_done(&scratch);
        arena_done(&arena);
    }
}

static void levels_have_names(void **state)
{
    static const struct {
        const char *given;
        const char *wanted; /* the levels 0 to 6 that it holds; NULL: refused */
    } cases[] = {
        { "critical", "1" },      { "ERROR", "2" },       { "warning", "3" },    { "information", "04" },
        { "verbose", "5" },       { "4", "04" },          { "0", "0" },          { "1-3", "123" },
        { "1-4", "01234" },       { "critical-error", "12" }, { "warning-", "03456" }, { "5-", "56" },
        { "error,verbose", "25" }, { "1-error", "12" },    { "warn", NULL },      { "error-critical", NULL },
        { "", NULL },             { "-error", NULL },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena;
        struct buf scratch;
        struct show_filter f = { 0 };
        char got[8] = "";
        size_t n = 0;
        arena_init(&arena);
        buf_init(&scratch);
        bool good = levels_add(&f.levels, &arena, text_from(cases[i].given));
        for (uint32_t level = 0; good && level <= 6; level++)
            if (filter_wants(&f, &(struct event_key){ .level = level }, &scratch))
                got[n++] = (char)('0' + level);
        if (good != (cases[i].wanted != NULL) || (good && strcmp(got, cases[i].wanted) != 0))
            fail_msg("%s: %s", cases[i].given, got);
        buf_done(&scratch);
        arena_done(&arena);
    }
}

static void names_are_found_by_patterns(void **state)
{
    static const struct {
        const char *pattern;
        enum { PROVIDER, CHANNEL, NODE } of;
        const char *name;
        bool wanted;
    } cases[] = {
        { "clussvc", PROVIDER, "ClusSvc", true },
        { "ClusSv", PROVIDER, "ClusSvc", false },
        { "Clus*", PROVIDER, "ClusSvc", true },
        { "*", PROVIDER, "", true },
        { "?", PROVIDER, "", false },
        { "", PROVIDER, "", true },
        { "", PROVIDER, "a", false },
        { "Clus?vc", PROVIDER, "ClusSvc", true },
        { "a\\*", PROVIDER, "a*", true },
        { "a\\*", PROVIDER, "ab", false },
        { "\xC3\x84*", CHANNEL, "\xC3\xA4nderung", true }, /* case of all letters, not of ASCII alone */
        { "a.b", PROVIDER, "a", false },
        { "a", PROVIDER, "a.b", false },
        { "a", CHANNEL, "a.b", false },
        { "a", NODE, "A.example.org", true },
        { "a.example.org", NODE, "A.example.org", true },
        { "a.example", NODE, "A.example.org", false },
        { "a.*", NODE, "A.example.org", true },
        { "a.*", NODE, "A", false },
        { "example.org", NODE, "A.example.org", false },
        { "", NODE, ".example.org", true },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena;
        struct buf scratch;
        struct show_filter f = { 0 };
        struct event_key key = { .provider = TEXT("other"), .channel = TEXT("other"), .computer = TEXT("other") };
        struct patterns *patterns[] = { &f.providers, &f.channels, &f.nodes };
        struct text *names[] = { &key.provider, &key.channel, &key.computer };
        arena_init(&arena);
        buf_init(&scratch);
        patterns_add(patterns[cases[i].of], &arena, TEXT("nothing"));
        assert_false(filter_wants(&f, &key, &scratch));
        patterns_add(patterns[cases[i].of], &arena, text_from(cases[i].pattern)); /* one of two is enough */
        *names[cases[i].of] = text_from(cases[i].name);
        if (filter_wants(&f, &key, &scratch) != cases[i].wanted)
            fail_msg("%s %s", cases[i].pattern, cases[i].name);
        buf_done(&scratch);
        arena_done(&arena);
    }
}

static void times_are_from_and_before(void **state)
{
    static const struct {
        uint64_t from, before, time;
        bool wanted;
    } cases[] = {
        { MOMENT, UINT64_MAX, MOMENT, true },      { MOMENT, UINT64_MAX, MOMENT - 1, false }, { 0, MOMENT, MOMENT, false },
        { 0, MOMENT, MOMENT - 1, true },           { MOMENT, MOMENT + 1, MOMENT, true },        { 0, UINT64_MAX, 0, false },
        { MOMENT, MOMENT, MOMENT, false },
    };
    struct buf scratch;
    (void)state;
    buf_init(&scratch);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct show_filter f = { .timed = true, .from = cases[i].from, .before = cases[i].before };
        struct event_key key = { .time = cases[i].time };
        assert_int_equal(filter_wants(&f, &key, &scratch), cases[i].wanted);
        f.timed = false;
        assert_true(filter_wants(&f, &key, &scratch));
    }
    buf_done(&scratch);
}

/* Each part must hold; an ID that is no number is in no range, not even in the one that ends with all numbers. */
static void all_parts_must_hold(void **state)
{
    struct arena arena;
    struct buf scratch;
    struct show_filter f = { 0 };
    struct event_key key = { .id = 7, .level = 2, .record_id = 9, .time = MOMENT };
    (void)state;
    arena_init(&arena);
    buf_init(&scratch);
    assert_true(ranges_add(&f.ids, &arena, TEXT("7-")));
    assert_true(ranges_add(&f.records, &arena, TEXT("9")));
    assert_true(levels_add(&f.levels, &arena, TEXT("error")));
    assert_true(filter_wants(&f, &key, &scratch));
    key.id = 6;
    assert_false(filter_wants(&f, &key, &scratch));
    key.id = EVENT_ID_NONE;
    assert_false(filter_wants(&f, &key, &scratch));
    f.ids.count = 0;
    assert_true(filter_wants(&f, &key, &scratch));
    key.record_id = 8;
    assert_false(filter_wants(&f, &key, &scratch));
    key.record_id = 9;
    key.level = 1;
    assert_false(filter_wants(&f, &key, &scratch));
    buf_done(&scratch);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_refused_or_mean_one_thing),
        cmocka_unit_test(levels_have_names),
        cmocka_unit_test(names_are_found_by_patterns),
        cmocka_unit_test(times_are_from_and_before),
        cmocka_unit_test(all_parts_must_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
