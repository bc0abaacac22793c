#include "kb/diagnose.h"

#include <stdlib.h>

#include "base/limits.h"
#include "kb/aftermath.h"
#include "kb/argument.h"
#include "kb/divide.h"
#include "kb/fold.h"
#include "kb/sighting.h"
#include "kb/unseen.h"

#define CONFIRMED_FROM 80
#define LIKELY_FROM    50
#define POSSIBLE_FROM  20

struct engine {
    struct arena *arena; /* of the result */
    struct arena scratch; /* of one article after the other */
    const struct kb *kb;
    const struct timeline *timeline;
    struct hearing hearing;
    struct diagnoses *ret;
    size_t item_capacity, considered_capacity;
    struct unseen unseen;
    bool *diagnosed; /* by article */
    bool *used;      /* by place in the timeline: a diagnosis rests on it */
};

enum confidence confidence_of(int score)
{
    if (score >= CONFIRMED_FROM)
        return CONFIDENCE_CONFIRMED;
    if (score >= LIKELY_FROM)
        return CONFIDENCE_LIKELY;
    return score >= POSSIBLE_FROM ? CONFIDENCE_POSSIBLE : CONFIDENCE_NONE;
}

const char *confidence_name(enum confidence c)
{
    static const char *const names[] = { "none", "possible", "likely", "confirmed" };
    return names[c];
}

static void diagnosis_make(struct engine *e, const struct episode_group *group, struct diagnosis *ret)
{
    argument_make(e->arena, &e->hearing, group, ret);
    aftermath_find(e->arena, &e->hearing, group, ret);
}

static void diagnosis_add(struct engine *e, const struct episode_group *group)
{
    struct diagnoses *d = e->ret;
    d->items = arena_grow(e->arena, d->items, d->count, &e->item_capacity, sizeof *d->items);
    diagnosis_make(e, group, &d->items[d->count++]);
}

/* The strongest first, of equals the earliest. */
static int groups_order(const void *left, const void *right)
{
    const struct episode_group *a = left, *b = right;
    if (a->best->score != b->best->score)
        return a->best->score > b->best->score ? -1 : 1;
    if (a->first_seen != b->first_seen)
        return a->first_seen < b->first_seen ? -1 : 1;
    return (a->best->node->index > b->best->node->index) - (a->best->node->index < b->best->node->index);
}

/* What is said of one article at most: the strongest. */
static void groups_cut(struct engine *e, struct episode_groups *groups)
{
    if (groups->count <= LIMIT_DIAGNOSES)
        return;
    qsort(groups->items, groups->count, sizeof *groups->items, groups_order);
    e->ret->left_out += groups->count - LIMIT_DIAGNOSES;
    groups->count = LIMIT_DIAGNOSES;
}

static void article_diagnose(struct engine *e, size_t number)
{
    const struct article *article = kb_article(e->kb, number);
    if (article->evidence_count == 0)
        return;
    struct arena_mark mark = arena_mark(&e->scratch);
    struct episodes episodes = episodes_find(&e->scratch, &e->hearing, article);
    for (size_t i = 0; i < episodes.count; i++)
        unseen_episode(&e->unseen, &episodes.items[i]);
    struct episode_groups groups = episodes_group(&e->scratch, e->timeline, &episodes, &episodes);
    groups_cut(e, &groups);
    for (size_t i = 0; i < groups.count; i++)
        diagnosis_add(e, &groups.items[i]);
    e->diagnosed[number] = groups.count > 0;
    arena_rewind(&e->scratch, mark);
}

static int diagnoses_order(const void *left, const void *right)
{
    const struct diagnosis *a = left, *b = right;
    if (a->confidence != b->confidence)
        return a->confidence > b->confidence ? -1 : 1;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->article->level != b->article->level)
        return a->article->level > b->article->level ? -1 : 1;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    int order = text_compare(a->article->id, b->article->id);
    /* Diagnoses of one article never begin together: that would be one incident. */
    return order ? order : (a->first_seen > b->first_seen) - (a->first_seen < b->first_seen);
}

static void rank(struct diagnosis *items, size_t count)
{
    if (count)
        qsort(items, count, sizeof *items, diagnoses_order);
}

/* Diagnoses are in order of their articles, and those of `ranked` by rank. */
struct dividing {
    struct engine *engine;
    struct diagnoses ranked;
    struct diagnosis *items;
    size_t count, capacity;
    size_t copied; /* of those in order of their articles */
};

static void copy_until(struct dividing *v, size_t end)
{
    for (; v->copied < end; v->copied++) {
        v->items = arena_grow(v->engine->arena, v->items, v->count, &v->capacity, sizeof *v->items);
        v->items[v->count++] = v->engine->ret->items[v->copied];
    }
}

