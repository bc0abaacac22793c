#include "corr/hit_index.h"

static size_t rules_of(const struct timeline *t)
{
    size_t count = 0;
    for (size_t i = 0; i < t->hit_count; i++)
        if (t->hits[i].rule >= count)
            count = (size_t)t->hits[i].rule + 1;
    return count;
}

/* start[k] .. start[k + 1] is where the things of key k go. */
static size_t *starts(struct arena *arena, size_t keys)
{
    return ARENA_NEW_N(arena, size_t, keys + 1);
}

static void starts_sum(size_t *start, size_t keys)
{
    for (size_t k = 0; k < keys; k++)
        start[k + 1] += start[k];
}

/* All hits by node, each node's by time. */
static uint32_t *node_order(struct arena *arena, const struct timeline *t)
{
    size_t *next = starts(arena, t->node_count);
    uint32_t *order = ARENA_NEW_N(arena, uint32_t, t->hit_count);
    for (size_t i = 0; i < t->hit_count; i++)
        next[t->node_of[i]->index + 1]++;
    starts_sum(next, t->node_count);
    for (size_t i = 0; i < t->hit_count; i++)
        order[next[t->node_of[i]->index]++] = (uint32_t)i;
    return order;
}

/* Distributes hits to their rules in the order given (NULL: of time). */
static uint32_t *rule_order(struct arena *arena, const struct hit_index *index, const uint32_t *order)
{
    const struct timeline *t = index->timeline;
    size_t *next = starts(arena, index->rule_count);
    uint32_t *ret = ARENA_NEW_N(arena, uint32_t, t->hit_count);
    memcpy(next, index->start, (index->rule_count + 1) * sizeof *next);
    for (size_t i = 0; i < t->hit_count; i++) {
        uint32_t hit = order ? order[i] : (uint32_t)i;
        ret[next[t->hits[hit].rule]++] = hit;
    }
    return ret;
}

void hit_index_build(struct arena *arena, const struct timeline *timeline, struct hit_index *ret)
{
    *ret = (struct hit_index){ .timeline = timeline, .rule_count = rules_of(timeline) };
    size_t *start = starts(arena, ret->rule_count);
    for (size_t i = 0; i < timeline->hit_count; i++)
        start[timeline->hits[i].rule + 1]++;
    starts_sum(start, ret->rule_count);
    ret->start = start;
    ret->by_time = rule_order(arena, ret, NULL);
    ret->by_node = rule_order(arena, ret, node_order(arena, timeline));
}

/* Is the hit before (node, time)?  Without a node only the time counts. */
static bool is_before(const struct timeline *t, uint32_t hit, const struct node *node, uint64_t time, bool inclusive)
{
    size_t at = node ? t->node_of[hit]->index : 0, wanted = node ? node->index : 0;
    uint64_t hit_time = t->hits[hit].event->key.time;
    if (at != wanted)
        return at < wanted;
    return inclusive ? hit_time <= time : hit_time < time;
}

static size_t border(const struct hit_index *index, const uint32_t *hits, size_t count, const struct node *node,
                     uint64_t time, bool inclusive)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_before(index->timeline, hits[middle], node, time, inclusive))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct hit_span hit_index_find(const struct hit_index *index, uint32_t rule, const struct node *node, uint64_t from,
                               uint64_t to)
{
    if (rule >= index->rule_count || from > to)
        return (struct hit_span){ NULL, 0 };
    const uint32_t *hits = (node ? index->by_node : index->by_time) + index->start[rule];
    size_t count = index->start[rule + 1] - index->start[rule];
    size_t begin = border(index, hits, count, node, from, false);
    size_t end = border(index, hits, count, node, to, true);
    return (struct hit_span){ hits + begin, end - begin };
}
