#include "evtx/evtx_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "event/event.h"

void evtx_json_init(struct json_writer *j)
{
    *j = (struct json_writer){ .names = NULL };
}

void evtx_json_done(struct json_writer *j)
{
    free(j->names);
}

static struct json_open *top(struct json_writer *j)
{
    return &j->open[j->depth];
}

static size_t end_of(const struct json_writer *j)
{
    return j->line->out.n;
}

static void open_at(struct json_writer *j, struct json_open *e)
{
    *e = (struct json_open){ .start = end_of(j), .names = j->name_count };
}

void evtx_json_begin(struct json_writer *j, struct line *line)
{
    j->line = line;
    j->attribute = JSON_NO_ATTRIBUTE;
    j->depth = 0;
    j->name_count = 0;
    open_at(j, top(j));
}

/* ---- names of members ---- */

static uint64_t name_bit(struct text t)
{
    uint32_t h = (uint32_t)t.n;
    if (t.n) {
        h = h * 31 + (unsigned char)t.p[0];
        h = h * 31 + (unsigned char)t.p[t.n / 2];
        h = h * 31 + (unsigned char)t.p[t.n - 1];
    }
    return (uint64_t)1 << (h * 0x9E3779B1u >> 26);
}

static void name_add(struct json_writer *j, struct text name)
{
    if (j->name_count == j->name_capacity) {
        j->name_capacity = j->name_capacity ? 2 * j->name_capacity : 64;
        j->names = memory_resize(j->names, j->name_capacity * sizeof *j->names);
    }
    j->names[j->name_count++] = (struct json_name){ name, 0 };
}

/* How often the object had this name before. */
static uint32_t name_count(struct json_writer *j, struct json_open *e, struct text name)
{
    uint64_t bit = name_bit(name);
    bool maybe = e->names_seen & bit;
    e->names_seen |= bit;
    if (maybe && binxml_spend(j->line->reader, (j->name_count - e->names) / 4))
        for (size_t i = e->names; i < j->name_count; i++)
            if (text_equal(j->names[i].name, name))
                return ++j->names[i].count;
    name_add(j, name);
    return 0;
}

/* ---- an object ---- */

/* Ends what the element has, so that a member can follow; {"#text": is put around a text that stood alone. */
static void member_begin(struct json_writer *j, struct json_open *e)
{
    struct line *l = j->line;
    switch (e->state) {
    case JSON_EMPTY:
        line_char(l, '{');
        e->members = end_of(j);
        break;
    case JSON_ATTRIBUTES:
        line_add(l, TEXT("},"));
        e->members = end_of(j);
        break;
    case JSON_BARE:
    case JSON_STRING:
        if (e->state == JSON_STRING)
            line_char(l, '"');
        if (!e->in_object) {
            line_insert(l, e->text, TEXT("{\"#text\":"));
            e->text += strlen("{\"#text\":");
        }
        e->has_text = true;
        e->bare_text = e->state == JSON_BARE;
        e->text_end = end_of(j);
        line_char(l, ',');
        e->members = end_of(j);
        break;
    default:
        line_char(l, ',');
    }
    e->state = JSON_OBJECT;
}

static void member(struct json_writer *j, struct json_open *e, struct text name)
{
    struct line *l = j->line;
    uint32_t count = name_count(j, e, name);
    char suffix[16];
    member_begin(j, e);
    line_char(l, '"');
    line_add(l, name);
    if (count)
        line_add(l, (struct text){ suffix, (size_t)snprintf(suffix, sizeof suffix, "_%u", (unsigned)count) });
    line_add(l, TEXT("\":"));
}

/* ---- Data ---- */

/* Behind the last value of a run: takes the brackets off again, or makes the first value one of an array. */
static void run_reopen(struct json_writer *j, struct json_run *run)
{
    line_cut(j->line, run->end);
    if (run->count == 1) {
        line_insert(j->line, run->first, TEXT("["));
        run->end = end_of(j);
    }
    line_char(j->line, ',');
}

