#include "kb/aftermath.h"

#include <stdlib.h>

#include "base/limits.h"
#include "kb/life.h"
#include "kb/sighting.h"

struct search {
    struct arena *arena;
    struct hearing *h;
    const struct episode_group *group;
    struct diagnosis *d;
    size_t capacity;
    uint64_t begin; /* of the incident: its first anchor */
};

static const struct hit *hit_at(const struct search *s, uint32_t place)
{
    return &s->h->index.timeline->hits[place];
}

/* A node, or the value that the item counts. */
static struct text thing_of(const struct search *s, const struct evidence_item *item, uint32_t place)
{
    const struct timeline *t = s->h->index.timeline;
    return item->of.count ? choice_value(t->hits[place].event, &item->of) : t->node_of[place]->name;
}

static struct outage *outage_get(struct search *s, const struct evidence_item *item, struct text what)
{
    struct diagnosis *d = s->d;
    for (size_t i = 0; i < d->outage_count; i++)
        if (d->outages[i].item == item && text_equal_nocase(d->outages[i].what, what))
            return &d->outages[i];
    if (what.n == 0 || d->outage_count == LIMIT_OUTAGES)
        return NULL;
    d->outages = arena_grow(s->arena, d->outages, d->outage_count, &s->capacity, sizeof *d->outages);
    d->outages[d->outage_count] =
        (struct outage){ .what = what, .is_node = !item->of.count, .item = item, .from = UINT64_MAX };
    return &d->outages[d->outage_count++];
}

static void began_at(struct search *s, const struct evidence_item *item, struct text what, uint64_t time)
{
    struct outage *o = outage_get(s, item, what);
    if (o && time < o->from)
        o->from = time;
}

/* Events that let something be out of service: in the window of the article, and up to the last end looked for. */
static void begins_find(struct search *s, const struct evidence_item *item)
{
    struct evidence_item begin = { .kind = EVIDENCE_ENDS, .rules = item->began, .rule_count = item->began_count,
                                   .node = { .of = SCOPE_ANY }, .from = -s->d->article->window, .to = item->to };
    for (size_t i = 0; i < s->group->episode_count; i++) {
        struct sightings found = sightings_find(&s->h->scratch, s->h, s->group->episodes[i], &begin);
        for (size_t k = 0; k < found.count; k++)
            began_at(s, item, thing_of(s, item, found.places[k]), hit_at(s, found.places[k])->event->key.time);
    }
}

/* A role whose node is gone needs no event of its own: it was out of service since it all began. */
static void named_begin(struct search *s, const struct evidence_item *item)
{
    struct evidence_item naming = { .kind = EVIDENCE_ENDS, .rules = item->named_by, .rule_count = item->named_by_count,
                                    .node = { .of = SCOPE_ANY }, .to = s->d->article->window };
    for (size_t i = 0; i < s->group->episode_count; i++) {
        struct sightings found = sightings_find(&s->h->scratch, s->h, s->group->episodes[i], &naming);
        for (size_t k = 0; k < found.count; k++)
            if (hit_at(s, found.places[k])->event->key.time >= s->begin)
                began_at(s, item, thing_of(s, item, found.places[k]), s->begin);
    }
}

/* What went on behind the anchors did not go out of service with them. */
static void node_begins(struct search *s, const struct evidence_item *item, const struct episode *e, struct text name)
{
    if (!life_refutes(s->h, e, name))
        began_at(s, item, name, e->first);
}

/* Without `began`, the nodes that the item means are out of service from the first anchor on. */
static void nodes_begin(struct search *s, const struct evidence_item *item)
{
    for (size_t i = 0; i < s->group->episode_count; i++) {
        const struct episode *e = s->group->episodes[i];
        bool role = item->node.of == SCOPE_ROLE && !item->node.negated;
        const struct cast *c = role ? &e->cast[item->node.role] : NULL;
        for (size_t k = 0; role && k < c->name_count; k++)
            node_begins(s, item, e, c->named[k] ? c->named[k]->name : c->names[k]);
        if (item->node.of == SCOPE_SAME && !item->node.negated)
            node_begins(s, item, e, e->node->name);
    }
}

static bool went_on(const struct search *s, const struct outage *o)
{
    for (size_t i = 0; i < s->group->episode_count && o->is_node; i++)
        if (life_refutes(s->h, s->group->episodes[i], o->what))
            return true;
    return false;
}

