#include "compare/pairing.h"

#include <inttypes.h>

#define LOOK_AHEAD   16u
#define EARLY_DIGITS 4u

static void add(struct pairing *p, struct compare_difference d)
{
    p->items = arena_grow(p->arena, p->items, p->count, &p->capacity, sizeof *p->items);
    p->items[p->count++] = d;
    p->unexplained += d.known == KNOWN_NONE;
}

static void pair(struct pairing *p, struct text field, struct text native, struct text libyal)
{
    if (!text_equal(native, libyal))
        add(p, (struct compare_difference){ field, true, true, native, libyal, known_difference(native, libyal) });
}

static void pair_number(struct pairing *p, const char *field, uint64_t native, uint64_t libyal)
{
    if (native != libyal)
        pair(p, text_from(field), text_keep_format(p->arena, "%" PRIu64, native),
             text_keep_format(p->arena, "%" PRIu64, libyal));
}

static void pair_time(struct pairing *p, const char *field, uint64_t native, uint64_t libyal)
{
    char a[TIME_ISO_ROOM], b[TIME_ISO_ROOM];
    if (native != libyal)
        pair(p, text_from(field), text_keep(p->arena, time_iso(native, 7, a)),
             text_keep(p->arena, time_iso(libyal, 7, b)));
}

static void pair_members(struct pairing *p, const struct event *a, const struct event *b)
{
    pair(p, TEXT("Provider"), a->key.provider, b->key.provider);
    /* A classic log does not hold its name: the libraries know it from the name of the file alone. */
    if (b->key.channel.n)
        pair(p, TEXT("Channel"), a->key.channel, b->key.channel);
    pair(p, TEXT("Computer"), a->key.computer, b->key.computer);
    pair(p, TEXT("EventID"), a->event_id, b->event_id);
    pair_number(p, "Level", a->key.level, b->key.level);
    pair_time(p, "TimeCreated", a->key.time, b->key.time);
    pair_number(p, "EventRecordID", a->key.record_id, b->key.record_id);
    pair_number(p, "Qualifiers", a->qualifiers, b->qualifiers);
    pair_number(p, "Task", a->task, b->task);
    pair_number(p, "Keywords", a->keywords, b->keywords);
    pair(p, TEXT("UserID"), a->user_sid, b->user_sid);
    pair_time(p, "time of writing", a->written, b->written);
    pair_number(p, "number in the header", a->header_id, b->header_id);
}

static bool same_name(const struct event_field *a, const struct event_field *b)
{
    return a->part == b->part && text_equal(a->name, b->name);
}

static struct text field_name(const struct event_field *f)
{
    return f->name.n ? f->name : TEXT("Data");
}

static enum known_difference known_alone(const struct pairing *p, const struct event_field *native,
                                         const struct event_field *libyal)
{
    if (native)
        return native->part == EVENT_RENDERING ? KNOWN_NO_RENDERING : KNOWN_NONE;
    return p->classic && libyal->name.n == 0 && libyal->value.n == 0 ? KNOWN_PADDING : KNOWN_NONE;
}

/* Hex digits of data: libyal's begin with the two bytes in front of it, the end of a text or of a SID: zeros. */
static bool data_early(const struct pairing *p, const struct event_field *native, const struct event_field *libyal)
{
    struct text a = native->value, b = libyal->value;
    size_t early = b.n < EARLY_DIGITS ? b.n : EARLY_DIGITS;
    return p->early && text_equal(native->name, TEXT("Binary")) && a.n == b.n &&
           text_equal((struct text){ b.p, early }, (struct text){ "0000", early }) &&
           text_equal(text_from_index(b, early), (struct text){ a.p, a.n - early });
}

static void pair_values(struct pairing *p, const struct event_field *native, const struct event_field *libyal)
{
    size_t before = p->count;
    pair(p, field_name(native), native->value, libyal->value);
    if (p->count == before || p->items[before].known != KNOWN_NONE || !data_early(p, native, libyal))
        return;
    p->items[before].known = KNOWN_DATA_EARLY;
    p->unexplained--;
}

