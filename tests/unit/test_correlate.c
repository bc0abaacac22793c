/* Correlations over many inputs: their order, their limits, and what becomes of the timeline. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/limits.h"
#include "corr/correlate.h"
#include "corr/thinner.h"

#define RULE(name)                                                                                                    \
    "title: " name "\nname: " name "\nlogsource: {product: windows}\n"                                                \
    "detection: {sel: {Provider_Name: P}, condition: sel}\n"
#define START filetime_from_unix(1700000000)

struct bench {
    struct arena arena;
    struct diags diags;
    struct ruleset *rules;
    struct partial partial;
    struct timeline timeline;
    struct alerts alerts;
};

static void bench_begin(struct bench *b, struct text yaml)
{
    struct yaml_file file;
    *b = (struct bench){ 0 };
    arena_init(&b->arena);
    diags_init(&b->diags, &b->arena);
    partial_init(&b->partial);
    struct ruleset_builder *builder = ruleset_builder_new();
    if (yaml_parse(&b->arena, TEXT("rules"), yaml, &b->diags, &file))
        ruleset_add_file(builder, &file, false, &b->diags);
    b->rules = ruleset_compile(builder, &b->diags);
    ruleset_builder_free(builder);
}

static void bench_end(struct bench *b)
{
    ruleset_free(b->rules);
    partial_done(&b->partial);
    arena_done(&b->arena);
}

static void bench_correlate(struct bench *b, uint64_t tolerance)
{
    struct correlate_options options = { .clock_tolerance = tolerance * TICKS_PER_SECOND };
    partial_sort(&b->partial);
    timeline_build(&b->arena, b->rules, &b->partial, &b->timeline);
    correlate(&b->arena, &options, &b->timeline, &b->alerts);
}

static void hits_add_of(struct partial *p, struct input_result *input, const uint32_t *rules, size_t count,
                        const char *node, uint64_t second, uint64_t record)
{
    struct event e = { .key = { .provider = TEXT("P"), .computer = text_from(node), .id = 1, .record_id = record } };
    e.key.time = START + second * TICKS_PER_SECOND;
    e.offset = record;
    partial_add_match(p, rules, count, &e, input);
}

static void hit_add(struct partial *p, struct input_result *input, uint32_t rule, const char *node, uint64_t second,
                    uint64_t record)
{
    hits_add_of(p, input, &rule, 1, node, second, record);
}

/* `count` hits of rule 0, a second apart, spread over as many inputs as their limit asks for. */
static void hits_add(struct bench *b, const char *node, uint64_t from, size_t count, uint64_t step)
{
    struct input_result *input = NULL;
    for (size_t i = 0; i < count; i++) {
        if (i % LIMIT_HITS_PER_RULE == 0)
            input = partial_add_input(&b->partial, text_keep_format(&b->arena, "%s-%08zu", node, i));
        hit_add(&b->partial, input, 0, node, from + i * step, i + 1);
    }
}

static uint64_t notice_value(const struct alerts *alerts, enum notice_code code)
{
    for (size_t i = 0; i < alerts->notices.count; i++)
        if (alerts->notices.items[i].code == code)
            return alerts->notices.items[i].value;
    return 0;
}

/* "rule@second: node/record node/record" a line. */
static void alerts_tell(const struct bench *b, struct buf *out)
{
    for (size_t i = 0; i < b->alerts.count; i++) {
        const struct alert *a = b->alerts.items[i];
        buf_add_format(out, "%u@%u:", (unsigned)a->rule,
                       (unsigned)((a->moment->event->key.time - START) / TICKS_PER_SECOND));
        for (size_t h = 0; h < a->hit_count; h++)
            buf_add_format(out, " %.*s/%u", TEXT_ARG(a->hits[h]->event->key.computer),
                           (unsigned)a->hits[h]->event->key.record_id);
        buf_add_char(out, '\n');
    }
}

static const char three_inputs[] =
    RULE("a") "---\n" RULE("b") "---\n"
              "title: C\ncorrelation: {type: event_count, rules: [a, b], timespan: 10s, condition: {gte: 3}}\n---\n"
              "title: O\ncorrelation: {type: temporal_ordered, rules: [a, b], timespan: 10s}\n";

