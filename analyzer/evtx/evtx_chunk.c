#include "evtx/evtx_chunk.h"

#include <libdeflate.h>

#include "base/cursor.h"

#define RECORD_MAGIC 0x00002A2Au
#define NO_CRC       4u
#define TIME_MIN     119600064000000000u /* 1980: where the clocks of PCs start */
#define TIME_MAX     189025920000000000u /* 2200 */
#define SECTOR       512u  /* what a disk writes at once: a tail of zeros starts at a multiple of it */
#define PAGE         4096u /* what Windows writes at once: generations change at a multiple of it */
#define SLACK_MAX    7u    /* between the end of a record's XML and its size copy */

static bool has_magic(struct bytes b, size_t at)
{
    return b.n >= EVTX_RECORD_MIN && at <= b.n - EVTX_RECORD_MIN && bytes_u32(b, at) == RECORD_MAGIC;
}

static bool is_record(struct bytes b, size_t at)
{
    if (!has_magic(b, at))
        return false;
    uint32_t size = bytes_u32(b, at + 4);
    return size >= EVTX_RECORD_MIN && size <= b.n - at && bytes_u32(b, at + size - 4) == size;
}

/*
 * The first place from `from` on, at any alignment, where the magic of a record stands; n when there is none.  Not by
 * memmem: it looks at the last bytes first, and half of a usual chunk is zeros.
 */
static size_t find_magic(struct bytes b, size_t from)
{
    for (size_t at = from; at < b.n; at++) {
        const uint8_t *found = memchr(b.p + at, RECORD_MAGIC & 0xFF, b.n - at);
        if (!found)
            break;
        at = (size_t)(found - b.p);
        if (b.n - at >= 4 && bytes_u32(b, at) == RECORD_MAGIC)
            return at;
    }
    return b.n;
}

bool evtx_holds_record(struct bytes b)
{
    for (size_t at = find_magic(b, 0); at < b.n; at = find_magic(b, at + 1))
        if (is_record(b, at))
            return true;
    return false;
}

static void read_header(struct evtx_chunk *c)
{
    struct cursor in = cursor_at(c->bytes, 8);
    c->first_number = cursor_u64(&in);
    c->last_number = cursor_u64(&in);
    c->first_id = cursor_u64(&in);
    c->last_id = cursor_u64(&in);
    cursor_u32(&in); /* header size */
    cursor_u32(&in); /* offset of the last record: the walk finds it */
    uint32_t free_space = cursor_u32(&in);
    if (free_space >= EVTX_CHUNK_HEADER && free_space <= EVTX_CHUNK_SIZE)
        c->limit = free_space < c->bytes.n ? free_space : c->bytes.n;
    else
        (void)notice_add(c->notices, NOTICE_EVTX_CHUNK_BOUNDS, c->offset + 0x30, free_space);
}

static void check_sums(struct evtx_chunk *c)
{
    uint32_t free_space = bytes_u32(c->bytes, 0x30);
    c->sound = true;
    if (bytes_u32(c->bytes, 0x78) & NO_CRC)
        return;
    if (!evtx_chunk_header_sound(c->bytes)) {
        (void)notice_add(c->notices, NOTICE_EVTX_CHUNK_CHECKSUM, c->offset, bytes_u32(c->bytes, 0x7c));
        c->sound = false;
    }
    if (free_space > c->bytes.n || free_space < EVTX_CHUNK_HEADER)
        return;
    uint32_t crc = libdeflate_crc32(0, c->bytes.p + EVTX_CHUNK_HEADER, free_space - EVTX_CHUNK_HEADER);
    if (crc != bytes_u32(c->bytes, 0x34))
        (void)notice_add(c->notices, NOTICE_EVTX_RECORDS_CHECKSUM, c->offset, bytes_u32(c->bytes, 0x34));
}

