#define _GNU_SOURCE /* memmem */
#include "evt/evt_walk.h"

#include "base/cursor.h"
#include "evt/evt_record.h"

#define STEP      65536u
#define PART_HEAD 1024u  /* fixed part and source name: a key of the registry, 255 characters at most */
#define PAGE_GROW 65536u /* a log grows by this much: what was the end of the file once is a multiple of it */

void evt_walk_init(struct evt_walk *w, struct evt_ring *ring, const struct evt_bounds *bounds)
{
    *w = (struct evt_walk){ .ring = ring, .bounds = *bounds };
    w->at = bounds->start;
    w->until = w->extent = bounds->end;
    w->expects = bounds->oldest != 0 && !bounds->by_number;
    w->number = bounds->oldest - 1;
}

static bool in_log(const struct evt_walk *w)
{
    return w->area == EVT_AREA_LOG;
}

static uint64_t offset_of(const struct evt_walk *w, uint64_t place)
{
    return evt_ring_offset(w->ring, place);
}

/* All of the file is the log, for want of anything better. */
static bool takes_file(const struct evt_walk *w)
{
    return w->bounds.scan && !w->bounds.by_number;
}

static bool number_of_log(const struct evt_walk *w, uint32_t number)
{
    return takes_file(w) || (number >= w->bounds.oldest && number < w->bounds.next);
}

/* Of the log by its number, and not met between start and end: then the start was wrong. */
static bool before_the_first(const struct evt_walk *w, uint32_t number)
{
    return number >= w->bounds.oldest && number < (w->numbered ? w->first : w->bounds.next);
}

static enum event_source source_of(const struct evt_walk *w, uint32_t number)
{
    if (!in_log(w))
        return before_the_first(w, number) ? EVENT_RESYNC : EVENT_STALE;
    /* In an unbroken row of records an odd number is a damaged number, not another round. */
    if (!w->gap.open)
        return w->damaged ? EVENT_RESYNC : EVENT_LIVE;
    return number_of_log(w, number) ? EVENT_RESYNC : EVENT_STALE;
}

/*
 * Bytes between the start and here, where the first record is met, that nothing was made of: they can be the end of a
 * record that begins at the other end of the ring.
 */
static uint64_t lead_of(const struct evt_walk *w)
{
    return w->gap.open && w->gap.given == 0 ? w->at - w->bounds.start : 0;
}

/* Records end before it. */
static uint64_t extent_of(const struct evt_walk *w)
{
    return takes_file(w) && !w->numbered ? w->ring->end + lead_of(w) : w->extent;
}

static struct bytes look_within(struct evt_walk *w, uint64_t place, size_t n)
{
    uint64_t left = extent_of(w) - place;
    return evt_ring_look(w->ring, place, n < left ? n : (size_t)left);
}

/* A view of whole records from here: BATCH_SIZE bytes, or all of a larger first one; and what tells of the last one. */
static struct bytes look_for_run(struct evt_walk *w)
{
    struct bytes view = look_within(w, w->at, BATCH_SIZE + EVT_BEHIND);
    uint32_t length = bytes_u32(view, 0);
    if (length > BATCH_SIZE && evt_length_valid(length))
        view = look_within(w, w->at, length + EVT_BEHIND);
    return view;
}

static void give(struct evt_walk *w, struct bytes bytes, uint32_t kind, struct batch *batch)
{
    if (in_log(w) && !w->led) {
        w->led = true;
        w->lead = w->at - w->bounds.start;
    }
    if (batch->capacity < bytes.n) {
        batch->capacity = bytes.n < BATCH_SIZE ? BATCH_SIZE : bytes.n;
        batch->bytes = memory_resize(batch->bytes, batch->capacity);
    }
    memcpy(batch->bytes, bytes.p, bytes.n);
    batch->seq = w->seq++;
    batch->offset = offset_of(w, w->at);
    batch->size = bytes.n;
    batch->kind = kind;
    w->at += bytes.n;
}

/* No record begins so near to the end of the ring: where its fixed part has no room, the rest is filled. */
static bool fixed_part_is_split(const struct evt_walk *w, uint64_t place)
{
    return place < w->ring->end && w->ring->end - place < EVT_FIXED;
}

/* ---- gaps ---- */

