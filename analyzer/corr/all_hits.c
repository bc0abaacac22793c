#include "corr/all_hits.h"

/* Both lists are in order: is the next thin hit before the next whole one? */
static bool thin_is_next(const struct timeline *t, size_t whole, size_t thin)
{
    const struct partial *p = t->partial;
    if (thin == p->thin_count || whole == t->hit_count)
        return thin < p->thin_count;
    return hits_compare(&p->thin[thin], &t->hits[whole]) < 0;
}

void all_hits_collect(struct all_hits *all, const struct timeline *given)
{
    const struct partial *p = given->partial;
    size_t count = given->hit_count + p->thin_count, thin = 0;
    arena_init(&all->arena);
    struct hit *hits = ARENA_NEW_N(&all->arena, struct hit, count);
    const struct node **node_of = ARENA_NEW_N(&all->arena, const struct node *, count);
    uint32_t *origin = ARENA_NEW_N(&all->arena, uint32_t, count);
    for (size_t i = 0; i < count; i++) {
        bool is_thin = thin_is_next(given, i - thin, thin);
        origin[i] = (uint32_t)(is_thin ? thin : i - thin);
        hits[i] = is_thin ? p->thin[thin] : given->hits[i - thin];
        node_of[i] = is_thin ? timeline_node_of(given, &hits[i]) : given->node_of[i - thin];
        thin += is_thin;
    }
    all->timeline = *given;
    all->timeline.hits = hits;
    all->timeline.node_of = node_of;
    all->timeline.hit_count = count;
    all->origin = origin;
}
