#include "kb/until.h"

#include "base/times.h"

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
    return one == other ? 0 : e->node->clock_within;
}

static uint64_t end_behind(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                           const struct node *node, uint64_t to)
{
    const struct node *ends = until_node(e, item, node);
    uint64_t from = e->last + 1 + (item->from > 0 ? (uint64_t)item->from : 0);
    uint64_t end = first_end(h, item, ends, from, to);
    uint64_t more = ends == node ? GRACE : unsure(e, ends, node);
    return end && end + more < to ? end + more : to;
}

bool until_allows(struct hearing *h, const struct episode *e, const struct evidence_item *item, const struct node *node,
                  uint64_t time)
{
    if (!item->until_count || (time >= e->first && time <= e->last))
        return true;
    if (time > e->last)
        return end_behind(h, e, item, node, time) == time;
    const struct node *ends = until_node(e, item, node);
    uint64_t slack = unsure(e, ends, e->node) + 1;
    return e->first < slack || !first_end(h, item, ends, time + 1, e->first - slack);
}

uint64_t until_end(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                   const struct node *node, uint64_t to)
{
    return item->until_count && to > e->last ? end_behind(h, e, item, node, to) : to;
}