/* Groups in the making, in the scratch arena. */
struct parts {
    struct episode_groups groups;
    size_t capacity;
};

static void part_add(struct engine *e, const struct episodes *part, const struct episodes *judged, struct parts *ret)
{
    struct episode_groups groups = episodes_group(&e->scratch, e->timeline, part, judged);
    for (size_t i = 0; i < groups.count; i++) {
        struct episode_groups *all = &ret->groups;
        all->items = arena_grow(&e->scratch, all->items, all->count, &ret->capacity, sizeof *all->items);
        all->items[all->count++] = groups.items[i];
    }
}

/* A part for each cause, in order of the episodes; the episodes of one cause stay together. */
static void group_divide(struct engine *e, const struct episodes *all, const size_t *causes,
                         const struct episode_group *group, struct parts *ret)
{
    bool done[LIMIT_CAUSES + 1] = { false }; /* by cause, none the last */
    for (size_t i = 0; i < group->all_count; i++) {
        size_t cause = causes[group->all[i] - all->items];
        bool *is_done = &done[cause < LIMIT_CAUSES ? cause : LIMIT_CAUSES];
        if (!*is_done) {
            struct episodes part = divide_part(&e->scratch, all, causes, group, cause);
            part_add(e, &part, all, ret);
        }
        *is_done = true;
    }
}

static void parts_diagnose(struct dividing *v, struct parts *parts)
{
    struct engine *e = v->engine;
    groups_cut(e, &parts->groups);
    for (size_t i = 0; i < parts->groups.count; i++) {
        v->items = arena_grow(e->arena, v->items, v->count, &v->capacity, sizeof *v->items);
        diagnosis_make(e, &parts->groups.items[i], &v->items[v->count++]);
    }
}

static bool any_is_mixed(const struct episodes *all, const size_t *causes, const struct episode_groups *groups)
{
    for (size_t i = 0; i < groups->count; i++)
        for (size_t k = 1; k < groups->items[i].all_count; k++)
            if (causes[groups->items[i].all[k] - all->items] != causes[groups->items[i].all[0] - all->items])
                return true;
    return false;
}

/* The diagnoses of one article, [begin, end), are made anew when one of them has occurrences with different causes. */
static void article_divide(struct dividing *v, size_t begin, size_t end)
{
    struct engine *e = v->engine;
    const struct diagnosis *old = e->ret->items;
    const struct article *article = old[begin].article;
    struct arena_mark mark = arena_mark(&e->scratch);
    struct parts parts = { 0 };
    struct episodes all = episodes_find(&e->scratch, &e->hearing, article);
    size_t *causes = divide_causes(&e->scratch, &e->hearing, &v->ranked, &all);
    struct episode_groups groups = episodes_group(&e->scratch, e->timeline, &all, &all);
    if (groups.count <= LIMIT_DIAGNOSES && any_is_mixed(&all, causes, &groups)) {
        copy_until(v, begin);
        v->copied = end;
        for (size_t i = begin; i < end; i++)
            e->hearing.explained -= old[i].explains.count;
        for (size_t i = 0; i < groups.count; i++)
            group_divide(e, &all, causes, &groups.items[i], &parts);
        parts_diagnose(v, &parts);
    }
    arena_rewind(&e->scratch, mark);
}

static bool is_worth_dividing(const struct dividing *v, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        if (divide_is_worth_it(&v->ranked, &v->engine->ret->items[i]))
            return true;
    return false;
}

static void occurrences_divide(struct engine *e)
{
    struct diagnoses *d = e->ret;
    struct dividing v = { .engine = e, .ranked = { .count = d->count } };
    v.ranked.items = ARENA_NEW_N(&e->scratch, struct diagnosis, d->count);
    for (size_t i = 0; i < d->count; i++)
        v.ranked.items[i] = d->items[i];
    rank(v.ranked.items, v.ranked.count);
    for (size_t begin = 0, end; begin < d->count; begin = end) {
        for (end = begin; end < d->count && d->items[end].article == d->items[begin].article;)
            end++;
        if (is_worth_dividing(&v, begin, end))
            article_divide(&v, begin, end);
    }
    if (v.copied == 0)
        return;
    copy_until(&v, d->count);
    d->items = v.items;
    d->count = v.count;
}

/* All hits of an event stand side by side. */
static void event_use(struct engine *e, const struct hit *hit)
{
    const struct timeline *t = e->timeline;
    size_t first = (size_t)(hit - t->hits), last = first;
    while (first > 0 && t->hits[first - 1].event == hit->event)
        first--;
    while (last + 1 < t->hit_count && t->hits[last + 1].event == hit->event)
        last++;
    memset(&e->used[first], true, last - first + 1);
}

