#include "kb/parting.h"

#include "kb/cast.h"
#include "kb/life.h"
#include "kb/sighting.h"

/* The nodes of one role that evidence speaks against. */
struct refuted {
    const struct article_role *role;
    const struct node **nodes;
    size_t count;
};

/* An event that must name a node, as that which removed the node of the anchor in turn, is about all that happened. */
static bool speaks_of_a_role(const struct episode *e, const struct evidence_item *item)
{
    return item->kind == EVIDENCE_AGAINST && item->node.of == SCOPE_ROLE && !item->node.negated && !item->node.each &&
           !item->absent && !item->names && (item->rule_count || item->wrote) && e->article->roles[item->node.role].named_by.count &&
           e->cast[item->node.role].name_count > 1;
}

static struct refuted refuted_by(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    const struct cast *c = &e->cast[item->node.role];
    struct refuted refuted = { .role = &e->article->roles[item->node.role] };
    struct sightings s = sightings_find(&h->scratch, h, e, item);
    refuted.nodes = ARENA_NEW_N(&h->scratch, const struct node *, c->node_count);
    for (size_t i = 0; i < c->node_count; i++)
        if (item->wrote ? life_parts(h, e, item, c->nodes[i]) :
                          s.count && sightings_enough(h, e, &s, item, c->nodes[i]))
            refuted.nodes[refuted.count++] = c->nodes[i];
    return refuted;
}

static bool is_refuted(const struct timeline *t, const struct refuted *refuted, uint32_t anchor)
{
    struct text name = choice_value(t->hits[anchor].event, &refuted->role->named_by);
    const struct node *node = timeline_node_named(t, name, t->node_of[anchor]);
    for (size_t i = 0; i < refuted->count; i++)
        if (node == refuted->nodes[i])
            return true;
    return false;
}

/* Those that stay in front, both in order of time; how many stay. */
static size_t anchors_part(struct hearing *h, const struct episode *e, const struct refuted *refuted, uint32_t *places)
{
    const struct timeline *t = h->index.timeline;
    uint32_t *leaving = ARENA_NEW_N(&h->scratch, uint32_t, e->anchor_count);
    size_t stay = 0, leave = 0;
    for (size_t i = 0; i < e->anchor_count; i++)
        if (is_refuted(t, refuted, e->anchors[i]))
            leaving[leave++] = e->anchors[i];
        else
            places[stay++] = e->anchors[i];
    for (size_t i = 0; i < leave; i++)
        places[stay + i] = leaving[i];
    return stay;
}

static void anchors_take(const struct timeline *t, struct episode *e, uint32_t *places, size_t count)
{
    const struct event *first = t->hits[places[0]].event;
    e->anchors = places;
    e->anchor_count = count;
    e->first = first->key.time;
    e->last = t->hits[places[count - 1]].event->key.time;
    e->log = first->key.channel;
}

static void departures_add(struct arena *arena, const struct episode *left, const struct refuted *refuted)
{
    struct departures *d = left->departures;
    for (size_t i = 0; i < refuted->count; i++) {
        d->items = arena_grow(arena, d->items, d->count, &d->capacity, sizeof *d->items);
        d->items[d->count++] = (struct departed){ refuted->nodes[i], left->first, left->last };
    }
}

static bool part_by(struct arena *arena, struct hearing *h, struct episode *e, const struct evidence_item *item,
                    struct episode *ret)
{
    const struct timeline *t = h->index.timeline;
    struct refuted refuted = refuted_by(h, e, item);
    if (refuted.count == 0)
        return false;
    size_t count = e->anchor_count;
    uint32_t *places = ARENA_NEW_N(arena, uint32_t, count);
    size_t stay = anchors_part(h, e, &refuted, places);
    if (stay == 0 || stay == count)
        return false;
    *ret = *e;
    anchors_take(t, e, places, stay);
    anchors_take(t, ret, places + stay, count - stay);
    departures_add(arena, ret, &refuted);
    return true;
}

bool episode_part(struct arena *arena, struct hearing *h, struct episode *e, struct episode *ret)
{
    struct arena_mark mark = arena_mark(&h->scratch);
    bool parted = false;
    for (size_t i = 0; i < e->article->evidence_count && !parted; i++) {
        const struct evidence_item *item = &e->article->evidence[i];
        parted = speaks_of_a_role(e, item) && hearing_step(h) && part_by(arena, h, e, item, ret);
    }
    arena_rewind(&h->scratch, mark);
    return parted;
}
