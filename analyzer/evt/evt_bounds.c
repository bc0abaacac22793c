#define _GNU_SOURCE /* memmem */
#include "evt/evt_bounds.h"

#include "base/cursor.h"
#include "evt/evt_record.h"
#include "evt/evt_rows.h"

#define FLAG_DIRTY     1u
#define FILL           0x27u
#define SEARCH_FIRST   4096u
#define SEARCH_STEP    65536u

/* What header and EOF record have in common. */
struct evt_marks {
    uint64_t start, end; /* offsets in the file */
    uint32_t next, oldest;
};

struct evt_header {
    bool present, clean;
    struct evt_marks marks;
    uint32_t most; /* bytes that the log may have */
};

static struct evt_marks take_marks(struct cursor *in, uint64_t base)
{
    struct evt_marks m = { 0 };
    m.start = base + cursor_u32(in);
    m.end = base + cursor_u32(in);
    m.next = cursor_u32(in);
    m.oldest = cursor_u32(in);
    return m;
}

bool evt_header_present(struct bytes head)
{
    return bytes_u32(head, 0) == EVT_HEADER_SIZE && bytes_u32(head, 4) == EVT_SIGNATURE &&
           bytes_u32(head, 44) == EVT_HEADER_SIZE;
}

static struct evt_header read_header(const struct evt_ring *ring)
{
    uint8_t raw[EVT_HEADER_SIZE];
    int error;
    struct bytes head = { raw, input_read_at(ring->in, ring->base, raw, sizeof raw, &error) };
    struct evt_header h = { .present = evt_header_present(head) && bytes_u32(head, 8) == 1 };
    struct cursor marks = cursor_at(head, 16);
    h.marks = take_marks(&marks, ring->base);
    h.most = bytes_u32(head, 32);
    h.clean = h.present && (bytes_u32(head, 36) & FLAG_DIRTY) == 0;
    return h;
}

bool evt_end_present(struct bytes view)
{
    static const uint8_t signature[EVT_END_SIGNATURE] = { 0x28, 0,    0,    0,    0x11, 0x11, 0x11, 0x11, 0x22, 0x22,
                                                           0x22, 0x22, 0x33, 0x33, 0x33, 0x33, 0x44, 0x44, 0x44, 0x44 };
    return view.n >= sizeof signature && memcmp(view.p, signature, sizeof signature) == 0;
}

/* The marks of a true EOF record at the beginning of `view`: one that states its own offset and sane numbers. */
static bool end_at(const struct evt_ring *ring, uint64_t place, struct bytes view, struct evt_marks *ret)
{
    struct cursor in = cursor_at(view, EVT_END_SIGNATURE);
    *ret = take_marks(&in, ring->base);
    return evt_end_present(view) && !in.overrun && ret->end == evt_ring_offset(ring, place) &&
           ret->start >= ring->begin && (ret->start - ring->base) % 4 == 0 && ret->oldest <= ret->next;
}

bool evt_fill_present(struct evt_ring *ring, uint64_t place)
{
    uint64_t rest = ring->end - evt_ring_offset(ring, place);
    /* At most 52 bytes are needed; a writer that kept a whole record off the end leaves more. */
    if (rest > SEARCH_STEP)
        return false;
    struct bytes view = evt_ring_look(ring, place, (size_t)rest);
    for (size_t at = 0; at + 4 <= view.n; at += 4)
        if (bytes_u32(view, at) != FILL)
            return false;
    return view.n > 0;
}

static size_t record_length_at(struct evt_ring *ring, uint64_t place)
{
    uint32_t length = bytes_u32(evt_ring_look(ring, place, 4), 0);
    return evt_length_valid(length) ? evt_record_length(evt_ring_look(ring, place, length)) : 0;
}

/* The place of an offset that is reached from `start`, at most one round later. */
static uint64_t place_from(const struct evt_ring *ring, uint64_t start, uint64_t offset)
{
    return offset >= start ? offset : offset + evt_ring_size(ring);
}

