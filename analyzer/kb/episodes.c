#include "kb/episodes.h"

#include <stdlib.h>

#include "base/limits.h"
#include "kb/applies.h"
#include "kb/cast.h"
#include "kb/difference.h"
#include "kb/parting.h"

struct anchor {
    size_t node;
    uint32_t place; /* in timeline.hits */
};

static int anchors_order(const void *left, const void *right)
{
    const struct anchor *a = left, *b = right;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* By node and time, each event once. */
static size_t anchors_find(struct arena *arena, struct hearing *hearing, const struct evidence_item *item,
                           struct anchor **ret)
{
    const struct timeline *t = hearing->index.timeline;
    struct anchor *anchors = NULL;
    size_t count = 0, capacity = 0, distinct = 0;
    for (size_t i = 0; i < item->rule_count; i++) {
        struct hit_span span = hit_index_find(&hearing->index, item->rules[i], NULL, hearing->since, UINT64_MAX);
        for (size_t k = 0; k < span.count; k++) {
            if (!difference_holds(item->differ, &t->hits[span.hits[k]]))
                continue;
            anchors = arena_grow(arena, anchors, count, &capacity, sizeof *anchors);
            anchors[count++] = (struct anchor){ t->node_of[span.hits[k]]->index, span.hits[k] };
        }
    }
    if (count)
        qsort(anchors, count, sizeof *anchors, anchors_order);
    for (size_t i = 0; i < count; i++)
        if (!distinct || t->hits[anchors[i].place].event != t->hits[anchors[distinct - 1].place].event)
            anchors[distinct++] = anchors[i];
    *ret = anchors;
    return distinct;
}

/* Noise explains nothing away that was not seen. */
static void need_judge(struct hearing *hearing, struct episode *e, const struct evidence_item *item, bool found)
{
    bool lacking = !found && evidence_lacks_log(hearing, e, item), noise = e->article->kind == KIND_NOISE;
    bool unseen = lacking && !noise;
    e->met = e->met && (found || unseen);
    e->hidden = e->hidden && noise && (found || lacking);
    e->unseen = e->unseen || unseen;
    e->unnamed = e->unnamed || (unseen && !evidence_is_of_named(e, item));
    e->grounded = e->grounded || (found && !item->inferred);
    e->needs_found += found ? item->weight : 0;
    e->needs_all += item->weight;
}

static void item_judge(struct hearing *hearing, struct episode *e, const struct evidence_item *item)
{
    bool found = evidence_judge(hearing, e, item) == EVIDENCE_FOUND;
    int points = found ? item->weight : 0;
    e->score += item->kind == EVIDENCE_AGAINST ? -points : points;
    if (item->kind == EVIDENCE_NEEDS)
        need_judge(hearing, e, item, found);
    else if (item->kind == EVIDENCE_AGAINST && !found && evidence_is_blind(hearing, e, item))
        e->unexcluded += item->weight;
    if (found && evidence_is_undecided(hearing, e, item))
        e->unexcluded += item->weight;
}

/*
 * Where needs cannot be seen, the rest must be specific: more than half of the points of all, and not by inference alone.
 * A third will do where the anchors name the node whose log is missing: then they ask for that log themselves.
 */
static bool rest_is_specific(const struct episode *e)
{
    return e->grounded && (e->unnamed ? 2 * e->needs_found > e->needs_all : 3 * e->needs_found >= e->needs_all);
}

static void episode_judge(struct hearing *hearing, struct episode *e)
{
    const struct article *a = e->article;
    e->met = true;
    e->hidden = true;
    for (size_t i = 0; i < a->evidence_count; i++)
        item_judge(hearing, e, &a->evidence[i]);
    e->met = e->met && (!e->unseen || rest_is_specific(e));
    e->hidden = e->hidden && !e->met && 2 * e->needs_found > e->needs_all;
    enum applies_fit fit = applies_to(a, e->node, e->first);
    e->other_system = fit == APPLIES_NO;
    e->system_unknown = fit == APPLIES_UNKNOWN &&
                        !applies_to_all_of(a, hearing->index.timeline->hits[e->anchors[0]].input->format);
    e->score += fit == APPLIES_YES ? a->system_weight : 0;
    e->sure = e->score - e->unexcluded;
    e->score = e->score < 0 ? 0 : e->score > 100 ? 100 : e->score;
}

/* Sure is only what could have been refuted. */
enum confidence episode_confidence(const struct episode *e)
{
    enum confidence c = confidence_of(e->score);
    if (!e->met || e->other_system)
        return CONFIDENCE_NONE;
    if (e->unseen)
        return c > CONFIDENCE_POSSIBLE ? CONFIDENCE_POSSIBLE : c;
    bool refutable = e->system_unknown || confidence_of(e->sure) < CONFIDENCE_CONFIRMED;
    return c == CONFIDENCE_CONFIRMED && refutable ? CONFIDENCE_LIKELY : c;
}

bool episode_is_elsewhere(const struct episode *e)
{
    return e->met && e->other_system && confidence_of(e->score) > CONFIDENCE_NONE;
}

bool episode_is_nearer(const struct episode *a, const struct episode *b)
{
    if (!b || a->met != b->met)
        return !b || a->met;
    if (a->other_system != b->other_system)
        return b->other_system;
    int x = a->met ? a->score : a->needs_found, y = a->met ? b->score : b->needs_found;
    return x != y ? x > y : a->first < b->first;
}

static struct episode *episode_begin(struct arena *arena, struct episodes *all, size_t *capacity,
                                     const struct article *article, const struct timeline *t,
                                     const struct anchor *anchor, const uint32_t *place)
{
    const struct event_key *key = &t->hits[anchor->place].event->key;
    all->items = arena_grow(arena, all->items, all->count, capacity, sizeof *all->items);
    struct episode *e = &all->items[all->count++];
    *e = (struct episode){ .article = article,
                           .node = t->nodes[anchor->node],
                           .anchors = place,
                           .first = key->time,
                           .log = key->channel };
    return e;
}

static int by_node_and_time(const void *left, const void *right)
{
    const struct episode *a = left, *b = right;
    if (a->node != b->node)
        return a->node->index < b->node->index ? -1 : 1;
    return (a->anchors[0] > b->anchors[0]) - (a->anchors[0] < b->anchors[0]);
}

/* A part that leaves stands behind all others, and may come apart itself. */
static void episodes_cast(struct arena *arena, struct hearing *hearing, struct episodes *all, size_t *capacity)
{
    size_t found = all->count;
    struct departures *departures = ARENA_NEW(arena, struct departures);
    for (size_t i = 0; i < all->count; i++) {
        struct episode left;
        all->items[i].departures = departures;
        all->items[i].cast = cast_make(arena, &hearing->index, &all->items[i]);
        while (episode_part(arena, hearing, &all->items[i], &left)) {
            all->items[i].cast = cast_make(arena, &hearing->index, &all->items[i]);
            all->items = arena_grow(arena, all->items, all->count, capacity, sizeof *all->items);
            all->items[all->count++] = left;
        }
    }
    if (all->count > found)
        qsort(all->items, all->count, sizeof *all->items, by_node_and_time);
}

struct episodes episodes_find(struct arena *arena, struct hearing *hearing, const struct article *article)
{
    const struct timeline *t = hearing->index.timeline;
    struct episodes all = { 0 };
    struct anchor *anchors;
    size_t capacity = 0, count = anchors_find(arena, hearing, &article->evidence[0], &anchors);
    uint32_t *places = ARENA_NEW_N(arena, uint32_t, count);
    struct episode *e = NULL;
    for (size_t i = 0; i < count; i++) {
        uint64_t time = t->hits[anchors[i].place].event->key.time;
        places[i] = anchors[i].place;
        if (!e || e->node->index != anchors[i].node || time - e->first > (uint64_t)article->window ||
            time - e->last > (uint64_t)article->quiet)
            e = episode_begin(arena, &all, &capacity, article, t, &anchors[i], &places[i]);
        e->anchor_count++;
        e->last = time;
    }
    episodes_cast(arena, hearing, &all, &capacity);
    for (size_t i = 0; i < all.count; i++)
        episode_judge(hearing, &all.items[i]);
    return all;
}

/* Episodes by time; incident[i] is which incident the i-th belongs to; parent[] joins incidents to groups. */
struct grouping {
    const struct episode **episodes;
    size_t count;
    size_t *incident;
    size_t *start; /* of each incident: its first episode */
    size_t *parent;
    size_t incidents;
    bool *met_nodes; /* by node index: of the group being made; else all false */
};

static int episodes_order(const void *left, const void *right)
{
    const struct episode *a = *(const struct episode *const *)left, *b = *(const struct episode *const *)right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (a->node->index > b->node->index) - (a->node->index < b->node->index);
}

static void possible_take(struct arena *arena, struct grouping *g, const struct episodes *all)
{
    g->episodes = ARENA_NEW_N(arena, const struct episode *, all->count);
    for (size_t i = 0; i < all->count; i++) {
        const struct episode *e = &all->items[i];
        if (episode_confidence(e) > CONFIDENCE_NONE)
            g->episodes[g->count++] = e;
    }
    if (g->count)
        qsort(g->episodes, g->count, sizeof(struct episode *), episodes_order);
}

static size_t group_of(const struct grouping *g, size_t incident)
{
    while (g->parent[incident] != incident)
        incident = g->parent[incident] = g->parent[g->parent[incident]];
    return incident;
}

/* The older one leads, so that groups are in order of time. */
static void groups_join(struct grouping *g, size_t a, size_t b)
{
    a = group_of(g, a);
    b = group_of(g, b);
    if (a < b)
        g->parent[b] = a;
    else
        g->parent[a] = b;
}

/* The node that is in trouble, without its domain: the events of one node may have it, and those of another may not. */
static struct text trouble_name(const struct episode *e, size_t k)
{
    struct text name = e->cast[e->article->trouble - e->article->roles].names[k];
    return (struct text){ name.p, text_find_char(name, '.') };
}

static size_t thing_most(const struct episode *e)
{
    const struct article *a = e->article;
    if (a->about.count)
        return e->anchor_count < LIMIT_CAST ? e->anchor_count : LIMIT_CAST;
    return a->trouble ? e->cast[a->trouble - a->roles].name_count : 0;
}

/* The k-th of what an episode is about: a disk, a role, or the node in trouble, which another one saw; "" = not known. */
static struct text thing_name(const struct timeline *t, const struct episode *e, size_t k)
{
    if (e->article->about.count)
        return choice_value(t->hits[e->anchors[k]].event, &e->article->about);
    return trouble_name(e, k);
}

static bool knows_thing(const struct timeline *t, const struct episode *e)
{
    for (size_t k = 0; k < thing_most(e); k++)
        if (thing_name(t, e, k).n)
            return true;
    return false;
}

/*
 * Incidents begin where one is over: later than the window behind its begin, or when nothing of it was seen for a while
 * (`quiet`).  Those that only a pause parts are one diagnosis, as those of one node are: it happened again, unless it
 * is known of both what they are about (things_join).  Two nodes that crash hours apart, which the third one saw, are
 * two diagnoses.
 */
static void incidents_make(struct arena *arena, struct grouping *g, const struct timeline *t,
                           const struct article *article)
{
    size_t *of_node = ARENA_NEW_N(arena, size_t, t->node_count); /* the node's last episode, from 1 */
    g->incident = ARENA_NEW_N(arena, size_t, g->count);
    g->start = ARENA_NEW_N(arena, size_t, g->count);
    g->parent = ARENA_NEW_N(arena, size_t, g->count);
    uint64_t start = 0, last = 0;
    for (size_t i = 0; i < g->count; i++) {
        const struct episode *e = g->episodes[i];
        bool far = i == 0 || e->first - start > (uint64_t)article->window;
        if (far || (e->first > last && e->first - last > (uint64_t)article->quiet)) {
            g->parent[g->incidents] = g->incidents;
            g->start[g->incidents] = i;
            g->incidents++;
            if (!far)
                groups_join(g, g->incidents - 2, g->incidents - 1);
        }
        start = far ? e->first : start;
        last = far || e->last > last ? e->last : last;
        g->incident[i] = g->incidents - 1;
        size_t before = of_node[e->node->index];
        if (before && !(knows_thing(t, e) && knows_thing(t, g->episodes[before - 1])))
            groups_join(g, g->incident[i], g->incident[before - 1]);
        of_node[e->node->index] = i + 1;
    }
}

struct thing {
    struct text name;
    size_t episode; /* its place in the grouping */
};

static int things_order(const void *left, const void *right)
{
    const struct thing *a = left, *b = right;
    int order = text_compare_nocase(a->name, b->name);
    return order ? order : (a->episode > b->episode) - (a->episode < b->episode);
}

static struct thing *things_find(struct arena *arena, const struct grouping *g, const struct timeline *t,
                                 size_t *count)
{
    struct thing *things = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < g->count; i++)
        for (size_t k = 0; k < thing_most(g->episodes[i]); k++) {
            struct text name = thing_name(t, g->episodes[i], k);
            if (name.n == 0)
                continue;
            things = arena_grow(arena, things, *count, &capacity, sizeof *things);
            things[(*count)++] = (struct thing){ name, i };
        }
    if (*count)
        qsort(things, *count, sizeof *things, things_order);
    return things;
}

