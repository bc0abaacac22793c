#include "kb/evidence.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"
#include "corr/node_log.h"

struct window {
    uint64_t from, to;
};

static uint64_t shift(uint64_t time, int64_t by)
{
    if (by < 0)
        return time < (uint64_t)-by ? 0 : time - (uint64_t)-by;
    return time > UINT64_MAX - (uint64_t)by ? UINT64_MAX : time + (uint64_t)by;
}

static bool is_anchor(const struct episode *e, const struct evidence_item *item)
{
    return item == &e->article->evidence[0];
}

static struct window window_of(const struct episode *e, const struct evidence_item *item)
{
    if (is_anchor(e, item))
        return (struct window){ e->first, e->last };
    return (struct window){ shift(e->first, item->from), shift(e->last, item->to) };
}

static struct text log_of(const struct episode *e, const struct evidence_item *item)
{
    return item->log.n ? item->log : e->log;
}

/* Hits of all rules of the item; an event that two of them match counts twice. */
static size_t count_hits(const struct hit_index *index, const struct evidence_item *item, const struct node *node,
                         struct window w)
{
    size_t count = 0;
    for (size_t i = 0; i < item->rule_count; i++)
        count += hit_index_find(index, item->rules[i], node, w.from, w.to).count;
    return count;
}

/* The earliest hit at the head of the spans, SIZE_MAX when all are empty. */
static size_t earliest(const struct hit_span *spans, size_t count)
{
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < count; i++)
        if (spans[i].count && (first == SIZE_MAX || spans[i].hits[0] < spans[first].hits[0]))
            first = i;
    return first;
}

#define RULES_COUNTED_APART 16

/*
 * Distinct events on one node, no more than `enough`.  Hits of one event stand side by side in the timeline, so merging
 * by place brings them together.  Lists of more rules than anyone writes count hits.
 */
static size_t count_events(const struct hit_index *index, const struct evidence_item *item, const struct node *node,
                           struct window w, size_t enough)
{
    struct hit_span spans[RULES_COUNTED_APART];
    if (enough == 1 || item->rule_count == 1 || item->rule_count > RULES_COUNTED_APART)
        return count_hits(index, item, node, w);
    for (size_t i = 0; i < item->rule_count; i++)
        spans[i] = hit_index_find(index, item->rules[i], node, w.from, w.to);
    const struct event *before = NULL;
    size_t count = 0, at;
    while (count < enough && (at = earliest(spans, item->rule_count)) != SIZE_MAX) {
        const struct event *event = index->timeline->hits[spans[at].hits[0]].event;
        count += event != before;
        before = event;
        spans[at].hits++;
        spans[at].count--;
    }
    return count;
}

static bool others_have(const struct hit_index *index, const struct episode *e, const struct evidence_item *item,
                        struct window w)
{
    const struct timeline *t = index->timeline;
    size_t enough = item->at_least;
    size_t all = count_hits(index, item, NULL, w) - count_hits(index, item, e->node, w);
    if (all < enough || enough == 1 || item->rule_count == 1)
        return all >= enough;
    size_t count = 0;
    for (size_t i = 0; i < t->node_count && count < enough; i++)
        if (t->nodes[i] != e->node)
            count += count_events(index, item, t->nodes[i], w, enough);
    return count >= enough;
}

/* Is the node one of those that `each` asks: its log covers the time of the anchor. */
static bool is_asked(const struct episode *e, const struct evidence_item *item, const struct node *node)
{
    return node == e->node || node_log_covers(node, log_of(e, item), e->first, e->first).gap == LOG_COVERS;
}

/* The first node that lacks the event, NULL when none does. */
static const struct node *node_without(const struct hit_index *index, const struct episode *e,
                                       const struct evidence_item *item, struct window w)
{
    const struct timeline *t = index->timeline;
    for (size_t i = 0; i < t->node_count; i++)
        if (is_asked(e, item, t->nodes[i]) &&
            count_events(index, item, t->nodes[i], w, item->at_least) < item->at_least)
            return t->nodes[i];
    return NULL;
}

