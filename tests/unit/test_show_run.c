/* Logs printed from beginning to end: the frame around the events, writing that fails, events that expand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "show/show.h"
#include "test_evtx_build.h"

/* What a run wrote, and after how many times nothing more could be. */
static struct {
    struct buf text;
    size_t times, most;
} wrote;

static bool write_down(struct text t)
{
    if (wrote.times++ == wrote.most)
        return false;
    buf_add(&wrote.text, t);
    return true;
}

/* `*left_out`: events that did not fit. */
static bool run_path(enum show_form form, uint64_t limit, size_t most, const char *path, struct text *ret,
                     uint64_t *left_out)
{
    struct arena arena;
    struct path_list paths = { 0 };
    struct partial partial;
    size_t not_logs = 0;
    struct show_outcome outcome;
    struct show_options options = { .form = form, .limit = limit, .threads = 1, .write = write_down };
    wrote.text.n = wrote.times = 0;
    wrote.most = most;
    arena_init(&arena);
    partial_init(&partial);
    options.catalog = catalog_new();
    paths_add(&paths, &arena, path, NULL);
    paths_finish(&paths, &arena);
    (void)!show_run(&options, &paths, &partial, &not_logs, &outcome);
    *left_out = 0;
    for (size_t i = 0; i < partial.input_count; i++)
        *left_out += partial.inputs[i]->notices.seen[NOTICE_SHOW_LEFT_OUT];
    catalog_free((struct catalog *)options.catalog);
    partial_done(&partial);
    arena_done(&arena);
    *ret = buf_text(&wrote.text);
    return outcome.written;
}

static bool run(enum show_form form, uint64_t limit, size_t most, const char *sample_name, struct text *ret)
{
    const char *source = getenv("EVSCAN_SOURCE");
    char path[4096];
    uint64_t left_out;
    snprintf(path, sizeof path, "%s/samples/%s", source ? source : ".", sample_name);
    bool written = run_path(form, limit, most, path, ret, &left_out);
    assert_int_equal(left_out, 0);
    return written;
}

/* Byte by byte: ThreadSanitizer takes all that is left for read with each memmem. */
static size_t count_of(struct text t, const char *word)
{
    size_t count = 0, n = strlen(word);
    for (size_t i = 0; i + n <= t.n; i++)
        if (t.p[i] == word[0] && memcmp(t.p + i, word, n) == 0) {
            count++;
            i += n - 1;
        }
    return count;
}

static void events_stand_in_their_frame(void **state)
{
    static const struct {
        enum show_form form;
        const char *before, *after, *each;
        size_t without; /* times that `each` stands in the frame */
    } cases[] = {
        { SHOW_TEXT, "1999-04-10T06:00:12", "\n", ", record ", 0 },
        { SHOW_JSON, "[\n{\"Event\"", "}\n]\n", "\n{\"Event\"", 0 },
        { SHOW_JSONL, "{\"Event\"", "}\n", "{\"Event\"", 0 },
        { SHOW_CSV, "time,node,channel", "\r\n", "\r\n", 1 },
        { SHOW_XML, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>\n<Event", "</Event>\n</Events>\n", "</Event>", 0 },
    };
    static const uint64_t limits[] = { 1, 2, 26, 27, UINT64_MAX }; /* the log has 27 events */
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (size_t k = 0; k < COUNT_OF(limits); k++) {
            struct text t;
            assert_true(run(cases[i].form, limits[k], SIZE_MAX, "Q218922/node1.evt", &t));
            size_t events = limits[k] < 27 ? (size_t)limits[k] : 27;
            if (!text_starts_with(t, text_from(cases[i].before)) || !text_ends_with(t, text_from(cases[i].after)) ||
                count_of(t, cases[i].each) != events + cases[i].without)
                fail_msg("form %d, limit %d: %.*s", (int)cases[i].form, (int)limits[k], TEXT_ARG(t));
        }
}

/* Whenever writing fails, it is told and nothing more is written. */
static void a_failure_to_write_ends_the_run(void **state)
{
    (void)state;
    for (enum show_form form = SHOW_TEXT; form <= SHOW_XML; form++) {
        struct text whole, part;
        assert_true(run(form, UINT64_MAX, SIZE_MAX, "Q218922", &whole)); /* two logs */
        size_t times = wrote.times;
        assert_true(times >= 3);
        for (size_t most = 0; most < times; most++) {
            assert_false(run(form, UINT64_MAX, most, "Q218922", &part));
            assert_int_equal(wrote.times, most + 1);
        }
        assert_true(run(form, UINT64_MAX, times, "Q218922", &part));
    }
}

/* Values of a record, each of them shown in many places: records of 2 KB become 400 KB of text. */
#define PLACES  400u
#define EXPANDING 23u

static void build_expanding(struct build *b)
{
    size_t definition = 0;
    build_init(b, 1);
    for (unsigned i = 0; i < EXPANDING; i++) {
        build_record(b);
        if (i) {
            build_u8(b, BINXML_INSTANCE);
            build_u8(b, 1);
            build_u32(b, 7);
            build_u32(b, definition);
        } else {
            definition = build_definition(b, 7);
            build_open_in_template(b, "Event", BINXML_NO_DEPENDENCY);
            build_u8(b, BINXML_CONTENT);
            build_open_in_template(b, "EventData", BINXML_NO_DEPENDENCY);
            build_u8(b, BINXML_CONTENT);
            for (unsigned k = 0; k < PLACES; k++) {
                build_open_in_template(b, "D", BINXML_NO_DEPENDENCY);
                build_u8(b, BINXML_CONTENT);
                build_value(b, BINXML_VALUE, 0, BINXML_STRING);
                build_u8(b, BINXML_END);
            }
            build_u8(b, BINXML_END);
            build_u8(b, BINXML_END);
            build_definition_end(b, definition);
        }
        build_u32(b, 1);
        build_u32(b, 2000 | BINXML_STRING << 16);
        for (unsigned k = 0; k < 1000; k++)
            build_u16(b, 'a' + i);
        build_record_end(b);
    }
    build_seal(b);
}

/* What does not fit is left out as whole events, each of them told, and what is printed is whole. */
static void events_that_expand_are_bounded(void **state)
{
    static struct build b;
    static uint8_t header[EVTX_FILE_HEADER];
    char path[] = "/tmp/evscan-show-XXXXXX";
    (void)state;
    FILE *file = fdopen(mkstemp(path), "wb");
    assert_non_null(file);
    build_expanding(&b);
    build_file_header(header, 1);
    fwrite(header, sizeof header, 1, file);
    fwrite(b.bytes, sizeof b.bytes, 1, file);
    assert_int_equal(fclose(file), 0);
    for (enum show_form form = SHOW_TEXT; form <= SHOW_XML; form++) {
        struct text t;
        uint64_t left_out;
        assert_true(run_path(form, UINT64_MAX, SIZE_MAX, path, &t, &left_out));
        assert_true(left_out > 0 && left_out < EXPANDING);
        assert_true(t.n < LIMIT_BATCH_TEXT + LIMIT_EVENT_BYTES);
        for (unsigned i = 0; i < EXPANDING; i++) {
            char value[8] = { 0 };
            memset(value, (int)('a' + i), sizeof value - 1);
            assert_true((count_of(t, value) > 0) == (i < EXPANDING - left_out));
        }
    }
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_stand_in_their_frame),
        cmocka_unit_test(a_failure_to_write_ends_the_run),
        cmocka_unit_test(events_that_expand_are_bounded),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_done(&wrote.text);
    return failed;
}
