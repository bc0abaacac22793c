/*
 * screen.c - which rules an event can fulfil, judged by provider, channel and event ID; remembered per key.
 *
 * Limits:  LIMIT_SCREEN_KEYS keys and LIMIT_SCREEN_BYTES; then all is forgotten.  A log that is made of ever
 * new keys costs time, not memory.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "match/matching.h"

#define SLOTS (2 * LIMIT_SCREEN_KEYS)

void screen_init(struct screen *s)
{
    arena_init(&s->arena);
    s->slots = memory_new(SLOTS * sizeof *s->slots);
    memset(s->slots, 0, SLOTS * sizeof *s->slots);
    memset(s->plans, 0, sizeof s->plans);
    s->count = 0;
}

void screen_done(struct screen *s)
{
    arena_done(&s->arena);
    free(s->slots);
}

static uint64_t hash_key(const struct event_key *key)
{
    struct bytes provider = { (const uint8_t *)key->provider.p, key->provider.n };
    struct bytes channel = { (const uint8_t *)key->channel.p, key->channel.n };
    return ((bytes_hash(provider) * 31 + bytes_hash(channel)) ^ key->id) * 0x9E3779B97F4A7C15u;
}

static bool is_entry_of(const struct screen_entry *e, uint64_t hash, const struct event_key *key)
{
    return e->hash == hash && e->id == key->id && text_equal(e->provider, key->provider) &&
           text_equal(e->channel, key->channel);
}

/* Where the rules for `id` begin in by_id. */
static size_t first_of_id(const struct ruleset *r, uint32_t id)
{
    size_t low = 0, high = r->by_id_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->by_id[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void try_listed(struct matcher *m, const struct listed_rule *l, size_t *count)
{
    if (source_accepts(m, l->source) && (!l->key_decides || rule_evaluate(m, l->rule) != NO))
        m->hits[(*count)++] = l->rule;
}

/* An ID that is no number may fulfil a rule in a way that the list by ID does not know. */
static size_t try_all(struct matcher *m)
{
    size_t count = 0;
    for (size_t i = 0; i < m->rules->rule_count; i++)
        if (m->rules->rules[i].applicable && rule_evaluate(m, (uint32_t)i) != NO)
            m->hits[count++] = (uint32_t)i;
    return count;
}

/* The rules for this ID and those for any ID, merged in ascending order. */
static size_t try_id(struct matcher *m, uint32_t id)
{
    const struct ruleset *r = m->rules;
    size_t any = 0, at = first_of_id(r, id), count = 0;
    for (;;) {
        bool listed = at < r->by_id_count && r->by_id[at].id == id, more = any < r->any_id_count;
        if (!listed && !more)
            return count;
        if (listed && (!more || r->by_id[at].listed.rule < r->any_id[any].rule))
            try_listed(m, &r->by_id[at++].listed, &count);
        else
            try_listed(m, &r->any_id[any++], &count);
    }
}

static struct screen_entry *entry_new(struct matcher *m, uint64_t hash, const struct event_key *key)
{
    struct screen *s = &m->screen;
    matcher_begin(m, key, NULL);
    size_t count = key->id == EVENT_ID_NONE ? try_all(m) : try_id(m, key->id);
    struct screen_entry *e = ARENA_NEW(&s->arena, struct screen_entry);
    uint32_t *rules = ARENA_NEW_N(&s->arena, uint32_t, count);
    memcpy(rules, m->hits, count * sizeof *rules);
    *e = (struct screen_entry){ .hash = hash,
                                .provider = text_keep(&s->arena, key->provider),
                                .channel = text_keep(&s->arena, key->channel),
                                .id = key->id,
                                .rules = rules,
                                .count = count };
    gates_prepare(m, e);
    return e;
}

static struct screen_entry *entry_get(struct matcher *m, const struct event_key *key)
{
    struct screen *s = &m->screen;
    uint64_t hash = hash_key(key);
    size_t at = hash & (SLOTS - 1);
    for (; s->slots[at]; at = (at + 1) & (SLOTS - 1))
        if (is_entry_of(s->slots[at], hash, key))
            return s->slots[at];
    if (s->count == LIMIT_SCREEN_KEYS || s->arena.total > LIMIT_SCREEN_BYTES) {
        arena_reset(&s->arena);
        memset(s->slots, 0, SLOTS * sizeof *s->slots);
        memset(s->plans, 0, sizeof s->plans);
        s->count = 0;
        at = hash & (SLOTS - 1);
    }
    s->slots[at] = entry_new(m, hash, key);
    s->count++;
    return s->slots[at];
}

const struct screen_entry *screen_get(struct matcher *m, const struct event_key *key)
{
    struct screen_entry *e = entry_get(m, key);
    if (m->seen && e->seen != m->seeing) {
        e->seen = m->seeing;
        seen_add(m->seen, m->seen_arena, key->provider, key->channel);
    }
    return e;
}