static void data_named(struct json_writer *j, struct json_open *parent, struct text name)
{
    struct json_run *run = &parent->named;
    size_t behind = run->end + (run->count > 1);
    if (run->count && behind == end_of(j) && text_equal(parent->run_name, name)) {
        run_reopen(j, run);
        return;
    }
    member(j, parent, name);
    *run = (struct json_run){ .first = end_of(j) };
    parent->run_name = name;
}

static struct text unnamed_close(const struct json_run *run)
{
    return run->count > 1 ? TEXT("]}") : TEXT("}");
}

static void data_unnamed(struct json_writer *j, struct json_open *parent)
{
    struct json_run *run = &parent->unnamed;
    if (run->count == 0) {
        member(j, parent, TEXT("Data"));
        line_add(j->line, TEXT("{\"#text\":"));
        run->first = end_of(j);
    } else if (run->end + unnamed_close(run).n == end_of(j)) {
        run_reopen(j, run);
    } /* else something stands between: it is moved when it is whole */
}

/* A value at the end of the line goes to the others. */
static void unnamed_move(struct json_writer *j, struct json_open *parent, size_t start)
{
    struct json_run *run = &parent->unnamed;
    struct line *l = j->line;
    struct text value = text_keep(&l->reader->scratch, (struct text){ l->out.p + start, end_of(j) - start });
    line_refuse(l); /* values change places: no layout says that */
    line_cut(l, start);
    if (run->count == 1) {
        line_insert(l, run->first, TEXT("["));
        line_insert(l, ++run->end, TEXT("]"));
    }
    line_insert(l, run->end, TEXT(","));
    line_insert(l, run->end + 1, value);
    run->end += 1 + value.n;
    run->count++;
    parent->named.count = 0; /* its places are no longer right */
}

static void data_end(struct json_writer *j, struct json_open *parent, const struct json_open *e)
{
    struct json_run *run = e->positional ? &parent->unnamed : &parent->named;
    bool apart = e->positional && run->count && e->start > run->end + unnamed_close(run).n;
    if (apart) {
        unnamed_move(j, parent, e->start);
        return;
    }
    run->count++;
    run->end = end_of(j);
    if (e->positional)
        line_add(j->line, unnamed_close(run));
    else if (run->count > 1)
        line_char(j->line, ']');
}

/* Its key is written: here begins what is its own. */
static void data_begin(struct json_writer *j, struct json_open *e)
{
    e->start = end_of(j);
    e->names = j->name_count;
}

/* Something other than its name comes first, or nothing at all: it has none. */
static void settle(struct json_writer *j, struct json_open *e)
{
    if (!e->pending)
        return;
    e->pending = false;
    e->positional = true;
    data_unnamed(j, e - 1);
    data_begin(j, e);
}

/* ---- elements ---- */

static bool is_container(struct text name)
{
    return text_equal(name, TEXT("EventData")) || text_equal(name, TEXT("UserData"));
}

static void on_element(void *ctx, const struct plan_op *op)
{
    struct json_writer *j = ctx;
    struct json_open *parent = top(j), *e = parent + 1;
    settle(j, parent);
    bool is_data = parent->container && text_equal(op->text, TEXT("Data"));
    if (!is_data)
        member(j, parent, op->json);
    j->depth++;
    open_at(j, e);
    e->container = is_container(op->text);
    e->is_data = e->pending = is_data;
    (void)line_full(j->line);
}

static void value_end(struct json_writer *j, struct json_open *e)
{
    struct line *l = j->line;
    switch (e->state) {
    case JSON_EMPTY:
        line_add(l, e->is_data ? TEXT("\"\"") : TEXT("null"));
        break;
    case JSON_ATTRIBUTES:
        line_add(l, TEXT("}}"));
        break;
    case JSON_BARE:
    case JSON_STRING:
        if (e->state == JSON_STRING)
            line_char(l, '"');
        if (e->in_object)
            line_char(l, '}');
        break;
    case JSON_OBJECT:
        line_char(l, '}');
    }
    j->name_count = e->names;
}

