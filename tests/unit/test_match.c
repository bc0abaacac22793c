/* The match room: the screen, order, limits of regular expressions, many keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "base/limits.h"
#include "match/matcher.h"
#include "match/reach.h"

struct fixture {
    struct arena arena;
    struct diags diags;
    struct notices notices;
    struct ruleset *rules;
    struct matcher *matcher;
};

static void load(struct fixture *f, const char *source)
{
    struct yaml_file file;
    arena_init(&f->arena);
    diags_init(&f->diags, &f->arena);
    notices_init(&f->notices, &f->arena);
    struct ruleset_builder *b = ruleset_builder_new();
    assert_true(yaml_parse(&f->arena, TEXT("t.yaml"), text_from(source), &f->diags, &file));
    ruleset_add_file(b, &file, false, &f->diags);
    f->rules = ruleset_compile(b, &f->diags);
    ruleset_builder_free(b);
    assert_int_equal(f->diags.errors, 0);
    f->matcher = matcher_new(f->rules);
}

static void unload(struct fixture *f)
{
    matcher_free(f->matcher);
    ruleset_free(f->rules);
    arena_done(&f->arena);
}

static struct event event_of(const char *provider, const char *channel, uint32_t id)
{
    return (struct event){ .key = { text_from(provider), text_from(channel), TEXT("NODE1"), id, 2, 1, 1 },
                           .offset = 4096 };
}

static size_t matches(struct fixture *f, const struct event *e)
{
    size_t count;
    matcher_match(f->matcher, e, &count, &f->notices);
    return count;
}

static const char two_rules[] =
    "title: A\nlogsource: {product: windows, service: system}\n"
    "detection: {s: {Provider_Name: ClusSvc, EventID: [1009, 1010]}, condition: s}\n"
    "---\ntitle: B\nlogsource: {product: windows}\n"
    "detection:\n  s: {Provider_Name|startswith: [Clus, Dr]}\n"
    "  n: {EventID: 1010}\n  t: {Text|contains: quorum}\n"
    "  condition: s and not n and t\n";

/* With so many texts they are searched, not looked at one by one. */
static const char many_keywords[] =
    "title: K\nlogsource: {product: windows}\n"
    "detection:\n  k: [kw01, kw02, kw03, kw04, kw05, kw06, kw07, kw08, kw09, kw10, kw11, kw12, kw13, kw14, kw15, kw16,\n"
    "      clussvc, '51069', nodex, system, tell-tale]\n  condition: k\n";

static void keywords_are_searched_in_header_and_payload(void **state)
{
    (void)state;
    static const struct {
        const char *provider, *channel, *computer, *value;
        uint32_t id;
        enum event_part part;
        const char *name;
        bool found;
    } cases[] = {
        { "Other", "Other", "N", "none", 1, EVENT_DATA, "A", false },
        { "ClusSvc", "Other", "N", "none", 1, EVENT_DATA, "A", true },
        { "Other", "SYSTEM", "N", "none", 1, EVENT_DATA, "A", true },
        { "Other", "Other", "NodeX", "none", 1, EVENT_DATA, "A", true },
        { "Other", "Other", "N", "none", 51069, EVENT_DATA, "A", true },
        { "Other", "Other", "N", "a Tell-Tale b", 1, EVENT_DATA, "A", true },
        { "Other", "Other", "N", "tell-tale", 1, EVENT_USER_DATA, "A", true },
        { "Other", "Other", "N", "tell-tale", 1, EVENT_OTHER, "A", true },
        { "Other", "Other", "N", "tell-tale", 1, EVENT_RENDERING, "Message", true },
        { "Other", "Other", "N", "tell-tale", 1, EVENT_RENDERING, "Level", false },
        { "Other", "Other", "N", "tell-tale", 1, EVENT_SYSTEM, "A", false },
    };
    struct fixture f;
    load(&f, many_keywords);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct event e = event_of(cases[i].provider, cases[i].channel, cases[i].id);
        struct event_field field = { text_from(cases[i].name), text_from(cases[i].value), cases[i].part };
        e.key.computer = text_from(cases[i].computer);
        e.fields = &field;
        e.field_count = 1;
        assert_int_equal(matches(&f, &e), cases[i].found);
    }
    unload(&f);
}

static void the_screen_judges_by_the_key(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, two_rules);
    static const struct {
        const char *provider, *channel;
        uint32_t id;
        bool wanted;
    } cases[] = {
        { "ClusSvc", "System", 1009, true },   { "clussvc", "SYSTEM", 1010, true },
        { "ClusSvc", "", 1010, true },         { "ClusSvc", "Application", 1010, false },
        { "ClusSvc", "Application", 1, true }, { "Userenv", "System", 1009, false },
        { "DrWatson", "x", 5, true },          { "ClusSvc", "Application", EVENT_ID_NONE, true },
        { "", "System", 1009, false },
    };
    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            struct event e = event_of(cases[i].provider, cases[i].channel, cases[i].id);
            if (matcher_wants(f.matcher, &e.key) != cases[i].wanted)
                fail_msg("%s %s %u", cases[i].provider, cases[i].channel, cases[i].id);
        }
    unload(&f);
}

