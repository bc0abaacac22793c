#include "finding/hours.h"

#include "base/limits.h"

#define FIRST_SLOTS 64u /* a batch holds few hours */

void hours_init(struct hours *h, struct arena *arena)
{
    *h = (struct hours){ .arena = arena };
}

static uint64_t hash_of(struct text node, uint64_t number)
{
    uint64_t hash = 14695981039346656037u ^ number;
    for (size_t i = 0; i < node.n; i++)
        hash = (hash ^ (unsigned char)ascii_lower(node.p[i])) * 1099511628211u;
    return hash ^ hash >> 32;
}

/* The slot of a pair, or the free one where it would stand. */
static uint32_t *slot_of(const struct hours *h, struct text node, uint64_t number)
{
    size_t at = (size_t)hash_of(node, number) & (h->slot_count - 1);
    while (h->slots[at]) {
        const struct hour *item = &h->items[h->slots[at] - 1];
        if (item->number == number && text_equal_nocase(item->node, node))
            break;
        at = (at + 1) & (h->slot_count - 1);
    }
    return &h->slots[at];
}

static void grow(struct hours *h)
{
    if (h->slot_count && h->count < h->slot_count / 2)
        return;
    h->slot_count = h->slot_count ? 2 * h->slot_count : FIRST_SLOTS;
    h->slots = ARENA_NEW_N(h->arena, uint32_t, h->slot_count);
    for (size_t i = 0; i < h->count; i++)
        *slot_of(h, h->items[i].node, h->items[i].number) = (uint32_t)i + 1;
}

void hours_count(struct hours *h, struct text node, uint64_t number, uint64_t events)
{
    grow(h);
    uint32_t *slot = slot_of(h, node, number);
    if (!*slot && h->count >= LIMIT_HOURS) {
        h->left_out += events;
        return;
    }
    if (!*slot) {
        h->items = arena_grow(h->arena, h->items, h->count, &h->capacity, sizeof *h->items);
        h->items[h->count++] = (struct hour){ text_keep(h->arena, node), number, 0 };
        *slot = (uint32_t)h->count;
    }
    h->last = *slot - 1;
    h->items[h->last].events += events;
}

void hours_add(struct hours *h, const struct event_key *key)
{
    uint64_t number = key->time / HOUR_TICKS;
    if (key->time == 0 || key->time >= FILETIME_MAX)
        return;
    if (h->count && h->items[h->last].number == number && text_equal(h->items[h->last].node, key->computer))
        h->items[h->last].events++;
    else
        hours_count(h, key->computer, number, 1);
}

void hours_merge(struct hours *h, const struct hours *from)
{
    for (size_t i = 0; i < from->count; i++)
        hours_count(h, from->items[i].node, from->items[i].number, from->items[i].events);
    h->left_out += from->left_out;
}