/* Three inputs with hits that interleave, each a partial of its own, merged in the order given. */
static void tell_merged(const int *order, struct buf *out)
{
    struct bench b;
    bench_begin(&b, text_from(three_inputs));
    for (int i = 0; i < 3; i++) {
        struct partial one;
        int n = order[i];
        partial_init(&one);
        struct input_result *input = partial_add_input(&one, text_keep_format(&b.arena, "log%d", n));
        for (unsigned k = 0; k < 12; k++)
            hit_add(&one, input, (k + (unsigned)n) % 2, n == 2 ? "B" : "A", (k * 5 + (unsigned)n * 3) % 37, k + 1);
        partial_merge(&b.partial, &one);
        partial_done(&one);
    }
    bench_correlate(&b, 2);
    alerts_tell(&b, out);
    bench_end(&b);
}

static void the_order_of_inputs_does_not_matter(void **state)
{
    static const int orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 0, 2 }, { 2, 0, 1 } };
    struct buf first;
    (void)state;
    buf_init(&first);
    tell_merged(orders[0], &first);
    assert_true(first.n > 100);
    for (size_t i = 1; i < COUNT_OF(orders); i++) {
        struct buf other;
        buf_init(&other);
        tell_merged(orders[i], &other);
        assert_true(text_equal(buf_text(&first), buf_text(&other)));
        buf_done(&other);
    }
    buf_done(&first);
}

/* Windows of as many matches as there can be that never hold: the time for them shows that they are not counted anew.
 * Sixteen hits of one event take little more memory than one. */
