#include "report/finding_groups.h"

#include <stdlib.h>

struct entry {
    uint32_t rule;
    struct text node;
    size_t at;
    const struct hit *hit;
};

static int entry_compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    int order = text_compare_nocase(x->node, y->node);
    return order ? order : x->at < y->at ? -1 : x->at > y->at;
}

static int group_compare(const void *a, const void *b)
{
    const struct finding_group *x = a, *y = b;
    if (x->rule->level != y->rule->level)
        return x->rule->level > y->rule->level ? -1 : 1;
    uint64_t s = x->hits[0]->event->key.time, t = y->hits[0]->event->key.time;
    if (s != t)
        return s < t ? -1 : 1;
    if (x->rule_index != y->rule_index)
        return x->rule_index < y->rule_index ? -1 : 1;
    return text_compare_nocase(x->node, y->node);
}

static size_t entries_find(const struct report *r, const bool *but, struct entry *entries)
{
    size_t n = 0;
    for (size_t i = 0; i < r->timeline->hit_count; i++) {
        const struct hit *hit = &r->timeline->hits[i];
        if (hit_is_finding(r, hit) && !(but && but[i]))
            entries[n++] = (struct entry){ hit->rule, hit_node(r, hit), i, hit };
    }
    qsort(entries, n, sizeof *entries, entry_compare);
    return n;
}

static bool same_group(const struct entry *a, const struct entry *b)
{
    return a->rule == b->rule && text_equal_nocase(a->node, b->node);
}

struct finding_groups finding_groups_of(struct arena *a, const struct report *r, const bool *but)
{
    struct entry *entries = ARENA_NEW_N(a, struct entry, r->timeline->hit_count);
    size_t n = entries_find(r, but, entries);
    struct finding_groups all = { ARENA_NEW_N(a, struct finding_group, n), 0 };
    const struct hit **hits = ARENA_NEW_N(a, const struct hit *, n);
    for (size_t i = 0; i < n; i++) {
        hits[i] = entries[i].hit;
        if (i == 0 || !same_group(&entries[i - 1], &entries[i]))
            all.items[all.count++] = (struct finding_group){ ruleset_info(r->rules, entries[i].rule),
                                                     entries[i].rule, entries[i].node, &hits[i], 0 };
        all.items[all.count - 1].count++;
    }
    if (all.count > 0)
        qsort(all.items, all.count, sizeof *all.items, group_compare);
    return all;
}
