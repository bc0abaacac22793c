/*
 * Property: whatever the bytes are, evscan's reader and libevt say the same about a record in which everything is where
 * the service puts it, but for the differences that compare/known.h lists; and a record that only libevt has is not
 * whole, or stands inside of one that both have, or the log or its file header has bytes of it, or one of the log proper
 * stands on its end.
 */
#include <string.h>

#include "agree.h"
#include "base/cursor.h"
#include "base/limits.h"
#include "evt/evt.h"
#include "evt/evt_joined.h"
#include "evt/evt_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILE_HEADER 48u
#define RECORD_MIN  60u

struct search {
    struct bytes file;
    uint64_t at;
    bool found; /* evscan has a record around it */
};

/* Length, signature and the length's copy agree, and the copy is not the length in front of the next signature. */
static bool is_whole(struct bytes file, uint64_t at)
{
    if (at % 4 || at > file.n || file.n - at < RECORD_MIN)
        return false;
    uint32_t length = bytes_u32(file, at);
    return length >= RECORD_MIN && length <= file.n - at && memcmp(file.p + at + 4, "LfLe", 4) == 0 &&
           bytes_u32(file, at + length - 4) == length && bytes_u32(file, at + length) != EVT_SIGNATURE;
}

static bool want(void *ctx, const struct event_key *key)
{
    UNUSED(ctx);
    UNUSED(key);
    return true;
}

/* Within `n` bytes behind a file header: that of the file, or of a log that was joined to it. */
static bool behind_header(struct bytes file, uint64_t place, uint64_t n)
{
    for (uint64_t at = 0; at + FILE_HEADER <= place; at += 4)
        if (place - at - FILE_HEADER < n && (at == 0 || evt_header_present(bytes_part(file, at, FILE_HEADER))))
            return true;
    return false;
}

/* A record that meets the end of the file goes on behind the file header; up to 3 bytes behind the ring are none of it. */
static void on_event(void *ctx, const struct event *e)
{
    struct search *s = ctx;
    uint64_t end = e->offset + bytes_u32(s->file, e->offset), ring_end = s->file.n < 3 ? 0 : s->file.n - 3;
    bool around = s->at >= e->offset && s->at < end;
    bool on_it = e->source == EVENT_LIVE && e->offset > s->at && e->offset - s->at < bytes_u32(s->file, s->at);
    s->found |= around || on_it || (end > ring_end && behind_header(s->file, s->at, end - ring_end));
}

static bool stands_inside(struct bytes file, uint64_t at)
{
    struct search s = { .file = file, .at = at };
    struct arena arena;
    struct notices notices;
    struct account account = { 0 };
    struct batch batch = { 0 };
    struct event_sink sink = { .ctx = &s, .want = want, .event = on_event, .recover = true };
    struct input *in = input_from_bytes(file, "node1.evt");
    arena_init(&arena);
    notices_init(&notices, &arena);
    struct log *log = evt_format.open(in, &account, &notices);
    struct decoder *decoder = evt_format.decoder_new();
    while (evt_format.next(log, &batch, &account, &notices) == ST_OK)
        (void)evt_format.decode(decoder, log, &batch, &sink, &account, &notices);
    evt_format.decoder_free(decoder);
    evt_format.close(log);
    input_close(in);
    free(batch.bytes);
    arena_done(&arena);
    return s.found;
}

/*
 * An old record whose end the log has overwritten, whatever stands there now, or one over whose beginning the header was
 * written: of any of the logs that were joined.  Or one behind the .evtx log that follows a wrapped one, and is not read.
 */
static bool log_begins_in(struct bytes file, uint64_t from, uint64_t end)
{
    struct arena arena;
    struct notices notices;
    struct input *in = input_from_bytes(file, "node1.evt");
    struct evt_joined joined = evt_joined_of(input_size(in));
    bool found = false;
    uint64_t base = 0;
    arena_init(&arena);
    notices_init(&notices, &arena);
    do {
        struct evt_ring ring;
        struct evt_bounds bounds;
        uint64_t next = evt_joined_open(&ring, in, base, &joined, &notices, &bounds);
        bool in_header = from >= base && from < base + EVT_HEADER_SIZE;
        found |= !bounds.scan && (in_header || (bounds.start > from && bounds.start < end));
        found |= from >= ring.limit && (!next || from < next);
        base = next;
        evt_ring_done(&ring);
    } while (base && !found);
    input_close(in);
    arena_done(&arena);
    return found;
}

/* Every surrogate has its other half: of others libevt loses a part. */
static bool is_text(struct bytes utf16)
{
    unsigned before = 0;
    for (size_t i = 0; i + 1 < utf16.n; i += 2) {
        unsigned part = utf16.p[i + 1] & 0xFCu;
        if ((before == 0xD8) != (part == 0xDC))
            return false;
        before = part;
    }
    return before != 0xD8;
}

/* Where the strings end; 0 when they do not. */
static size_t strings_end(const struct evt_record *r)
{
    struct bytes rest = evt_record_strings(r), string;
    for (unsigned i = 0; i < r->string_count; i++)
        if (!evt_string_next(&rest, &string) || !is_text(string))
            return 0;
    return (size_t)(rest.p - r->bytes.p);
}

/* Names, SID at a multiple of 4, strings, data and at most 3 bytes behind it. */
static bool is_usual(struct bytes file, uint64_t at)
{
    struct evt_record r;
    if (!is_whole(file, at) || !evt_record_parse(bytes_part(file, at, at + bytes_u32(file, at)), false, &r) ||
        !is_text(r.source) || !is_text(r.computer) || evt_record_sid(&r).n != r.sid_length)
        return false;
    size_t names = (size_t)(r.computer.p - r.bytes.p) + r.computer.n + 2, padded = (names + 3) / 4 * 4;
    size_t strings = r.sid_length ? padded + r.sid_length : r.string_offset < names ? names : padded;
    if ((r.sid_length && (r.sid_offset != padded || r.sid_length < 8 || r.bytes.p[padded] != 1)) ||
        r.string_offset != strings || strings_end(&r) != r.data_offset)
        return false;
    size_t end = r.data_offset + (size_t)r.data_length;
    return end <= r.bytes.n && r.bytes.n - end < 4;
}

static void on_record(void *ctx, const struct compare_record *record)
{
    const struct bytes *file = ctx;
    uint64_t at = record->offset;
    bool lost = record->verdict == COMPARE_LIBYAL_ONLY && is_whole(*file, at) && !stands_inside(*file, at) &&
                !log_begins_in(*file, at, at + bytes_u32(*file, at));
    if (!lost && (record->verdict != COMPARE_DIFFERS || !is_usual(*file, record->offset)))
        return;
    agree_tell(record);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    agree_check((struct bytes){ data, size }, "node1.evt", on_record);
    return 0;
}
