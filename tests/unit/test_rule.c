/* The rule room: what loads, what is told, what can be found, and that hostile files stay small and quick. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "base/limits.h"
#include "rule/compiled.h"

struct fixture {
    struct arena arena;
    struct diags diags;
    struct ruleset *rules;
    struct buf printed;
};

static void load(struct fixture *f, struct text source, bool own)
{
    struct yaml_file file;
    arena_init(&f->arena);
    diags_init(&f->diags, &f->arena);
    buf_init(&f->printed);
    struct ruleset_builder *b = ruleset_builder_new();
    if (yaml_parse(&f->arena, TEXT("t.yaml"), source, &f->diags, &file))
        ruleset_add_file(b, &file, own, &f->diags);
    f->rules = ruleset_compile(b, &f->diags);
    ruleset_builder_free(b);
    diags_print(&f->diags, &f->printed);
    buf_add_char(&f->printed, '\0');
}

static void unload(struct fixture *f)
{
    ruleset_free(f->rules);
    buf_done(&f->printed);
    arena_done(&f->arena);
}

static void assert_text(struct text t, const char *expected)
{
    if (!text_equal(t, text_from(expected)))
        fail_msg("\"%.*s\" is not \"%s\"", TEXT_ARG(t), expected);
}

#define BODY "logsource: {product: windows}\ndetection: {s: {A: 1}, condition: s}\n"

static void rules_are_found_by_name_and_id(void **state)
{
    (void)state;
    struct fixture f;
    uint32_t rule = 9;
    load(&f,
         TEXT("title: One\nname: one\nid: 53ba33fd-3a50-4468-a5ef-c583635cfa92\nlevel: high\nauthor: me\n"
              "evscan: context\n" BODY "---\ntitle: Two\n" BODY "---\ntitle: Three\nname: twice\n" BODY
              "---\ntitle: Four\nname: twice\nlogsource: {product: linux}\n"
              "detection: {s: {A: 1}, condition: s}\n"),
         true);
    assert_int_equal(ruleset_count(f.rules), 4);
    assert_int_equal(ruleset_not_applicable(f.rules), 1);
    assert_true(ruleset_find(f.rules, TEXT("one"), &rule));
    assert_int_equal(rule, 0);
    assert_true(ruleset_find(f.rules, TEXT("{53BA33FD-3A50-4468-A5EF-C583635CFA92}"), &rule));
    assert_false(ruleset_find(f.rules, TEXT("Two"), &rule)); /* a title is no reference */
    assert_false(ruleset_find(f.rules, TEXT("twice"), &rule));
    assert_non_null(
        strstr(f.printed.p, "warning[reference]: another rule has the id or name \"twice\", too"));
    const struct rule_info *info = ruleset_info(f.rules, 0);
    assert_text(info->id, "53ba33fd-3a50-4468-a5ef-c583635cfa92");
    assert_text(info->author, "me");
    assert_text(info->path, "t.yaml");
    assert_true(info->context);
    assert_string_equal(rule_level_name(info->level), "high");
    assert_text(ruleset_info(f.rules, 1)->id, "Two");
    assert_int_equal(ruleset_info(f.rules, 1)->line, 10);
    assert_false(ruleset_info(f.rules, 1)->context);
    unload(&f);
}

/* A file of evscan's own and one of somebody else's. */
static void load_both(struct fixture *f, struct text shipped, struct text other)
{
    struct yaml_file files[2];
    arena_init(&f->arena);
    diags_init(&f->diags, &f->arena);
    buf_init(&f->printed);
    struct ruleset_builder *b = ruleset_builder_new();
    assert_true(yaml_parse(&f->arena, TEXT("shipped.yaml"), shipped, &f->diags, &files[0]));
    assert_true(yaml_parse(&f->arena, TEXT("mine.yaml"), other, &f->diags, &files[1]));
    ruleset_add_file(b, &files[0], true, &f->diags);
    ruleset_add_file(b, &files[1], false, &f->diags);
    f->rules = ruleset_compile(b, &f->diags);
    ruleset_builder_free(b);
    diags_print(&f->diags, &f->printed);
    buf_add_char(&f->printed, '\0');
}

