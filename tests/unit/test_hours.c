/*
 * Events by node and hour.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/limits.h"
#include "finding/hours.h"

static void add(struct hours *h, const char *node, uint64_t time)
{
    hours_add(h, &(struct event_key){ .computer = text_from(node), .time = time });
}

static uint64_t events_of(const struct hours *h, const char *node, uint64_t number)
{
    uint64_t events = 0;
    for (size_t i = 0; i < h->count; i++)
        if (h->items[i].number == number && text_equal(h->items[i].node, text_from(node)))
            events += h->items[i].events;
    return events;
}

static void nodes_and_hours_are_told_apart(void **state)
{
    (void)state;
    struct arena arena;
    struct hours h, other;
    arena_init(&arena);
    hours_init(&h, &arena);
    hours_init(&other, &arena);
    add(&h, "NODE1", 5 * HOUR_TICKS);
    add(&h, "node1", 6 * HOUR_TICKS - 1);
    add(&h, "NODE2", 5 * HOUR_TICKS);
    add(&h, "NODE1", 6 * HOUR_TICKS);
    add(&h, "NODE1", 0);
    add(&h, "NODE1", FILETIME_MAX);
    add(&other, "NODE1", 5 * HOUR_TICKS + 1);
    add(&other, "NODE3", 5 * HOUR_TICKS);
    hours_merge(&h, &other);
    assert_int_equal(h.count, 4);
    assert_int_equal(events_of(&h, "NODE1", 5), 3);
    assert_int_equal(events_of(&h, "NODE1", 6), 1);
    assert_int_equal(events_of(&h, "NODE2", 5), 1);
    assert_int_equal(events_of(&h, "NODE3", 5), 1);
    arena_done(&arena);
}

static void what_is_beyond_the_limit_is_counted(void **state)
{
    (void)state;
    struct arena arena;
    struct hours h;
    char name[32];
    arena_init(&arena);
    hours_init(&h, &arena);
    for (uint64_t i = 0; i < 2 * LIMIT_HOURS; i++) {
        snprintf(name, sizeof name, "N%u", (unsigned)(i % 7));
        add(&h, name, (i / 2 + 1) * HOUR_TICKS);
    }
    assert_int_equal(h.count, LIMIT_HOURS);
    uint64_t sum = h.left_out;
    for (size_t i = 0; i < h.count; i++)
        sum += h.items[i].events;
    assert_int_equal(sum, 2 * LIMIT_HOURS);
    assert_true(h.left_out > 0);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_and_hours_are_told_apart),
        cmocka_unit_test(what_is_beyond_the_limit_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
