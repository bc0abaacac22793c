#include "evt/evt_record.h"

#include "base/cursor.h"
#include "base/limits.h"
#include "base/utf.h"
#include "event/event_classic.h"
#include "event/sid.h"

bool evt_length_valid(uint32_t length)
{
    return length >= EVT_RECORD_MIN && length <= LIMIT_EVT_RECORD && length % 4 == 0;
}

size_t evt_record_length(struct bytes view)
{
    uint32_t length = bytes_u32(view, 0);
    if (bytes_u32(view, 4) != EVT_SIGNATURE || !evt_length_valid(length) || length > view.n ||
        bytes_u32(view, length - 4) != length || bytes_u32(view, length) == EVT_SIGNATURE)
        return 0;
    return length;
}

/* True when one of the four units is 0; may be true without, never the other way round. */
static bool may_hold_zero(const uint8_t *p)
{
    uint64_t units;
    memcpy(&units, p, sizeof units);
    return (units - 0x0001000100010001u) & ~units & 0x8000800080008000u;
}

/* Bytes of UTF-16 up to the first 0000 of `in`; all of them (an even number) when there is none. */
static size_t utf16_length(struct bytes in)
{
    size_t n = 0;
    while (n + 8 <= in.n && !may_hold_zero(in.p + n))
        n += 8;
    while (n + 2 <= in.n && (in.p[n] | in.p[n + 1]) != 0)
        n += 2;
    return n;
}

bool evt_string_next(struct bytes *rest, struct bytes *ret)
{
    size_t n = utf16_length(*rest);
    bool ended = n + 2 <= rest->n;
    *ret = (struct bytes){ rest->p, n };
    *rest = bytes_part(*rest, n + 2, rest->n);
    return ended;
}

bool evt_record_parse(struct bytes view, bool partial, struct evt_record *ret)
{
    *ret = (struct evt_record){ .bytes = view, .partial = partial };
    if (!partial && view.n >= 4)
        ret->bytes.n -= 4;
    struct cursor in = cursor_at(ret->bytes, 8);
    ret->number = cursor_u32(&in);
    ret->generated = cursor_u32(&in);
    ret->written = cursor_u32(&in);
    ret->identifier = cursor_u32(&in);
    ret->type = cursor_u16(&in);
    ret->string_count = cursor_u16(&in);
    ret->category = cursor_u16(&in);
    cursor_take(&in, 6); /* flags, closing number */
    ret->string_offset = cursor_u32(&in);
    ret->sid_length = cursor_u32(&in);
    ret->sid_offset = cursor_u32(&in);
    ret->data_length = cursor_u32(&in);
    ret->data_offset = cursor_u32(&in);
    struct bytes names = bytes_part(ret->bytes, in.at, ret->bytes.n);
    evt_string_next(&names, &ret->source);
    evt_string_next(&names, &ret->computer);
    return !in.overrun;
}

bool evt_record_plausible(const struct evt_record *r)
{
    bool source_ends = EVT_FIXED + r->source.n + 2 <= r->bytes.n;
    return classic_type_known(r->type) && r->number != 0 && source_ends && bytes_u16(r->source, 0) >= ' ';
}

/* An event being made: fields so far, and what may still be written. */
struct maker {
    struct arena *arena;
    struct event *event;
    struct event_field *fields;
    size_t budget; /* bytes of text left of LIMIT_EVENT_BYTES */
    bool fits;     /* nothing was promised that the record does not hold */
};

static void add_field(struct maker *m, struct text name, struct text value)
{
    m->fields[m->event->field_count++] = (struct event_field){ name, value, EVENT_DATA };
}

/* Cuts `in` so that its text, at `growth` bytes a byte at most, stays inside the budget. */
static struct bytes within_budget(struct maker *m, struct bytes in, size_t growth)
{
    if (in.n <= m->budget / growth)
        return in;
    m->event->marks |= EVENT_CUT;
    return bytes_part(in, 0, m->budget / growth & ~(size_t)1);
}