static void gap_open(struct evt_walk *w)
{
    if (w->gap.open)
        return;
    bool after_end = evt_end_present(evt_ring_look(w->ring, w->at, EVT_END_SIZE));
    w->gap = (struct evt_gap){ .open = true, .expected = after_end, .from = w->at };
}

/*
 * True when nothing was due there: the rest of a record that was overwritten, at the beginning of the ring or behind
 * an EOF record, and the unused space behind the last record.
 */
static bool gap_is_harmless(const struct evt_walk *w, bool at_end)
{
    bool lead = !w->numbered && !at_end && (w->bounds.scan || w->bounds.start_lost);
    bool unused = w->bounds.scan && (at_end || w->gap.expected) && w->gap.heads == 0;
    return w->gap.given == 0 && (lead || unused);
}

/* True when the file was cut at this gap: it may stand for more than its bytes can hold. */
static bool gap_is_cut(const struct evt_walk *w)
{
    bool over_the_end = w->gap.from < w->ring->end && w->at >= w->ring->end;
    return over_the_end || (w->bounds.start_lost && !w->numbered);
}

/* How many records are missing between the last one and `next`, when that can be. */
static bool gap_counts(const struct evt_walk *w, uint32_t next, uint64_t *missing)
{
    if (!w->expects || next <= w->number)
        return false;
    *missing = next - w->number - 1;
    return *missing <= (w->at - w->gap.from) / EVT_RECORD_MIN || gap_is_cut(w);
}

/* `next`: the number of the record behind the gap, or the log's next one at its end; 0 when it says nothing. */
static void gap_close(struct evt_walk *w, uint32_t next, bool at_end, struct account *account,
                      struct notices *notices)
{
    bool was_open = w->gap.open;
    w->gap.open = false;
    if (!was_open || !in_log(w))
        return;
    bool harmless = gap_is_harmless(w, at_end);
    uint64_t bytes = w->at - w->gap.from - w->gap.given, missing = 0;
    w->damaged |= !harmless || !w->bounds.start_lost;
    if (!harmless && bytes) {
        account->skipped_bytes += bytes;
        notice_add(notices, NOTICE_EVT_SKIPPED, offset_of(w, w->gap.from), bytes);
    }
    if (next && gap_counts(w, next, &missing)) {
        account->lost += missing > w->gap.parts ? missing - w->gap.parts : 0;
        w->number = next - 1;
    } else if (!harmless) {
        account->lost += w->gap.heads;
    }
}

/*
 * The first head that begins behind `from`, in the first STEP bytes of the view, and stands 4 bytes apart from its
 * beginning, or the first whole record at any place there; view.n when there is neither.
 */
static size_t head_in_view(struct bytes view, size_t from)
{
    size_t until = view.n < STEP + 7 ? view.n : STEP + 7;
    for (size_t at = from + 4; at < until; at++) {
        const uint8_t *hit = memmem(view.p + at, until - at, "LfLe", 4);
        if (!hit)
            break;
        at = (size_t)(hit - view.p);
        if (at % 4 == 0 || evt_record_length(bytes_part(view, at - 4, view.n)) != 0)
            return at - 4;
    }
    return view.n;
}

/*
 * The next place behind `last` where a record could begin; `limit` when there is none.  Records stand 4 bytes apart
 * from each other; but a transfer that changed line ends has moved what follows by as many bytes as it added.
 */
