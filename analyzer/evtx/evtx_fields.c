#include "evtx/evtx_fields.h"

#include "event/event_builder.h"

struct fields {
    struct binxml_reader *r;
    struct event_builder builder;
};

static void on_element(void *ctx, const struct plan_op *op)
{
    event_builder_element(&((struct fields *)ctx)->builder, op->text);
}

/* The builder may write its name out anew: that is work, too. */
static void on_attribute(void *ctx, struct text name, struct text value)
{
    struct fields *f = ctx;
    size_t element = f->builder.open[f->builder.depth - 1].element.n;
    if (binxml_spend(f->r, (element + name.n) / 16))
        event_builder_attribute(&f->builder, name, value);
}

static void on_text(void *ctx, enum binxml_piece piece, uint8_t type, struct text text)
{
    UNUSED(type);
    if (piece != PIECE_PI_TARGET && piece != PIECE_PI_DATA)
        event_builder_text(&((struct fields *)ctx)->builder, text);
}

static void on_end(void *ctx, bool empty_tag)
{
    UNUSED(empty_tag);
    event_builder_element_end(&((struct fields *)ctx)->builder);
}

static void on_bare(void *ctx, uint8_t type, struct text value)
{
    UNUSED(type);
    event_builder_bare(&((struct fields *)ctx)->builder, value);
}

void evtx_fields(struct binxml_reader *r, const struct binxml_stream *stream, struct event *ret)
{
    struct fields f;
    struct binxml_sink sink = {
        .ctx = &f,
        .element = on_element,
        .attribute = on_attribute,
        .text = on_text,
        .end = on_end,
        .bare = on_bare,
    };
    f.r = r;
    event_builder_begin(&f.builder, &r->scratch, ret);
    binxml_walk(r, stream, &sink);
    event_builder_end(&f.builder);
    if (f.builder.cut)
        r->marks |= EVENT_CUT;
}
