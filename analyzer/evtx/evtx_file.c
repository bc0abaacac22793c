/* An .evtx file: its header, and its chunks one after the other. */
#include "evtx/evtx.h"

#include <stdlib.h>
#include <libdeflate.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "evtx/evtx_chunk.h"
#include "evtx/evtx_foreign.h"
#include "evtx/evtx_locate.h"
#include "evtx/evtx_log.h"
#include "io/input.h"

#define HEADER_USED  0x80u
#define FLAG_DIRTY   1u
#define FLAG_NO_CRC  4u
#define VERSION_3_1  0x00030001u
#define VERSION_3_2  0x00030002u

static const uint8_t file_magic[8] = "ElfFile";

static bool evtx_begins(struct input *in)
{
    uint8_t magic[sizeof file_magic];
    int error;
    return input_read_at(in, 0, magic, sizeof magic, &error) == sizeof magic &&
           memcmp(magic, file_magic, sizeof magic) == 0;
}

static bool evtx_probe(struct input *in)
{
    uint8_t *block = memory_new(EVTX_CHUNK_SIZE);
    struct evtx_piece piece = { 0 };
    bool found = false;
    int error;
    while (!found && piece.next < LIMIT_PROBE && evtx_locate(in, piece.next, block, &piece, &error))
        found = piece.kind != EVTX_PIECE_ORPHAN || evtx_holds_record((struct bytes){ block, piece.size });
    free(block);
    return found;
}

/* Of several headers none speaks for the whole file; each does for the chunks behind it. */
static void remember_header(struct log *log, struct bytes h, uint64_t offset)
{
    bool whole = offset == 0 && h.n >= HEADER_USED;
    log->headed = true;
    log->other = false;
    log->gap = log->carved = false;
    log->grid = (offset + EVTX_FILE_HEADER) % EVTX_CHUNK_SIZE;
    log->next_id = whole ? bytes_u64(h, 0x18) : 0;
    log->chunks_counted = whole ? bytes_u16(h, 0x2a) : 0;
}

/*
 * A file header accounts for the chunks on its grid, and for those that follow them without a gap: a transfer that took
 * bytes away has moved them.  All others were found by searching, where they may have got by chance.
 */
static enum evtx_piece_kind chunk_kind(struct log *log, uint64_t offset, struct notices *notices)
{
    bool before = log->carved, on_grid = log->headed && offset % EVTX_CHUNK_SIZE == log->grid;
    log->carved = !on_grid && (!log->headed || log->gap || log->carved);
    log->gap = false;
    if (log->carved && !before)
        (void)notice_add(notices, NOTICE_EVTX_CHUNK_CARVED, offset, 0);
    return log->carved ? EVTX_PIECE_CARVED : EVTX_PIECE_CHUNK;
}

static enum evtx_piece_kind piece_kind(struct log *log, const struct evtx_piece *piece, struct notices *notices)
{
    if (piece->kind == EVTX_PIECE_CHUNK)
        return chunk_kind(log, piece->offset, notices);
    log->gap = true;
    return piece->kind;
}

/* A piece of a classic log, and nothing else: up to the next chunk or file header. */
static bool is_other(struct log *log, const struct evtx_piece *piece, struct bytes b, struct notices *notices)
{
    if (piece->kind != EVTX_PIECE_ORPHAN) {
        log->other = false;
        return false;
    }
    /* Behind one cut there may be many such logs. */
    if (!log->other && evtx_is_evt(b)) {
        (void)notice_add(notices, NOTICE_EVTX_THEN_EVT, piece->offset, piece->offset);
        log->other = true;
    }
    log->gap |= log->other;
    return log->other && !evtx_holds_record(b);
}

static void remember_chunk(struct log *log, struct bytes b)
{
    uint64_t last = bytes_u64(b, 0x20);
    if (!evtx_is_chunk(b) || last == UINT64_MAX)
        return;
    log->before_id = last;
    if (last > log->last_id)
        log->last_id = last;
}