static uint64_t next_head(struct evt_walk *w, uint64_t last, uint64_t limit)
{
    for (uint64_t place = last; place < limit; place += STEP) {
        /* All of a record that begins in this step is in view: the window never has to go back. */
        struct bytes view = evt_ring_look(w->ring, place, STEP + LIMIT_EVT_RECORD);
        size_t at = head_in_view(view, place == last);
        if (at < view.n)
            return at < limit - place ? place + at : limit;
    }
    return limit;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The first head up to `end` is that of a record, and whole records follow each other from there to `end`. */
static bool records_fill(struct evt_walk *w, uint64_t first, uint64_t end)
{
    uint64_t place = first;
    while (place < end) {
        struct bytes view = evt_ring_look(w->ring, place, LIMIT_EVT_RECORD);
        size_t length = evt_record_length(view);
        if (length == 0)
            return false;
        place += length;
    }
    return place == end && first < end;
}

/*
 * Where the damaged record at w->at ends.  Its length holds when a record is due behind it, but not when it leads over
 * whole records: it is the length that is damaged, then (a record that stands in another's data does not end with it).
 * Otherwise it ends at the next head, and is not trusted over a former end of the file.  Seen in SysEvent.Evt: the
 * first 240 bytes of a record at 0x1dff10, then, at 0x1e0000, part of another one.
 */
static uint64_t part_end(struct evt_walk *w)
{
    struct bytes view = evt_ring_look(w->ring, w->at, EVT_LOOK_MAX);
    uint32_t length = bytes_u32(view, 0);
    uint64_t limit = least(w->until, w->at + LIMIT_EVT_RECORD);
    if (evt_length_valid(length) && w->at + length <= w->until) {
        limit = w->at + length;
        if (limit == w->until || evt_record_length(bytes_part(view, length, view.n)) != 0) {
            uint64_t head = next_head(w, w->at, limit);
            return records_fill(w, head, limit) ? head : limit;
        }
    }
    uint64_t offset = offset_of(w, w->at);
    limit = least(limit, w->at + (PAGE_GROW - offset % PAGE_GROW));
    limit = least(limit, w->at + (w->ring->end - offset));
    return next_head(w, w->at, limit);
}

/* A damaged record with a head that makes sense becomes a batch of its own. */
static bool take_part(struct evt_walk *w, struct batch *batch, struct notices *notices)
{
    struct evt_record record;
    struct bytes head = evt_ring_look(w->ring, w->at, 8);
    uint32_t length = bytes_u32(head, 0);
    /* A file header carries the signature too: junk may stand in front of it, or another log behind this one. */
    if (!in_log(w) && evt_header_present(evt_ring_look(w->ring, w->at, EVT_HEADER_SIZE)))
        notice_add(notices, NOTICE_EVT_JOINED, offset_of(w, w->at), 0);
    if (bytes_u32(head, 4) != EVT_SIGNATURE || length == EVT_HEADER_SIZE || fixed_part_is_split(w, w->at))
        return false;
    uint64_t end = part_end(w);
    struct bytes view = evt_ring_look(w->ring, w->at, (size_t)(end - w->at));
    /* Judged by its first bytes: junk can be full of signatures, each with all that follows as its record. */
    if (!evt_record_parse(bytes_part(view, 0, PART_HEAD), true, &record) || !evt_record_plausible(&record)) {
        w->gap.heads++;
        return false;
    }
    enum event_source source = source_of(w, record.number);
    if (source != EVENT_STALE) {
        notice_add(notices, NOTICE_EVT_RECORD_BROKEN, offset_of(w, w->at), length);
        w->gap.parts++;
        w->met++;
    } else {
        w->older++;
    }
    w->gap.given += view.n;
    give(w, view, EVT_KIND(source, true), batch);
    return true;
}

/* ---- runs ---- */

/* A record of the log should carry the number behind the last one's. */
static void check_number(struct evt_walk *w, uint64_t place, uint32_t number, struct notices *notices)
{
    if (w->expects && number != (uint32_t)(w->number + 1))
        notice_add(notices, NOTICE_EVT_NUMBER_JUMP, offset_of(w, place), number);
    w->expects = true;
    w->number = number;
}

/* A record of another round inside of the log is part of the gap: it ends where the log goes on. */
static enum event_source begin_run(struct evt_walk *w, uint32_t number, struct account *account,
                                   struct notices *notices)
{
    if (in_log(w) && source_of(w, number) == EVENT_STALE)
        return EVENT_STALE;
    if (in_log(w) && !w->numbered) {
        w->extent = extent_of(w);
        w->first = number;
    }
    gap_close(w, number, false, account, notices);
    w->numbered |= in_log(w);
    return source_of(w, number);
}

/* The run has reached the end of the ring: what follows stands elsewhere in the file. */
static bool meets_end(const struct evt_walk *w, size_t size)
{
    return w->at < w->ring->end && w->at + size >= w->ring->end;
}

static bool take_run(struct evt_walk *w, struct batch *batch, struct account *account, struct notices *notices)
{
    struct bytes view = look_for_run(w);
    size_t size = 0, length = evt_record_length(view);
    if (length == 0 || fixed_part_is_split(w, w->at))
        return false;
    enum event_source source = begin_run(w, bytes_u32(view, 8), account, notices);
    do {
        uint32_t number = bytes_u32(view, size + 8);
        if (source_of(w, number) != source)
            break;
        if (source == EVENT_STALE) {
            w->older++;
        } else {
            check_number(w, w->at + size, number, notices);
            w->newest = number > w->newest ? number : w->newest;
            w->met++;
        }
        size += length;
        length = evt_record_length(bytes_part(view, size, view.n));
    } while (length != 0 && size + length <= BATCH_SIZE && w->at + size < w->until && !meets_end(w, size) &&
             !fixed_part_is_split(w, w->at + size));
    if (w->gap.open)
        w->gap.given += size;
    give(w, (struct bytes){ view.p, size }, EVT_KIND(source, false), batch);
    return true;
}

/* ---- areas ---- */

/* Where older records can begin: behind the EOF record, or as much of one as there is. */
static uint64_t behind_end(struct evt_walk *w)
{
    struct bytes view = evt_ring_look(w->ring, w->bounds.end, EVT_END_SIZE);
    if (!evt_end_present(view))
        return w->bounds.end;
    return w->bounds.end + (bytes_u32(view, EVT_END_SIZE - 4) == EVT_END_SIZE ? EVT_END_SIZE : EVT_END_SIGNATURE);
}

/*
 * Records that the header knows of and that are not in the file, without an EOF record: cut off, or overwritten with
 * what is no record.  A stale header does not know the oldest one any more, but the newest were written after it.
 */
static uint64_t missing_in_scan(const struct evt_walk *w, uint64_t lost)
{
    const struct evt_bounds *b = &w->bounds;
    if (b->promised)
        return b->promised > w->met + lost ? b->promised - w->met - lost : 0;
    uint32_t newest = w->met ? w->newest : b->known_oldest - 1;
    uint64_t missing = b->known_next && newest < b->known_next - 1 ? b->known_next - 1 - newest : 0;
    uint64_t counted = lost + w->gap.parts;
    return missing > counted ? missing - counted : 0;
}

static void missing_say(struct evt_walk *w, struct account *account, struct notices *notices)
{
    uint64_t missing = missing_in_scan(w, account->lost);
    if (missing == 0)
        return;
    account->lost += missing;
    notice_add(notices, NOTICE_EVT_MISSING, NOTICE_NO_OFFSET, missing);
}

static void area_end(struct evt_walk *w, struct account *account, struct notices *notices)
{
    const struct evt_bounds *b = &w->bounds;
    gap_close(w, b->next, true, account, notices);
    if (in_log(w) && b->scan)
        missing_say(w, account, notices);
    bool older_follow = in_log(w) && !takes_file(w);
    /* Nothing was met from its start to its end: an old record may reach over all of it. */
    if (older_follow && !w->led)
        w->lead = b->end - b->start;
    if (older_follow && w->expects)
        check_number(w, w->until, b->next, notices);
    w->area = older_follow ? EVT_AREA_OLDER : EVT_AREA_NONE;
    w->expects = false;
    w->at = behind_end(w);
    w->until = b->start + evt_ring_size(w->ring);
    w->extent = w->until + w->lead;
}

/* Says once what could not be read. */
static void report_unread(struct evt_walk *w, struct notices *notices)
{
    const struct evt_ring *ring = w->ring;
    if (w->reported || (!ring->error && !ring->missing))
        return;
    w->reported = true;
    if (ring->error)
        notice_add(notices, NOTICE_INPUT_READ, ring->unread, (uint64_t)ring->error);
    else
        notice_add(notices, NOTICE_INPUT_SHRUNK, ring->unread, ring->missing);
}

static enum status finish(struct evt_walk *w, struct notices *notices)
{
    report_unread(w, notices);
    if (w->older)
        notice_add(notices, NOTICE_EVT_OLDER, NOTICE_NO_OFFSET, w->older);
    w->older = 0;
    return w->ring->error ? ST_LOST_INPUT : ST_END;
}

enum status evt_walk_next(struct evt_walk *w, struct batch *batch, struct account *account,
                          struct notices *notices)
{
    while (w->area != EVT_AREA_NONE) {
        if (w->at >= w->until) {
            area_end(w, account, notices);
            continue;
        }
        if (take_run(w, batch, account, notices))
            return ST_OK;
        if (!w->gap.open && w->at < w->ring->end && evt_fill_present(w->ring, w->at)) {
            w->at = w->ring->end;
            continue;
        }
        gap_open(w);
        if (take_part(w, batch, notices))
            return ST_OK;
        w->at = next_head(w, w->at, w->until);
    }
    return finish(w, notices);
}
