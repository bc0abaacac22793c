/* Partial results: what is kept under limits, and that the way they were merged leaves no trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "finding/duplicates.h"
#include "finding/partial.h"

static struct event event_at(uint64_t time, const char *node, uint64_t record)
{
    return (struct event){
        .key = { .provider = TEXT("ClusSvc"),
                 .channel = TEXT("System"),
                 .computer = text_from(node),
                 .id = 1009,
                 .time = time,
                 .record_id = record },
        .offset = record * 100,
    };
}

static void match(struct partial *p, struct input_result *input, const struct event *e, uint32_t rule)
{
    coverage_add(input, &p->arena, &e->key);
    partial_add_match(p, &rule, 1, e, input);
}

/* One input with some hits that depend on its number only. */
static void fill(struct partial *p, int number)
{
    char path[32];
    snprintf(path, sizeof path, "logs/node%d.evt", number);
    struct input_result *input = partial_add_input(p, text_from(path));
    for (uint64_t i = 0; i < 5; i++) {
        struct event e = event_at(1000 + i * (uint64_t)(number + 1), number % 2 ? "NODE1" : "NODE2", i + 1);
        match(p, input, &e, (uint32_t)(i % 2));
        if (i == 3)
            notice_add(&input->notices, NOTICE_INPUT_GREW, NOTICE_NO_OFFSET, i);
    }
}

/* All that can be seen of a partial, as text. */
static void describe(const struct partial *p, struct buf *out)
{
    buf_add_format(out, "dropped %llu\n", (unsigned long long)p->hits_dropped);
    for (size_t i = 0; i < p->input_count; i++) {
        const struct input_result *in = p->inputs[i];
        buf_add_format(out, "%.*s notices %zu dropped %llu\n", TEXT_ARG(in->path), in->notices.count,
                       (unsigned long long)in->hits_dropped);
        for (const struct coverage *c = in->coverage; c; c = c->next)
            buf_add_format(out, "  %.*s/%.*s %llu %llu..%llu\n", TEXT_ARG(c->node), TEXT_ARG(c->channel),
                           (unsigned long long)c->events, (unsigned long long)c->first, (unsigned long long)c->last);
    }
    for (size_t i = 0; i < p->hit_count; i++)
        buf_add_format(out, "%llu %.*s %llu rule %u of %.*s\n", (unsigned long long)p->hits[i].event->key.time,
                       TEXT_ARG(p->hits[i].event->key.computer),
                       (unsigned long long)p->hits[i].event->key.record_id, p->hits[i].rule,
                       TEXT_ARG(p->hits[i].input->path));
}

static void assert_same(const struct partial *p, const struct buf *expected)
{
    struct buf seen;
    buf_init(&seen);
    describe(p, &seen);
    buf_add_char(&seen, '\0');
    assert_string_equal(seen.p, expected->p);
    buf_done(&seen);
}

/* The reference: one partial takes all inputs in order. */
static void in_one_go(int inputs, struct buf *out)
{
    struct partial p;
    partial_init(&p);
    for (int i = 0; i < inputs; i++)
        fill(&p, i);
    partial_sort(&p);
    describe(&p, out);
    buf_add_char(out, '\0');
    partial_done(&p);
}

static void every_order_of_merging_gives_the_same(void **state)
{
    (void)state;
    static const int orders[][4] = { { 0, 1, 2, 3 }, { 3, 2, 1, 0 }, { 1, 3, 0, 2 }, { 2, 0, 3, 1 } };
    struct buf expected;
    buf_init(&expected);
    in_one_go(4, &expected);
    for (size_t n = 0; n < COUNT_OF(orders); n++) {
        struct partial all;
        partial_init(&all);
        for (int i = 0; i < 4; i++) {
            struct partial one;
            partial_init(&one);
            fill(&one, orders[n][i]);
            partial_merge(&all, &one);
            assert_int_equal(one.input_count, 0);
            partial_done(&one);
        }
        partial_sort(&all);
        assert_same(&all, &expected);
        partial_done(&all);
    }
    buf_done(&expected);
}

static void merging_is_associative(void **state)
{
    (void)state;
    struct buf expected;
    buf_init(&expected);
    in_one_go(4, &expected);
    struct partial p[4];
    for (int i = 0; i < 4; i++) {
        partial_init(&p[i]);
        fill(&p[i], i);
    }
    partial_merge(&p[2], &p[3]);
    partial_merge(&p[1], &p[2]);
    partial_merge(&p[0], &p[1]);
    partial_sort(&p[0]);
    assert_same(&p[0], &expected);
    for (int i = 0; i < 4; i++)
        partial_done(&p[i]);
    buf_done(&expected);
}

