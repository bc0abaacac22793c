/* What an event is: insertion strings, fields by name, copies that outlive the batch, accounts that add up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "event/event_source.h"

static const struct event_field sample_fields[] = {
    { { "Execution_ProcessID", 19 }, { "4", 1 }, EVENT_SYSTEM },
    { { "", 0 }, { "first", 5 }, EVENT_DATA },
    { { "Binary", 6 }, { "00FF", 4 }, EVENT_DATA },
    { { "Param2", 6 }, { "second", 6 }, EVENT_DATA },
    { { "Param2", 6 }, { "again", 5 }, EVENT_DATA },
    { { "Message", 7 }, { "rendered", 8 }, EVENT_RENDERING },
};

static const struct event sample = { .key = { .provider = { "ClusSvc", 7 }, .id = 1009, .time = 5 },
                                     .event_id = { "1009", 4 },
                                     .fields = sample_fields,
                                     .field_count = COUNT_OF(sample_fields) };

static const char *value_of(const struct event_field *field)
{
    return field ? field->value.p : "none";
}

static void inserts_are_counted_from_one(void **state)
{
    (void)state;
    assert_string_equal(value_of(event_insert(&sample, 1)), "first");
    assert_string_equal(value_of(event_insert(&sample, 2)), "second");
    assert_string_equal(value_of(event_insert(&sample, 3)), "again");
    assert_null(event_insert(&sample, 4));
    assert_null(event_insert(&sample, 0));
    assert_null(event_insert(&sample, SIZE_MAX));
    assert_null(event_insert(&(struct event){ 0 }, 1));
}

static void fields_are_found_by_name(void **state)
{
    (void)state;
    assert_string_equal(value_of(event_field(&sample, TEXT("param2"))), "second");
    assert_string_equal(value_of(event_field(&sample, TEXT("MESSAGE"))), "rendered");
    assert_null(event_field(&sample, TEXT("Execution_ProcessID"))); /* of the header, not of the payload */
    assert_null(event_field(&sample, TEXT("Param")));
}

/* The copy is made from memory that is gone when it is looked at. */
static void kept_events_outlive_their_batch(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct event_field *fields = malloc(sizeof sample_fields);
    char *value = strdup("caf\xC3\xA9");
    memcpy(fields, sample_fields, sizeof sample_fields);
    fields[1].value = (struct text){ value, 5 };
    struct event batch = sample;
    batch.fields = fields;
    struct event *whole = event_keep(&a, &batch, 100);
    struct event *part = event_keep(&a, &batch, 4);
    memset(value, 'x', 5);
    free(value);
    free(fields);
    assert_int_equal(whole->marks, 0);
    assert_int_equal(whole->key.id, 1009);
    assert_int_equal(whole->field_count, sample.field_count);
    assert_true(text_equal(whole->fields[1].value, TEXT("caf\xC3\xA9")));
    assert_int_equal(part->marks, EVENT_CUT);
    assert_true(text_equal(part->fields[1].value, TEXT("caf"))); /* not in the middle of a character */
    assert_true(text_equal(part->key.provider, TEXT("Clus")));
    arena_done(&a);
}

static void a_cut_is_marked_wherever_it_was(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct event e = { .key = { .computer = TEXT("a-long-name") } };
    assert_int_equal(event_keep(&a, &e, 11)->marks, 0);
    assert_int_equal(event_keep(&a, &e, 10)->marks, EVENT_CUT);
    const struct event_field field = { TEXT("a-long-name"), TEXT("v"), EVENT_DATA };
    e = (struct event){ .fields = &field, .field_count = 1 };
    assert_int_equal(event_keep(&a, &e, 10)->marks, EVENT_CUT);
    assert_int_equal(event_keep(&a, &e, 0)->fields[0].value.n, 0);
    arena_done(&a);
}

/* Whatever was in the arena before. */
static void size_of_a_copy_is_what_it_took(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    for (int i = 0; i < 3; i++) {
        size_t before = a.used;
        const struct event *kept = event_keep(&a, &sample, 4096);
        assert_in_range(event_size(kept), a.used - before - 32, a.used - before); /* two arrays start at 16 bytes */
    }
    arena_done(&a);
}

static void accounts_add_up_in_any_order(void **state)
{
    (void)state;
    struct account a = { .promised = 3, .decoded = 2, .lost = 1, .first = 50, .last = 60 };
    struct account b = { .promised = 5, .decoded = 5, .partial = 1, .recovered = 4, .skipped_bytes = 9 };
    a.by_source[EVENT_LIVE] = 2;
    b.by_source[EVENT_HIDDEN] = 1;
    account_time(&b, 0); /* no time is no moment */
    assert_int_equal(b.first, 0);
    account_time(&b, 40);
    account_time(&b, 55);
    struct account ab = { 0 }, ba = { 0 };
    account_add(&ab, &a);
    account_add(&ab, &b);
    account_add(&ba, &b);
    account_add(&ba, &a);
    assert_memory_equal(&ab, &ba, sizeof ab);
    assert_int_equal(ab.promised, 8);
    assert_int_equal(ab.decoded, 7);
    assert_int_equal(ab.partial + ab.lost + ab.recovered, 6);
    assert_int_equal(ab.by_source[EVENT_LIVE] + ab.by_source[EVENT_HIDDEN], 3);
    assert_int_equal(ab.skipped_bytes, 9);
    assert_int_equal(ab.first, 40);
    assert_int_equal(ab.last, 60);
}

static void names_exist_for_all_values(void **state)
{
    (void)state;
    for (enum event_source s = EVENT_LIVE; s < EVENT_SOURCES; s++)
        assert_true(strlen(event_source_name(s)) > 3);
    assert_string_equal(event_source_name(EVENT_HIDDEN), "hidden");
    assert_string_equal(event_level_name(2), "Error");
    assert_string_equal(event_level_name(UINT32_MAX), "Information");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inserts_are_counted_from_one),
        cmocka_unit_test(fields_are_found_by_name),
        cmocka_unit_test(kept_events_outlive_their_batch),
        cmocka_unit_test(a_cut_is_marked_wherever_it_was),
        cmocka_unit_test(size_of_a_copy_is_what_it_took),
        cmocka_unit_test(accounts_add_up_in_any_order),
        cmocka_unit_test(names_exist_for_all_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
