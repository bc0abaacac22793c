/*
 * correlation_condition.c - how much is enough: bounds like {gte: 5}, or an expression over rules.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "rule/builder.h"
#include "rule/condition.h"

static const struct {
    const char *name;
    enum compare compare;
    bool negate;
} operators[] = {
    { "gt", COMPARE_GREATER, false }, { "gte", COMPARE_GREATER_EQUAL, false }, { "lt", COMPARE_LESS, false },
    { "lte", COMPARE_LESS_EQUAL, false }, { "eq", COMPARE_EQUAL, false }, { "neq", COMPARE_EQUAL, true },
};

static bool number_of(const struct yaml_node *node, struct number *ret)
{
    if (node->kind != YAML_SCALAR)
        return false;
    enum yaml_type type = yaml_scalar_type(node);
    return (type == YAML_TYPE_INT || type == YAML_TYPE_FLOAT) && number_parse(node->text, ret);
}

static void read_percentile(struct loading *l, const struct yaml_node *node, struct correlation *c)
{
    static const struct number none = { .exact = true }, all = { .exact = true, .magnitude = 100 };
    struct number n;
    if (c->type != CORRELATION_VALUE_PERCENTILE || c->percentile == 50)
        WARN(l, "correlation", node, NULL, "only value_percentile has a percentile");
    else if (!number_of(node, &n) || number_compare(&n, COMPARE_LESS, &none) ||
             number_compare(&n, COMPARE_GREATER, &all))
        REFUSE(l, "correlation", node, NULL, "a percentile is a number from 0 to 100");
    else
        c->percentile = n.exact ? (double)n.magnitude : n.value;
}

static void read_bound(struct loading *l, const struct yaml_node *key, const struct yaml_node *value,
                       struct correlation *c, struct bound *bounds)
{
    for (size_t i = 0; i < COUNT_OF(operators); i++) {
        if (!text_equal(key->text, text_from(operators[i].name)))
            continue;
        struct bound *bound = &bounds[c->bound_count++];
        *bound = (struct bound){ operators[i].compare, operators[i].negate, { 0 } };
        if (!number_of(value, &bound->value))
            REFUSE(l, "correlation", value, "write a number without quotes, for example gte: 5", "this is no number");
        return;
    }
    REFUSE(l, "correlation", key, "known are gt, gte, lt, lte, eq, neq, field and percentile",
           "there is no operator of this name");
}

static void read_bounds(struct loading *l, const struct yaml_node *condition, struct correlation *c)
{
    struct bound *bounds = ARENA_NEW_N(l->arena, struct bound, COUNT_OF(operators));
    size_t errors = l->diags->errors;
    c->bounds = bounds;
    for (size_t i = 0; i < condition->count; i++) {
        const struct yaml_node *key = condition->keys[i], *value = condition->items[i];
        if (text_equal(key->text, TEXT("percentile")))
            read_percentile(l, value, c);
        else if (!text_equal(key->text, TEXT("field")))
            read_bound(l, key, value, c, bounds);
    }
    if (l->diags->errors != errors)
        return; /* what seems to be missing may be what was misspelt */
    if (c->bound_count == 0)
        REFUSE(l, "correlation", condition, "write for example: condition: {gte: 5}",
               "the condition does not say how much is enough");
    if (c->type == CORRELATION_VALUE_PERCENTILE && c->percentile < 0)
        REFUSE(l, "correlation", condition, "write for example: condition: {field: Bytes, percentile: 95, gte: 1000}",
               "the condition does not say which percentile");
}

static struct number whole(size_t n)
{
    return (struct number){ .exact = true, .magnitude = n };
}

/* All of the rules. */
static void default_bound(struct loading *l, struct correlation_draft *d)
{
    struct bound *bound = ARENA_NEW(l->arena, struct bound);
    *bound = (struct bound){ COMPARE_GREATER_EQUAL, false, whole(d->reference_count) };
    d->correlation.bounds = bound;
    d->correlation.bound_count = 1;
}

static void check_ordered(struct loading *l, const struct yaml_node *condition, const struct correlation_draft *d)
{
    const struct bound *bound = d->correlation.bounds;
    struct number all = whole(d->reference_count);
    bool same = d->correlation.bound_count == 1 && !bound->negate &&
                (bound->compare == COMPARE_EQUAL || bound->compare == COMPARE_GREATER_EQUAL) &&
                number_compare(&bound->value, COMPARE_EQUAL, &all);
    if (!same)
        REFUSE(l, "correlation", condition, "leave the condition out",
               "rules in order are all of them or none: no other number is understood");
}

static bool is_separator(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '(' || c == ')';
}

/* The next word of an expression; empty at its end. */
static struct text next_word(struct text t, size_t *at)
{
    while (*at < t.n && is_separator(t.p[*at]))
        ++*at;
    size_t start = *at;
    while (*at < t.n && !is_separator(t.p[*at]))
        ++*at;
    return (struct text){ t.p + start, *at - start };
}

