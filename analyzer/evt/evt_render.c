#include "evt/evt_render.h"

#include "base/markup.h"
#include "event/event_classic.h"
#include "event/sid.h"

#define NAMESPACE "http://schemas.microsoft.com/win/2004/08/events/event"

struct evt_line {
    struct buf *out;
    bool json;
};

/* The fixed text in front of a value, in either form. */
static void put(const struct evt_line *l, struct text xml, struct text json)
{
    buf_add(l->out, l->json ? json : xml);
}

static void put_number(const struct evt_line *l, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    buf_add(l->out, (struct text){ digits + at, sizeof digits - at });
}

static void put_attribute(const struct evt_line *l, struct text t)
{
    char *to = buf_reserve(l->out, markup_room(t.n));
    l->out->n += markup_utf8(l->json ? MARKUP_JSON : MARKUP_XML_ATTRIBUTE, t, to);
}

/* Content of an element; null in JSON when there is none. */
static void put_content(const struct evt_line *l, struct text t)
{
    if (l->json && t.n == 0) {
        buf_add(l->out, TEXT("null"));
        return;
    }
    put(l, TEXT(""), TEXT("\""));
    char *to = buf_reserve(l->out, markup_room(t.n));
    l->out->n += markup_utf8(l->json ? MARKUP_JSON : MARKUP_XML_TEXT, t, to);
    put(l, TEXT(""), TEXT("\""));
}

static void put_utf16(const struct evt_line *l, struct bytes utf16)
{
    char *to = buf_reserve(l->out, markup_room_utf16(utf16.n));
    l->out->n += markup_utf16le(l->json ? MARKUP_JSON : MARKUP_XML_TEXT, utf16, 0, to);
}

static void put_keywords(const struct evt_line *l, uint64_t keywords)
{
    char digits[16];
    size_t at = sizeof digits;
    for (; keywords; keywords >>= 4)
        digits[--at] = "0123456789abcdef"[keywords & 15];
    buf_add(l->out, (struct text){ digits + at, sizeof digits - at });
}

static void put_what(const struct evt_line *l, const struct evt_record *r, const struct event_key *key)
{
    put(l, TEXT("<Event xmlns='" NAMESPACE "'><System><Provider Name='"),
        TEXT("{\"Event\":{\"#attributes\":{\"xmlns\":\"" NAMESPACE
             "\"},\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\""));
    put_attribute(l, key->provider);
    put(l, TEXT("'/><EventID Qualifiers='"), TEXT("\"}},\"EventID\":{\"#attributes\":{\"Qualifiers\":"));
    put_number(l, r->identifier >> 16);
    put(l, TEXT("'>"), TEXT("},\"#text\":"));
    put_number(l, key->id);
    put(l, TEXT("</EventID><Level>"), TEXT("},\"Level\":"));
    put_number(l, key->level);
    put(l, TEXT("</Level><Task>"), TEXT(",\"Task\":"));
    put_number(l, r->category);
    put(l, TEXT("</Task><Keywords>0x"), TEXT(",\"Keywords\":\"0x"));
    put_keywords(l, classic_keywords(r->type));
}

static void put_where(const struct evt_line *l, const struct evt_record *r, const struct event_key *key)
{
    char time[TIME_ISO_ROOM];
    put(l, TEXT("</Keywords><TimeCreated SystemTime='"),
        TEXT("\",\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\""));
    buf_add(l->out, time_iso(key->time, 7, time));
    put(l, TEXT("'/><EventRecordID>"), TEXT("\"}},\"EventRecordID\":"));
    put_number(l, r->number);
    put(l, TEXT("</EventRecordID><Channel>"), TEXT(",\"Channel\":"));
    put_content(l, key->channel);
    put(l, TEXT("</Channel><Computer>"), TEXT(",\"Computer\":"));
    put_content(l, key->computer);
    put(l, TEXT("</Computer>"), TEXT(""));
}

static bool put_user(const struct evt_line *l, const struct evt_record *r)
{
    char room[SID_TEXT_ROOM];
    struct text sid = r->sid_length ? sid_text(evt_record_sid(r), room) : TEXT("");
    if (sid.n) {
        put(l, TEXT("<Security UserID='"), TEXT(",\"Security\":{\"#attributes\":{\"UserID\":\""));
        buf_add(l->out, sid);
        put(l, TEXT("'/></System>"), TEXT("\"}}}"));
    } else {
        put(l, TEXT("<Security/></System>"), TEXT(",\"Security\":null}"));
    }
    return sid.n || r->sid_length == 0;
}

/* Several strings are an array in JSON; one stands alone, as an EVTX record has it. */
static bool put_strings(const struct evt_line *l, const struct evt_record *r, size_t count)
{
    struct bytes rest = evt_record_strings(r), string;
    bool ended = true;
    if (count)
        put(l, TEXT("<Data>"), count > 1 ? TEXT("\"Data\":{\"#text\":[\"") : TEXT("\"Data\":{\"#text\":\""));
    for (size_t i = 0; i < count; i++) {
        if (i)
            put(l, TEXT("</Data><Data>"), TEXT("\",\""));
        ended = evt_string_next(&rest, &string);
        put_utf16(l, string);
    }
    if (count)
        put(l, TEXT("</Data>"), count > 1 ? TEXT("\"]}") : TEXT("\"}"));
    return ended && count == r->string_count && evt_record_strings_fit(r, rest);
}

static bool put_binary(const struct evt_line *l, const struct evt_record *r, bool first)
{
    struct bytes data = evt_record_data(r);
    if (data.n == 0)
        return r->data_length == 0;
    put(l, TEXT("<Binary>"), first ? TEXT("\"Binary\":\"") : TEXT(",\"Binary\":\""));
    char *to = buf_reserve(l->out, 2 * data.n);
    for (size_t i = 0; i < data.n; i++) {
        to[2 * i] = "0123456789ABCDEF"[data.p[i] >> 4];
        to[2 * i + 1] = "0123456789ABCDEF"[data.p[i] & 15];
    }
    l->out->n += 2 * data.n;
    put(l, TEXT("</Binary>"), TEXT("\""));
    return data.n == r->data_length;
}

static bool put_payload(const struct evt_line *l, const struct evt_record *r)
{
    size_t strings = evt_record_string_count(r);
    if (strings == 0 && evt_record_data(r).n == 0) {
        put(l, TEXT("<EventData></EventData></Event>"), TEXT(",\"EventData\":null}}"));
        return r->string_count == 0 && r->data_length == 0;
    }
    put(l, TEXT("<EventData>"), TEXT(",\"EventData\":{"));
    bool fits = put_strings(l, r, strings);
    fits &= put_binary(l, r, strings == 0);
    put(l, TEXT("</EventData></Event>"), TEXT("}}}"));
    return fits;
}

bool evt_render(const struct evt_record *r, const struct event_key *key, enum event_form form, struct buf *out,
                uint32_t *marks)
{
    struct evt_line line = { out, form == EVENT_AS_JSON };
    put_what(&line, r, key);
    put_where(&line, r, key);
    bool fits = put_user(&line, r);
    fits &= put_payload(&line, r);
    if (r->partial || !fits)
        *marks |= EVENT_PARTIAL;
    if (!classic_type_known(r->type))
        *marks |= EVENT_ODD_VALUE;
    return fits;
}