/* True when whole records follow each other from place to place. */
static bool records_fill(struct evt_ring *ring, uint64_t place, uint64_t end)
{
    while (place < end) {
        size_t length = record_length_at(ring, place);
        if (length != 0)
            place += length;
        else if (place < ring->end && evt_fill_present(ring, place))
            place = ring->end;
        else
            return false;
    }
    return place == end;
}

/* True when whole records follow each other from the marks' start to their end. */
static bool records_lead(struct evt_ring *ring, const struct evt_marks *m)
{
    if (m->start < ring->begin || m->start >= ring->end || m->end < ring->begin || m->end >= ring->end)
        return false;
    return records_fill(ring, m->start, place_from(ring, m->start, m->end));
}

/* EOF records found, highest next number first. */
struct ends {
    struct evt_marks items[LIMIT_EVT_ENDS];
    size_t count;
    uint64_t met;
    uint64_t first;  /* the place behind the first one */
    uint64_t header; /* the first file header behind that; 0: none yet */
    unsigned inside; /* such headers that stood in records: each cost a look at all bytes in front of it */
};

static void ends_add(struct ends *ends, const struct evt_marks *m)
{
    size_t at = ends->count < LIMIT_EVT_ENDS ? ends->count++ : LIMIT_EVT_ENDS - 1;
    ends->met++;
    if (ends->met > LIMIT_EVT_ENDS && m->next <= ends->items[at].next)
        return;
    for (; at > 0 && ends->items[at - 1].next < m->next; at--)
        ends->items[at] = ends->items[at - 1];
    ends->items[at] = *m;
}

bool evt_is_in_record(struct evt_ring *ring, uint64_t from, uint64_t place)
{
    uint64_t at = place > from + LIMIT_EVT_RECORD ? place - LIMIT_EVT_RECORD : from;
    for (; at < place; at += 4) {
        struct bytes head = evt_ring_look(ring, at, 8);
        uint32_t length = bytes_u32(head, 0);
        if (bytes_u32(head, 4) == EVT_SIGNATURE && evt_length_valid(length) && length > place - at &&
            evt_record_length(evt_ring_look(ring, at, length + EVT_BEHIND)) != 0)
            return true;
    }
    return false;
}

/* What may be an EOF record stands at the place: it counts for this log, or for the one behind it. */
static void meet_end(const struct evt_ring *ring, uint64_t place, struct bytes view, struct ends *ends, bool *other)
{
    struct evt_marks m;
    if (end_at(ring, place, view, &m)) {
        ends->first = ends->count ? ends->first : place + EVT_END_SIZE;
        ends_add(ends, &m);
    } else if (ends->header && evt_end_present(view)) {
        *other = ends->header + bytes_u32(view, EVT_END_SIGNATURE + 4) == place;
    }
}

/* Searches `n` bytes, or up to where another log ends; returns how many. */
static size_t search_view(const struct evt_ring *ring, uint64_t place, struct bytes view, size_t n, struct ends *ends,
                          bool *other)
{
    static const uint8_t second[] = { 0x11, 0x11, 0x11, 0x11 };
    size_t at = 0;
    for (; at < n && at + EVT_END_SIZE <= view.n && place + at < ring->end && !*other; at += 4) {
        if (memcmp(view.p + at + 4, second, 4) == 0)
            meet_end(ring, place + at, bytes_part(view, at, EVT_END_SIZE), ends, other);
        else if (view.p[at] == EVT_HEADER_SIZE && ends->count && !ends->header && ends->inside < LIMIT_EVT_JOINED &&
                 evt_header_present(bytes_part(view, at, EVT_HEADER_SIZE)))
            ends->header = place + at;
    }
    return *other ? at : n;
}

/* Up to where another log, which begins behind an EOF record of this one, has its own. */
static void search_ends(struct evt_ring *ring, struct ends *ends)
{
    size_t step = SEARCH_FIRST;
    for (uint64_t place = ring->begin; place < ring->end; step = SEARCH_STEP) {
        bool other = false;
        struct bytes view = evt_ring_look(ring, place, step + EVT_HEADER_SIZE);
        place += search_view(ring, place, view, step, ends, &other);
        if (other && !evt_is_in_record(ring, ends->first, ends->header))
            return;
        ends->inside += other;
        ends->header = other ? 0 : ends->header;
    }
}

