#define _GNU_SOURCE /* memmem */
#include "evt/evt_rows.h"

#include "base/cursor.h"
#include "evt/evt_record.h"

#define SEARCH_STEP 65536u

/* The first whole record that begins in the first `step` bytes of view; view.n when there is none. */
static size_t first_in_view(struct bytes view, size_t step)
{
    size_t until = view.n < step + 7 ? view.n : step + 7;
    for (size_t at = 4; at < until; at++) {
        const uint8_t *hit = memmem(view.p + at, until - at, "LfLe", 4);
        if (!hit)
            break;
        at = (size_t)(hit - view.p);
        if (evt_record_length(bytes_part(view, at - 4, view.n)) != 0)
            return at - 4;
    }
    return view.n;
}

bool evt_first_record(struct evt_ring *ring, uint64_t from, uint64_t until, uint64_t *ret)
{
    for (uint64_t place = from; place < until; place += SEARCH_STEP) {
        /* All of a record that begins in this step is in view: the window never has to go back. */
        struct bytes view = evt_ring_look(ring, place, SEARCH_STEP + LIMIT_EVT_RECORD);
        size_t at = first_in_view(view, SEARCH_STEP);
        if (at < view.n) {
            *ret = place + at;
            return *ret < until;
        }
    }
    return false;
}

/* A whole record, and the walk from one to the next. */
struct met {
    uint64_t place;
    uint32_t number, length;
};

static bool met_next(struct evt_ring *ring, uint64_t from, uint64_t until, struct met *ret)
{
    if (!evt_first_record(ring, from, until, &ret->place))
        return false;
    struct bytes head = evt_ring_look(ring, ret->place, EVT_FIXED);
    ret->length = bytes_u32(head, 0);
    ret->number = bytes_u32(head, 8);
    return true;
}

bool evt_is_numbered(struct evt_ring *ring, uint64_t place, uint32_t number)
{
    if (place < ring->begin || place >= ring->end + evt_ring_size(ring))
        return false;
    struct bytes view = evt_ring_look(ring, place, LIMIT_EVT_RECORD + EVT_BEHIND);
    return evt_record_length(view) != 0 && bytes_u32(view, 8) == number;
}

/*
 * Of several the last: a log that grew while it was wrapped has left copies of its oldest records where its end was.
 * Seen in SysEvent.Evt: 1392 to 1572.
 */
bool evt_oldest_find(struct evt_ring *ring, uint32_t oldest, uint32_t next, uint64_t *ret)
{
    struct met met;
    uint32_t lowest = next;
    for (uint64_t at = ring->begin; met_next(ring, at, ring->end, &met); at = met.place + met.length) {
        if (met.number < oldest || met.number >= next || met.number > lowest)
            continue;
        lowest = met.number;
        *ret = met.place;
    }
    return lowest != next;
}

/* The pass from the start over one round of the ring. */
struct pass {
    uint32_t oldest, known; /* of the log when its header was written; numbers below `known` it knows of */
    uint32_t last;  /* record of the log, .. */
    uint64_t end;   /* .. and where it ends */
    uint64_t behind, foreign; /* the last record, whoever's it was; the first of others behind `end`, or 0 */
    bool clash;               /* others have numbers of the log */
};

/*
 * What follows without a gap is of the same round: in an unbroken row an odd number is a damaged one.  Behind a gap,
 * which is at least what is left of the EOF record, the numbers go up in the log, by no more than the gap had room for.
 */
static bool goes_on(const struct pass *p, const struct met *met)
{
    if (met->place == p->behind)
        return p->foreign == 0;
    return met->number > p->last &&
           (met->number < p->known || met->number - p->last <= (met->place - p->end) / EVT_RECORD_MIN + 1);
}

static void pass_take(struct pass *p, const struct met *met)
{
    bool of_log = goes_on(p, met);
    p->behind = met->place + met->length;
    if (of_log) {
        p->last = met->number;
        p->end = p->behind;
        p->foreign = 0;
        return;
    }
    p->clash |= met->number >= p->oldest;
    if (p->foreign == 0)
        p->foreign = met->place;
}

bool evt_rows_find(struct evt_ring *ring, uint64_t start, uint32_t oldest, uint32_t next, struct evt_rows *ret)
{
    struct met met;
    uint64_t first;
    bool as_stated = evt_is_numbered(ring, start, oldest);
    ret->start = start;
    if ((!as_stated && !evt_oldest_find(ring, oldest, UINT32_MAX, &ret->start)) ||
        !evt_first_record(ring, ring->begin, ring->end, &first))
        return false;
    uint64_t round = ret->start + evt_ring_size(ring);
    struct pass p = { .oldest = oldest, .known = next, .behind = ret->start, .end = ret->start };
    for (uint64_t at = ret->start; met_next(ring, at, round, &met); at = p.behind)
        pass_take(&p, &met);
    ret->end = p.foreign ? p.foreign : round;
    ret->last = p.last;
    ret->clash = p.clash && !as_stated;
    ret->in_order = ret->start == first && p.foreign == 0;
    return true;
}
