/* Hits beyond the limits that are kept for correlations: the same ones whichever way partials were merged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "finding/partial_pack.h"

/* Rule 0 is read by nothing, of rule 1 a field is read, of rule 2 only that it is there. */
static const struct text names[] = { TEXT("quiet"), TEXT("valued"), TEXT("bare") };
static const struct rule_names rules = { .fingerprint = 9, .items = names, .count = COUNT_OF(names) };
static const struct text value_fields[] = { TEXT("A"), TEXT("absent") };
static const struct thin_rule plan_rules[] = { { .read = false }, { true, value_fields, 2 }, { .read = true } };

static void look(void *ctx, uint32_t rule, const struct event *event, struct text *values)
{
    UNUSED(ctx);
    for (size_t i = 0; i < plan_rules[rule].field_count; i++) {
        const struct event_field *f = event_field(event, value_fields[i]);
        values[i] = f ? f->value : (struct text){ NULL, 0 };
    }
}

static const struct thin_plan plan = { plan_rules, COUNT_OF(plan_rules), NULL, look };

static void begin(struct partial *p)
{
    partial_init(p);
    p->plan = &plan;
}

static struct event event_at(uint64_t time, struct event_field *field)
{
    return (struct event){ .key = { .provider = TEXT("ClusSvc"), .channel = TEXT("System"), .computer = TEXT("N1"),
                                    .id = 1009, .time = time, .record_id = time },
                           .offset = time * 100, .fields = field, .field_count = 1 };
}

static void match(struct partial *p, struct input_result *input, const struct event *e, uint32_t rule)
{
    partial_add_match(p, &rule, 1, e, input);
}

static void hits_describe(const struct hit *hits, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        buf_add_format(out, "%llu rule %u of %.*s", (unsigned long long)hits[i].event->key.time, hits[i].rule,
                       TEXT_ARG(hits[i].input->path));
        for (size_t k = 0; hits[i].thin && k < plan_rules[hits[i].rule].field_count; k++)
            buf_add_format(out, " %.*s", (int)(hits[i].thin->values[k].n % 20), hits[i].thin->values[k].p);
        buf_add_char(out, '\n');
    }
}

/* All that can be seen of a partial. */
static void describe(const struct partial *p, struct buf *out)
{
    buf_add_format(out, "dropped %llu lost %llu\n", (unsigned long long)p->hits_dropped,
                   (unsigned long long)p->hits_lost);
    for (size_t i = 0; i < p->input_count; i++)
        buf_add_format(out, "%.*s dropped %llu lost %llu duplicates %llu\n", TEXT_ARG(p->inputs[i]->path),
                       (unsigned long long)p->inputs[i]->hits_dropped, (unsigned long long)p->inputs[i]->hits_lost,
                       (unsigned long long)p->inputs[i]->account.duplicates);
    hits_describe(p->hits, p->hit_count, out);
    buf_add_c(out, "thin\n");
    hits_describe(p->thin, p->thin_count, out);
}

static void what_correlations_read_is_kept_beyond_the_limit(void **state)
{
    (void)state;
    struct partial p;
    struct event_field field = { TEXT("A"), TEXT("bob"), EVENT_DATA };
    begin(&p);
    struct input_result *input = partial_add_input(&p, TEXT("a.evt"));
    for (uint64_t i = 0; i < LIMIT_HITS_PER_RULE + 3; i++)
        for (uint32_t rule = 0; rule < 3; rule++) {
            struct event e = event_at(1 + 3 * i + rule, &field);
            match(&p, input, &e, rule);
        }
    partial_sort(&p);
    assert_int_equal(p.hit_count, 3 * LIMIT_HITS_PER_RULE);
    assert_int_equal(p.hits_dropped, 9);
    assert_int_equal(p.hits_lost, 0);
    assert_int_equal(input->notices.seen[NOTICE_HITS_DROPPED], 1);
    assert_int_equal(input->notices.seen[NOTICE_HITS_LOST], 0);
    assert_int_equal(p.thin_count, 6);
    assert_int_equal(p.thin[0].rule, 1);
    assert_true(text_equal(p.thin[0].thin->values[0], TEXT("bob")));
    assert_null(p.thin[0].thin->values[1].p);
    assert_int_equal(p.thin[0].event->field_count, 0);
    assert_true(p.thin[0].event->marks & EVENT_CUT);
    assert_true(text_equal(p.thin[0].event->key.computer, TEXT("N1")));
    partial_done(&p);
}

