/* What one record, one chunk and one decoder may cost: what goes beyond is cut and marked, what stays below is whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "evtx/evtx.h"
#include "evtx/evtx_layout.h"
#include "evtx/evtx_template.h"
#include "log_read.h"
#include "test_evtx_build.h"

#define EVENTS 64u

/* What came: marks and fields by record number. */
struct came {
    uint32_t marks[EVENTS];
    size_t fields[EVENTS], count;
};

static struct build b;
static uint8_t file[EVTX_FILE_HEADER + EVTX_CHUNK_SIZE];

static void take(void *ctx, const struct event *e)
{
    struct came *c = ctx;
    assert_true(e->header_id < EVENTS);
    c->marks[e->header_id] = e->marks;
    c->fields[e->header_id] = e->field_count;
    c->count++;
}

/* Reads the chunk that was built; returns how often an event was said to be cut. */
static uint32_t read_chunk(struct came *c)
{
    struct arena arena;
    struct notices notices;
    struct account account = { 0 };
    struct event_sink sink = { .ctx = c, .want = log_want_all, .event = take };
    *c = (struct came){ .count = 0 };
    build_seal(&b);
    build_file_header(file, 1);
    memcpy(file + EVTX_FILE_HEADER, b.bytes, EVTX_CHUNK_SIZE);
    arena_init(&arena);
    notices_init(&notices, &arena);
    log_read_bytes(&evtx_format, (struct bytes){ file, sizeof file }, "x.evtx", &sink, &account, &notices);
    uint32_t cut = notices.seen[NOTICE_EVTX_EVENT_CUT];
    arena_done(&arena);
    return cut;
}

static void open_element(const char *name)
{
    build_open_in_template(&b, name, BINXML_NO_DEPENDENCY);
    build_u8(&b, BINXML_CONTENT);
}

#define NULLS 4000u

/*
 * <Event><EventData><Data>, once for each item of an array, with thousands of values in each that have no text: much work and
 * next to nothing to show for it.
 */
static size_t add_costly(size_t definition, unsigned items)
{
    build_record(&b);
    if (definition) {
        build_u8(&b, BINXML_INSTANCE);
        build_u8(&b, 1);
        build_u32(&b, 7);
        build_u32(&b, definition);
    } else {
        definition = build_definition(&b, 7);
        open_element("Event");
        open_element("EventData");
        open_element("Data");
        build_value(&b, BINXML_VALUE, 0, BINXML_ARRAY | BINXML_UINT8);
        for (unsigned i = 0; i < NULLS; i++)
            build_value(&b, BINXML_VALUE, 1, BINXML_STRING);
        build_u8(&b, BINXML_END);
        build_u8(&b, BINXML_END);
        build_u8(&b, BINXML_END);
        build_definition_end(&b, definition);
    }
    build_u32(&b, 2);
    build_u32(&b, items | (BINXML_ARRAY | BINXML_UINT8) << 16);
    build_u32(&b, 0);
    for (unsigned i = 0; i < items; i++)
        build_u8(&b, 7);
    build_record_end(&b);
    return definition;
}

static void add_plain(void)
{
    build_record(&b);
    build_open(&b, "Event");
    build_u8(&b, BINXML_CONTENT);
    build_leaf(&b, "Data", "text");
    build_u8(&b, BINXML_END);
    build_record_end(&b);
}

static void a_record_costs_no_more_than_its_limit(void **state)
{
    const unsigned most = LIMIT_BINXML_WORK / NULLS;
    struct came c;
    (void)state;
    build_init(&b, 1);
    size_t definition = add_costly(0, most / 4);
    add_costly(definition, 2 * most);
    add_plain();
    assert_int_equal(read_chunk(&c), 1);
    assert_int_equal(c.count, 3);
    assert_int_equal(c.marks[1], 0);
    assert_int_equal(c.fields[1], most / 4);
    assert_int_equal(c.marks[2], EVENT_CUT);
    assert_in_range(c.fields[2], most / 4, most);
    assert_int_equal(c.marks[3], 0);
}

/* As many records as use it up, each with all that one may cost; what comes behind them has nothing left. */
static void a_chunk_costs_no_more_than_its_limit(void **state)
{
    const unsigned records = LIMIT_CHUNK_WORK / LIMIT_BINXML_WORK, items = 2 * LIMIT_BINXML_WORK / NULLS;
    struct came c;
    (void)state;
    for (unsigned more = 0; more < 2; more++) {
        size_t definition = 0;
        build_init(&b, 1);
        for (unsigned i = 0; i + 2 < records + 4 * more; i++)
            definition = add_costly(definition, items);
        add_plain();
        (void)read_chunk(&c);
        assert_int_equal(c.count, records - 1 + 4 * more);
        assert_int_equal(c.marks[c.count], more ? EVENT_CUT : 0);
    }
}

