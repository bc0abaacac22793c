#include "match/trace.h"

#include "match/matching.h"

#define OTHER_SOURCE   64u
#define OTHER_PROVIDER 64u
#define OTHER_ID       32u
#define OTHER_VALUE    4u
#define HELD_BACK      1u /* by a whole `not`, however many of its tests hold */
#define DISTANCE_MOST  1000000u /* sums of real conditions are far below */

void trace_begin(struct matcher *m, uint32_t rule, const struct event *event)
{
    matcher_begin(m, &event->key, event);
    m->notices = NULL;
    m->rule = rule;
    m->view = view_effective(m->key, m->rules->rules[rule].view);
}

bool trace_is_of_source(struct matcher *m)
{
    const struct rule *r = &m->rules->rules[m->rule];
    return r->applicable && source_accepts(m, r->source);
}

bool trace_holds(struct matcher *m, const struct expr *e)
{
    return expr_evaluate(m, e) == YES;
}

static enum trace_answer opposite(enum trace_answer answer)
{
    return (enum trace_answer)(TRACE_YES - answer);
}

/* A test that gave up counts as no match: where another one made the item true, it did not matter. */
static enum trace_answer answer_of_item(struct matcher *m, const struct expr *e)
{
    m->gave_up = false;
    bool holds = trace_holds(m, e), counts_as_no = holds == e->item->negate;
    return m->gave_up && counts_as_no ? TRACE_UNDECIDED : holds ? TRACE_YES : TRACE_NO;
}

/* Depth: that of the condition, which is limited. */
enum trace_answer trace_answer(struct matcher *m, const struct expr *e)
{
    bool any = e->kind == EXPR_OR;
    enum trace_answer result = any ? TRACE_NO : TRACE_YES;
    if (e->kind == EXPR_ITEM)
        return answer_of_item(m, e);
    if (e->kind == EXPR_NOT)
        return opposite(trace_answer(m, e->children[0]));
    for (size_t i = 0; i < e->count; i++) {
        enum trace_answer one = trace_answer(m, e->children[i]);
        if (any ? one > result : one < result)
            result = one;
    }
    return result;
}

enum trace_answer trace_rule(struct matcher *m)
{
    return trace_is_of_source(m) ? trace_answer(m, m->rules->rules[m->rule].condition) : TRACE_NO;
}

static uint32_t weight_of(const struct matcher *m, const struct item *item)
{
    switch (m->rules->fields[item->field].kind) {
    case FIELD_PROVIDER:
    case FIELD_CHANNEL:
        return OTHER_PROVIDER;
    case FIELD_EVENT_ID:
        return OTHER_ID;
    default:
        return OTHER_VALUE;
    }
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Depth: that of the condition, which is limited. */
uint32_t trace_expr_distance(struct matcher *m, const struct expr *e, bool wanted)
{
    bool all = (e->kind == EXPR_OR) != wanted;
    uint32_t sum = 0, nearest = DISTANCE_MOST;
    if (e->kind == EXPR_NOT)
        return wanted ? least(trace_expr_distance(m, e->children[0], false), HELD_BACK)
                      : trace_expr_distance(m, e->children[0], true);
    if (e->kind == EXPR_ITEM)
        return trace_holds(m, e) == wanted ? 0 : weight_of(m, e->item);
    for (size_t i = 0; i < e->count; i++) {
        uint32_t d = trace_expr_distance(m, e->children[i], wanted);
        sum = least(sum + d, DISTANCE_MOST);
        nearest = least(nearest, d);
    }
    return all || e->count == 0 ? sum : nearest;
}

uint32_t trace_distance(struct matcher *m)
{
    uint32_t source = trace_is_of_source(m) ? 0 : OTHER_SOURCE;
    return source + trace_expr_distance(m, m->rules->rules[m->rule].condition, true);
}

size_t trace_values(struct matcher *m, uint32_t field, struct text *values, size_t room)
{
    const struct slot *slot = field_values(m, field);
    for (size_t i = 0; i < slot->count && i < room; i++)
        values[i] = value_written(m, slot->values[i]);
    return slot->count;
}
