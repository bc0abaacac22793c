#include "evtx/binxml_walk.h"

#include "base/limits.h"
#include "event/event.h"
#include "base/text_join.h"

_Static_assert(PLAN_PI_DATA - PLAN_TEXT == PIECE_PI_DATA - PIECE_TEXT, "literal operations and pieces go in step");

struct frame {
    struct binxml_stream stream;
    uint32_t at;    /* next operation; next value when there is no plan */
    size_t wrapped; /* elements that a renderer was given around the values of a lost template */
};

struct open_element {
    const struct plan *plan;
    uint32_t op;
    /* The array that repeats it: */
    bool repeats;
    uint16_t index;
    struct binxml_value item, rest;
};

struct walk {
    struct binxml_reader *r;
    const struct binxml_sink *sink;
    struct frame frames[LIMIT_BINXML_DEPTH];
    size_t depth;
    struct open_element elements[LIMIT_ELEMENT_DEPTH];
    size_t open;
    bool stopped;
};

static void stop(struct walk *w)
{
    w->r->marks |= EVENT_CUT;
    w->stopped = true;
}

/* False when the text no longer fits the event. */
static bool charge(struct walk *w, struct text t)
{
    if (t.n > w->r->output) {
        stop(w);
        return false;
    }
    w->r->output -= t.n;
    return true;
}

#define NAMED(name) { .text = TEXT(name), .xml = TEXT(name), .json = TEXT(name) }

/*
 * What a renderer is given instead of bare values: <Event><System><TimeCreated SystemTime=..><EventRecordID>..</System>
 * <EventData><Data>value</Data>..
 */
static const struct plan_op wrap_event = NAMED("Event"), wrap_values = NAMED("EventData"), wrap_value = NAMED("Data"),
                            wrap_system = NAMED("System"), wrap_time = NAMED("TimeCreated"),
                            wrap_time_of = NAMED("SystemTime"), wrap_number = NAMED("EventRecordID");

static void wrap_open(struct walk *w, const struct plan_op *op)
{
    if (w->open == LIMIT_ELEMENT_DEPTH) {
        stop(w);
        return;
    }
    w->elements[w->open++] = (struct open_element){ .plan = NULL };
    w->sink->element(w->sink->ctx, op);
}

static void wrap_close(struct walk *w, bool empty_tag)
{
    w->open--;
    w->sink->end(w->sink->ctx, empty_tag);
}

static void value(struct walk *w, const struct binxml_value *v)
{
    if (binxml_spend(w->r, v->raw.n / 16))
        w->sink->value(w->sink->ctx, v);
    else
        stop(w);
}

/* <Event>, and in it what the head of the record says: its time and its number. */
static void wrap_head(struct walk *w)
{
    struct bytes head = w->r->head;
    struct binxml_value id = { .raw = bytes_part(head, 8, 8), .type = BINXML_UINT64 };
    struct binxml_value written = { .raw = bytes_part(head, 16, 8), .type = BINXML_FILETIME };
    wrap_open(w, &wrap_event);
    if (head.n == 0)
        return;
    wrap_open(w, &wrap_system);
    wrap_open(w, &wrap_time);
    w->sink->attribute_begin(w->sink->ctx, &wrap_time_of);
    value(w, &written);
    w->sink->attribute_end(w->sink->ctx);
    wrap_close(w, true);
    wrap_open(w, &wrap_number);
    value(w, &id);
    wrap_close(w, false);
    wrap_close(w, false);
}

static void wrap_stream(struct walk *w, struct frame *f)
{
    size_t open = w->open;
    if (open == 0)
        wrap_head(w);
    wrap_open(w, &wrap_values);
    f->wrapped = w->open - open;
}

static void pop_stream(struct walk *w)
{
    struct frame *f = &w->frames[--w->depth];
    for (; f->wrapped; f->wrapped--)
        wrap_close(w, false);
}

static void push_stream(struct walk *w, const struct binxml_stream *stream)
{
    if (w->depth == LIMIT_BINXML_DEPTH) {
        stop(w);
        return;
    }
    struct frame *f = &w->frames[w->depth++];
    *f = (struct frame){ .stream = *stream };
    if (w->sink->value && !stream->plan)
        wrap_stream(w, f);
}

static void push_nested(struct walk *w, const struct binxml_value *v)
{
    struct binxml_stream nested;
    size_t at = (size_t)(v->raw.p - w->r->chunk.p);
    if (v->raw.n == 0)
        return;
    size_t before = w->r->work;
    binxml_open(w->r, at, at + v->raw.n, &nested);
    if (w->sink->stream)
        w->sink->stream(w->sink->ctx, v, &nested, before - w->r->work);
    push_stream(w, &nested);
}

static struct text value_text(struct walk *w, const struct binxml_value *v)
{
    bool odd = false;
    struct text t = binxml_value_text(&w->r->scratch, v, &odd);
    if (odd)
        w->r->marks |= EVENT_ODD_VALUE;
    if (w->sink->visit)
        w->sink->visit(w->sink->ctx, v, t);
    if (!binxml_spend(w->r, v->raw.n / 16))
        stop(w);
    return t;
}

