#include "kb/weighed.h"

#include "base/limits.h"
#include "kb/sighting.h"

static bool has_rule(const struct evidence_item *item, uint32_t rule)
{
    for (size_t i = 0; i < item->rule_count; i++)
        if (item->rules[i] == rule)
            return true;
    return false;
}

static uint64_t time_of(const struct timeline *t, uint32_t place)
{
    return t->hits[place].event->key.time;
}

/* The first anchor that is not before `time`. */
static size_t anchor_from(const struct timeline *t, const struct places *anchors, uint64_t time)
{
    size_t low = 0, high = anchors->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (time_of(t, anchors->items[middle]) < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first occurrence that does not end more than `window` before `time`. */
static size_t occurrence_from(const struct intervals *times, uint64_t time, uint64_t window)
{
    size_t low = 0, high = times->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint64_t to = times->items[middle].to;
        if (to < time && time - to > window)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool fits(const struct timeline *t, const struct episode *e, const struct evidence_item *item, uint32_t place,
                 uint32_t anchor)
{
    struct window w = window_of(e, item);
    uint64_t time = time_of(t, place);
    bool same = item->node.of == SCOPE_SAME && !item->node.negated;
    if (time < w.from || time > w.to || (same && t->node_of[place] != e->node))
        return false;
    return event_shares(item, t->hits[place].event, t->hits[anchor].event);
}

/* `seen` counts anchors. */
static bool occurrence_has(const struct timeline *t, const struct diagnosis *d, const struct interval *when,
                           const struct evidence_item *item, uint32_t place, size_t *seen)
{
    struct episode e = { .article = d->article, .first = when->from, .last = when->to };
    for (size_t i = anchor_from(t, &d->anchors, when->from); i < d->anchors.count; i++) {
        uint32_t anchor = d->anchors.items[i];
        if (time_of(t, anchor) > when->to)
            return false;
        if (++*seen > LIMIT_CAST)
            return item->same_count == 0;
        e.node = t->node_of[anchor];
        if (fits(t, &e, item, place, anchor))
            return true;
    }
    return false;
}

bool diagnosis_weighs(const struct timeline *t, const struct diagnosis *d, const struct evidence_item *item,
                      uint32_t place)
{
    uint64_t window = (uint64_t)d->article->window, time = time_of(t, place);
    size_t seen = 0;
    if (!has_rule(item, t->hits[place].rule))
        return false;
    for (size_t i = occurrence_from(&d->times, time, window); i < d->times.count && seen <= LIMIT_CAST; i++) {
        const struct interval *when = &d->times.items[i];
        if (when->from > time && when->from - time > window)
            return false;
        if (occurrence_has(t, d, when, item, place, &seen))
            return true;
    }
    return false;
}
