#include "kb/why_not.h"

#include "kb/applies.h"
#include "kb/episodes.h"

static struct why_not_item item_look_at(struct arena *arena, struct hearing *hearing, const struct episode *e,
                                        const struct evidence_item *item)
{
    struct why_not_item ret = { .state = evidence_judge(hearing, e, item) };
    if (ret.state == EVIDENCE_FOUND || ret.state == EVIDENCE_CONTRADICTED) {
        ret.found = evidence_tell(arena, hearing, &e, 1, item);
    } else {
        ret.found = (struct evidence_found){ .item = item, .text = item->text };
        ret.found.gap = evidence_gap(arena, hearing, e, item, &ret.found.miss);
    }
    return ret;
}

static void items_look_at(struct arena *arena, struct hearing *hearing, const struct episode *nearest,
                          struct why_not *ret)
{
    const struct article *a = ret->article;
    ret->items = ARENA_NEW_N(arena, struct why_not_item, a->evidence_count);
    for (size_t i = 0; i < a->evidence_count; i++) {
        const struct evidence_item *item = &a->evidence[i];
        const struct why_not_item unasked = { EVIDENCE_NOT_FOUND, { .item = item, .text = item->text } };
        if (item->kind <= EVIDENCE_AGAINST)
            ret->items[ret->item_count++] = nearest ? item_look_at(arena, hearing, nearest, item) : unasked;
    }
}

static void episode_tell(const struct episode *e, struct why_not *ret)
{
    const struct os_fact *os = node_os_at(e->node, e->first);
    ret->node = e->node;
    ret->first = e->first;
    ret->last = e->last;
    ret->confidence = episode_confidence(e);
    ret->score = e->score;
    ret->met = e->met;
    ret->other_system = e->other_system;
    ret->system = os ? os->text : e->other_system ? applies_generation(e->node) : TEXT("");
}

void why_not_make(struct arena *arena, const struct timeline *timeline, const struct article *article,
                  struct why_not *ret)
{
    struct arena scratch;
    struct hearing hearing = { .since = 0 };
    const struct episode *nearest = NULL;
    *ret = (struct why_not){ .article = article };
    arena_init(&scratch);
    arena_init(&hearing.scratch);
    hit_index_build(&scratch, timeline, &hearing.index);
    struct episodes all = { 0 };
    if (article->evidence_count)
        all = episodes_find(&scratch, &hearing, article);
    for (size_t i = 0; i < all.count; i++)
        if (episode_is_nearer(&all.items[i], nearest))
            nearest = &all.items[i];
    ret->episodes = all.count;
    if (nearest)
        episode_tell(nearest, ret);
    items_look_at(arena, &hearing, nearest, ret);
    ret->exhausted = hearing.exhausted;
    arena_done(&hearing.scratch);
    arena_done(&scratch);
}
