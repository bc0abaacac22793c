#include "report/consequences.h"

#include <stdlib.h>

static int rules_order(const void *left, const void *right)
{
    const struct hit *a = *(const struct hit *const *)left, *b = *(const struct hit *const *)right;
    if (a->rule != b->rule)
        return a->rule < b->rule ? -1 : 1;
    return (a > b) - (a < b);
}

static int first_order(const void *left, const void *right)
{
    const struct consequence *a = left, *b = right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return text_compare(a->rule->name, b->rule->name);
}

static int names_order(const void *left, const void *right)
{
    return text_compare_nocase(*(const struct text *)left, *(const struct text *)right);
}

static void nodes_find(struct arena *a, const struct report *r, const struct hit *const *hits, struct consequence *c)
{
    struct text *names = ARENA_NEW_N(a, struct text, c->events);
    for (size_t i = 0; i < c->events; i++)
        names[i] = hit_node(r, hits[i]);
    qsort(names, c->events, sizeof *names, names_order);
    for (size_t i = 0; i < c->events; i++)
        if (i == 0 || !text_equal_nocase(names[i], names[c->node_count - 1]))
            names[c->node_count++] = names[i];
    c->nodes = names;
}

/* Already listed: its rule is one of those that speak for the diagnosis. */
static bool is_evidence(const struct diagnosis *d, const struct hit *hit)
{
    for (size_t i = 0; i < d->for_it.count; i++) {
        const struct evidence_item *item = d->for_it.items[i].item;
        for (size_t k = 0; item && d->for_it.items[i].hits_seen > 0 && k < item->rule_count; k++)
            if (item->rules[k] == hit->rule)
                return true;
    }
    return false;
}

struct consequence *consequences_of(struct arena *a, const struct report *r, const struct diagnosis *d,
                                    size_t *count)
{
    const struct places *places = &d->explains;
    const struct hit **hits = ARENA_NEW_N(a, const struct hit *, places->count);
    struct consequence *all = ARENA_NEW_N(a, struct consequence, places->count);
    size_t n = 0;
    *count = 0;
    for (size_t i = 0; i < places->count; i++)
        if (hit_is_finding(r, &r->timeline->hits[places->items[i]]) &&
            !is_evidence(d, &r->timeline->hits[places->items[i]]))
            hits[n++] = &r->timeline->hits[places->items[i]];
    if (n)
        qsort(hits, n, sizeof *hits, rules_order);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || hits[i]->rule != hits[i - 1]->rule)
            all[(*count)++] = (struct consequence){ .rule = hit_rule(r, hits[i]),
                                                    .first = hits[i]->event->key.time };
        all[*count - 1].events++;
        all[*count - 1].last = hits[i]->event->key.time;
    }
    for (size_t i = 0, at = 0; i < *count; at += all[i++].events)
        nodes_find(a, r, hits + at, &all[i]);
    if (*count)
        qsort(all, *count, sizeof *all, first_order);
    return all;
}