static void hits_are_ordered_by_key(void **state)
{
    (void)state;
    struct partial p;
    partial_init(&p);
    struct input_result *b = partial_add_input(&p, TEXT("b.evt"));
    struct input_result *a = partial_add_input(&p, TEXT("a.evt"));
    struct event events[] = { event_at(20, "N1", 1), event_at(10, "N2", 9), event_at(10, "n1", 7),
                              event_at(10, "N1", 3) };
    for (size_t i = 0; i < COUNT_OF(events); i++)
        match(&p, b, &events[i], 5);
    struct event other = events[3]; /* of another log, and no duplicate */
    other.task = 1;
    match(&p, a, &other, 6);
    match(&p, a, &other, 4);
    partial_sort(&p);
    static const struct {
        const char *path;
        uint64_t time, record;
        uint32_t rule;
    } order[] = { { "a.evt", 10, 3, 4 }, { "a.evt", 10, 3, 6 }, { "b.evt", 10, 3, 5 },
                  { "b.evt", 10, 7, 5 }, { "b.evt", 10, 9, 5 }, { "b.evt", 20, 1, 5 } };
    assert_int_equal(p.hit_count, COUNT_OF(order));
    assert_string_equal(p.inputs[0]->path.p, "a.evt");
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        assert_string_equal(p.hits[i].input->path.p, order[i].path);
        assert_int_equal(p.hits[i].event->key.time, order[i].time);
        assert_int_equal(p.hits[i].event->key.record_id, order[i].record);
        assert_int_equal(p.hits[i].rule, order[i].rule);
    }
    partial_done(&p);
}

static void an_event_is_kept_once_for_all_its_rules(void **state)
{
    (void)state;
    struct partial p;
    partial_init(&p);
    struct input_result *input = partial_add_input(&p, TEXT("a.evt"));
    struct event e = event_at(1, "N1", 1);
    static const uint32_t rules[] = { 2, 900, 7 };
    partial_add_match(&p, rules, COUNT_OF(rules), &e, input);
    partial_sort(&p);
    assert_int_equal(p.hit_count, 3);
    assert_ptr_equal(p.hits[0].event, p.hits[2].event);
    assert_ptr_not_equal(p.hits[0].event, &e);
    partial_done(&p);
}

static void a_noisy_rule_is_cut_in_its_input_only(void **state)
{
    (void)state;
    struct partial p;
    partial_init(&p);
    for (int n = 0; n < 2; n++) {
        struct input_result *input = partial_add_input(&p, n ? TEXT("b.evt") : TEXT("a.evt"));
        for (uint64_t i = 0; i < LIMIT_HITS_PER_RULE + 3; i++) {
            struct event e = event_at(i + 1, n ? "N2" : "N1", i + 1);
            match(&p, input, &e, 1);
        }
        struct event other = event_at(5, n ? "N2" : "N1", 5);
        match(&p, input, &other, 2);
    }
    partial_sort(&p);
    assert_int_equal(p.hit_count, 2 * (LIMIT_HITS_PER_RULE + 1));
    assert_int_equal(p.hits_dropped, 6);
    for (int n = 0; n < 2; n++) {
        assert_int_equal(p.inputs[n]->hits_dropped, 3);
        assert_int_equal(p.inputs[n]->notices.seen[NOTICE_HITS_DROPPED], 1);
        assert_int_equal(p.inputs[n]->notices.items[0].value, 3);
    }
    partial_done(&p);
}

/* Events of about 4 KiB; `number` 0 is small and comes last by path. */
static void fill_large(struct partial *p, int number, uint64_t events, const char *text)
{
    struct input_result *input =
        partial_add_input(p, number ? TEXT("logs/large") : TEXT("logs/small"));
    input->size = (uint64_t)number;
    struct event_field field = { TEXT(""), { text, number ? LIMIT_HIT_TEXT : 10 }, EVENT_DATA };
    for (uint64_t i = 0; i < events; i++) {
        struct event e = event_at(i + 1, "N1", i + 1);
        e.fields = &field;
        e.field_count = 1;
        e.task = (uint32_t)number; /* no duplicates */
        match(p, input, &e, (uint32_t)number);
    }
}

