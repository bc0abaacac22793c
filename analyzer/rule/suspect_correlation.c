/*
 * suspect_correlation.c - conditions of correlations that no window can fulfil, and fields that the events of their rules
 *          do not have.
 *
 * Idea:    whether all bounds hold changes only at their numbers: trying each number, its neighbours and the middles
 *          between two of them is trying all.
 */
#include "rule/builder.h"
#include "rule/suspect.h"
#include "rule/suspect_events.h"

#define BOUNDS_MOST 12   /* twice as many as there are operators */
#define LARGE       1e15 /* what lies beside such a number a double cannot say: not judged */

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
    if (counts_things(c) && (value < 1 || (value < LARGE && value != (double)(uint64_t)value)))
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
    double whole = value < 0 ? -1 : value < LARGE ? (double)(uint64_t)value : value;
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
        can = value > LARGE || value < -LARGE || holds_near(d, value);
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

/* Where the names stand in the document: of a list each at its own place. */
static void places_keep(struct ruleset_builder *b, const struct yaml_node *names, size_t count, struct diag_place *places)
{
    for (size_t i = 0; i < count; i++)
        places[i] = diag_place_keep(&b->arena, b->l.file, names->kind == YAML_SEQUENCE ? names->items[i] : names);
}

static void fields_place(struct ruleset_builder *b, const struct yaml_node *map, struct correlation_draft *d)
{
    const struct correlation *c = &d->correlation;
    d->field_places = ARENA_NEW_N(&b->arena, struct diag_place, c->group_count + c->value_count);
    places_keep(b, yaml_get(map, "group-by"), c->group_count, d->field_places);
    places_keep(b, yaml_get(yaml_get(map, "condition"), "field"), c->value_count, d->field_places + c->group_count);
}

void suspect_correlation(struct ruleset_builder *b, const struct yaml_node *document, struct correlation_draft *d)
{
    struct loading *l = &b->l;
    const struct yaml_node *map = yaml_get(document, "correlation"), *condition = yaml_get(map, "condition");
    const struct expr *expression = d->correlation.condition;
    if (expression && suspect_expression(l, expression, d->reference_count))
        WARN(l, "correlation", condition, "a window begins at an event of one of the rules",
             "no window can fulfil this expression");
    fields_place(b, map, d);
    if (!expression && condition && !bounds_can_hold(d))
        WARN(l, "correlation", condition, hint_of(d), "no window can fulfil this condition");
}

/* The name itself, or the alias that says what it is in events of the rule. */
static const struct diag_place *place_of(const struct correlation_draft *d, size_t reference, size_t n)
{
    const struct correlation *c = &d->correlation;
    struct text name = n < c->group_count ? c->group_by[n] : c->values[n - c->group_count];
    for (size_t i = 0; i < d->alias_count; i++)
        if (d->aliases[i].rule.rule == d->references[reference].rule && text_equal(d->aliases[i].alias, name))
            return &d->aliases[i].rule.place;
    return &d->field_places[n];
}

/* `c`: as it stands in the rule set, with its fields. */
static void reference_check(struct ruleset_builder *b, const struct correlation_draft *d, const struct correlation *c,
                            size_t reference, struct diags *diags)
{
    struct loading *l = &b->l;
    size_t width = c->group_count + c->value_count;
    struct seen_events events;
    uint32_t rule = c->rules[reference];
    if (rule >= l->rules->rule_count || !seen_events_find(l, &l->rules->rules[rule], l->rules->rules[rule].condition,
                                                          &events))
        return;
    for (size_t n = 0; n < width; n++) {
        const struct field *f = &l->rules->fields[c->fields[reference * width + n]];
        if (!seen_events_have(&events, f))
            diag_add_place(diags, DIAG_WARNING, "field", place_of(d, reference, n),
                           seen_events_hint(l->arena, &events, f), "%.*s %s not write %.*s: events of %.*s have nothing "
                           "to %s", TEXT_ARG(seen_events_list(l->arena, &events)), events.count > 1 ? "do" : "does",
                           TEXT_ARG(f->name.text), TEXT_ARG(ruleset_called(l->rules, rule)),
                           n < c->group_count ? "group by" : "measure");
    }
}

void suspect_correlation_fields(struct ruleset_builder *b, struct diags *diags)
{
    for (size_t i = 0; i < b->draft_count; i++) {
        const struct correlation_draft *d = &b->drafts[i];
        const struct correlation *c = d->refused ? NULL : &b->l.rules->correlations[d->index];
        for (size_t k = 0; c && d->field_places && k < c->rule_count; k++)
            reference_check(b, d, c, k, diags);
    }
}
