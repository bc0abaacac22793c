#define _GNU_SOURCE /* memmem */
#include "evtx/evtx_locate.h"

#include <libdeflate.h>

#include "base/cursor.h"
#include "io/input.h"

#define MAGIC_SIZE 8u
#define NO_CRC     4u

#define EVT_HEADER 48u
#define FILE_HEADER_USED 128u /* as it says at 0x20 */

#define RECORD_MAGIC_SIZE 4u
#define RECORD_TAIL       4u /* the copy of its size */

static const uint8_t chunk_magic[MAGIC_SIZE] = "ElfChnk";
static const uint8_t file_magic[MAGIC_SIZE] = "ElfFile";
static const uint8_t evt_magic[] = { EVT_HEADER, 0, 0, 0, 'L', 'f', 'L', 'e', 1, 0, 0, 0, 1, 0, 0, 0 };
static const uint8_t record_magic[RECORD_MAGIC_SIZE] = "**\0";

/* Heads of records that reach over the end of a block and are looked into: the last whole one is the first of them
 * unless the others are an event's data. */
#define SPLIT_TRIES 16

static bool starts_with(struct bytes b, const uint8_t *magic)
{
    return b.n >= MAGIC_SIZE && memcmp(b.p, magic, MAGIC_SIZE) == 0;
}

bool evtx_chunk_header_sound(struct bytes chunk)
{
    if (chunk.n < EVTX_CHUNK_HEADER)
        return false;
    uint32_t crc = libdeflate_crc32(0, chunk.p, 0x78);
    crc = libdeflate_crc32(crc, chunk.p + 0x80, EVTX_CHUNK_HEADER - 0x80);
    return crc == bytes_u32(chunk, 0x7c);
}

bool evtx_is_chunk(struct bytes b)
{
    if (!starts_with(b, chunk_magic) || b.n < EVTX_CHUNK_HEADER)
        return false;
    uint32_t free_space = bytes_u32(b, 0x30);
    if (bytes_u32(b, 0x28) != 128 || free_space < EVTX_CHUNK_HEADER || free_space > EVTX_CHUNK_SIZE)
        return false;
    return evtx_chunk_header_sound(b) || (bytes_u32(b, 0x78) & NO_CRC);
}

bool bytes_are_zero(struct bytes b)
{
    /* Each byte equals the one before it: all are what the first is. */
    return b.n == 0 || (b.p[0] == 0 && memcmp(b.p, b.p + 1, b.n - 1) == 0);
}

/*
 * The first sound start of a chunk in from .. n, or n.  A chunk whose header reaches over the end of the block is left
 * to the next call: its magic ends the piece.
 */
static size_t find_chunk(struct bytes b, size_t from)
{
    for (size_t at = from; at < b.n;) {
        const uint8_t *found = memmem(b.p + at, b.n - at, chunk_magic, MAGIC_SIZE);
        if (!found)
            return b.n;
        at = (size_t)(found - b.p);
        if (b.n - at < EVTX_CHUNK_HEADER || evtx_is_chunk(bytes_part(b, at, b.n)))
            return at;
        at++;
    }
    return b.n;
}

static bool is_on_grid(uint64_t offset)
{
    return offset % EVTX_CHUNK_SIZE == EVTX_FILE_HEADER;
}

static uint64_t next_grid(uint64_t offset)
{
    return offset + 1 + (EVTX_FILE_HEADER - 1 - offset) % EVTX_CHUNK_SIZE;
}

bool evtx_is_evt(struct bytes b)
{
    return b.n >= EVT_HEADER && memcmp(b.p, evt_magic, sizeof evt_magic) == 0 &&
           bytes_u32(b, EVT_HEADER - 4) == EVT_HEADER;
}

/* Of which header this can be the first bytes, as long as the magic is. */
static bool may_begin(struct bytes b)
{
    return memcmp(b.p, chunk_magic, b.n < MAGIC_SIZE ? b.n : MAGIC_SIZE) == 0 ||
           memcmp(b.p, file_magic, b.n < MAGIC_SIZE ? b.n : MAGIC_SIZE) == 0 ||
           memcmp(b.p, evt_magic, b.n < sizeof evt_magic ? b.n : sizeof evt_magic) == 0;
}

/* A header of which the first bytes stand at the end of the block: where it starts, or n. */
static size_t find_split_header(struct input *in, struct bytes b, uint64_t offset)
{
    uint8_t header[EVTX_CHUNK_HEADER];
    int error;
    for (size_t at = b.n < EVT_HEADER ? 1 : b.n - (EVT_HEADER - 1); at < b.n; at++) {
        if (!may_begin(bytes_part(b, at, b.n)))
            continue;
        struct bytes found = { header, input_read_at(in, offset + at, header, sizeof header, &error) };
        bool is_file = starts_with(found, file_magic) && bytes_u32(found, 0x20) == FILE_HEADER_USED;
        if (is_file || evtx_is_chunk(found) || evtx_is_evt(found))
            return at;
    }
    return b.n;
}