/* Rule 1 is beyond its limit; rule 0 keeps the event whole, so both have the same one. */
static void an_event_that_another_rule_keeps_is_one_event(void **state)
{
    (void)state;
    struct partial p;
    const uint32_t both[] = { 0, 1 };
    struct event_field field = { TEXT("A"), TEXT("bob"), EVENT_DATA };
    begin(&p);
    struct input_result *input = partial_add_input(&p, TEXT("a.evt"));
    for (uint64_t i = 0; i < LIMIT_HITS_PER_RULE; i++) {
        struct event e = event_at(1 + i, &field);
        match(&p, input, &e, 1);
    }
    struct event last = event_at(LIMIT_HITS_PER_RULE + 1, &field);
    partial_add_match(&p, both, 2, &last, input);
    partial_sort(&p);
    assert_int_equal(p.thin_count, 1);
    assert_int_equal(p.hit_count, LIMIT_HITS_PER_RULE + 1);
    assert_int_equal(p.hits[LIMIT_HITS_PER_RULE].rule, 0);
    assert_ptr_equal(p.hits[LIMIT_HITS_PER_RULE].event, p.thin[0].event);
    assert_int_equal(p.thin[0].event->field_count, 1);
    partial_done(&p);
}

/* A record is known again by what it said, however little of it is kept; whole hits come first. */
static void a_record_in_two_inputs_counts_once(void **state)
{
    (void)state;
    struct partial p;
    struct event_field field = { TEXT("A"), TEXT("bob"), EVENT_DATA };
    struct event twice = event_at(2 * LIMIT_HITS_PER_RULE, &field), thrice = event_at(3 * LIMIT_HITS_PER_RULE, &field);
    begin(&p);
    struct input_result *a = partial_add_input(&p, TEXT("a.evt")), *b, *c;
    for (uint64_t i = 0; i < LIMIT_HITS_PER_RULE; i++) {
        struct event e = event_at(1 + i, &field);
        match(&p, a, &e, 1);
    }
    match(&p, a, &twice, 1);
    match(&p, a, &thrice, 1);
    b = partial_add_input(&p, TEXT("b.evt"));
    match(&p, b, &twice, 1);
    c = partial_add_input(&p, TEXT("c.evt"));
    struct event_field other = { TEXT("A"), TEXT("eve"), EVENT_DATA };
    thrice.fields = &other; /* another record: only its values differ */
    match(&p, c, &thrice, 1);
    partial_sort(&p);
    assert_int_equal(p.hit_count, LIMIT_HITS_PER_RULE + 2);
    assert_int_equal(p.thin_count, 1);
    assert_int_equal(p.thin[0].event->key.time, thrice.key.time);
    assert_ptr_equal(p.hits[LIMIT_HITS_PER_RULE].input, b);
    assert_int_equal(a->account.duplicates, 1);
    partial_done(&p);
}

/* 4,000 events of 4 KiB, some of two rules, the values as long: the whole ones of one and a half such inputs fit, the
 * thin ones of two. */
static void fill_large(struct partial *p, int number, const char *text)
{
    char path[16];
    snprintf(path, sizeof path, "log%d", number);
    struct input_result *input = partial_add_input(p, text_keep(&p->arena, text_from(path)));
    struct event_field field = { TEXT("A"), { text, LIMIT_HIT_TEXT }, EVENT_DATA };
    for (uint64_t i = 0; i < 4000; i++) {
        static const uint32_t sets[][3] = { { 0, 1, 2 }, { 1, 2 }, { 0 }, { 1 }, { 0, 1 } };
        static const size_t counts[] = { 3, 2, 1, 1, 2 };
        size_t set = (size_t)(i + (uint64_t)number) % COUNT_OF(sets);
        struct event e = event_at(i + 1, &field);
        e.task = (uint32_t)number; /* no duplicates */
        partial_add_match(p, sets[set], counts[set], &e, input);
    }
}

