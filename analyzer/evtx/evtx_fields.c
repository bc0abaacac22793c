#include "evtx/evtx_fields.h"

#include <stdlib.h>

#include "evtx/evtx_field_map.h"

struct evtx_fields {
    struct layouts layouts;
    struct shape shape;
    struct field_draft draft;
    /* Of a lazy event: */
    struct event_values values;
    const struct field_map *map;
    struct binxml_reader *reader;
};

/* The walk's sink. */
struct building {
    struct binxml_reader *r;
    struct field_draft *draft; /* NULL: none is made */
    struct event_builder builder;
};

static struct text value_text(void *ctx, size_t field)
{
    struct evtx_fields *f = ctx;
    bool odd = false; /* told when the event is completed */
    const struct binxml_value *v = field_map_value(f->map, &f->shape, field);
    return v ? binxml_value_text(&f->reader->scratch, v, &odd) : field_map_outline(f->map)->fields[field].value;
}

static struct bytes value_utf16(void *ctx, size_t field)
{
    struct evtx_fields *f = ctx;
    return binxml_value_utf16(field_map_value(f->map, &f->shape, field));
}

static void complete(void *ctx, struct event *event)
{
    struct evtx_fields *f = ctx;
    if (field_map_fill(f->map, &f->shape, &f->reader->scratch, event))
        event->marks |= EVENT_ODD_VALUE;
}

struct evtx_fields *evtx_fields_new(void)
{
    struct evtx_fields *f = memory_new(sizeof *f);
    f->values = (struct event_values){ .ctx = f, .text = value_text, .utf16 = value_utf16, .complete = complete };
    layouts_init(&f->layouts);
    return f;
}

void evtx_fields_free(struct evtx_fields *f)
{
    layouts_done(&f->layouts);
    free(f);
}

static void on_element(void *ctx, const struct plan_op *op)
{
    event_builder_element(&((struct building *)ctx)->builder, op->text);
}

/* The builder may write its name out anew: that is work, too. */
static void on_attribute(void *ctx, struct text name, struct text value)
{
    struct building *b = ctx;
    size_t element = b->builder.open[b->builder.depth - 1].element.n;
    if (binxml_spend(b->r, (element + name.n) / 16))
        event_builder_attribute(&b->builder, name, value);
}

static void on_text(void *ctx, enum binxml_piece piece, uint8_t type, struct text text)
{
    UNUSED(type);
    if (piece != PIECE_PI_TARGET && piece != PIECE_PI_DATA)
        event_builder_text(&((struct building *)ctx)->builder, text);
}

/* Whether text between elements makes a field depends on what it says. */
static void on_end(void *ctx, bool empty_tag)
{
    struct building *b = ctx;
    const struct open_element *e = &b->builder.open[b->builder.depth - 1];
    UNUSED(empty_tag);
    if (b->draft && e->has_children && e->content.n)
        draft_refuse(&b->draft->stream);
    event_builder_element_end(&b->builder);
}

static void on_bare(void *ctx, uint8_t type, struct text value)
{
    UNUSED(type);
    event_builder_bare(&((struct building *)ctx)->builder, value);
}

static void on_visit(void *ctx, const struct binxml_value *value, struct text text)
{
    field_draft_visit(((struct building *)ctx)->draft, value, text);
}

static void on_stream(void *ctx, const struct binxml_value *value, const struct binxml_stream *stream, size_t steps)
{
    struct building *b = ctx;
    draft_stream(&b->draft->stream, value, b->r, stream, steps);
}

static void build(struct building *b, struct binxml_reader *r, const struct binxml_stream *stream,
                  struct field_draft *draft, struct event *ret)
{
    struct binxml_sink sink = {
        .ctx = b,
        .element = on_element,
        .attribute = on_attribute,
        .text = on_text,
        .end = on_end,
        .bare = on_bare,
        .visit = draft ? on_visit : NULL,
        .stream = draft ? on_stream : NULL,
    };
    b->r = r;
    b->draft = draft;
    event_builder_begin(&b->builder, &r->scratch, ret);
    binxml_walk(r, stream, &sink);
    event_builder_end(&b->builder);
    if (b->builder.cut)
        r->marks |= EVENT_CUT;
}

void evtx_fields_walk(struct binxml_reader *r, const struct binxml_stream *stream, struct event *ret)
{
    struct building b;
    build(&b, r, stream, NULL, ret);
}

/* The walk builds the event, and its map is kept. */
static void walk_and_draft(struct evtx_fields *f, struct binxml_reader *r, const struct binxml_stream *stream,
                           struct event *ret)
{
    struct building b;
    size_t work = r->work, output = r->output;
    field_draft_begin(&f->draft, &f->layouts, &f->shape, stream);
    build(&b, r, stream, &f->draft, ret);
    struct field_cost cost = { .steps = work - r->work, .bytes = output - r->output };
    field_draft_end(&f->draft, &b.builder, &cost, !(r->marks & EVENT_CUT) && !r->damaged);
}

static void fill(struct evtx_fields *f, struct binxml_reader *r, const struct field_map *map, bool lazy,
                 struct event *event)
{
    if (!lazy) {
        r->marks |= field_map_fill(map, &f->shape, &r->scratch, event) ? EVENT_ODD_VALUE : 0u;
        return;
    }
    f->map = map;
    f->reader = r;
    f->values.outline = field_map_outline(map);
    event->values = &f->values;
}

void evtx_fields_read(struct evtx_fields *f, struct binxml_reader *r, const struct binxml_stream *stream,
                      const struct event_key *key, bool lazy, struct event *ret)
{
    const struct layout_node *node;
    struct binxml_attempt before = binxml_try(r);
    enum layout_next next = layouts_follow(&f->layouts, r, &f->shape, stream, &node);
    if (next == LAYOUT_FOUND && field_map_begin(node->fields, &f->shape, key, r, ret)) {
        fill(f, r, node->fields, lazy, ret);
        return;
    }
    binxml_undo(r, &before);
    if (next == LAYOUT_UNKNOWN)
        walk_and_draft(f, r, stream, ret);
    else
        evtx_fields_walk(r, stream, ret);
}
