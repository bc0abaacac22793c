#include "kb/exercise.h"

#include "kb/cast.h"

const char *exercise_state_name(enum exercise_state state)
{
    static const char *const names[] = { "seen", "too-late", "not-seen", "not-covered", "no-log", "not-said" };
    return names[state];
}

/* Is it about what is concerned?  NULL: the item does not ask. */
static bool is_about(const struct evidence_item *item, const struct event *event, const struct text *name)
{
    return !name || text_equal_nocase(choice_value(event, &item->same[0].own), *name);
}

/* The first event of the item since then. */
static const struct hit *first_of(struct hearing *h, const struct evidence_item *item, const struct node *node,
                                  const struct text *name, uint64_t since)
{
    const struct hit *hits = h->index.timeline->hits;
    uint32_t first = UINT32_MAX;
    for (size_t i = 0; i < item->rule_count; i++) {
        struct hit_span span = hit_index_find(&h->index, item->rules[i], node, since, UINT64_MAX);
        for (size_t k = 0; k < span.count && span.hits[k] < first && hearing_step(h); k++)
            if (is_about(item, hits[span.hits[k]].event, name))
                first = span.hits[k];
    }
    return first == UINT32_MAX ? NULL : &hits[first];
}

static struct exercise exercise_of(const struct timeline *t, const struct evidence_item *item, const struct hit *hit)
{
    const struct node *where = t->node_of[hit - t->hits];
    uint64_t shown_by = hit->event->key.time + (uint64_t)item->to;
    return (struct exercise){ .state = shown_by <= where->last ? EXERCISE_SEEN : EXERCISE_TOO_LATE,
                              .item = item,
                              .hit = hit,
                              .where = where,
                              .shown_by = shown_by };
}

/* What is in time is better than what is not, and of both the earlier. */
static bool is_better(const struct exercise *a, const struct exercise *b)
{
    return !b->hit || a->state < b->state || (a->state == b->state && a->hit < b->hit);
}

static void item_try(struct hearing *h, const struct evidence_item *item, const struct concerned *concerned,
                     uint64_t since, struct exercise *e)
{
    const struct node *node = item->node.of == SCOPE_ANY ? NULL : e->node;
    size_t count = item->same_count ? concerned->count : 1;
    struct exercise all = { 0 };
    for (size_t i = 0; i < count; i++) {
        const struct hit *hit = first_of(h, item, node, item->same_count ? &concerned->names[i] : NULL, since);
        if (!hit)
            return;
        struct exercise one = exercise_of(h->index.timeline, item, hit);
        if (!all.hit || is_better(&all, &one))
            all = one;
    }
    if (!all.hit || !is_better(&all, e))
        return;
    all.name = e->name;
    all.node = e->node;
    *e = all;
}

/* Can an event tell that it was tried? */
static bool is_said(const struct article *article, const struct concerned *concerned)
{
    for (size_t i = 0; i < article->exercised_by.count; i++) {
        const struct evidence_item *item = &article->exercised_by.items[i];
        if (item->rule_count && (!item->same_count || concerned->count))
            return true;
    }
    return false;
}

static enum exercise_state without_event(const struct article *article, const struct concerned *concerned,
                                         const struct node *node, uint64_t since)
{
    if (!node)
        return EXERCISE_NO_LOG;
    if (node->last < since)
        return EXERCISE_NOT_COVERED;
    return is_said(article, concerned) ? EXERCISE_NOT_SEEN : EXERCISE_NOT_SAID;
}

struct exercise exercise_judge(struct hearing *h, const struct article *article, const struct concerned *concerned,
                               struct text name, uint64_t since)
{
    struct exercise e = { .name = name, .node = timeline_node_named(h->index.timeline, name, NULL) };
    e.state = without_event(article, concerned, e.node, since);
    /* A node whose log does not reach that time could have had the trouble unseen, whatever happened elsewhere. */
    for (size_t i = 0; i < article->exercised_by.count && e.node && e.node->last >= since; i++)
        item_try(h, &article->exercised_by.items[i], concerned, since, &e);
    return e;
}
