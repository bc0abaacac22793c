/*
 * cases.c - runs a file of cases: a rule, events, and which of them it must report, or what must be wrong
 * with it.
 *
 * cases FILE..    the format stands at the top of language.yaml
 *
 * A file that does not exist is skipped (77).
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "corr/correlate.h"
#include "match/matching.h"
#include "rule/example.h"

#define SKIPPED 77

struct totals {
    size_t passed, failed;
};

/* One case in the course of being run. */
struct run {
    struct arena arena;
    struct diags diags;
    struct ruleset *rules;
    struct matcher *matcher, *unscreened;
    size_t event_count;
    struct buf failure; /* empty: passed */
};

static bool is_true(const struct yaml_node *node)
{
    return node && node->kind == YAML_SCALAR && text_equal(node->text, TEXT("true"));
}

static void add_placeholders(struct ruleset_builder *b, const struct yaml_node *config)
{
    const struct yaml_node *map = yaml_get(config, "placeholders");
    for (size_t i = 0; map && i < map->count; i++)
        for (size_t k = 0; k < map->items[i]->count; k++)
            ruleset_add_placeholder(b, map->keys[i]->text, map->items[i]->items[k]->text);
}

static void load(struct run *r, const struct yaml_node *one)
{
    const struct yaml_node *rule = yaml_get(one, "rule");
    struct ruleset_builder *b = ruleset_builder_new();
    struct yaml_file file;
    add_placeholders(b, yaml_get(one, "config"));
    if (yaml_parse(&r->arena, TEXT("rule"), rule->text, &r->diags, &file))
        ruleset_add_file(b, &file, is_true(yaml_get(one, "own")), &r->diags);
    r->rules = ruleset_compile(b, &r->diags);
    ruleset_builder_free(b);
    r->matcher = matcher_new(r->rules);
    r->unscreened = matcher_new(r->rules);
}

static uint32_t number_or(struct text t, uint32_t otherwise)
{
    uint64_t n;
    return text_to_u64(t, &n) && n < EVENT_ID_NONE ? (uint32_t)n : otherwise;
}

static bool is_expected(const struct yaml_node *indices, size_t event)
{
    for (size_t i = 0; indices && i < indices->count; i++)
        if (number_or(indices->items[i]->text, EVENT_ID_NONE) == event)
            return true;
    return false;
}

/* A list is about the only rule, a map is by title. */
static const struct yaml_node *expected_of(const struct yaml_node *expect, struct text title)
{
    if (!expect || expect->kind == YAML_SEQUENCE)
        return expect;
    for (size_t i = 0; i < expect->count; i++)
        if (text_equal(expect->keys[i]->text, title))
            return expect->items[i];
    return NULL;
}

/* Two rules of one title, made by a template, count as one. */
static bool is_hit(const struct run *r, const uint32_t *hits, size_t count, struct text title)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(ruleset_info(r->rules, hits[i])->title, title))
            return true;
    return false;
}

/* Every rule without asking the screen first must give the same. */
static void check_screen(struct run *r, const struct event *event, size_t index, size_t count)
{
    size_t without = 0;
    matcher_begin(r->unscreened, &event->key, event);
    for (uint32_t rule = 0; rule < ruleset_count(r->rules); rule++)
        without += r->rules->rules[rule].applicable && rule_evaluate(r->unscreened, rule) == YES;
    if (without != count)
        buf_add_format(&r->failure, "  event %zu: the screen hides what matches\n", index);
}

static void check_event(struct run *r, const struct yaml_node *expect, const struct event *event,
                        size_t index)
{
    struct notices notices;
    size_t count;
    notices_init(&notices, &r->arena);
    const uint32_t *hits = matcher_match(r->matcher, event, &count, &notices);
    check_screen(r, event, index, count);
    for (uint32_t rule = 0; rule < ruleset_count(r->rules); rule++) {
        struct text title = ruleset_info(r->rules, rule)->title;
        bool expected = is_expected(expected_of(expect, title), index), got = is_hit(r, hits, count, title);
        if (expected != got)
            buf_add_format(&r->failure, "  event %zu: rule \"%.*s\" %s\n", index, TEXT_ARG(title),
                           got ? "matches and must not" : "must match and does not");
    }
}