/* An instance in the value of an instance, so many times; in the innermost one a text. */
static void add_nested(unsigned depth)
{
    if (depth == 0) {
        build_leaf(&b, "Data", "text");
        build_u8(&b, BINXML_EOF);
        return;
    }
    size_t definition = build_definition(&b, depth);
    open_element("E");
    build_value(&b, BINXML_VALUE, 0, BINXML_STREAM);
    build_u8(&b, BINXML_END);
    build_definition_end(&b, definition);
    build_u32(&b, 1);
    size_t size_at = b.at;
    build_u32(&b, (size_t)BINXML_STREAM << 16);
    add_nested(depth - 1);
    build_at(&b, size_at, b.at - size_at - 4, 2);
    build_u8(&b, BINXML_EOF);
}

static void streams_nest_so_deep(void **state)
{
    struct came c;
    (void)state;
    for (unsigned over = 0; over < 2; over++) {
        build_init(&b, 1);
        build_record(&b);
        add_nested(LIMIT_BINXML_DEPTH - 1 + over);
        build_record_end(&b);
        assert_int_equal(read_chunk(&c), over);
        assert_int_equal(c.count, 1);
        assert_int_equal(c.marks[1], over ? EVENT_CUT : 0);
    }
}

/* The rest of one that goes deeper is no event that Windows wrote: it is damage. */
static void elements_nest_so_deep(void **state)
{
    struct came c;
    (void)state;
    for (unsigned over = 0; over < 2; over++) {
        build_init(&b, 1);
        build_record(&b);
        for (unsigned i = 0; i < LIMIT_ELEMENT_DEPTH + over; i++) {
            build_open(&b, "E");
            build_u8(&b, BINXML_CONTENT);
        }
        for (unsigned i = 0; i < LIMIT_ELEMENT_DEPTH + over; i++)
            build_u8(&b, BINXML_END);
        build_record_end(&b);
        assert_int_equal(read_chunk(&c), 0);
        assert_int_equal(c.marks[1], over ? EVENT_PARTIAL : 0);
    }
}

/* The chunk that was built holds one stream, at its beginning. */
static void open_stream(struct binxml_reader *r, struct binxml_stream *ret)
{
    binxml_reader_chunk(r, (struct bytes){ b.bytes, b.at }, NULL);
    binxml_reader_record(r);
    binxml_open(r, EVTX_CHUNK_HEADER, b.at, ret);
}

/* Plans of ever new templates are thrown away before they come to more than their limit. */
static void plans_are_thrown_away(void **state)
{
    struct binxml_reader r;
    size_t before = 0;
    (void)state;
    binxml_reader_init(&r);
    for (uint32_t id = 1; templates_generation(r.templates) == 0; id++) {
        struct binxml_stream stream;
        build_init(&b, 1);
        size_t definition = build_definition(&b, id);
        open_element("E");
        for (unsigned i = 0; i < NULLS; i++)
            build_value(&b, BINXML_VALUE, (i + id) % 7, BINXML_STRING);
        build_value(&b, BINXML_VALUE, id, BINXML_STRING);
        build_u8(&b, BINXML_END);
        build_definition_end(&b, definition);
        build_u32(&b, 0);
        open_stream(&r, &stream);
        if (templates_generation(r.templates))
            break;
        assert_non_null(stream.plan);
        before += stream.plan->count * sizeof *stream.plan->ops;
        assert_true(before < LIMIT_PLAN_BYTES);
    }
    assert_true(before > LIMIT_PLAN_BYTES / 4);
    binxml_reader_done(&r);
}

/* The same for lines; the next one begins with none of them. */
static void layouts_are_thrown_away(void **state)
{
    static struct shape shape;
    static struct draft draft;
    static struct layouts layouts;
    struct binxml_reader r;
    struct binxml_stream stream;
    (void)state;
    layouts_init(&layouts);
    binxml_reader_init(&r);
    build_init(&b, 1);
    build_leaf(&b, "E", "text");
    open_stream(&r, &stream);
    assert_non_null(stream.plan);
    draft_begin(&draft, &layouts, &shape, &stream);
    draft_end(&draft, TEXT("<E>text</E>"), 1, true);
    for (unsigned over = 0; over < 2; over++) {
        while (over && layouts.arena.total <= LIMIT_LAYOUT_BYTES)
            (void)arena_alloc(&layouts.arena, LAYOUT_TEXT);
        draft_begin(&draft, &layouts, &shape, &stream);
        draft_end(&draft, TEXT("<E>text</E>"), 1, true);
        assert_true(layouts.arena.total <= LIMIT_LAYOUT_BYTES);
    }
    layouts_done(&layouts);
    binxml_reader_done(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_costs_no_more_than_its_limit), cmocka_unit_test(a_chunk_costs_no_more_than_its_limit),
        cmocka_unit_test(streams_nest_so_deep),                  cmocka_unit_test(elements_nest_so_deep),
        cmocka_unit_test(plans_are_thrown_away),                 cmocka_unit_test(layouts_are_thrown_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
