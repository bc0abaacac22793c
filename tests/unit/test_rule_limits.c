/* What rule files must not do: multiply, cost more than they are worth, hide mistakes behind others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "base/limits.h"
#include "rule/compiled.h"
#include "rule/regex_ways.h"
#include "rule/sieve.h"

#define MIB (1u << 20)
#define RANDOM_EXPRESSIONS 20000u

struct fixture {
    struct arena arena;
    struct diags diags;
    struct ruleset_builder *builder;
    struct ruleset *rules;
    struct buf source, printed;
    clock_t start;
};

static void begin(struct fixture *f)
{
    arena_init(&f->arena);
    diags_init(&f->diags, &f->arena);
    buf_init(&f->source);
    buf_init(&f->printed);
    f->builder = ruleset_builder_new();
    f->start = clock();
}

/* A file of what is in `source`. */
static void add(struct fixture *f, const char *path)
{
    struct yaml_file file;
    struct text source = text_keep(&f->arena, buf_text(&f->source));
    if (yaml_parse(&f->arena, text_from(path), source, &f->diags, &file))
        ruleset_add_file(f->builder, &file, false, &f->diags);
    f->source.n = 0;
}

static void compile(struct fixture *f)
{
    f->rules = ruleset_compile(f->builder, &f->diags);
    ruleset_builder_free(f->builder);
    diags_print(&f->diags, &f->printed);
    buf_add_char(&f->printed, '\0');
    assert_true(clock() - f->start < 30 * CLOCKS_PER_SEC);
}

static void load(struct fixture *f, const char *source)
{
    begin(f);
    buf_add_c(&f->source, source);
    add(f, "t.yaml");
    compile(f);
}

static void unload(struct fixture *f)
{
    ruleset_free(f->rules);
    buf_done(&f->source);
    buf_done(&f->printed);
    arena_done(&f->arena);
}

static void assert_says(const struct fixture *f, const char *what)
{
    if (!strstr(f->printed.p, what))
        fail_msg("\"%s\" is not in: %.2000s", what, f->printed.p);
}

static size_t times(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)) != NULL; p++)
        n++;
    return n;
}

#define WINDOWS "logsource: {product: windows}\n"
#define RULE(title, id) "title: " title "\n" WINDOWS "detection: {s: {EventID: " id "}, condition: s}\n"

static void filters_stand_side_by_side(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, RULE("A", "1") "---\n" RULE("B", "2") "name: b\n---\ntitle: F\n" WINDOWS
             "filter: {rules: any, x: {U: 1}, condition: not x}\n---\ntitle: G\n" WINDOWS
             "filter: {rules: [b, b], y: {U: 2}, condition: not y}\n");
    assert_int_equal(f.diags.errors, 0);
    const struct expr *a = f.rules->rules[0].condition, *b = f.rules->rules[1].condition;
    assert_int_equal(a->kind, EXPR_AND);
    assert_int_equal(a->count, 2);
    assert_int_equal(b->count, 4);
    assert_int_equal(b->children[0]->kind, EXPR_SELECTION); /* the rule's own first */
    assert_ptr_equal(a->children[1], b->children[1]);
    unload(&f);
}

/* Each filter of some values for each rule. */
static void filters_do_not_multiply(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (unsigned i = 0; i < 3000; i++)
        buf_add_format(&f.source, "%stitle: F%u\n" WINDOWS
                       "filter: {rules: any, s: {EventID: [%u, 2, 3, 4]}, condition: s}\n", i ? "---\n" : "", i, i);
    for (unsigned i = 0; i < 3000; i++)
        buf_add_format(&f.source, "---\ntitle: R%u\n" WINDOWS "detection: {s: {EventID: 1}, condition: s}\n", i);
    add(&f, "t.yaml");
    compile(&f);
    assert_int_equal(f.diags.errors, 1);
    assert_says(&f, "t.yaml:");
    assert_says(&f, "error[filter]: this filter and those behind it are left out");
    assert_says(&f, "hint: name the rules that it is for");
    assert_int_equal(f.rules->rule_count, 3000);
    assert_in_range(f.rules->arena.total, 1, 100 * MIB);
    unload(&f);
}

