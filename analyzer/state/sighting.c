#include "state/sighting.h"

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
    *name = node;
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
    });
}

static struct sighting *finding_get(struct arena *arena, const struct timeline *t, size_t at, struct sightings *ret)
{
    const struct hit *hit = &t->hits[at];
    for (size_t i = ret->count; i-- > 0 && ret->items[i].kind == TROUBLE_FINDING;)
        if (ret->items[i].rule == hit->rule && ret->items[i].node == t->node_of[at])
            return &ret->items[i];
    const struct rule_info *info = ruleset_info(t->rules, hit->rule);
    struct sighting s = { .kind = TROUBLE_FINDING, .what = ruleset_called(t->rules, hit->rule), .title = info->title,
                          .node_count = 1, .level = (int)info->level, .rule = hit->rule, .node = t->node_of[at] };
    const struct node *node = t->node_of[at];
    s.nodes = names_of(arena, &node, 1);
    s.first_seen = hit->event->key.time;
    sighting_add(arena, ret, s);
    return &ret->items[ret->count - 1];
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

void sightings_collect(struct arena *arena, const struct timeline *t, const struct diagnoses *diagnoses,
                       enum rule_level from, struct sightings *ret)
{
    *ret = (struct sightings){ 0 };
    for (size_t i = 0; i < diagnoses->count; i++)
        sighting_add(arena, ret, sighting_of(arena, &diagnoses->items[i]));
    bool *used = hits_used(arena, t, diagnoses);
    for (size_t i = 0; i < t->hit_count; i++) {
        if (used[i] || diagnoses->explained[i] || !is_worth_it(ruleset_info(t->rules, t->hits[i].rule), from))
            continue;
        struct sighting *s = finding_get(arena, t, i, ret);
        s->occurrences++;
        s->last_seen = t->hits[i].event->key.time;
    }
}
