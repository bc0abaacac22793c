/* The second reader as a log format: every record once, what is said and counted of those that the library gives up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../libyal_leaks.h"
#include "base/limits.h"
#include "evt_image.h"
#include "libyal/libyal.h"
#include "libyal/libyal_io.h"
#include "log_read.h"
#include "test_evtx_build.h"

#define MANY 300u /* more than two batches */

/* What came of a log. */
struct seen {
    unsigned met[MANY + 1]; /* live, by number */
    unsigned old, odd_value, odd_channel;
    uint64_t last_old;
    struct account account;
    struct notices notices;
    struct arena arena;
    enum status status;
    size_t batches;
};

static void take(void *ctx, const struct event *e)
{
    struct seen *s = ctx;
    if (e->source == EVENT_LIBYAL) {
        s->old++;
        s->last_old = e->key.record_id;
        return;
    }
    assert_int_equal(e->source, EVENT_LIVE);
    assert_in_range(e->key.record_id, 1, MANY);
    assert_true(e->key.time > 0);
    s->met[e->key.record_id]++;
    s->odd_value += (e->marks & EVENT_ODD_VALUE) != 0;
    s->odd_channel += !text_equal(e->key.channel, TEXT("System"));
}

static void read_log(struct seen *s, const struct log_format *format, struct bytes bytes, const char *name, bool recover)
{
    struct event_sink sink = { .ctx = s, .want = log_want_all, .event = take, .recover = recover };
    *s = (struct seen){ .status = ST_OK };
    arena_init(&s->arena);
    notices_init(&s->notices, &s->arena);
    struct log_read read = log_read_bytes(format, bytes, name, &sink, &s->account, &s->notices);
    assert_true(read.in_order);
    s->status = read.worst;
    s->batches = read.batches;
}

static void every_record_comes_once(void **state)
{
    struct image m;
    struct seen s;
    (void)state;
    image_init(&m, 131072, IMAGE_BEGIN, 1);
    image_add_some(&m, MANY);
    image_end(&m);
    read_log(&s, &libevt_format, (struct bytes){ m.p, m.size }, "System.evt", false);
    for (size_t i = 1; i <= MANY; i++)
        assert_int_equal(s.met[i], 1);
    assert_true(s.batches >= 3);
    assert_int_equal(s.status, ST_OK);
    assert_int_equal(s.notices.count, 0);
    assert_int_equal(s.account.promised, MANY);
    assert_int_equal(s.account.decoded, MANY);
    assert_int_equal(s.account.by_source[EVENT_LIVE], MANY);
    assert_int_equal(s.account.partial + s.account.lost, 0);
    assert_int_equal(s.odd_channel, 0);
    assert_int_equal(s.odd_value, 0);
    assert_true(s.account.first > 0 && s.account.last >= s.account.first);
    arena_done(&s.arena);
    put_u16(m.p + m.places[7] + 24, 0x55); /* its type: none that is known */
    read_log(&s, &libevt_format, (struct bytes){ m.p, m.size }, "node1.evt", false);
    assert_int_equal(s.odd_channel, MANY);
    assert_int_equal(s.odd_value, 1);
    arena_done(&s.arena);
    image_free(&m);
}

/* Behind the end of the log stands a record that libevt recovers. */
static void make_old(struct image *m)
{
    struct image_record r = { .source = "ClusSvc", .computer = "NODE1", .strings = { "old" }, .generated = 1000000000u,
                              .written = 1000000000u, .type = 1 };
    image_init(m, 8192, IMAGE_BEGIN, 1);
    image_add_some(m, 10);
    image_end(m);
    record_build(&r, 777, m->p + m->end + 40);
}

static void old_records_are_counted_apart(void **state)
{
    struct image m;
    struct seen s;
    (void)state;
    make_old(&m);
    for (int recover = 0; recover < 2; recover++) {
        read_log(&s, &libevt_format, (struct bytes){ m.p, m.size }, "System.evt", recover);
        assert_int_equal(s.old, recover ? 1 : 0);
        assert_int_equal(s.last_old, recover ? 777 : 0);
        assert_int_equal(s.account.by_source[EVENT_LIBYAL], 1);
        assert_int_equal(s.account.by_source[EVENT_LIVE], 10);
        assert_int_equal(s.account.promised, 10);
        assert_int_equal(s.account.decoded, 10);
        assert_int_equal(s.account.partial, 0);
        assert_true(s.account.first > filetime_from_unix(1000000000u)); /* its time is no time of the log */
        assert_int_equal(s.status, ST_OK);
        arena_done(&s.arena);
    }
    image_free(&m);
}

