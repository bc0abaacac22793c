#include "state/sighting.h"

#include <stdlib.h>

static const struct text *names_of(struct arena *arena, const struct node **nodes, size_t count)
{
    struct text *names = ARENA_NEW_N(arena, struct text, count);
    for (size_t i = 0; i < count; i++)
        names[i] = nodes[i]->name;
    return names;
}

struct sighting sighting_of(struct arena *arena, const struct diagnosis *d)
{
    struct sighting s = {
        .kind = TROUBLE_DIAGNOSIS,
        .what = d->article->id,
        .title = d->article->title,
        .confidence = (int)d->confidence,
        .score = d->score,
        .level = (int)d->article->level,
        .first_seen = d->first_seen,
        .last_seen = d->last_seen,
        .occurrences = d->occurrences,
        .begins = d->begins,
        .diagnosis = d,
    };
    s.node_count = d->affected_count ? d->affected_count : d->node_count;
    s.nodes = names_of(arena, d->affected_count ? d->affected : d->nodes, s.node_count);
    return s;
}

static void sighting_add(struct arena *arena, struct sightings *all, struct sighting s)
{
    all->items = arena_grow(arena, all->items, all->count, &all->capacity, sizeof *all->items);
    all->items[all->count++] = s;
}

void sighting_add_missing(struct arena *arena, struct sightings *all, struct text node, uint64_t now)
{
    struct text *name = ARENA_NEW(arena, struct text);
    uint64_t *begin = ARENA_NEW(arena, uint64_t);
    *name = node;
    *begin = now;
    sighting_add(arena, all, (struct sighting){
        .kind = TROUBLE_NODE,
        .what = TEXT("node-missing"),
        .title = TEXT("The cluster has this node, and no log of it is there"),
        .nodes = name,
        .node_count = 1,
        .level = (int)RULE_MEDIUM,
        .first_seen = now,
        .last_seen = now,
        .occurrences = 1,
        .begins = begin,
    });
}

static struct sighting finding_begin(struct arena *arena, const struct timeline *t, size_t at)
{
    const struct hit *hit = &t->hits[at];
    const struct rule_info *info = ruleset_info(t->rules, hit->rule);
    struct sighting s = { .kind = TROUBLE_FINDING, .what = ruleset_called(t->rules, hit->rule), .title = info->title,
                          .node_count = 1, .level = (int)info->level, .rule = hit->rule, .node = t->node_of[at] };
    const struct node *node = t->node_of[at];
    s.nodes = names_of(arena, &node, 1);
    s.first_seen = hit->event->key.time;
    return s;
}

/* Hits of a rule on a node are a group. */
struct grouped {
    size_t node;
    uint32_t rule, hit;
};

static int grouped_order(const void *left, const void *right)
{
    const struct grouped *a = left, *b = right;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    if (a->rule != b->rule)
        return a->rule < b->rule ? -1 : 1;
    return (a->hit > b->hit) - (a->hit < b->hit);
}

/* By place in the timeline, the first hit of its group. */
static uint32_t *groups_make(struct arena *arena, const struct timeline *t)
{
    struct grouped *all = ARENA_NEW_N(arena, struct grouped, t->hit_count);
    uint32_t *first = ARENA_NEW_N(arena, uint32_t, t->hit_count);
    for (size_t i = 0; i < t->hit_count; i++)
        all[i] = (struct grouped){ t->node_of[i]->index, t->hits[i].rule, (uint32_t)i };
    if (t->hit_count)
        qsort(all, t->hit_count, sizeof *all, grouped_order);
    for (size_t i = 0; i < t->hit_count; i++) {
        bool goes_on = i && all[i - 1].node == all[i].node && all[i - 1].rule == all[i].rule;
        first[all[i].hit] = goes_on ? first[all[i - 1].hit] : all[i].hit;
    }
    return first;
}

/* A rule without a level counts as low: its author did not say that it is only for information. */
static bool is_worth_it(const struct rule_info *info, enum rule_level from)
{
    enum rule_level level = info->level == RULE_LEVEL_NONE ? RULE_LOW : info->level;
    return !info->context && level >= from;
}

static bool *hits_used(struct arena *arena, const struct timeline *t, const struct diagnoses *d)
{
    bool *used = ARENA_NEW_N(arena, bool, t->hit_count);
    for (size_t i = 0; i < d->count; i++) {
        const struct evidence_list *list = &d->items[i].for_it;
        for (size_t k = 0; k < list->count; k++)
            for (size_t h = 0; h < list->items[k].hit_count; h++)
                used[list->items[k].hits[h] - t->hits] = true;
        for (size_t k = 0; k < d->items[i].anchors.count; k++)
            used[d->items[i].anchors.items[k]] = true;
    }
    return used;
}

/* When each of the hits that count was, finding by finding. */
static void begins_collect(struct arena *arena, const struct timeline *t, const bool *counts, struct sightings *all)
{
    uint64_t **next = ARENA_NEW_N(arena, uint64_t *, all->count);
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].kind == TROUBLE_FINDING)
            all->items[i].begins = next[i] = ARENA_NEW_N(arena, uint64_t, all->items[i].occurrences);
    for (size_t i = 0; i < t->hit_count; i++)
        if (counts[i])
            *next[all->of_hit[i]]++ = t->hits[i].event->key.time;
}

/* Of the hits that are trouble of their own, in the order in which the first of each happened. */
static void findings_collect(struct arena *arena, const struct timeline *t, const struct diagnoses *diagnoses,
                             enum rule_level from, struct sightings *ret)
{
    const bool *used = hits_used(arena, t, diagnoses);
    const uint32_t *first = groups_make(arena, t);
    uint32_t *of_group = ARENA_NEW_N(arena, uint32_t, t->hit_count), *of_hit = ARENA_NEW_N(arena, uint32_t, t->hit_count);
    bool *counts = ARENA_NEW_N(arena, bool, t->hit_count);
    memset(of_group, 0xFF, t->hit_count * sizeof *of_group);
    for (size_t i = 0; i < t->hit_count; i++) {
        uint32_t *group = &of_group[first[i]];
        if (used[i] || diagnoses->explained[i] || !is_worth_it(ruleset_info(t->rules, t->hits[i].rule), from))
            continue;
        if (*group == SIGHTING_NONE) {
            *group = (uint32_t)ret->count;
            sighting_add(arena, ret, finding_begin(arena, t, i));
        }
        counts[i] = true;
        ret->items[*group].occurrences++;
        ret->items[*group].last_seen = t->hits[i].event->key.time;
    }
    for (size_t i = 0; i < t->hit_count; i++)
        of_hit[i] = of_group[first[i]];
    ret->of_hit = of_hit;
    begins_collect(arena, t, counts, ret);
}

void sightings_collect(struct arena *arena, const struct timeline *t, const struct diagnoses *diagnoses,
                       enum rule_level from, struct sightings *ret)
{
    *ret = (struct sightings){ 0 };
    for (size_t i = 0; i < diagnoses->count; i++)
        sighting_add(arena, ret, sighting_of(arena, &diagnoses->items[i]));
    findings_collect(arena, t, diagnoses, from, ret);
}
