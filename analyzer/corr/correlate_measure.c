/*
 * correlate_measure.c - counts, sums and ranks of a window, kept up to date while it slides.
 */
#include <math.h>
#include <stdlib.h>

#include "corr/correlating.h"

void measure_init(struct measure *m, struct arena *arena, const struct correlation *c, const struct group *g)
{
    uint32_t most = 0;
    for (size_t i = 0; i < g->count; i++)
        if (g->matches[i].key != NO_KEY && g->matches[i].key > most)
            most = g->matches[i].key;
    if (c->type == CORRELATION_TEMPORAL)
        most = (uint32_t)c->rule_count; /* an expression asks for all of them */
    *m = (struct measure){ .c = c, .counts = ARENA_NEW_N(arena, uint32_t, (size_t)most + 1) };
    if (c->type == CORRELATION_VALUE_PERCENTILE)
        m->list = ARENA_NEW_N(arena, struct number, g->count);
}

static void number_add(struct measure *m, const struct number *n, int sign)
{
    if (m->list && sign > 0)
        m->list[m->numbers] = *n;
    m->numbers = sign > 0 ? m->numbers + 1 : m->numbers - 1;
    if (!m->list)
        (sign > 0 ? exact_sum_add : exact_sum_remove)(&m->sum, n);
}

void measure_add(struct measure *m, const struct match *match)
{
    if (match->key == NO_KEY || m->counts[match->key]++ > 0)
        return;
    m->distinct++;
    if (match->is_number)
        number_add(m, &match->number, 1);
}

void measure_remove(struct measure *m, const struct match *match)
{
    if (match->key == NO_KEY || --m->counts[match->key] > 0)
        return;
    m->distinct--;
    if (match->is_number)
        number_add(m, &match->number, -1);
}

static int numbers_order(const void *a, const void *b)
{
    return number_compare(a, COMPARE_LESS, b) ? -1 : number_compare(a, COMPARE_GREATER, b);
}

/* Nearest rank.  The product comes before the quotient: 90 % of 10 are 9, which 0.9 * 10 need not be. */
static struct number rank(struct measure *m)
{
    qsort(m->list, m->numbers, sizeof *m->list, numbers_order);
    double at = ceil(m->c->percentile * (double)m->numbers / 100 - 1e-9);
    return m->list[at < 1 ? 0 : (size_t)at - 1];
}

static bool bounds_hold(const struct correlation *c, const struct number *n)
{
    for (size_t i = 0; i < c->bound_count; i++)
        if (number_compare(n, c->bounds[i].compare, &c->bounds[i].value) == c->bounds[i].negate)
            return false;
    return true;
}

bool measure_number(struct measure *m, struct number *ret)
{
    const struct correlation *c = m->c;
    if (c->type >= CORRELATION_VALUE_SUM && m->numbers == 0)
        return false;
    if (c->type == CORRELATION_VALUE_PERCENTILE)
        *ret = rank(m);
    else if (c->type >= CORRELATION_VALUE_SUM)
        *ret = exact_sum_quotient(&m->sum, c->type == CORRELATION_VALUE_AVG ? m->numbers : 1);
    else
        *ret = (struct number){ .exact = true, .magnitude = m->distinct };
    return true;
}

bool measure_holds(struct measure *m)
{
    struct number n;
    if (m->c->condition)
        return correlation_condition_holds(m->c, m->counts);
    return measure_number(m, &n) && bounds_hold(m->c, &n);
}