static void all_rules_that_match_in_ascending_order(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, two_rules);
    static const struct event_field field = { { "text", 4 }, { "lost QUORUM disk", 16 }, EVENT_DATA };
    struct event e = event_of("ClusSvc", "System", 1009);
    assert_int_equal(matches(&f, &e), 1);
    e.fields = &field;
    e.field_count = 1;
    size_t count;
    const uint32_t *hits = matcher_match(f.matcher, &e, &count, NULL);
    assert_int_equal(count, 2);
    assert_int_equal(hits[0], 0);
    assert_int_equal(hits[1], 1);
    e.key.id = 1010;
    assert_int_equal(matches(&f, &e), 1);
    unload(&f);
}

static void a_runaway_pattern_is_a_notice(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, "title: A\nlogsource: {product: windows}\ndetection: {s: {X: 1}, condition: s}\n---\n"
             "title: B\nlogsource: {product: windows}\ndetection: {s: {F|re: '^(a|aa)+$'}, condition: s}\n");
    char text[400];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = 'b';
    struct event_field field = { TEXT("F"), { text, sizeof text }, EVENT_DATA };
    struct event e = event_of("x", "y", 1);
    e.fields = &field;
    e.field_count = 1;
    clock_t start = clock();
    assert_int_equal(matches(&f, &e), 0);
    assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
    assert_int_equal(f.notices.seen[NOTICE_REGEX_LIMIT], 1);
    assert_int_equal(f.notices.items[0].offset, 4096);
    assert_int_equal(f.notices.items[0].value, 1);
    field.value.n = 20;
    assert_int_equal(matches(&f, &e), 1);
    assert_int_equal(f.notices.seen[NOTICE_REGEX_LIMIT], 1);
    unload(&f);
}

#define MANY 20000u

/* 20,000 values against as many: found early it is a match, else the limit is reached. */
static void fields_of_many_values_are_compared_up_to_a_limit(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, "title: A\nlogsource: {product: windows}\ndetection: {s: {X|fieldref: Y}, condition: s}\n");
    struct event_field *fields = memory_new(2 * MANY * sizeof *fields);
    for (size_t i = 0; i < MANY; i++) {
        fields[i] = (struct event_field){ TEXT("X"), TEXT("left"), EVENT_DATA };
        fields[MANY + i] = (struct event_field){ TEXT("Y"), TEXT("right"), EVENT_DATA };
    }
    struct event e = event_of("x", "y", 1);
    e.fields = fields;
    e.field_count = 2 * MANY;
    assert_int_equal(matches(&f, &e), 0);
    assert_int_equal(f.notices.seen[NOTICE_FIELD_LIMIT], 1);
    assert_int_equal(f.notices.items[0].offset, 4096);
    fields[2 * MANY - 1].value = TEXT("LEFT");
    assert_int_equal(matches(&f, &e), 1);
    assert_int_equal(f.notices.seen[NOTICE_FIELD_LIMIT], 1);
    free(fields);
    unload(&f);
}

static void a_long_text_is_searched_up_to_a_limit(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, "title: A\nlogsource: {product: windows}\ndetection: {s: {F|re: 'x+y'}, condition: s}\n");
    size_t n = LIMIT_REGEX_SUBJECT + 10;
    char *text = memory_new(n);
    memset(text, 'x', n);
    text[n - 1] = 'y';
    struct event_field field = { TEXT("F"), { text, n }, EVENT_DATA };
    struct event e = event_of("x", "y", 1);
    e.fields = &field;
    e.field_count = 1;
    assert_int_equal(matches(&f, &e), 0);
    assert_int_equal(f.notices.seen[NOTICE_REGEX_LIMIT], 1);
    field.value = (struct text){ text + 20, n - 20 };
    assert_int_equal(matches(&f, &e), 1);
    free(text);
    unload(&f);
}

/* Ever new keys cost time, not memory, and answers stay right when all is forgotten. */
static void many_keys_are_forgotten(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, two_rules);
    for (uint32_t i = 0; i < 3 * LIMIT_SCREEN_KEYS; i++) {
        struct event other = event_of("Other", "System", i), one = event_of("ClusSvc", "System", 1009);
        assert_false(matcher_wants(f.matcher, &other.key));
        assert_true(matcher_wants(f.matcher, &one.key));
    }
    unload(&f);
}