static void on_end(void *ctx, bool empty_tag)
{
    struct json_writer *j = ctx;
    struct json_open *e = top(j);
    UNUSED(empty_tag);
    settle(j, e);
    value_end(j, e);
    j->depth--;
    if (e->is_data)
        data_end(j, top(j), e);
}

void evtx_json_end(struct json_writer *j)
{
    if (top(j)->state == JSON_EMPTY)
        line_add(j->line, TEXT("{\"Event\":null}"));
    else
        value_end(j, top(j));
}

/* ---- attributes ---- */

static void on_attribute(void *ctx, const struct plan_op *op)
{
    struct json_writer *j = ctx;
    struct json_open *e = top(j);
    j->attribute_at = end_of(j);
    j->value_bare = false;
    j->only_literal = NULL;
    if (e->is_data) {
        j->attribute = e->pending && text_equal(op->text, TEXT("Name")) ? JSON_DATA_NAME : JSON_DROPPED;
    } else {
        j->attribute = JSON_ATTRIBUTE;
        line_add(j->line, e->state == JSON_EMPTY ? TEXT("{\"#attributes\":{\"") : TEXT(",\""));
        line_add(j->line, op->json);
        line_add(j->line, TEXT("\":"));
    }
    j->value_at = end_of(j);
}

static void data_name(struct json_writer *j)
{
    struct json_open *e = top(j);
    struct text name = { j->line->out.p + j->attribute_at, end_of(j) - j->attribute_at };
    if (name.n == 0)
        return;
    name = j->only_literal ? j->only_literal->json : text_keep(&j->line->reader->scratch, name);
    line_cut(j->line, j->attribute_at);
    e->pending = false;
    data_named(j, e - 1, name);
    data_begin(j, e);
}

static void on_attribute_end(void *ctx)
{
    struct json_writer *j = ctx;
    struct line *l = j->line;
    if (j->attribute == JSON_DATA_NAME)
        data_name(j);
    else if (j->attribute == JSON_DROPPED || end_of(j) == j->value_at)
        line_cut(l, j->attribute_at);
    else {
        if (!j->value_bare)
            line_char(l, '"');
        top(j)->state = JSON_ATTRIBUTES;
    }
    j->attribute = JSON_NO_ATTRIBUTE;
}

/* Types that JSON has as well. */
static bool is_bare(const struct binxml_value *v)
{
    bool integer = v->type >= BINXML_INT8 && v->type <= BINXML_UINT64;
    return (integer || v->type == BINXML_BOOL) && v->raw.n;
}

/* One more piece of a value that began at `start`: a string stays open behind it.  Nothing changes when it is empty. */
static void string_piece(struct json_writer *j, size_t start, bool *bare, const struct binxml_value *v, struct text t)
{
    struct line *l = j->line;
    size_t before = end_of(j);
    if (*bare) {
        line_insert(l, start, TEXT("\""));
        *bare = false;
    } else if (before == start) {
        line_char(l, '"');
    }
    size_t at = end_of(j);
    if (v)
        line_value(l, MARKUP_JSON, v);
    else
        line_add(l, t);
    if (end_of(j) == at && before == start)
        line_cut(l, before);
}

/* A number that does not fit its type is shown as its bytes: a string. */
static bool bare_piece(struct json_writer *j, const struct binxml_value *v)
{
    return is_bare(v) && line_number(j->line, MARKUP_JSON, v);
}

static void attribute_piece(struct json_writer *j, const struct binxml_value *v, struct text t)
{
    if (j->attribute == JSON_DATA_NAME) { /* no quotes: it is a key */
        if (v) {
            line_refuse(j->line); /* whether it is new depends on what it says */
            line_value(j->line, MARKUP_JSON, v);
        } else {
            line_add(j->line, t);
        }
    } else if (j->attribute == JSON_ATTRIBUTE) {
        if (v && end_of(j) == j->value_at && bare_piece(j, v))
            j->value_bare = true;
        else
            string_piece(j, j->value_at, &j->value_bare, v, t);
    }
}