/* The first header of a file in from .. n, or n; of a classic log only where `evt` says so. */
static size_t find_file(struct bytes b, size_t from, bool evt)
{
    const uint8_t *header = from < b.n ? memmem(b.p + from, b.n - from, file_magic, MAGIC_SIZE) : NULL;
    if (header)
        b.n = (size_t)(header - b.p);
    for (size_t at = from; evt && at < b.n; at++) {
        const uint8_t *found = memmem(b.p + at, b.n - at, evt_magic, sizeof evt_magic);
        if (!found)
            break;
        at = (size_t)(found - b.p);
        if (evtx_is_evt(bytes_part(b, at, b.n)))
            return at;
    }
    return b.n;
}

/* The size of the whole record that stands there and reaches behind `end`; 0 when there is none. */
static uint32_t record_reaches(struct input *in, uint64_t offset, uint64_t end)
{
    uint8_t head[EVTX_RECORD_HEAD], tail[RECORD_TAIL];
    int error;
    struct bytes h = { head, input_read_at(in, offset, head, sizeof head, &error) };
    uint32_t size = bytes_u32(h, RECORD_MAGIC_SIZE);
    if (h.n < sizeof head || memcmp(head, record_magic, sizeof record_magic) != 0 || size < EVTX_RECORD_MIN ||
        size > EVTX_CHUNK_SIZE || offset + size <= end)
        return 0;
    struct bytes t = { tail, input_read_at(in, offset + size - sizeof tail, tail, sizeof tail, &error) };
    return t.n == sizeof tail && bytes_u32(t, 0) == size ? size : 0;
}

/*
 * Where the whole record ends that begins in *from .. at and has `at` in it: what stands there is its data.  `at` when
 * there is none.  *from goes on, so that no head is looked into twice, however many places are asked for.
 */
static size_t record_around(struct input *in, struct bytes b, uint64_t offset, size_t *from, size_t at)
{
    while (*from < at) {
        const uint8_t *found = memchr(b.p + *from, record_magic[0], at - *from);
        *from = found ? (size_t)(found - b.p) + 1 : at;
        if (!found || b.n - *from + 1 < RECORD_MAGIC_SIZE || memcmp(found, record_magic, sizeof record_magic) != 0)
            continue;
        uint32_t size = record_reaches(in, offset + *from - 1, offset + at);
        if (size)
            return *from - 1 + size;
    }
    return at;
}

/*
 * A record that goes on behind the end of the block, where nothing tells how far the chunk around it reached: where it
 * starts, or n.  The first EVTX_CHUNK_HEADER bytes are the piece's in any case (chunk_extent says why).
 */
static size_t find_split_record(struct input *in, struct bytes b, uint64_t offset)
{
    unsigned tries = SPLIT_TRIES;
    for (size_t at = EVTX_CHUNK_HEADER; at < b.n && tries; at++) {
        const uint8_t *found = memchr(b.p + at, record_magic[0], b.n - at);
        if (!found)
            break;
        at = (size_t)(found - b.p);
        size_t here = b.n - at < RECORD_MAGIC_SIZE ? b.n - at : RECORD_MAGIC_SIZE, size = RECORD_MAGIC_SIZE + 4;
        if (memcmp(found, record_magic, here) != 0)
            continue;
        if (b.n - at >= size && bytes_u32(b, at + RECORD_MAGIC_SIZE) <= b.n - at)
            continue;
        tries--;
        if (record_reaches(in, offset + at, offset + b.n))
            return at;
    }
    return b.n;
}

/* The checksum of what stands between the header and the free-space offset holds. */
static bool records_sound(struct bytes b)
{
    uint32_t free_space = bytes_u32(b, 0x30);
    if (free_space < EVTX_CHUNK_HEADER || free_space > b.n)
        return false;
    return libdeflate_crc32(0, b.p + EVTX_CHUNK_HEADER, free_space - EVTX_CHUNK_HEADER) == bytes_u32(b, 0x34);
}

/*
 * Bytes may be missing in this chunk or be too many: its records are damaged, and no chunk stands where the next one is
 * due.  The checksum is asked last: a sound log does not pay for it.
 */
static bool may_be_shifted(struct input *in, struct bytes b, uint64_t offset)
{
    uint8_t magic[MAGIC_SIZE];
    int error;
    struct bytes due = { magic, input_read_at(in, offset + EVTX_CHUNK_SIZE, magic, sizeof magic, &error) };
    return !starts_with(due, chunk_magic) && !records_sound(b);
}