static bool is_there(const struct hit_index *index, const struct episode *e, const struct evidence_item *item,
                     struct window w)
{
    switch (item->node) {
    case NODE_SAME:
        return count_events(index, item, e->node, w, item->at_least) >= item->at_least;
    case NODE_OTHER:
        return others_have(index, e, item, w);
    case NODE_ANY:
        return count_events(index, item, NULL, w, item->at_least) >= item->at_least;
    case NODE_EACH:
        return node_without(index, e, item, w) == NULL;
    }
    return false;
}

static bool in_scope(const struct episode *e, const struct evidence_item *item, const struct node *node)
{
    if (item->node == NODE_SAME)
        return node == e->node;
    return item->node != NODE_OTHER || node != e->node;
}

/* A node of the item's scope whose log does not cover the window, NULL when there is none. */
static const struct node *node_blind(const struct hit_index *index, const struct episode *e,
                                     const struct evidence_item *item, struct log_cover *ret)
{
    const struct timeline *t = index->timeline;
    struct window w = window_of(e, item);
    for (size_t i = 0; i < t->node_count; i++) {
        if (!in_scope(e, item, t->nodes[i]))
            continue;
        *ret = node_log_covers(t->nodes[i], log_of(e, item), w.from, w.to);
        if (ret->gap != LOG_COVERS)
            return t->nodes[i];
    }
    return NULL;
}

static bool no_other_log(const struct hit_index *index, const struct evidence_item *item)
{
    return item->node == NODE_OTHER && index->timeline->node_count < 2;
}

static enum evidence_state absence_judge(const struct hit_index *index, const struct episode *e,
                                         const struct evidence_item *item, struct window w)
{
    struct log_cover cover;
    size_t count = count_hits(index, item, item->node == NODE_SAME ? e->node : NULL, w);
    if (item->node == NODE_OTHER)
        count -= count_hits(index, item, e->node, w);
    if (count > 0)
        return EVIDENCE_CONTRADICTED;
    return no_other_log(index, item) || node_blind(index, e, item, &cover) ? EVIDENCE_UNKNOWN : EVIDENCE_FOUND;
}

enum evidence_state evidence_judge(const struct hit_index *index, const struct episode *e,
                                   const struct evidence_item *item)
{
    struct window w = window_of(e, item);
    if (is_anchor(e, item))
        return e->anchor_count >= item->at_least ? EVIDENCE_FOUND : EVIDENCE_NOT_FOUND;
    if (item->absent)
        return absence_judge(index, e, item, w);
    return is_there(index, e, item, w) ? EVIDENCE_FOUND : EVIDENCE_NOT_FOUND;
}

/*
 * Places in the timeline; one can be there two or three times, whatever the number of episodes.  These come in order
 * of time, so what the window of the next one shares with theirs was met before: `far` is the node of the episode that
 * saw farthest, up to reach[1]; those of other nodes saw up to reach[0].
 */
struct places {
    uint32_t *items;
    size_t count, capacity;
};

