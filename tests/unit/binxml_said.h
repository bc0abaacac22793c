/*
 * binxml_said.h - binary XML built by a test, and what the walk says of it, in a notation of its own.
 */
#ifndef EVSCAN_TESTS_BINXML_SAID_H
#define EVSCAN_TESTS_BINXML_SAID_H

#include "base/buf.h"
#include "event/event.h"
#include "evtx/binxml_walk.h"
#include "test_evtx_build.h"

#define NONE BINXML_NO_DEPENDENCY
#define START EVTX_CHUNK_HEADER

static struct build b;
static struct binxml_reader reader;
static struct buf said;

/* A sink that writes what it is told: <name a="v"> text [bare] </> */
static inline void on_element(void *ctx, const struct plan_op *op)
{
    (void)ctx;
    buf_add_format(&said, "<%.*s>", TEXT_ARG(op->text));
}

static inline void on_attribute(void *ctx, struct text name, struct text value)
{
    (void)ctx;
    buf_add_format(&said, "@%.*s='%.*s'", TEXT_ARG(name), TEXT_ARG(value));
}

static inline void on_text(void *ctx, enum binxml_piece piece, uint8_t type, struct text text)
{
    static const char kinds[] = { 't', 'c', '#', '&', '?', '!' };
    (void)ctx;
    (void)type;
    buf_add_format(&said, "%c:%.*s", kinds[piece], TEXT_ARG(text));
}

static inline void on_end(void *ctx, bool empty_tag)
{
    (void)ctx;
    buf_add_c(&said, empty_tag ? "</>" : "</");
    buf_add_c(&said, empty_tag ? "" : ">");
}

static inline void on_bare(void *ctx, uint8_t type, struct text value)
{
    (void)ctx;
    (void)type;
    buf_add_format(&said, "[%.*s]", TEXT_ARG(value));
}

static const struct binxml_sink sink = {
    .ctx = NULL,
    .element = on_element,
    .attribute = on_attribute,
    .text = on_text,
    .end = on_end,
    .bare = on_bare,
};

static inline void begin(void)
{
    build_init(&b, 1);
    said.n = 0;
}

static inline void walk(size_t at, size_t end)
{
    struct binxml_stream stream;
    binxml_reader_chunk(&reader, (struct bytes){ b.bytes, b.at }, NULL);
    binxml_reader_record(&reader);
    binxml_open(&reader, at, end, &stream);
    binxml_walk(&reader, &stream, &sink);
    buf_add_char(&said, 0);
}

static inline void expect(const char *document)
{
    walk(START, b.at);
    assert_string_equal(said.p, document);
    assert_false(reader.damaged);
    assert_int_equal(reader.marks & ~(unsigned)EVENT_ODD_VALUE, 0);
}

static inline void descriptor(unsigned size, unsigned type)
{
    build_u16(&b, size);
    build_u16(&b, type);
}

/* A template <R><D>value 0</D><O dep=1>value 1</O><E>opt 2</E><P a=opt 3/></R> */
static inline void usual_template(void)
{
    build_u8(&b, BINXML_FRAGMENT);
    build_int(&b, 0x000101, 3);
    size_t definition = build_definition(&b, 0xABCD);
    build_open_in_template(&b, "R", NONE);
    build_u8(&b, BINXML_CONTENT);
    build_open_in_template(&b, "D", NONE);
    build_u8(&b, BINXML_CONTENT);
    build_value(&b, BINXML_VALUE, 0, BINXML_STRING);
    build_u8(&b, BINXML_END);
    build_open_in_template(&b, "O", 1);
    build_u8(&b, BINXML_CONTENT);
    build_text(&b, "always");
    build_u8(&b, BINXML_END);
    build_open_in_template(&b, "E", NONE);
    build_u8(&b, BINXML_CONTENT);
    build_value(&b, BINXML_OPTIONAL, 2, BINXML_UINT16);
    build_u8(&b, BINXML_END);
    build_open_in_template(&b, "P", NONE);
    build_attribute(&b, "a");
    build_value(&b, BINXML_OPTIONAL, 3, BINXML_UINT8);
    build_u8(&b, BINXML_EMPTY);
    build_u8(&b, BINXML_END);
    build_definition_end(&b, definition);
}

/* The usual template, and a value for each of its places. */
static inline void usual_document(void)
{
    usual_template();
    build_u32(&b, 4);
    descriptor(2, BINXML_STRING);
    descriptor(2, BINXML_UINT16);
    descriptor(2, BINXML_UINT16);
    descriptor(1, BINXML_UINT8);
    build_utf16(&b, "x");
    build_u16(&b, 1);
    build_u16(&b, 7);
    build_u8(&b, 9);
}

static inline int setup(void **state)
{
    (void)state;
    binxml_reader_init(&reader);
    buf_init(&said);
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    binxml_reader_done(&reader);
    buf_done(&said);
    return 0;
}

#endif
