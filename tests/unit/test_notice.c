/* What happened, as numbers that stay: the table in notice.def, the limits, merging. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>

#include "base/limits.h"
#include "base/notice.h"

static bool name_starts(enum notice_code code, const char *prefix)
{
    return strncmp(notice_name(code), prefix, strlen(prefix)) == 0;
}

static void numbers_are_unique_and_in_their_hundred(void **state)
{
    (void)state;
    static const struct {
        const char *prefix;
        int hundred;
    } rooms[] = { { "INPUT_", 1 }, { "EVTX_", 2 }, { "EVT_", 3 }, { "LIBYAL_", 6 } };
    for (enum notice_code code = 0; code < NOTICE_CODES; code++) {
        int number = notice_number(code);
        assert_in_range(number, 101, 899);
        for (enum notice_code other = 0; other < code; other++) {
            assert_int_not_equal(notice_number(other), number);
            assert_string_not_equal(notice_name(other), notice_name(code));
        }
        for (size_t i = 0; i < COUNT_OF(rooms); i++)
            if (name_starts(code, rooms[i].prefix))
                assert_int_equal(number / 100, rooms[i].hundred);
            else if (rooms[i].hundred > 1)
                assert_int_not_equal(number / 100, rooms[i].hundred);
    }
}

/* One hole at most, {}, {x}, {e} or {rule}; no capital at the start, no full stop: place and number are printed around
 * it. */
static void sentences_are_well_formed(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    for (enum notice_code code = 0; code < NOTICE_CODES; code++) {
        struct notice notice = { code, 0, 48879 };
        struct text sentence = notice_text(&arena, &notice);
        assert_true(sentence.n > 10);
        assert_int_equal(text_find_char(sentence, '{'), sentence.n);
        assert_int_equal(text_find_char(sentence, '}'), sentence.n);
        assert_int_not_equal(sentence.p[sentence.n - 1], '.');
        assert_false(isupper((unsigned char)sentence.p[0]) && islower((unsigned char)sentence.p[1]));
        assert_non_null(notice_severity_name(notice_severity(code)));
    }
    arena_done(&arena);
}

static void notices_are_bounded_and_counted(void **state)
{
    (void)state;
    struct arena arena;
    struct notices a, b;
    arena_init(&arena);
    notices_init(&a, &arena);
    notices_init(&b, &arena);
    assert_int_equal(notices_worst(&a), NOTICE_INFO_LEVEL);
    assert_int_equal(notice_add(&a, NOTICE_INPUT_EMPTY, NOTICE_NO_OFFSET, 0), ST_OK);
    assert_int_equal(notices_worst(&a), NOTICE_WARNING_LEVEL);
    for (uint64_t i = 0; i < 10; i++) {
        assert_int_equal(notice_add(&a, NOTICE_INPUT_SHRUNK, i, i), ST_LOST_RECORD);
        assert_int_equal(notice_add(&b, NOTICE_INPUT_SHRUNK, 100 + i, i), ST_LOST_RECORD);
    }
    notices_merge(&a, &b);
    assert_int_equal(a.count, 1 + LIMIT_NOTICES_PER_CODE);
    assert_int_equal(a.seen[NOTICE_INPUT_SHRUNK], 20);
    assert_int_equal(a.items[11].offset, 100);
    assert_int_equal(notices_worst(&a), NOTICE_LOSS_LEVEL);
    assert_non_null(strstr(notice_text(&arena, &a.items[4]).p, "3 bytes"));
    arena_done(&arena);
}

/* A log that is not read wins over bytes that are none, wherever it stands. */
static void the_loss_of_a_log_is_named_first(void **state)
{
    (void)state;
    struct arena arena;
    struct notices n;
    arena_init(&arena);
    notices_init(&n, &arena);
    (void)notice_add(&n, NOTICE_EVTX_FILE_CHECKSUM, 0, 0);
    assert_null(notices_loss(&n));
    (void)notice_add(&n, NOTICE_EVTX_SKIPPED, 69632, 36);
    (void)notice_add(&n, NOTICE_EVTX_RECORD_PARTIAL, 69700, 7);
    assert_int_equal(notices_loss(&n)->code, NOTICE_EVTX_SKIPPED);
    (void)notice_add(&n, NOTICE_EVTX_THEN_EVT, 80000, 80000);
    (void)notice_add(&n, NOTICE_EVTX_FILE_CUT, 90000, 1);
    assert_int_equal(notices_loss(&n)->code, NOTICE_EVTX_THEN_EVT);
    arena_done(&arena);
}

/* What is about a rule is said with its name, by those who have the rules. */
static void rules_are_named(void **state)
{
    (void)state;
    const struct notice third = { NOTICE_REGEX_LIMIT, 0, 2 }, gone = { NOTICE_FIELD_LIMIT, 0, NOTICE_NO_RULE };
    struct arena arena;
    arena_init(&arena);
    assert_true(notice_names_rule(NOTICE_REGEX_LIMIT) && notice_names_rule(NOTICE_FIELD_LIMIT));
    assert_false(notice_names_rule(NOTICE_INPUT_EMPTY));
    assert_non_null(strstr(notice_text(&arena, &third).p, "of rule 2 (counted from 0) gave up"));
    assert_non_null(strstr(notice_text(&arena, &gone).p, "that rule of another rule set compares"));
    assert_non_null(strstr(notice_text_named(&arena, &third, TEXT("clussvc-1069")).p, "of rule clussvc-1069 gave up"));
    arena_done(&arena);
}

static void counts_do_not_wrap(void **state)
{
    (void)state;
    struct arena arena;
    struct notices a, b;
    arena_init(&arena);
    notices_init(&a, &arena);
    notices_init(&b, &arena);
    a.seen[NOTICE_INPUT_SHRUNK] = UINT32_MAX;
    notice_add(&a, NOTICE_INPUT_SHRUNK, 0, 0);
    notice_add(&b, NOTICE_INPUT_SHRUNK, 0, 0);
    notices_merge(&a, &b);
    assert_true(a.seen[NOTICE_INPUT_SHRUNK] == UINT32_MAX);
    assert_int_equal(a.count, 0);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_unique_and_in_their_hundred),
        cmocka_unit_test(sentences_are_well_formed),
        cmocka_unit_test(notices_are_bounded_and_counted),
        cmocka_unit_test(the_loss_of_a_log_is_named_first),
        cmocka_unit_test(rules_are_named),
        cmocka_unit_test(counts_do_not_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
