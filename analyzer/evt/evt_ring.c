#include "evt/evt_ring.h"

#include <stdlib.h>

#include "base/arena.h"

#define FIRST_FILL 4096u

/* A size that is no multiple of 4 is none that the service made: the odd bytes cannot belong to a record. */
static void set_begin(struct evt_ring *ring, uint64_t begin)
{
    ring->begin = begin;
    ring->end = ring->limit > begin ? ring->limit - (ring->limit - begin) % 4 : begin;
}

void evt_ring_init(struct evt_ring *ring, struct input *in, uint64_t base, uint64_t limit, uint32_t head)
{
    *ring = (struct evt_ring){ .in = in, .base = base, .limit = limit };
    set_begin(ring, base + head);
}

void evt_ring_done(struct evt_ring *ring)
{
    free(ring->window);
    ring->window = NULL;
}

static void drop_window(struct evt_ring *ring)
{
    evt_ring_done(ring);
    ring->window_at = 0;
    ring->window_n = 0;
}

void evt_ring_move(struct evt_ring *ring, uint64_t begin)
{
    drop_window(ring);
    set_begin(ring, begin);
}

void evt_ring_take_all(struct evt_ring *ring)
{
    drop_window(ring);
    ring->end = ring->limit > ring->begin ? ring->limit : ring->begin;
}

static void note_unread(struct evt_ring *ring, uint64_t offset, int error)
{
    if (ring->error || ring->missing)
        return;
    ring->error = error;
    ring->missing = error ? 0 : ring->end - offset;
    ring->unread = offset;
}

/* What is left of a short read is zero: no record, so the walk passes it as it passes any hole. */
static void read_part(struct evt_ring *ring, uint64_t offset, uint8_t *out, size_t n)
{
    int error = 0;
    size_t got = input_read_at(ring->in, offset, out, n, &error);
    if (got < n) {
        note_unread(ring, offset + got, error);
        memset(out + got, 0, n - got);
    }
}

/* Places end with the second round. */
static uint64_t last_place(const struct evt_ring *ring)
{
    return ring->end + evt_ring_size(ring);
}

/* At least `n` bytes, where there are so many. */
static size_t next_fill(const struct evt_ring *ring, uint64_t place, size_t n, size_t room)
{
    bool goes_on = place >= ring->window_at && place - ring->window_at <= ring->window_n;
    size_t fill = goes_on && 2 * ring->window_n > FIRST_FILL ? 2 * ring->window_n : FIRST_FILL;
    fill = fill > n ? fill : n;
    return fill < room ? fill : room;
}

static void fill_window(struct evt_ring *ring, uint64_t place, size_t least)
{
    uint64_t all = 2 * evt_ring_size(ring);
    size_t room = all < EVT_WINDOW ? (size_t)all : EVT_WINDOW, fill = next_fill(ring, place, least, room);
    if (!ring->window)
        ring->window = memory_new(room);
    ring->window_at = place;
    ring->window_n = 0;
    while (ring->window_n < fill && place < last_place(ring)) {
        uint64_t offset = evt_ring_offset(ring, place);
        size_t n = fill - ring->window_n;
        if (n > ring->end - offset)
            n = (size_t)(ring->end - offset);
        read_part(ring, offset, ring->window + ring->window_n, n);
        ring->window_n += n;
        place += n;
    }
    ring->read += ring->window_n;
}

struct bytes evt_ring_look(struct evt_ring *ring, uint64_t place, size_t n)
{
    uint64_t left = place < last_place(ring) ? last_place(ring) - place : 0;
    if (n > EVT_LOOK_MAX)
        n = EVT_LOOK_MAX;
    if (n > left)
        n = (size_t)left;
    if (n == 0)
        return (struct bytes){ NULL, 0 };
    if (place < ring->window_at || place - ring->window_at > ring->window_n ||
        n > ring->window_n - (size_t)(place - ring->window_at))
        fill_window(ring, place, n);
    return (struct bytes){ ring->window + (place - ring->window_at), n };
}
