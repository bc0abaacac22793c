/* Long lists of values: looked up, they say what they say when each value is a rule of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/buf.h"
#include "match/matcher.h"
#include "rule/compiled.h"

#define VALUES 24 /* of a list: more than are tried one by one */
#define ROUNDS 150
#define EVENTS 40

static uint32_t seed;

static uint32_t random_below(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

struct pick {
    const char *const *words;
    size_t count;
};

#define PICK(...) { (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *) }

static const struct {
    const char *key;
    struct pick rule, event;
} lists[] = {
    { "F", PICK("1", "2", "3", "-4", "5.0", "5.5", "-0.5", "0x10", "16", "1e2", "18446744073709551615", "null", "''", "'7'",
                "x", "'y*'", "true", "0", "-0.0", "1.8446744073709552e19"),
      PICK("1", " 2 ", "+3", "-4", "5", "5.50", "-.5", "16", "0X10", "100.0", "18446744073709551615", "", "7", "X", "yes",
           "TRUE", "-0", "0", "18446744073709551616", "7.0") },
    { "F|gt", PICK("1", "2", "2.5", "30", "-7", "1e3"), PICK("0", "1", "2", "2.2", "3", "31", "-8", "1001", "x", "") },
    { "F|gte", PICK("1", "2", "2.5", "30", "-7", "1e3"), PICK("0", "1", "2", "2.5", "3", "30", "-7", "1000", "x", "") },
    { "F|lt", PICK("1", "2", "2.5", "30", "-7", "1e3"), PICK("0", "1", "2", "2.2", "3", "31", "-8", "1001", "x", "") },
    { "F|lte", PICK("1", "2", "2.5", "30", "-7", "1e3"), PICK("0", "1", "2", "2.5", "3", "30", "-7", "1000", "x", "") },
    { "F|cidr", PICK("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "192.168.0.0/24", "192.168.1.0/24", "'fe80::/10'",
                     "'fe80::1'", "'::ffff:10.0.0.0/104'", "'::ffff:0:0/96'", "172.16.0.0/12", "'2001:db8::/33'",
                     "'2001:db8::/64'", "'2001:db8:0:1::/64'"),
      PICK("10.1.2.3", " 10.255.255.255 ", "11.0.0.0", "9.255.255.255", "192.168.1.255", "192.168.2.0", "fe80::1%eth0",
           "febf::", "fec0::", "::ffff:10.1.2.3", "::ffff:172.31.0.1", "::ffff:8.8.8.8", "::1", "2001:db8:0:1::9",
           "2001:db8:8000::", "172.32.0.0", "x", "", "10.1.2") },
    { "F|hour", PICK("1", "2", "13", "22", "22.0", "-1", "99"),
      PICK("2024-01-02T01:00:00Z", "2024-01-02T22:10:00", "2024-01-02T13:00:00Z", "2024-01-02T05:00:00Z", "x", "") },
    { "F|hour|gte", PICK("1", "2", "13", "22"),
      PICK("2024-01-02T01:00:00Z", "2024-01-02T22:10:00", "2024-01-02T00:00:00Z", "x", "") },
    { "F", PICK("a", "'B'", "'c*'", "'*d'", "'\xC3\x84'", "'e?'", "''", "null", "'\\*'", "'ab'"),
      PICK("A", "b", "C", "cd", "xd", "\xC3\xA4", "e", "ef", "", "*", "AB", "a ") },
    { "F|cased", PICK("a", "'B'", "'c*'", "'\xC3\x84'", "''"), PICK("A", "a", "b", "B", "cd", "\xC3\xA4", "\xC3\x84", "") },
    { "F|re", PICK("'^a'", "'b$'", "'^$'", "'c'"), PICK("a", "b", "ab", "", "c", "x") },
    { "F|fieldref", PICK("G", "H", "K"), PICK("a", "g", "") },
    { "F|exists", PICK("true", "false"), PICK("a", "") },
    { "EventID", PICK("'16'", "'0x10'", "'7'", "1", "7", "0x10", "-1", "'1*'"), PICK("x") },
    { "Provider_Name", PICK("ClusSvc", "'other'", "1", "'O*'", "null", "''"), PICK("x") },
};

static const char *any_of(const struct pick *p)
{
    return p->words[random_below((uint32_t)p->count)];
}

static void add_rule(struct buf *b, const char *key, bool all, const char *const *values, size_t count)
{
    buf_add_c(b, "---\ntitle: T\nlogsource: {product: windows}\ndetection:\n  condition: s\n  s:\n    ");
    buf_add_format(b, "%s%s:\n", key, all ? "|all" : "");
    for (size_t i = 0; i < count; i++)
        buf_add_format(b, "      - %s\n", values[i]);
}

struct fixture {
    struct arena arena;
    struct ruleset *rules;
    struct matcher *matcher;
};

/* Rule 0 has any value, rule 1 all of them, and each value is a rule behind them. */
static void load(struct fixture *f, const char *key, const char *const *values)
{
    struct buf b;
    struct diags diags;
    struct yaml_file file;
    arena_init(&f->arena);
    diags_init(&diags, &f->arena);
    buf_init(&b);
    bool can_all = strcmp(key, "F|exists") != 0;
    add_rule(&b, key, false, values, VALUES);
    add_rule(&b, key, can_all, values, VALUES);
    for (size_t i = 0; i < VALUES; i++)
        add_rule(&b, key, false, &values[i], 1);
    struct ruleset_builder *builder = ruleset_builder_new();
    assert_true(yaml_parse(&f->arena, TEXT("t.yaml"), buf_text(&b), &diags, &file));
    ruleset_add_file(builder, &file, false, &diags);
    f->rules = ruleset_compile(builder, &diags);
    ruleset_builder_free(builder);
    if (diags.errors)
        fail_msg("%.*s", TEXT_ARG(buf_text(&b)));
    buf_done(&b);
    f->matcher = matcher_new(f->rules);
}

static void unload(struct fixture *f)
{
    matcher_free(f->matcher);
    ruleset_free(f->rules);
    arena_done(&f->arena);
}

/* No value of F, or one, or two; and another field. */
static struct event event_of(struct event_field *fields, const struct pick *values)
{
    static const char *const providers[] = { "ClusSvc", "Other", "1", "" };
    static const uint32_t ids[] = { 1, 7, 16, 100, EVENT_ID_NONE };
    struct event e = { .key = { text_from(providers[random_below(4)]), TEXT("System"), TEXT("N"), ids[random_below(5)], 2, 1,
                                1 } };
    size_t count = random_below(3);
    if (e.key.id == 16 && random_below(2))
        e.event_id = TEXT("0x10"); /* as its producer spelled it */
    for (size_t i = 0; i < count; i++)
        fields[i] = (struct event_field){ TEXT("F"), text_from(any_of(values)), EVENT_DATA };
    fields[count++] = (struct event_field){ TEXT("G"), TEXT("a"), EVENT_DATA };
    e.fields = fields;
    e.field_count = count;
    return e;
}

static void compare(struct fixture *f, const struct event *e, const char *key)
{
    bool hit[VALUES + 2] = { false };
    size_t count, single = 0;
    const uint32_t *hits = matcher_match(f->matcher, e, &count, NULL);
    for (size_t i = 0; i < count; i++)
        hit[hits[i]] = true;
    for (size_t i = 0; i < VALUES; i++)
        single += hit[i + 2];
    bool can_all = strcmp(key, "F|exists") != 0;
    if (hit[0] != (single > 0) || hit[1] != (can_all ? single == VALUES : single > 0))
        fail_msg("%s: %zu of the values match; any %d, all %d; %zu fields, the first \"%.*s\"", key, single, hit[0], hit[1],
                 e->field_count, TEXT_ARG(e->fields[0].value));
    if (count && !matcher_wants(f->matcher, &e->key))
        fail_msg("%s: the screen refuses what matches", key);
}

/* Few different values, so that all of them hold now and then. */
static void choose(const struct pick *from, const char **values)
{
    uint32_t different = 1 + random_below(random_below(2) ? 3 : (uint32_t)from->count);
    uint32_t first = random_below((uint32_t)from->count);
    for (size_t i = 0; i < VALUES; i++)
        values[i] = from->words[(first + random_below(different)) % from->count];
}

static void a_list_says_what_its_values_say(void **state)
{
    (void)state;
    seed = 1;
    for (size_t l = 0; l < COUNT_OF(lists); l++)
        for (size_t round = 0; round < ROUNDS; round++) {
            const char *values[VALUES];
            struct event_field fields[4];
            struct fixture f;
            choose(&lists[l].rule, values);
            load(&f, lists[l].key, values);
            for (size_t i = 0; i < EVENTS; i++) {
                struct event e = event_of(fields, &lists[l].event);
                compare(&f, &e, lists[l].key);
            }
            unload(&f);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_says_what_its_values_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
