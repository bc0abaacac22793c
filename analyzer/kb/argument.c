#include "kb/argument.h"

#include "base/limits.h"
#include "kb/applies.h"
#include "kb/cast.h"
#include "kb/settlement.h"

struct argument {
    struct arena *arena;
    struct hearing *hearing;
    const struct episode_group *group;
    struct diagnosis *diagnosis;
    size_t for_capacity, against_capacity, missing_capacity;
    struct settlement settlement;
};

static void list_add(struct argument *a, struct evidence_list *list, struct evidence_found found)
{
    struct diagnosis *d = a->diagnosis;
    size_t *capacity = list == &d->for_it    ? &a->for_capacity
                       : list == &d->against ? &a->against_capacity
                                             : &a->missing_capacity;
    list->items = arena_grow(a->arena, list->items, list->count, capacity, sizeof *list->items);
    list->items[list->count++] = found;
}

/* The best episode decides; the others of the incident that have it too add their records. */
static struct evidence_found tell(struct argument *a, const struct evidence_item *item, enum evidence_state state)
{
    const struct episode_group *g = a->group;
    const struct episode **same = ARENA_NEW_N(a->arena, const struct episode *, g->episode_count);
    size_t count = 0;
    for (size_t i = 0; i < g->episode_count; i++)
        if (evidence_judge(a->hearing, g->episodes[i], item) == state)
            same[count++] = g->episodes[i];
    return evidence_tell(a->arena, a->hearing, same, count, item);
}

static void found_add(struct argument *a, const struct evidence_item *item)
{
    struct evidence_found found = tell(a, item, EVIDENCE_FOUND);
    bool against = item->kind == EVIDENCE_AGAINST;
    found.points = against ? -item->weight : item->weight;
    list_add(a, against ? &a->diagnosis->against : &a->diagnosis->for_it, found);
}

/*
 * What should be absent is there: no points, but worth knowing.  Where an absence would speak against the article
 * nothing has to be said.
 */
static void contradicted_add(struct argument *a, const struct evidence_item *item)
{
    if (item->kind == EVIDENCE_AGAINST)
        return;
    struct evidence_found found = tell(a, item, EVIDENCE_CONTRADICTED);
    found.text = text_keep_format(a->arena, "Not so: %.*s", TEXT_ARG(item->text));
    list_add(a, &a->diagnosis->against, found);
}

/* That something which would speak against the article was not found is news only when nobody could have seen it. */
static void missing_add(struct argument *a, const struct evidence_item *item)
{
    struct evidence_found found = { .item = item, .text = item->text };
    found.gap = evidence_gap(a->arena, a->hearing, a->group->best, item, &found.miss);
    if (item->kind == EVIDENCE_AGAINST) {
        if (!evidence_is_blind(a->hearing, a->group->best, item))
            return;
        found.text = text_keep_format(a->arena, "Cannot be excluded: %.*s", TEXT_ARG(item->text));
    }
    if (item->kind == EVIDENCE_NEEDS && evidence_lacks_log(a->hearing, a->group->best, item)) {
        found.text = text_keep_format(a->arena, "Cannot be excluded: %.*s", TEXT_ARG(item->text));
        settlement_log(&a->settlement, a->group->best, item, &found.miss);
    }
    list_add(a, &a->diagnosis->missing, found);
}

static void item_add(struct argument *a, const struct evidence_item *item)
{
    switch (evidence_judge(a->hearing, a->group->best, item)) {
    case EVIDENCE_FOUND:
        found_add(a, item);
        break;
    case EVIDENCE_CONTRADICTED:
        contradicted_add(a, item);
        break;
    case EVIDENCE_NOT_FOUND:
    case EVIDENCE_UNKNOWN:
        missing_add(a, item);
        break;
    }
}

/* The node of the best episode, whose score it is, brings the points. */
static void system_known(struct argument *a, const struct node *node, const struct os_fact *os, enum applies_fit fit)
{
    struct diagnosis *d = a->diagnosis;
    struct evidence_found found = { .hit_count = os ? 1 : 0, .hits_seen = os ? 1 : 0 };
    if (fit == APPLIES_YES && node == a->group->best->node)
        found.points = d->article->system_weight;
    found.hits = ARENA_NEW_N(a->arena, const struct hit *, 1);
    if (os)
        found.hits[0] = os->hit;
    found.text = text_keep_format(a->arena, "%.*s runs %.*s", TEXT_ARG(node->name),
                                  TEXT_ARG(os ? os->text : applies_generation(node)));
    if (fit == APPLIES_NO)
        found.text = text_keep_format(a->arena, "%.*s; the article is about %.*s", TEXT_ARG(found.text),
                                      TEXT_ARG(applies_text(a->arena, d->article)));
    list_add(a, fit == APPLIES_NO ? &d->against : &d->for_it, found);
}

static struct text system_unsaid(const struct node *node)
{
    return node->os_possible & 1u << OS_2008 ? TEXT("its log does not say: no EventLog 6009 and no Kernel-General 12")
                                             : TEXT("its log does not say: no EventLog 6009");
}