/* The header of the very next chunk by its own checksum and by its first record. */
static bool header_follows(struct bytes b, struct bytes header)
{
    uint64_t last = bytes_u64(b, 0x20);
    return last != UINT64_MAX && bytes_u64(header, 0x18) == last + 1 && evtx_is_chunk(header) &&
           evtx_chunk_header_sound(header);
}

/*
 * The next chunk among the records of this one, before `end`, or n: with a sector or a page missing, it starts that
 * much before its place.  What an event's data holds is not taken for it unless it tells the very next record.
 */
static size_t find_follower(struct input *in, struct bytes b, size_t end, uint64_t offset)
{
    uint8_t header[EVTX_CHUNK_HEADER];
    int error;
    for (size_t at = EVTX_CHUNK_HEADER; at < end; at++) {
        const uint8_t *found = memmem(b.p + at, b.n - at, chunk_magic, MAGIC_SIZE);
        if (!found || (at = (size_t)(found - b.p)) >= end)
            break;
        struct bytes here = bytes_part(b, at, b.n);
        if (here.n < sizeof header)
            here = (struct bytes){ header, input_read_at(in, offset + at, header, sizeof header, &error) };
        if (header_follows(b, here))
            return at;
    }
    return b.n;
}

/*
 * On the grid, what looks like a chunk among the records is torn data or an event's, unless the records are damaged.
 * Behind them it is the next chunk: a transfer that changed line ends has moved all that follows towards the front.
 */
static size_t find_next_chunk(struct input *in, struct bytes b, uint64_t offset, bool shifted)
{
    uint32_t free_space = bytes_u32(b, 0x30);
    size_t behind = free_space >= EVTX_CHUNK_HEADER && free_space < b.n ? free_space : b.n;
    size_t found = shifted ? find_follower(in, b, behind, offset) : b.n;
    return found < b.n ? found : find_chunk(b, behind);
}

/*
 * How many of the bytes belong to a chunk that starts here.  Inside of a whole header none is looked for: a piece that
 * begins at one has EVTX_CHUNK_HEADER bytes at least.  Every piece takes one read of EVTX_CHUNK_SIZE, so no byte of a
 * file is read more than 2 * EVTX_CHUNK_SIZE / EVTX_CHUNK_HEADER = 256 times.
 */
static size_t chunk_extent(struct input *in, struct bytes b, uint64_t offset)
{
    bool shifted = may_be_shifted(in, b, offset);
    size_t next = is_on_grid(offset) ? find_next_chunk(in, b, offset, shifted)
                                     : find_chunk(b, evtx_is_chunk(b) ? EVTX_CHUNK_HEADER : 1);
    if (next == b.n)
        next = find_split_header(in, b, offset);
    /* Bytes that were put in have moved the last records behind the end: a whole one over it starts the next piece. */
    return next < b.n || !shifted ? next : find_split_record(in, b, offset);
}

/*
 * How many of the bytes stand in front of the next header.  One in the data of a whole record is none.  In a classic
 * log the next header of such a log says nothing more: a file of them takes one or two pieces for each block.
 */
static size_t orphan_extent(struct input *in, struct bytes b, uint64_t offset)
{
    size_t until = find_chunk(b, 1), from = 0, at = 1;
    bool evt = !evtx_is_evt(b);
    while ((at = find_file(bytes_part(b, 0, until), at, evt)) < until) {
        size_t end = record_around(in, b, offset, &from, at);
        if (end == at)
            return at;
        at = end;
    }
    if (until < b.n)
        return until;
    size_t size = find_split_header(in, b, offset);
    if (size < b.n && record_around(in, b, offset, &from, size) == size)
        return size;
    return is_on_grid(offset) ? b.n : find_split_record(in, b, offset);
}

static void describe(struct input *in, struct bytes b, uint64_t offset, struct evtx_piece *ret)
{
    ret->offset = offset;
    ret->size = b.n;
    if (starts_with(b, file_magic)) {
        ret->kind = EVTX_PIECE_FILE_HEADER;
        if (ret->size > EVTX_FILE_HEADER)
            ret->size = EVTX_FILE_HEADER;
    } else if (starts_with(b, chunk_magic)) {
        ret->kind = EVTX_PIECE_CHUNK;
        ret->size = chunk_extent(in, b, offset);
    } else {
        ret->kind = EVTX_PIECE_ORPHAN;
        ret->size = orphan_extent(in, b, offset);
    }
    ret->next = offset + ret->size;
}

bool evtx_locate(struct input *in, uint64_t from, uint8_t *block, struct evtx_piece *ret, int *error)
{
    *error = 0;
    for (;;) {
        struct bytes b = { block, input_read_at(in, from, block, EVTX_CHUNK_SIZE, error) };
        if (b.n == 0)
            return false;
        if (!bytes_are_zero(b)) {
            describe(in, b, from, ret);
            return true;
        }
        from = is_on_grid(from) ? from + b.n : next_grid(from);
    }
}
