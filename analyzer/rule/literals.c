#include "rule/literals.h"

#include <stdlib.h>

#define LITERAL_BITMAP_BITS 4 /* sixteen bits a bucket: few places of a value lead to a bucket in vain */
#define TABLE_BITS_MIN      5
#define TABLE_BITS_MAX      24

static uint32_t gram_at(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;
    return (uint32_t)u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16;
}

static uint32_t gram_hash(uint32_t gram)
{
    return gram * 0x9E3779B1u;
}

static uint32_t hash_at(const char *p)
{
    return gram_hash(gram_at(p));
}

/* The kinds of values of which the character, folded, can be part. */
static unsigned kinds_of_char(char c)
{
    const unsigned decimal = 1u << KIND_DECIMAL, hex = 1u << KIND_HEX, guid = 1u << KIND_GUID, sid = 1u << KIND_SID;
    const unsigned bytes = 1u << KIND_BYTES;
    if (c >= '0' && c <= '9')
        return decimal | hex | guid | sid | bytes;
    if (c >= 'a' && c <= 'f')
        return hex | guid | sid | bytes;
    switch (c) {
    case '-':
        return decimal | guid | sid;
    case 'x':
        return hex | sid;
    case 's':
        return sid;
    case '{':
    case '}':
        return guid;
    default:
        return 0;
    }
}

static unsigned kinds_of(struct text bytes)
{
    unsigned kinds = ~0u;
    for (size_t i = 0; i < bytes.n && kinds; i++)
        kinds &= kinds_of_char(bytes.p[i]);
    return kinds | 1u << KIND_FIXED | 1u << KIND_UTF16 | 1u << KIND_OTHER;
}

bool literals_may_fit(const struct literals *l, uint32_t field, enum value_kind kind)
{
    return l->fields[field].kinds >> kind & 1;
}

static bool is_whole(const struct literal *l)
{
    return l->at_start && l->at_end;
}

static uint32_t whole_bucket(const struct literal_table *t, struct text value)
{
    return (uint32_t)((text_hash(value) * 0x9E3779B97F4A7C15u) >> (64 - t->whole_bits));
}

static int compare_anchors(const struct literal_use *x, const struct literal_use *y)
{
    return (x->at_start * 2 + x->at_end) - (y->at_start * 2 + y->at_end);
}