/* Not the record that names the system: every article has that in common. */
static void events_use(struct engine *e)
{
    e->used = ARENA_NEW_N(&e->scratch, bool, e->timeline->hit_count);
    for (size_t i = 0; i < e->ret->count; i++) {
        const struct evidence_list *list = &e->ret->items[i].for_it;
        for (size_t k = 0; k < list->count; k++)
            for (size_t h = 0; list->items[k].item && h < list->items[k].hit_count; h++)
                event_use(e, list->items[k].hits[h]);
    }
}

static bool shares_anchor(const struct engine *e, const struct episode *episode)
{
    for (size_t i = 0; i < episode->anchor_count; i++)
        if (e->used[episode->anchors[i]])
            return true;
    return false;
}

static bool any_left(const struct engine *e, const struct sightings *s)
{
    const struct timeline *t = e->timeline;
    for (size_t i = 0; i < s->count; i++)
        if (!e->used[s->places[i]] && !ruleset_info(t->rules, t->hits[s->places[i]].rule)->context)
            return true;
    return false;
}

/* A finding would be no trouble, if a log that was not given said so. */
static bool could_explain(struct engine *e, const struct episode *episode)
{
    const struct evidence_items *explains = &episode->article->explains;
    struct arena_mark mark = arena_mark(&e->hearing.scratch);
    bool any = false;
    for (size_t i = 0; i < explains->count && episode->hidden && !episode->other_system && !any; i++) {
        struct sightings s = sightings_find(&e->hearing.scratch, &e->hearing, episode, &explains->items[i]);
        any = any_left(e, &s);
    }
    arena_rewind(&e->hearing.scratch, mark);
    return any;
}

/* All needs are there, or half of them at something that has a diagnosis. */
static bool is_worth_telling(struct engine *e, const struct episode *episode)
{
    if (episode->met || could_explain(e, episode))
        return true;
    return !episode->other_system && episode->needs_found * 2 >= episode->needs_all && shares_anchor(e, episode);
}

static void article_consider(struct engine *e, const struct article *article)
{
    struct arena_mark mark = arena_mark(&e->scratch);
    struct episodes episodes = episodes_find(&e->scratch, &e->hearing, article);
    const struct episode *best = NULL;
    for (size_t i = 0; i < episodes.count; i++)
        if (is_worth_telling(e, &episodes.items[i]) && episode_is_nearer(&episodes.items[i], best))
            best = &episodes.items[i];
    if (best) {
        struct diagnoses *d = e->ret;
        struct episode_group group = { .best = best, .episodes = &best, .episode_count = 1, .incidents = 1,
                                       .begins = &best->first,
                                       .first_seen = best->first, .last_seen = best->last };
        const struct node *node = best->node;
        group.nodes = &node;
        group.node_count = 1;
        d->considered =
            arena_grow(e->arena, d->considered, d->considered_count, &e->considered_capacity, sizeof *d->considered);
        argument_make(e->arena, &e->hearing, &group, &d->considered[d->considered_count++]);
    }
    arena_rewind(&e->scratch, mark);
}

void diagnose(struct arena *arena, const struct kb *kb, const struct timeline *timeline, struct diagnoses *ret)
{
    diagnose_since(arena, kb, timeline, 0, ret);
}

void diagnose_since(struct arena *arena, const struct kb *kb, const struct timeline *timeline, uint64_t since,
                    struct diagnoses *ret)
{
    struct engine e = { .arena = arena, .kb = kb, .timeline = timeline, .ret = ret };
    size_t count = kb_count(kb);
    *ret = (struct diagnoses){ 0 };
    arena_init(&e.scratch);
    e.diagnosed = ARENA_NEW_N(&e.scratch, bool, count);
    arena_init(&e.hearing.scratch);
    hit_index_build(&e.scratch, timeline, &e.hearing.index);
    e.hearing.since = since;
    e.unseen = (struct unseen){ .arena = arena, .timeline = timeline };
    unseen_events(&e.unseen);
    for (size_t i = 0; i < count; i++)
        article_diagnose(&e, i);
    occurrences_divide(&e);
    events_use(&e);
    for (size_t i = 0; i < count; i++)
        if (!e.diagnosed[i] && kb_article(kb, i)->evidence_count)
            article_consider(&e, kb_article(kb, i));
    rank(ret->items, ret->count);
    rank(ret->considered, ret->considered_count);
    diagnoses_fold(arena, &e.hearing, ret);
    ret->unseen = e.unseen.items;
    ret->unseen_count = e.unseen.count;
    ret->exhausted = e.hearing.exhausted;
    arena_done(&e.hearing.scratch);
    arena_done(&e.scratch);
}
