/*
 * Texts that a rule needs, and rules that are not looked at without them: the same matches as without any of it, over
 * random rules and events.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "lazy_event.h"
#include "naive.h"
#include "rule/fold.h"
#include "rule/needle.h"

static uint32_t seed = 1;

static uint32_t pick(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

#define PICK(list) ((list)[pick((uint32_t)COUNT_OF(list))])

static const char *const fields[] = { "Fa", "Fb", "Fc", "Fd", "Image", "EventID", "Provider_Name", "Channel" };

/* Few, so that rules and events meet; with letters whose case is not that of ASCII. */
static const char *const pieces[] = {
    "abc", "ABCD", "bcda", "x", "ab", "Stra\xC3\x9F\x65", "\xC3\x89t\xC3\xA9", "\xC5\xBF", "\xE2\x84\xAA\x65lvin",
    "kelvin",
    "-run", "/run", "+", "\xE2\x80\x93run", "1", "4", "true", ".exe", "C:\\", "\xF0\x9F\x98\x80", "\xE2\x98\xBA",
};

static const char *const modifiers[] = {
    "", "", "|contains", "|startswith", "|endswith", "|contains|all", "|contains|cased", "|cased", "|re", "|re|i",
    "|windash|contains", "|endswith|windash", "|exists", "|neq", "|contains|neq", "|base64offset|contains", "|gt",
    "|fieldref", "|startswith|cased",
};

static const char *const regex_pieces[] = {
    "abc", "ABCD", "a?", "b+", "(abc|x)", "[a-c]", ".", ".*", "^", "$", "|", "\\.exe", "(?i)", "(?:ab)*", "ab{2}",
    "x{1,2}",
    "kelvin", "\\d", "\\bab", "[]a]", "(?<n>bcd)", "\xC3\xA9", "\\x61", "a{b|c}", "\\Qa|b\\E", "(?#x)", "(a(b)c)+",
    "[^\\]]",
    "Stra\xC3\x9F\x65", "ss", "a++", "bc+?", "(?=abc)", "(?!abc)", "[[:alpha:]|]", "\\(x", "(?x) a b c", "c*?da",
    "(abc|b[cx]d|-run)", "(?:bcd|(a|x)bc)", "(ab|c?)", "[aA][bx]", "(?i:run|x)", "(?=b)",
    "(?<!x)", "{2}", "|abc", "(k|ab)d",
    "(abc|s)+", "(?>ab|abc)", "\\b", "\\s", "\\n?", "[^a]", "(.|\\n)", ".*", "\\W+", "\\+", "4", "1", ".*?", ".*+",
    "\n", "1.*\n4", "4.*?\n1", "[\\c]x]", "[b\\c\\]]", "\\cAab",
};

static const char *const conditions[] = {
    "s1", "s1", "s1 and s2", "s1 or s2", "s1 and not s2", "not s1", "1 of s*", "all of s*", "(s1 or s2) and not s3",
    "not (s1 and s2)", "s3 or (s1 and s2)", "not not s1", "s1 and 2 of s*",
};

static void text_add(struct buf *out, bool pattern)
{
    for (uint32_t n = 1 + pick(3); n > 0; n--) {
        if (pattern && pick(6) == 0)
            buf_add_c(out, pick(2) ? "*" : "?");
        buf_add_c(out, PICK(pieces));
    }
}

static void regex_add(struct buf *out)
{
    for (uint32_t n = 1 + pick(4); n > 0; n--)
        buf_add_c(out, PICK(regex_pieces));
}

static void value_add(struct buf *out, const char *modifier)
{
    if (strcmp(modifier, "|exists") == 0) {
        buf_add_c(out, pick(2) ? "true" : "false");
        return;
    }
    if (strcmp(modifier, "|gt") == 0) {
        buf_add_format(out, "%u", pick(5));
        return;
    }
    if (pick(12) == 0 && !*modifier) {
        buf_add_c(out, pick(2) ? "null" : "''");
        return;
    }
    buf_add_c(out, "'");
    if (strncmp(modifier, "|re", 3) == 0)
        regex_add(out);
    else if (strcmp(modifier, "|fieldref") == 0)
        buf_add_c(out, PICK(fields));
    else
        text_add(out, strstr(modifier, "base64") == NULL);
    buf_add_c(out, "'");
}

static void values_add(struct buf *out, const char *modifier)
{
    uint32_t n = strstr(modifier, "exists") ? 1 : 1 + pick(4);
    buf_add_c(out, n > 1 ? "[" : "");
    for (uint32_t i = 0; i < n; i++) {
        buf_add_c(out, i ? ", " : "");
        value_add(out, modifier);
    }
    buf_add_c(out, n > 1 ? "]" : "");
}

