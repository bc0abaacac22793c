#include "rule/describe_correlation.h"

#include "rule/compiled.h"

const char *correlation_type_name(enum correlation_type type)
{
    static const char *const names[] = { "event_count", "value_count", "temporal",        "temporal_ordered",
                                         "value_sum",   "value_avg",   "value_percentile" };
    return names[type];
}

void describe_span(uint64_t ticks, struct buf *out)
{
    static const struct {
        char unit;
        unsigned seconds;
    } units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };
    uint64_t seconds = ticks / TICKS_PER_SECOND;
    size_t i = 0;
    while (i + 1 < COUNT_OF(units) && (seconds == 0 || seconds % units[i].seconds))
        i++;
    buf_add_format(out, "%llu%c", (unsigned long long)(seconds / units[i].seconds), units[i].unit);
}

static void add_names(const struct text *names, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        buf_add_c(out, i ? ", " : "");
        buf_add(out, names[i]);
    }
}

void describe_groups(const struct correlation *c, struct buf *out)
{
    add_names(c->group_by, c->group_count, out);
}

static struct text group_field(const struct ruleset *rules, const struct correlation *c, size_t rule, size_t group)
{
    return ruleset_field(rules, c->fields[rule * (c->group_count + c->value_count) + group]);
}

void describe_alias(const struct ruleset *rules, const struct correlation *c, size_t group, struct buf *out)
{
    bool differs = false;
    for (size_t i = 0; i < c->rule_count; i++)
        differs = differs || !text_equal(group_field(rules, c, i, group), c->group_by[group]);
    for (size_t i = 0; i < c->rule_count && differs; i++) {
        buf_add_c(out, i ? ", " : "");
        buf_add(out, group_field(rules, c, i, group));
        buf_add_c(out, " in ");
        buf_add(out, ruleset_called(rules, c->rules[i]));
    }
}

void describe_number(const struct number *n, struct buf *out)
{
    if (n->exact)
        buf_add_format(out, "%s%llu", n->negative ? "-" : "", (unsigned long long)n->magnitude);
    else
        buf_add_format(out, "%.10g", n->value);
}

void describe_measure(const struct correlation *c, struct buf *out)
{
    static const char *const words[] = { "events", "", "rules that are there", "", "sum of ", "average of " };
    if (c->type == CORRELATION_VALUE_COUNT)
        buf_add_c(out, c->value_count > 1 ? "different combinations of " : "different values of ");
    else if (c->type == CORRELATION_VALUE_PERCENTILE)
        buf_add_format(out, "percentile %g of ", c->percentile);
    else
        buf_add_c(out, words[c->type]);
    add_names(c->values, c->value_count, out);
}

/* Depth: LIMIT_CONDITION_DEPTH bounds the expression. */
static void add_expression(const struct ruleset *rules, const struct correlation *c, const struct expr *e,
                           struct buf *out)
{
    if (e->kind == EXPR_SELECTION) {
        buf_add(out, ruleset_called(rules, c->rules[e->selection]));
        return;
    }
    if (e->kind == EXPR_NOT)
        buf_add_c(out, "not ");
    for (size_t i = 0; i < e->count; i++) {
        bool nested = e->children[i]->kind == EXPR_AND || e->children[i]->kind == EXPR_OR;
        buf_add_c(out, i == 0 ? "" : e->kind == EXPR_AND ? " and " : " or ");
        buf_add_c(out, nested ? "(" : "");
        add_expression(rules, c, e->children[i], out);
        buf_add_c(out, nested ? ")" : "");
    }
}

static void add_bound(const struct bound *b, struct buf *out)
{
    static const char *const words[] = { "exactly ", "less than ", "at most ", "more than ", "at least " };
    buf_add_c(out, b->negate ? "anything but " : words[b->compare]);
    describe_number(&b->value, out);
}

void describe_bounds(const struct ruleset *rules, const struct correlation *c, struct buf *out)
{
    if (c->type == CORRELATION_TEMPORAL_ORDERED) {
        buf_add_c(out, "all rules, in this order");
        return;
    }
    if (c->condition) {
        add_expression(rules, c, c->condition, out);
        return;
    }
    describe_measure(c, out);
    for (size_t i = 0; i < c->bound_count; i++) {
        buf_add_c(out, i ? " and " : ": ");
        add_bound(&c->bounds[i], out);
    }
}