static void memory_is_bounded_and_the_cut_does_not_depend_on_the_way(void **state)
{
    (void)state;
    static char text[LIMIT_HIT_TEXT];
    memset(text, 'x', sizeof text);
    struct buf expected;
    buf_init(&expected);
    static const int orders[][5] = { { 1, 2, 3, 4, 0 }, { 0, 4, 3, 2, 1 }, { 3, 0, 1, 4, 2 } };
    for (size_t n = 0; n < COUNT_OF(orders); n++) {
        struct partial all;
        partial_init(&all);
        for (int round = 0; round < 2; round++)
            for (int i = 0; i < 5; i++) {
                struct partial one;
                partial_init(&one);
                /* 4,000 events are 16 MiB: the second input is cut, the others are lost; 20 inputs would not fit. */
                fill_large(&one, orders[n][i] ? orders[n][i] + 4 * round : 0, 4000, text);
                partial_merge(&all, &one);
                assert_true(all.arena.total <= 5 * LIMIT_HIT_BYTES);
                assert_true(all.hit_bytes <= LIMIT_HIT_BYTES);
                partial_done(&one);
            }
        partial_sort(&all);
        assert_true(all.full);
        assert_int_equal(all.hits_dropped + all.hit_count, 9 * 4000); /* the small input comes twice and counts once */
        assert_in_range(all.hit_count, 5000, 6500);
        if (n == 0) {
            describe(&all, &expected);
            buf_add_char(&expected, '\0');
        }
        assert_same(&all, &expected);
        partial_done(&all);
    }
    buf_done(&expected);
}

static void coverage_is_by_node_and_channel(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct input_result whole = { 0 }, first = { 0 }, second = { 0 };
    for (uint64_t i = 0; i < 40; i++) {
        struct event e = event_at(i * 10, i % 3 ? "NODE1" : "node2", i);
        e.key.channel = i % 5 ? TEXT("System") : TEXT("Application");
        if (i == 39)
            e.key.computer = TEXT("node1");
        coverage_add(&whole, &arena, &e.key);
        coverage_add(i < 17 ? &first : &second, &arena, &e.key);
    }
    coverage_merge(&first, &arena, &second);
    const struct coverage *a = whole.coverage, *b = first.coverage;
    size_t pairs = 0;
    for (; a && b; a = a->next, b = b->next, pairs++) {
        assert_true(text_equal(a->node, b->node) && text_equal(a->channel, b->channel));
        assert_int_equal(a->events, b->events);
        assert_int_equal(a->first, b->first);
        assert_int_equal(a->last, b->last);
    }
    assert_true(!a && !b);
    assert_int_equal(pairs, 4);
    assert_int_equal(whole.coverage->first, 150); /* node2, Application: records 0 (without a time), 15, 30 */
    assert_int_equal(whole.coverage->events, 3);
    arena_done(&arena);
}

static void made_up_node_names_do_not_grow_without_bound(void **state)
{
    (void)state;
    struct partial p;
    partial_init(&p);
    struct input_result *input = partial_add_input(&p, TEXT("a.evtx"));
    for (uint64_t i = 0; i < LIMIT_COVERAGE + 100; i++) {
        char name[24];
        snprintf(name, sizeof name, "N%llu", (unsigned long long)i);
        struct event e = event_at(i + 1, name, i);
        coverage_add(input, &p.arena, &e.key);
    }
    size_t pairs = 0;
    for (const struct coverage *c = input->coverage; c; c = c->next)
        pairs++;
    assert_int_equal(pairs, LIMIT_COVERAGE);
    partial_sort(&p);
    assert_int_equal(input->notices.seen[NOTICE_COVERAGE_LIMIT], 1);
    assert_int_equal(input->notices.items[0].value, 100);
    partial_done(&p);
}

/* Adds an input with the hits of rules 0 and 1 on one event. */
static struct input_result *input_with(struct partial *p, const char *path, const struct event *e)
{
    const uint32_t rules[] = { 0, 1 };
    struct input_result *input = partial_add_input(p, text_from(path));
    partial_add_match(p, rules, 2, e, input);
    return input;
}

