/*
 * A log that ends inside of its last record, cut at every byte of it: each value that stands whole before the end is
 * used, none behind it is made up, and the number and the time of the record's head are always told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "evtx/evtx.h"
#include "evtx/evtx_chunk.h"
#include "log_read.h"
#include "test_evtx_build.h"

#define WRITTEN  "2021-03-14T22:00:00.0000000Z" /* not the time of the record's head */
#define FILETIME 132602328000000000u
#define HEAD_TIME "2016-07-08T18:12:51.6816408Z"
#define EVENT_ID 4000u

enum { VALUE_ID, VALUE_TIME, VALUE_NUMBER, VALUE_PAYLOAD, VALUES };

static struct build b;
static size_t behind[VALUES]; /* chunk offsets in the last record */
static size_t behind_first;   /* element of its payload */

static void value_leaf(const char *name, unsigned index, unsigned type)
{
    build_open_in_template(&b, name, index);
    build_u8(&b, BINXML_CONTENT);
    build_value(&b, BINXML_OPTIONAL, index, type);
    build_u8(&b, BINXML_END);
}

/* As Windows makes them: System of single values, the rest of the event in one more, and Event depends on that. */
static size_t add_definition(void)
{
    size_t definition = build_definition(&b, 7);
    build_open_in_template(&b, "Event", VALUE_PAYLOAD);
    build_u8(&b, BINXML_CONTENT);
    build_open_in_template(&b, "System", BINXML_NO_DEPENDENCY);
    build_u8(&b, BINXML_CONTENT);
    value_leaf("EventID", VALUE_ID, BINXML_UINT16);
    build_open_in_template(&b, "TimeCreated", BINXML_NO_DEPENDENCY);
    build_attribute(&b, "SystemTime");
    build_value(&b, BINXML_OPTIONAL, VALUE_TIME, BINXML_FILETIME);
    build_u8(&b, BINXML_EMPTY);
    value_leaf("EventRecordID", VALUE_NUMBER, BINXML_UINT64);
    build_u8(&b, BINXML_END);
    build_value(&b, BINXML_OPTIONAL, VALUE_PAYLOAD, BINXML_STREAM);
    build_u8(&b, BINXML_END);
    build_definition_end(&b, definition);
    return definition;
}

static void add_values(uint64_t number)
{
    build_u32(&b, VALUES);
    size_t sizes = b.at;
    build_u32(&b, 2 | BINXML_UINT16 << 16);
    build_u32(&b, 8 | BINXML_FILETIME << 16);
    build_u32(&b, 8 | BINXML_UINT64 << 16);
    build_u32(&b, 0);
    build_u16(&b, EVENT_ID);
    behind[VALUE_ID] = b.at;
    build_int(&b, FILETIME, 8);
    behind[VALUE_TIME] = b.at;
    build_int(&b, number, 8);
    behind[VALUE_NUMBER] = b.at;
    build_leaf(&b, "First", "whole");
    behind_first = b.at;
    build_leaf(&b, "Second", "too");
    behind[VALUE_PAYLOAD] = b.at;
    build_at(&b, sizes + 12, (b.at - behind[VALUE_NUMBER]) | BINXML_STREAM << 16, 4);
}

static void make_chunk(void)
{
    build_init(&b, 1);
    build_record(&b);
    size_t definition = add_definition();
    add_values(1);
    build_record_end(&b);
    build_record(&b);
    build_u8(&b, BINXML_INSTANCE);
    build_u8(&b, 1);
    build_u32(&b, 7);
    build_u32(&b, definition);
    add_values(2);
    build_record_end(&b);
    build_seal(&b);
}

struct last {
    struct event_key key;
    uint32_t marks;
    char line[2048];
};

static bool want(void *ctx, const struct event_key *key)
{
    ((struct last *)ctx)->key = *key;
    return true;
}

static void rendered(void *ctx, const struct event_key *key, const struct event_about *about, struct text text)
{
    struct last *last = ctx;
    UNUSED(key);
    last->marks = about->marks;
    snprintf(last->line, sizeof last->line, "%.*s", TEXT_ARG(text));
}

/* The last event of the log of which `size` bytes of the chunk are left. */
static void read_last(size_t size, enum event_form form, struct last *last)
{
    static uint8_t image[EVTX_FILE_HEADER + EVTX_CHUNK_SIZE];
    struct buf lines;
    struct event_sink sink = { .ctx = last, .want = want, .rendered = rendered, .form = form, .lines = &lines };
    struct account account = { 0 };
    struct notices notices;
    struct arena arena;
    build_file_header(image, 1);
    memcpy(image + EVTX_FILE_HEADER, b.bytes, size);
    arena_init(&arena);
    buf_init(&lines);
    notices_init(&notices, &arena);
    log_read_bytes(&evtx_format, (struct bytes){ image, EVTX_FILE_HEADER + size }, "image", &sink, &account, &notices);
    buf_done(&lines);
    arena_done(&arena);
}

static bool says(const struct last *last, const char *text)
{
    return strstr(last->line, text);
}

static void check(size_t size, const struct last *last)
{
    assert_true(last->marks & EVENT_PARTIAL);
    assert_true(last->key.record_id == 2);
    assert_true(last->key.time == (size >= behind[VALUE_TIME] ? FILETIME : BUILD_TIME));
    assert_true((last->key.id == EVENT_ID) == (size >= behind[VALUE_ID]));
    assert_true(says(last, "4000") == (size >= behind[VALUE_ID]));
    assert_true(says(last, "whole") == (size >= behind_first - 1)); /* its text stands before its end token */
    assert_false(says(last, "too") && size < behind[VALUE_PAYLOAD] - 1);
}

static void each_whole_value_is_used(void **state)
{
    struct last last;
    (void)state;
    make_chunk();
    size_t list = b.record + EVTX_RECORD_HEAD + 4 + 10; /* behind the head of the instance: its template is known */
    for (size_t size = list; size < b.at; size++) {
        read_last(size, EVENT_AS_JSON, &last);
        check(size, &last);
        assert_true(says(&last, "\"EventRecordID\":2"));
        assert_true(says(&last, WRITTEN) == (size >= behind[VALUE_TIME]));
        read_last(size, EVENT_AS_XML, &last);
        check(size, &last);
        assert_true(says(&last, "<EventRecordID>2</EventRecordID>"));
        assert_true(says(&last, "SystemTime="));
    }
}

/* Before that nothing is known but what the head says: its number and its time. */
static void head_alone_is_all(void **state)
{
    struct last last;
    (void)state;
    make_chunk();
    for (size_t size = b.record + EVTX_RECORD_MIN; size < b.record + EVTX_RECORD_HEAD + 4 + 10; size++) {
        read_last(size, EVENT_AS_JSON, &last);
        assert_true(last.marks & EVENT_PARTIAL);
        assert_true(last.key.record_id == 2 && last.key.time == BUILD_TIME);
        assert_true(says(&last, "{\"Event\":{\"System\":{\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"" HEAD_TIME "\"}},"
                                "\"EventRecordID\":2}"));
        read_last(size, EVENT_AS_XML, &last);
        assert_true(says(&last, "<Event><System><TimeCreated SystemTime='" HEAD_TIME "'/>"
                                "<EventRecordID>2</EventRecordID></System>"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_whole_value_is_used),
        cmocka_unit_test(head_alone_is_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
