/*
 * correlate_match.c - what a correlation is about: hits of its rules, alerts of its correlations, and their values.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "corr/correlating.h"
#include "rule/fold.h"
#include "rule/reads.h"

/* A match to be, small: there can be as many as there are hits. */
struct candidate {
    uint64_t time;
    const struct alert *inner;
    uint32_t hit, place, ref, seq;
};

struct candidates {
    struct candidate *items;
    size_t count, capacity;
};

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* An alert is known once its event has happened, so it comes behind it. */
static int candidates_order(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    const uint64_t pairs[][2] = {
        { a->time, b->time }, { a->place, b->place }, { a->inner != NULL, b->inner != NULL },
        { a->ref, b->ref },   { a->seq, b->seq },
    };
    int order = 0;
    for (size_t i = 0; !order && i < COUNT_OF(pairs); i++)
        order = compare_u64(pairs[i][0], pairs[i][1]);
    return order;
}

static void candidate_add(struct correlator *k, struct candidates *all, uint32_t ref, uint32_t hit,
                          const struct alert *inner)
{
    uint64_t time = k->timeline->hits[hit].event->key.time;
    if (time == 0) {
        k->untimed++;
        return;
    }
    all->items = arena_grow(&k->scratch, all->items, all->count, &all->capacity, sizeof *all->items);
    all->items[all->count] = (struct candidate){ time, inner, hit, k->event_start[hit], ref, (uint32_t)all->count };
    all->count++;
}

static void candidates_of(struct correlator *k, struct candidates *all, uint32_t ref)
{
    uint32_t rule = k->c->rules[ref];
    size_t rules = ruleset_count(k->rules);
    if (rule >= rules) {
        for (size_t i = k->first_alert[rule - rules]; i < k->first_alert[rule - rules + 1]; i++)
            candidate_add(k, all, ref, (uint32_t)(k->alerts[i]->moment - k->timeline->hits), k->alerts[i]);
        return;
    }
    struct hit_span hits = hit_index_find(&k->index, rule, NULL, 0, UINT64_MAX);
    for (size_t i = 0; i < hits.count; i++)
        candidate_add(k, all, ref, hits.hits[i], NULL);
}

static bool thin_value(struct correlator *k, const struct hit *hit, uint32_t field, struct text *raw,
                       struct text *folded)
{
    const struct rule_reads *reads = ruleset_reads(k->rules, hit->rule);
    for (size_t i = 0; i < reads->count; i++)
        if (reads->fields[i] == field && hit->thin->values[i].p) {
            *raw = hit->thin->values[i];
            *folded = fold_view(&k->scratch, *raw);
            return true;
        }
    return false;
}

/* The value of the n-th field as the rule of the hit sees it. */
static bool hit_value(struct correlator *k, const struct hit *hit, uint32_t field, struct text *raw,
                      struct text *folded)
{
    if (hit->thin)
        return thin_value(k, hit, field, raw, folded);
    matcher_look(k->matcher, hit->event);
    return matcher_value(k->matcher, hit->rule, field, raw, folded);
}

static const struct text *inner_group_value(const struct correlator *k, const struct alert *inner, uint32_t field)
{
    const struct correlation *c = ruleset_correlation(k->rules, inner->rule - ruleset_count(k->rules));
    for (size_t i = 0; i < c->group_count; i++)
        if (text_equal_nocase(c->group_by[i], ruleset_field(k->rules, field)))
            return &inner->group[i];
    return NULL;
}

/* What all events of the alert agree on. */
static bool alert_value(struct correlator *k, const struct alert *inner, uint32_t field, struct text *raw,
                        struct text *folded)
{
    const struct text *known = inner_group_value(k, inner, field);
    struct text other, other_folded, first = TEXT("");
    for (size_t i = 0; i < inner->hit_count && !known; i++) {
        if (!hit_value(k, inner->hits[i], field, &other, &other_folded) ||
            (i > 0 && !text_equal(first, other_folded)))
            return false;
        if (i == 0)
            first = text_keep(&k->scratch, other_folded);
    }
    if (!known)
        return hit_value(k, inner->hits[0], field, raw, folded);
    *raw = *known;
    *folded = fold_keep(&k->scratch, *known);
    return true;
}