static void rules_of_a_template_share_it(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, "action: global\n" WINDOWS "detection: {s: {A: [1, 2, 3]}, condition: s}\n---\ntitle: A\n---\ntitle: B\n"
             "---\naction: repeat\ntitle: C\n---\naction: repeat\ntitle: D\ndetection: {s: {B: 1}}\n");
    assert_int_equal(f.diags.errors, 0);
    assert_int_equal(f.rules->rule_count, 4);
    assert_int_equal(f.rules->selection_count, 2);
    assert_ptr_equal(f.rules->rules[0].condition, f.rules->rules[1].condition);
    assert_ptr_equal(f.rules->rules[0].condition, f.rules->rules[2].condition);
    assert_ptr_not_equal(f.rules->rules[0].condition, f.rules->rules[3].condition);
    assert_int_equal(f.rules->rules[3].condition->children[0]->count, 2); /* A of the template, and B */
    unload(&f);
}

static void templates_do_not_multiply(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (unsigned k = 0; k < 2; k++) { /* the second file finds no more room */
        buf_add_c(&f.source, "action: global\n" WINDOWS "detection:\n  condition: 1 of s*\n");
        for (unsigned i = 0; i < 2000; i++)
            buf_add_format(&f.source, "  s%u: {A|contains: value-%u}\n", i, i);
        for (unsigned i = 0; i < 2000; i++)
            buf_add_format(&f.source, "---\ntitle: T%u\n", i);
        add(&f, k ? "second.yaml" : "first.yaml");
    }
    compile(&f);
    assert_int_equal(f.diags.errors, 1);
    assert_says(&f, "first.yaml:");
    assert_says(&f, "error[action]: the templates make too many rules");
    assert_in_range(f.rules->arena.total, 1, 150 * MIB);
    unload(&f);
}

static void mistakes_on_one_line_are_soon_found(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    buf_add_c(&f.source, "title: T\n" WINDOWS "detection: {s: {");
    for (unsigned i = 0; i < 100000; i++)
        buf_add_format(&f.source, "A%u|no: x, ", i);
    buf_add_c(&f.source, "A: x}, condition: s}\n");
    add(&f, "t.yaml");
    compile(&f);
    assert_int_equal(f.diags.errors, 100000);
    assert_int_equal(f.diags.count, LIMIT_DIAGS_PER_FILE);
    assert_says(&f, "t.yaml:3:20: error[modifier]: there is no modifier \"no\"");
    assert_says(&f, "t.yaml: 99900 more of this file are not shown\n");
    unload(&f);
}

/* Warnings in front do not take the room of a mistake, and what is left out is counted file by file. */
static void what_is_not_shown_is_counted(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (unsigned k = 0; k < 2; k++) {
        buf_add_c(&f.source, "title: T\n" WINDOWS "detection:\n");
        for (unsigned i = 0; i <= LIMIT_DIAGS_PER_FILE + 7; i++)
            buf_add_format(&f.source, "  s%u: {A: 1}\n", i); /* all but the first are not used, which is a warning */
        buf_add_c(&f.source, "  condition: s0\n---\ntitle: T\n" WINDOWS "detection: {s: {B|no: 1}, condition: s}\n");
        add(&f, k ? "second.yaml" : "first.yaml");
    }
    compile(&f);
    assert_int_equal(f.diags.warnings, 2 * (LIMIT_DIAGS_PER_FILE + 7));
    assert_int_equal(times(f.printed.p, "warning["), 2 * LIMIT_DIAGS_PER_FILE);
    assert_int_equal(times(f.printed.p, "error[modifier]: there is no modifier \"no\""), 2);
    assert_int_equal(times(f.printed.p, "first.yaml: 7 more of this file are not shown\n"), 1);
    assert_int_equal(times(f.printed.p, "second.yaml: 7 more of this file are not shown\n"), 1);
    assert_null(strstr(f.printed.p, "other files"));
    unload(&f);
}

static void the_mistakes_of_all_files_have_an_end(void **state)
{
    (void)state;
    struct fixture f;
    char path[32];
    begin(&f);
    for (unsigned i = 0; i < LIMIT_DIAGS + 5; i++) {
        snprintf(path, sizeof path, "%u.yaml", i);
        buf_add_c(&f.source, "title: T\n" WINDOWS "detection: {s: {A: 1}}\n");
        add(&f, path);
    }
    compile(&f);
    assert_int_equal(f.diags.errors, LIMIT_DIAGS + 5);
    assert_int_equal(f.diags.count, LIMIT_DIAGS);
    assert_says(&f, "\n5 more of other files are not shown\n");
    unload(&f);
}

