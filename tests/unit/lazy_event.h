/*
 * lazy_event.h - any event as one whose values are made when somebody asks for them, for tests of the matcher.
 *
 * Shape:   lazy_outline_init makes an outline of an event's names and some of its values; lazy_event_init lays it
 *          over an event, whose names and fixed values become those of the outline.
 */
#ifndef EVSCAN_TESTS_LAZY_EVENT_H
#define EVSCAN_TESTS_LAZY_EVENT_H

#include "base/utf.h"
#include "event/event_values.h"

#define LAZY_FIELDS 8

struct lazy_outline {
    struct event_outline outline;
    struct event_field fields[LAZY_FIELDS];
    uint8_t kinds[LAZY_FIELDS];
};

struct lazy_event {
    struct event lazy, whole;
    struct event_values values;
    struct event_field fields[LAZY_FIELDS];
    struct bytes utf16[LAZY_FIELDS];
};

/* The texts of `e` must live as long as the outline. */
static inline void lazy_outline_init(struct lazy_outline *o, const struct event *e, const enum value_kind *kinds)
{
    for (size_t i = 0; i < e->field_count; i++) {
        o->kinds[i] = (uint8_t)kinds[i];
        o->fields[i] = e->fields[i];
        if (kinds[i] != KIND_FIXED)
            o->fields[i].value = TEXT("");
    }
    o->outline = (struct event_outline){ event_outline_number(), o->fields, o->kinds, e->field_count };
}

static inline struct text lazy_text(void *ctx, size_t field)
{
    return ((struct lazy_event *)ctx)->fields[field].value;
}

static inline struct bytes lazy_utf16(void *ctx, size_t field)
{
    return ((struct lazy_event *)ctx)->utf16[field];
}

static inline void lazy_complete(void *ctx, struct event *event)
{
    event->fields = ((struct lazy_event *)ctx)->fields;
}

static inline void utf16_put(uint8_t *out, size_t *n, uint32_t unit)
{
    out[(*n)++] = (uint8_t)unit;
    out[(*n)++] = (uint8_t)(unit >> 8);
}

static inline struct bytes utf16_of(struct arena *arena, struct text t)
{
    uint8_t *out = arena_alloc(arena, t.n * 4 + 1);
    size_t n = 0;
    for (size_t at = 0; at < t.n;) {
        uint32_t c = utf8_next(t, &at);
        if (c < 0x10000) {
            utf16_put(out, &n, c);
        } else {
            utf16_put(out, &n, 0xD800 + ((c - 0x10000) >> 10));
            utf16_put(out, &n, 0xDC00 + ((c - 0x10000) & 0x3FF));
        }
    }
    return (struct bytes){ out, n };
}

/* What is not UTF-8 in a KIND_UTF16 becomes so. */
static inline void lazy_event_init(struct lazy_event *l, const struct lazy_outline *o, const struct event *e,
                                   struct arena *arena)
{
    *l = (struct lazy_event){ .lazy = *e, .whole = *e };
    for (size_t i = 0; i < o->outline.count; i++) {
        l->fields[i] = o->fields[i];
        if (o->kinds[i] != KIND_FIXED)
            l->fields[i].value = e->fields[i].value;
        if (o->kinds[i] != KIND_UTF16)
            continue;
        l->utf16[i] = utf16_of(arena, e->fields[i].value);
        char *text = arena_alloc(arena, utf8_room(l->utf16[i].n) + 1);
        l->fields[i].value = (struct text){ text, utf8_from_utf16le(l->utf16[i], text) };
    }
    l->values = (struct event_values){ &o->outline, l, lazy_text, lazy_utf16, lazy_complete };
    l->lazy.fields = o->fields;
    l->lazy.values = &l->values;
    l->whole.fields = l->fields;
}

#endif
