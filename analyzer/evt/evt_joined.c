#include "evt/evt_joined.h"

#include "base/arena.h"
#include "base/cursor.h"
#include "evt/evt_record.h"

#define STEP_FIRST 4096u /* many short logs may follow each other */
#define STEP       65536u

/* Of an .evtx file header and of the header of a chunk: both have their size in them. */
#define EVTX_HEAD      48u
#define EVTX_HEAD_SIZE 128u

/* The log behind stands on its own feet; what it has to notice is said when it is read. */
static bool is_own(struct evt_joined *joined, struct input *in, uint64_t base, uint64_t limit,
                   bool (*also)(struct evt_ring *, const struct evt_bounds *))
{
    struct evt_bounds bounds;
    struct evt_ring ring;
    struct notices unsaid;
    struct arena scratch;
    arena_init(&scratch);
    notices_init(&unsaid, &scratch);
    evt_ring_init(&ring, in, base, limit, EVT_HEADER_SIZE);
    evt_bounds_find(&ring, &unsaid, &bounds);
    bool own = !bounds.scan && (!also || also(&ring, &bounds));
    joined->read += ring.read;
    evt_ring_done(&ring);
    arena_done(&scratch);
    return own;
}

/* True when the log in front has its records there: `whole` are its bounds when nothing follows it. */
static bool is_claimed(struct evt_joined *joined, struct evt_ring *ring, const struct evt_bounds *whole, uint64_t place)
{
    if (whole->scan)
        return evt_is_in_record(ring, ring->begin, place);
    if (place < whole->start)
        return false;
    if (whole->end < ring->end)
        return place < whole->end;
    return !is_own(joined, ring->in, ring->base, place, evt_bounds_hold);
}

/* The first header at `from` or behind it; 0 when there is none. */
static uint64_t next_header(struct evt_ring *ring, uint64_t from)
{
    size_t step = STEP_FIRST;
    for (uint64_t place = from; place < ring->end; place += step, step = STEP) {
        struct bytes view = evt_ring_look(ring, place, step + EVT_HEADER_SIZE);
        for (size_t at = 0; at < step && at + EVT_HEADER_SIZE <= view.n; at += 4) {
            if (place + at + EVT_HEADER_SIZE > ring->end)
                return 0;
            if (view.p[at] == EVT_HEADER_SIZE && evt_header_present(bytes_part(view, at, EVT_HEADER_SIZE)))
                return place + at;
        }
    }
    return 0;
}

/* An exported log ends with its EOF record: nothing follows. */
static bool ends_the_file(const struct evt_ring *ring, const struct evt_bounds *bounds)
{
    return !bounds->scan && bounds->end + EVT_END_SIZE == ring->end;
}

static uint64_t next_log(struct evt_ring *ring, const struct evt_bounds *bounds, struct evt_joined *joined)
{
    uint64_t at = ends_the_file(ring, bounds) ? 0 : next_header(ring, ring->begin);
    while (at && joined->tries && (is_claimed(joined, ring, bounds, at) ||
                                   !is_own(joined, ring->in, at, input_size(ring->in), NULL))) {
        at = next_header(ring, at + EVT_HEADER_SIZE);
        joined->tries--;
    }
    return joined->tries ? at : 0;
}

static bool is_evtx(struct bytes b)
{
    return b.n >= EVTX_HEAD && b.p[1] == 'l' &&
           ((memcmp(b.p, "ElfFile", 8) == 0 && bytes_u32(b, 0x20) == EVTX_HEAD_SIZE) ||
            (memcmp(b.p, "ElfChnk", 8) == 0 && bytes_u32(b, 0x28) == EVTX_HEAD_SIZE));
}

/* The first place in [from, until) where an .evtx log or a chunk of one begins; 0 when there is none. */
static uint64_t next_evtx(struct evt_ring *ring, uint64_t from, uint64_t until)
{
    size_t step = STEP_FIRST;
    for (uint64_t place = from; place < until; place += step, step = STEP) {
        uint64_t left = ring->end - place;
        struct bytes view = evt_ring_look(ring, place, left < step + EVTX_HEAD ? (size_t)left : step + EVTX_HEAD);
        for (size_t at = 0; at < step && at < view.n; at++) {
            /* A letter of UTF-16 stands in front of a zero: faster than a search for all of the magic. */
            const uint8_t *found = memchr(view.p + at, 'E', view.n - at);
            if (!found)
                break;
            at = (size_t)(found - view.p);
            if (is_evtx(bytes_part(view, at, view.n)))
                return place + at < until ? place + at : 0;
        }
    }
    return 0;
}

/*
 * Where an .evtx log follows this one, which is not read here; 0 when none does in front of `until`.  Up to its own end
 * all is claimed.  What stands behind the next log is for that one to say: each byte is searched once, each said once.
 */
static uint64_t next_other(struct evt_ring *ring, const struct evt_bounds *bounds, uint64_t until,
                           struct evt_joined *joined)
{
    bool ended = !bounds->scan && bounds->end < ring->end;
    uint64_t at = ends_the_file(ring, bounds) ? 0 : next_evtx(ring, ended ? bounds->end : ring->begin, until);
    while (at && joined->tries && is_claimed(joined, ring, bounds, at)) {
        at = next_evtx(ring, at + 1, until);
        joined->tries--;
    }
    return joined->tries ? at : 0;
}

struct evt_joined evt_joined_of(uint64_t size)
{
    return (struct evt_joined){ .tries = LIMIT_EVT_JOINED, .bytes = LIMIT_EVT_JOINED * size };
}

/* What this log has cost since `before`. */
static void pay(struct evt_joined *joined, uint64_t before)
{
    uint64_t cost = joined->read - before;
    cost = cost > EVT_JOINED_FREE ? cost - EVT_JOINED_FREE : 0;
    joined->bytes = joined->bytes > cost ? joined->bytes - cost : 0;
    if (joined->bytes == 0)
        joined->tries = 0;
}

uint64_t evt_joined_open(struct evt_ring *ring, struct input *in, uint64_t base, struct evt_joined *joined,
                         struct notices *notices, struct evt_bounds *ret)
{
    struct notices of_whole;
    struct arena scratch;
    uint64_t before = joined->read;
    arena_init(&scratch);
    notices_init(&of_whole, &scratch);
    evt_ring_init(ring, in, base, input_size(in), EVT_HEADER_SIZE);
    evt_bounds_find(ring, &of_whole, ret);
    uint64_t next = next_log(ring, ret, joined), other = next_other(ring, ret, next ? next : ring->end, joined);
    uint64_t limit = next;
    if (other)
        notice_add(notices, NOTICE_EVT_THEN_EVTX, other, other);
    /* A wrapped log needs the true end of its ring; behind any other one old records are looked for as far as ever. */
    if (other && !ret->scan && ret->end >= ring->end)
        limit = other;
    joined->read += ring->read;
    if (limit) {
        evt_ring_done(ring);
        evt_ring_init(ring, in, base, limit, EVT_HEADER_SIZE);
        evt_bounds_find(ring, notices, ret);
        joined->read += ring->read;
    } else {
        notices_merge(notices, &of_whole);
    }
    pay(joined, before);
    arena_done(&scratch);
    return next;
}
