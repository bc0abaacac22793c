/*
 * What is remembered, sent and shown is the same on every machine: answers that were worked out once, on one whose lowest
 * byte comes first.  A memory or a partial of years ago has them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "finding/duplicates.h"
#include "finding/trouble_id.h"
#include "io/lasting_hash.h"
#include "state/log_name.h"
#include "state/log_parts.h"

static uint64_t hash_of(const char *words)
{
    return lasting_hash((struct bytes){ (const uint8_t *)words, strlen(words) });
}

static void hashes(void **state)
{
    const uint64_t numbers[] = { 0x0807060504030201u, 0x1817161514131211u };
    (void)state;
    assert_int_equal(hash_of(""), 0);
    assert_int_equal(hash_of("evscan"), 0x61e2fe54295e7dcau);
    assert_int_equal(hash_of("System log"), 0x54f7b7dd9ca3d403u);
    assert_int_equal(hash_of("\x01\x02\x03\x04\x05\x06\x07\x08\x11\x12\x13\x14\x15\x16\x17\x18"), 0x87caa876f21d3facu);
    assert_int_equal(lasting_hash_numbers(numbers, COUNT_OF(numbers)), 0x87caa876f21d3facu);
}

static void names_of_troubles_and_files(void **state)
{
    const struct text nodes[] = { TEXT("NODE1"), TEXT("NODE2") };
    const struct trouble_key key = { TEXT("sql"), 126000000000000000u, nodes, COUNT_OF(nodes) };
    struct arena arena;
    (void)state;
    arena_init(&arena);
    uint64_t sum = trouble_sum(&key);
    assert_string_equal(trouble_id(&arena, TEXT("Q218922"), sum).p, "Q218922-975e30");
    assert_string_equal(trouble_id(&arena, TEXT("Q218922"), trouble_sum_next(sum)).p, "Q218922-3dda98");
    assert_int_equal(log_file_key("exports/NODE1-2026-11-20.evt"), 0x1711872bde2358fbu);
    assert_int_equal(log_file_key("exports/NODE1-2026-11-21.evt"), 0x1711872bde2358fbu);
    arena_done(&arena);
}

static void sums_of_records(void **state)
{
    struct event_field fields[] = { { TEXT("NodeName"), TEXT("NODE2"), EVENT_DATA },
                                    { TEXT(""), TEXT("5"), EVENT_USER_DATA } };
    struct event e = { .key = { .provider = TEXT("ClusSvc"), .channel = TEXT("System"), .computer = TEXT("NODE1"),
                                .id = 1069, .level = 4, .time = 126000000000000000u, .record_id = 0x0102030405060708u },
                       .user_sid = TEXT(""), .event_id = TEXT("1069"), .qualifiers = 0xC000, .task = 3,
                       .keywords = 0x80000000000000u, .fields = fields, .field_count = COUNT_OF(fields) };
    struct mark mark = mark_of(&e.key);
    (void)state;
    assert_int_equal(mark.checksum, 0x548d2a83b1271247u);
    assert_int_equal(mark.alike, 0xd8a20e5f8569e9c3u);
    assert_int_equal(event_checksum(&e), 0x4abbceac65686b12u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes),
        cmocka_unit_test(names_of_troubles_and_files),
        cmocka_unit_test(sums_of_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