/* An empty chunk has 1 and -1; more than fit in a chunk is no promise. */
static uint64_t promised(const struct evtx_chunk *c)
{
    uint64_t count = c->last_number - c->first_number + 1;
    bool plausible = c->sound && c->last_number >= c->first_number && c->last_number != UINT64_MAX &&
                     count <= EVTX_CHUNK_SIZE / EVTX_RECORD_MIN;
    return plausible ? count : 0;
}

/* Whole, and no chance: where one is only searched for, half-overwritten heads must not pass for a record. */
static bool is_plausible(struct bytes b, size_t at)
{
    uint64_t written = bytes_u64(b, at + 16);
    return is_record(b, at) && written > TIME_MIN && written < TIME_MAX;
}

/* The first record stands behind the header, or in front of its end where bytes of the header are missing. */
static void find_first(struct evtx_chunk *c)
{
    size_t end = c->bytes.n < EVTX_CHUNK_HEADER ? c->bytes.n : EVTX_CHUNK_HEADER;
    size_t at = is_record(c->bytes, end) ? end : find_magic(c->bytes, 0);
    while (at < end && !is_plausible(c->bytes, at))
        at = find_magic(c->bytes, at + 1);
    c->at = at < end ? at : EVTX_CHUNK_HEADER;
    if (at >= end)
        return;
    c->torn = c->short_header = true;
    c->sound = false; /* also where the flags, which moved as well, seem to say that there is no checksum */
    c->step = 1;
    (void)notice_add(c->notices, NOTICE_EVTX_MISALIGNED, c->offset + c->at, c->at % 8);
}

void evtx_chunk_open(struct evtx_chunk *c, struct bytes bytes, uint64_t offset, enum evtx_piece_kind kind,
                     struct account *account, struct notices *notices)
{
    *c = (struct evtx_chunk){ .bytes = bytes, .offset = offset, .account = account, .notices = notices, .step = 8 };
    c->has_header = kind != EVTX_PIECE_ORPHAN;
    c->carved = kind == EVTX_PIECE_CARVED;
    c->limit = bytes.n;
    if (!c->has_header) {
        (void)notice_add(notices, NOTICE_EVTX_CHUNK_GONE, offset, bytes.n);
        c->torn = true;
        c->step = 1;
        return;
    }
    check_sums(c);
    read_header(c);
    find_first(c);
    account->promised += promised(c);
}

/* The next whole record from `from` on, or the limit. */
static size_t find_record(const struct evtx_chunk *c, size_t from, size_t step)
{
    size_t at = from;
    if (step == 1)
        at = find_magic(c->bytes, at);
    while (at < c->limit && !is_plausible(c->bytes, at))
        at = step == 1 ? find_magic(c->bytes, at + 1) : at + step;
    return at < c->limit ? at : c->limit;
}

/*
 * Records stand on multiples of 8.  Only where none is left there, any place is tried: a transfer that changed line
 * ends has moved them.
 */
static size_t find_moved(struct evtx_chunk *c, size_t from)
{
    size_t found = find_record(c, from, 1);
    if (found < c->limit) {
        c->step = 1;
        (void)notice_add(c->notices, NOTICE_EVTX_MISALIGNED, c->offset + found, found % 8);
    }
    return found;
}

static size_t find_next(struct evtx_chunk *c)
{
    size_t found = find_record(c, c->at + c->step, c->step);
    return found < c->limit || c->step == 1 ? found : find_moved(c, c->at + 1);
}

static void describe(const struct evtx_chunk *c, size_t at, struct evtx_record *ret)
{
    struct cursor in = cursor_at(c->bytes, at + 4);
    *ret = (struct evtx_record){ .at = at };
    ret->size = cursor_u32(&in);
    ret->id = cursor_u64(&in);
    ret->written = cursor_u64(&in);
    ret->end = at + ret->size - 4;
}

/*
 * Up to where a record without its tail can be trusted: a tail that was never written is zeros from a sector on; one
 * that was overwritten is another generation's from a page on.
 */
