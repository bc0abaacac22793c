#include "show/show_unique.h"

#include <stdlib.h>
#include <libdeflate.h>

#include "base/arena.h"

struct place {
    struct unique_mark mark;
    const void *input; /* NULL: free */
};

/* Open addressing; at most half full. */
struct show_unique {
    struct place *places;
    size_t count, most;
    size_t size; /* a power of two */
};

struct show_unique *show_unique_new(size_t most)
{
    struct show_unique *u = memory_new(sizeof *u);
    *u = (struct show_unique){ .most = most, .size = 1024 };
    u->places = memory_new(u->size * sizeof *u->places);
    memset(u->places, 0, u->size * sizeof *u->places);
    return u;
}

void show_unique_free(struct show_unique *u)
{
    if (!u)
        return;
    free(u->places);
    free(u);
}

/* Where the mark is, or the free place for it. */
static struct place *find(struct show_unique *u, const struct unique_mark *m)
{
    size_t at = (size_t)(m->checksum ^ m->checksum >> 32) & (u->size - 1);
    for (; u->places[at].input; at = (at + 1) & (u->size - 1)) {
        const struct unique_mark *other = &u->places[at].mark;
        if (other->checksum == m->checksum && other->record_id == m->record_id && other->time == m->time)
            break;
    }
    return &u->places[at];
}

static void grow(struct show_unique *u)
{
    struct show_unique larger = { .count = u->count, .most = u->most, .size = 2 * u->size };
    larger.places = memory_new(larger.size * sizeof *larger.places);
    memset(larger.places, 0, larger.size * sizeof *larger.places);
    for (size_t i = 0; i < u->size; i++)
        if (u->places[i].input)
            *find(&larger, &u->places[i].mark) = u->places[i];
    free(u->places);
    *u = larger;
}

uint64_t show_unique_checksum(struct text line)
{
    return (uint64_t)libdeflate_crc32(0, line.p, line.n) << 32 | (uint32_t)line.n;
}

bool show_unique_seen(struct show_unique *u, const struct unique_mark *mark, const void *input)
{
    struct place *place = find(u, mark);
    if (place->input)
        return place->input != input;
    if (u->count == u->most)
        return false;
    *place = (struct place){ *mark, input };
    if (++u->count > u->size / 2)
        grow(u);
    return false;
}
