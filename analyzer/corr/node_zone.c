#include "corr/node_zone.h"

#include <stdlib.h>

#define ID_UPTIME    6013u
#define ID_REFRESHED 24u

/* Starts take minutes, and sleep is for notebooks: what is written later at noon is the daily event. */
#define STARTED_FOR 600u /* seconds */

/* Seen: half a minute early, two minutes late. */
#define NOON_WITHIN (3 * 60)

#define DAY  86400
#define NOON (DAY / 2)

/* No zone is farther from UTC than 14 hours. */
#define MOST_MINUTES (14 * 60)

static const struct zone utc_of_nodes = { .name = "node", .of_nodes = true };

static bool is_from(const struct event *e, const char *provider, uint32_t id)
{
    return e->key.id == id && text_equal_nocase(e->key.provider, text_from(provider));
}

/* "-60": minutes behind UTC. */
static bool minutes_parse(struct text t, int *ret)
{
    bool behind = t.n && t.p[0] == '-';
    uint64_t value;
    if (!text_to_u64(text_from_index(t, behind), &value) || value > MOST_MINUTES)
        return false;
    *ret = behind ? -(int)value : (int)value;
    return true;
}

/* Is it noon there, `east` seconds east of UTC? */
static bool is_noon(uint64_t time, int east)
{
    int clock = (int)((time / TICKS_PER_SECOND) % DAY) + east;
    clock = (clock + DAY) % DAY;
    return abs(clock - NOON) <= NOON_WITHIN;
}

/* What the daily event tells; the name of the zone is told by each. */
static bool uptime_read(const struct event *e, struct node *node, int *east)
{
    const struct event_field *up = event_insert(e, 5), *said = event_insert(e, 7);
    uint64_t seconds;
    int minutes;
    if (!said)
        return false;
    size_t blank = text_find_char(said->value, ' ');
    if (!minutes_parse((struct text){ said->value.p, blank }, &minutes))
        return false;
    node->zone_said = text_trim(text_from_index(said->value, blank));
    if (!up || !text_to_u64(text_trim(up->value), &seconds) || seconds < STARTED_FOR)
        return false;
    *east = -minutes * 60;
    if (is_noon(e->key.time, *east))
        return true;
    *east += 3600;
    return is_noon(e->key.time, *east);
}

static bool refreshed_read(const struct event *e, int *east)
{
    const struct event_field *bias = event_field(e, TEXT("CurrentBias"));
    int minutes;
    if (!bias || !minutes_parse(text_trim(bias->value), &minutes))
        return false;
    *east = -minutes * 60;
    return true;
}

static bool tells_offset(const struct event *e, struct node *node, int *east)
{
    if (!e->key.time || e->key.time >= FILETIME_MAX)
        return false;
    if (is_from(e, "EventLog", ID_UPTIME))
        return uptime_read(e, node, east);
    return is_from(e, "Microsoft-Windows-Kernel-General", ID_REFRESHED) && refreshed_read(e, east);
}

static void step_add(struct arena *arena, struct node *node, size_t *capacity, uint64_t time, int east)
{
    struct zone_step *steps = (struct zone_step *)node->zone.steps; /* ours, until the timeline is built */
    size_t count = node->zone.step_count;
    if (count && steps[count - 1].seconds == east)
        return;
    steps = arena_grow(arena, steps, count, capacity, sizeof *steps);
    steps[count] = (struct zone_step){ time, east };
    node->zone.steps = steps;
    node->zone.step_count++;
}

void node_zones_find(struct arena *arena, struct timeline *t)
{
    size_t *capacities = ARENA_NEW_N(arena, size_t, t->node_count);
    int east;
    for (size_t i = 0; i < t->node_count; i++)
        t->nodes[i]->zone = utc_of_nodes;
    for (size_t i = 0; i < t->hit_count; i++) {
        struct node *node = t->nodes[t->node_of[i]->index];
        if (tells_offset(t->hits[i].event, node, &east))
            step_add(arena, node, &capacities[node->index], t->hits[i].event->key.time, east);
    }
}

/* Clocks are changed together, but the logs tell it at the next noon. */
#define TOLD_WITHIN ((uint64_t)(DAY + 3600) * TICKS_PER_SECOND)

/* Each offset that `node` had `other` had as well, then or a day later; as far as its log tells any. */
static bool agrees(const struct node *node, const struct node *other)
{
    const struct zone *z = &node->zone;
    for (size_t i = 0; i < z->step_count; i++) {
        uint64_t from = z->steps[i].from, later = from + TOLD_WITHIN;
        if (!other->zone.step_count || from < other->zone.steps[0].from || later > other->last)
            continue;
        if (zone_offset(&other->zone, from) != z->steps[i].seconds &&
            zone_offset(&other->zone, later) != z->steps[i].seconds)
            return false;
    }
    return true;
}

/* In logs that are too short for that, or are not of the same time, the offsets must at least be the same. */
static bool knows(const struct zone *z, int seconds)
{
    for (size_t i = 0; i < z->step_count; i++)
        if (z->steps[i].seconds == seconds)
            return true;
    return false;
}

static bool same_offsets(const struct node *node, const struct node *longest)
{
    for (size_t i = 0; i < node->zone.step_count; i++)
        if (!knows(&longest->zone, node->zone.steps[i].seconds))
            return false;
    return node->zone.step_count && agrees(node, longest) && agrees(longest, node);
}

struct zone node_zones_common(const struct timeline *t)
{
    const struct node *longest = NULL;
    for (size_t i = 0; i < t->node_count; i++)
        if (!longest || t->nodes[i]->zone.step_count > longest->zone.step_count)
            longest = t->nodes[i];
    for (size_t i = 0; i < t->node_count; i++)
        if (!same_offsets(t->nodes[i], longest))
            return utc_of_nodes;
    return longest ? longest->zone : utc_of_nodes;
}

const struct zone *node_zone(const struct zone *asked, const struct node *node)
{
    if (!asked->of_nodes)
        return asked;
    return node ? &node->zone : &utc_of_nodes;
}

const struct zone *node_zone_named(const struct zone *asked, const struct timeline *t, struct text computer)
{
    return asked->of_nodes ? node_zone(asked, timeline_node(t, computer)) : asked;
}
