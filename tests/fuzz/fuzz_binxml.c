/*
 * Property: whatever stands in a chunk, a stream in it flattens, compiles and walks to an end; what the sink is told is
 * balanced, no deeper than its limit and no longer than an event may be, and flattening is the same every time.
 * The first two bytes say where the stream starts.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf.h"
#include "evtx/binxml_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct told {
    size_t depth, bytes;
};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void on_element(void *ctx, const struct plan_op *op)
{
    struct told *t = ctx;
    require(++t->depth <= LIMIT_ELEMENT_DEPTH && utf8_valid(op->text));
}

static void on_attribute(void *ctx, struct text name, struct text value)
{
    struct told *t = ctx;
    t->bytes += value.n;
    require(t->depth > 0 && value.n > 0 && utf8_valid(name) && utf8_valid(value));
}

static void on_text(void *ctx, enum binxml_piece piece, uint8_t type, struct text text)
{
    struct told *t = ctx;
    UNUSED(type);
    t->bytes += text.n;
    require(piece <= PIECE_PI_DATA && utf8_valid(text));
}

static void on_end(void *ctx, bool empty_tag)
{
    struct told *t = ctx;
    UNUSED(empty_tag);
    require(t->depth-- > 0);
}

static void on_bare(void *ctx, uint8_t type, struct text value)
{
    struct told *t = ctx;
    UNUSED(type);
    t->bytes += value.n;
    require(utf8_valid(value));
}

static void check_flat(struct bytes chunk, size_t at, enum flat_kind kind)
{
    struct flattener one, two;
    size_t behind_one, behind_two;
    flattener_init(&one);
    flattener_init(&two);
    bool sound = flatten(&one, chunk, at, chunk.n, kind, &behind_one);
    require(flatten(&two, chunk, at, chunk.n, kind, &behind_two) == sound && behind_one == behind_two);
    require(flattened(&one).n == flattened(&two).n && behind_one <= chunk.n);
    flattener_done(&one);
    flattener_done(&two);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes chunk = { data, size };
    struct told told = { 0 };
    struct binxml_sink sink = {
        .ctx = &told,
        .element = on_element,
        .attribute = on_attribute,
        .text = on_text,
        .end = on_end,
        .bare = on_bare,
    };
    struct binxml_reader reader;
    struct binxml_stream stream;
    if (size < 2 || size > 65536)
        return 0;
    size_t at = bytes_u16(chunk, 0);
    check_flat(chunk, at, FLAT_DEFINITION);
    check_flat(chunk, at, FLAT_STREAM);
    binxml_reader_init(&reader);
    binxml_reader_chunk(&reader, chunk, NULL);
    binxml_reader_record(&reader);
    binxml_open(&reader, at, size, &stream);
    binxml_walk(&reader, &stream, &sink);
    require(told.depth == 0 && told.bytes <= LIMIT_EVENT_BYTES);
    binxml_reader_done(&reader);
    return 0;
}