static void check_events(struct run *r, const struct yaml_node *one, const struct yaml_node *defaults)
{
    const struct yaml_node *events = yaml_get(one, "events"), *expect = yaml_get(one, "expect");
    for (size_t i = 0; events && i < events->count; i++) {
        struct event event;
        example_event(&r->arena, defaults, events->items[i], i, &event);
        check_event(r, expect, &event, i);
    }
}

/* Lines that stand for alerts and findings: as a set they must be the same. */
struct lines {
    struct text *items;
    size_t count, capacity;
};

static void line_add(struct run *r, struct lines *lines, const struct buf *line)
{
    lines->items = arena_grow(&r->arena, lines->items, lines->count, &lines->capacity, sizeof *lines->items);
    lines->items[lines->count++] = text_keep(&r->arena, buf_text(line));
}

static int lines_order(const void *a, const void *b)
{
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static struct text lines_join(struct run *r, struct lines *lines)
{
    struct buf all;
    buf_init(&all);
    if (lines->count)
        qsort(lines->items, lines->count, sizeof *lines->items, lines_order);
    for (size_t i = 0; i < lines->count; i++)
        buf_add(&all, lines->items[i]);
    struct text kept = text_keep(&r->arena, buf_text(&all));
    buf_done(&all);
    return kept;
}

static struct text lines_expected(struct run *r, const struct yaml_node *alerts)
{
    struct lines lines = { 0 };
    for (size_t i = 0; i < alerts->count; i++) {
        const struct yaml_node *events = yaml_get(alerts->items[i], "events");
        const struct yaml_node *group = yaml_get(alerts->items[i], "group");
        struct buf line;
        buf_init(&line);
        buf_add_format(&line, "    %.*s:", TEXT_ARG(yaml_get(alerts->items[i], "rule")->text));
        for (size_t k = 0; k < events->count; k++)
            buf_add_format(&line, " %.*s", TEXT_ARG(events->items[k]->text));
        for (size_t k = 0; group && k < group->count; k++)
            buf_add_format(&line, " [%.*s]", TEXT_ARG(group->items[k]->text));
        buf_add_char(&line, '\n');
        line_add(r, &lines, &line);
        buf_done(&line);
    }
    return lines_join(r, &lines);
}

/* In the order of the case, not of time. */
static void events_say(const struct run *r, const struct alert *alert, struct buf *line)
{
    for (size_t index = 0; index < r->event_count; index++)
        for (size_t k = 0; k < alert->hit_count; k++)
            if (alert->hits[k]->event->offset == index)
                buf_add_format(line, " %zu", index);
}

static void hit_say(const struct run *r, const struct hit *hit, struct buf *line)
{
    const struct alert *alert = hit->alert;
    buf_add_format(line, "    %.*s:", TEXT_ARG(ruleset_info(r->rules, hit->rule)->title));
    if (!alert)
        buf_add_format(line, " %zu", (size_t)hit->event->offset);
    if (alert) {
        events_say(r, alert, line);
        size_t index = alert->rule - ruleset_count(r->rules);
        for (size_t k = 0; k < ruleset_correlation(r->rules, index)->group_count; k++)
            buf_add_format(line, " [%.*s]", TEXT_ARG(alert->group[k]));
    }
    buf_add_char(line, '\n');
}

static struct text lines_found(struct run *r, const struct timeline *timeline)
{
    struct lines lines = { 0 };
    for (size_t i = 0; i < timeline->hit_count; i++) {
        struct buf line;
        if (ruleset_info(r->rules, timeline->hits[i].rule)->context)
            continue;
        buf_init(&line);
        hit_say(r, &timeline->hits[i], &line);
        line_add(r, &lines, &line);
        buf_done(&line);
    }
    return lines_join(r, &lines);
}

/* All events of the case, as if read from one log. */
static void scan_events(struct run *r, const struct yaml_node *events, const struct yaml_node *defaults,
                        struct partial *partial)
{
    struct input_result *input = partial_add_input(partial, TEXT("case"));
    r->event_count = events->count;
    for (size_t i = 0; i < events->count; i++) {
        struct event event;
        size_t count;
        example_event(&r->arena, defaults, events->items[i], i, &event);
        event.offset = i; /* by which alerts tell their events */
        const uint32_t *rules = matcher_match(r->matcher, &event, &count, NULL);
        partial_add_match(partial, rules, count, &event, input);
    }
    partial_sort(partial);
}

static void check_alerts(struct run *r, const struct yaml_node *one, const struct yaml_node *defaults)
{
    struct partial partial;
    struct timeline timeline;
    struct alerts alerts;
    struct correlate_options options = { 0 };
    uint64_t seconds = 0;
    const struct yaml_node *tolerance = yaml_get(yaml_get(one, "config"), "clock_tolerance");
    if (tolerance && text_to_u64(tolerance->text, &seconds))
        options.clock_tolerance = seconds * TICKS_PER_SECOND;
    partial_init(&partial);
    scan_events(r, yaml_get(one, "events"), defaults, &partial);
    timeline_build(&r->arena, r->rules, &partial, &timeline);
    correlate(&r->arena, &options, &timeline, &alerts);
    struct text expected = lines_expected(r, yaml_get(one, "expect_alerts")), found = lines_found(r, &timeline);
    if (!text_equal(expected, found))
        buf_add_format(&r->failure, "  expected\n%.*s  found\n%.*s", TEXT_ARG(expected), TEXT_ARG(found));
    partial_done(&partial);
}

static bool has_diag(const struct run *r, enum diag_severity severity, const struct yaml_node *class)
{
    for (size_t i = 0; i < r->diags.count; i++)
        if (r->diags.items[i].severity == severity &&
            (!class || text_equal(class->text, text_from(r->diags.items[i].class))))
            return true;
    return false;
}

static void check_diags(struct run *r, const struct yaml_node *one)
{
    const struct yaml_node *error = yaml_get(one, "expect_error"), *text = yaml_get(one, "expect_text");
    struct buf printed;
    buf_init(&printed);
    diags_print(&r->diags, &printed);
    buf_add_char(&printed, '\0');
    if (error && !has_diag(r, DIAG_ERROR, error))
        buf_add_format(&r->failure, "  no error of class %.*s\n", TEXT_ARG(error->text));
    if (!error && r->diags.errors > 0)
        buf_add_c(&r->failure, "  errors where none are expected\n");
    if (is_true(yaml_get(one, "expect_warning")) && !has_diag(r, DIAG_WARNING, NULL))
        buf_add_c(&r->failure, "  no warning\n");
    if (text && !strstr(printed.p, text->text.p))
        buf_add_c(&r->failure, "  the text of expect_text is not in:\n");
    if (r->failure.n)
        buf_add_c(&r->failure, printed.p);
    buf_done(&printed);
}

static void report(const struct run *r, const struct yaml_node *one, struct totals *totals)
{
    *(r->failure.n ? &totals->failed : &totals->passed) += 1;
    if (r->failure.n)
        printf("FAILED %.*s\n%.*s", TEXT_ARG(yaml_get(one, "name")->text), (int)r->failure.n, r->failure.p);
}

static void run_case(const struct yaml_node *one, const struct yaml_node *defaults, struct totals *totals)
{
    struct run r = { 0 };
    arena_init(&r.arena);
    diags_init(&r.diags, &r.arena);
    buf_init(&r.failure);
    load(&r, one);
    if (yaml_get(one, "expect_alerts"))
        check_alerts(&r, one, defaults);
    else
        check_events(&r, one, defaults);
    check_diags(&r, one);
    report(&r, one, totals);
    matcher_free(r.matcher);
    matcher_free(r.unscreened);
    ruleset_free(r.rules);
    buf_done(&r.failure);
    arena_done(&r.arena);
}

static void run_file(const char *path, struct totals *totals)
{
    struct arena arena;
    struct diags diags;
    struct yaml_file file;
    struct buf printed;
    arena_init(&arena);
    diags_init(&diags, &arena);
    buf_init(&printed);
    const struct yaml_node *cases = NULL;
    if (yaml_read(&arena, path, &diags, &file) && file.count == 1)
        cases = yaml_get(file.documents[0], "cases");
    diags_print(&diags, &printed);
    printf("%.*s", (int)printed.n, printed.p);
    if (!cases)
        totals->failed++;
    for (size_t i = 0; cases && i < cases->count; i++)
        run_case(cases->items[i], yaml_get(file.documents[0], "event_defaults"), totals);
    buf_done(&printed);
    arena_done(&arena);
}

int main(int argc, char **argv)
{
    struct totals totals = { 0 };
    for (int i = 1; i < argc; i++) {
        if (access(argv[i], R_OK) != 0) {
            printf("%s: skipped\n", argv[i]);
            return SKIPPED;
        }
        run_file(argv[i], &totals);
    }
    printf("%zu passed, %zu failed\n", totals.passed, totals.failed);
    return totals.failed == 0 && totals.passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