/* ---- text ---- */

/* Text behind children, which stand in the line already: it goes in front of them. */
static void late_text(struct json_writer *j, struct json_open *e, const struct binxml_value *v, struct text t)
{
    struct line *l = j->line;
    size_t before = end_of(j);
    if (v)
        line_value(l, MARKUP_JSON, v);
    else
        line_add(l, t);
    struct text piece = text_keep(&l->reader->scratch, (struct text){ l->out.p + before, end_of(j) - before });
    line_refuse(l);
    line_cut(l, before);
    if (piece.n == 0)
        return;
    if (!e->has_text) {
        line_insert(l, e->members, TEXT("\"#text\":\"\","));
        e->text = e->members + strlen("\"#text\":");
        e->text_end = e->text + 2;
        e->has_text = true;
    } else if (e->bare_text) {
        line_insert(l, e->text, TEXT("\""));
        line_insert(l, e->text_end + 1, TEXT("\""));
        e->text_end += 2;
    }
    e->bare_text = false;
    line_insert(l, e->text_end - 1, piece);
    e->text_end += piece.n;
    size_t moved = end_of(j) - before;
    e->members += moved;
    e->unnamed.first += moved;
    e->unnamed.end += moved;
    e->named.count = 0;
}

/* Puts what comes before the element's text; undone by the caller when the text turns out to be empty. */
static void text_begin(struct json_writer *j, struct json_open *e)
{
    if (e->state == JSON_ATTRIBUTES) {
        line_add(j->line, TEXT("},\"#text\":"));
        e->in_object = true;
    }
    e->text = end_of(j);
}

static void first_piece(struct json_writer *j, struct json_open *e, const struct binxml_value *v, struct text t)
{
    size_t before = end_of(j);
    bool bare = false;
    text_begin(j, e);
    if (v && bare_piece(j, v)) {
        e->state = JSON_BARE;
        return;
    }
    string_piece(j, e->text, &bare, v, t);
    if (end_of(j) == e->text) {
        line_cut(j->line, before);
        e->in_object = false;
        return;
    }
    e->state = JSON_STRING;
}

static void content_piece(struct json_writer *j, const struct binxml_value *v, struct text t)
{
    struct json_open *e = top(j);
    if (v ? v->raw.n == 0 : t.n == 0)
        return;
    settle(j, e);
    bool bare = e->state == JSON_BARE;
    switch (e->state) {
    case JSON_EMPTY:
    case JSON_ATTRIBUTES:
        first_piece(j, e, v, t);
        break;
    case JSON_BARE:
    case JSON_STRING:
        string_piece(j, e->text, &bare, v, t);
        e->state = JSON_STRING;
        break;
    case JSON_OBJECT:
        late_text(j, e, v, t);
    }
}

static void piece(struct json_writer *j, const struct binxml_value *v, struct text t)
{
    if (line_full(j->line))
        return;
    if (j->attribute != JSON_NO_ATTRIBUTE)
        attribute_piece(j, v, t);
    else
        content_piece(j, v, t);
}

static void on_literal(void *ctx, const struct plan_op *op)
{
    struct json_writer *j = ctx;
    if (op->kind == PLAN_PI_TARGET || op->kind == PLAN_PI_DATA)
        return;
    j->only_literal = end_of(j) == j->value_at ? op : NULL;
    piece(j, NULL, op->json);
}

static void on_value(void *ctx, const struct binxml_value *v)
{
    struct json_writer *j = ctx;
    line_visit(j->line, v);
    j->only_literal = NULL;
    piece(j, v, TEXT(""));
}

static void on_stream(void *ctx, const struct binxml_value *v, const struct binxml_stream *stream, size_t steps)
{
    line_stream(((struct json_writer *)ctx)->line, v, stream, steps);
}

const struct binxml_sink json_sink = {
    .element = on_element,
    .end = on_end,
    .attribute_begin = on_attribute,
    .attribute_end = on_attribute_end,
    .literal = on_literal,
    .value = on_value,
    .stream = on_stream,
};
