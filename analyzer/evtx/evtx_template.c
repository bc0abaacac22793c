#include "evtx/evtx_template.h"

#include <stdlib.h>

#include "base/limits.h"
#include "evtx/evtx_key.h"

#define SLOTS    4096u /* a power of two; a chunk has room for 1900 definitions */
#define SLOTS_IN_USE (SLOTS / 2)
#define BUCKETS  1024u

struct interned {
    uint64_t hash;
    struct bytes flat;
    const struct plan *plan;
    size_t size;
    uint32_t round; /* of the chunk that was charged for it last */
    struct interned *next;
};

struct slot {
    uint32_t round; /* of the chunk it belongs to */
    uint32_t offset, id;
    const struct plan *plan;
    size_t work; /* what compiling it took .. */
    size_t due;  /* .. and what the next one pays for it: the first one that, all others 1 */
};

struct templates {
    struct bytes chunk;
    uint32_t round, generation;
    size_t slots_used;
    size_t charged; /* bytes of the plans that this chunk uses */
    struct slot slots[SLOTS];
    struct slot *tried[TEMPLATES_TRIED]; /* paid for since the last templates_try */
    size_t tried_count;
    struct arena arena;
    struct interned *buckets[BUCKETS];
    struct flattener flattener;
};

bool definition_body(struct bytes chunk, uint32_t offset, uint32_t id, struct bytes *ret)
{
    struct cursor in = cursor_at(chunk, offset);
    cursor_u32(&in); /* next: the writer's */
    struct bytes guid = cursor_take(&in, 16);
    *ret = cursor_take(&in, cursor_u32(&in));
    return !in.overrun && bytes_u32(guid, 0) == id;
}

bool definition_flatten(struct flattener *f, struct bytes chunk, struct bytes body, size_t *read)
{
    size_t start = (size_t)(body.p - chunk.p), end = start + body.n, behind;
    bool sound = flatten(f, chunk, start, end, FLAT_DEFINITION, &behind);
    *read = behind - start;
    return sound && flattened(f).n && behind == end && (body.p[body.n - 1] & ~BINXML_MORE) == BINXML_EOF;
}

struct templates *templates_new(void)
{
    struct templates *t = memory_new(sizeof *t);
    *t = (struct templates){ .round = 0 };
    arena_init(&t->arena);
    flattener_init(&t->flattener);
    return t;
}

void templates_free(struct templates *t)
{
    if (!t)
        return;
    flattener_done(&t->flattener);
    arena_done(&t->arena);
    free(t);
}

void templates_chunk(struct templates *t, struct bytes chunk)
{
    if (++t->round == 0) {
        memset(t->slots, 0, sizeof t->slots);
        t->round = 1;
    }
    t->chunk = chunk;
    t->flattener.moved = NULL;
    t->slots_used = 0;
    t->charged = 0;
    t->tried_count = 0;
    /* Half of it is left for this chunk, which needs a hundredth of that. */
    if (t->arena.total > LIMIT_PLAN_BYTES / 2) {
        arena_reset(&t->arena);
        memset(t->buckets, 0, sizeof t->buckets);
        t->generation++;
    }
}

void templates_moved(struct templates *t, const struct moved *moved)
{
    t->flattener.moved = moved;
}

void templates_try(struct templates *t)
{
    t->tried_count = 0;
}

void templates_undo(struct templates *t)
{
    for (size_t i = 0; i < t->tried_count; i++)
        t->tried[i]->due = t->tried[i]->work;
    t->tried_count = 0;
}

uint32_t templates_generation(const struct templates *t)
{
    return t->generation;
}

/* What a plan and its flat bytes take of the arena, nearly. */
static size_t size_of(const struct plan *plan, struct bytes flat)
{
    size_t n = sizeof(struct interned) + flat.n + plan->count * sizeof *plan->ops;
    for (uint32_t i = 0; i < plan->count; i++)
        n += plan->ops[i].text.n + plan->ops[i].xml.n + plan->ops[i].json.n;
    return n;
}