static void system_add(struct argument *a, const struct episode *e)
{
    const struct os_fact *os = node_os_at(e->node, e->first);
    enum applies_fit fit = applies_to(e->article, e->node, e->first);
    if (fit == APPLIES_YES || fit == APPLIES_NO)
        system_known(a, e->node, os, fit);
    if (fit != APPLIES_UNKNOWN)
        return;
    struct evidence_found found = { .item = NULL };
    struct text wanted = applies_text(a->arena, e->article);
    found.text = text_keep_format(a->arena, "%.*s runs %.*s", TEXT_ARG(e->node->name), TEXT_ARG(wanted));
    found.gap = os ? text_keep_format(a->arena, "its log says only: %.*s", TEXT_ARG(os->text))
                   : system_unsaid(e->node);
    list_add(a, &a->diagnosis->missing, found);
}

/* One line a node, though a node can have two episodes in an incident. */
static void systems_add(struct argument *a)
{
    const struct episode_group *g = a->group;
    for (size_t i = 0; i < g->episode_count; i++) {
        bool again = false;
        for (size_t k = 0; k < i && !again; k++)
            again = g->episodes[k]->node == g->episodes[i]->node;
        if (!again)
            system_add(a, g->episodes[i]);
    }
}

/* What an incident needs behind its anchors belongs to it, whenever it comes: the crashed node starts. */
static uint64_t reach_behind(const struct diagnosis *d, const struct evidence_item *item)
{
    bool part = d->article->kind == KIND_INCIDENT && item->kind == EVIDENCE_NEEDS && item->to > d->article->quiet;
    return (uint64_t)(part ? item->to : d->article->quiet);
}

/* And what it needs before them, within its window: the adapter was replaced hours ago. */
static uint64_t reach_before(const struct diagnosis *d, const struct evidence_item *item)
{
    const struct article *a = d->article;
    bool part = a->kind == KIND_INCIDENT && item->kind == EVIDENCE_NEEDS && item->from < -a->quiet;
    return (uint64_t)(!part ? a->quiet : -item->from < a->window ? -item->from : a->window);
}

/*
 * When it happened: what lies within reach (`window`, or `quiet`) around the anchors.  A boot that was days ago can
 * be evidence, but it is no part of the incident, and neither is the record that names the system, however near.
 */
static void interval_find(struct argument *a)
{
    struct diagnosis *d = a->diagnosis;
    const struct episode_group *g = a->group;
    uint64_t first = g->best->first, last = g->best->last;
    for (size_t i = 0; i < g->episode_count; i++) {
        first = g->episodes[i]->first < first ? g->episodes[i]->first : first;
        last = g->episodes[i]->last > last ? g->episodes[i]->last : last;
    }
    d->first = first;
    d->last = last;
    for (size_t i = 0; i < d->for_it.count; i++) {
        const struct evidence_found *found = &d->for_it.items[i];
        for (size_t k = 0; found->item && k < found->hit_count; k++) {
            uint64_t time = found->hits[k]->event->key.time;
            if (time < d->first && first - time <= reach_before(d, found->item))
                d->first = time;
            if (time > d->last && time - last <= reach_behind(d, found->item))
                d->last = time;
        }
    }
}

static size_t node_of(const struct argument *a, const struct hit *hit)
{
    const struct timeline *t = a->hearing->index.timeline;
    return t->node_of[hit - t->hits]->index;
}

/* Lists are as long as they have nodes: there can be as many diagnoses as nodes. */
static const struct node **nodes_list(struct argument *a, const bool *chosen, size_t *count)
{
    const struct timeline *t = a->hearing->index.timeline;
    *count = 0;
    for (size_t i = 0; i < t->node_count; i++)
        *count += chosen[i];
    const struct node **list = ARENA_NEW_N(a->arena, const struct node *, *count);
    for (size_t i = 0, n = 0; n < *count; i++)
        if (chosen[i])
            list[n++] = t->nodes[i];
    return list;
}

/* The group knows the nodes of its anchors: they are affected.  The others only bear witness. */
static void nodes_find(struct argument *a)
{
    struct diagnosis *d = a->diagnosis;
    struct arena scratch;
    arena_init(&scratch);
    bool *chosen = ARENA_NEW_N(&scratch, bool, a->hearing->index.timeline->node_count);
    for (size_t i = 0; i < a->group->node_count; i++)
        chosen[a->group->nodes[i]->index] = true;
    d->affected = nodes_list(a, chosen, &d->affected_count);
    for (size_t i = 0; i < d->for_it.count; i++)
        for (size_t k = 0; k < d->for_it.items[i].hit_count; k++)
            chosen[node_of(a, d->for_it.items[i].hits[k])] = true;
    d->nodes = nodes_list(a, chosen, &d->node_count);
    arena_done(&scratch);
}