static void the_earliest_matches_count_up_to_the_limit(void **state)
{
    (void)state;
    static const uint32_t all[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
    struct bench b;
    struct input_result *input = NULL;
    uint32_t events = LIMIT_CORRELATION_MATCHES / COUNT_OF(all);
    bench_begin(&b, TEXT(RULE("a") "---\n" RULE("b") "---\n" RULE("c") "---\n" RULE("d") "---\n" RULE("e") "---\n" RULE(
        "f") "---\n" RULE("g") "---\n" RULE("h") "---\n" RULE("i") "---\n" RULE("j") "---\n" RULE("k") "---\n" RULE("l")
                         "---\n" RULE("m") "---\n" RULE("n") "---\n" RULE("o") "---\n" RULE("p") "---\n"
                         "title: Full\ncorrelation: {type: event_count, timespan: 1y, condition: {gte: 16384}, "
                         "rules: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]}\n---\n"
                         "title: Over\ncorrelation: {type: event_count, timespan: 1y, condition: {gt: 16384}, "
                         "rules: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]}\n"));
    assert_int_equal(events, 16384);
    for (uint32_t i = 0; i < events + 10; i++) {
        if (i % LIMIT_HITS_PER_RULE == 0)
            input = partial_add_input(&b.partial, text_keep_format(&b.arena, "N-%08u", i));
        hits_add_of(&b.partial, input, all, COUNT_OF(all), "N", i, i + 1);
    }
    bench_correlate(&b, 0);
    assert_int_equal(b.partial.hits_dropped, 0);
    assert_int_equal(b.alerts.count, 1);
    assert_int_equal(b.alerts.items[0]->hit_count, events);
    assert_int_equal(b.alerts.items[0]->hits[0]->event->key.record_id, 1);
    assert_int_equal(notice_value(&b.alerts, NOTICE_CORRELATION_MATCHES), 2 * 10 * COUNT_OF(all));
    bench_end(&b);
}

static const char counted[] = RULE("a") "---\n" RULE("b") "---\n"
    "title: Burst\nname: burst\n"
    "correlation: {type: event_count, rules: a, group-by: [Computer, Data], timespan: 1m, condition: {gte: 20}}\n---\n"
    "title: Values\ncorrelation: {type: value_count, rules: a, timespan: 1m, condition: {field: User, gte: 4}}\n---\n"
    "title: Then\ncorrelation: {type: temporal_ordered, rules: [burst, b], group-by: Data, timespan: 5m}\n---\n"
    "title: Of one source\n"
    "correlation: {type: event_count, rules: burst, group-by: Provider_Name, timespan: 5m, condition: {gte: 1}}\n---\n"
    "title: Sum\ncorrelation: {type: value_sum, rules: [a, b], group-by: n, timespan: 1m, "
    "condition: {field: size, gt: 70}, aliases: {n: {a: Computer, b: User}, size: {a: Size, b: Data}}}\n";

/* One hit an hour, and at the end one a second. */
static void burst_add(struct bench *b, struct input_result *input, size_t i, const char *node)
{
    static const char *const users[] = { "bob", "BOB", "alice", "eve", "mallory", "trent" };
    uint64_t second = i < 29900 ? i * 3600 : 29900 * 3600u + (i - 29900);
    struct event_field fields[] = { { TEXT(""), i % 3 ? TEXT("7") : TEXT("x"), EVENT_DATA },
                                    { TEXT("User"), text_from(users[i % 7 % COUNT_OF(users)]), EVENT_DATA },
                                    { TEXT("Size"), TEXT("3"), EVENT_DATA } };
    struct event e = { .key = { .provider = TEXT("P"), .computer = text_from(node), .id = 1, .record_id = i } };
    static const uint32_t rules[] = { 0, 1 };
    e.key.time = START + second * TICKS_PER_SECOND;
    e.offset = i;
    e.fields = fields;
    e.field_count = i % 11 ? COUNT_OF(fields) : 1;
    partial_add_match(&b->partial, rules, i % 49 ? 1 : 2, &e, input);
}

/* `logs` of equal length with the same hits. */
static void bursts_tell(size_t logs, bool thin, struct buf *out, uint64_t *lost)
{
    struct bench b;
    struct input_result *input = NULL;
    bench_begin(&b, text_from(counted));
    struct thinner *thinner = thinner_new(b.rules);
    b.partial.plan = thin ? thinner_plan(thinner) : NULL;
    for (size_t i = 0; i < 30000; i++) {
        if (i % (30000 / logs) == 0)
            input = partial_add_input(&b.partial, text_keep_format(&b.arena, "log-%08zu", i));
        burst_add(&b, input, i, i % 5 ? "A" : "B");
    }
    bench_correlate(&b, 0);
    alerts_tell(&b, out);
    for (size_t i = 0; i < b.timeline.hit_count; i++)
        assert_null(b.timeline.hits[i].thin);
    *lost = b.partial.hits_lost;
    thinner_free(thinner);
    bench_end(&b);
}

static void a_burst_behind_the_limit_of_a_log_is_seen(void **state)
{
    (void)state;
    struct buf in_one, in_three, cut;
    uint64_t lost;
    buf_init(&in_one);
    buf_init(&in_three);
    buf_init(&cut);
    bursts_tell(3, true, &in_three, &lost); /* 10,000 hits each: all are whole */
    buf_add_char(&in_three, '\0');
    for (unsigned alert = 2; alert < 7; alert++) {
        char words[8];
        snprintf(words, sizeof words, "%u@", alert);
        assert_non_null(strstr(in_three.p, words));
    }
    in_three.n--;
    bursts_tell(1, true, &in_one, &lost);
    assert_int_equal(lost, 0);
    assert_true(text_equal(buf_text(&in_one), buf_text(&in_three)));
    bursts_tell(1, false, &cut, &lost);
    assert_false(text_equal(buf_text(&cut), buf_text(&in_three)));
    buf_done(&in_one);
    buf_done(&in_three);
    buf_done(&cut);
}

static void the_first_alerts_are_kept_up_to_the_limit(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b, TEXT(RULE("a") "---\n"
                                   "title: C\ncorrelation: {type: event_count, rules: a, timespan: 5s, condition: {gte: 1}}\n"));
    hits_add(&b, "N", 0, LIMIT_ALERTS + 7, 10);
    bench_correlate(&b, 0);
    assert_int_equal(b.alerts.count, LIMIT_ALERTS);
    assert_int_equal(notice_value(&b.alerts, NOTICE_CORRELATION_ALERTS), 7);
    assert_int_equal(b.timeline.hit_count, 2 * LIMIT_ALERTS + 7);
    bench_end(&b);
}

/* Then the correlation goes on as if the clocks agreed. */
static void a_tolerance_that_costs_too_much_is_given_up(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b, TEXT(RULE("a") "---\ntitle: C\n"
                                   "correlation: {type: event_count, rules: a, timespan: 1s, condition: {gte: 30000}}\n"
                                   "---\ntitle: D\n"
                                   "correlation: {type: event_count, rules: a, timespan: 1h, condition: {gt: 7201}}\n"));
    hits_add(&b, "A", 0, 10000, 1);
    hits_add(&b, "B", 0, 10000, 1);
    bench_correlate(&b, 86400);
    assert_true(notice_value(&b.alerts, NOTICE_CORRELATION_WORK) >= 1);
    assert_true(b.alerts.count >= 1);
    bench_end(&b);
}

