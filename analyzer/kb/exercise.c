#include "kb/exercise.h"

#include "kb/cast.h"

const char *exercise_state_name(enum exercise_state state)
{
    static const char *const names[] = { "seen", "too-late", "not-seen", "not-covered", "no-log", "not-said" };
    return names[state];
}

/* The first event of the item since then. */
static const struct hit *first_of(const struct hit_index *index, const struct evidence_item *item,
                                  const struct node *node, uint64_t since)
{
    uint32_t first = UINT32_MAX;
    for (size_t i = 0; i < item->rule_count; i++) {
        struct hit_span span = hit_index_find(index, item->rules[i], node, since, UINT64_MAX);
        if (span.count && span.hits[0] < first)
            first = span.hits[0];
    }
    return first == UINT32_MAX ? NULL : &index->timeline->hits[first];
}

/* What is in time is better than what is not, and of both the earlier. */
static bool is_better(const struct exercise *e, enum exercise_state state, const struct hit *hit)
{
    return !e->hit || state < e->state || (state == e->state && hit < e->hit);
}

static void item_try(const struct hit_index *index, const struct evidence_item *item, uint64_t since,
                     struct exercise *e)
{
    const struct hit *hit = first_of(index, item, item->node.of == SCOPE_ANY ? NULL : e->node, since);
    if (!hit)
        return;
    const struct node *where = index->timeline->node_of[hit - index->timeline->hits];
    uint64_t shown_by = hit->event->key.time + (uint64_t)item->to;
    enum exercise_state state = shown_by <= where->last ? EXERCISE_SEEN : EXERCISE_TOO_LATE;
    if (!is_better(e, state, hit))
        return;
    e->state = state;
    e->item = item;
    e->hit = hit;
    e->where = where;
    e->shown_by = shown_by;
}

static enum exercise_state without_event(const struct article *article, const struct node *node, uint64_t since)
{
    size_t rules = 0;
    for (size_t i = 0; i < article->exercised_by.count; i++)
        rules += article->exercised_by.items[i].rule_count;
    if (!node)
        return EXERCISE_NO_LOG;
    if (node->last < since)
        return EXERCISE_NOT_COVERED;
    return rules ? EXERCISE_NOT_SEEN : EXERCISE_NOT_SAID;
}

struct exercise exercise_judge(const struct hit_index *index, const struct article *article, struct text name,
                               uint64_t since)
{
    struct exercise e = { .name = name, .node = node_named(index->timeline, name) };
    e.state = without_event(article, e.node, since);
    /* A node whose log does not reach that time could have had the trouble unseen, whatever happened elsewhere. */
    for (size_t i = 0; i < article->exercised_by.count && e.node && e.node->last >= since; i++)
        item_try(index, &article->exercised_by.items[i], since, &e);
    return e;
}