#define CORRELATION(text) RULE("A", "1") "name: a\n---\ntitle: C\ncorrelation:\n" text

/* Each mistake once, none that is not there. */
static void correlations_tell_all_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        size_t errors;
        const char *says[6];
    } cases[] = {
        { CORRELATION("  type: event_count\n  rules: [a, b]\n  timespan: 5 minutes\n  group-by: {x: y}\n"
                      "  condition: {gte: many, most: 3}\n"), 5,
          { "this is no span of time", "write a field or a list", "this is no number",
            "there is no operator of this name", "\"b\" is the id or name of no rule" } },
        { CORRELATION("  type: value_percentile\n  rules: [a]\n  timespan: 5m\n"
                      "  condition: {field: Bytes, percentile: 101, gte: 3}\n"), 1,
          { "a percentile is a number from 0 to 100" } },
        { CORRELATION("  type: value_percentile\n  rules: [a]\n  timespan: 5m\n"
                      "  condition: {field: Bytes, gte: 3}\n"), 1,
          { "the condition does not say which percentile" } },
        { CORRELATION("  type: count\n  rules: [a, b]\n"), 3,
          { "evscan does not know this type", "the correlation has no timespan",
            "\"b\" is the id or name of no rule" } },
        { CORRELATION("  type: temporal\n  rules: [a, a2]\n  timespan: 5m\n  condition: a and b and c\n"), 3,
          { "`rules` does not list \"b\"", "`rules` does not list \"c\"", "\"a2\" is the id or name of no rule" } },
        { CORRELATION("  type: event_count\n  rules: [a]\n  condition: {gte: 2}\nname: c\n---\ntitle: D\n"
                      "correlation: {type: event_count, rules: [c], timespan: 1m, condition: {gte: 2}}\n"), 2,
          { "the correlation has no timespan", "\"c\" is a correlation that was refused" } },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture f;
        load(&f, cases[i].source);
        if (f.diags.errors != cases[i].errors)
            fail_msg("case %zu: %s", i, f.printed.p);
        for (size_t k = 0; cases[i].says[k]; k++)
            assert_says(&f, cases[i].says[k]);
        assert_int_equal(f.rules->correlation_count, 0);
        unload(&f);
    }
}

/* A correlation with mistakes is known by its name, but takes it from no rule. */
static void a_refused_correlation_takes_no_name(void **state)
{
    (void)state;
    struct fixture f;
    uint32_t rule = 9;
    load(&f, "title: C\nname: same\ncorrelation: {type: event_count, rules: [same], condition: {gte: 2}}\n---\n"
             RULE("A", "1") "name: same\n");
    assert_int_equal(f.diags.errors, 1);
    assert_true(ruleset_find(f.rules, TEXT("same"), &rule));
    assert_int_equal(rule, 0);
    unload(&f);
}

static void conditions_are_bounded_together(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    buf_add_c(&f.source, "title: T\n" WINDOWS "detection:\n");
    for (unsigned i = 0; i < 4000; i++)
        buf_add_format(&f.source, "  s%u: {A: 1}\n", i);
    buf_add_c(&f.source, "  condition:\n");
    for (unsigned i = 0; i < 5000; i++) /* each below the limit of terms, all far above */
        buf_add_c(&f.source, "    - 1 of s* or all of s*\n");
    add(&f, "t.yaml");
    compile(&f);
    assert_int_equal(f.diags.errors, 1);
    assert_says(&f, "the condition has too many terms");
    assert_in_range(f.rules->arena.total, 1, 100 * MIB);
    unload(&f);

    begin(&f);
    buf_add_c(&f.source, "title: T\n" WINDOWS "detection:\n");
    for (unsigned i = 0; i < 4000; i++)
        buf_add_format(&f.source, "  s%u: {A: 1}\n", i);
    buf_add_c(&f.source, "  condition: s0");
    for (unsigned i = 0; i < 60000; i++) /* of one selection each */
        buf_add_format(&f.source, " or 1 of s%u*", 1000 + i % 1000);
    add(&f, "t.yaml");
    compile(&f);
    assert_int_equal(f.diags.errors, 1);
    assert_says(&f, "the conditions have too many patterns");
    unload(&f);
}

