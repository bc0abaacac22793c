#include "kb/life.h"

#include "base/cursor.h"
#include "base/times.h"
#include "corr/clock.h"
#include "corr/node_log.h"
#include "kb/cast.h"
#include "kb/until.h"

/* From the first event of a start to those that tell how the system went down: services start one by one. */
#define START_TAKES ((uint64_t)600 * TICKS_PER_SECOND)

/* Steps of hours are wrong zones and hosts of virtual machines; those of more than a day are a clock that was lost. */
#define STEP_MOST ((uint64_t)86400 * TICKS_PER_SECOND)

/* In the data of 6008: the time that is local, and this. */
#define STAMP_AT   16
#define SYSTEMTIME 16

/* A start, and the last sign of life before it. */
struct stop {
    uint64_t alive, start; /* FILETIME; alive 0 = not known, start 0 = no start is */
};

static const struct hit *first_hit(struct hearing *h, struct text rule, const struct node *node, uint64_t after)
{
    const struct timeline *t = h->index.timeline;
    uint32_t number;
    if (!ruleset_find(t->rules, rule, &number))
        return NULL;
    struct hit_span span = hit_index_find(&h->index, number, node, after + 1, UINT64_MAX);
    return span.count ? &t->hits[span.hits[0]] : NULL;
}

static const struct node_down *first_down(const struct node *node, uint64_t after)
{
    size_t low = 0, high = node->down_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (node->downs[middle].to <= after)
            low = middle + 1;
        else
            high = middle;
    }
    return low < node->down_count ? &node->downs[low] : NULL;
}

