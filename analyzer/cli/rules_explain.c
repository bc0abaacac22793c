/*
 * rules_explain.c - `evscan rules explain RULE`: the compiled form of a rule.
 */
#include "cli/rules.h"

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/rules_tree.h"
#include "form/escape.h"
#include "rule/describe.h"
#include "rule/describe_correlation.h"
#include "rule/describe_dispatch.h"

static void line(struct buf *out, const char *name, struct text value)
{
    if (!value.n)
        return;
    buf_add_format(out, "  %-11s ", name);
    escape_terminal(out, value);
    buf_add_char(out, '\n');
}

static void described(struct buf *out, const char *name,
                      void (*describe)(const struct ruleset *, uint32_t, struct buf *),
                      const struct ruleset *rules, uint32_t rule)
{
    struct buf text;
    buf_init(&text);
    describe(rules, rule, &text);
    line(out, name, buf_text(&text));
    buf_done(&text);
}

static void source_of(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    describe_source(rules, &rules->rules[rule], out);
}

static void place_of(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    const struct rule_info *info = ruleset_info(rules, rule);
    buf_add_format(out, "%.*s:%u", TEXT_ARG(info->path), info->line);
}

static void explain_head(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    const struct rule_info *info = ruleset_info(rules, rule);
    escape_terminal(out, ruleset_called(rules, rule));
    buf_add_c(out, ": ");
    escape_terminal(out, info->title);
    buf_add_char(out, '\n');
    described(out, "file", place_of, rules, rule);
    line(out, "id", info->id);
    line(out, "author", info->author);
    line(out, "level", info->fact ? TEXT("fact: tells something about its node, never a finding")
                       : info->context ? TEXT("context: evidence, never a finding")
                                       : text_from(rule_level_name(info->level)));
}

/* What an event needs before the rule is looked at, and what is then done once for all rules. */
static void explain_dispatch(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    described(out, "channels", describe_channels, rules, rule);
    described(out, "providers", describe_providers, rules, rule);
    described(out, "event IDs", describe_dispatch, rules, rule);
    described(out, "needs text", describe_gate, rules, rule);
    described(out, "fields", describe_fields, rules, rule);
    described(out, "shared", describe_shared, rules, rule);
}

static void explain_rule(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    described(out, "log source", source_of, rules, rule);
    if (rules->rules[rule].applicable)
        explain_dispatch(rules, rule, out);
    else
        line(out, "event IDs", TEXT("never looked at: the rule is for another product"));
    buf_add_c(out, "  tests, in this order\n");
    tree_print(rules, rule, out);
}

static const struct correlation *correlation_of(const struct ruleset *rules, uint32_t rule)
{
    return ruleset_correlation(rules, rule - ruleset_count(rules));
}

static void type_of(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    buf_add_c(out, correlation_type_name(correlation_of(rules, rule)->type));
}

/* With the fields that a name stands for where these differ. */
static void groups_of(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    const struct correlation *c = correlation_of(rules, rule);
    describe_groups(c, out);
    for (size_t i = 0; i < c->group_count; i++) {
        struct buf alias;
        buf_init(&alias);
        describe_alias(rules, c, i, &alias);
        if (alias.n)
            buf_add_format(out, "; %.*s is %.*s", TEXT_ARG(c->group_by[i]), TEXT_ARG(buf_text(&alias)));
        buf_done(&alias);
    }
    buf_add_c(out, c->group_count ? "" : "nothing: all events count together");
}

static void span_of(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    describe_span(correlation_of(rules, rule)->timespan, out);
}

static void bounds_of(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    describe_bounds(rules, correlation_of(rules, rule), out);
}

static void windows_of(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    const struct correlation *c = correlation_of(rules, rule);
    if (c->type == CORRELATION_TEMPORAL_ORDERED)
        buf_add_c(out, "a sequence begins at each event of the first rule");
    else if (correlation_slides(c))
        buf_add_c(out, "one begins at each event, until the condition holds; the next one behind it");
    else
        buf_add_c(out, "they follow each other");
}

static void explain_references(const struct ruleset *rules, const struct correlation *c, struct buf *out)
{
    buf_add_c(out, c->type == CORRELATION_TEMPORAL_ORDERED ? "  rules, in this order\n" : "  rules\n");
    for (size_t i = 0; i < c->rule_count; i++) {
        buf_add_c(out, "    ");
        escape_terminal(out, ruleset_called(rules, c->rules[i]));
        buf_add_c(out, ruleset_info(rules, c->rules[i])->context ? ": " : " (reports for itself as well): ");
        escape_terminal(out, ruleset_info(rules, c->rules[i])->title);
        buf_add_char(out, '\n');
    }
}

static void explain_correlation(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    described(out, "type", type_of, rules, rule);
    described(out, "group by", groups_of, rules, rule);
    described(out, "timespan", span_of, rules, rule);
    described(out, "condition", bounds_of, rules, rule);
    described(out, "windows", windows_of, rules, rule);
    explain_references(rules, correlation_of(rules, rule), out);
}

static void explain(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    explain_head(rules, rule, out);
    if (rule < ruleset_count(rules))
        explain_rule(rules, rule, out);
    else
        explain_correlation(rules, rule, out);
}

static int run(struct arena *arena, const struct rules_command *c)
{
    struct knowledge k;
    struct buf out;
    uint32_t rule;
    int status = EXIT_NOTHING_FOUND;
    bool any = knowledge_load(arena, &c->rules, &c->add_rules, &k);
    knowledge_mistakes_tell(&k, false);
    buf_init(&out);
    if (!any)
        status = EXIT_RULES;
    else if (!rules_find(arena, &k, c->rest.items[0], &rule))
        status = EXIT_USAGE_ERROR;
    else
        explain(k.rules, rule, &out);
    if (!output_write(buf_text(&out)))
        status = EXIT_NO_OUTPUT;
    buf_done(&out);
    knowledge_done(&k);
    return status;
}

const struct page rules_explain_page = {
    .name = "rules explain",
    .usages = { "rules explain RULE [options]" },
    .about = "Shows what became of a rule, given by its name or id: for which channels,\n"
             "providers and event IDs it is looked up, which fields it reads and what it\n"
             "shares with other rules, and its tests in the order in which they are made.\n"
             "Tests marked \"before decoding\" need no more of a record than provider,\n"
             "channel and event ID.\n"
             "Of a correlation: its rules, groups, span of time and condition.\n",
    .groups = { OPTION_GROUP(rules_specs, 0) },
    .end = "Exit status: 0; 64 usage, or no such rule; 73 no output, 78 no rules.\n",
    .manual = "evscan-rules",
};

int rules_explain(int argc, char **argv)
{
    struct arena arena;
    struct rules_command c = { .rules = { NULL, 0 } };
    arena_init(&arena);
    int status = page_parse(&arena, &rules_explain_page, &c, argc, argv, &c.rest);
    if (status == PAGE_GO_ON)
        status = c.rest.count == 1 ? run(&arena, &c)
                                   : page_mistake(&rules_explain_page, TEXT("name one rule, for example evscan rules "
                                                                            "explain clussvc-1069"));
    arena_done(&arena);
    return status;
}