static void alone(struct pairing *p, const struct event_field *native, const struct event_field *libyal)
{
    const struct event_field *f = native ? native : libyal;
    add(p, (struct compare_difference){ field_name(f), native, libyal, native ? f->value : TEXT(""),
                                        native ? TEXT("") : f->value, known_alone(p, native, libyal) });
}

/* How many of `fields` from `at` on stand before the first one of that name; LOOK_AHEAD when none is near. */
static size_t distance(const struct event_field *fields, size_t at, size_t count, const struct event_field *wanted)
{
    size_t n = 0;
    while (n < LOOK_AHEAD && at + n < count && !same_name(&fields[at + n], wanted))
        n++;
    return at + n < count ? n : LOOK_AHEAD;
}

/* What a parser makes of the value when nobody has escaped it; false when that is not well-formed. */
static bool parse_raw(struct pairing *p, const struct event_field *f, struct event *ret)
{
    bool plain = text_find_char(f->name, '<') == f->name.n && text_find_char(f->name, '"') == f->name.n &&
                 text_find_char(f->name, '&') == f->name.n;
    bool markup = text_find_char(f->value, '<') < f->value.n || text_find_char(f->value, '&') < f->value.n;
    if (!plain || !markup || f->part != EVENT_DATA)
        return false;
    struct text name = f->name.n ? text_keep_format(p->arena, " Name=\"%.*s\"", TEXT_ARG(f->name)) : TEXT("");
    struct text xml = text_keep_format(p->arena, "<Event><EventData><Data%.*s>%.*s</Data></EventData></Event>",
                                       TEXT_ARG(name), TEXT_ARG(f->value));
    return libyal_xml_event(p->xml, xml, p->arena, ret);
}

/* How many of libyal's fields are the markup of evscan's field; 0 when they are something else. */
static size_t pair_markup(struct pairing *p, const struct event_field *f, const struct event_field *right, size_t left)
{
    struct event raw;
    if (!parse_raw(p, f, &raw) || raw.field_count > left)
        return 0;
    for (size_t i = 0; i < raw.field_count; i++)
        if (!same_name(&raw.fields[i], &right[i]) || !text_equal(raw.fields[i].value, right[i].value))
            return 0;
    if (raw.field_count)
        add(p, (struct compare_difference){ field_name(f), true, true, f->value, right->value, KNOWN_RAW_MARKUP });
    return raw.field_count;
}

static bool same(const struct event_field *a, const struct event_field *b)
{
    return same_name(a, b) && text_equal(a->value, b->value);
}

static void pair_fields(struct pairing *p, const struct event *a, const struct event *b)
{
    size_t i = 0, j = 0;
    while (i < a->field_count && j < b->field_count) {
        const struct event_field *left = &a->fields[i], *right = &b->fields[j];
        size_t markup = same(left, right) ? 0 : pair_markup(p, left, right, b->field_count - j);
        if (markup) {
            i++;
            j += markup;
        } else if (same_name(left, right)) {
            pair_values(p, left, right);
            i++;
            j++;
        } else if (distance(b->fields, j, b->field_count, left) < distance(a->fields, i, a->field_count, right)) {
            alone(p, NULL, right);
            j++;
        } else {
            alone(p, left, NULL);
            i++;
        }
    }
    for (; i < a->field_count; i++)
        alone(p, &a->fields[i], NULL);
    for (; j < b->field_count; j++)
        alone(p, NULL, &b->fields[j]);
}

void pairing_make(struct pairing *p, const struct event *native, const struct event *libyal)
{
    p->items = NULL;
    p->count = p->capacity = p->unexplained = 0;
    p->early = p->classic && native->user_sid.n > 0;
    pair_members(p, native, libyal);
    pair_fields(p, native, libyal);
}
