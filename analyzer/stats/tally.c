#include "stats/tally.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/times.h"

#define FIRST_SLOTS 64u

#define TICKS_PER_HOUR (3600ull * TICKS_PER_SECOND)
#define TICKS_PER_DAY  (24ull * TICKS_PER_HOUR)

void tally_init(struct tally *t, struct arena *arena, unsigned parts)
{
    *t = (struct tally){ .arena = arena, .parts = parts };
}

static bool is_by(unsigned parts, enum tally_part part)
{
    return parts & TALLY_BY(part);
}

static uint64_t month_start(uint64_t local)
{
    struct civil c = civil_from_filetime(local);
    uint64_t start = 0;
    c.day = 1;
    c.hour = c.minute = c.second = 0;
    c.ticks = 0;
    /* The first day of a month that has days exists. */
    return filetime_from_civil(&c, &start) ? start : 0;
}

uint64_t tally_span(enum tally_part part, uint64_t local)
{
    if (local == 0 || local >= FILETIME_MAX)
        return 0;
    if (part == TALLY_MONTH)
        return month_start(local);
    uint64_t length = part == TALLY_DAY ? TICKS_PER_DAY : TICKS_PER_HOUR;
    return local / length * length;
}

/* The parts that count; of a span that is longer than that of `key` its start. */
static struct tally_key key_of(unsigned parts, const struct tally_key *key)
{
    struct tally_key k = {
        .id = is_by(parts, TALLY_ID) ? key->id : 0,
        .level = is_by(parts, TALLY_LEVEL) ? key->level : 0,
    };
    if (is_by(parts, TALLY_NODE))
        k.node = key->node;
    if (is_by(parts, TALLY_CHANNEL))
        k.channel = key->channel;
    if (is_by(parts, TALLY_PROVIDER))
        k.provider = key->provider;
    for (int part = TALLY_HOUR; part <= TALLY_MONTH; part++)
        if (is_by(parts, (enum tally_part)part))
            k.start = tally_span((enum tally_part)part, key->start);
    return k;
}

static uint64_t hash_of(const struct tally_key *k)
{
    uint64_t hash = text_hash_nocase(k->node) * 31 + text_hash_nocase(k->channel);
    hash = (hash * 31 + text_hash_nocase(k->provider)) ^ ((uint64_t)k->id << 8) ^ k->level;
    hash = (hash ^ k->start) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

static bool same(const struct tally_key *a, const struct tally_key *b)
{
    return a->id == b->id && a->level == b->level && a->start == b->start &&
           text_equal_nocase(a->provider, b->provider) && text_equal_nocase(a->channel, b->channel) &&
           text_equal_nocase(a->node, b->node);
}

/* As written, which needs no folding. */
static bool same_bytes(const struct tally_key *a, const struct tally_key *b)
{
    return a->id == b->id && a->level == b->level && a->start == b->start && text_equal(a->provider, b->provider) &&
           text_equal(a->channel, b->channel) && text_equal(a->node, b->node);
}

static uint32_t *slot_of(const struct tally *t, uint64_t hash, const struct tally_key *key)
{
    for (size_t i = hash & (t->slot_count - 1);; i = (i + 1) & (t->slot_count - 1)) {
        uint32_t at = t->slots[i];
        if (!at || (t->rows[at - 1].hash == hash && same(&t->rows[at - 1].key, key)))
            return &t->slots[i];
    }
}

/* At most half of the slots are taken. */
static void slots_grow(struct tally *t)
{
    if (2 * t->count < t->slot_count)
        return;
    t->slot_count = t->slot_count ? 2 * t->slot_count : FIRST_SLOTS;
    t->slots = ARENA_NEW_N(t->arena, uint32_t, t->slot_count);
    for (size_t i = 0; i < t->count; i++)
        *slot_of(t, t->rows[i].hash, &t->rows[i].key) = (uint32_t)i + 1;
}

static struct tally_row *row_new(struct tally *t, const struct tally_key *key, uint64_t hash)
{
    size_t names = key->node.n + key->channel.n + key->provider.n;
    if (t->count >= LIMIT_TALLY_ROWS || t->name_bytes + names > LIMIT_TALLY_BYTES)
        return NULL;
    t->name_bytes += names;
    t->rows = arena_grow(t->arena, t->rows, t->count, &t->capacity, sizeof *t->rows);
    struct tally_row *row = &t->rows[t->count++];
    *row = (struct tally_row){ .key = *key, .hash = hash };
    row->key.node = text_keep(t->arena, key->node);
    row->key.channel = text_keep(t->arena, key->channel);
    row->key.provider = text_keep(t->arena, key->provider);
    return row;
}

/* NULL when it would be one too many. */
static struct tally_row *row_get(struct tally *t, const struct tally_key *key)
{
    if (t->count && same_bytes(&t->rows[t->latest].key, key))
        return &t->rows[t->latest];
    slots_grow(t);
    uint64_t hash = hash_of(key);
    uint32_t *slot = slot_of(t, hash, key);
    struct tally_row *row = *slot ? &t->rows[*slot - 1] : row_new(t, key, hash);
    if (row) {
        t->latest = (size_t)(row - t->rows);
        *slot = (uint32_t)t->latest + 1;
    }
    return row;
}

void tally_add(struct tally *t, const struct tally_row *more)
{
    struct tally_key key = key_of(t->parts, &more->key);
    struct tally_row *row = row_get(t, &key);
    if (!row) {
        t->left_out += more->events;
        return;
    }
    row->events += more->events;
    if (more->first && (!row->first || more->first < row->first))
        row->first = more->first;
    if (more->last > row->last)
        row->last = more->last;
}

void tally_merge(struct tally *t, const struct tally *from)
{
    t->left_out += from->left_out;
    for (size_t i = 0; i < from->count; i++)
        tally_add(t, &from->rows[i]);
}

static int number_order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int key_order(const struct tally_key *a, const struct tally_key *b)
{
    int order = text_compare_nocase(a->node, b->node);
    if (!order)
        order = text_compare_nocase(a->channel, b->channel);
    if (!order)
        order = text_compare_nocase(a->provider, b->provider);
    if (!order)
        order = number_order(a->id, b->id);
    return order ? order : number_order(a->level, b->level);
}

static int order(const void *left, const void *right)
{
    const struct tally_row *a = left, *b = right;
    int by_time = number_order(a->key.start, b->key.start);
    if (by_time)
        return by_time;
    return a->events == b->events ? key_order(&a->key, &b->key) : number_order(b->events, a->events);
}

void tally_sort(struct tally *t)
{
    if (t->count)
        qsort(t->rows, t->count, sizeof *t->rows, order);
    t->slot_count = 0; /* places have changed; nothing is added any more */
    t->slots = NULL;
}