static void empty_sets_want_nothing(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, "");
    struct event e = event_of("ClusSvc", "System", 1009);
    assert_false(matcher_wants(f.matcher, &e.key));
    assert_int_equal(matches(&f, &e), 0);
    unload(&f);
}

/* A service, a provider, a category with IDs, another product. */
static const char rules_of_sources[] =
    "title: A\nlogsource: {product: windows, service: system}\n"
    "detection: {s: {Provider_Name: ClusSvc, EventID: 1009}, condition: s}\n"
    "---\ntitle: B\nlogsource: {product: windows}\n"
    "detection: {s: {Provider_Name: Disk, EventID: 11}, condition: s}\n"
    "---\ntitle: C\nlogsource: {product: windows, category: process_creation}\n"
    "detection: {s: {Image|endswith: x.exe}, condition: s}\n"
    "---\ntitle: D\nlogsource: {product: linux}\n"
    "detection: {s: {EventID: 1}, condition: s}\n";

static void check_reach(const struct fixture *f, struct partial *p, size_t able, size_t channel, size_t provider)
{
    struct reach reach;
    assert_true(reach_judge(&p->arena, p, f->rules, &reach));
    assert_int_equal(reach.able, able);
    assert_int_equal(reach.no_channel, channel);
    assert_int_equal(reach.no_provider, provider);
    size_t count[REACH_ABLE + 1] = { 0 };
    for (uint32_t i = 0; i < ruleset_count(f->rules); i++)
        count[reach.of_rule[i]] += ruleset_applies(f->rules, i);
    assert_int_equal(count[REACH_ABLE], able);
    assert_int_equal(count[REACH_NO_CHANNEL], channel);
}

static void what_was_seen_says_which_rules_could_match(void **state)
{
    (void)state;
    struct fixture f;
    struct partial p;
    struct reach reach;
    load(&f, rules_of_sources);
    partial_init(&p);
    struct input_result *first = partial_add_input(&p, TEXT("1")), *second = partial_add_input(&p, TEXT("2"));
    assert_false(reach_judge(&p.arena, &p, f.rules, &reach)); /* nothing was read */
    matcher_see(f.matcher, &first->seen, &p.arena);
    struct event e = event_of("EventLog", "System", 6005);
    matches(&f, &e);
    matches(&f, &e);
    assert_int_equal(first->seen.count, 1);
    check_reach(&f, &p, 0, 1, 2);
    e = event_of("ClusSvc", "System", 4); /* the ID does not matter */
    matches(&f, &e);
    check_reach(&f, &p, 1, 1, 1);
    matcher_see(f.matcher, &second->seen, &p.arena); /* what is known to the matcher is told again */
    matches(&f, &e);
    assert_int_equal(second->seen.count, 1);
    seen_add(&second->seen, &p.arena, TEXT("Microsoft-Windows-Security-Auditing"), TEXT("Security"));
    check_reach(&f, &p, 2, 0, 1);
    partial_add_input(&p, TEXT("3"))->account.decoded = 1; /* of which nobody knows what it held */
    assert_false(reach_judge(&p.arena, &p, f.rules, &reach));
    partial_done(&p);
    unload(&f);
}

static void too_many_providers_claim_nothing(void **state)
{
    (void)state;
    struct fixture f;
    struct partial p;
    struct reach reach;
    char name[16];
    load(&f, rules_of_sources);
    partial_init(&p);
    struct seen_pairs *seen = &partial_add_input(&p, TEXT("1"))->seen;
    for (unsigned i = 0; i <= LIMIT_SEEN; i++) {
        if (i == LIMIT_SEEN)
            assert_true(reach_judge(&p.arena, &p, f.rules, &reach));
        snprintf(name, sizeof name, "P%u", i);
        seen_add(seen, &p.arena, text_from(name), TEXT("System"));
    }
    assert_int_equal(seen->count, LIMIT_SEEN);
    assert_false(reach_judge(&p.arena, &p, f.rules, &reach));
    partial_done(&p);
    unload(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keywords_are_searched_in_header_and_payload),
        cmocka_unit_test(the_screen_judges_by_the_key),
        cmocka_unit_test(all_rules_that_match_in_ascending_order),
        cmocka_unit_test(a_runaway_pattern_is_a_notice),
        cmocka_unit_test(fields_of_many_values_are_compared_up_to_a_limit),
        cmocka_unit_test(a_long_text_is_searched_up_to_a_limit),
        cmocka_unit_test(many_keys_are_forgotten),
        cmocka_unit_test(empty_sets_want_nothing),
        cmocka_unit_test(what_was_seen_says_which_rules_could_match),
        cmocka_unit_test(too_many_providers_claim_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
