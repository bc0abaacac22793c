/* What `rules test`, `rules why-not` and `rules check` stand on: events written in rules, distances, suspicions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "match/trace.h"
#include "rule/compiled.h"
#include "rule/example.h"

struct fixture {
    struct arena arena;
    struct diags diags;
    struct ruleset *rules;
    struct matcher *matcher;
};

static void begin(struct fixture *f)
{
    arena_init(&f->arena);
    diags_init(&f->diags, &f->arena);
    f->rules = NULL;
    f->matcher = NULL;
}

static void end(struct fixture *f)
{
    matcher_free(f->matcher);
    ruleset_free(f->rules);
    arena_done(&f->arena);
}

static struct yaml_file parsed(struct fixture *f, const char *source)
{
    struct yaml_file file;
    assert_true(yaml_parse(&f->arena, TEXT("t.yaml"), text_from(source), &f->diags, &file));
    return file;
}

static void load(struct fixture *f, const char *source)
{
    struct yaml_file file = parsed(f, source);
    struct ruleset_builder *b = ruleset_builder_new();
    ruleset_be_thorough(b);
    ruleset_add_file(b, &file, false, &f->diags);
    f->rules = ruleset_compile(b, &f->diags);
    ruleset_builder_free(b);
    f->matcher = matcher_new(f->rules);
}

static struct event event_of(struct fixture *f, const char *source)
{
    struct event e;
    const struct yaml_node *where, *node = parsed(f, source).documents[0];
    assert_null(example_mistake(node, &where));
    example_event(&f->arena, NULL, node, 7, &e);
    return e;
}

static void assert_text(struct text t, const char *expected)
{
    assert_int_equal(t.n, strlen(expected));
    assert_memory_equal(t.p, expected, t.n);
}

static void an_event_has_header_and_payload(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    struct event e = event_of(&f, "{Provider_Name: ClusSvc, EventID: 1069, Level: 2, Computer: N1, Channel: System,\n"
                                  " TimeCreated: 2000-01-01T00:00:01Z, Data: {Name: 'Disk Q:', Group: }, Opcode: 3}");
    assert_text(e.key.provider, "ClusSvc");
    assert_text(e.key.channel, "System");
    assert_text(e.key.computer, "N1");
    assert_int_equal(e.key.id, 1069);
    assert_int_equal(e.key.level, 2);
    assert_int_equal(e.key.record_id, 7);
    assert_int_equal(e.key.time, filetime_from_unix(946684801));
    assert_text(event_field(&e, TEXT("name"))->value, "Disk Q:");
    assert_text(event_field(&e, TEXT("Group"))->value, "");
    assert_int_equal(e.field_count, 3);
    end(&f);
}

static void values_without_names_count_from_one(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    struct event e = event_of(&f, "{Provider_Name: ClusSvc, EventID: 1069, Data: [one, 2, true]}");
    assert_text(event_insert(&e, 1)->value, "one");
    assert_text(event_insert(&e, 2)->value, "2");
    assert_text(event_insert(&e, 3)->value, "true");
    assert_null(event_insert(&e, 4));
    end(&f);
}

static void a_story_goes_on_in_steps(void **state)
{
    (void)state;
    struct fixture f;
    struct event e[3];
    const struct yaml_node *where;
    begin(&f);
    struct yaml_file file =
        parsed(&f, "[{EventID: 1, TimeCreated: 2000-01-01T00:00:00Z}, {EventID: 2, TimeCreated: +1m}, {EventID: 3}]");
    const struct yaml_node *list = file.documents[0];
    assert_null(example_story_mistake(list, &where));
    example_story(&f.arena, list, e);
    assert_int_equal(e[1].key.time - e[0].key.time, 60ull * TICKS_PER_SECOND);
    assert_int_equal(e[2].key.time, e[1].key.time);
    assert_int_equal(e[2].key.record_id, 3);
    end(&f);
}

static void mistakes_point_at_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        uint32_t column;
    } cases[] = { { "1069", 1 },
                  { "{}", 1 },
                  { "{EventID: 1069, Data: text}", 23 },
                  { "{EventID: 1069, Data: {Name: {a: b}}}", 30 },
                  { "{EventID: {a: b}}", 11 },
                  { "{EventID: 70000}", 11 },
                  { "{Provider_Name: ClusSvc, EventID: many}", 35 } };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture f;
        const struct yaml_node *where;
        begin(&f);
        assert_non_null(example_mistake(parsed(&f, cases[i].source).documents[0], &where));
        assert_int_equal(where->column, cases[i].column);
        end(&f);
    }
}

static void stories_with_odd_times_are_mistakes(void **state)
{
    (void)state;
    static const char *const cases[] = { "[]", "{EventID: 1}", "[{EventID: 1, TimeCreated: soon}]",
                                         "[{EventID: 1, TimeCreated: +10}]", "[{EventID: 1, TimeCreated: [1]}]", "[1]" };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture f;
        const struct yaml_node *where;
        begin(&f);
        assert_non_null(example_story_mistake(parsed(&f, cases[i]).documents[0], &where));
        end(&f);
    }
}

#define RULE(condition)                                                                                      \
    "title: T\nlogsource: {product: windows, service: system}\n"                                             \
    "detection:\n  s: {Provider_Name: ClusSvc, EventID: 1069, Name|contains: Disk}\n  n: {Group: Quorum}\n"  \
    "  condition: " condition "\n"

static uint32_t distance(struct fixture *f, const char *event)
{
    struct event e = event_of(f, event);
    trace_begin(f->matcher, 0, &e);
    return trace_distance(f->matcher);
}

#define EVENT(provider, id, data) "{Channel: System, Provider_Name: " provider ", EventID: " id ", Data: " data "}"

static void distances_order_near_misses(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    load(&f, RULE("s and not n"));
    uint32_t value = distance(&f, EVENT("ClusSvc", "1069", "{Name: x}"));
    uint32_t two = distance(&f, EVENT("ClusSvc", "1069", "{Name: x, Group: Quorum}"));
    uint32_t id = distance(&f, EVENT("ClusSvc", "1070", "{Name: Disk}"));
    uint32_t provider = distance(&f, EVENT("Other", "1069", "{Name: Disk}"));
    uint32_t log = distance(&f, "{Channel: Security, Provider_Name: ClusSvc, EventID: 1069, Data: {Name: Disk}}");
    assert_int_equal(distance(&f, EVENT("ClusSvc", "1069", "{Name: Disk}")), 0);
    uint32_t held_back = distance(&f, EVENT("ClusSvc", "1069", "{Name: Disk, Group: Quorum}"));
    assert_true(0 < held_back && held_back < value && value < two);
    assert_true(two < id && id < provider && provider <= log);
    end(&f);
}

static void the_nearest_alternative_counts(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    load(&f, RULE("s or n"));
    uint32_t one = distance(&f, EVENT("Other", "1", "{Group: none}"));
    assert_true(one > 0);
    assert_int_equal(distance(&f, EVENT("ClusSvc", "1069", "{Name: x}")), one);
    assert_int_equal(distance(&f, EVENT("Other", "1", "{Group: quorum}")), 0);
    end(&f);
}

static void values_are_those_of_the_event(void **state)
{
    (void)state;
    struct fixture f;
    struct text values[2];
    begin(&f);
    load(&f, RULE("s and n"));
    struct event e = event_of(&f, EVENT("ClusSvc", "1069", "{Name: [a, b, c]}"));
    trace_begin(f.matcher, 0, &e);
    assert_true(trace_is_of_source(f.matcher));
    uint32_t field = 0;
    while (!text_equal(ruleset_field(f.rules, field), TEXT("Name")))
        field++;
    assert_int_equal(trace_values(f.matcher, field, values, COUNT_OF(values)), 3);
    assert_text(values[0], "a");
    assert_text(values[1], "b");
    end(&f);
}

static size_t warnings(const char *class, const char *detection)
{
    struct fixture f;
    size_t count = 0;
    begin(&f);
    load(&f, text_keep_format(&f.arena, "title: T\nlogsource: {product: windows, service: system}\n%s", detection).p);
    for (size_t i = 0; i < f.diags.count; i++)
        count += strcmp(f.diags.items[i].class, class) == 0;
    end(&f);
    return count;
}

#define P "Provider_Name: ClusSvc, "

static void conditions_that_cannot_hold_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *detection;
        size_t told;
    } cases[] = {
        { "detection: {s: {" P "EventID: 1}, condition: s}", 0 },
        { "detection: {s: {" P "EventID: 1}, condition: s and not s}", 1 },
        { "detection: {s: {" P "EventID: 1}, t: {" P "EventID: 2}, condition: s and t}", 1 },
        { "detection: {s: {" P "EventID: 1}, t: {" P "EventID: [2, 1]}, condition: s and t}", 0 },
        { "detection: {s: {" P "EventID: 1}, t: {" P "EventID: 2}, condition: s or t}", 0 },
        { "detection: {s: {" P "EventID: 1}, t: {" P "EventID: 2}, condition: s and not t}", 0 },
        { "detection: {s: {" P "EventID|all: [1, 2]}, condition: s}", 1 },
        { "detection: {s: {" P "A|exists: false, A|contains: x}, condition: s}", 1 },
        { "detection: {s: {" P "A|exists: true, A|contains: x}, condition: s}", 0 },
        { "detection: {s: {" P "A: x}, t: {A: y}, condition: s and t}", 1 }, /* unless the field is repeated */
        { "detection: {s: {" P "Data: x}, t: {Data: y}, condition: s and t}", 0 },
        { "detection: {s: {" P "Data|contains: xy}, t: {Data|contains: x}, condition: s and not t}", 1 },
        { "detection: {s: {" P "A|gt: 10, A|lt: 5}, condition: s}", 1 },
        { "detection: {s: {" P "A|startswith: x}, t: [{A|startswith: y}, {A: z}], condition: s and t}", 1 },
        { "detection: {s: {" P "A|startswith: x}, t: [{A|startswith: y}, {A: xz}], condition: s and t}", 0 },
        { "detection: {s: {" P "A: x}, t1: {A: y, B: 1}, t2: {A: z, B: 2}, condition: s and 1 of t*}", 1 },
        { "detection: {s: {" P "A: x}, t1: {A: y, B: 1}, t2: {A: x, B: 2}, condition: s and 1 of t*}", 0 },
        { "detection: {s: {" P "A: [x, y]}, t: {A|neq: x}, u: {A|neq: y}, condition: all of them}", 1 },
        { "detection: {s: {" P "A: [x, y]}, t: {A|neq: x}, condition: all of them}", 0 },
        { "detection: {s: {" P "Channel: Security}, condition: s}", 1 },
        { "detection: {s: {" P "Channel: [Security, System]}, condition: s}", 0 },
        { "detection: {s: {" P "EventID: 1}, condition: s or not s}", 1 },
        { "detection: {s: {" P "EventID: 1}, t: {A: null}, condition: s or not t}", 0 },
        { "detection: {s: {" P "A|contains|all: [x, y]}, t: {A: xz}, condition: s and t}", 1 },
        { "detection: {s: {" P "A|contains|all: [x, y]}, t: {A: xy}, condition: s and t}", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (warnings("condition", cases[i].detection) != cases[i].told)
            fail_msg("%s", cases[i].detection);
}