static void the_name_of_a_shipped_rule_stays_with_it(void **state)
{
    (void)state;
    struct fixture f;
    uint32_t rule = 9;
    load_both(&f,
              TEXT("title: S\nname: taken\n" BODY "---\ntitle: C\nname: counted\ncorrelation: {type: event_count, "
                   "rules: [taken], group-by: [A], timespan: 1m, condition: {gte: 2}}\n"),
              TEXT("title: M\nname: taken\nlogsource: {product: linux}\ndetection: {s: {A: 1}, condition: s}\n---\n"
                   "title: N\nname: counted\n" BODY "---\ntitle: O\nname: mine\n" BODY
                   "---\ntitle: P\nname: counted\ncorrelation: {type: event_count, rules: [mine], group-by: [A], "
                   "timespan: 1m, condition: {gte: 2}}\n"));
    assert_int_equal(f.diags.errors, 3);
    assert_int_equal(f.diags.warnings, 0);
    assert_non_null(strstr(f.printed.p, "mine.yaml:1:1: error[name]: the shipped rule in shipped.yaml, line 1, has the "
                                        "name \"taken\""));
    assert_non_null(strstr(f.printed.p, "mine.yaml:6:1: error[name]: the shipped rule in shipped.yaml, line 6, has"));
    assert_int_equal(ruleset_count(f.rules), 2);
    assert_int_equal(ruleset_count_all(f.rules), 3);
    assert_int_equal(ruleset_not_applicable(f.rules), 0);
    assert_true(ruleset_find(f.rules, TEXT("taken"), &rule));
    assert_text(ruleset_info(f.rules, rule)->title, "S");
    assert_true(ruleset_find(f.rules, TEXT("mine"), &rule));
    assert_int_equal(rule, 1);
    assert_true(ruleset_find_any(f.rules, TEXT("counted"), &rule));
    assert_text(ruleset_info(f.rules, rule)->title, "C");
    unload(&f);
}

static void a_bad_rule_leaves_the_others(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, TEXT("title: A\n" BODY "---\ntitle: B\ndetection: 5\n---\ntitle: C\n" BODY), false);
    assert_int_equal(ruleset_count(f.rules), 2);
    assert_int_equal(f.diags.errors, 2);
    assert_text(ruleset_info(f.rules, 1)->title, "C");
    unload(&f);
}

static void correlations_are_kept_apart(void **state)
{
    (void)state;
    struct fixture f;
    load(&f,
         TEXT("title: C\ncorrelation:\n    type: event_count\n    rules: [a]\n---\ntitle: A\nname: a\n" BODY),
         false);
    assert_int_equal(ruleset_count(f.rules), 1);
    assert_int_equal(f.diags.errors, 2);
    assert_false(ruleset_info(f.rules, 0)->context); /* a refused correlation silences nobody */
    assert_non_null(strstr(f.printed.p, "error[correlation]: the correlation has no timespan"));
    assert_non_null(strstr(f.printed.p, "error[correlation]: the correlation has no condition"));
    unload(&f);
}

