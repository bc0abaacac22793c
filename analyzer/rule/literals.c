#include "rule/literals.h"

#include <stdlib.h>

#include "rule/literals_table.h"

/* Where a text is filed. */
enum place { PLACE_WHOLE, PLACE_INSIDE, PLACE_FOREIGN, PLACE_END, PLACE_SHORT, PLACE_SHORT_FOREIGN };

static bool is_ascii(struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        if ((unsigned char)t.p[i] >= 0x80)
            return false;
    return true;
}

static enum place place_of(struct text bytes, bool at_start, bool at_end)
{
    if (at_start && at_end)
        return PLACE_WHOLE;
    if (!is_ascii(bytes))
        return bytes.n < LITERAL_GRAM ? PLACE_SHORT_FOREIGN : PLACE_FOREIGN;
    if (at_end)
        return bytes.n < LITERAL_GRAM ? PLACE_SHORT : PLACE_END;
    return bytes.n < LITERAL_GRAM + 1 ? PLACE_SHORT : PLACE_INSIDE;
}

bool literal_is_short(const struct literal_use *use)
{
    enum place place = place_of(use->bytes, use->at_start, use->at_end);
    return place == PLACE_SHORT || place == PLACE_SHORT_FOREIGN;
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

#define TABLE_BITS_MIN 5
#define TABLE_BITS_MAX 24

/* A bucket for each entry. */
static unsigned table_bits(size_t count)
{
    unsigned bits = TABLE_BITS_MIN;
    while (bits < TABLE_BITS_MAX && (size_t)1 << bits < count)
        bits++;
    return bits;
}

/* How often a group stands in the texts of all rules, by its hash: what is frequent there is frequent in events. */
#define FREQUENCY_BITS 16

/* The literals `from` .. `to` are those of the field that is being filed. */
struct filing {
    struct literals *literals;
    struct arena *arena;
    size_t from, to;
    uint32_t *frequency;
    uint32_t *filed; /* how many are filed in each bucket so far, of the table that is being filed */
};

static void frequency_count(struct filing *f, struct text bytes)
{
    for (size_t at = 0; at + LITERAL_GRAM <= bytes.n; at++)
        f->frequency[gram_hash(gram_at(bytes.p + at)) >> (32 - FREQUENCY_BITS)]++;
}

/* What looking at a group costs. */
static uint32_t cost_of(const struct gram_table *t, const struct filing *f, const char *p)
{
    uint32_t hash = gram_hash(gram_at(p));
    return f->filed[hash >> (32 - t->bits)] + f->frequency[hash >> (32 - FREQUENCY_BITS)];
}

/* The group, or the first of two neighbouring groups, that costs least. */
static uint32_t best_offset(const struct gram_table *t, const struct filing *f, struct text bytes, bool two)
{
    uint32_t best = 0, least = UINT32_MAX, before = 0;
    for (uint32_t at = 0; at + LITERAL_GRAM <= bytes.n; at++) {
        uint32_t cost = cost_of(t, f, bytes.p + at), sum = two ? cost + before : cost;
        if (sum < least && (!two || at > 0)) {
            least = sum;
            best = two ? at - 1 : at;
        }
        before = cost;
    }
    return best;
}

static void file_under(struct gram_table *t, const struct filing *f, uint32_t index, uint32_t key, uint32_t offset)
{
    struct literals *l = f->literals;
    uint32_t hash = gram_hash(key);
    uint32_t bucket = hash >> (32 - t->bits), bit = hash >> (32 - t->bits - LITERAL_BITMAP_BITS);
    t->bitmap[bit / 64] |= (uint64_t)1 << bit % 64;
    l->places[l->place_count] = (struct literal_place){ index, offset, key, t->buckets[bucket] };
    t->buckets[bucket] = (uint32_t)++l->place_count;
    f->filed[bucket]++;
}

/* Eight bytes, for the last three of most are "exe". */
static void file_end(struct gram_table *t, const struct filing *f, uint32_t index)
{
    struct text bytes = f->literals->items[index].bytes;
    uint32_t offset = (uint32_t)(bytes.n - (bytes.n < LITERAL_END ? LITERAL_GRAM : LITERAL_END));
    const char *p = bytes.p + offset;
    file_under(t, f, index, bytes.n < LITERAL_END ? gram_at(p) : end_key(eight_at(p)), offset);
}

static void file_literal(struct gram_table *t, const struct filing *f, uint32_t index, enum place place)
{
    struct text bytes = f->literals->items[index].bytes;
    if (place == PLACE_END) {
        file_end(t, f, index);
        return;
    }
    bool two = place == PLACE_INSIDE;
    uint32_t first = best_offset(t, f, bytes, two);
    file_under(t, f, index, gram_at(bytes.p + first), first);
    if (two)
        file_under(t, f, index, gram_at(bytes.p + first + 1), first + 1);
}

static bool is_filed(const struct filing *f, size_t index, enum place place)
{
    return f->literals->items[index].place == place;
}

static size_t count_filed(const struct filing *f, enum place place)
{
    size_t count = 0;
    for (size_t i = f->from; i < f->to; i++)
        count += is_filed(f, i, place);
    return count;
}

static void file_groups(struct filing *f, struct gram_table *t, enum place place)
{
    size_t count = count_filed(f, place);
    if (count == 0)
        return;
    t->bits = table_bits(place == PLACE_INSIDE ? 2 * count : count);
    t->buckets = ARENA_NEW_N(f->arena, uint32_t, (size_t)1 << t->bits);
    t->bitmap = ARENA_NEW_N(f->arena, uint64_t, ((size_t)1 << (t->bits + LITERAL_BITMAP_BITS)) / 64);
    f->filed = memory_new(sizeof *f->filed << t->bits);
    memset(f->filed, 0, sizeof *f->filed << t->bits);
    for (size_t i = f->from; i < f->to; i++)
        if (is_filed(f, i, place))
            file_literal(t, f, (uint32_t)i, place);
    free(f->filed);
}

static void file_whole(struct filing *f, struct literal_table *t)
{
    size_t count = count_filed(f, PLACE_WHOLE);
    if (count == 0)
        return;
    t->whole_bits = table_bits(2 * count);
    t->whole = ARENA_NEW_N(f->arena, uint32_t, (size_t)1 << t->whole_bits);
    for (size_t i = f->from; i < f->to; i++) {
        struct literal *l = &f->literals->items[i];
        if (!is_filed(f, i, PLACE_WHOLE))
            continue;
        uint32_t *bucket = &t->whole[whole_bucket(t, l->bytes)];
        l->next = *bucket;
        *bucket = (uint32_t)i + 1;
        t->whole_longest = l->bytes.n > t->whole_longest ? l->bytes.n : t->whole_longest;
    }
}

static uint32_t file_short(struct filing *f, enum place place)
{
    uint32_t first = 0;
    for (size_t i = f->from; i < f->to; i++)
        if (is_filed(f, i, place)) {
            f->literals->items[i].next = first;
            first = (uint32_t)i + 1;
        }
    return first;
}

static void field_file(struct filing *f, struct literal_table *t)
{
    file_groups(f, &t->inside, PLACE_INSIDE);
    file_groups(f, &t->foreign, PLACE_FOREIGN);
    file_groups(f, &t->ends, PLACE_END);
    file_whole(f, t);
    t->short_ascii = file_short(f, PLACE_SHORT);
    t->short_foreign = file_short(f, PLACE_SHORT_FOREIGN);
    for (size_t i = f->from; i < f->to; i++)
        t->kinds |= kinds_of(f->literals->items[i].bytes);
}

static void literal_add(struct literals *l, const struct literal_use *use, bool is_new, size_t index)
{
    if (is_new)
        l->items[l->count++] = (struct literal){ .bytes = use->bytes, .at_start = use->at_start, .at_end = use->at_end,
                                                 .place = (uint8_t)place_of(use->bytes, use->at_start, use->at_end),
                                                 .first = (uint32_t)index };
    l->rules[index] = use->rule;
    l->items[l->count - 1].count++;
}

void literals_build(struct arena *arena, struct literal_use *uses, size_t count, size_t field_count,
                    struct literals *ret)
{
    if (count)
        qsort(uses, count, sizeof *uses, compare_uses);
    *ret = (struct literals){ .items = ARENA_NEW_N(arena, struct literal, count),
                              .places = ARENA_NEW_N(arena, struct literal_place, 2 * count),
                              .rules = ARENA_NEW_N(arena, uint32_t, count),
                              .fields = ARENA_NEW_N(arena, struct literal_table, field_count) };
    struct filing f = { ret, arena, 0, 0, memory_new(sizeof *f.frequency << FREQUENCY_BITS), NULL };
    memset(f.frequency, 0, sizeof *f.frequency << FREQUENCY_BITS);
    for (size_t i = 0; i < count; i++)
        frequency_count(&f, uses[i].bytes);
    for (size_t i = 0; i < count; i++) {
        literal_add(ret, &uses[i], i == 0 || !is_same_literal(&uses[i], &uses[i - 1]), i);
        if (i + 1 < count && uses[i + 1].field == uses[i].field)
            continue;
        f.to = ret->count;
        field_file(&f, &ret->fields[uses[i].field]);
        f.from = f.to;
    }
    free(f.frequency);
}