/* Saved and read again between two merges. */
static void save_and_read(struct partial *p)
{
    struct buf packed;
    struct partial again;
    struct partial_about about;
    buf_init(&packed);
    begin(&again);
    assert_true(partial_pack(p, &rules, 0, &packed));
    struct bytes bytes = { (const uint8_t *)packed.p, packed.n };
    assert_int_equal(partial_unpack(bytes, &rules, &again, &about), PARTIAL_SOUND);
    assert_int_equal(again.hit_bytes, p->hit_bytes);
    assert_int_equal(again.thin_bytes, p->thin_bytes);
    partial_done(p);
    begin(p);
    partial_merge(p, &again);
    partial_done(&again);
    buf_done(&packed);
}

static void tell_merged(const int *order, size_t count, bool saved, const char *text, struct buf *out)
{
    struct partial all;
    begin(&all);
    for (size_t i = 0; i < count; i++) {
        struct partial one;
        begin(&one);
        fill_large(&one, order[i], text);
        partial_merge(&all, &one);
        assert_true(all.hit_bytes <= LIMIT_HIT_BYTES && all.thin_bytes <= LIMIT_THIN_BYTES);
        if (saved)
            save_and_read(&all);
        partial_done(&one);
    }
    partial_sort(&all);
    describe(&all, out);
    buf_add_char(out, '\0');
    partial_done(&all);
}

static void the_cut_does_not_depend_on_the_way(void **state)
{
    (void)state;
    static char text[LIMIT_HIT_TEXT];
    memset(text, 'x', sizeof text);
    static const int orders[][6] = { { 4, 3, 2, 1, 0, 2 }, { 0, 4, 2, 1, 3, 0 }, { 2, 0, 4, 3, 1, 4 } };
    struct buf expected;
    struct partial all;
    buf_init(&expected);
    begin(&all);
    for (int i = 0; i < 5; i++)
        fill_large(&all, i, text);
    assert_true(all.full && all.thin_full);
    partial_sort(&all);
    assert_true(all.hits_lost > 4000 && all.thin_count > 7000 && all.hit_count > 5000);
    describe(&all, &expected);
    buf_add_char(&expected, '\0');
    partial_done(&all);
    for (size_t n = 0; n < COUNT_OF(orders); n++)
        for (int saved = 0; saved < 2; saved++) {
            struct buf other;
            buf_init(&other);
            tell_merged(orders[n], 6, saved, text, &other);
            assert_string_equal(other.p, expected.p);
            buf_done(&other);
        }
    buf_done(&expected);
}

static void what_is_lost_to_correlations_is_said(void **state)
{
    (void)state;
    static char text[LIMIT_HIT_TEXT];
    struct partial p;
    begin(&p);
    memset(text, 'x', sizeof text);
    for (int i = 0; i < 5; i++)
        fill_large(&p, i, text);
    partial_sort(&p);
    assert_int_equal(p.inputs[0]->notices.seen[NOTICE_HITS_LOST], 0);
    assert_int_equal(p.inputs[4]->notices.seen[NOTICE_HITS_LOST], 1);
    assert_int_equal(p.inputs[4]->hits_lost, 6 * 800); /* of rules 1 and 2; all of them */
    assert_int_equal(p.inputs[4]->hits_dropped, 9 * 800);
    partial_done(&p);
}

/* 4,700 whole events of 4 KiB, then there is room for some 10,000 small ones. */
static void fill_first(struct partial *p, const char *text)
{
    struct input_result *input = partial_add_input(p, TEXT("first"));
    struct event_field field = { TEXT("A"), { text, LIMIT_HIT_TEXT }, EVENT_DATA };
    for (uint64_t i = 0; i < 4700; i++) {
        struct event e = event_at(i + 1, &field);
        match(p, input, &e, 0);
    }
}