/* The EOF record to believe; NULL when none was found. */
static const struct evt_marks *choose_end(struct evt_ring *ring, const struct ends *ends)
{
    if (ends->count <= 1)
        return ends->count ? &ends->items[0] : NULL;
    for (size_t i = 0; i < ends->count; i++)
        if (records_lead(ring, &ends->items[i]))
            return &ends->items[i];
    return &ends->items[0];
}

/* ---- an EOF record that does not stand where it says ---- */

/* A record with this number ends at the place: the newest one. */
static bool follows(struct evt_ring *ring, uint64_t place, uint32_t number)
{
    uint64_t later = place - ring->begin < LIMIT_EVT_RECORD ? place + evt_ring_size(ring) : place;
    uint32_t length = bytes_u32(evt_ring_look(ring, later - 4, 4), 0);
    return evt_length_valid(length) && length <= later - ring->begin && evt_is_numbered(ring, later - length, number);
}

/*
 * Bytes in front of it were put in or taken away, or it is damaged itself: all but its four numbers may be wrong, but
 * the newest record stands in front of it.
 */
static bool displaced_at(struct evt_ring *ring, uint64_t place, struct evt_marks *ret)
{
    struct bytes view = evt_ring_look(ring, place, EVT_END_SIZE);
    struct cursor in = cursor_at(view, EVT_END_SIGNATURE);
    *ret = take_marks(&in, ring->base);
    return !in.overrun && ret->oldest != 0 && ret->oldest < ret->next && follows(ring, place, ret->next - 1);
}

static bool search_displaced(struct evt_ring *ring, uint64_t *place, struct evt_marks *ret)
{
    static const uint8_t numbers[] = { 0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22,
                                       0x33, 0x33, 0x33, 0x33, 0x44, 0x44, 0x44, 0x44 };
    size_t tries = LIMIT_EVT_ENDS;
    for (uint64_t from = ring->begin; from < ring->end && tries; from += SEARCH_STEP) {
        struct bytes view = evt_ring_look(ring, from, SEARCH_STEP + sizeof numbers + 3);
        const uint8_t *hit = memmem(view.p, view.n, numbers, sizeof numbers);
        if (!hit || (size_t)(hit - view.p) < 4)
            continue;
        *place = from + (size_t)(hit - view.p) - 4;
        if (displaced_at(ring, *place, ret))
            return true;
        tries--;
    }
    return false;
}

/* It stands as far from its place as a file header does from the base: it is that of another log, which was joined. */
static bool of_another_log(struct evt_ring *ring, uint64_t distance)
{
    uint64_t base = ring->base + distance;
    return base > ring->base && base < ring->end && evt_header_present(evt_ring_look(ring, base, EVT_HEADER_SIZE));
}

/* Start and end of such a log: the oldest record stands as far from its place, or at it, or wherever. */
static bool find_displaced(struct evt_ring *ring, struct evt_marks *ret)
{
    uint64_t place;
    if (!search_displaced(ring, &place, ret))
        return false;
    uint64_t distance = place - ret->end, moved = ret->start + distance;
    if (of_another_log(ring, distance))
        return false;
    if (place % 4 != ret->end % 4)
        evt_ring_take_all(ring);
    ret->end = place;
    if (evt_is_numbered(ring, moved, ret->oldest))
        ret->start = moved;
    else if (!evt_is_numbered(ring, ret->start, ret->oldest))
        return evt_oldest_find(ring, ret->oldest, ret->next, &ret->start);
    return true;
}

static void take_bounds(const struct evt_ring *ring, const struct evt_marks *m, struct notices *notices,
                        struct evt_bounds *ret)
{
    ret->start = m->start == ring->end ? ring->begin : m->start;
    if (m->start > ring->end) {
        notice_add(notices, NOTICE_EVT_CUT, ring->end, m->start);
        ret->start_lost = true;
        ret->start = ring->begin;
    }
    ret->end = place_from(ring, ret->start, m->end);
    ret->oldest = m->oldest;
    ret->next = m->next;
    ret->promised = m->oldest == 0 ? 0 : m->next - m->oldest;
}