static void rules_stand_under_the_ids_they_demand(void **state)
{
    (void)state;
    static const struct {
        const char *detection;
        size_t ids; /* 0: any */
    } cases[] = {
        { "{s: {EventID: [1, 2, '3', 2]}, condition: s}", 3 },
        { "{s: {EventID: 1}, t: {EventID: 2}, condition: s or t}", 2 },
        { "{s: {EventID: [1, 2]}, t: {EventID: 2}, condition: s and t}", 1 },
        { "{s: {EventID: 1}, condition: not s}", 0 },
        { "{s: {EventID|neq: 1}, condition: s}", 0 },
        { "{s: {EventID|gt: 1}, condition: s}", 0 },
        { "{s: {EventID: '1*'}, condition: s}", 0 },
        { "{s: {EventID: 1}, t: {A: 1}, condition: s or t}", 0 },
        { "{s: [{EventID: 1, A: 1}, {EventID: 7}], condition: s}", 2 },
        { "{s: {EventID: 1}, t: {A: 1}, condition: 1 of s* and not t}", 1 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture f;
        struct buf b;
        buf_init(&b);
        buf_add_format(&b, "title: T\nlogsource: {product: windows}\ndetection: %s\n", cases[i].detection);
        load(&f, buf_text(&b), false);
        assert_int_equal(ruleset_count(f.rules), 1);
        if (f.rules->by_id_count != cases[i].ids || f.rules->any_id_count != (cases[i].ids == 0))
            fail_msg("%s: %zu", cases[i].detection, f.rules->by_id_count);
        buf_done(&b);
        unload(&f);
    }
}

static void numbers_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int order; /* 9: a is no number */
    } cases[] = {
        { "1", "1.0", 0 },    { "0x10", "16", 0 },
        { "0X10", "16", 0 },  { "-1", "1", -1 },
        { "016", "16", 0 },   { "-0", "0", 0 },
        { "1.50", "1.5", 0 }, { "18446744073709551615", "1.8e19", 1 },
        { "1e3", "1000", 0 }, { "", "0", 9 },
        { "0x", "0", 9 },     { "-0x1", "0", 9 },
        { "inf", "0", 9 },    { "nan", "0", 9 },
        { "1 2", "0", 9 },    { "1e999", "0", 9 },
        { " 7\t", "7", 0 },   { "+7", "7", 0 },
        { "7.", "7", 0 },     { "18446744073709551616", "1", 1 },
        { "-2.5", "-2", -1 }, { "-2", "-2.5", 1 },
        { "2", "2.5", -1 },   { "--1", "0", 9 },
        { ".", "0", 9 },      { "e5", "0", 9 },
        { "0x1p3", "8", 9 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct number a, b;
        bool ok = number_parse(text_from(cases[i].a), &a);
        assert_true(number_parse(text_from(cases[i].b), &b));
        if (ok != (cases[i].order != 9))
            fail_msg("\"%s\"", cases[i].a);
        if (!ok)
            continue;
        int order = number_compare(&a, COMPARE_GREATER, &b) - number_compare(&a, COMPARE_LESS, &b);
        if (order != cases[i].order || number_compare(&a, COMPARE_EQUAL, &b) != (order == 0))
            fail_msg("%s against %s: %d", cases[i].a, cases[i].b, order);
    }
}

static void networks_have_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *network, *address;
        bool has;
    } cases[] = {
        { "10.0.0.0/8", "10.255.255.255", true },
        { "10.0.0.0/8", "11.0.0.0", false },
        { "0.0.0.0/0", "1.2.3.4", true },
        { "1.2.3.4", "1.2.3.4", true },
        { "192.168.5.128/25", "192.168.5.127", false },
        { "fe80::/10", "febf::1", true },
        { "fe80::/10", "fec0::1", false },
        { "::1", "0:0:0:0:0:0:0:1", true },
        { "10.0.0.0/8", "::ffff:10.0.0.1", true },
        { "10.0.0.0/8", "010.0.0.1", false },
        { "10.0.0.0/8", "10.0.0", false },
        { "10.0.0.0/8", "10.0.0.1%7", false },
        { "::/0", "1.2.3.4", false },
        { "fe80::/10", " fe80::1%eth0 ", true },
    };
    static const char *const bad[] = { "",     "10.0.0.0/33", "10.0.0.1/8",   "10.0.0.0/", "10.0.0.0/0x8",
                                       "10/8", "::/129",      "10.0.0.0/8/8", "host",      "10.0.0.0/-1" };
    struct network net;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_null(network_parse(text_from(cases[i].network), &net));
        if (network_has(&net, text_from(cases[i].address)) != cases[i].has)
            fail_msg("%s in %s", cases[i].address, cases[i].network);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (!network_parse(text_from(bad[i]), &net))
            fail_msg("%s is a network", bad[i]);
}

