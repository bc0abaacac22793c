/*
 * evtx_image.h - a sound .evtx log of two chunks, to be damaged; and what came of it.
 */
#ifndef EVSCAN_TESTS_EVTX_IMAGE_H
#define EVSCAN_TESTS_EVTX_IMAGE_H

#include <stdio.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "evtx/evtx.h"
#include "log_read.h"
#include "test_evtx_build.h"

#define RECORDS 40u /* of each chunk */
#define FIRST   EVTX_FILE_HEADER
#define SECOND  (EVTX_FILE_HEADER + EVTX_CHUNK_SIZE)
#define SIZE    (EVTX_FILE_HEADER + 2 * EVTX_CHUNK_SIZE)

static uint8_t image[SIZE + 2 * EVTX_CHUNK_SIZE], sound[SIZE];
static size_t size;
static bool share_names; /* a literal record refers to those of the ones before */
static size_t starts[2 * RECORDS + 1], ends[2 * RECORDS + 1]; /* of records, in the file, by number */

/* Every third record has a template, resident in the first of its chunk; the others are literal. */
static size_t add_event(struct build *b, uint64_t id, size_t definition)
{
    char text[32];
    snprintf(text, sizeof text, "record %d", (int)id);
    build_record(b);
    if (id % 3 == 1) {
        if (definition) {
            build_u8(b, BINXML_INSTANCE);
            build_u8(b, 1);
            build_u32(b, 0x77);
            build_u32(b, definition);
        } else {
            definition = build_definition(b, 0x77);
            build_open_in_template(b, "Event", BINXML_NO_DEPENDENCY);
            build_u8(b, BINXML_CONTENT);
            build_open_in_template(b, "System", BINXML_NO_DEPENDENCY);
            build_u8(b, BINXML_CONTENT);
            build_open_in_template(b, "EventID", BINXML_NO_DEPENDENCY);
            build_u8(b, BINXML_CONTENT);
            build_value(b, BINXML_VALUE, 0, BINXML_UINT16);
            build_u8(b, BINXML_END);
            build_u8(b, BINXML_END);
            build_open_in_template(b, "EventData", BINXML_NO_DEPENDENCY);
            build_u8(b, BINXML_CONTENT);
            build_open_in_template(b, "Data", BINXML_NO_DEPENDENCY);
            build_u8(b, BINXML_CONTENT);
            build_value(b, BINXML_VALUE, 1, BINXML_STRING);
            build_u8(b, BINXML_END);
            build_u8(b, BINXML_END);
            build_u8(b, BINXML_END);
            build_definition_end(b, definition);
        }
        build_u32(b, 2);
        build_u32(b, 2 | BINXML_UINT16 << 16);
        build_u32(b, 2 * strlen(text) | BINXML_STRING << 16);
        build_u16(b, 1000 + (unsigned)id);
        build_utf16(b, text);
    } else {
        char number[16];
        snprintf(number, sizeof number, "%d", 1000 + (int)id);
        build_open(b, "Event");
        build_u8(b, BINXML_CONTENT);
        build_open(b, "System");
        build_u8(b, BINXML_CONTENT);
        build_leaf(b, "EventID", number);
        build_u8(b, BINXML_END);
        build_open(b, "EventData");
        build_u8(b, BINXML_CONTENT);
        build_leaf(b, "Data", text);
        build_u8(b, BINXML_END);
        build_u8(b, BINXML_END);
    }
    build_record_end(b);
    return definition;
}

static struct build built[2]; /* its chunks */

static void make_sound(void)
{
    build_file_header(sound, 2);
    for (unsigned chunk = 0; chunk < 2; chunk++) {
        struct build *b = &built[chunk];
        size_t definition = 0, at = FIRST + chunk * EVTX_CHUNK_SIZE;
        build_init(b, chunk * RECORDS + 1);
        b->share = share_names;
        for (unsigned i = 1; i <= RECORDS; i++) {
            unsigned id = chunk * RECORDS + i;
            definition = add_event(b, id, definition);
            starts[id] = at + b->record;
            ends[id] = at + b->at;
        }
        build_seal(b);
        memcpy(sound + at, b->bytes, EVTX_CHUNK_SIZE);
    }
}

/* What came of a log. */
struct outcome {
    unsigned met[2 * RECORDS + 1];    /* whole, with the right text */
    unsigned marked[2 * RECORDS + 1]; /* not whole */
    unsigned wrong;                   /* text of another record, or a number that none has */
    struct account account;
    struct notices notices;
};

static void take(void *ctx, const struct event *e)
{
    struct outcome *o = ctx;
    char text[32];
    uint64_t id = e->key.record_id;
    if (id == 0 || id > 2 * RECORDS) {
        o->wrong++;
        return;
    }
    snprintf(text, sizeof text, "record %d", (int)id);
    for (size_t i = 0; i < e->field_count; i++)
        if (text_starts_with(e->fields[i].value, TEXT("record ")) && !text_equal(e->fields[i].value, text_from(text)))
            o->wrong++;
    const struct event_field *data = event_insert(e, 1);
    bool whole = e->marks == 0 || e->marks == EVENT_TEMPLATE_FOREIGN;
    if (whole && e->key.id == 1000 + id && data && text_equal(data->value, text_from(text)))
        o->met[id]++;
    else if (!whole)
        o->marked[id]++;
    else
        o->wrong++;
}

static inline void read_image(struct arena *arena, struct outcome *o)
{
    struct event_sink sink = { .ctx = o, .want = log_want_all, .event = take };
    memset(o, 0, sizeof *o);
    notices_init(&o->notices, arena);
    struct log_read read =
        log_read_bytes(&evtx_format, (struct bytes){ image, size }, "image", &sink, &o->account, &o->notices);
    assert_true(read.in_order);
}

static inline void image_put(size_t at, uint64_t value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        image[at + i] = (uint8_t)(value >> (8 * i));
}

static inline uint32_t image_get(size_t at)
{
    return bytes_u32((struct bytes){ image, sizeof image }, at);
}

static inline void image_reseal(size_t at)
{
    image_put(at + 0x34, crc32(0, image + at + 0x200, image_get(at + 0x30) - 0x200), 4);
    image_put(at + 0x7c, crc32(crc32(0, image + at, 0x78), image + at + 0x80, 0x180), 4);
}

/* The image is the sound log again. */
static inline void image_reset(void)
{
    make_sound();
    memset(image, 0, sizeof image);
    memcpy(image, sound, SIZE);
    size = SIZE;
}

#endif