static int compare_uses(const void *a, const void *b)
{
    const struct literal_use *x = a, *y = b;
    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    int order = text_compare(x->bytes, y->bytes);
    order = order ? order : compare_anchors(x, y);
    return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

static bool is_same_literal(const struct literal_use *x, const struct literal_use *y)
{
    return x->field == y->field && text_equal(x->bytes, y->bytes) && compare_anchors(x, y) == 0;
}

/* Room for about two buckets a literal. */
static unsigned table_bits(size_t count)
{
    unsigned bits = TABLE_BITS_MIN;
    while (bits < TABLE_BITS_MAX && (size_t)1 << bits < 2 * count)
        bits++;
    return bits;
}

static void table_make(struct arena *arena, struct literal_table *t, size_t inside, size_t whole)
{
    *t = (struct literal_table){ .bits = table_bits(inside), .whole_bits = table_bits(whole) };
    if (inside) {
        t->buckets = ARENA_NEW_N(arena, uint32_t, (size_t)1 << t->bits);
        t->bitmap = ARENA_NEW_N(arena, uint64_t, ((size_t)1 << (t->bits + LITERAL_BITMAP_BITS)) / 64);
    }
    if (whole)
        t->whole = ARENA_NEW_N(arena, uint32_t, (size_t)1 << t->whole_bits);
}

/* How often a gram stands in the texts of all rules, by its hash: what is frequent there is frequent in events. */
#define FREQUENCY_BITS 16

struct filing {
    uint32_t *frequency;
    uint32_t *filed; /* how many are filed in each bucket so far, of the field that is being filed */
};

static uint32_t frequency_of(const struct filing *f, const char *p)
{
    return f->frequency[hash_at(p) >> (32 - FREQUENCY_BITS)];
}

static void frequency_count(struct filing *f, struct text bytes)
{
    for (size_t at = 0; at + LITERAL_GRAM <= bytes.n; at++)
        f->frequency[hash_at(bytes.p + at) >> (32 - FREQUENCY_BITS)]++;
}

static uint32_t best_gram(const struct literal_table *t, const struct filing *f, struct text bytes)
{
    uint32_t best = 0, least = UINT32_MAX;
    for (uint32_t at = 0; at + LITERAL_GRAM <= bytes.n; at++) {
        uint32_t cost = f->filed[hash_at(bytes.p + at) >> (32 - t->bits)] + frequency_of(f, bytes.p + at);
        if (cost < least) {
            least = cost;
            best = at;
        }
    }
    return best;
}

static void file_inside(struct literal_table *t, const struct filing *f, struct literal *l, uint32_t index)
{
    l->gram = best_gram(t, f, l->bytes);
    l->gram_bytes = gram_at(l->bytes.p + l->gram);
    uint32_t hash = gram_hash(l->gram_bytes), bucket = hash >> (32 - t->bits);
    uint32_t bit = hash >> (32 - t->bits - LITERAL_BITMAP_BITS);
    t->bitmap[bit / 64] |= (uint64_t)1 << bit % 64;
    l->next = t->buckets[bucket];
    t->buckets[bucket] = index + 1;
    f->filed[bucket]++;
}

static void file_whole(struct literal_table *t, struct literal *l, uint32_t index)
{
    uint32_t bucket = whole_bucket(t, l->bytes);
    l->next = t->whole[bucket];
    t->whole[bucket] = index + 1;
}

/* The literals `from` .. `to` are those of one field. */
static void field_file(struct arena *arena, struct literals *l, struct filing *f, uint32_t field, size_t from,
                       size_t to)
{
    struct literal_table *t = &l->fields[field];
    size_t whole = 0;
    for (size_t i = from; i < to; i++)
        whole += is_whole(&l->items[i]);
    table_make(arena, t, to - from - whole, whole);
    f->filed = memory_new(sizeof *f->filed << t->bits);
    memset(f->filed, 0, sizeof *f->filed << t->bits);
    for (size_t i = from; i < to; i++) {
        t->kinds |= kinds_of(l->items[i].bytes);
        if (is_whole(&l->items[i]))
            file_whole(t, &l->items[i], (uint32_t)i);
        else
            file_inside(t, f, &l->items[i], (uint32_t)i);
    }
    free(f->filed);
}

void literals_build(struct arena *arena, struct literal_use *uses, size_t count, size_t field_count,
                    struct literals *ret)
{
    if (count)
        qsort(uses, count, sizeof *uses, compare_uses);
    *ret = (struct literals){ .items = ARENA_NEW_N(arena, struct literal, count),
                              .rules = ARENA_NEW_N(arena, uint32_t, count),
                              .fields = ARENA_NEW_N(arena, struct literal_table, field_count) };
    struct filing f = { .frequency = memory_new(sizeof *f.frequency << FREQUENCY_BITS) };
    memset(f.frequency, 0, sizeof *f.frequency << FREQUENCY_BITS);
    for (size_t i = 0; i < count; i++)
        frequency_count(&f, uses[i].bytes);
    for (size_t i = 0, begin = 0; i < count; i++) {
        if (i == 0 || !is_same_literal(&uses[i], &uses[i - 1]))
            ret->items[ret->count++] = (struct literal){ .bytes = uses[i].bytes,
                                                         .at_start = uses[i].at_start,
                                                         .at_end = uses[i].at_end,
                                                         .first = (uint32_t)i };
        ret->rules[i] = uses[i].rule;
        ret->items[ret->count - 1].count++;
        if (i + 1 < count && uses[i + 1].field == uses[i].field)
            continue;
        field_file(arena, ret, &f, uses[i].field, begin, ret->count);
        begin = ret->count;
    }
    free(f.frequency);
}

/* Does the literal stand in the value with its gram at `at`? */
static bool stands_at(const struct literal *l, struct text value, size_t at)
{
    if (at < l->gram)
        return false;
    size_t start = at - l->gram;
    if (value.n - start < l->bytes.n || (l->at_start && start > 0) ||
        (l->at_end && value.n - start != l->bytes.n))
        return false;
    return memcmp(value.p + start, l->bytes.p, l->bytes.n) == 0;
}

/* The literals of the bucket that stand in the value with their gram at `at`. */
static void search_bucket(const struct literals *l, uint32_t first, uint32_t gram, struct text value, size_t at,
                          void (*found)(void *ctx, uint32_t literal), void *ctx)
{
    for (uint32_t i = first; i; i = l->items[i - 1].next)
        if (l->items[i - 1].gram_bytes == gram && stands_at(&l->items[i - 1], value, at))
            found(ctx, i - 1);
}

static bool may_begin(const uint64_t *bitmap, unsigned shift, uint32_t gram)
{
    uint32_t bit = gram_hash(gram) >> shift;
    return bitmap[bit / 64] >> bit % 64 & 1;
}

static void search_place(const struct literals *l, const struct literal_table *t, struct text value, size_t at,
                         void (*found)(void *ctx, uint32_t literal), void *ctx)
{
    uint32_t gram = gram_at(value.p + at);
    search_bucket(l, t->buckets[gram_hash(gram) >> (32 - t->bits)], gram, value, at, found, ctx);
}

/* Two places at a time: most of them lead nowhere. */
static void search_inside(const struct literals *l, const struct literal_table *t, struct text value,
                          void (*found)(void *ctx, uint32_t literal), void *ctx)
{
    const uint64_t *bitmap = t->bitmap;
    unsigned shift = 32 - t->bits - LITERAL_BITMAP_BITS;
    size_t at = 0;
    for (; at + LITERAL_GRAM < value.n; at += 2) {
        uint32_t word = gram_at(value.p + at) | (uint32_t)(unsigned char)value.p[at + 3] << 24;
        if (may_begin(bitmap, shift, word & 0xFFFFFF) || may_begin(bitmap, shift, word >> 8)) {
            search_place(l, t, value, at, found, ctx);
            search_place(l, t, value, at + 1, found, ctx);
        }
    }
    if (at + LITERAL_GRAM <= value.n)
        search_place(l, t, value, at, found, ctx);
}

void literals_search(const struct literals *l, uint32_t field, struct text folded,
                     void (*found)(void *ctx, uint32_t literal), void *ctx)
{
    const struct literal_table *t = &l->fields[field];
    if (t->bitmap)
        search_inside(l, t, folded, found, ctx);
    if (!t->whole)
        return;
    for (uint32_t i = t->whole[whole_bucket(t, folded)]; i; i = l->items[i - 1].next)
        if (text_equal(l->items[i - 1].bytes, folded))
            found(ctx, i - 1);
}
