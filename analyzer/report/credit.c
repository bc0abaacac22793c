#include "report/credit.h"

#include "report/report_facts.h"
#include "rule/correlation.h"

static void credit_add(struct credit *c, uint32_t *items, uint32_t rule)
{
    for (size_t i = 0; i < c->count; i++)
        if (items[i] == rule)
            return;
    if (c->count < CREDIT_RULES)
        items[c->count++] = rule;
    else
        c->more = true;
}

static void below_add(struct credit *c, uint32_t *items, const struct ruleset *rules, uint32_t rule)
{
    if (rule < ruleset_count(rules))
        return;
    const struct correlation *k = ruleset_correlation(rules, rule - ruleset_count(rules));
    for (size_t i = 0; i < k->rule_count; i++)
        credit_add(c, items, k->rules[i]);
}

/* Correlations in the list bring their rules when their turn comes, each once. */
struct credit credit_of(struct arena *a, const struct ruleset *rules, uint32_t rule)
{
    struct credit c = { .count = 0 };
    if (rule < ruleset_count(rules))
        return c;
    uint32_t *items = ARENA_NEW_N(a, uint32_t, CREDIT_RULES);
    below_add(&c, items, rules, rule);
    for (size_t i = 0; i < c.count; i++)
        below_add(&c, items, rules, items[i]);
    c.rules = items;
    return c;
}

struct text words_of_rule(struct arena *a, const struct ruleset *rules, uint32_t rule)
{
    const struct rule_info *info = ruleset_info(rules, rule);
    bool both = info->name.n && !text_equal(info->name, info->id);
    return WORDS(a, ruleset_called(rules, rule), both ? TEXT(" (") : TEXT(""), both ? info->id : TEXT(""),
                 both ? TEXT(")") : TEXT(""), info->author.n ? TEXT(" by ") : TEXT(""), info->author);
}

struct text words_of_rules_below(struct arena *a, const struct ruleset *rules, uint32_t rule)
{
    struct credit c = credit_of(a, rules, rule);
    struct text *parts = ARENA_NEW_N(a, struct text, c.count * 2 + 1);
    size_t n = 0;
    for (size_t i = 0; i < c.count; i++) {
        parts[n++] = i ? TEXT(", ") : TEXT("");
        parts[n++] = words_of_rule(a, rules, c.rules[i]);
    }
    if (c.more)
        parts[n++] = TEXT(" and others");
    return words_join(a, parts, n);
}

struct text words_of_authors(struct arena *a, const struct ruleset *rules, uint32_t rule)
{
    struct text author = ruleset_info(rules, rule)->author, below = words_of_rules_below(a, rules, rule);
    if (!below.n)
        return author;
    return WORDS(a, author, author.n ? TEXT("; rests on ") : TEXT("rests on "), below);
}
