#include "evtx/evtx_xml.h"

#include "event/event.h"

void evtx_xml_begin(struct xml_writer *x, struct line *line)
{
    x->line = line;
    x->in_tag = x->in_attribute = false;
    x->depth = 0;
}

static void tag_close(struct xml_writer *x)
{
    if (x->in_tag)
        line_char(x->line, '>');
    x->in_tag = false;
}

static void note_name(struct xml_writer *x, const struct plan_op *op)
{
    if (op->xml.p != op->text.p)
        line_mark(x->line, EVENT_ODD_VALUE);
}

static void on_element(void *ctx, const struct plan_op *op)
{
    struct xml_writer *x = ctx;
    tag_close(x);
    line_char(x->line, '<');
    line_add(x->line, op->xml);
    note_name(x, op);
    x->names[x->depth++] = op->xml;
    x->in_tag = true;
    (void)line_full(x->line);
}

static void on_attribute(void *ctx, const struct plan_op *op)
{
    struct xml_writer *x = ctx;
    x->attribute = x->line->out.n;
    line_char(x->line, ' ');
    line_add(x->line, op->xml);
    line_add(x->line, TEXT("='"));
    note_name(x, op);
    x->value = x->line->out.n;
    x->in_attribute = true;
}

/* Windows leaves out an attribute without a value. */
static void on_attribute_end(void *ctx)
{
    struct xml_writer *x = ctx;
    x->in_attribute = false;
    if (x->line->out.n == x->value)
        line_cut(x->line, x->attribute);
    else
        line_char(x->line, '\'');
}

static void on_literal(void *ctx, const struct plan_op *op)
{
    struct xml_writer *x = ctx;
    if (op->kind == PLAN_PI_TARGET || op->kind == PLAN_PI_DATA || op->xml.n == 0 || line_full(x->line))
        return;
    if (!x->in_attribute)
        tag_close(x);
    line_add(x->line, op->xml);
}

static void on_value(void *ctx, const struct binxml_value *v)
{
    struct xml_writer *x = ctx;
    size_t before = x->line->out.n;
    line_visit(x->line, v);
    if (line_full(x->line))
        return;
    if (x->in_attribute) {
        line_value(x->line, MARKUP_XML_ATTRIBUTE, v);
        return;
    }
    bool was_in_tag = x->in_tag;
    tag_close(x);
    size_t start = x->line->out.n;
    line_value(x->line, MARKUP_XML_TEXT, v);
    if (x->line->out.n == start) { /* empty: the tag stays open */
        line_cut(x->line, before);
        x->in_tag = was_in_tag;
    }
}

static void on_stream(void *ctx, const struct binxml_value *v, const struct binxml_stream *stream, size_t steps)
{
    line_stream(((struct xml_writer *)ctx)->line, v, stream, steps);
}

static void on_end(void *ctx, bool empty_tag)
{
    struct xml_writer *x = ctx;
    struct text name = x->names[--x->depth];
    if (x->in_tag && empty_tag) {
        line_add(x->line, TEXT("/>"));
    } else {
        tag_close(x);
        line_add(x->line, TEXT("</"));
        line_add(x->line, name);
        line_char(x->line, '>');
    }
    x->in_tag = false;
}

const struct binxml_sink xml_sink = {
    .element = on_element,
    .end = on_end,
    .attribute_begin = on_attribute,
    .attribute_end = on_attribute_end,
    .literal = on_literal,
    .value = on_value,
    .stream = on_stream,
};