/* It counts records, and no more than a log of its size can hold. */
static bool header_counts(const struct evt_header *h)
{
    const struct evt_marks *m = &h->marks;
    return h->present && m->oldest != 0 && m->next > m->oldest && m->next - m->oldest <= h->most / EVT_RECORD_MIN;
}

/* The header, stale or not, knows a number below which all are old. */
static void take_rows(struct evt_ring *ring, uint64_t start, struct evt_bounds *ret)
{
    struct evt_rows rows;
    if (!evt_rows_find(ring, start, ret->known_oldest, ret->known_next, &rows) || rows.in_order || rows.clash)
        return;
    ret->by_number = true;
    ret->start = rows.start;
    ret->end = rows.end;
    ret->oldest = ret->known_oldest;
    ret->next = rows.last + 1;
}

/*
 * No EOF record to go by.  Without a header the first record says how records are aligned: bytes may have been put in
 * front, or taken away.
 */
static void take_file(struct evt_ring *ring, const struct evt_header *header, struct notices *notices,
                      struct evt_bounds *ret)
{
    notice_add(notices, NOTICE_EVT_NO_END, NOTICE_NO_OFFSET, 0);
    if (header->present && (header->marks.end > ring->end || header->marks.start > ring->end))
        notice_add(notices, NOTICE_EVT_CUT, ring->end,
                   header->marks.end > header->marks.start ? header->marks.end : header->marks.start);
    uint64_t first = 0;
    if (!header->present) {
        evt_ring_move(ring, ring->base);
        if (evt_first_record(ring, ring->begin, ring->end, &first))
            evt_ring_move(ring, ring->base + (first - ring->base) % 4);
    } else if (header->clean && header->marks.oldest != 0 && header->marks.next >= header->marks.oldest) {
        ret->promised = header->marks.next - header->marks.oldest;
    }
    if (header_counts(header)) {
        ret->known_oldest = header->marks.oldest;
        ret->known_next = header->marks.next;
    }
    evt_ring_take_all(ring);
    ret->scan = true;
    ret->start = ring->begin;
    ret->end = ring->end;
    if (ret->known_oldest)
        take_rows(ring, header->marks.start, ret);
}

void evt_bounds_find(struct evt_ring *ring, struct notices *notices, struct evt_bounds *ret)
{
    struct evt_header header = read_header(ring);
    struct evt_marks at_end;
    *ret = (struct evt_bounds){ 0 };
    if (!header.present)
        notice_add(notices, NOTICE_EVT_HEADER, ring->base, 0);
    if (header.clean && header.marks.end >= ring->begin && header.marks.end < ring->end &&
        end_at(ring, header.marks.end, evt_ring_look(ring, header.marks.end, EVT_END_SIZE), &at_end) &&
        at_end.start == header.marks.start) {
        take_bounds(ring, &at_end, notices, ret);
        return;
    }
    struct ends ends = { 0 };
    search_ends(ring, &ends);
    const struct evt_marks *end = choose_end(ring, &ends);
    if (ends.met > 1)
        notice_add(notices, NOTICE_EVT_ENDS, NOTICE_NO_OFFSET, ends.met);
    if (end && header.present && end->next > header.marks.next)
        notice_add(notices, NOTICE_EVT_DIRTY, ring->base, end->next - header.marks.next);
    if (!end && header.clean && records_lead(ring, &header.marks))
        end = &header.marks;
    if (!end && header.present && find_displaced(ring, &at_end))
        end = &at_end;
    if (end)
        take_bounds(ring, end, notices, ret);
    else
        take_file(ring, &header, notices, ret);
}

bool evt_bounds_hold(struct evt_ring *ring, const struct evt_bounds *bounds)
{
    return !bounds->scan && !bounds->start_lost && records_fill(ring, bounds->start, bounds->end);
}