static void values_out_of_range_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *selection;
        size_t told;
    } cases[] = {
        { "EventID: 70000", 1 },          { "EventID: '-1'", 1 },           { "EventID: [1, 65536, -2]", 2 },
        { "EventID: [0, 65535]", 0 },     { "EventID|lt: 70000", 0 },       { "EventID: 7*", 0 },
        { "RecordID: 70000", 0 },         { "TimeCreated|hour: 25", 1 },    { "TimeCreated|hour: [0, 23]", 0 },
        { "TimeCreated|minute: 60", 1 },  { "TimeCreated|month: 0", 1 },    { "TimeCreated|day: 31", 0 },
        { "TimeCreated|week: 54", 1 },    { "TimeCreated|hour|lt: 25", 0 }, { "TimeCreated|year: 1999", 0 },
        { "Level: [Error, 2]", 1 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char detection[200];
        snprintf(detection, sizeof detection, "detection: {s: {" P "%s}, condition: s}", cases[i].selection);
        if (warnings("value", detection) != cases[i].told)
            fail_msg("%s", cases[i].selection);
    }
}

/* One mistake hides nothing of the rest. */
static void what_is_wrong_is_told_beside_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *class, *detection;
        size_t told;
    } cases[] = {
        { "condition", "detection: {s: {" P "A: x}, t: {A|foo: xx}, condition: s and not s and t}", 1 },
        { "condition", "detection: {s: {" P "A: x}, t: {A|foo: xx}, u: {A: y}, condition: s and t}", 1 },
        { "condition", "detection: {s: {" P "A: x}, t: {A|foo: xx}, condition: s and not t}", 0 },
        { "provider", "detection: {s: {EventID: 1}, t: {" P "A|foo: xx}, condition: s and t}", 0 },
        { "value", "detection: {s: {EventID: 70000, A|foo: xx}, condition: s and}", 1 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (warnings(cases[i].class, cases[i].detection) != cases[i].told)
            fail_msg("%s", cases[i].detection);
}

static size_t correlation_warnings(const char *correlation)
{
    struct fixture f;
    size_t count = 0;
    begin(&f);
    load(&f, text_keep_format(&f.arena, "title: C\ncorrelation: {timespan: 5m, rules: [a, b], %s}\n---\nname: a\n"
                                        RULE("s") "---\nname: b\n" RULE("s"), correlation).p);
    for (size_t i = 0; i < f.diags.count; i++)
        count += strcmp(f.diags.items[i].class, "correlation") == 0;
    assert_int_equal(f.diags.errors, 0);
    end(&f);
    return count;
}

static void conditions_that_no_window_fulfils_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *correlation;
        size_t told;
    } cases[] = {
        { "type: event_count, condition: {gte: 1}", 0 },
        { "type: event_count, condition: {lt: 1}", 1 },
        { "type: event_count, condition: {lte: 1}", 0 },
        { "type: event_count, condition: {gt: 5, lt: 5}", 1 },
        { "type: event_count, condition: {gt: 5, lt: 6}", 1 },
        { "type: event_count, condition: {gt: 5, lt: 7}", 0 },
        { "type: event_count, condition: {gt: 5, lt: 7, neq: 6}", 1 },
        { "type: event_count, condition: {gte: 18446744073709551615}", 0 },
        { "type: value_count, condition: {field: A, eq: 0}", 1 },
        { "type: value_sum, condition: {field: A, lt: -5}", 0 },
        { "type: value_avg, condition: {field: A, gt: 5, lt: 6}", 0 },
        { "type: value_avg, condition: {field: A, gt: 5, lt: 5}", 1 },
        { "type: value_avg, condition: {field: A, gte: 5, lte: 5, neq: 5}", 1 },
        { "type: value_avg, condition: {field: A, gt: 0.25, lt: 0.375, neq: 0.3125}", 0 },
        { "type: temporal, condition: {gt: 5}", 1 },
        { "type: temporal, condition: {gte: 2}", 0 },
        { "type: temporal", 0 },
        { "type: temporal, condition: a and not b", 0 },
        { "type: temporal, condition: a and b and not a", 1 },
        { "type: temporal, condition: not a and not b", 1 },
        { "type: temporal, condition: not (a or b)", 1 },
        { "type: temporal, condition: not a or not b", 0 },
        { "type: temporal_ordered", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (correlation_warnings(cases[i].correlation) != cases[i].told)
            fail_msg("%s", cases[i].correlation);
}

static void expressions_that_give_up_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *detection;
        size_t told;
    } cases[] = {
        { "detection: {s: {" P "A|re: '^(a+)+$'}, condition: s}", 1 },
        { "detection: {s: {" P "A|re: '(x|x)*y'}, condition: s}", 1 },
        { "detection: {s: {" P "A|re: '^a+$'}, condition: s}", 0 },
        { "detection: {s: {" P "A|re: '^[a-z0-9]{16}$'}, condition: s}", 0 },
        { "detection: {s: {" P "A|re: '.*foo.*'}, condition: s}", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(warnings("regex", cases[i].detection), cases[i].told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_has_header_and_payload),
        cmocka_unit_test(values_without_names_count_from_one),
        cmocka_unit_test(a_story_goes_on_in_steps),
        cmocka_unit_test(mistakes_point_at_their_place),
        cmocka_unit_test(stories_with_odd_times_are_mistakes),
        cmocka_unit_test(distances_order_near_misses),
        cmocka_unit_test(the_nearest_alternative_counts),
        cmocka_unit_test(values_are_those_of_the_event),
        cmocka_unit_test(conditions_that_cannot_hold_are_told),
        cmocka_unit_test(conditions_that_no_window_fulfils_are_told),
        cmocka_unit_test(values_out_of_range_are_told),
        cmocka_unit_test(what_is_wrong_is_told_beside_mistakes),
        cmocka_unit_test(expressions_that_give_up_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
