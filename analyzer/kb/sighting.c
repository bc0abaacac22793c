#include "kb/sighting.h"

#include <stdlib.h>

#include "corr/clock.h"
#include "kb/difference.h"
#include "kb/life.h"
#include "kb/sides.h"
#include "kb/until.h"

static uint64_t shift(uint64_t time, int64_t by)
{
    if (by < 0)
        return time < (uint64_t)-by ? 0 : time - (uint64_t)-by;
    return time > UINT64_MAX - (uint64_t)by ? UINT64_MAX : time + (uint64_t)by;
}

/* Clocks of other nodes are not known to the second. */
static uint64_t unsure(const struct episode *e, const struct evidence_item *item)
{
    bool same = item->node.of == SCOPE_SAME && !item->node.negated;
    return same ? 0 : clock_within_at(e->node, e->first);
}

bool window_is_unsure(const struct episode *e, const struct evidence_item *item)
{
    return item != &e->article->evidence[0] && item->kind != EVIDENCE_FIXED_BY && !item_is_no_event(item) &&
           unsure(e, item) > 0;
}

static struct window window_with(const struct episode *e, const struct evidence_item *item, int64_t more)
{
    if (item == e->article->evidence) /* NULL of an article that has none */
        return (struct window){ e->first, e->last };
    if (item->kind == EVIDENCE_FIXED_BY)
        return (struct window){ shift(e->last, 1), shift(e->last, item->to) }; /* not what stands in the same second */
    return (struct window){ shift(e->first, item->from - more), shift(e->last, item->to + more) };
}

struct window window_declared(const struct episode *e, const struct evidence_item *item)
{
    return window_with(e, item, 0);
}

struct window window_of(const struct episode *e, const struct evidence_item *item)
{
    return window_with(e, item, item->absent ? 0 : (int64_t)unsure(e, item));
}

struct window window_in(const struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    if (h->reach == REACH_ALL)
        return window_of(e, item);
    return window_with(e, item, h->reach == REACH_WIDE ? (int64_t)unsure(e, item) : 0);
}

bool item_is_plain(const struct evidence_item *item)
{
    bool each_of_some = item->node.each && item->node.of != SCOPE_ANY;
    return item->node.of != SCOPE_ROLE && !each_of_some && !item->same_count && !item->names && !item->distinct &&
           !item->every_to && !item->apart && !item->sides_by.count && !item->differ && !item->hotfix.n &&
           !item->until_count && !item->silent;
}

/* "Q257577", "KB257577", "Hotfix 257577 (x86)": the digits, with no digit beside them. */
static bool has_number(struct text t, struct text digits)
{
    for (size_t i = 0; i + digits.n <= t.n; i++) {
        bool before = i > 0 && t.p[i - 1] >= '0' && t.p[i - 1] <= '9';
        size_t end = i + digits.n;
        bool behind = end < t.n && t.p[end] >= '0' && t.p[end] <= '9';
        if (!before && !behind && memcmp(t.p + i, digits.p, digits.n) == 0)
            return true;
    }
    return false;
}

static bool names_hotfix(const struct event *e, struct text digits)
{
    for (size_t i = 0; i < e->field_count; i++) {
        bool payload = e->fields[i].part == EVENT_DATA || e->fields[i].part == EVENT_USER_DATA;
        if (payload && has_number(e->fields[i].value, digits))
            return true;
    }
    return false;
}

static void span_look(struct arena *arena, struct hearing *h, const struct episode *e,
                      const struct evidence_item *item, struct hit_span span, struct sightings *s)
{
    const struct timeline *t = h->index.timeline;
    for (size_t i = 0; i < span.count && hearing_step(h); i++) {
        uint32_t place = span.hits[i];
        const struct event *event = t->hits[place].event;
        if (!cast_has(e, &item->node, t->node_of[place]) || !cast_fits(t, e, item, place) ||
            !difference_holds(item->differ, &t->hits[place]))
            continue;
        if (sides_leave_out(h, e, item, place))
            continue;
        if (item->hotfix.n && !names_hotfix(event, item->hotfix))
            continue;
        if (!until_allows(h, e, item, place) ||
            !life_allows(h, e, item, t->node_of[place], event->key.time))
            continue;
        s->places = arena_grow(arena, s->places, s->count, &s->capacity, sizeof *s->places);
        s->places[s->count++] = place;
    }
}

