#include "corr/thinner.h"

#include <stdlib.h>

#include "match/matcher.h"
#include "rule/correlation.h"
#include "rule/reads.h"

struct thinner {
    struct arena arena;
    const struct ruleset *rules;
    struct matcher *matcher;
    struct thin_plan plan;
};

/* Of a field that the event has several times, or not at all, what correlations make of it. */
static void look(void *ctx, uint32_t rule, const struct event *event, struct text *values)
{
    struct thinner *t = ctx;
    const struct rule_reads *reads = ruleset_reads(t->rules, rule);
    matcher_look(t->matcher, event);
    for (size_t i = 0; i < reads->count; i++) {
        struct text folded;
        if (!matcher_value(t->matcher, rule, reads->fields[i], &values[i], &folded))
            values[i] = (struct text){ NULL, 0 };
    }
}

static struct thin_rule rule_of(struct thinner *t, uint32_t rule)
{
    const struct rule_reads *reads = ruleset_reads(t->rules, rule);
    struct text *fields = ARENA_NEW_N(&t->arena, struct text, reads->count);
    for (size_t i = 0; i < reads->count; i++)
        fields[i] = ruleset_field(t->rules, reads->fields[i]);
    return (struct thin_rule){ reads->referred && !reads->too_many, fields, reads->count };
}

struct thinner *thinner_new(const struct ruleset *rules)
{
    struct thinner *t = memory_new(sizeof *t);
    *t = (struct thinner){ .rules = rules };
    arena_init(&t->arena);
    if (ruleset_correlation_count(rules) == 0)
        return t;
    t->matcher = matcher_new(rules);
    struct thin_rule *all = ARENA_NEW_N(&t->arena, struct thin_rule, ruleset_count(rules));
    for (size_t i = 0; i < ruleset_count(rules); i++)
        all[i] = rule_of(t, (uint32_t)i);
    t->plan = (struct thin_plan){ all, ruleset_count(rules), t, look };
    return t;
}

void thinner_free(struct thinner *t)
{
    if (!t)
        return;
    matcher_free(t->matcher);
    arena_done(&t->arena);
    free(t);
}

const struct thin_plan *thinner_plan(const struct thinner *t)
{
    return t->plan.rules ? &t->plan : NULL;
}