static bool rests_on_inference(const struct article *article)
{
    for (size_t i = 0; i < article->evidence_count; i++)
        if (article->evidence[i].kind == EVIDENCE_NEEDS && !article->evidence[i].inferred)
            return false;
    return true;
}

static enum confidence confidence_in(const struct episode *e, bool inferred)
{
    enum confidence c = episode_confidence(e);
    return inferred && c > CONFIDENCE_POSSIBLE ? CONFIDENCE_POSSIBLE : c;
}

/* As the node calls itself, where it has a log. */
static struct text name_in_full(const struct cast *c, size_t at)
{
    return c->named[at] ? c->named[at]->name : c->names[at];
}

/* Of all episodes of the incident: each may name another node. */
static void role_play(struct argument *a, size_t role, bool in_full, struct played_role *played)
{
    const struct episode_group *g = a->group;
    size_t most = 0;
    for (size_t i = 0; i < g->episode_count; i++)
        most += g->episodes[i]->cast[role].name_count;
    struct text *names = ARENA_NEW_N(a->arena, struct text, most);
    for (size_t i = 0; i < g->episode_count; i++)
        for (size_t k = 0; k < g->episodes[i]->cast[role].name_count && played->count < LIMIT_CAST; k++) {
            const struct cast *c = &g->episodes[i]->cast[role];
            struct text name = in_full ? name_in_full(c, k) : c->names[k];
            size_t known = 0;
            while (known < played->count && !is_name_of_node(name, names[known]))
                known++;
            if (known == played->count)
                names[played->count++] = name;
        }
    played->names = names;
}

static void roles_play(struct argument *a)
{
    struct diagnosis *d = a->diagnosis;
    d->role_count = d->article->role_count;
    d->roles = ARENA_NEW_N(a->arena, struct played_role, d->role_count);
    for (size_t i = 0; i < d->role_count; i++) {
        d->roles[i].role = d->article->roles[i].name;
        role_play(a, i, false, &d->roles[i]);
    }
}

static const uint64_t *begins_keep(struct arena *arena, const struct episode_group *group)
{
    uint64_t *begins = ARENA_NEW_N(arena, uint64_t, group->incidents);
    memcpy(begins, group->begins, group->incidents * sizeof *begins);
    return begins;
}

static bool has_log(const struct argument *a, struct text name)
{
    const struct timeline *t = a->hearing->index.timeline;
    for (size_t i = 0; i < t->node_count; i++)
        if (text_equal(t->nodes[i]->name, name))
            return true;
    return false;
}

/* What is sure is so of nodes that show it: one without a log was only named together with them. */
static void leave_those_that_show_it(const struct argument *a, struct played_role *played)
{
    size_t kept = 0;
    struct text *names = ARENA_NEW_N(a->arena, struct text, played->count);
    for (size_t i = 0; i < played->count; i++)
        if (has_log(a, played->names[i]))
            names[kept++] = played->names[i];
    if (kept)
        *played = (struct played_role){ .role = played->role, .names = names, .count = kept };
}

/* The nodes of the anchors may only have seen what happened to another one.  What the diagnosis is known by from night
 * to night stays `affected`. */
static void troubled_find(struct argument *a)
{
    struct diagnosis *d = a->diagnosis;
    const struct article *article = d->article;
    struct played_role played = { .count = 0 };
    if (article->trouble)
        role_play(a, (size_t)(article->trouble - article->roles), true, &played);
    if (d->confidence == CONFIDENCE_CONFIRMED)
        leave_those_that_show_it(a, &played);
    d->troubled = played.names;
    d->troubled_count = played.count;
    if (played.count)
        return;
    struct text *names = ARENA_NEW_N(a->arena, struct text, d->affected_count);
    for (size_t i = 0; i < d->affected_count; i++)
        names[i] = d->affected[i]->name;
    d->troubled = names;
    d->troubled_count = d->affected_count;
}

void argument_make(struct arena *arena, struct hearing *hearing, const struct episode_group *group,
                   struct diagnosis *ret)
{
    const struct article *article = group->best->article;
    struct argument a = { .arena = arena, .hearing = hearing, .group = group, .diagnosis = ret };
    a.settlement = (struct settlement){ .arena = arena, .timeline = hearing->index.timeline };
    *ret = (struct diagnosis){ .article = article,
                               .score = group->best->score,
                               .inferred = rests_on_inference(article),
                               .unseen = group->best->unseen,
                               .occurrences = group->incidents,
                               .begins = begins_keep(arena, group),
                               .first_seen = group->first_seen,
                               .last_seen = group->last_seen };
    ret->confidence = confidence_in(group->best, ret->inferred);
    for (size_t i = 0; i < article->evidence_count; i++)
        item_add(&a, &article->evidence[i]);
    settlement_article(&a.settlement, article);
    ret->settles = a.settlement.items;
    ret->settle_count = a.settlement.count;
    systems_add(&a);
    interval_find(&a);
    nodes_find(&a);
    roles_play(&a);
    troubled_find(&a);
}
