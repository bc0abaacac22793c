/*
 * event_values.h - an event whose values are made when somebody asks for them.
 *
 * Shape:   many events have the same fields in the same order and differ in the texts of some; what they share is their
 *          outline.  A sink that takes such events (event_sink.lazy) gets the outline's fields as the event's, with ""
 *          for every value that is not the same in all of them, and asks for those that it needs.
 *          `kinds` says of what characters the text of a value can be, so that nobody looks for words in a GUID.
 * Why:     of most events rules look at one or two values, and at nothing else when these hold no text of a rule.
 * Owns:    as the event: texts are valid as long as it is.
 * Threads: one decoder's; the number of an outline is that of no other one in the process.
 */
#ifndef EVSCAN_EVENT_EVENT_VALUES_H
#define EVSCAN_EVENT_EVENT_VALUES_H

#include "event/event.h"

/* The characters of a value's text, in any case. */
enum value_kind {
    KIND_FIXED,   /* stands in the field */
    KIND_UTF16,   /* any; it can be had as it was written, too */
    KIND_DECIMAL, /* 0-9 and - */
    KIND_HEX,     /* 0-9, a-f and x */
    KIND_GUID,    /* 0-9, a-f, - and braces */
    KIND_SID,     /* 0-9, a-f, x, s and - */
    KIND_BYTES,   /* 0-9 and a-f */
    KIND_OTHER,   /* any */
    KINDS
};

struct event_outline {
    uint64_t number;
    const struct event_field *fields;
    const uint8_t *kinds; /* enum value_kind, by field */
    size_t count;
};

struct event_values {
    const struct event_outline *outline;
    void *ctx;
    struct text (*text)(void *ctx, size_t field);
    struct bytes (*utf16)(void *ctx, size_t field); /* KIND_UTF16: little-endian, without zeros behind its end */
    void (*complete)(void *ctx, struct event *event);
};

/* A number for an outline. */
uint64_t event_outline_number(void);

/* `*event` with all values made: from now on an event like any other. */
void event_complete(struct event *event);

#endif