static void add_string(struct maker *m, struct bytes utf16)
{
    struct bytes in = within_budget(m, utf16, 2);
    char *out = arena_alloc(m->arena, utf8_room(in.n));
    struct text value = { out, utf8_from_utf16le(in, out) };
    m->budget -= value.n;
    add_field(m, TEXT(""), value);
}

/*
 * The strings end where the data begin: so in all 914 records of the corpus that have data.  Of the 5,796 without, 30
 * have an offset that leads out of the record and says nothing; in the others it is the end of the strings, too.
 */
static bool data_follow(const struct evt_record *r)
{
    return r->data_offset >= r->string_offset && r->data_offset <= r->bytes.n;
}

struct bytes evt_record_strings(const struct evt_record *r)
{
    size_t n = data_follow(r) ? r->data_offset - r->string_offset : r->bytes.n;
    return r->string_offset < EVT_FIXED ? (struct bytes){ r->bytes.p, 0 } : bytes_part(r->bytes, r->string_offset, n);
}

bool evt_record_strings_fit(const struct evt_record *r, struct bytes rest)
{
    return rest.n == 0 || (!data_follow(r) && r->data_length == 0);
}

size_t evt_record_string_count(const struct evt_record *r)
{
    struct bytes rest = evt_record_strings(r), string;
    size_t count = 0;
    while (count < r->string_count && rest.n >= 2) {
        evt_string_next(&rest, &string);
        count++;
    }
    return count;
}

static void add_strings(struct maker *m, const struct evt_record *r, size_t count)
{
    struct bytes rest = evt_record_strings(r), string;
    bool ended = true;
    for (size_t i = 0; i < count; i++) {
        ended = evt_string_next(&rest, &string);
        add_string(m, string);
    }
    m->fits &= count == r->string_count && ended && evt_record_strings_fit(r, rest);
}

struct bytes evt_record_data(const struct evt_record *r)
{
    return bytes_part(r->bytes, r->data_offset, r->data_length);
}

struct bytes evt_record_sid(const struct evt_record *r)
{
    return bytes_part(r->bytes, r->sid_offset, r->sid_length);
}

static void add_binary(struct maker *m, const struct evt_record *r)
{
    struct bytes data = evt_record_data(r);
    m->fits &= data.n == r->data_length;
    data = within_budget(m, data, 2);
    if (data.n == 0)
        return;
    char *out = arena_alloc(m->arena, 2 * data.n);
    for (size_t i = 0; i < data.n; i++) {
        out[2 * i] = "0123456789ABCDEF"[data.p[i] >> 4];
        out[2 * i + 1] = "0123456789ABCDEF"[data.p[i] & 15];
    }
    add_field(m, TEXT("Binary"), (struct text){ out, 2 * data.n });
}

static void add_sid(struct maker *m, const struct evt_record *r)
{
    struct bytes sid = evt_record_sid(r);
    if (sid_size(sid) == 0) {
        m->fits = false;
        return;
    }
    m->event->user_sid = sid_text(sid, arena_alloc(m->arena, SID_TEXT_ROOM));
}

static void set_header(const struct evt_record *r, struct arena *arena, struct event *event)
{
    event->event_id = text_keep_format(arena, "%u", (unsigned)event->key.id);
    event->qualifiers = r->identifier >> 16;
    event->task = r->category;
    event->keywords = classic_keywords(r->type);
    event->written = filetime_from_unix(r->written);
    event->header_id = r->number;
    if (!classic_type_known(r->type))
        event->marks |= EVENT_ODD_VALUE;
}

bool evt_record_event(const struct evt_record *r, struct arena *arena, struct event *event)
{
    size_t strings = evt_record_string_count(r);
    struct maker m = { arena, event, ARENA_NEW_N(arena, struct event_field, strings + 1), LIMIT_EVENT_BYTES, true };
    event->fields = m.fields;
    set_header(r, arena, event);
    add_strings(&m, r, strings);
    if (r->sid_length != 0)
        add_sid(&m, r);
    if (r->data_length != 0)
        add_binary(&m, r);
    if (r->partial || !m.fits)
        event->marks |= EVENT_PARTIAL;
    return m.fits;
}