/* The first end behind the begin. */
static void end_take(struct search *s, const struct evidence_item *item, uint32_t place)
{
    const struct hit *hit = hit_at(s, place);
    struct outage *o = outage_get(s, item, thing_of(s, item, place));
    if (!o)
        return;
    if (o->from == UINT64_MAX && !item->began_count && !item->named_by_count && !went_on(s, o))
        o->from = s->begin;
    if (hit->event->key.time < o->from || o->to)
        return;
    o->to = hit->event->key.time;
    o->end = hit;
}

static void ends_find(struct search *s, const struct evidence_item *item)
{
    struct arena_mark mark = arena_mark(&s->h->scratch);
    if (item->began_count)
        begins_find(s, item);
    else if (item->named_by_count)
        named_begin(s, item);
    else if (!item->of.count)
        nodes_begin(s, item);
    for (size_t i = 0; i < s->group->episode_count; i++) {
        struct sightings found = sightings_find(&s->h->scratch, s->h, s->group->episodes[i], item);
        for (size_t k = 0; k < found.count; k++)
            end_take(s, item, found.places[k]);
    }
    arena_rewind(&s->h->scratch, mark);
}

/* What was named only is not said to be out of service for good where no log could tell its end. */
static bool is_known(const struct search *s, const struct outage *o)
{
    const struct timeline *t = s->h->index.timeline;
    bool covered = o->to || !o->item->named_by_count;
    for (size_t i = 0; i < t->node_count && !covered; i++)
        covered = node_log_covers(t->nodes[i], o->item->log, o->from, o->from).gap == LOG_COVERS;
    return o->from != UINT64_MAX && covered;
}

static int outages_order(const void *left, const void *right)
{
    const struct outage *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return text_compare_nocase(a->what, b->what);
}

static void outages_of(struct arena *arena, struct hearing *h, const struct episode_group *group, struct diagnosis *d)
{
    struct search s = { .arena = arena, .h = h, .group = group, .d = d, .begin = UINT64_MAX };
    for (size_t i = 0; i < group->episode_count; i++)
        s.begin = group->episodes[i]->first < s.begin ? group->episodes[i]->first : s.begin;
    for (size_t i = 0; i < d->article->ends.count; i++)
        ends_find(&s, &d->article->ends.items[i]);
    size_t kept = 0;
    for (size_t i = 0; i < d->outage_count; i++)
        if (is_known(&s, &d->outages[i]))
            d->outages[kept++] = d->outages[i];
    d->outage_count = kept;
}

static bool is_open(const struct diagnosis *d, const struct outage *like)
{
    for (size_t i = 0; i < d->outage_count; i++)
        if (d->outages[i].to == 0 && text_equal_nocase(d->outages[i].what, like->what))
            return true;
    return false;
}

/* What the latest occurrence left out of service is out of service now, also where an earlier one is shown. */
static void open_add(struct arena *arena, struct diagnosis *d, const struct diagnosis *latest)
{
    size_t count = d->outage_count, most = count + latest->outage_count;
    struct outage *all = ARENA_NEW_N(arena, struct outage, most);
    if (count)
        memcpy(all, d->outages, count * sizeof *all);
    for (size_t i = 0; i < latest->outage_count && count < LIMIT_OUTAGES; i++)
        if (latest->outages[i].to == 0 && !is_open(d, &latest->outages[i]))
            all[count++] = latest->outages[i];
    d->outages = all;
    d->outage_count = count;
}

void outages_find(struct arena *arena, struct hearing *h, const struct episode_group *group, struct diagnosis *d)
{
    outages_of(arena, h, group, d);
    if (group->last != group->episodes) {
        struct diagnosis latest = { .article = d->article };
        struct episode_group of_latest = *group;
        of_latest.episodes = group->last;
        of_latest.episode_count = group->last_count;
        outages_of(arena, h, &of_latest, &latest);
        open_add(arena, d, &latest);
    }
    if (d->outage_count)
        qsort(d->outages, d->outage_count, sizeof *d->outages, outages_order);
    for (size_t i = 0; i < d->outage_count; i++)
        d->last = d->outages[i].to > d->last ? d->outages[i].to : d->last;
}