static int nibble(char c)
{
    c = ascii_lower(c);
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* False when these are no bytes in hex. */
static bool bytes_of(struct text hex, uint8_t *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int high = nibble(hex.p[2 * i]), low = nibble(hex.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* The time of the node's clock that 6008 has in its data, 0 for none. */
static uint64_t stamp_of(const struct event *e)
{
    const struct event_field *data = event_field(e, TEXT("Binary"));
    uint8_t bytes[SYSTEMTIME];
    uint64_t time;
    if (!data || data->value.n < 2 * (STAMP_AT + SYSTEMTIME) ||
        !bytes_of(text_from_index(data->value, 2 * STAMP_AT), bytes, sizeof bytes))
        return 0;
    struct cursor in = cursor_at((struct bytes){ bytes, sizeof bytes }, 0);
    struct civil c = { .year = cursor_u16(&in) };
    c.month = cursor_u16(&in);
    cursor_u16(&in); /* day of the week */
    c.day = cursor_u16(&in);
    c.hour = cursor_u16(&in);
    c.minute = cursor_u16(&in);
    c.second = cursor_u16(&in);
    return filetime_from_civil(&c, &time) ? time : 0;
}

/* Times of records were set right when the clock of the node was off; this one stands in the data of one. */
static uint64_t corrected(const struct node *node, uint64_t time)
{
    int64_t ahead = clock_ahead_at(node, time);
    return ahead < 0 ? time + (uint64_t)-ahead : time > (uint64_t)ahead ? time - (uint64_t)ahead : 0;
}

/*
 * The next start behind a moment.  A log that has only errors tells of it by these alone, and in one of Windows Server 2003
 * they are its first record: then nobody knows the record before it, but the data of 6008 say when it was.
 */
static struct stop next_stop(struct hearing *h, const struct node *node, uint64_t after)
{
    const struct hit *dirty = first_hit(h, TEXT("eventlog-6008"), node, after);
    const struct hit *power = first_hit(h, TEXT("kernel-power-41"), node, after);
    const struct node_down *down = first_down(node, after);
    uint64_t told = dirty ? dirty->event->key.time : UINT64_MAX;
    uint64_t first = power && power->event->key.time < told ? power->event->key.time : told;
    struct stop stop = { .start = first == UINT64_MAX ? 0 : first };
    if (down && down->from < first && (!stop.start || down->to <= first + START_TAKES))
        stop = (struct stop){ down->from, down->to < first ? down->to : first };
    if (!dirty || told > stop.start + START_TAKES)
        return stop;
    uint64_t stamp = corrected(node, stamp_of(dirty->event));
    stop.alive = stamp < told && stamp > stop.alive ? stamp : stop.alive;
    return stop;
}

/*
 * Nobody can say on which side of a step the clock was right: it was off by so much at one time or another.  By more than
 * that no record comes near the anchors, and a clock that slept or was lost at a start was right before.
 */
static uint64_t stepped(const struct node *node)
{
    uint64_t most = 0;
    for (size_t i = 0; i < node->step_count; i++) {
        const struct clock_step *s = &node->steps[i];
        uint64_t by = s->before > s->after ? s->before - s->after : s->after - s->before;
        bool off = !s->mended && !s->slept && !s->start && by <= STEP_MOST;
        most = off && by > most ? by : most;
    }
    return most;
}

/* Clocks of two nodes are not known to the second. */
static uint64_t unsure(const struct episode *e, const struct node *node)
{
    return node == e->node ? 0 : clock_within_at(e->node, e->first) + stepped(node);
}

static bool is_later(uint64_t time, uint64_t than, uint64_t by)
{
    return time > than && time - than > by;
}

/* A file of another log that ended before the start: what it ends with is a sign of life as well. */
static uint64_t other_sign(const struct node *node, const struct stop *stop)
{
    uint64_t alive = stop->alive;
    for (size_t i = 0; i < node->span_count; i++)
        if (node->spans[i].last > alive && node->spans[i].last < stop->start)
            alive = node->spans[i].last;
    return alive;
}

static uint64_t behind_until(const struct episode *e, const struct evidence_item *item, const struct node *node,
                             uint64_t alive)
{
    return is_later(alive, e->last, (uint64_t)item->wrote + unsure(e, node)) ? alive - e->last : 0;
}

static uint64_t life_behind(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                            const struct node *node)
{
    struct stop stop = next_stop(h, node, e->last);
    return stop.start ? behind_until(e, item, node, other_sign(node, &stop)) : 0;
}

/* Without a start and without a hole; one shortly before the anchors may have come behind, by a clock that is off. */
static bool runs_on(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                    const struct node *node)
{
    uint64_t near = unsure(e, node) + START_TAKES;
    if (next_stop(h, node, e->first > near ? e->first - near : 0).start)
        return false;
    return behind_until(e, item, node, node_log_covers(node, e->log, e->last, UINT64_MAX).from) > 0;
}

bool life_parts(struct hearing *h, const struct episode *e, const struct evidence_item *item, const struct node *node)
{
    return life_behind(h, e, item, node) > 0 || runs_on(h, e, item, node);
}

struct life life_goes_on(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    const struct timeline *t = h->index.timeline;
    struct life found = { .node = NULL };
    for (size_t i = 0; i < t->node_count && hearing_step(h); i++) {
        if (!cast_has(e, &item->node, t->nodes[i]))
            continue;
        uint64_t behind = life_behind(h, e, item, t->nodes[i]);
        if (!behind && item->node.each)
            return (struct life){ .node = NULL };
        if (behind)
            found = (struct life){ t->nodes[i], behind };
        if (behind && !item->node.each)
            break;
    }
    return found;
}

bool life_allows(struct hearing *h, const struct episode *e, const struct evidence_item *item, const struct node *node,
                 uint64_t time)
{
    const struct node *stopped = until_node(e, item, node);
    uint64_t from = time < e->first ? time : e->last, to = time < e->first ? e->first : time;
    if (!item->silent || to <= from)
        return true;
    struct stop stop = next_stop(h, stopped, from);
    return !stop.start || stop.start > to || !is_later(stop.alive, from, (uint64_t)item->silent + unsure(e, stopped));
}

bool life_refutes(struct hearing *h, const struct episode *e, struct text name)
{
    const struct timeline *t = h->index.timeline;
    for (size_t i = 0; i < e->article->evidence_count; i++) {
        const struct evidence_item *item = &e->article->evidence[i];
        bool asks = item->wrote && item->kind == EVIDENCE_AGAINST;
        for (size_t k = 0; asks && k < t->node_count && hearing_step(h); k++)
            if (text_equal_nocase(t->nodes[k]->name, name) && cast_has(e, &item->node, t->nodes[k]) &&
                life_behind(h, e, item, t->nodes[k]))
                return true;
    }
    return false;
}