static void selection_add(struct buf *out, unsigned number)
{
    uint32_t first = pick(COUNT_OF(fields)), n = 1 + pick(2);
    buf_add_format(out, "  s%u:", number);
    if (pick(6) == 0) {
        buf_add_c(out, " [");
        value_add(out, "|contains");
        buf_add_c(out, ", ");
        value_add(out, "|contains");
        buf_add_c(out, "]\n");
        return;
    }
    buf_add_c(out, "\n");
    for (uint32_t i = 0; i < n; i++) {
        const char *modifier = PICK(modifiers);
        buf_add_format(out, "    %s%s: ", fields[(first + i) % COUNT_OF(fields)], modifier);
        values_add(out, modifier);
        buf_add_c(out, "\n");
    }
}

static void rule_text(struct buf *out, unsigned number)
{
    static const char *const sources[] = { "product: windows", "product: windows, service: system",
                                           "product: windows, category: process_creation" };
    buf_add_format(out, "title: R%u\nlogsource: {%s}\ndetection:\n", number, PICK(sources));
    for (unsigned i = 1; i <= 3; i++)
        selection_add(out, i);
    buf_add_format(out, "  condition: %s\n", PICK(conditions));
}

/* Rules that are refused are left out: not every value suits every modifier. */
static struct ruleset *random_rules(unsigned count)
{
    struct arena arena;
    struct diags diags;
    struct yaml_file file;
    struct buf text;
    struct ruleset_builder *b = ruleset_builder_new();
    arena_init(&arena);
    diags_init(&diags, &arena);
    for (unsigned i = 0; i < count; i++) {
        buf_init(&text);
        rule_text(&text, i);
        if (yaml_parse(&arena, TEXT("random.yaml"), buf_text(&text), &diags, &file))
            ruleset_add_file(b, &file, false, &diags);
        buf_done(&text);
    }
    struct ruleset *rules = ruleset_compile(b, &diags);
    ruleset_builder_free(b);
    arena_done(&arena);
    return rules;
}

#define EVENT_FIELDS 4

struct random_event {
    struct event event;
    struct event_field fields[EVENT_FIELDS];
    struct buf values[EVENT_FIELDS];
};

static void random_event(struct random_event *e)
{
    static const char *const names[] = { "Fa", "Fb", "Fc", "Fd", "FA", "F_b", "NewProcessName", "Data" };
    static const char *const providers[] = { "abc", "Microsoft-Windows-Security-Auditing", "Tcpip" };
    static const char *const channels[] = { "Security", "System", "" };
    static const uint32_t ids[] = { 1, 4, 4688, EVENT_ID_NONE };
    *e = (struct random_event){ .event.key = { text_from(PICK(providers)), text_from(PICK(channels)), TEXT("NODE1"),
                                               PICK(ids), 2, 1, 1 } };
    for (size_t i = 0; i < EVENT_FIELDS; i++) {
        buf_init(&e->values[i]);
        if (pick(8))
            text_add(&e->values[i], true);
        if (pick(50) == 0)
            buf_add_c(&e->values[i], "\xE2\x82");
        e->fields[i] = (struct event_field){ text_from(PICK(names)), buf_text(&e->values[i]), EVENT_DATA };
    }
    e->event.fields = e->fields;
    e->event.field_count = EVENT_FIELDS;
}

static void event_done(struct random_event *e)
{
    for (size_t i = 0; i < EVENT_FIELDS; i++)
        buf_done(&e->values[i]);
}

static size_t gates_of(const struct ruleset *rules)
{
    size_t n = 0;
    for (size_t i = 0; i < rules->rule_count; i++)
        n += rules->rules[i].gate_texts > 0;
    return n;
}

#define OUTLINES 4

struct outlines {
    struct random_event events[OUTLINES];
    struct lazy_outline items[OUTLINES];
};

static void outlines_init(struct outlines *o)
{
    static const enum value_kind kinds[] = { KIND_FIXED, KIND_UTF16, KIND_UTF16, KIND_UTF16, KIND_OTHER };
    for (size_t i = 0; i < OUTLINES; i++) {
        random_event(&o->events[i]);
        enum value_kind chosen[EVENT_FIELDS];
        for (size_t k = 0; k < EVENT_FIELDS; k++)
            chosen[k] = PICK(kinds);
        lazy_outline_init(&o->items[i], &o->events[i].event, chosen);
    }
}