/* The disk that NODE1 missed, and NODE2 hours later: it happened again, unless the nodes are of two clusters. */
static void things_join(struct arena *arena, struct grouping *g, const struct timeline *t)
{
    size_t count = 0;
    const struct thing *things = things_find(arena, g, t, &count);
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && i - k < LIMIT_CAST; k--) {
            const struct thing *one = &things[k - 1], *other = &things[i];
            if (!text_equal_nocase(one->name, other->name))
                break;
            if (timeline_nodes_apart(t, g->episodes[one->episode]->node, g->episodes[other->episode]->node))
                continue;
            groups_join(g, g->incident[one->episode], g->incident[other->episode]);
            break;
        }
}

/* The episodes of all groups, group by group, each group's by time; start[k] .. start[k + 1] are those of leader k. */
static size_t *groups_lay_out(struct arena *arena, const struct grouping *g, size_t **start)
{
    size_t *members = ARENA_NEW_N(arena, size_t, g->count), *next = ARENA_NEW_N(arena, size_t, g->incidents + 1);
    *start = ARENA_NEW_N(arena, size_t, g->incidents + 1);
    for (size_t i = 0; i < g->count; i++)
        (*start)[group_of(g, g->incident[i]) + 1]++;
    for (size_t k = 0; k < g->incidents; k++)
        next[k + 1] = (*start)[k + 1] += (*start)[k];
    for (size_t i = 0; i < g->count; i++)
        members[next[group_of(g, g->incident[i])]++] = i;
    return members;
}

