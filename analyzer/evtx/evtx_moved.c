#include "evtx/evtx_moved.h"

#include "base/limits.h"
#include "evtx/binxml_flat.h"
#include "evtx/evtx_locate.h"
#include "evtx/evtx_template.h"

#define OFFSET_SIZE 4u /* before a name or a definition that stands in line */

/* What stands in line at `at`, and has room for what a chunk can tell of it. */
static bool is_definition(struct bytes chunk, size_t at)
{
    size_t token = at < BINXML_INSTANCE_SIZE ? chunk.n : at - BINXML_INSTANCE_SIZE;
    struct bytes body;
    return token < chunk.n && chunk.p[token] == BINXML_INSTANCE &&
           definition_body(chunk, (uint32_t)at, bytes_u32(chunk, token + 2), &body) && body.n &&
           body.p[0] == BINXML_FRAGMENT;
}

/* Comparing the hash takes as many steps as the name is long. */
static bool is_name(struct bytes chunk, size_t at, size_t *work)
{
    struct cursor in = cursor_at(chunk, at);
    size_t units = bytes_u16(chunk, at + 6);
    struct bytes name;
    if (units == 0 || units > *work || bytes_u16(chunk, at + 8 + 2 * units) != 0)
        return false;
    *work -= units;
    return flat_name(&in, &name);
}

/*
 * A damaged offset ties its name to any place.  It is seen by its neighbours, which are in order without it, and would
 * end their run.
 */
static void drop_stray(struct moved *m, size_t stated)
{
    const struct moved_tie *last = m->ties + m->count - 1;
    bool in_order = m->count > 1 && last[-1].stated < last->stated && last->stated < stated;
    if (m->count > 1 && last[-1].stated < stated && !in_order)
        m->count--;
}

static void add(struct moved *m, size_t stated, size_t place)
{
    drop_stray(m, stated);
    const struct moved_tie *last = m->count ? &m->ties[m->count - 1] : NULL;
    size_t run = last && last->stated < stated ? last->run : m->count;
    m->ties[m->count++] = (struct moved_tie){ (uint16_t)stated, (uint16_t)place, (uint16_t)run };
}

bool moved_read(struct moved *m, struct bytes chunk)
{
    size_t work = LIMIT_MOVED_WORK;
    bool moved = false;
    m->count = 0;
    for (size_t at = OFFSET_SIZE; at < chunk.n && at < EVTX_CHUNK_SIZE && m->count < MOVED_TIES; at++) {
        uint32_t stated = bytes_u32(chunk, at - OFFSET_SIZE);
        if (stated < EVTX_CHUNK_HEADER || stated >= EVTX_CHUNK_SIZE)
            continue;
        if (!is_definition(chunk, at) && !is_name(chunk, at, &work))
            continue;
        add(m, stated, at);
        moved |= stated != at;
    }
    return moved;
}

/* How many ties of [first, count) stand before a place, or at it. */
static size_t ties_up_to(const struct moved *m, size_t place)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->ties[middle].place <= place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool moved_inline(const struct moved *m, size_t place)
{
    size_t n = ties_up_to(m, place);
    return n && m->ties[n - 1].place == place;
}

/* The last tie of [low, high) that was written to an offset or in front of it; `low` when there is none. */
static size_t tie_of(const struct moved *m, size_t low, size_t high, size_t stated)
{
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (m->ties[middle].stated <= stated)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Past the chunk's end where the distance leads out of it: nothing is found there. */
static size_t place_of(const struct moved_tie *t, size_t stated)
{
    return stated + t->place >= t->stated ? stated + t->place - t->stated : EVTX_CHUNK_SIZE;
}

void moved_places(const struct moved *m, size_t stated, size_t from, size_t places[MOVED_PLACES])
{
    size_t n = ties_up_to(m, from);
    places[0] = places[1] = stated;
    if (n == 0)
        return;
    size_t tie = tie_of(m, m->ties[n - 1].run, n, stated);
    places[0] = places[1] = place_of(&m->ties[tie], stated);
    if (m->ties[tie].stated != stated && tie + 1 < n)
        places[1] = place_of(&m->ties[tie + 1], stated);
}