/* The first of the hits, in order of place, that is not in front of `place`. */
static size_t span_from(const struct hit_span *span, uint32_t place)
{
    size_t low = 0, high = span->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (span->hits[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Of one rule. */
struct seen {
    const struct node *far;
    uint32_t reach[2]; /* places behind the last one seen; reach[0] <= reach[1] */
};

static void seen_extend(struct seen *s, const struct node *node, uint32_t end)
{
    if (node == s->far || !s->far) {
        s->far = node;
        s->reach[1] = end > s->reach[1] ? end : s->reach[1];
    } else if (end > s->reach[1]) {
        *s = (struct seen){ node, { s->reach[1], end } };
    } else if (end > s->reach[0]) {
        s->reach[0] = end;
    }
}

/* The first place that this episode may add: what two nodes have seen, one of them could tell, also of the other. */
static uint32_t seen_before(const struct seen *s, const struct episode *e, const struct evidence_item *item)
{
    return item->node != NODE_OTHER || s->far == e->node ? s->reach[1] : s->reach[0];
}

static void places_add(struct arena *arena, struct places *p, const struct hit_index *index, const struct episode *e,
                       const struct evidence_item *item, struct seen *seen)
{
    struct window w = window_of(e, item);
    const struct node *node = item->node == NODE_SAME || is_anchor(e, item) ? e->node : NULL;
    for (size_t i = 0; i < item->rule_count; i++) {
        struct hit_span span = hit_index_find(index, item->rules[i], node, w.from, w.to);
        size_t k = node ? 0 : span_from(&span, seen_before(&seen[i], e, item));
        for (; k < span.count; k++) {
            if (!in_scope(e, item, index->timeline->node_of[span.hits[k]]))
                continue;
            p->items = arena_grow(arena, p->items, p->count, &p->capacity, sizeof *p->items);
            p->items[p->count++] = span.hits[k];
        }
        if (span.count)
            seen_extend(&seen[i], e->node, span.hits[span.count - 1] + 1);
    }
}

static int places_order(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

struct evidence_found evidence_tell(struct arena *arena, const struct hit_index *index,
                                    const struct episode *const *episodes, size_t count,
                                    const struct evidence_item *item)
{
    struct evidence_found found = { .item = item, .text = item->text };
    struct arena scratch;
    struct places places = { 0 };
    arena_init(&scratch);
    struct seen *seen = ARENA_NEW_N(&scratch, struct seen, item->rule_count);
    for (size_t i = 0; i < count; i++)
        places_add(&scratch, &places, index, episodes[i], item, seen);
    if (places.count)
        qsort(places.items, places.count, sizeof *places.items, places_order);
    size_t most = places.count < LIMIT_EVIDENCE_HITS ? places.count : LIMIT_EVIDENCE_HITS;
    found.hits = ARENA_NEW_N(arena, const struct hit *, most);
    const struct event *before = NULL;
    for (size_t i = 0; i < places.count; i++) {
        const struct hit *hit = &index->timeline->hits[places.items[i]];
        if (hit->event == before)
            continue;
        before = hit->event;
        if (found.hits_seen++ < LIMIT_EVIDENCE_HITS)
            found.hits[found.hit_count++] = hit;
    }
    arena_done(&scratch);
    return found;
}

static bool scope_saw_nothing(const struct hit_index *index, const struct episode *e,
                               const struct evidence_item *item)
{
    const struct timeline *t = index->timeline;
    struct window w = window_of(e, item);
    for (size_t i = 0; i < t->node_count; i++)
        if (in_scope(e, item, t->nodes[i]) &&
            !node_log_covers(t->nodes[i], log_of(e, item), w.from, w.to).nothing)
            return false;
    return true;
}

static struct text too_few(struct arena *arena, const struct hit_index *index, const struct episode *e,
                           const struct evidence_item *item)
{
    size_t seen = evidence_tell(arena, index, &e, 1, item).hits_seen;
    if (seen == 0 || item->at_least == 1)
        return TEXT("");
    return text_keep_format(arena, "seen %zu times, %" PRIu32 " are needed", seen, item->at_least);
}

struct text evidence_gap(struct arena *arena, const struct hit_index *index, const struct episode *e,
                         const struct evidence_item *item, bool *blind)
{
    struct log_cover cover;
    const struct node *node;
    *blind = scope_saw_nothing(index, e, item);
    if (no_other_log(index, item))
        return TEXT("no log of another node was given");
    if (item->node == NODE_EACH && !item->absent) {
        node = node_without(index, e, item, window_of(e, item));
        if (node && node != e->node)
            return text_keep_format(arena, "%.*s's log has none", TEXT_ARG(node->name));
    }
    struct text few = item->absent ? TEXT("") : too_few(arena, index, e, item);
    if (few.n || is_anchor(e, item))
        return few;
    node = node_blind(index, e, item, &cover);
    return node ? log_gap_text(arena, node, log_of(e, item), &cover, e->first) : TEXT("");
}