static int places_order(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Hits of one event stand side by side. */
static void each_event_once(const struct timeline *t, struct sightings *s)
{
    size_t distinct = 0;
    if (s->count)
        qsort(s->places, s->count, sizeof *s->places, places_order);
    for (size_t i = 0; i < s->count; i++)
        if (!distinct || t->hits[s->places[i]].event != t->hits[s->places[distinct - 1]].event)
            s->places[distinct++] = s->places[i];
    s->count = distinct;
}

static void anchors_take(struct arena *arena, const struct episode *e, struct sightings *s)
{
    s->places = ARENA_NEW_N(arena, uint32_t, e->anchor_count);
    s->count = e->anchor_count;
    memcpy(s->places, e->anchors, e->anchor_count * sizeof *s->places);
}

struct sightings sightings_find(struct arena *arena, struct hearing *h, const struct episode *e,
                                const struct evidence_item *item)
{
    struct sightings s = { 0 };
    struct window w = window_in(h, e, item);
    bool same = item->node.of == SCOPE_SAME && !item->node.negated;
    if (item == &e->article->evidence[0]) {
        anchors_take(arena, e, &s);
        return s;
    }
    for (size_t i = 0; i < item->rule_count; i++)
        span_look(arena, h, e, item, hit_index_find(&h->index, item->rules[i], same ? e->node : NULL, w.from, w.to),
                  &s);
    each_event_once(h->index.timeline, &s);
    return s;
}

/* What `distinct` counts: the value of a field, or the name of the node. */
static struct text distinct_value(const struct timeline *t, const struct evidence_item *item, uint32_t place)
{
    if (item->distinct_by.count)
        return choice_value(t->hits[place].event, &item->distinct_by);
    return t->node_of[place]->name;
}

static bool is_new(struct hearing *h, const struct text *values, size_t count, struct text value)
{
    if (value.n == 0)
        return false;
    for (size_t i = 0; i < count && hearing_step(h); i++)
        if (text_equal_nocase(values[i], value))
            return false;
    return true;
}

static size_t count_values(struct hearing *h, const struct sightings *s, const struct evidence_item *item,
                           const struct node *node)
{
    const struct timeline *t = h->index.timeline;
    struct arena_mark mark = arena_mark(&h->scratch);
    struct text *values = ARENA_NEW_N(&h->scratch, struct text, s->count);
    size_t count = 0;
    uint64_t met = 0;
    for (size_t i = 0; i < s->count && count < item->at_least; i++) {
        uint64_t time = t->hits[s->places[i]].event->key.time;
        if ((node && t->node_of[s->places[i]] != node) || (item->apart && met && time - met <= (uint64_t)item->apart))
            continue;
        met = time;
        struct text value = item->distinct ? distinct_value(t, item, s->places[i]) : TEXT("");
        if (!item->distinct || is_new(h, values, count, value))
            values[count++] = value;
    }
    arena_rewind(&h->scratch, mark);
    return count;
}

/* One behind the other on one node: none comes too early, and one at least comes in time. */
static bool is_regular(const struct timeline *t, const struct sightings *s, const struct evidence_item *item)
{
    bool in_time = false;
    for (size_t i = 1; i < s->count; i++) {
        if (t->node_of[s->places[i]] != t->node_of[s->places[i - 1]])
            continue;
        uint64_t from = t->hits[s->places[i - 1]].event->key.time, to = t->hits[s->places[i]].event->key.time;
        if (to - from < (uint64_t)item->every_from)
            return false;
        in_time = in_time || to - from <= (uint64_t)item->every_to;
    }
    return in_time;
}

bool sightings_enough(struct hearing *h, const struct episode *e, const struct sightings *s,
                      const struct evidence_item *item, const struct node *node)
{
    if (item->sides_by.count && !sides_are_two(h, e, item, s))
        return false;
    if (item->every_to && !is_regular(h->index.timeline, s, item))
        return false;
    return count_values(h, s, item, node) >= item->at_least;
}
