#include "kb/until.h"

#include "base/times.h"
#include "corr/clock.h"

/* What a start finds out (6008, 41) is written a little behind the event that tells of it: services start one by one. */
#define GRACE ((uint64_t)180 * TICKS_PER_SECOND)

const struct node *until_node(const struct episode *e, const struct evidence_item *item, const struct node *node)
{
    bool certain = item->node.of != SCOPE_ANY && !item->node.negated;
    return certain ? node : e->node;
}

/* The first of them in the window, 0 for none. */
static uint64_t first_end(struct hearing *h, const struct evidence_item *item, const struct node *node, uint64_t from,
                          uint64_t to)
{
    const struct timeline *t = h->index.timeline;
    uint64_t first = 0;
    for (size_t i = 0; i < item->until_count && from <= to; i++) {
        struct hit_span span = hit_index_find(&h->index, item->until[i], node, from, to);
        uint64_t time = span.count ? t->hits[span.hits[0]].event->key.time : 0;
        first = time && (!first || time < first) ? time : first;
    }
    return first;
}

/* Clocks of two nodes are not known to the second. */
static uint64_t unsure(const struct episode *e, const struct node *one, const struct node *other)
{
    return one == other ? 0 : clock_within_at(e->node, e->first);
}

/* 0 for none up to that time. */
static uint64_t end_seen(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                         const struct node *node, uint64_t to)
{
    uint64_t from = e->last + 1 + (item->from > 0 ? (uint64_t)item->from : 0);
    return first_end(h, item, until_node(e, item, node), from, to);
}

static uint64_t end_behind(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                           const struct node *node, uint64_t to)
{
    const struct node *ends = until_node(e, item, node);
    uint64_t end = end_seen(h, e, item, node, to);
    uint64_t more = ends == node ? GRACE : unsure(e, ends, node);
    return end && end + more < to ? end + more : to;
}

/* The same kind of event with the same strings. */
static bool says_the_same(const struct event *a, const struct event *b)
{
    bool same = a->key.id == b->key.id && a->field_count == b->field_count;
    for (size_t i = 0; i < a->field_count && same; i++) {
        const struct event_field *x = &a->fields[i], *y = &b->fields[i];
        bool payload = x->part == EVENT_DATA || x->part == EVENT_USER_DATA;
        same = x->part == y->part && (!payload || text_equal_nocase(x->value, y->value));
    }
    return same;
}

/* Did its node log the same since the anchor? */
static bool was_said_before(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                            uint32_t place)
{
    const struct timeline *t = h->index.timeline;
    const struct event *event = t->hits[place].event;
    uint64_t slack = e->node->clock_within, from = e->first > slack ? e->first - slack : 0;
    bool before = false;
    for (size_t i = 0; i < item->rule_count && event->key.time > 0 && !before; i++) {
        struct hit_span span =
            hit_index_find(&h->index, item->rules[i], t->node_of[place], from, event->key.time - 1);
        for (size_t k = 0; k < span.count && !before && hearing_step(h); k++)
            before = says_the_same(t->hits[span.hits[k]].event, event);
    }
    return before;
}

/*
 * A node is lost once.  Whoever notes the same loss of it again saw it come back in between: however its clock stands,
 * that is behind the end.
 */
static bool is_lost_again(struct hearing *h, const struct episode *e, const struct evidence_item *item, uint32_t place)
{
    const struct node *node = h->index.timeline->node_of[place];
    uint64_t time = h->index.timeline->hits[place].event->key.time;
    return item->names && until_node(e, item, node) != node && end_seen(h, e, item, node, time) &&
           was_said_before(h, e, item, place);
}

bool until_allows(struct hearing *h, const struct episode *e, const struct evidence_item *item, uint32_t place)
{
    const struct node *node = h->index.timeline->node_of[place];
    uint64_t time = h->index.timeline->hits[place].event->key.time;
    if (!item->until_count || (time >= e->first && time <= e->last))
        return true;
    if (time > e->last)
        return end_behind(h, e, item, node, time) == time && !is_lost_again(h, e, item, place);
    const struct node *ends = until_node(e, item, node);
    uint64_t slack = unsure(e, ends, e->node) + 1;
    return e->first < slack || !first_end(h, item, ends, time + 1, e->first - slack);
}

uint64_t until_end(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                   const struct node *node, uint64_t to)
{
    return item->until_count && to > e->last ? end_behind(h, e, item, node, to) : to;
}