/* Valid until the next call. */
static bool match_value(struct correlator *k, const struct match *m, size_t n, struct text *raw, struct text *folded)
{
    uint32_t field = k->c->fields[m->ref * (k->c->group_count + k->c->value_count) + n];
    if (m->inner)
        return alert_value(k, m->inner, field, raw, folded);
    return hit_value(k, &k->timeline->hits[m->hit], field, raw, folded);
}

/* Lengths stand in front of the values, so that ("a", "bc") is not ("ab", "c"). */
static struct text key_append(struct arena *arena, struct text key, struct text value)
{
    char *p = arena_alloc(arena, key.n + sizeof value.n + value.n);
    if (key.n)
        memcpy(p, key.p, key.n);
    memcpy(p + key.n, &value.n, sizeof value.n);
    if (value.n)
        memcpy(p + key.n + sizeof value.n, value.p, value.n);
    return (struct text){ p, key.n + sizeof value.n + value.n };
}

/* The values of some fields as one text; false when one is missing. */
static bool key_make(struct correlator *k, const struct match *m, size_t from, size_t count, struct text *ret)
{
    struct text raw, folded, key = TEXT("");
    for (size_t n = from; n < from + count; n++) {
        if (!match_value(k, m, n, &raw, &folded))
            return false;
        key = key_append(&k->scratch, key, folded);
    }
    *ret = key;
    return true;
}

static void match_measure(struct correlator *k, struct match *m)
{
    struct text raw, folded;
    size_t groups = k->c->group_count;
    if (k->c->type == CORRELATION_VALUE_COUNT && !key_make(k, m, groups, k->c->value_count, &m->value_key))
        m->value_key = (struct text){ NULL, 0 };
    if (k->c->type >= CORRELATION_VALUE_SUM && match_value(k, m, groups, &raw, &folded))
        m->is_number = number_parse(raw, &m->number);
}

static bool is_full(const struct correlator *k)
{
    size_t taken = k->scratch.total - k->scratch_before;
    return k->match_count == LIMIT_CORRELATION_MATCHES || taken > LIMIT_CORRELATION_BYTES;
}

/* A match without a value to group by is left out: all unknowns together would be strangers in one group. */
static void match_take(struct correlator *k, const struct candidate *from)
{
    struct match *m = &k->matches[k->match_count];
    *m = (struct match){
        .time = from->time, .inner = from->inner, .hit = from->hit, .place = from->place, .ref = from->ref
    };
    bool grouped = key_make(k, m, 0, k->c->group_count, &m->group_key);
    if (k->near)
        *(grouped ? &k->near->rules[m->ref].matches : &k->near->ungrouped) += 1;
    if (!grouped)
        return;
    match_measure(k, m);
    k->match_count++;
}

void matches_collect(struct correlator *k)
{
    struct candidates all = { 0 };
    for (size_t ref = 0; ref < k->c->rule_count; ref++)
        candidates_of(k, &all, (uint32_t)ref);
    if (all.count)
        qsort(all.items, all.count, sizeof *all.items, candidates_order);
    size_t room = all.count < LIMIT_CORRELATION_MATCHES ? all.count : LIMIT_CORRELATION_MATCHES;
    k->matches = ARENA_NEW_N(&k->scratch, struct match, room);
    k->match_count = 0;
    for (size_t i = 0; i < all.count; i++) {
        if (is_full(k)) {
            k->matches_left_out += all.count - i;
            return;
        }
        match_take(k, &all.items[i]);
    }
}

struct text *group_values(struct correlator *k, const struct match *m)
{
    struct text *values = ARENA_NEW_N(k->arena, struct text, k->c->group_count);
    struct text raw, folded;
    for (size_t n = 0; n < k->c->group_count; n++)
        if (match_value(k, m, n, &raw, &folded))
            values[n] = text_keep(k->arena, raw);
    return values;
}