/* Loads a rule of `head`, `times` pieces and `tail`; hostile ones must end soon, with an error or without. */
static void load_repeated(struct fixture *f, const char *head, const char *piece, size_t times,
                          const char *tail)
{
    struct buf b;
    clock_t start = clock();
    buf_init(&b);
    buf_add_c(&b, head);
    for (size_t i = 0; i < times; i++)
        buf_add_format(&b, piece, i);
    buf_add_c(&b, tail);
    load(f, buf_text(&b), false);
    assert_true(clock() - start < 30 * CLOCKS_PER_SEC);
    buf_done(&b);
}

#define HEAD "title: T\nlogsource: {product: windows}\ndetection:\n"

static void hostile_rules_are_bounded(void **state)
{
    (void)state;
    static const struct {
        const char *head, *piece;
        size_t times;
        const char *tail, *error; /* NULL: it loads */
    } cases[] = {
        { HEAD "  s:\n    A|contains:\n", "    - value number %zu\n", 100000, "  condition: s\n", NULL },
        { HEAD "  s:\n    A: '", "0123456789-%06zu", 600000, "'\n  condition: s\n",
          NULL }, /* 10 MB in one value */
        { HEAD "  s: {A: 1}\n  condition: ", "s or ", 100000, "s\n", "the condition has too many terms" },
        { HEAD "  s: {A: 1}\n  condition: ", "(", 1000, "s\n", "nested too deeply" },
        { HEAD "  s: {A: 1}\n  condition: ", "not ", 100000, "s\n", NULL },
        { HEAD, "  s%zu: {A: 1}\n", 5000, "  condition: 1 of them\n", "more than 4096 selections" },
        { HEAD "  s:\n    A|re:\n", "    - a%zub\n", 20000, "  condition: s\n", "regular expressions" },
        { HEAD "  s:\n    A|windash: ' ", "-a ", 2000, "'\n  condition: s\n",
          "characters around a ? or a dash" },
        { HEAD "  s:\n    A|windash|base64: '", " -a", 10, "'\n  condition: s\n", "windash gives more than" },
        { HEAD "  s:\n    A|re: '", "(", 1000, "'\n  condition: s\n", "regular expression is not valid" },
        { HEAD "  s:\n    A|re: '", "a{9}%zu", 20000, "'\n  condition: s\n",
          "regular expression is not valid" },
        { HEAD "  s:\n    A", "|contains", 100, ": x\n  condition: s\n", "too many modifiers" },
        { "action: global\nlogsource: {product: windows}\ndetection:\n  condition: s\n  s:\n    A:\n",
          "    - v%zu\n", 20000, NULL, "the templates make too many rules" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture f;
        struct buf tail;
        buf_init(&tail);
        for (size_t k = 0; !cases[i].tail && k < 1000; k++)
            buf_add_format(&tail, "---\ntitle: T%zu\n", k);
        buf_add_char(&tail, '\0');
        load_repeated(&f, cases[i].head, cases[i].piece, cases[i].times,
                      cases[i].tail ? cases[i].tail : tail.p);
        if (cases[i].error ? !strstr(f.printed.p, cases[i].error) : f.diags.errors > 0)
            fail_msg("%zu: %.400s", i, f.printed.p);
        assert_true(f.diags.count <= LIMIT_DIAGS_PER_FILE);
        buf_done(&tail);
        unload(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_found_by_name_and_id),
        cmocka_unit_test(the_name_of_a_shipped_rule_stays_with_it),
        cmocka_unit_test(a_bad_rule_leaves_the_others),
        cmocka_unit_test(correlations_are_kept_apart),
        cmocka_unit_test(rules_stand_under_the_ids_they_demand),
        cmocka_unit_test(numbers_are_exact),
        cmocka_unit_test(networks_have_addresses),
        cmocka_unit_test(hostile_rules_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
