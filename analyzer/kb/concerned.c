#include "kb/concerned.h"

#include "base/limits.h"
#include "kb/cast.h"

struct concerning {
    struct hearing *h;
    const struct evidence_item *item;
};

static const struct evidence_item *item_that_asks(const struct article *article)
{
    for (size_t i = 0; i < article->exercised_by.count; i++)
        if (article->exercised_by.items[i].same_count)
            return &article->exercised_by.items[i];
    return NULL;
}

/* False when there is no room for it, or it is no name. */
static bool name_add(struct hearing *h, struct concerned *list, struct text name)
{
    for (size_t i = 0; i < list->count; i++)
        if (!hearing_step(h) || text_equal_nocase(list->names[i], name))
            return !h->exhausted;
    if (name.n == 0 || list->count == LIMIT_CAST)
        return false;
    list->names[list->count++] = name;
    return true;
}

static bool anchors_name(const struct concerning *c, const struct episode *e, struct concerned *list)
{
    const struct timeline *t = c->h->index.timeline;
    const struct shared_value *same = c->item->through_count ? &c->item->through_same : c->item->same;
    for (size_t i = 0; i < e->anchor_count; i++)
        if (!name_add(c->h, list, choice_value(t->hits[e->anchors[i]].event, &same->anchors)))
            return false;
    return true;
}

/* What the event says last that has this value; it may be of any time, as a resource seldom changes its role. */
static struct text name_through(const struct concerning *c, struct text value)
{
    const struct timeline *t = c->h->index.timeline;
    uint32_t last = 0;
    struct text name = TEXT("");
    for (size_t r = 0; r < c->item->through_count; r++) {
        struct hit_span span = hit_index_find(&c->h->index, c->item->through[r], NULL, 0, UINT64_MAX);
        for (size_t i = span.count; i-- > 0 && hearing_step(c->h) && span.hits[i] >= last;) {
            const struct event *event = t->hits[span.hits[i]].event;
            if (!text_equal_nocase(choice_value(event, &c->item->through_same.own), value))
                continue;
            last = span.hits[i];
            name = choice_value(event, &c->item->same[0].anchors);
            break;
        }
    }
    return name;
}

struct concerned concerned_find(struct arena *arena, struct hearing *h, const struct article *article,
                                const struct episode *const *episodes, size_t count)
{
    struct concerning c = { h, item_that_asks(article) };
    struct concerned met = { 0 }, list = { 0 };
    if (!c.item)
        return list;
    met.names = ARENA_NEW_N(arena, struct text, LIMIT_CAST);
    for (size_t i = 0; i < count; i++)
        if (!anchors_name(&c, episodes[i], &met))
            return list;
    if (!c.item->through_count)
        return met;
    list.names = ARENA_NEW_N(arena, struct text, met.count);
    for (size_t i = 0; i < met.count; i++)
        if (!name_add(h, &list, name_through(&c, met.names[i])))
            return (struct concerned){ 0 };
    return list;
}