static int nodes_order(const void *left, const void *right)
{
    const struct node *a = *(const struct node *const *)left, *b = *(const struct node *const *)right;
    return (a->index > b->index) - (a->index < b->index);
}

/* No more memory than the group has episodes: there can be as many groups as nodes. */
static void nodes_take(struct arena *arena, struct grouping *g, struct episode_group *group, const size_t *members,
                       size_t count)
{
    group->nodes = ARENA_NEW_N(arena, const struct node *, count);
    for (size_t i = 0; i < count; i++) {
        const struct node *node = g->episodes[members[i]]->node;
        if (!g->met_nodes[node->index])
            group->nodes[group->node_count++] = node;
        g->met_nodes[node->index] = true;
    }
    qsort(group->nodes, group->node_count, sizeof(struct node *), nodes_order);
    for (size_t i = 0; i < group->node_count; i++)
        g->met_nodes[group->nodes[i]->index] = false;
}

static const struct episode *const *incident_take(const struct grouping *g, size_t incident, size_t *count)
{
    size_t end = incident + 1 < g->incidents ? g->start[incident + 1] : g->count;
    *count = end - g->start[incident];
    return &g->episodes[g->start[incident]];
}

static void group_take(struct arena *arena, struct grouping *g, struct episode_group *group, const size_t *members,
                       size_t count)
{
    const struct episode **all = ARENA_NEW_N(arena, const struct episode *, count);
    uint64_t *begins = ARENA_NEW_N(arena, uint64_t, count);
    group->all = all;
    group->begins = begins;
    group->all_count = count;
    size_t counted = SIZE_MAX, best = 0;
    for (size_t i = 0; i < count; i++) {
        const struct episode *e = g->episodes[members[i]];
        size_t incident = g->incident[members[i]];
        all[i] = e;
        if (!group->best || e->score > group->best->score) {
            group->best = e;
            best = incident;
        }
        if (incident != counted)
            begins[group->incidents++] = e->first;
        counted = incident;
        if (!group->first_seen || e->first < group->first_seen)
            group->first_seen = e->first;
        if (e->last > group->last_seen)
            group->last_seen = e->last;
    }
    /* An incident's episodes stand in a row: both are in order of time. */
    group->episodes = incident_take(g, best, &group->episode_count);
    group->last = incident_take(g, counted, &group->last_count);
}

struct episode_groups episodes_group(struct arena *arena, const struct timeline *t, const struct episodes *episodes,
                                     const struct episodes *judged)
{
    struct grouping g = { .met_nodes = ARENA_NEW_N(arena, bool, t->node_count) };
    struct episode_groups ret = { 0 };
    size_t capacity = 0, *start;
    possible_take(arena, &g, episodes);
    if (g.count == 0)
        return ret;
    const struct article *article = g.episodes[0]->article;
    incidents_make(arena, &g, t, article);
    things_join(arena, &g, t);
    const size_t *members = groups_lay_out(arena, &g, &start);
    for (size_t i = 0; i < g.incidents; i++) {
        size_t count = start[i + 1] - start[i];
        if (count == 0)
            continue;
        struct episode_group group = { .judged = judged };
        group_take(arena, &g, &group, members + start[i], count);
        nodes_take(arena, &g, &group, members + start[i], count);
        ret.items = arena_grow(arena, ret.items, ret.count, &capacity, sizeof *ret.items);
        ret.items[ret.count++] = group;
    }
    return ret;
}