/* A batch that says that evscan's own reader has no such record, wherever the library has it. */
static void a_second_attempt_is_marked(void **state)
{
    struct image m;
    struct seen s = { .status = ST_OK };
    struct event_sink sink = { .ctx = &s, .want = log_want_all, .event = take };
    (void)state;
    make_old(&m);
    arena_init(&s.arena);
    notices_init(&s.notices, &s.arena);
    struct input *in = input_from_bytes((struct bytes){ m.p, m.size }, "System.evt");
    struct log *log = libevt_format.open(in, &s.account, &s.notices);
    struct decoder *decoder = libevt_format.decoder_new();
    struct batch batch = { .kind = LIBYAL_LIVE | LIBYAL_KIND_SECOND, .offset = 3, .size = 2 };
    assert_int_equal(libevt_format.decode(decoder, log, &batch, &sink, &s.account, &s.notices), ST_OK);
    assert_int_equal(s.old, 2);
    assert_int_equal(s.last_old, 5);
    assert_int_equal(s.account.by_source[EVENT_LIBYAL], 2);
    assert_int_equal(s.account.by_source[EVENT_LIVE] + s.account.decoded, 0);
    libevt_format.decoder_free(decoder);
    libevt_format.close(log);
    input_close(in);
    arena_done(&s.arena);
    image_free(&m);
}

/*
 * libevtx reads the first record; the XML of the second one is not well-formed, for it holds a control character; the third
 * one has no template, and of such a record libevtx has nothing at all.
 */
static void make_given_up(uint8_t *file)
{
    static struct build b;
    build_init(&b, 1);
    build_record(&b);
    size_t definition = build_definition(&b, 7);
    size_t event = build_open_sized(&b, "Event"), system = build_open_sized(&b, "System"), channel = build_open_sized(&b, "Channel");
    build_value(&b, BINXML_VALUE, 0, BINXML_STRING);
    build_close_sized(&b, channel);
    build_close_sized(&b, system);
    build_close_sized(&b, event);
    build_definition_end(&b, definition);
    build_u32(&b, 1);
    build_u32(&b, 12 | BINXML_STRING << 16);
    build_utf16(&b, "System");
    build_record_end(&b);
    build_record(&b);
    build_u8(&b, BINXML_INSTANCE);
    build_u8(&b, 1);
    build_u32(&b, 7);
    build_u32(&b, definition);
    build_u32(&b, 1);
    build_u32(&b, 12 | BINXML_STRING << 16);
    build_utf16(&b, "\1ystem");
    build_record_end(&b);
    build_record(&b);
    build_open(&b, "Event");
    build_u8(&b, BINXML_CONTENT);
    build_leaf(&b, "Data", "text");
    build_u8(&b, BINXML_END);
    build_record_end(&b);
    build_seal(&b);
    build_file_header(file, 1);
    memcpy(file + EVTX_FILE_HEADER, b.bytes, EVTX_CHUNK_SIZE);
}

static void what_is_given_up_is_said_and_counted(void **state)
{
    static uint8_t file[EVTX_FILE_HEADER + EVTX_CHUNK_SIZE];
    struct seen s;
    (void)state;
    make_given_up(file);
    read_log(&s, &libevtx_format, (struct bytes){ file, sizeof file }, "a.evtx", false);
    assert_int_equal(s.met[1], 1);
    assert_int_equal(s.met[2], 1); /* number and time of its header */
    assert_int_equal(s.odd_channel, 1);
    assert_int_equal(s.met[3], 0);
    assert_int_equal(s.account.promised, 3);
    assert_int_equal(s.account.by_source[EVENT_LIVE], 2);
    assert_int_equal(s.account.decoded, 1);
    assert_int_equal(s.account.partial, 1);
    assert_int_equal(s.account.lost, 1);
    assert_int_equal(s.status, ST_LOST_RECORD);
    assert_int_equal(s.notices.seen[NOTICE_LIBYAL_XML], 1);
    assert_int_equal(s.notices.seen[NOTICE_LIBYAL_NOTHING], 1);
    assert_int_equal(s.notices.items[1].value, 3);
    assert_int_equal(s.notices.items[0].value, 2);
    arena_done(&s.arena);
}