/* Records that are due and not there: in the account when that many chunks can hold as many. */
static void count_missing(uint64_t records, uint64_t chunks, struct account *account)
{
    if (records > chunks * (EVTX_CHUNK_SIZE / EVTX_RECORD_MIN))
        return;
    account->promised += records;
    account->lost += records;
}

/* Where the chunks end that the header of the file counts. */
static uint64_t counted_end(const struct log *log)
{
    return log->chunks_counted ? EVTX_FILE_HEADER + log->chunks_counted * EVTX_CHUNK_SIZE : 0;
}

/*
 * Nothing but zeros from `from` to the chunk at `to`.  When its numbers follow those of the chunk before, nothing was
 * there; when they cannot tell, as the log has wrapped or this is its first chunk, it is the header's count that does.
 */
static void check_empty(const struct log *log, uint64_t from, uint64_t to, struct bytes b, struct account *account,
                        struct notices *notices)
{
    uint64_t chunks = to > from ? (to - from) / EVTX_CHUNK_SIZE : 0, first = bytes_u64(b, 0x18);
    if (!log->headed || chunks == 0 || !evtx_is_chunk(b) || first == UINT64_MAX)
        return;
    bool follows = log->before_id != 0 && first > log->before_id;
    uint64_t missing = follows ? first - log->before_id - 1 : 0;
    if (follows ? missing == 0 : first <= 1 || from >= counted_end(log))
        return;
    (void)notice_add(notices, NOTICE_EVTX_CHUNK_EMPTY, from, chunks);
    count_missing(missing, chunks, account);
}

static void check_header(struct bytes h, uint64_t offset, struct notices *notices)
{
    uint32_t flags = bytes_u32(h, 0x78), version = bytes_u32(h, 0x24);
    if (h.n < HEADER_USED)
        return;
    bool sound = libdeflate_crc32(0, h.p, 0x78) == bytes_u32(h, 0x7c);
    if (!sound && !(flags & FLAG_NO_CRC))
        (void)notice_add(notices, NOTICE_EVTX_FILE_CHECKSUM, offset, bytes_u32(h, 0x7c));
    if (version != VERSION_3_1 && version != VERSION_3_2)
        (void)notice_add(notices, NOTICE_EVTX_VERSION, offset, version);
    if (flags & FLAG_DIRTY)
        (void)notice_add(notices, NOTICE_EVTX_DIRTY, offset, bytes_u16(h, 0x2a));
}

static struct log *evtx_open(struct input *in, struct account *account, struct notices *notices)
{
    struct log *log = memory_new(sizeof *log);
    UNUSED(account);
    *log = (struct log){ .in = in, .foreign = foreign_new(in) };
    if (input_size(in) == 0)
        (void)notice_add(notices, NOTICE_INPUT_EMPTY, NOTICE_NO_OFFSET, 0);
    else if (evtx_begins(in) && input_size(in) < HEADER_USED)
        (void)notice_add(notices, NOTICE_EVTX_HEADER_CUT, 0, HEADER_USED - input_size(in));
    else if (!evtx_begins(in))
        (void)notice_add(notices, NOTICE_EVTX_FILE_HEADER_GONE, 0, 0);
    return log;
}

/* The chunk reaches over the end of the file: the log was cut, or is being written. */
static void check_extent(const struct log *log, const struct evtx_piece *piece, struct notices *notices)
{
    uint64_t end = piece->offset + piece->size, size = input_size(log->in);
    if (piece->kind == EVTX_PIECE_CHUNK && piece->size < EVTX_CHUNK_SIZE && end >= size)
        (void)notice_add(notices, NOTICE_EVTX_CHUNK_SHORT, piece->offset, EVTX_CHUNK_SIZE - piece->size);
}

