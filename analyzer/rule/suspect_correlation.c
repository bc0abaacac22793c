/*
 * suspect_correlation.c - conditions of correlations that no window can fulfil.
 *
 * Idea:    whether all bounds hold changes only at their numbers: trying each number, its neighbours and the middles
 *          between two of them is trying all.
 */
#include "rule/correlation_draft.h"
#include "rule/suspect.h"

#define BOUNDS_MOST 12 /* twice as many as there are operators */

static double number_value(const struct number *n)
{
    double size = n->exact ? (double)n->magnitude : n->value;
    return n->exact && n->negative ? -size : size;
}

static struct number number_of(double value)
{
    return (struct number){ .value = value };
}

/* Numbers of things: there is at least the one at which the window begins, and no more rules than are named. */
static bool counts_things(const struct correlation *c)
{
    return c->type == CORRELATION_EVENT_COUNT || c->type == CORRELATION_VALUE_COUNT ||
           c->type == CORRELATION_TEMPORAL || c->type == CORRELATION_TEMPORAL_ORDERED;
}

static bool can_be(const struct correlation_draft *d, double value)
{
    const struct correlation *c = &d->correlation;
    bool of_rules = c->type == CORRELATION_TEMPORAL || c->type == CORRELATION_TEMPORAL_ORDERED;
    if (counts_things(c) && (value < 1 || value != (double)(uint64_t)value))
        return false;
    return !of_rules || value <= (double)d->reference_count;
}

static bool all_hold(const struct correlation_draft *d, double value)
{
    const struct correlation *c = &d->correlation;
    struct number n = number_of(value);
    bool hold = can_be(d, value);
    for (size_t i = 0; i < c->bound_count && hold; i++)
        hold = number_compare(&n, c->bounds[i].compare, &c->bounds[i].value) != c->bounds[i].negate;
    return hold;
}

/* The number itself, what lies beside it, and what lies between it and each other one. */
static bool holds_near(const struct correlation_draft *d, double value)
{
    const struct correlation *c = &d->correlation;
    double whole = value < 0 ? -1 : value < 1e15 ? (double)(uint64_t)value : value;
    for (int step = -1; step <= 2; step++)
        if (all_hold(d, value + step) || all_hold(d, whole + step))
            return true;
    for (size_t i = 0; i < c->bound_count; i++)
        if (all_hold(d, value / 2 + number_value(&c->bounds[i].value) / 2))
            return true;
    return false;
}

static bool bounds_can_hold(const struct correlation_draft *d)
{
    const struct correlation *c = &d->correlation;
    bool can = c->bound_count == 0 || c->bound_count > BOUNDS_MOST || holds_near(d, 1);
    for (size_t i = 0; i < c->bound_count && !can; i++) {
        double value = number_value(&c->bounds[i].value);
        can = value > 1e15 || value < -1e15 || holds_near(d, value);
    }
    return can;
}

static const char *hint_of(const struct correlation_draft *d)
{
    switch (d->correlation.type) {
    case CORRELATION_EVENT_COUNT:
    case CORRELATION_VALUE_COUNT:
        return "a window begins at an event: the number is 1 or more";
    case CORRELATION_TEMPORAL:
    case CORRELATION_TEMPORAL_ORDERED:
        return "how many of its rules are there: from 1 to all of them";
    default:
        return "all of the bounds must hold";
    }
}

void suspect_correlation(struct loading *l, const struct yaml_node *document, const struct correlation_draft *d)
{
    const struct yaml_node *map = yaml_get(document, "correlation"), *condition = yaml_get(map, "condition");
    const struct expr *expression = d->correlation.condition;
    if (expression && suspect_expression(l, expression, d->reference_count))
        WARN(l, "correlation", condition, "a window begins at an event of one of the rules",
             "no window can fulfil this expression");
    else if (!expression && condition && !bounds_can_hold(d))
        WARN(l, "correlation", condition, hint_of(d), "no window can fulfil this condition");
}