static void a_record_in_two_inputs_counts_in_the_first(void **state)
{
    (void)state;
    struct partial p;
    const struct event_field field = { TEXT("A"), TEXT("1"), EVENT_DATA };
    struct event original = event_at(1000, "NODE1", 7);
    original.fields = &field;
    original.field_count = 1;
    struct event exported = original; /* an export numbers the headers anew, and places move */
    exported.header_id = 1;
    exported.offset = 4608;
    exported.written = 2000;
    exported.key.computer = TEXT("node1");
    const struct event_field converted_fields[] = { { TEXT("Execution_ProcessID"), TEXT("0"), EVENT_SYSTEM }, field };
    struct event converted = original; /* from .evt to .evtx, where there is more to say */
    converted.fields = converted_fields;
    converted.field_count = COUNT_OF(converted_fields);
    original.key.level = 4;
    exported.key.level = 4;
    converted.key.level = 0;
    partial_init(&p);
    struct input_result *second = input_with(&p, "b", &exported), *first = input_with(&p, "a", &original);
    struct input_result *fourth = input_with(&p, "d", &converted);
    struct input_result *third = input_with(&p, "c", &original);
    partial_sort(&p);
    assert_int_equal(p.hit_count, 2);
    assert_ptr_equal(p.hits[0].input, first);
    assert_ptr_equal(p.hits[1].input, first);
    assert_int_equal(first->account.duplicates, 0);
    assert_int_equal(second->account.duplicates, 1);
    assert_int_equal(third->account.duplicates, 1);
    assert_int_equal(fourth->account.duplicates, 1);
    partial_done(&p);
}

/* A partial can say of all its events that they have one checksum: they are told apart, and none looks at all others. */
static void one_checksum_for_all(void **state)
{
    (void)state;
    enum { EVENTS = 300000 };
    static char names[EVENTS][8];
    struct event *events = calloc(EVENTS, sizeof *events);
    struct duplicates *d = duplicates_new(EVENTS);
    struct input_result a = { 0 }, b = { 0 };
    for (uint32_t i = 0; i < EVENTS; i++) {
        snprintf(names[i], sizeof names[i], "n%x", i);
        events[i] = event_at(i % 3, names[i], i % 5);
        assert_false(duplicates_seen(d, &events[i], 7, &a));
    }
    for (uint32_t i = 0; i < EVENTS; i++) {
        names[i][0] = 'N';
        assert_true(duplicates_seen(d, &events[i], 7, &b));
        assert_false(duplicates_seen(d, &events[i], 7, &a));
    }
    duplicates_free(d);
    free(events);
}

static void what_differs_is_no_duplicate(void **state)
{
    (void)state;
    const struct event_field fields[] = { { TEXT("A"), TEXT("1"), EVENT_DATA },
                                          { TEXT("A"), TEXT("2"), EVENT_DATA },
                                          { TEXT("B"), TEXT("1"), EVENT_DATA } };
    struct event e = event_at(1000, "NODE1", 7), others[7];
    e.fields = fields;
    e.field_count = 1;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        others[i] = e;
    others[0].key.computer = TEXT("NODE2");
    others[1].key.channel = TEXT("Application");
    others[2].key.record_id = 8;
    others[3].key.time = 1001;
    others[4].fields = &fields[1];
    others[5].fields = &fields[2];
    others[6].field_count = 0;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct partial p;
        partial_init(&p);
        input_with(&p, "a", &e);
        input_with(&p, "b", &others[i]);
        partial_sort(&p);
        assert_int_equal(p.hit_count, 4);
        partial_done(&p);
    }
}

static void joined_logs_keep_their_records(void **state)
{
    (void)state;
    struct partial p;
    struct event e = event_at(1000, "NODE1", 7);
    partial_init(&p);
    struct input_result *input = partial_add_input(&p, TEXT("a"));
    match(&p, input, &e, 0);
    match(&p, input, &e, 0);
    partial_sort(&p);
    assert_int_equal(p.hit_count, 2);
    assert_int_equal(input->account.duplicates, 0);
    partial_done(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_of_merging_gives_the_same),
        cmocka_unit_test(merging_is_associative),
        cmocka_unit_test(hits_are_ordered_by_key),
        cmocka_unit_test(an_event_is_kept_once_for_all_its_rules),
        cmocka_unit_test(a_noisy_rule_is_cut_in_its_input_only),
        cmocka_unit_test(memory_is_bounded_and_the_cut_does_not_depend_on_the_way),
        cmocka_unit_test(a_record_in_two_inputs_counts_in_the_first),
        cmocka_unit_test(what_differs_is_no_duplicate),
        cmocka_unit_test(joined_logs_keep_their_records),
        cmocka_unit_test(one_checksum_for_all),
        cmocka_unit_test(coverage_is_by_node_and_channel),
        cmocka_unit_test(made_up_node_names_do_not_grow_without_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