/* libevtx opens a log that was cut, and has no record of its last chunk; the least that is to be said. */
static void a_file_that_the_library_finds_damaged_is_said_to_be(void **state)
{
    static uint8_t file[EVTX_FILE_HEADER + EVTX_CHUNK_SIZE];
    struct seen s;
    (void)state;
    make_given_up(file);
    read_log(&s, &libevtx_format, (struct bytes){ file, EVTX_FILE_HEADER + 20000 }, "a.evtx", false);
    assert_int_equal(s.met[1], 0);
    assert_int_equal(s.notices.seen[NOTICE_LIBYAL_DAMAGED], 1);
    assert_int_equal(notices_worst(&s.notices), NOTICE_LOSS_LEVEL);
    arena_done(&s.arena);
}

#define NAME_MOST 8000u

/* An event of so many empty elements of one name, which is stored once and written out for each. */
static void make_repeated_name(uint8_t *file, size_t count)
{
    static char name[NAME_MOST + 1];
    static struct build b;
    memset(name, 'n', NAME_MOST);
    build_init(&b, 1);
    build_record(&b);
    size_t definition = build_definition(&b, 7), event = build_open_sized(&b, "Event"), first = 0;
    for (size_t i = 0; i < count; i++) {
        size_t element = b.at;
        build_open_in_template(&b, i ? "" : name, BINXML_NO_DEPENDENCY);
        if (i == 0)
            first = element + 11; /* behind token, dependency, size and place of the name */
        else
            b.at = element + 11;
        build_at(&b, element + 7, first, 4);
        build_u8(&b, BINXML_EMPTY);
        build_at(&b, element + 3, b.at - element - 7, 4);
    }
    build_close_sized(&b, event);
    build_definition_end(&b, definition);
    build_u32(&b, 0);
    build_record_end(&b);
    build_seal(&b);
    build_file_header(file, 1);
    memcpy(file + EVTX_FILE_HEADER, b.bytes, EVTX_CHUNK_SIZE);
}

/* Its XML is taken up to LIMIT_LIBYAL_XML; of a record with more only the header is known. */
static void a_record_of_too_much_xml_is_given_up(void **state)
{
    static uint8_t file[EVTX_FILE_HEADER + EVTX_CHUNK_SIZE];
    const size_t fits = LIMIT_LIBYAL_XML / (NAME_MOST + 100);
    struct seen s;
    (void)state;
    for (int more = 0; more < 2; more++) {
        make_repeated_name(file, more ? LIMIT_LIBYAL_XML / NAME_MOST + 1 : fits);
        read_log(&s, &libevtx_format, (struct bytes){ file, sizeof file }, "a.evtx", false);
        assert_int_equal(s.met[1], 1);
        assert_int_equal(s.account.partial, more);
        assert_int_equal(s.notices.seen[NOTICE_LIBYAL_RECORD], more);
        arena_done(&s.arena);
    }
}

/* The library may ask for any place. */
static void places_outside_of_the_input_are_refused(void **state)
{
    static const uint8_t bytes[] = "0123456789";
    struct libyal_io io;
    uint8_t out[4];
    (void)state;
    struct input *in = input_from_bytes((struct bytes){ bytes, 10 }, "a");
    libbfio_handle_t *handle = libyal_io_open(&io, in);
    assert_non_null(handle);
    assert_int_equal(libbfio_handle_open(handle, LIBBFIO_OPEN_READ, NULL), 1);
    assert_int_equal(libbfio_handle_seek_offset(handle, 8, SEEK_SET, NULL), 8);
    assert_int_equal(libbfio_handle_read_buffer(handle, out, 4, NULL), 2);
    assert_memory_equal(out, "89", 2);
    assert_int_equal(libbfio_handle_seek_offset(handle, -4, SEEK_CUR, NULL), 6);
    assert_int_equal(libbfio_handle_seek_offset(handle, -1, SEEK_END, NULL), 9);
    assert_int_equal(libbfio_handle_seek_offset(handle, -11, SEEK_END, NULL), -1);
    assert_int_equal(libbfio_handle_seek_offset(handle, -1, SEEK_SET, NULL), -1);
    assert_int_equal(libbfio_handle_seek_offset(handle, INT64_MAX, SEEK_CUR, NULL), -1);
    assert_int_equal(libbfio_handle_seek_offset(handle, 100, SEEK_SET, NULL), 100);
    assert_int_equal(libbfio_handle_read_buffer(handle, out, 4, NULL), 0);
    libyal_io_close(handle);
    input_close(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_comes_once),
        cmocka_unit_test(old_records_are_counted_apart),
        cmocka_unit_test(a_second_attempt_is_marked),
        cmocka_unit_test(what_is_given_up_is_said_and_counted),
        cmocka_unit_test(a_file_that_the_library_finds_damaged_is_said_to_be),
        cmocka_unit_test(a_record_of_too_much_xml_is_given_up),
        cmocka_unit_test(places_outside_of_the_input_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