/*
 * Fewer chunks than the header counts, or zeros in the place of the last ones, and records missing before its next one:
 * the file was cut at a chunk border, or its end was wiped.  A stale header counts too few, never too many.  Seen: a
 * count of 96 in a file of 3 chunks.
 */
static void check_count(const struct log *log, struct account *account, struct notices *notices)
{
    uint64_t size = input_size(log->in), room = size > EVTX_FILE_HEADER ? size - EVTX_FILE_HEADER : 0;
    uint64_t chunks = (room + EVTX_CHUNK_SIZE - 1) / EVTX_CHUNK_SIZE;
    uint64_t cut = log->chunks_counted > chunks ? log->chunks_counted - chunks : 0;
    uint64_t end = counted_end(log) < size ? counted_end(log) : size;
    uint64_t empty = end > log->next ? (end - log->next + EVTX_CHUNK_SIZE - 1) / EVTX_CHUNK_SIZE : 0;
    /* Otherwise the record before the header's next one is here: the count is wrong, or the chunks were empty. */
    if (cut + empty == 0 || log->next_id <= log->last_id + 1)
        return;
    if (empty)
        (void)notice_add(notices, NOTICE_EVTX_CHUNK_EMPTY, log->next, empty);
    if (cut)
        (void)notice_add(notices, NOTICE_EVTX_FILE_CUT, size, cut);
    count_missing(log->next_id - 1 - log->last_id, cut + empty, account);
}

/* No more pieces: the file ends, or does so earlier than it did when it was opened. */
static void check_end(const struct log *log, struct account *account, struct notices *notices)
{
    check_count(log, account, notices);
    uint64_t size = input_size(log->in);
    uint8_t last;
    int error;
    if (size && input_read_at(log->in, size - 1, &last, 1, &error) == 0 && size > log->next)
        (void)notice_add(notices, NOTICE_INPUT_SHRUNK, log->next, size - log->next);
}

static enum status evtx_next(struct log *log, struct batch *batch, struct account *account, struct notices *notices)
{
    struct evtx_piece piece;
    int error;
    if (batch->capacity < EVTX_CHUNK_SIZE) {
        batch->bytes = memory_resize(batch->bytes, EVTX_CHUNK_SIZE);
        batch->capacity = EVTX_CHUNK_SIZE;
    }
    while (evtx_locate(log->in, log->next, batch->bytes, &piece, &error)) {
        struct bytes bytes = { batch->bytes, piece.size };
        check_empty(log, log->next, piece.offset, bytes, account, notices);
        log->next = piece.next;
        if (piece.kind == EVTX_PIECE_FILE_HEADER) {
            check_header(bytes, piece.offset, notices);
            remember_header(log, bytes, piece.offset);
            if (piece.offset)
                (void)notice_add(notices, NOTICE_EVTX_JOINED, piece.offset, 0);
        } else if (is_other(log, &piece, bytes, notices)) {
            account->skipped_bytes += bytes.n;
        } else if (!bytes_are_zero(bytes)) {
            check_extent(log, &piece, notices);
            remember_chunk(log, bytes);
            batch->seq = log->seq++;
            batch->offset = piece.offset;
            batch->size = piece.size;
            batch->kind = piece_kind(log, &piece, notices);
            return ST_OK;
        }
    }
    if (!error) {
        check_end(log, account, notices);
        return ST_END;
    }
    (void)notice_add(notices, NOTICE_INPUT_READ, log->next, (uint64_t)error);
    return ST_LOST_INPUT;
}

static void evtx_close(struct log *log)
{
    if (!log)
        return;
    foreign_free(log->foreign);
    free(log);
}

const struct log_format evtx_format = {
    .name = "evtx",
    .begins = evtx_begins,
    .probe = evtx_probe,
    .open = evtx_open,
    .next = evtx_next,
    .close = evtx_close,
    .decoder_new = evtx_decoder_new,
    .decode = evtx_decode,
    .decoder_free = evtx_decoder_free,
};
