/*
 * Which nodes are drawn.  Where there are too many for one page, those that are in trouble must be among them.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "report/html.h"

struct candidate {
    const struct node *node;
    size_t rank; /* of the first diagnosis that it has a part in; SIZE_MAX: in none */
    uint64_t findings, events;
};

static int candidates_order(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->findings != y->findings)
        return x->findings > y->findings ? -1 : 1;
    if (x->events != y->events)
        return x->events > y->events ? -1 : 1;
    return x->node->index < y->node->index ? -1 : 1;
}

static void rank_add(struct candidate *all, const struct node *const *nodes, size_t count, size_t rank)
{
    for (size_t i = 0; i < count; i++)
        if (all[nodes[i]->index].rank > rank)
            all[nodes[i]->index].rank = rank;
}

static void judge(const struct html *h, struct candidate *all)
{
    const struct timeline *t = h->r->timeline;
    const struct diagnoses *d = h->r->diagnoses;
    const struct hours *hours = h->r->hours;
    for (size_t i = 0; i < d->count; i++) {
        rank_add(all, d->items[i].affected, d->items[i].affected_count, 2 * i);
        rank_add(all, d->items[i].nodes, d->items[i].node_count, 2 * i + 1);
    }
    for (size_t i = 0; i < t->hit_count; i++) {
        if (!t->node_of[i])
            continue;
        all[t->node_of[i]->index].findings += hit_is_finding(h->r, &t->hits[i]);
        all[t->node_of[i]->index].events += !hours;
    }
    for (size_t i = 0; hours && i < hours->count; i++) {
        const struct node *node = timeline_node(t, hours->items[i].node);
        if (node)
            all[node->index].events += hours->items[i].events;
    }
}

static int names_order(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->node->index < y->node->index ? -1 : x->node->index > y->node->index;
}

/* All of `all` that `count` says, from the first. */
static struct html_lanes lanes_make(struct html *h, struct candidate *all, size_t count)
{
    struct html_lanes lanes = { .count = count };
    size_t nodes = h->r->timeline->node_count;
    lanes.nodes = ARENA_NEW_N(&h->arena, const struct node *, count);
    lanes.of = ARENA_NEW_N(&h->arena, size_t, nodes);
    if (count)
        qsort(all, count, sizeof *all, names_order);
    for (size_t i = 0; i < nodes; i++) {
        lanes.of[all[i].node->index] = i;
        if (i < count)
            lanes.nodes[i] = all[i].node;
    }
    return lanes;
}

static struct candidate *candidates_new(struct html *h)
{
    const struct timeline *t = h->r->timeline;
    struct candidate *all = ARENA_NEW_N(&h->arena, struct candidate, t->node_count);
    for (size_t i = 0; i < t->node_count; i++)
        all[i] = (struct candidate){ .node = t->nodes[i], .rank = SIZE_MAX };
    return all;
}

void html_lanes_find(struct html *h)
{
    const struct diagnoses *d = h->r->diagnoses;
    size_t nodes = h->r->timeline->node_count, count = nodes < HTML_LANES ? nodes : HTML_LANES;
    struct candidate *all = candidates_new(h);
    judge(h, all);
    if (nodes > HTML_LANES)
        qsort(all, nodes, sizeof *all, candidates_order);
    h->lanes = lanes_make(h, all, count);
    h->lanes.unseen = d->unseen;
    h->lanes.unseen_count = d->unseen_count < HTML_LANES - count ? d->unseen_count : HTML_LANES - count;
}

struct html_lanes html_lanes_of(struct html *h, const struct diagnosis *d)
{
    size_t nodes = h->r->timeline->node_count, count = 0;
    if (h->lanes.count + h->lanes.unseen_count <= HTML_LANES_FEW)
        return h->lanes;
    struct candidate *all = candidates_new(h);
    rank_add(all, d->nodes, d->node_count, 0);
    rank_add(all, d->affected, d->affected_count, 0);
    qsort(all, nodes, sizeof *all, candidates_order);
    while (count < nodes && count < HTML_LANES && all[count].rank == 0)
        count++;
    return lanes_make(h, all, count);
}

void html_lanes_left_out(struct html *h)
{
    size_t all = h->r->timeline->node_count, left = all - h->lanes.count;
    if (left)
        html_format(h, "<p class=\"soft\">%zu of %zu nodes are drawn: those of the diagnoses first, then those with "
                    "most findings and events; %zu more are not.</p>\n", h->lanes.count, all, left);
}