static size_t sound_until(const struct evtx_chunk *c, size_t at, size_t end)
{
    size_t last = end;
    while (last > at && c->bytes.p[last - 1] == 0)
        last--;
    size_t sector = (last + SECTOR - 1) / SECTOR * SECTOR;
    if (sector < end)
        return sector;
    size_t page = (at / PAGE + 1) * PAGE;
    return page < end ? page : end;
}

/* False when there is not even a head whose number and time can be trusted. */
static bool take_partial(struct evtx_chunk *c, size_t next, struct evtx_record *ret)
{
    size_t at = c->at, size = bytes_u32(c->bytes, at + 4), end = next < c->bytes.n ? next : c->bytes.n;
    if (!has_magic(c->bytes, at))
        return false;
    if (size >= EVTX_RECORD_MIN && size < end - at)
        end = at + size;
    end = sound_until(c, at, end);
    if (end < at + EVTX_RECORD_HEAD)
        return false;
    describe(c, at, ret);
    ret->end = end;
    ret->partial = true;
    ret->source = !c->has_header ? EVENT_ORPHAN : c->carved ? EVENT_CARVED : EVENT_LIVE;
    c->met++;
    /* Without a chunk header nothing says that a record is due here: it is given, but counted as lost. */
    *(c->has_header ? &c->account->partial : &c->account->lost) += 1;
    (void)notice_add(c->notices, NOTICE_EVTX_RECORD_PARTIAL, c->offset + at, ret->id);
    return true;
}

/* Zeros between the last promised record and the free-space offset: some archived logs end so. */
static bool ends_quietly(const struct evtx_chunk *c)
{
    bool all_met = c->has_header && c->previous >= c->last_id && c->previous != 0;
    bool empty = c->has_header && c->last_id == UINT64_MAX;
    return (all_met || empty) && bytes_u32(c->bytes, c->at) == 0;
}

/*
 * Whether the header can name the records that are the chunk's own: none of its bytes were moved and, where its checksum
 * does not hold, its two counts of them agree.
 */
static bool names_its_own(const struct evtx_chunk *c)
{
    uint64_t more = c->last_id - c->first_id;
    bool agree = more == c->last_number - c->first_number && more < EVTX_CHUNK_SIZE / EVTX_RECORD_MIN;
    return c->sound || (agree && !c->short_header);
}

/* Behind a tear: whether a record is of the chunk's own generation.  Where its header cannot tell, its neighbours do. */
static bool is_own(const struct evtx_chunk *c, uint64_t id)
{
    if (id >= c->first_id && id <= c->last_id)
        return true;
    bool follows = id > c->previous && id - c->previous <= EVTX_CHUNK_SIZE / EVTX_RECORD_MIN;
    return !names_its_own(c) && (c->previous == 0 || follows);
}

static enum event_source source_of(struct evtx_chunk *c, const struct evtx_record *r)
{
    if (r->at < c->hidden_until)
        return EVENT_HIDDEN;
    if (!c->has_header)
        return EVENT_ORPHAN;
    if (!c->torn)
        return c->carved ? EVENT_CARVED : EVENT_LIVE;
    if (is_own(c, r->id))
        return c->carved ? EVENT_CARVED : EVENT_RESYNC;
    (void)notice_add(c->notices, NOTICE_EVTX_GENERATION, c->offset + r->at, r->id);
    return EVENT_STALE;
}

static void take_whole(struct evtx_chunk *c, struct evtx_record *ret)
{
    describe(c, c->at, ret);
    ret->source = source_of(c, ret);
    if (ret->source == EVENT_HIDDEN)
        (void)notice_add(c->notices, NOTICE_EVTX_HIDDEN, c->offset + c->at, ret->id);
    if (ret->source != EVENT_STALE)
        c->met++;
    if (ret->source != EVENT_STALE && ret->source != EVENT_HIDDEN)
        c->previous = ret->id;
    c->at += ret->size;
}