static void events_without_a_time_are_counted(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b, TEXT(RULE("a") "---\ntitle: C\n"
                                   "correlation: {type: event_count, rules: a, timespan: 1s, condition: {gte: 1}}\n"));
    struct event e = { .key = { .provider = TEXT("P"), .computer = TEXT("N"), .id = 1 } };
    uint32_t rule = 0;
    partial_add_match(&b.partial, &rule, 1, &e, partial_add_input(&b.partial, TEXT("log")));
    bench_correlate(&b, 0);
    assert_int_equal(b.alerts.count, 0);
    assert_int_equal(notice_value(&b.alerts, NOTICE_CORRELATION_UNTIMED), 1);
    bench_end(&b);
}

/* Alerts are hits behind the event of their moment, and what pointed to a hit still does. */
static void alerts_are_woven_into_the_timeline(void **state)
{
    static const struct event_field version[] = { { { "", 0 }, { "5.00.", 5 }, EVENT_DATA },
                                                  { { "", 0 }, { "2195", 4 }, EVENT_DATA },
                                                  { { "", 0 }, { "Service Pack 2", 14 }, EVENT_DATA } };
    (void)state;
    struct bench b;
    uint32_t rule = 1;
    bench_begin(&b, TEXT(RULE("a") "---\n" RULE("eventlog-6009") "---\ntitle: C\nname: c\n"
                                   "correlation: {type: event_count, rules: a, timespan: 1s, condition: {gte: 1}}\n"));
    struct input_result *input = partial_add_input(&b.partial, TEXT("log"));
    hit_add(&b.partial, input, 0, "N", 0, 1);
    struct event start = { .key = { .provider = TEXT("EventLog"), .computer = TEXT("N"), .id = 6009, .time = START },
                           .fields = version, .field_count = COUNT_OF(version) };
    start.key.time += 60 * (uint64_t)TICKS_PER_SECOND;
    start.key.record_id = 2;
    partial_add_match(&b.partial, &rule, 1, &start, input);
    bench_correlate(&b, 0);
    const struct timeline *t = &b.timeline;
    assert_int_equal(t->hit_count, 3);
    assert_true(ruleset_find_any(b.rules, TEXT("c"), &rule));
    assert_false(ruleset_find(b.rules, TEXT("c"), &rule));
    assert_int_equal(t->hits[1].rule, rule);
    assert_ptr_equal(t->hits[1].alert, b.alerts.items[0]);
    assert_ptr_equal(t->hits[1].event, t->hits[0].event);
    assert_ptr_equal(b.alerts.items[0]->hits[0], &t->hits[0]);
    assert_int_equal(t->nodes[0]->os_count, 1);
    assert_ptr_equal(t->nodes[0]->os[0].hit, &t->hits[2]);
    assert_true(ruleset_info(b.rules, 0)->context);
    bench_end(&b);
}

static size_t errors_of_chain(unsigned length)
{
    struct bench b;
    struct buf yaml;
    buf_init(&yaml);
    buf_add_c(&yaml, RULE("c0"));
    for (unsigned i = length; i >= 1; i--)
        buf_add_format(&yaml,
                       "---\ntitle: c%u\nname: c%u\n"
                       "correlation: {type: event_count, rules: c%u, timespan: 1s, condition: {gte: 1}}\n",
                       i, i, i - 1);
    bench_begin(&b, buf_text(&yaml));
    size_t errors = b.diags.errors;
    assert_int_equal(ruleset_correlation_count(b.rules), length - errors);
    for (uint32_t k = 0; k < ruleset_correlation_count(b.rules); k++)
        assert_true(ruleset_correlation(b.rules, k)->rules[0] < ruleset_count(b.rules) + k);
    buf_done(&yaml);
    bench_end(&b);
    return errors;
}

static void correlations_stand_on_each_other_up_to_the_limit(void **state)
{
    (void)state;
    assert_int_equal(errors_of_chain(LIMIT_CORRELATION_DEPTH), 0);
    assert_int_equal(errors_of_chain(LIMIT_CORRELATION_DEPTH + 2), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_inputs_does_not_matter),
        cmocka_unit_test(the_earliest_matches_count_up_to_the_limit),
        cmocka_unit_test(a_burst_behind_the_limit_of_a_log_is_seen),
        cmocka_unit_test(the_first_alerts_are_kept_up_to_the_limit),
        cmocka_unit_test(a_tolerance_that_costs_too_much_is_given_up),
        cmocka_unit_test(events_without_a_time_are_counted),
        cmocka_unit_test(alerts_are_woven_into_the_timeline),
        cmocka_unit_test(correlations_stand_on_each_other_up_to_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