/* `form` has two numbers: of the field, of the value. */
static void add_maps(struct fixture *f, const char *title, const char *form, unsigned fields, unsigned count)
{
    buf_add_format(&f->source, "%stitle: %s\n" WINDOWS "detection:\n  condition: s\n  s:\n", f->source.n ? "---\n" : "",
                   title);
    for (unsigned i = 0; i < count; i++)
        buf_add_format(&f->source, form, i % fields, i);
}

/* A rule pays for each of its fields in every event; another rule begins anew. */
static void fields_of_a_rule_are_bounded(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add_maps(&f, "A", "    - {A%u: %u}\n", LIMIT_RULE_FIELDS, 2000);
    add_maps(&f, "B", "    - {B%u: %u}\n", LIMIT_RULE_FIELDS, LIMIT_RULE_FIELDS);
    add(&f, "enough.yaml");
    assert_int_equal(f.diags.errors, 0);
    add_maps(&f, "C", "    - {C%u: %u}\n", 100000, 100000);
    add(&f, "maps.yaml");
    add_maps(&f, "D", "    - {Computer|fieldref: D%u, N: %u}\n", 100000, 100000);
    add(&f, "references.yaml");
    compile(&f);
    assert_int_equal(f.diags.errors, 2);
    assert_says(&f, "maps.yaml:262:8: error[detection]: more than 256 different fields in one rule\n"
                    "        - {C256: 256}\n           ^\n");
    assert_says(&f, "references.yaml:260:27: error[detection]: more than 256 different fields in one rule");
    assert_int_equal(f.rules->rule_count, 2);
    assert_true(f.rules->field_count < 2000);
    unload(&f);
}

/* One look at the field instead of one for each map, and long lists are sorted. */
static void maps_of_one_field_are_one(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, "title: T\n" WINDOWS "detection:\n  s:\n    - {A: x}\n    - {B: 1, A: 2}\n    - {B: y}\n"
             "    - {A|contains: z}\n    - {A|neq: v}\n    - {A|all: [p, q]}\n    - {A: [1, 2]}\n  condition: s\n");
    assert_int_equal(f.diags.errors, 0);
    const struct expr *list = f.rules->rules[0].condition->children[0];
    assert_int_equal(list->kind, EXPR_OR);
    assert_int_equal(list->count, 5);
    assert_int_equal(list->children[0]->kind, EXPR_ITEM);
    assert_int_equal(list->children[0]->item->count, 4); /* x, z, 1, 2 */
    assert_int_equal(list->children[1]->count, 2);
    unload(&f);

    begin(&f);
    add_maps(&f, "A", "    - {A%u: v%u}\n", 1, 100000);
    add(&f, "t.yaml");
    compile(&f);
    assert_int_equal(f.diags.errors, 0);
    list = f.rules->rules[0].condition->children[0];
    assert_int_equal(list->count, 1);
    assert_int_equal(list->children[0]->item->sieve->text_count, 100000);
    unload(&f);
}

static void texts_that_values_stand_for_are_bounded(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (unsigned i = 0; i < 4000; i++) {
        char word[16];
        snprintf(word, sizeof word, "w%u", i);
        ruleset_add_placeholder(f.builder, TEXT("p"), text_from(word));
    }
    buf_add_c(&f.source, "title: T\n" WINDOWS "detection:\n  s:\n    A|expand:\n");
    for (unsigned i = 0; i < 20000; i++)
        buf_add_format(&f.source, "      - '%%p%% %u'\n", i);
    buf_add_c(&f.source, "  condition: s\n");
    add(&f, "expand.yaml");
    buf_add_c(&f.source, "title: T\n" WINDOWS "detection:\n  s:\n    A|windash|base64offset|contains:\n");
    for (unsigned i = 0; i < 20000; i++)
        buf_add_format(&f.source, "      - ' -a -b -c -d %u'\n", i);
    buf_add_c(&f.source, "  condition: s\n");
    add(&f, "windash.yaml");
    compile(&f);
    assert_says(&f, "expand.yaml");
    assert_says(&f, "windash.yaml");
    assert_says(&f, "placeholders and dashes of the rules stand for take more than 16 MiB");
    assert_in_range(f.rules->arena.total, 1, 500 * MIB);
    unload(&f);
}

