/* Which texts stand in a value. */
#define _GNU_SOURCE /* memmem */
#include "rule/literals_table.h"

/* A value being searched. */
struct search {
    const struct literals *literals;
    struct text value;
    void (*found)(void *ctx, uint32_t literal);
    void *ctx;
};

bool literals_may_fit(const struct literals *l, uint32_t field, enum value_kind kind)
{
    return l->fields[field].kinds >> kind & 1;
}

/* Does the literal stand in the value from `start` on? */
static bool stands_at(const struct literal *l, struct text value, size_t start)
{
    if (value.n - start < l->bytes.n || (l->at_start && start > 0) || (l->at_end && value.n - start != l->bytes.n))
        return false;
    return memcmp(value.p + start, l->bytes.p, l->bytes.n) == 0;
}

/* The texts that stand in the value with the group of that key at `at`. */
static void search_key(const struct search *s, const struct gram_table *t, uint32_t key, size_t at)
{
    for (uint32_t i = t->buckets[gram_hash(key) >> (32 - t->bits)]; i; i = s->literals->places[i - 1].next) {
        const struct literal_place *p = &s->literals->places[i - 1];
        if (p->key == key && at >= p->offset && stands_at(&s->literals->items[p->literal], s->value, at - p->offset))
            s->found(s->ctx, p->literal);
    }
}

static unsigned shift_of(const struct gram_table *t)
{
    return 32 - t->bits - LITERAL_BITMAP_BITS;
}

static uint64_t may_begin(const uint64_t *bitmap, unsigned shift, uint32_t gram)
{
    uint32_t bit = gram_hash(gram) >> shift;
    return bitmap[bit / 64] >> bit % 64 & 1;
}

/* Every second place, two of them at a time: most lead nowhere. */
static void search_inside(const struct search *s, const struct gram_table *t)
{
    const uint64_t *bitmap = t->bitmap;
    unsigned shift = shift_of(t);
    struct text value = s->value;
    size_t at = 0;
    for (; at + 8 <= value.n; at += 4) {
        uint64_t eight = eight_at(value.p + at);
        if (may_begin(bitmap, shift, eight & 0xFFFFFF) | may_begin(bitmap, shift, eight >> 16 & 0xFFFFFF)) {
            search_key(s, t, gram_at(value.p + at), at);
            search_key(s, t, gram_at(value.p + at + 2), at + 2);
        }
    }
    for (; at + LITERAL_GRAM <= value.n; at += 2)
        if (may_begin(bitmap, shift, gram_at(value.p + at)))
            search_key(s, t, gram_at(value.p + at), at);
}

/* Where `key` is of the group at `at`. */
static void try_key(const struct search *s, const struct gram_table *t, uint32_t key, size_t at)
{
    if (may_begin(t->bitmap, shift_of(t), key))
        search_key(s, t, key, at);
}

static void search_every_place(const struct search *s, const struct gram_table *t)
{
    for (size_t at = 0; at + LITERAL_GRAM <= s->value.n; at++)
        try_key(s, t, gram_at(s->value.p + at), at);
}

static void search_end(const struct search *s, const struct gram_table *t)
{
    struct text value = s->value;
    size_t at = value.n - LITERAL_GRAM, before = value.n - LITERAL_END;
    if (value.n >= LITERAL_GRAM)
        try_key(s, t, gram_at(value.p + at), at);
    if (value.n >= LITERAL_END)
        try_key(s, t, end_key(eight_at(value.p + before)), before);
}

static bool holds(struct text value, const struct literal *l)
{
    if (value.n < l->bytes.n)
        return false;
    if (l->at_start || l->at_end)
        return stands_at(l, value, l->at_end ? value.n - l->bytes.n : 0);
    return memmem(value.p, value.n, l->bytes.p, l->bytes.n) != NULL;
}

static void search_list(const struct search *s, uint32_t first)
{
    for (uint32_t i = first; i; i = s->literals->items[i - 1].next)
        if (holds(s->value, &s->literals->items[i - 1]))
            s->found(s->ctx, i - 1);
}

static bool is_ascii(struct text t)
{
    uint64_t bits = 0;
    size_t at = 0;
    for (; at + 8 <= t.n; at += 8)
        bits |= eight_at(t.p + at);
    for (; at < t.n; at++)
        bits |= (unsigned char)t.p[at];
    return (bits & 0x8080808080808080u) == 0;
}

static void search_foreign(const struct search *s, const struct literal_table *t)
{
    if (is_ascii(s->value))
        return;
    if (t->foreign.bitmap)
        search_every_place(s, &t->foreign);
    search_list(s, t->short_foreign);
}

static void search_whole(const struct search *s, const struct literal_table *t)
{
    for (uint32_t i = t->whole[whole_bucket(t, s->value)]; i; i = s->literals->items[i - 1].next)
        if (text_equal(s->literals->items[i - 1].bytes, s->value))
            s->found(s->ctx, i - 1);
}

void literals_search(const struct literals *l, uint32_t field, struct text folded,
                     void (*found)(void *ctx, uint32_t literal), void *ctx)
{
    const struct literal_table *t = &l->fields[field];
    const struct search s = { l, folded, found, ctx };
    if (t->inside.bitmap)
        search_inside(&s, &t->inside);
    if (t->ends.bitmap)
        search_end(&s, &t->ends);
    if (t->foreign.bitmap || t->short_foreign)
        search_foreign(&s, t);
    if (t->whole && folded.n <= t->whole_longest)
        search_whole(&s, t);
    search_list(&s, t->short_ascii);
}
