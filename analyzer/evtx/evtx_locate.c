#define _GNU_SOURCE /* memmem */
#include "evtx/evtx_locate.h"

#include <libdeflate.h>

#include "base/cursor.h"
#include "io/input.h"

#define MAGIC_SIZE 8u
#define NO_CRC     4u

static const uint8_t chunk_magic[MAGIC_SIZE] = "ElfChnk";
static const uint8_t file_magic[MAGIC_SIZE] = "ElfFile";

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

/* A chunk of which less than its magic stands at the end of the block: where it starts, or n. */
static size_t find_split_chunk(struct input *in, struct bytes b, uint64_t offset)
{
    uint8_t header[EVTX_CHUNK_HEADER];
    int error;
    for (size_t at = b.n - (MAGIC_SIZE - 1); at < b.n; at++) {
        if (memcmp(b.p + at, chunk_magic, b.n - at) != 0)
            continue;
        struct bytes found = { header, input_read_at(in, offset + at, header, sizeof header, &error) };
        if (evtx_is_chunk(found))
            return at;
    }
    return b.n;
}

/*
 * How many of the bytes belong to a chunk that starts here.  Inside of a whole header none is looked for: a piece that
 * begins at one has EVTX_CHUNK_HEADER bytes at least.  Every piece takes one read of EVTX_CHUNK_SIZE, so no byte of a
 * file is read more than 2 * EVTX_CHUNK_SIZE / EVTX_CHUNK_HEADER = 256 times.
 */
static size_t chunk_extent(struct input *in, struct bytes b, uint64_t offset)
{
    if (!is_on_grid(offset))
        return find_chunk(b, evtx_is_chunk(b) ? EVTX_CHUNK_HEADER : 1);
    /* On the grid, what looks like a chunk among its records is torn data or an event's.  Behind them it is the next
     * chunk: a transfer that changed line ends has moved all that follows towards the front. */
    uint32_t free_space = bytes_u32(b, 0x30);
    size_t found = find_chunk(b, free_space >= EVTX_CHUNK_HEADER ? free_space : b.n);
    return found < b.n ? found : find_split_chunk(in, b, offset);
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
        ret->size = find_chunk(b, 1);
        const uint8_t *header = memmem(b.p + 1, ret->size - 1, file_magic, MAGIC_SIZE);
        if (header)
            ret->size = (size_t)(header - b.p);
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