/* A text with many literal signs grows piece by piece: its copies are counted. */
static void long_texts_with_many_pieces_are_bounded(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    buf_add_c(&f.source, "title: T\n" WINDOWS "detection: {s: {A|expand: '");
    for (unsigned i = 0; i < 1000000; i++)
        buf_add_c(&f.source, "\\%ab");
    buf_add_c(&f.source, "'}, condition: s}\n");
    add(&f, "t.yaml");
    compile(&f);
    assert_int_equal(f.diags.errors, 1);
    assert_says(&f, "stand for take more than 16 MiB");
    unload(&f);
}

static void equal_expressions_are_one(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, "title: T\n" WINDOWS "detection: {s: {A|re: 'a.b', B|re: 'a.b', C|re|i: 'a.b', D|re: \"a.b\\0c\", "
             "E|re: \"a.b\\0d\"}, t: {A|re: 'a.b'}, condition: s or t}\n");
    assert_int_equal(f.diags.errors, 0);
    assert_int_equal(f.rules->regex_count, 4);
    unload(&f);

    load(&f, "title: T\n" WINDOWS "detection: {s: {A|re: '(', B|re: '(', C|re: 'x'}, condition: s}\n");
    assert_int_equal(f.diags.errors, 2); /* each place is told */
    unload(&f);
}

/* Some twenty characters of expression, some twenty KiB of code. */
static void the_code_of_expressions_is_bounded(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    buf_add_c(&f.source, "title: T\n" WINDOWS "detection:\n  s:\n    A|re:\n");
    for (unsigned i = 0; i < 9000; i++)
        buf_add_format(&f.source, "      - '((a|b|c){30}x%u){30}'\n", i);
    buf_add_c(&f.source, "  condition: s\n");
    add(&f, "t.yaml");
    compile(&f);
    assert_says(&f, "the regular expressions of the rules take more than 128 MiB");
    unload(&f);
}

static void ways_are_counted_from_above(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        uint64_t ways;
    } cases[] = {
        { "abc", 1 }, { "", 1 }, { "a*", 100 }, { "a+?b", 100 }, { "a++b", 100 }, { "a*b*", 10000 }, { "a?b?", 4 },
        { "a|b|c", 3 }, { "(a|b)(c|d)", 4 }, { "(?:abc)*", 100 }, { "(?i)abc(?<n>x)+", 100 }, { "a{3}", 1 },
        { "a{3,5}", 3 }, { "a{3,}", 100 }, { "a{,5}", 6 }, { "a{x}", 1 }, { "a{2,1}", 1 }, { "\\*\\+\\(x", 1 },
        { "[*+(]]x*", 100 }, { "[]*+(]", 1 }, { "[^]*]", 1 }, { "[[:alpha:]*]x?", 2 }, { "[\\]*]", 1 },
        { "\\d*\\s*", 10000 },
        { "(a*)*", REGEX_WAYS_MANY }, { "(a|ab)*c", REGEX_WAYS_MANY }, { "(a?){9}", REGEX_WAYS_MANY }, { "(a?)?", 4 },
        { "(a)\\1", REGEX_WAYS_MANY }, { "(a(?1)?b)", REGEX_WAYS_MANY }, { "(?R)", REGEX_WAYS_MANY },
        { "(a", REGEX_WAYS_MANY }, { "a)", REGEX_WAYS_MANY }, { "\\p{L}*", 100 }, { "\\x{41}*b", 100 },
        { "(?=a*)b", 100 }, { "(?<=a)b*", 100 },
        { "[a", 1 }, { "\\", 1 }, { "(?", REGEX_WAYS_MANY }, { "a{", 1 }, { "(*LIMIT_MATCH=1)a", REGEX_WAYS_MANY },
        { "((((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))))))", REGEX_WAYS_MANY },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (regex_ways(text_from(cases[i].pattern), 100) != cases[i].ways)
            fail_msg("%s: %llu", cases[i].pattern, (unsigned long long)regex_ways(text_from(cases[i].pattern), 100));
}

static bool gives_up(const pcre2_code *code, pcre2_match_data *data, pcre2_match_context *limits, const char *pair)
{
    char subject[257];
    for (size_t i = 0; i < 256; i++)
        subject[i] = pair[i % 2];
    subject[256] = '\x01';
    int result = pcre2_match(code, (PCRE2_SPTR)subject, sizeof subject, 0, PCRE2_NO_JIT, data, limits);
    return result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT;
}

