#include "kb/evidence.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/times.h"
#include "corr/clock.h"
#include "corr/node_log.h"
#include "kb/cover.h"
#include "kb/life.h"
#include "kb/sighting.h"
#include "kb/unseen.h"

static bool is_anchor(const struct episode *e, const struct evidence_item *item)
{
    return item == &e->article->evidence[0];
}

/* Hits of all rules of the item; an event that two of them match counts twice. */
static size_t count_hits(struct hearing *h, const struct evidence_item *item, const struct node *node,
                         struct window w)
{
    size_t count = 0;
    for (size_t i = 0; i < item->rule_count; i++)
        count += hit_index_find(&h->index, item->rules[i], node, w.from, w.to).count;
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
static size_t count_events(struct hearing *h, const struct evidence_item *item, const struct node *node,
                           struct window w, size_t enough)
{
    struct hit_span spans[RULES_COUNTED_APART];
    if (enough == 1 || item->rule_count == 1 || item->rule_count > RULES_COUNTED_APART)
        return count_hits(h, item, node, w);
    for (size_t i = 0; i < item->rule_count; i++)
        spans[i] = hit_index_find(&h->index, item->rules[i], node, w.from, w.to);
    const struct event *before = NULL;
    size_t count = 0, at;
    while (count < enough && (at = earliest(spans, item->rule_count)) != SIZE_MAX) {
        const struct event *event = h->index.timeline->hits[spans[at].hits[0]].event;
        count += event != before;
        before = event;
        spans[at].hits++;
        spans[at].count--;
    }
    return count;
}

static bool others_have(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                        struct window w)
{
    const struct timeline *t = h->index.timeline;
    size_t enough = item->at_least;
    size_t all = count_hits(h, item, NULL, w) - count_hits(h, item, e->node, w);
    if (all < enough || enough == 1 || item->rule_count == 1)
        return all >= enough;
    size_t count = 0;
    for (size_t i = 0; i < t->node_count && count < enough; i++)
        if (t->nodes[i] != e->node)
            count += count_events(h, item, t->nodes[i], w, enough);
    return count >= enough;
}

/* Is the node one of those that `each` asks: its log covers the time of the anchor. */
static bool is_asked(const struct episode *e, const struct evidence_item *item, const struct node *node)
{
    return node == e->node || node_log_covers(node, cover_channel(e, item), e->first, e->first).gap == LOG_COVERS;
}

/* The first node that lacks the event, NULL when none does. */
static const struct node *node_without(struct hearing *h, const struct episode *e,
                                       const struct evidence_item *item, struct window w)
{
    const struct timeline *t = h->index.timeline;
    for (size_t i = 0; i < t->node_count; i++)
        if (is_asked(e, item, t->nodes[i]) &&
            count_events(h, item, t->nodes[i], w, item->at_least) < item->at_least)
            return t->nodes[i];
    return NULL;
}

static bool is_other(const struct evidence_item *item)
{
    return item->node.of == SCOPE_SAME && item->node.negated;
}

static bool is_same(const struct evidence_item *item)
{
    return item->node.of == SCOPE_SAME && !item->node.negated;
}

static bool is_there(struct hearing *h, const struct episode *e, const struct evidence_item *item, struct window w)
{
    if (item->node.each)
        return node_without(h, e, item, w) == NULL;
    if (is_other(item))
        return others_have(h, e, item, w);
    return count_events(h, item, is_same(item) ? e->node : NULL, w, item->at_least) >= item->at_least;
}

static bool no_other_log(struct hearing *h, const struct evidence_item *item)
{
    return is_other(item) && h->index.timeline->node_count < 2;
}

/* Nodes that the anchors name and whose logs are not here; or the anchors name none at all. */
static bool role_is_empty(const struct episode *e, const struct evidence_item *item)
{
    return item->node.of == SCOPE_ROLE && !item->node.negated && e->cast[item->node.role].node_count == 0;
}

static enum evidence_state absence(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                                   bool there)
{
    struct log_cover cover;
    if (there)
        return EVIDENCE_CONTRADICTED;
    bool unseen = no_other_log(h, item) || role_is_empty(e, item) || cover_lacking(h, e, item, &cover);
    return unseen ? EVIDENCE_UNKNOWN : EVIDENCE_FOUND;
}

static bool any_hit(struct hearing *h, const struct episode *e, const struct evidence_item *item, struct window w)
{
    size_t count = count_hits(h, item, is_same(item) ? e->node : NULL, w);
    return count > (is_other(item) ? count_hits(h, item, e->node, w) : 0);
}

/* The first node in scope that could have seen it and did not see enough of it; NULL for none. */
static const struct node *node_wanting(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                                       const struct sightings *s, bool *asked)
{
    const struct timeline *t = h->index.timeline;
    *asked = false;
    for (size_t i = 0; i < t->node_count; i++) {
        if (!cast_has(e, &item->node, t->nodes[i]) || !is_asked(e, item, t->nodes[i]))
            continue;
        *asked = true;
        if (!sightings_enough(h, e, s, item, t->nodes[i]))
            return t->nodes[i];
    }
    return NULL;
}

static enum evidence_state judge_one_by_one(struct hearing *h, const struct episode *e,
                                            const struct evidence_item *item)
{
    struct arena_mark mark = arena_mark(&h->scratch);
    struct sightings s = sightings_find(&h->scratch, h, e, item);
    enum evidence_state state;
    bool asked = true, found;
    if (item->absent) {
        state = absence(h, e, item, s.count > 0);
    } else {
        found = item->node.each ? !node_wanting(h, e, item, &s, &asked) : sightings_enough(h, e, &s, item, NULL);
        state = found && asked ? EVIDENCE_FOUND : EVIDENCE_NOT_FOUND;
    }
    arena_rewind(&h->scratch, mark);
    return state;
}

/* A node that the item means whose clock was that far off, NULL for none; of `each`, the last one when all were. */
static const struct node *node_off(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    const struct timeline *t = h->index.timeline;
    const struct node *found = NULL;
    for (size_t i = 0; i < t->node_count; i++) {
        int64_t ahead = clock_ahead_at(t->nodes[i], e->first);
        if (!cast_has(e, &item->node, t->nodes[i]))
            continue;
        bool off = (ahead < 0 ? -ahead : ahead) > item->clock_over;
        if (off != item->node.each)
            return off ? t->nodes[i] : NULL;
        found = off ? t->nodes[i] : found;
    }
    return found;
}

static enum evidence_state judge_alone(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    struct window w = window_in(h, e, item);
    if (!hearing_step(h))
        return item->absent ? EVIDENCE_UNKNOWN : EVIDENCE_NOT_FOUND;
    if (item->clock_over)
        return node_off(h, e, item) ? EVIDENCE_FOUND : EVIDENCE_NOT_FOUND;
    if (item->wrote)
        return life_goes_on(h, e, item).node ? EVIDENCE_FOUND : EVIDENCE_NOT_FOUND;
    if (!item_is_plain(item))
        return judge_one_by_one(h, e, item);
    if (is_anchor(e, item))
        return e->anchor_count >= item->at_least ? EVIDENCE_FOUND : EVIDENCE_NOT_FOUND;
    if (item->absent)
        return absence(h, e, item, any_hit(h, e, item, w));
    return is_there(h, e, item, w) ? EVIDENCE_FOUND : EVIDENCE_NOT_FOUND;
}

static enum evidence_state judge_either(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    enum evidence_state state = judge_alone(h, e, item);
    if (state != EVIDENCE_FOUND && item->instead && judge_alone(h, e, item->instead) == EVIDENCE_FOUND)
        return EVIDENCE_FOUND;
    return state;
}

static enum evidence_state judge_within(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                                        enum hearing_reach reach)
{
    h->reach = reach;
    enum evidence_state state = judge_either(h, e, item);
    h->reach = REACH_ALL;
    return state;
}

/* Found, but it would not be if the clocks were a little other than they are taken to be. */
bool evidence_is_undecided(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    enum hearing_reach other = item->absent ? REACH_WIDE : REACH_DECLARED;
    return window_is_unsure(e, item) && judge_either(h, e, item) == EVIDENCE_FOUND &&
           judge_within(h, e, item, other) != EVIDENCE_FOUND;
}

/* What hangs on the clocks neither speaks against the article nor is absent; what is needed may be there. */
enum evidence_state evidence_judge(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    enum evidence_state state = judge_either(h, e, item);
    bool asked = state == EVIDENCE_FOUND && (item->absent || item->kind == EVIDENCE_AGAINST);
    return asked && evidence_is_undecided(h, e, item) ? EVIDENCE_UNKNOWN : state;
}

/*
 * Places in the timeline; one can be there two or three times, whatever the number of episodes.  These come in order
 * of time, so what the window of the next one shares with theirs was met before: `far` is the node of the episode that
 * saw farthest, up to reach[1]; those of other nodes saw up to reach[0].
 */
struct place_list {
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
    return !is_other(item) || s->far == e->node ? s->reach[1] : s->reach[0];
}

static void places_add(struct arena *arena, struct place_list *p, struct hearing *h, const struct episode *e,
                       const struct evidence_item *item, struct seen *seen)
{
    struct window w = window_in(h, e, item);
    const struct node *node = is_same(item) || is_anchor(e, item) ? e->node : NULL;
    for (size_t i = 0; i < item->rule_count; i++) {
        struct hit_span span = hit_index_find(&h->index, item->rules[i], node, w.from, w.to);
        size_t k = node ? 0 : span_from(&span, seen_before(&seen[i], e, item));
        for (; k < span.count; k++) {
            if (!cast_has(e, &item->node, h->index.timeline->node_of[span.hits[k]]))
                continue;
            p->items = arena_grow(arena, p->items, p->count, &p->capacity, sizeof *p->items);
            p->items[p->count++] = span.hits[k];
        }
        if (span.count)
            seen_extend(&seen[i], e->node, span.hits[span.count - 1] + 1);
    }
}

static void sightings_add(struct arena *arena, struct place_list *p, struct hearing *h, const struct episode *e,
                          const struct evidence_item *item)
{
    struct sightings s = sightings_find(arena, h, e, item);
    for (size_t i = 0; i < s.count; i++) {
        p->items = arena_grow(arena, p->items, p->count, &p->capacity, sizeof *p->items);
        p->items[p->count++] = s.places[i];
    }
}

static int places_order(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* What was found in its place, when it was not. */
static const struct evidence_item *item_told(struct hearing *h, const struct episode *const *episodes, size_t count,
                                             const struct evidence_item *item)
{
    for (size_t i = 0; i < count && item->instead; i++)
        if (judge_alone(h, episodes[i], item->instead) == EVIDENCE_FOUND &&
            judge_alone(h, episodes[i], item) != EVIDENCE_FOUND)
            return item->instead;
    return item;
}

/* "..: NODE2 was 1 min 32 s ahead" */
static struct text clock_text(struct arena *arena, struct hearing *h, const struct episode *const *episodes,
                              size_t count, const struct evidence_item *item)
{
    const struct node *node = count ? node_off(h, episodes[0], item) : NULL;
    char span[TIME_ISO_ROOM];
    if (!node)
        return item->text;
    int64_t ahead = clock_ahead_at(node, episodes[0]->first);
    uint64_t ticks = (uint64_t)(ahead < 0 ? -ahead : ahead);
    return text_keep_format(arena, "%.*s: %.*s was %.*s %s", TEXT_ARG(item->text), TEXT_ARG(node->name),
                            TEXT_ARG(time_span(ticks, span)), ahead < 0 ? "behind" : "ahead");
}

/* "..: NODE2 for 1 h 49 min" */
static struct text life_text(struct arena *arena, struct hearing *h, const struct episode *const *episodes,
                             size_t count, const struct evidence_item *item)
{
    struct life life = { .node = NULL };
    char span[TIME_ISO_ROOM];
    for (size_t i = 0; i < count && !life.node; i++)
        life = life_goes_on(h, episodes[i], item);
    if (!life.node)
        return item->text;
    return text_keep_format(arena, "%.*s: %.*s for %.*s", TEXT_ARG(item->text), TEXT_ARG(life.node->name),
                            TEXT_ARG(time_span(life.behind, span)));
}

struct evidence_found evidence_tell(struct arena *arena, struct hearing *h,
                                    const struct episode *const *episodes, size_t count,
                                    const struct evidence_item *item)
{
    item = item_told(h, episodes, count, item);
    struct evidence_found found = { .item = item, .text = item->text };
    struct arena scratch;
    struct place_list places = { 0 };
    arena_init(&scratch);
    struct seen *seen = ARENA_NEW_N(&scratch, struct seen, item->rule_count);
    for (size_t i = 0; i < count; i++)
        if (item_is_plain(item))
            places_add(&scratch, &places, h, episodes[i], item, seen);
        else
            sightings_add(&scratch, &places, h, episodes[i], item);
    if (places.count)
        qsort(places.items, places.count, sizeof *places.items, places_order);
    size_t most = places.count < LIMIT_EVIDENCE_HITS ? places.count : LIMIT_EVIDENCE_HITS;
    found.hits = ARENA_NEW_N(arena, const struct hit *, most);
    const struct event *before = NULL;
    for (size_t i = 0; i < places.count; i++) {
        const struct hit *hit = &h->index.timeline->hits[places.items[i]];
        if (hit->event == before)
            continue;
        before = hit->event;
        if (found.hits_seen++ < LIMIT_EVIDENCE_HITS)
            found.hits[found.hit_count++] = hit;
    }
    if (item->clock_over)
        found.text = clock_text(arena, h, episodes, count, item);
    if (item->wrote)
        found.text = life_text(arena, h, episodes, count, item);
    arena_done(&scratch);
    return found;
}

bool evidence_is_blind(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    return cover_hides_near(h, e, item) || evidence_is_undecided(h, e, item);
}

bool evidence_is_of_named(const struct episode *e, const struct evidence_item *item)
{
    return item->node.of == SCOPE_ROLE && !item->node.negated && e->cast[item->node.role].name_count > 0;
}

/* That no node is looked at is no gap in a log: nobody knows whom to ask. */
static bool any_asked(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    const struct timeline *t = h->index.timeline;
    for (size_t i = 0; i < t->node_count; i++)
        if (cast_has(e, &item->node, t->nodes[i]))
            return true;
    return false;
}

/* Asked of any node, where the one with a log belongs to a cluster: the others have none. */
static bool other_nodes_unknown(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    const struct timeline *t = h->index.timeline;
    return item->node.of == SCOPE_ANY && t->node_count < 2 && event_is_of_cluster(t->hits[e->anchors[0]].event);
}

/* Too few are not none: a log that has some of them would have the others. */
static bool is_unheard_of(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    struct arena_mark mark = arena_mark(&h->scratch);
    bool none = !sightings_find(&h->scratch, h, e, item).count;
    arena_rewind(&h->scratch, mark);
    return none;
}

bool evidence_lacks_log(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    if (item->absent || is_anchor(e, item))
        return false;
    if (no_other_log(h, item) || (role_is_empty(e, item) && evidence_is_of_named(e, item)))
        return true;
    if (other_nodes_unknown(h, e, item))
        return is_unheard_of(h, e, item);
    /* Of a node that the anchors name a part is enough: what it wrote there may be just what is needed. */
    bool part = evidence_is_of_named(e, item);
    return any_asked(h, e, item) && cover_hides(h, e, item, part) && is_unheard_of(h, e, item);
}

/* What has to be that many of them. */
static const char *counted(const struct evidence_item *item)
{
    if (item->distinct)
        return item->distinct_by.count ? "different ones" : "different nodes";
    if (item->every_to)
        return "in that rhythm";
    return item->apart ? "different times" : "";
}

static struct text too_few(struct arena *arena, struct hearing *h, const struct episode *e,
                           const struct evidence_item *item)
{
    size_t seen = evidence_tell(arena, h, &e, 1, item).hits_seen;
    if (seen == 0 || item->at_least == 1)
        return TEXT("");
    const char *of = counted(item);
    struct text times = seen == 1 ? TEXT("once") : text_keep_format(arena, "%zu times", seen);
    return text_keep_format(arena, "seen %.*s, %" PRIu32 "%s%s are needed", TEXT_ARG(times), item->at_least,
                            *of ? " " : "", of);
}

static struct text role_gap(struct arena *arena, const struct episode *e, const struct evidence_item *item)
{
    const struct cast *c = &e->cast[item->node.role];
    if (c->name_count == 0)
        return text_keep_format(arena, "no record says which node the %.*s is",
                                TEXT_ARG(e->article->roles[item->node.role].name));
    const char *others = c->name_count > 1 ? " and others" : "";
    return text_keep_format(arena, "no log of %.*s%s was given", TEXT_ARG(c->names[0]), others);
}

static const struct node *node_lacking(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    bool asked;
    if (item_is_plain(item))
        return node_without(h, e, item, window_in(h, e, item));
    struct arena_mark mark = arena_mark(&h->scratch);
    struct sightings s = sightings_find(&h->scratch, h, e, item);
    const struct node *node = node_wanting(h, e, item, &s, &asked);
    arena_rewind(&h->scratch, mark);
    return node;
}

struct text evidence_gap(struct arena *arena, struct hearing *h, const struct episode *e,
                         const struct evidence_item *item, struct log_miss *miss)
{
    const struct node *node;
    bool lone = item->kind == EVIDENCE_NEEDS && other_nodes_unknown(h, e, item) && evidence_lacks_log(h, e, item);
    if (no_other_log(h, item) || lone)
        return TEXT("no log of another node was given");
    if (role_is_empty(e, item))
        return role_gap(arena, e, item);
    if (item->clock_over)
        return e->node->clock_pairs ? TEXT("") : TEXT("nothing compares its clock with other nodes");
    if (item->wrote)
        return TEXT("");
    node = item->node.each && !item->absent ? node_lacking(h, e, item) : NULL;
    if (node && node != e->node)
        return text_keep_format(arena, "%.*s's log has none", TEXT_ARG(node->name));
    struct text few = item->absent ? TEXT("") : too_few(arena, h, e, item);
    if (few.n || is_anchor(e, item))
        return few;
    if (evidence_is_undecided(h, e, item))
        return TEXT("such an event is near, and the clocks are not known well enough to tell");
    miss->node = cover_lacking(h, e, item, &miss->cover);
    miss->channel = cover_channel(e, item);
    miss->event = e->first;
    return TEXT("");
}
