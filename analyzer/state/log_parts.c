#include "state/log_parts.h"

#include "base/limits.h"
#include "state/log_name.h"

static uint64_t key_checksum(const struct event_key *key, uint32_t level)
{
    const uint64_t parts[] = { text_hash_nocase(key->provider), key->id, level };
    uint64_t sum = 0xCBF29CE484222325u;
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        for (unsigned shift = 0; shift < 64; shift += 8)
            sum = (sum ^ (parts[i] >> shift & 0xFF)) * 0x100000001B3u;
    return sum;
}

/* Sums that are remembered stay what they are: a log is compared with those of years. */
struct mark mark_of(const struct event_key *key)
{
    uint32_t other = key->level == 0 ? 4 : key->level == 4 ? 0 : key->level;
    return (struct mark){ key->record_id, key->time, key_checksum(key, key->level), key_checksum(key, other) };
}

/* The place of the first mark whose number is not below `id`. */
static size_t mark_place(const struct marks *m, uint64_t id)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->items[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct mark *marks_find(const struct marks *m, uint64_t id)
{
    size_t at = mark_place(m, id);
    return at < m->count && m->items[at].id == id ? &m->items[at] : NULL;
}

/* Of a number that comes twice the last one counts: joined logs begin with old records. */
void marks_add(struct arena *arena, struct marks *m, struct mark mark)
{
    size_t at = mark_place(m, mark.id);
    if (at < m->count && m->items[at].id == mark.id) {
        m->items[at] = mark;
        return;
    }
    m->items = arena_grow(arena, m->items, m->count, &m->capacity, sizeof *m->items);
    memmove(&m->items[at + 1], &m->items[at], (m->count - at) * sizeof *m->items);
    m->items[at] = mark;
    m->count++;
}

static bool is_part(const struct log_part *part, struct text node, struct text channel)
{
    return text_equal_nocase(part->node, node) && text_equal_nocase(part->written, channel);
}

/* Names can be made up, one a record: no list of them is walked. */
static size_t chain_of(const char *path, struct text node, struct text channel)
{
    const uint64_t parts[] = { (uint64_t)(uintptr_t)path, text_hash_nocase(node), text_hash_nocase(channel) };
    return (size_t)(bytes_hash((struct bytes){ (const uint8_t *)parts, sizeof parts }) % LOG_CHAINS);
}

const struct log_part *log_parts_find(const struct log_parts *l, const char *path, struct text node,
                                      struct text channel)
{
    const struct log_part *part = l->chains[chain_of(path, node, channel)];
    while (part && !(part->path == path && is_part(part, node, channel)))
        part = part->same_hash;
    return part;
}

static struct log_part *part_new(struct log_parts *l, const char *path, struct text node, struct text channel)
{
    struct log_part *part = ARENA_NEW(l->arena, struct log_part);
    size_t chain = chain_of(path, node, channel);
    part->path = path;
    part->node = text_keep(l->arena, node);
    part->written = text_keep(l->arena, channel);
    part->channel = channel.n ? part->written : log_name_of_file(l->arena, path);
    part->file = log_file_key(path);
    if (l->asked)
        l->asked(l->ctx, part);
    id_runs_init(&part->ids, l->arena);
    part->same_hash = l->chains[chain];
    l->chains[chain] = part;
    part->index = l->count;
    l->items = arena_grow(l->arena, l->items, l->count, &l->capacity, sizeof(struct log_part *));
    return l->items[l->count++] = part;
}

/* NULL when there are too many. */
static struct log_part *part_get(struct log_parts *l, const char *path, struct text node, struct text channel)
{
    if (l->latest && l->latest->path == path && is_part(l->latest, node, channel))
        return l->latest;
    const struct log_part *found = log_parts_find(l, path, node, channel);
    struct log_part *part = found ? l->items[found->index] : NULL;
    if (!part && l->count < LIMIT_LOG_PARTS)
        part = part_new(l, path, node, channel);
    return l->latest = part;
}

/* Twice as far apart when there are too many. */
static void spread_thin(struct log_part *part)
{
    size_t kept = 0;
    part->stride++;
    for (size_t i = 0; i < part->spread_count; i++)
        if (part->spread[i].id % (UINT64_C(1) << part->stride) == 0)
            part->spread[kept++] = part->spread[i];
    part->spread_count = kept;
}

static void mark_take(struct log_parts *l, struct log_part *part, struct mark mark)
{
    bool asked = false;
    for (size_t i = 0; i < COUNT_OF(part->asked); i++)
        asked = asked || (part->asked[i] && marks_find(part->asked[i], mark.id));
    if (asked)
        marks_add(l->arena, &part->met, mark);
    if (!part->newest_count || mark.id < part->lowest.id)
        part->lowest = mark;
    part->newest[part->newest_count++ % PART_MARKS] = mark;
    while (part->spread_count == COUNT_OF(part->spread) && part->stride < 63)
        spread_thin(part);
    if (mark.id % (UINT64_C(1) << part->stride) == 0 && part->spread_count < COUNT_OF(part->spread))
        part->spread[part->spread_count++] = mark;
}

void log_parts_add(struct log_parts *l, const char *path, const struct event_key *key)
{
    struct log_part *part = part_get(l, path, key->computer, key->channel);
    if (!part) {
        l->left_out++;
        return;
    }
    part->records++;
    id_runs_add(&part->ids, key->record_id, key->record_id);
    if (key->time && (!part->first_time || key->time < part->first_time))
        part->first_time = key->time;
    if (key->time > part->last_time)
        part->last_time = key->time;
    mark_take(l, part, mark_of(key));
}

void log_part_marks(const struct log_part *part, struct arena *arena, struct marks *ret)
{
    size_t newest = part->newest_count < PART_MARKS ? part->newest_count : PART_MARKS;
    marks_add(arena, ret, part->lowest);
    for (size_t i = 0; i < part->spread_count; i++)
        marks_add(arena, ret, part->spread[i]);
    for (size_t i = 0; i < newest; i++)
        marks_add(arena, ret, part->newest[(part->newest_count - newest + i) % PART_MARKS]);
}