/* What is due here is no whole record.  True when its head, at least, can be shown. */
static bool skip(struct evtx_chunk *c, struct evtx_record *ret)
{
    size_t next = find_next(c), skipped = next - c->at;
    bool partial = take_partial(c, next, ret);
    if (!bytes_are_zero(bytes_part(c->bytes, c->at, skipped))) {
        c->account->skipped_bytes += skipped;
        if (!partial)
            (void)notice_add(c->notices, NOTICE_EVTX_SKIPPED, c->offset + c->at, skipped);
    }
    c->torn = true;
    c->at = next;
    return partial;
}

static bool next_live(struct evtx_chunk *c, struct evtx_record *ret)
{
    while (c->at < c->limit) {
        if (c->at < c->hidden_until || is_record(c->bytes, c->at)) {
            take_whole(c, ret);
            return true;
        }
        if (ends_quietly(c))
            c->at = c->limit;
        else if (skip(c, ret))
            return true;
    }
    return false;
}

/*
 * Records that go on behind the free-space offset with the very next id, or begin there with the first one, belong to
 * the log: the offset is wrong.
 */
static bool goes_on(const struct evtx_chunk *c)
{
    bool empty = c->previous == 0 && c->last_id == UINT64_MAX;
    if (!c->has_header || empty || !is_record(c->bytes, c->at))
        return false;
    uint64_t id = bytes_u64(c->bytes, c->at + 8), due = c->previous ? c->previous + 1 : c->first_id;
    return id == due && (id <= c->last_id || !c->sound);
}

static void close_live(struct evtx_chunk *c)
{
    uint64_t count = promised(c);
    c->closed = true;
    c->limit = c->bytes.n;
    if (count <= c->met)
        return;
    c->account->lost += count - c->met;
    (void)notice_add(c->notices, NOTICE_EVTX_MISSING, c->offset, count - c->met);
}

static bool next_slack(struct evtx_chunk *c, struct evtx_record *ret)
{
    size_t from = c->at;
    c->at = find_record(c, from, c->step);
    if (c->at >= c->limit && c->step != 1)
        c->at = find_moved(c, from);
    if (c->at >= c->limit)
        return false;
    describe(c, c->at, ret);
    ret->source = EVENT_SLACK;
    c->at += ret->size;
    return true;
}

bool evtx_chunk_next(struct evtx_chunk *c, struct evtx_record *ret)
{
    if (!c->closed && next_live(c, ret))
        return true;
    if (!c->closed && goes_on(c)) {
        (void)notice_add(c->notices, NOTICE_EVTX_FREE_SPACE, c->offset + c->at, bytes_u32(c->bytes, 0x30));
        take_whole(c, ret);
        return true;
    }
    if (!c->closed)
        close_live(c);
    return next_slack(c, ret);
}

/*
 * Whole records from `at` on, the last of which ends exactly at `end`; in the place of its size copy now stands
 * that of the record enlarged over it.
 */
static bool chain_fits(struct bytes b, size_t at, size_t end)
{
    while (at < end && is_record(b, at))
        at += bytes_u32(b, at + 4);
    if (at >= end || !has_magic(b, at))
        return at == end;
    return bytes_u32(b, at + 4) >= EVTX_RECORD_MIN && bytes_u32(b, at + 4) == end - at;
}

bool evtx_chunk_unlinked(struct evtx_chunk *c, struct evtx_record *outer, size_t from)
{
    size_t outer_end = outer->at + outer->size;
    if (c->closed || outer->partial || from + SLACK_MAX >= outer->end)
        return false;
    for (size_t at = (from + 7) / 8 * 8; at + EVTX_RECORD_MIN <= outer_end; at += 8) {
        if (bytes_u32(c->bytes, at - 4) != at - outer->at || !has_magic(c->bytes, at) ||
            !chain_fits(c->bytes, at, outer_end))
            continue;
        outer->size = at - outer->at;
        c->at = at;
        c->hidden_until = outer_end;
        return true;
    }
    return false;
}