/* The value of an operation; where its element is repeated for it, the item whose turn it is. */
static struct binxml_value value_of(const struct walk *w, const struct frame *f, const struct plan_op *op)
{
    const struct open_element *e = w->open ? &w->elements[w->open - 1] : NULL;
    if (e && e->repeats && e->plan == f->stream.plan && e->index == op->index)
        return e->item;
    return binxml_values_get(&f->stream.values, op->index);
}

/*
 * A value that takes its element, or its attribute, along.  One whose bytes are missing must not look like an empty
 * one; but a nested stream that is missing leaves what is around it: the rest of the event.
 */
static bool takes_along(const struct binxml_values *values, const struct plan_op *op)
{
    struct binxml_value v = binxml_values_get(values, op->index);
    if (v.missing)
        return op->type != BINXML_STREAM && v.type != BINXML_STREAM;
    return op->optional && v.type == BINXML_NULL;
}

/* A stream in the element's content.  Windows has Event depend on its own payload, the last value of all. */
static bool holds_stream(const struct frame *f, const struct plan_op *element, uint16_t index)
{
    const struct plan_op *ops = f->stream.plan->ops;
    for (uint32_t i = element->values; i; i = ops[i].values)
        if (!ops[i].in_attribute && ops[i].index == index && ops[i].type == BINXML_STREAM)
            return true;
    return false;
}

/* The value that the element depends on is not there. */
static bool dependency_fails(const struct frame *f, const struct plan_op *element)
{
    struct binxml_value v = binxml_values_get(&f->stream.values, element->index);
    if (element->index == BINXML_NO_DEPENDENCY)
        return false;
    return v.missing ? v.type != BINXML_STREAM && !holds_stream(f, element, element->index) : v.type == BINXML_NULL;
}

static bool left_out(const struct frame *f, const struct plan_op *element)
{
    const struct plan_op *ops = f->stream.plan->ops;
    if (dependency_fails(f, element))
        return true;
    for (uint32_t i = element->values; i; i = ops[i].values)
        if (!ops[i].in_attribute && takes_along(&f->stream.values, &ops[i]))
            return true;
    return false;
}

/* The first array among an element's values: it is repeated once per item, and once when there is none. */
static void find_array(const struct frame *f, const struct plan_op *element, struct open_element *ret)
{
    const struct plan_op *ops = f->stream.plan->ops;
    for (uint32_t i = element->values; i; i = ops[i].values) {
        struct binxml_value v = binxml_values_get(&f->stream.values, ops[i].index);
        if (v.missing || !binxml_is_array(&v))
            continue;
        ret->repeats = true;
        ret->index = ops[i].index;
        ret->rest = v;
        if (!binxml_array_next(&ret->rest, &ret->item))
            ret->item = (struct binxml_value){ .type = BINXML_NULL };
        return;
    }
}

static size_t count_values(const struct plan *plan, const struct plan_op *element)
{
    size_t count = 0;
    for (uint32_t i = element->values; i; i = plan->ops[i].values)
        count++;
    return count;
}

static void element_begin(struct walk *w, struct frame *f, const struct plan_op *op)
{
    if (!binxml_spend(w->r, count_values(f->stream.plan, op)) || w->open == LIMIT_ELEMENT_DEPTH) {
        stop(w);
        return;
    }
    if (left_out(f, op)) {
        f->at = op->end + 1;
        return;
    }
    struct open_element *e = &w->elements[w->open++];
    *e = (struct open_element){ .plan = f->stream.plan, .op = f->at };
    find_array(f, op, e);
    w->sink->element(w->sink->ctx, op);
    f->at++;
}

static void element_end(struct walk *w, struct frame *f, const struct plan_op *op)
{
    struct open_element *e = &w->elements[w->open - 1];
    w->sink->end(w->sink->ctx, op->empty_tag);
    if (e->repeats && binxml_array_next(&e->rest, &e->item)) {
        w->sink->element(w->sink->ctx, &f->stream.plan->ops[e->op]);
        f->at = e->op + 1;
        return;
    }
    w->open--;
    f->at++;
}

static bool attribute_left_out(const struct frame *f, const struct plan_op *op, uint32_t at)
{
    const struct plan_op *ops = f->stream.plan->ops;
    for (; at < op->end; at++)
        if (ops[at].kind == PLAN_VALUE && takes_along(&f->stream.values, &ops[at]))
            return true;
    return false;
}