static bool is_operator(struct text word)
{
    return text_equal_nocase(word, TEXT("and")) || text_equal_nocase(word, TEXT("or")) ||
           text_equal_nocase(word, TEXT("not"));
}

static size_t reference_index(const struct correlation_draft *d, struct text name)
{
    size_t i = 0;
    while (i < d->reference_count && !text_equal(d->references[i].name, name))
        i++;
    return i;
}

/* Every name must be one of `rules`; without `rules` the names are what it is about. */
static bool names_check(struct loading *l, struct arena *scratch, const struct yaml_node *node,
                        struct correlation_draft *d)
{
    bool given = d->reference_count > 0, known = true;
    struct text word;
    size_t words = 0; /* condition_compile says when there are too many */
    for (size_t at = 0; (word = next_word(node->text, &at)).n > 0 && words <= LIMIT_CONDITION_TERMS; words++) {
        if (is_operator(word) || reference_index(d, word) < d->reference_count)
            continue;
        if (!given && !correlation_reference_add(l, scratch, node, word, d))
            return false;
        if (!given)
            continue;
        known = false;
        diag_add_inside(l->diags, DIAG_ERROR, "correlation", l->file, node, at - word.n,
                        "the expression joins names of `rules` with and, or, not and parentheses",
                        "`rules` does not list \"%.*s\"", TEXT_ARG(word));
    }
    return known;
}

/* The parser of conditions reads it: a rule stands where a selection would. */
static void read_expression(struct loading *l, struct arena *scratch, const struct yaml_node *node,
                            struct correlation_draft *d)
{
    if (!names_check(l, scratch, node, d))
        return;
    struct selections all = { ARENA_NEW_N(scratch, struct selection, d->reference_count), d->reference_count };
    for (size_t i = 0; i < all.count; i++) {
        struct expr *e = ARENA_NEW(l->arena, struct expr);
        *e = (struct expr){ .kind = EXPR_SELECTION, .selection = (uint32_t)i };
        all.items[i] = (struct selection){ .name = d->references[i].name, .expr = e };
    }
    d->correlation.condition = condition_compile(l, node, &all);
    for (size_t i = 0; i < all.count && d->correlation.condition; i++)
        if (!all.items[i].used)
            REFUSE(l, "correlation", node, NULL, "the expression does not mention \"%.*s\", which `rules` lists",
                   TEXT_ARG(all.items[i].name));
}

void correlation_condition_read(struct loading *l, struct arena *scratch, const struct yaml_node *map,
                                struct correlation_draft *d)
{
    const struct yaml_node *condition = yaml_get(map, "condition");
    enum correlation_type type = d->correlation.type;
    bool temporal = type == CORRELATION_TEMPORAL || type == CORRELATION_TEMPORAL_ORDERED;
    if (!condition && temporal)
        default_bound(l, d);
    else if (!condition)
        REFUSE(l, "correlation", map, "write for example: condition: {gte: 5}", "the correlation has no condition");
    else if (condition->kind == YAML_MAP)
        read_bounds(l, condition, &d->correlation);
    else if (condition->kind == YAML_SCALAR && type == CORRELATION_TEMPORAL)
        read_expression(l, scratch, condition, d);
    else
        REFUSE(l, "correlation", condition, "only temporal correlations take an expression",
               "the condition is not a map like {gte: 5}");
    if (condition && condition->kind == YAML_MAP && type == CORRELATION_TEMPORAL_ORDERED)
        check_ordered(l, condition, d);
}

/* Depth: LIMIT_CONDITION_DEPTH bounds the expression. */
static bool holds(const struct expr *e, const uint32_t *counts)
{
    if (e->kind == EXPR_SELECTION)
        return counts[e->selection] > 0;
    if (e->kind == EXPR_NOT)
        return !holds(e->children[0], counts);
    bool decisive = e->kind == EXPR_OR;
    for (size_t i = 0; i < e->count; i++)
        if (holds(e->children[i], counts) == decisive)
            return decisive;
    return !decisive;
}

bool correlation_condition_holds(const struct correlation *c, const uint32_t *counts)
{
    return holds(c->condition, counts);
}

/* Depth: that of the expression. */
static unsigned distance(const struct expr *e, const uint32_t *counts, bool wanted)
{
    unsigned sum = 0, least = UINT32_MAX;
    if (e->kind == EXPR_SELECTION)
        return (counts[e->selection] > 0) != wanted;
    if (e->kind == EXPR_NOT)
        return distance(e->children[0], counts, !wanted);
    for (size_t i = 0; i < e->count; i++) {
        unsigned d = distance(e->children[i], counts, wanted);
        sum += d;
        least = d < least ? d : least;
    }
    return (e->kind == EXPR_OR) != wanted ? sum : least;
}

unsigned correlation_condition_distance(const struct correlation *c, const uint32_t *counts)
{
    return distance(c->condition, counts, true);
}
