/*
 * correlate_group.c - matches of equal values stand together; events and values are numbered in each group.
 *
 * By sorting, not by hashing: who writes the log could choose values that collide.
 */
#include <stdlib.h>

#include "corr/correlating.h"

static int groups_order(const void *left, const void *right)
{
    const struct match *a = left, *b = right;
    int order = text_compare(a->group_key, b->group_key);
    return order ? order : (a->group > b->group) - (a->group < b->group);
}

/* Until it is sorted, `group` holds the place of a match in order of time. */
static void sort_by_group(struct match *m, size_t count)
{
    for (size_t i = 0; i < count; i++)
        m[i].group = (uint32_t)i;
    if (count)
        qsort(m, count, sizeof *m, groups_order);
    uint32_t group = 0;
    for (size_t i = 0; i < count; i++) {
        bool begins = i > 0 && !text_equal(m[i].group_key, m[i - 1].group_key);
        group += begins;
        m[i].group = group;
    }
}

/* An event has one number, whichever rule saw it. */
static void number_share(struct match *group, struct match *m)
{
    if (m[-1].is_number) {
        m->is_number = true;
        m->number = m[-1].number;
        return;
    }
    for (struct match *before = m; m->is_number && before > group && before[-1].event == m->event; before--) {
        before[-1].is_number = true;
        before[-1].number = m->number;
    }
}

/* Matches of one event stand side by side. */
static void events_number(struct match *group, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct match *m = &group[i];
        bool same = i > 0 && !m->inner && !m[-1].inner && m->place == m[-1].place;
        m->event = i == 0 ? 1 : m[-1].event + !same;
        if (same)
            number_share(group, m);
    }
}

static int values_order(const void *left, const void *right)
{
    const struct match *a = *(struct match *const *)left, *b = *(struct match *const *)right;
    return text_compare(a->value_key, b->value_key);
}

static void values_number(struct correlator *k, struct match *group, size_t count)
{
    struct arena_mark mark = arena_mark(&k->scratch);
    struct match **sorted = ARENA_NEW_N(&k->scratch, struct match *, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        group[i].key = NO_KEY;
        if (group[i].value_key.p)
            sorted[n++] = &group[i];
    }
    if (n)
        qsort(sorted, n, sizeof *sorted, values_order);
    for (size_t i = 0; i < n; i++) {
        bool differs = i > 0 && !text_equal(sorted[i]->value_key, sorted[i - 1]->value_key);
        sorted[i]->key = i == 0 ? 0 : sorted[i - 1]->key + differs;
    }
    arena_rewind(&k->scratch, mark);
}

static void keys_set(struct correlator *k, struct match *group, size_t count)
{
    bool by_rule = k->c->type == CORRELATION_TEMPORAL;
    events_number(group, count);
    for (size_t i = 0; i < count; i++)
        group[i].key = by_rule ? group[i].ref : group[i].event;
    if (k->c->type == CORRELATION_VALUE_COUNT)
        values_number(k, group, count);
}

void matches_group(struct correlator *k)
{
    struct match *m = k->matches;
    sort_by_group(m, k->match_count);
    for (size_t i = 0, end; i < k->match_count; i = end) {
        for (end = i; end < k->match_count && m[end].group == m[i].group; end++)
            ;
        keys_set(k, m + i, end - i);
    }
}
