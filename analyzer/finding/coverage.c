#include "base/limits.h"
#include "finding/coverage_runs.h"
#include "finding/partial.h"

#define BUCKETS 64

/* What two records of a batch are apart mostly; where they are not, one more is looked at whole. */
#define FAR (86400 * (uint64_t)TICKS_PER_SECOND)

/* Chains by hash: a log of forwarded events can hold hundreds of nodes, in any order. */
struct entry {
    struct coverage coverage;
    struct entry *next;
};

struct coverage_index {
    struct entry *buckets[BUCKETS];
    struct coverage *newest; /* end of the list */
    struct coverage *latest; /* found last: records of one node come in a row */
    size_t count;
    size_t runs; /* of all pairs */
};

static bool is_pair(const struct coverage *c, struct text node, struct text channel)
{
    return text_equal_nocase(c->node, node) && text_equal_nocase(c->channel, channel);
}

static struct coverage_index *index_of(struct input_result *input, struct arena *arena)
{
    if (!input->coverage_index)
        input->coverage_index = ARENA_NEW(arena, struct coverage_index);
    return input->coverage_index;
}

static struct coverage *pair_new(struct input_result *input, struct arena *arena, struct entry **bucket,
                                 struct text node, struct text channel)
{
    struct coverage_index *index = input->coverage_index;
    struct entry *entry = ARENA_NEW(arena, struct entry);
    struct coverage *c = &entry->coverage;
    c->node = text_keep(arena, node);
    c->channel = text_keep(arena, channel);
    entry->next = *bucket;
    *bucket = entry;
    *(index->newest ? &index->newest->next : &input->coverage) = c;
    index->newest = c;
    index->count++;
    return c;
}

static struct entry **bucket_of(struct coverage_index *index, struct text node, struct text channel)
{
    return &index->buckets[(size_t)(text_hash_nocase(node) ^ text_hash_nocase(channel)) % BUCKETS];
}

/* NULL when it is not there yet. */
static struct coverage *pair_find(struct coverage_index *index, struct text node, struct text channel)
{
    if (index->latest && is_pair(index->latest, node, channel))
        return index->latest;
    struct entry *entry = *bucket_of(index, node, channel);
    while (entry && !is_pair(&entry->coverage, node, channel))
        entry = entry->next;
    return entry ? index->latest = &entry->coverage : NULL;
}

/* NULL when there are too many pairs already. */
static struct coverage *pair_get(struct input_result *input, struct arena *arena, struct text node,
                                 struct text channel)
{
    struct coverage_index *index = index_of(input, arena);
    struct coverage *known = pair_find(index, node, channel);
    if (known)
        return known;
    if (index->count >= LIMIT_COVERAGE)
        return NULL;
    return index->latest = pair_new(input, arena, bucket_of(index, node, channel), node, channel);
}

static void cover(struct coverage *c, uint64_t time)
{
    if (time == 0)
        return;
    if (c->first == 0 || time < c->first)
        c->first = time;
    if (time > c->last)
        c->last = time;
}

/*
 * An .evt record counts whole seconds, and so does what is made of it.  Since Windows Vista events have a fraction of one;
 * classic events only since Windows 10.  Seen in samples: of 32 System and Application logs 16 are excerpts without a
 * provider Microsoft-Windows-*, and each of them has such times.
 */
static bool is_later(const struct event_key *key)
{
    return text_starts_with(key->provider, TEXT("Microsoft-Windows-")) || key->time % TICKS_PER_SECOND != 0;
}

bool coverage_doubts(const struct input_result *input, const struct event_key *key)
{
    struct coverage_index *index = input->coverage_index;
    const struct coverage *c = index ? pair_find(index, key->computer, key->channel) : NULL;
    if (!c)
        return !index || index->count < LIMIT_COVERAGE;
    bool far = key->time && (c->first == 0 || key->time + FAR < c->first || key->time > c->last + FAR);
    return far || (!c->later && is_later(key));
}

void coverage_add_torn(struct input_result *input, struct arena *arena, const struct event_key *key)
{
    struct event_key counted = *key;
    counted.time = 0;
    counted.provider = TEXT("");
    coverage_add(input, arena, &counted);
}

void coverage_add(struct input_result *input, struct arena *arena, const struct event_key *key)
{
    struct coverage *c = pair_get(input, arena, key->computer, key->channel);
    if (!c) {
        input->uncovered++;
        return;
    }
    c->events++;
    c->later = c->later || is_later(key);
    cover(c, key->time);
    runs_add(c, arena, key, &input->coverage_index->runs);
}

void coverage_merge(struct input_result *input, struct arena *arena, const struct input_result *from)
{
    input->uncovered += from->uncovered;
    for (const struct coverage *part = from->coverage; part; part = part->next) {
        struct coverage *c = pair_get(input, arena, part->node, part->channel);
        if (!c) {
            input->uncovered += part->events;
            continue;
        }
        c->events += part->events;
        c->later = c->later || part->later;
        cover(c, part->first);
        cover(c, part->last);
        runs_merge(c, arena, part, &input->coverage_index->runs);
    }
}

void coverage_settle(struct input_result *input)
{
    for (struct coverage *c = input->coverage; c; c = c->next)
        runs_settle(c);
}
