/* Tallies: counts by key, in whatever order and in however many parts they come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/limits.h"
#include "base/times.h"
#include "event/event.h"
#include "stats/tally.h"

#define ALL (TALLY_BY(TALLY_NODE) | TALLY_BY(TALLY_CHANNEL) | TALLY_BY(TALLY_PROVIDER) | TALLY_BY(TALLY_ID) | \
             TALLY_BY(TALLY_LEVEL) | TALLY_BY(TALLY_HOUR))

static uint64_t moment(const char *t)
{
    uint64_t ret = 0;
    assert_true(time_parse(text_from(t), &ret));
    return ret;
}

static struct tally_row event(const char *node, const char *provider, uint32_t id, const char *time)
{
    uint64_t t = *time ? moment(time) : 0;
    return (struct tally_row){ .key = { text_from(node), TEXT("System"), text_from(provider), id, 4, t },
                               .events = 1, .first = t, .last = t };
}

static void names_are_the_same_in_either_case(void **state)
{
    (void)state;
    struct arena arena;
    struct tally t;
    arena_init(&arena);
    tally_init(&t, &arena, TALLY_BY(TALLY_NODE) | TALLY_BY(TALLY_ID));
    const struct tally_row rows[] = {
        event("NODE1", "a", 1, "2020-01-01T10:00"), event("node1", "b", 1, "2020-01-01T09:00"),
        event("NODE2", "a", 1, ""), event("NODE1", "a", 2, "2020-01-01T11:00"),
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        tally_add(&t, &rows[i]);
    tally_sort(&t);
    assert_int_equal(t.count, 3);
    assert_int_equal(t.rows[0].events, 2);
    assert_true(text_equal(t.rows[0].key.node, TEXT("NODE1")));
    assert_true(t.rows[0].first == moment("2020-01-01T09:00") && t.rows[0].last == moment("2020-01-01T10:00"));
    assert_int_equal(t.rows[0].key.provider.n, 0); /* not counted by it */
    assert_int_equal(t.rows[1].key.id, 2);
    assert_true(t.rows[2].first == 0 && t.rows[2].last == 0);
    arena_done(&arena);
}

static void spans_of_time_are_in_order(void **state)
{
    (void)state;
    static const struct {
        enum tally_part part;
        const char *start;
    } cases[] = { { TALLY_HOUR, "2016-02-29T23:00" }, { TALLY_DAY, "2016-02-29" }, { TALLY_MONTH, "2016-02-01" } };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_true(tally_span(cases[i].part, moment("2016-02-29T23:59:59.9999999Z")) == moment(cases[i].start));
    assert_true(tally_span(TALLY_MONTH, FILETIME_MAX) == 0 && tally_span(TALLY_DAY, 0) == 0);

    struct arena arena;
    struct tally hours, days;
    arena_init(&arena);
    tally_init(&hours, &arena, TALLY_BY(TALLY_HOUR));
    const char *const times[] = { "2016-03-01T00:30", "2016-02-29T23:59", "2016-02-29T22:00", "2016-02-29T22:10", "" };
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        struct tally_row row = event("A", "p", 1, times[i]);
        tally_add(&hours, &row);
    }
    tally_init(&days, &arena, TALLY_BY(TALLY_DAY));
    tally_merge(&days, &hours);
    tally_sort(&hours);
    tally_sort(&days);
    assert_int_equal(hours.count, 4);
    assert_true(hours.rows[0].key.start == 0 && hours.rows[1].events == 2);
    assert_int_equal(days.count, 3);
    assert_true(days.rows[1].events == 3 && days.rows[2].key.start == moment("2016-03-01"));
    arena_done(&arena);
}

/* In one go or in parts, whose memory is gone afterwards. */
static void parts_add_up(void **state)
{
    (void)state;
    struct arena arena, batch;
    struct tally whole, merged, part;
    arena_init(&arena);
    arena_init(&batch);
    tally_init(&whole, &arena, ALL);
    tally_init(&merged, &arena, ALL);
    for (unsigned i = 0; i < 5000;) {
        arena_reset(&batch);
        tally_init(&part, &batch, ALL);
        for (unsigned end = i + 137; i < end && i < 5000; i++) {
            char node[16], time[32];
            snprintf(node, sizeof node, "NODE%u", i * 7919 % 61);
            snprintf(time, sizeof time, "2020-01-%02uT%02u:00", 1 + i % 28, i % 24);
            struct tally_row row = event(node, i % 3 ? "p" : "q", i % 11, time);
            tally_add(&whole, &row);
            tally_add(&part, &row);
        }
        tally_merge(&merged, &part);
    }
    tally_sort(&whole);
    tally_sort(&merged);
    uint64_t sum = 0;
    assert_int_equal(whole.count, merged.count);
    for (size_t i = 0; i < whole.count; i++) {
        assert_true(whole.rows[i].events == merged.rows[i].events && whole.rows[i].hash == merged.rows[i].hash);
        sum += whole.rows[i].events;
    }
    assert_int_equal(sum, 5000);
    arena_done(&batch);
    arena_done(&arena);
}

static void too_many_kinds_are_counted_only(void **state)
{
    (void)state;
    struct arena arena;
    struct tally t;
    arena_init(&arena);
    tally_init(&t, &arena, ALL);
    for (uint32_t i = 0; i < LIMIT_TALLY_ROWS + 10; i++) {
        struct tally_row row = event("A", "p", i, "");
        tally_add(&t, &row);
    }
    struct tally_row known = event("A", "p", 3, "");
    tally_add(&t, &known);
    assert_int_equal(t.count, LIMIT_TALLY_ROWS);
    assert_int_equal(t.left_out, 10);
    assert_int_equal(t.rows[3].events, 2);
    arena_done(&arena);
}

static void long_names_are_bounded(void **state)
{
    (void)state;
    static char name[1 << 20];
    struct arena arena;
    struct tally t;
    memset(name, 'x', sizeof name - 1);
    arena_init(&arena);
    tally_init(&t, &arena, ALL);
    for (uint32_t i = 0; i < 40; i++) {
        name[0] = (char)('a' + i % 26);
        struct tally_row row = event("A", name, i, "");
        tally_add(&t, &row);
    }
    assert_in_range(t.name_bytes, 30u << 20, LIMIT_TALLY_BYTES);
    assert_int_equal(t.count + t.left_out, 40);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_the_same_in_either_case),
        cmocka_unit_test(spans_of_time_are_in_order),
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(too_many_kinds_are_counted_only),
        cmocka_unit_test(long_names_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