static void outlines_done(struct outlines *o)
{
    for (size_t i = 0; i < OUTLINES; i++)
        event_done(&o->events[i]);
}

/* The same event, its values to be asked for, under the names of one of few outlines. */
static bool matches_lazily(struct matcher *m, struct matcher *naive, const struct event *e, const struct outlines *o,
                           uint32_t *hits)
{
    struct arena arena;
    struct lazy_event l;
    size_t count;
    arena_init(&arena);
    lazy_event_init(&l, &PICK(o->items), e, &arena);
    bool same = matches_like_naive(m, naive, &l.lazy, hits, &count);
    arena_done(&arena);
    return same;
}

static size_t compare_set(const struct ruleset *rules)
{
    struct matcher *m = matcher_new(rules), *naive = matcher_new(rules);
    uint32_t *hits = memory_new((rules->rule_count + 1) * sizeof *hits);
    size_t matched = 0;
    struct outlines outlines;
    outlines_init(&outlines);
    for (unsigned i = 0; i < 60; i++) {
        struct random_event e;
        size_t count;
        uint32_t before = seed;
        random_event(&e);
        if (!matches_like_naive(m, naive, &e.event, hits, &count))
            fail_msg("an event made with seed %u matches other rules than it should", before);
        if (!matches_lazily(m, naive, &e.event, &outlines, hits))
            fail_msg("with its values to be asked for, an event made with seed %u matches other rules", before);
        matched += count;
        event_done(&e);
    }
    outlines_done(&outlines);
    free(hits);
    matcher_free(m);
    matcher_free(naive);
    return matched;
}

static void random_rules_match_as_if_each_was_evaluated(void **state)
{
    (void)state;
    size_t rules_seen = 0, gates = 0, matched = 0;
    for (unsigned round = 0; round < 150; round++) {
        struct ruleset *rules = random_rules(8 + pick(60));
        matched += compare_set(rules);
        rules_seen += rules->rule_count;
        gates += gates_of(rules);
        ruleset_free(rules);
    }
    /* Else the comparison says nothing. */
    assert_true(rules_seen > 2000);
    assert_true(gates > rules_seen / 8);
    assert_true(matched > 10000);
}

static pcre2_code *compile(struct text pattern, bool ignore_case)
{
    int error;
    PCRE2_SIZE at;
    return pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, PCRE2_MATCH_INVALID_UTF | (ignore_case ? PCRE2_CASELESS : 0),
                         &error, &at, NULL);
}

static bool matches(pcre2_code *code, struct text t, pcre2_match_data *data)
{
    return pcre2_match(code, (PCRE2_SPTR)(t.p ? t.p : ""), t.n, 0, 0, data, NULL) >= 0;
}

static bool holds(struct text t, struct text needle)
{
    for (size_t at = 0; at + needle.n <= t.n; at++)
        if (memcmp(t.p + at, needle.p, needle.n) == 0)
            return true;
    return needle.n == 0;
}

static bool holds_some(struct text t, const struct needles *n)
{
    bool any = n->some_count == 0;
    for (size_t i = 0; i < n->some_count && !any; i++)
        any = holds(t, n->some[i]);
    return any;
}

/* Texts of pieces, so that many of them match. */
static size_t search_texts(struct arena *arena, struct text pattern, pcre2_code *code, const struct needles *n,
                           size_t *exact, pcre2_match_data *data)
{
    static const char *const between[] = { "", "", "\n", "\n\n" };
    size_t matched = 0;
    for (unsigned i = 0; i < 40; i++) {
        struct buf t;
        buf_init(&t);
        text_add(&t, false);
        buf_add_c(&t, PICK(between));
        text_add(&t, false);
        bool match = matches(code, buf_text(&t), data);
        struct text folded = fold_keep(arena, buf_text(&t));
        if (match && !(holds(folded, n->longest) && holds_some(folded, n) && needles_stand_in(n, folded)))
            fail_msg("\"%.*s\" matches \"%.*s\" without its texts", TEXT_ARG(buf_text(&t)), TEXT_ARG(pattern));
        if (!match && n->exact && utf8_valid(buf_text(&t)) && needles_stand_in(n, folded))
            fail_msg("\"%.*s\" does not match", TEXT_ARG(buf_text(&t)));
        *exact += n->exact;
        matched += match;
        buf_done(&t);
    }
    return matched;
}