/* 10,000 whole events; then thin ones, of which the last do not fit; then whole ones, which fit when it is alone. */
static void fill_second(struct partial *p, const char *text)
{
    struct input_result *input = partial_add_input(p, TEXT("second"));
    for (uint64_t i = 0; i < LIMIT_HITS_PER_RULE + 9000 + 3000; i++) {
        bool large = i >= LIMIT_HITS_PER_RULE && i < LIMIT_HITS_PER_RULE + 9000;
        struct event_field field = { TEXT("A"), { text, large ? LIMIT_HIT_TEXT : 1 }, EVENT_DATA };
        struct event e = event_at(10000 + i, &field);
        match(p, input, &e, i < LIMIT_HITS_PER_RULE + 9000 ? 1 : 2);
    }
}

static void a_cut_inside_of_an_input_is_remembered(void **state)
{
    (void)state;
    static char text[LIMIT_HIT_TEXT];
    struct partial at_once, first, second;
    struct buf expected, seen;
    memset(text, 'x', sizeof text);
    begin(&at_once);
    fill_first(&at_once, text);
    fill_second(&at_once, text);
    begin(&second);
    fill_second(&second, text);
    assert_true(second.thin_full && !second.full);
    begin(&first);
    fill_first(&first, text);
    assert_false(first.full);
    partial_merge(&second, &first);
    assert_true(second.full && at_once.full);
    partial_sort(&at_once);
    partial_sort(&second);
    buf_init(&expected);
    buf_init(&seen);
    describe(&at_once, &expected);
    describe(&second, &seen);
    assert_true(text_equal(buf_text(&expected), buf_text(&seen)));
    buf_done(&expected);
    buf_done(&seen);
    partial_done(&at_once);
    partial_done(&first);
    partial_done(&second);
}

/* A plan with other fields, as of rules that were changed: values are found by the names of their fields. */
static void values_follow_their_fields_by_name(void **state)
{
    (void)state;
    static const struct text new_fields[] = { TEXT("new"), TEXT("A") };
    static const struct thin_rule new_rules[] = { { .read = true }, { true, new_fields, 2 }, { .read = false } };
    static const struct thin_plan new_plan = { new_rules, COUNT_OF(new_rules), NULL, look };
    struct event_field field = { TEXT("A"), TEXT("bob"), EVENT_DATA };
    struct partial p, again;
    struct partial_about about;
    struct buf packed;
    begin(&p);
    struct input_result *input = partial_add_input(&p, TEXT("a.evt"));
    for (uint64_t i = 0; i < LIMIT_HITS_PER_RULE + 1; i++)
        for (uint32_t rule = 1; rule < 3; rule++) {
            struct event e = event_at(1 + 2 * i + rule, &field);
            match(&p, input, &e, rule);
        }
    buf_init(&packed);
    assert_true(partial_pack(&p, &rules, 0, &packed));
    partial_init(&again);
    again.plan = &new_plan;
    struct bytes bytes = { (const uint8_t *)packed.p, packed.n };
    assert_int_equal(partial_unpack(bytes, &rules, &again, &about), PARTIAL_SOUND);
    partial_sort(&again);
    assert_int_equal(again.hit_count, 2 * LIMIT_HITS_PER_RULE);
    assert_int_equal(again.thin_count, 1); /* nothing reads rule 2 any more */
    assert_null(again.thin[0].thin->values[0].p);
    assert_true(text_equal(again.thin[0].thin->values[1], TEXT("bob")));
    buf_done(&packed);
    partial_done(&p);
    partial_done(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_correlations_read_is_kept_beyond_the_limit),
        cmocka_unit_test(an_event_that_another_rule_keeps_is_one_event),
        cmocka_unit_test(a_record_in_two_inputs_counts_once),
        cmocka_unit_test(the_cut_does_not_depend_on_the_way),
        cmocka_unit_test(a_cut_inside_of_an_input_is_remembered),
        cmocka_unit_test(what_is_lost_to_correlations_is_said),
        cmocka_unit_test(values_follow_their_fields_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