/*
 * A chunk pays for each plan that it uses, known or new: so it gets the same ones whatever its decoder has met before.
 * False when it cannot.
 */
static bool charge(struct templates *t, size_t size)
{
    if (size > LIMIT_PLAN_BYTES / 2 - t->charged)
        return false;
    t->charged += size;
    return true;
}

/* Two at a time, so that one need not wait for the other: some thousand bytes for each forwarded event. */
static uint64_t hash_of(struct bytes flat)
{
    const uint64_t factor = 0x9E3779B97F4A7C15u;
    size_t half = flat.n / 16 * 8;
    uint64_t a = flat.n, b = 0, x, y;
    for (size_t at = 0; at < half; at += 8) {
        memcpy(&x, flat.p + at, 8);
        memcpy(&y, flat.p + half + at, 8);
        a = (a ^ x) * factor;
        b = (b ^ y) * factor;
        a ^= a >> 32;
        b ^= b >> 32;
    }
    return bytes_hash(bytes_part(flat, 2 * half, flat.n)) ^ a ^ b * factor;
}

static struct interned *find(struct templates *t, uint64_t hash, struct bytes flat)
{
    struct interned *at = t->buckets[hash % BUCKETS];
    while (at && !(at->hash == hash && bytes_equal(at->flat, flat)))
        at = at->next;
    return at;
}

/* Without a round: nobody has paid for it. */
static struct interned *add(struct templates *t, uint64_t hash, struct bytes flat)
{
    struct interned **bucket = &t->buckets[hash % BUCKETS];
    struct arena_mark mark = arena_mark(&t->arena);
    struct plan *plan = plan_compile(&t->arena, flat);
    size_t size = size_of(plan, flat);
    if (size > LIMIT_PLAN_BYTES / 2 - t->charged) {
        arena_rewind(&t->arena, mark);
        return NULL;
    }
    plan->keys = key_map_make(&t->arena, plan);
    struct interned *added = ARENA_NEW(&t->arena, struct interned);
    *added = (struct interned){ hash, bytes_keep(&t->arena, flat), plan, size, 0, *bucket };
    *bucket = added;
    return added;
}

const struct plan *templates_intern(struct templates *t, struct bytes flat)
{
    uint64_t hash = hash_of(flat);
    struct interned *known = find(t, hash, flat);
    if (!known)
        known = add(t, hash, flat);
    if (!known || (known->round != t->round && !charge(t, known->size)))
        return NULL;
    known->round = t->round;
    return known->plan;
}

static const struct plan *compile_at(struct templates *t, uint32_t offset, uint32_t id, size_t *work)
{
    struct bytes body;
    size_t read;
    if (!definition_body(t->chunk, offset, id, &body))
        return NULL;
    bool sound = definition_flatten(&t->flattener, t->chunk, body, &read);
    struct bytes flat = flattened(&t->flattener);
    *work = flat.n;
    return sound ? templates_intern(t, flat) : NULL;
}

static const struct plan *pay(struct templates *t, struct slot *slot, size_t *work)
{
    *work = slot->due;
    if (slot->due == slot->work && t->tried_count < TEMPLATES_TRIED)
        t->tried[t->tried_count++] = slot;
    slot->due = 1;
    return slot->plan;
}

const struct plan *templates_at(struct templates *t, uint32_t offset, uint32_t id, size_t *work)
{
    uint32_t hash = (offset * 0x9E3779B1u) ^ (id * 0x85EBCA6Bu);
    struct slot *slot = &t->slots[(hash ^ hash >> 15) % SLOTS];
    struct slot *last = t->slots + SLOTS - 1;
    *work = 1;
    for (; slot->round == t->round; slot = slot == last ? t->slots : slot + 1)
        if (slot->offset == offset && slot->id == id)
            return pay(t, slot, work);
    const struct plan *plan = compile_at(t, offset, id, work);
    if (t->slots_used == SLOTS_IN_USE)
        return plan;
    t->slots_used++;
    *slot = (struct slot){ t->round, offset, id, plan, *work, *work };
    return pay(t, slot, work);
}