/* Random expressions: those with few ways never give up. */
static void few_ways_are_soon_tried(void **state)
{
    (void)state;
    static const char *const pieces[] = { "a", "b", "c", ".", "[ab]", "\\w", "(", "(?:", ")", ")", "|", "*", "+", "?", "{2,9}",
                                          "{3}", "^", "$", "\\b", "(?=", "*?" };
    static const char *const pairs[] = { "aa", "ab", "bb", "ca" };
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    uint32_t seed = 1, few = 0;
    pcre2_set_match_limit(limits, LIMIT_REGEX_MATCH);
    pcre2_set_depth_limit(limits, LIMIT_REGEX_DEPTH);
    for (unsigned n = 0; n < RANDOM_EXPRESSIONS; n++) {
        char pattern[128] = "";
        int error;
        size_t at;
        for (unsigned i = 0, length = n % 24; i < length; i++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(pattern, pieces[(seed >> 16) % COUNT_OF(pieces)]);
        }
        bool is_few = regex_ways(text_from(pattern), 256) <= LIMIT_REGEX_MATCH / 256 / 4;
        pcre2_code *code =
            is_few ? pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, 0, &error, &at, NULL) : NULL;
        few += code != NULL;
        for (size_t i = 0; code && i < COUNT_OF(pairs); i++)
            if (gives_up(code, data, limits, pairs[i]))
                fail_msg("%s gives up", pattern);
        pcre2_code_free(code);
    }
    assert_true(few > RANDOM_EXPRESSIONS / 20);
    pcre2_match_data_free(data);
    pcre2_match_context_free(limits);
}

static size_t strained(const char *head, const char *piece, size_t count, struct fixture *f)
{
    begin(f);
    ruleset_be_thorough(f->builder);
    buf_add_c(&f->source, head);
    for (size_t i = 0; i < count; i++)
        buf_add_format(&f->source, piece, i);
    buf_add_c(&f->source, "  condition: s\n");
    add(f, "t.yaml");
    compile(f);
    return times(f->printed.p, "the expression gives up on a value");
}

#define EXPRESSIONS "title: T\n" WINDOWS "detection:\n  s:\n    A|re:\n"

static void expressions_are_tried_within_limits(void **state)
{
    (void)state;
    struct fixture f;
    assert_int_equal(strained(EXPRESSIONS, "      - '(a+)+%zu'\n", 3, &f), 3);
    unload(&f);
    assert_int_equal(strained(EXPRESSIONS, "      - 'a+b+%zu|x.*y'\n", 3, &f), 0);
    assert_int_equal(f.diags.warnings, 0);
    unload(&f);
    assert_int_equal(strained(EXPRESSIONS, "      - '^[a-z0 ]+[a-z0 ]+x%zu'\n", 3000, &f), 0);
    assert_says(&f, "there are too many expressions: whether this one and those behind it give up is not known");
    assert_int_equal(f.diags.warnings, 1);
    unload(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_stand_side_by_side),
        cmocka_unit_test(filters_do_not_multiply),
        cmocka_unit_test(rules_of_a_template_share_it),
        cmocka_unit_test(templates_do_not_multiply),
        cmocka_unit_test(mistakes_on_one_line_are_soon_found),
        cmocka_unit_test(what_is_not_shown_is_counted),
        cmocka_unit_test(the_mistakes_of_all_files_have_an_end),
        cmocka_unit_test(correlations_tell_all_mistakes),
        cmocka_unit_test(a_refused_correlation_takes_no_name),
        cmocka_unit_test(conditions_are_bounded_together),
        cmocka_unit_test(fields_of_a_rule_are_bounded),
        cmocka_unit_test(maps_of_one_field_are_one),
        cmocka_unit_test(texts_that_values_stand_for_are_bounded),
        cmocka_unit_test(long_texts_with_many_pieces_are_bounded),
        cmocka_unit_test(equal_expressions_are_one),
        cmocka_unit_test(the_code_of_expressions_is_bounded),
        cmocka_unit_test(ways_are_counted_from_above),
        cmocka_unit_test(few_ways_are_soon_tried),
        cmocka_unit_test(expressions_are_tried_within_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
