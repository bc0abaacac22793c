/*
 * evtx_image.h - a sound .evtx log of two chunks, to be damaged; and what came of it.
 */
#ifndef EVSCAN_TESTS_EVTX_IMAGE_H
#define EVSCAN_TESTS_EVTX_IMAGE_H

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "evtx/evtx.h"
#include "log_read.h"
#include "test_evtx_build.h"

#define RECORDS 40u /* of each chunk */
#define FIRST   EVTX_FILE_HEADER
#define SECOND  (EVTX_FILE_HEADER + EVTX_CHUNK_SIZE)
#define SIZE    (EVTX_FILE_HEADER + 2 * EVTX_CHUNK_SIZE)
#define SAID_MAX 256u

static uint8_t image[SIZE + 2 * EVTX_CHUNK_SIZE], sound[SIZE];
static size_t size;
static bool share_names; /* a literal record refers to those of the ones before */
static size_t starts[2 * RECORDS + 1], ends[2 * RECORDS + 1]; /* of records, in the file, by number */

static void add_leaf(struct build *b, const char *name, unsigned index, unsigned type)
{
    build_open_in_template(b, name, BINXML_NO_DEPENDENCY);
    build_u8(b, BINXML_CONTENT);
    build_value(b, BINXML_VALUE, index, type);
    build_u8(b, BINXML_END);
}

/* Elements of one kind in a row: with some of it gone, a template reads as one of fewer elements. */
static size_t add_definition(struct build *b)
{
    size_t definition = build_definition(b, 0x77);
    build_open_in_template(b, "Event", BINXML_NO_DEPENDENCY);
    build_u8(b, BINXML_CONTENT);
    build_open_in_template(b, "System", BINXML_NO_DEPENDENCY);
    build_u8(b, BINXML_CONTENT);
    add_leaf(b, "EventID", 0, BINXML_UINT16);
    add_leaf(b, "Version", 2, BINXML_UINT8);
    add_leaf(b, "Level", 3, BINXML_UINT8);
    add_leaf(b, "Task", 4, BINXML_UINT16);
    build_u8(b, BINXML_END);
    build_open_in_template(b, "EventData", BINXML_NO_DEPENDENCY);
    build_u8(b, BINXML_CONTENT);
    add_leaf(b, "Data", 1, BINXML_STRING);
    build_u8(b, BINXML_END);
    build_u8(b, BINXML_END);
    build_definition_end(b, definition);
    return definition;
}

static void add_values(struct build *b, uint64_t id, const char *text)
{
    build_u32(b, 5);
    build_u32(b, 2 | BINXML_UINT16 << 16);
    build_u32(b, 2 * strlen(text) | BINXML_STRING << 16);
    build_u32(b, 1 | BINXML_UINT8 << 16);
    build_u32(b, 1 | BINXML_UINT8 << 16);
    build_u32(b, 2 | BINXML_UINT16 << 16);
    build_u16(b, 1000 + (unsigned)id);
    build_utf16(b, text);
    build_u8(b, 9); /* version */
    build_u8(b, 2); /* level */
    build_u16(b, 1207);
}

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
            definition = add_definition(b);
        }
        add_values(b, id, text);
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

/* All that the events of the sound log say, by number. */
static char said[2 * RECORDS + 1][SAID_MAX];

/* What came of a log. */
struct outcome {
    unsigned met[2 * RECORDS + 1];    /* whole, and says what it says in the sound log */
    unsigned marked[2 * RECORDS + 1]; /* not whole */
    unsigned wrong;                   /* text of another record, a number that none has, another value without a mark */
    struct account account;
    struct notices notices;
};

static void say(const struct event *e, char out[SAID_MAX])
{
    struct buf b;
    buf_init(&b);
    buf_add_format(&b, "%u %u %u %u %llx", e->key.id, e->key.level, e->task, e->qualifiers,
                   (unsigned long long)e->keywords);
    const struct text texts[] = { e->event_id, e->user_sid, e->key.provider, e->key.channel, e->key.computer };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        buf_add_char(&b, '\n');
        buf_add(&b, texts[i]);
    }
    for (size_t i = 0; i < e->field_count; i++) {
        buf_add_format(&b, "\n%d ", (int)e->fields[i].part);
        buf_add(&b, e->fields[i].name);
        buf_add_char(&b, '=');
        buf_add(&b, e->fields[i].value);
    }
    size_t n = b.n < SAID_MAX ? b.n : SAID_MAX - 1;
    memcpy(out, b.p, n);
    out[n] = 0;
    buf_done(&b);
}

static void learn(void *ctx, const struct event *e)
{
    UNUSED(ctx);
    say(e, said[e->key.record_id]);
}

/* A torn text may be any; but that of another record is none of this one's. */
static bool is_of_another(struct text value, uint64_t id)
{
    uint64_t number = 0;
    size_t at = sizeof "record " - 1;
    for (; at < value.n && value.p[at] >= '0' && value.p[at] <= '9'; at++)
        number = number * 10 + (uint64_t)(value.p[at] - '0');
    return at == value.n && number != id && number > 0 && number <= 2 * RECORDS;
}

static void take(void *ctx, const struct event *e)
{
    struct outcome *o = ctx;
    uint64_t id = e->key.record_id;
    if (id == 0 || id > 2 * RECORDS) {
        o->wrong++;
        return;
    }
    for (size_t i = 0; i < e->field_count; i++)
        if (text_starts_with(e->fields[i].value, TEXT("record ")))
            o->wrong += is_of_another(e->fields[i].value, id);
    bool whole = e->marks == 0 || e->marks == EVENT_TEMPLATE_FOREIGN;
    char says[SAID_MAX];
    say(e, says);
    if (whole && strcmp(says, said[id]) == 0)
        o->met[id]++;
    else if (!whole)
        o->marked[id]++;
    else
        o->wrong++;
}

/* What the sound log says is read once: it is the same wherever its names stand. */
static void learn_sound(void)
{
    struct event_sink sink = { .want = log_want_all, .event = learn };
    struct account account = { 0 };
    struct notices notices;
    struct arena arena;
    if (said[1][0])
        return;
    arena_init(&arena);
    notices_init(&notices, &arena);
    (void)log_read_bytes(&evtx_format, (struct bytes){ sound, SIZE }, "sound", &sink, &account, &notices);
    assert_int_equal(account.decoded, 2 * RECORDS);
    assert_non_null(strstr(said[1], "\n1 =record 1"));
    arena_done(&arena);
}

static inline void read_image(struct arena *arena, struct outcome *o)
{
    learn_sound();
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
