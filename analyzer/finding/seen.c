#include "finding/seen.h"

#include "base/limits.h"

static bool has(const struct seen_pairs *s, struct text provider, struct text channel)
{
    for (size_t i = 0; i < s->count; i++)
        if (text_equal(s->items[i].provider, provider) && text_equal(s->items[i].channel, channel))
            return true;
    return false;
}

void seen_add(struct seen_pairs *s, struct arena *arena, struct text provider, struct text channel)
{
    if (s->beyond || has(s, provider, channel))
        return;
    s->beyond = s->count == LIMIT_SEEN || s->bytes + provider.n + channel.n > LIMIT_SEEN_BYTES;
    if (s->beyond)
        return;
    s->bytes += provider.n + channel.n;
    s->items = arena_grow(arena, s->items, s->count, &s->capacity, sizeof *s->items);
    s->items[s->count++] = (struct seen_pair){ text_keep(arena, provider), text_keep(arena, channel) };
}

void seen_merge(struct seen_pairs *s, struct arena *arena, const struct seen_pairs *from)
{
    for (size_t i = 0; i < from->count; i++)
        seen_add(s, arena, from->items[i].provider, from->items[i].channel);
    s->beyond = s->beyond || from->beyond;
}