/* An attribute's pieces are joined here, so that one that is empty can be left out. */
static void attribute_joined(struct walk *w, const struct frame *f, const struct plan_op *op, uint32_t at)
{
    const struct plan_op *ops = f->stream.plan->ops;
    struct text joined = TEXT("");
    size_t room = 0;
    for (; at < op->end && !w->stopped; at++) {
        struct text piece = ops[at].text;
        if (ops[at].kind == PLAN_VALUE) {
            struct binxml_value v = value_of(w, f, &ops[at]);
            piece = value_text(w, &v);
        }
        joined = text_join(&w->r->scratch, joined, &room, piece);
        if (!binxml_spend(w->r, 1) || !charge(w, piece))
            stop(w);
    }
    if (joined.n && !w->stopped)
        w->sink->attribute(w->sink->ctx, op->text, joined);
}

static void attribute_pieces(struct walk *w, const struct frame *f, const struct plan_op *op, uint32_t at)
{
    const struct plan_op *ops = f->stream.plan->ops;
    w->sink->attribute_begin(w->sink->ctx, op);
    for (; at < op->end && !w->stopped; at++) {
        if (ops[at].kind == PLAN_VALUE) {
            struct binxml_value v = value_of(w, f, &ops[at]);
            value(w, &v);
        } else {
            w->sink->literal(w->sink->ctx, &ops[at]);
        }
        if (!binxml_spend(w->r, 1))
            stop(w);
    }
    w->sink->attribute_end(w->sink->ctx);
}

static void attribute(struct walk *w, struct frame *f, const struct plan_op *op)
{
    uint32_t at = f->at + 1;
    f->at = op->end;
    if (!binxml_spend(w->r, op->end - at))
        stop(w);
    else if (attribute_left_out(f, op, at))
        return;
    else if (w->sink->value)
        attribute_pieces(w, f, op, at);
    else
        attribute_joined(w, f, op, at);
}

static void text(struct walk *w, enum binxml_piece piece, uint8_t type, struct text t)
{
    if (t.n && !w->stopped && charge(w, t))
        w->sink->text(w->sink->ctx, piece, type, t);
}

static void content_value(struct walk *w, struct frame *f, const struct plan_op *op)
{
    struct binxml_value v = value_of(w, f, op);
    f->at++;
    if (v.missing && v.type != BINXML_STREAM)
        return;
    if (v.type == BINXML_STREAM)
        push_nested(w, &v);
    else if (w->sink->value)
        value(w, &v);
    else
        text(w, PIECE_TEXT, v.type, value_text(w, &v));
}

static void content_literal(struct walk *w, struct frame *f, const struct plan_op *op)
{
    f->at++;
    if (w->sink->value)
        w->sink->literal(w->sink->ctx, op);
    else
        text(w, (enum binxml_piece)(op->kind - PLAN_TEXT + PIECE_TEXT), BINXML_STRING, op->text);
}

static void content_instance(struct walk *w, struct frame *f, const struct plan_op *op)
{
    struct binxml_stream nested;
    f->at++;
    binxml_open_instance(w->r, op->place, &nested);
    push_stream(w, &nested);
}

static void bare_value(struct walk *w, struct frame *f)
{
    struct binxml_value v = binxml_values_get(&f->stream.values, f->at++);
    if (v.type == BINXML_NULL || (v.missing && v.type != BINXML_STREAM))
        return;
    if (v.type == BINXML_STREAM) {
        push_nested(w, &v);
        return;
    }
    if (w->sink->value) {
        wrap_open(w, &wrap_value);
        if (!w->stopped) {
            value(w, &v);
            wrap_close(w, false);
        }
        return;
    }
    struct text t = value_text(w, &v);
    if (!w->stopped && charge(w, t))
        w->sink->bare(w->sink->ctx, v.type, t);
}

static void step(struct walk *w, struct frame *f)
{
    const struct plan_op *op = &f->stream.plan->ops[f->at];
    switch (op->kind) {
    case PLAN_ELEMENT:
        element_begin(w, f, op);
        break;
    case PLAN_END:
        element_end(w, f, op);
        break;
    case PLAN_ATTRIBUTE:
        attribute(w, f, op);
        break;
    case PLAN_VALUE:
        content_value(w, f, op);
        break;
    case PLAN_INSTANCE:
        content_instance(w, f, op);
        break;
    default:
        content_literal(w, f, op);
    }
}

static size_t steps_of(const struct frame *f)
{
    return f->stream.plan ? f->stream.plan->count : f->stream.values.count;
}

void binxml_walk(struct binxml_reader *r, const struct binxml_stream *stream, const struct binxml_sink *sink)
{
    struct walk w;
    w.r = r;
    w.sink = sink;
    w.depth = 0;
    w.open = 0;
    w.stopped = false;
    push_stream(&w, stream);
    if (sink->value && stream->plan && stream->plan->count == 0 && r->head.n)
        wrap_head(&w); /* not a single element is left */
    while (w.depth && !w.stopped) {
        struct frame *f = &w.frames[w.depth - 1];
        if (!binxml_spend(r, 1))
            stop(&w);
        else if (f->at >= steps_of(f))
            pop_stream(&w);
        else if (f->stream.plan)
            step(&w, f);
        else
            bare_value(&w, f);
    }
    for (; w.open; w.open--)
        sink->end(sink->ctx, false);
}