static void every_match_of_an_expression_holds_its_needle(void **state)
{
    (void)state;
    size_t needles = 0, ordered = 0, some = 0, exact = 0, matched = 0;
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    for (unsigned round = 0; round < 20000; round++) {
        struct arena arena;
        struct buf pattern;
        bool ignore_case = pick(2);
        arena_init(&arena);
        buf_init(&pattern);
        regex_add(&pattern);
        pcre2_code *code = compile(buf_text(&pattern), ignore_case);
        struct needles n = { .count = 0 };
        if (code)
            n = regex_needles(&arena, buf_text(&pattern), ignore_case, false);
        needles += n.count > 0;
        ordered += n.count > 1;
        some += n.some_count > 1;
        if (n.count || n.some_count)
            matched += search_texts(&arena, buf_text(&pattern), code, &n, &exact, data);
        pcre2_code_free(code);
        buf_done(&pattern);
        arena_done(&arena);
    }
    pcre2_match_data_free(data);
    assert_true(needles > 1000);
    assert_true(ordered > 500);
    assert_true(some > 500);
    assert_true(exact > 1000);
    assert_true(matched > 1000);
}

/* Behind so many short texts a rule has no gate, rather than half of one. */
static void short_texts_are_counted(void **state)
{
    (void)state;
    struct arena arena;
    struct diags diags;
    struct yaml_file file;
    struct buf text;
    arena_init(&arena);
    diags_init(&diags, &arena);
    buf_init(&text);
    buf_add_c(&text, "title: R\nlogsource: {product: windows}\ndetection:\n  condition: s\n  s:\n    Fa|contains:\n");
    for (unsigned i = 0; i < LIMIT_SHORT_TEXTS + 44; i++)
        buf_add_format(&text, "      - '%c%c'\n", 'a' + (int)(i / 26), 'a' + (int)(i % 26));
    struct ruleset_builder *b = ruleset_builder_new();
    assert_true(yaml_parse(&arena, TEXT("short.yaml"), buf_text(&text), &diags, &file));
    ruleset_add_file(b, &file, false, &diags);
    struct ruleset *rules = ruleset_compile(b, &diags);
    ruleset_builder_free(b);
    assert_int_equal(diags.errors, 0);
    assert_int_equal(gates_of(rules), 0);
    ruleset_free(rules);
    buf_done(&text);
    arena_done(&arena);
}

static void mark(void *ctx, uint32_t literal)
{
    ((bool *)ctx)[literal] = true;
}

/* Found are exactly the texts that stand in the value where they must. */
static void a_search_finds_what_stands_in_the_value(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 200; round++) {
        struct literal_use uses[64];
        struct literals literals;
        struct arena arena;
        arena_init(&arena);
        for (uint32_t i = 0; i < COUNT_OF(uses); i++) {
            struct buf b;
            buf_init(&b);
            text_add(&b, false);
            buf_add_c(&b, pick(3) ? "abc" : "");
            uses[i] = (struct literal_use){ pick(3), i, text_keep(&arena, buf_text(&b)), pick(2), pick(2) };
            buf_done(&b);
        }
        struct literal_use sorted[64];
        memcpy(sorted, uses, sizeof uses);
        literals_build(&arena, sorted, COUNT_OF(uses), 3, &literals);
        for (unsigned k = 0; k < 50; k++) {
            bool found[64] = { false };
            struct buf b;
            uint32_t field = pick(3);
            buf_init(&b);
            text_add(&b, false);
            buf_add_c(&b, pick(3) ? "abc" : "");
            buf_add_c(&b, pick(2) ? "x" : "");
            literals_search(&literals, field, buf_text(&b), mark, found);
            bool by_rule[64] = { false };
            for (size_t i = 0; i < literals.count; i++)
                for (uint32_t r = 0; found[i] && r < literals.items[i].count; r++)
                    by_rule[literals.rules[literals.items[i].first + r]] = true;
            for (size_t i = 0; i < COUNT_OF(uses); i++) {
                const struct literal_use *u = &uses[i];
                struct text t = buf_text(&b);
                bool there = u->at_start && u->at_end ? text_equal(t, u->bytes)
                             : u->at_start            ? text_starts_with(t, u->bytes)
                             : u->at_end              ? text_ends_with(t, u->bytes)
                                                      : holds(t, u->bytes);
                assert_int_equal(by_rule[i], there && u->field == field);
            }
            buf_done(&b);
        }
        arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_rules_match_as_if_each_was_evaluated),
        cmocka_unit_test(every_match_of_an_expression_holds_its_needle),
        cmocka_unit_test(short_texts_are_counted),
        cmocka_unit_test(a_search_finds_what_stands_in_the_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
