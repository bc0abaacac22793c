#include "form/escape.h"
#include "show/show_form.h"

/* Behind a line end of the value: deeper than the name in front of it. */
#define INDENT "  "
#define DEEPER "      "

/* Every line of the text on a line of its own. */
static void lines_put(struct buf *out, struct text t)
{
    for (bool first = true; first || t.n; first = false) {
        size_t end = text_find_char(t, '\n');
        struct text line = text_trim((struct text){ t.p, end });
        if (!first && line.n)
            buf_add_c(out, DEEPER);
        escape_terminal(out, line);
        if (first || line.n)
            buf_add_char(out, '\n');
        t = text_from_index(t, end + 1);
    }
}

static void part_put(struct buf *out, const char *before, struct text t)
{
    if (t.n)
        buf_add_c(out, before);
    escape_terminal(out, t);
}

static void head_put(const struct show_options *options, const struct event *e, struct buf *out)
{
    char time[TIME_ISO_ROOM];
    const struct zone *zone = node_zone_named(&options->zone, options->nodes, e->key.computer);
    buf_add(out, e->key.time ? zone_time(zone, e->key.time, time) : TEXT("(no time)"));
    part_put(out, "  ", e->key.computer);
    part_put(out, "  ", e->key.provider);
    part_put(out, " ", e->event_id);
    buf_add_format(out, "  %s\n", event_level_name(e->key.level));
}

static void place_put(const struct show_options *options, const struct event *e, struct buf *out)
{
    const char *remarks[SHOW_REMARKS];
    size_t count = show_remarks(options, e->source, e->marks, remarks);
    buf_add_c(out, INDENT);
    escape_terminal(out, e->key.channel);
    buf_add_format(out, "%srecord %llu", e->key.channel.n ? ", " : "", (unsigned long long)e->key.record_id);
    /* A notice names the record so. */
    if (e->header_id && e->header_id != e->key.record_id)
        buf_add_format(out, " (%llu in its header)", (unsigned long long)e->header_id);
    part_put(out, ", user ", e->user_sid);
    for (size_t i = 0; i < count; i++)
        buf_add_format(out, "%s%s", i ? ", " : " - ", remarks[i]);
    buf_add_char(out, '\n');
}

/* The value as it is in the log; behind it what its references say. */
static void value_put(const struct catalog *catalog, const struct event *e, const struct event_field *field,
                      struct buf *scratch, struct buf *out)
{
    scratch->n = 0;
    buf_add(scratch, text_trim(field->value));
    if (scratch->n)
        buf_add_c(scratch, " = ");
    if (!catalog_value(catalog, e, text_trim(field->value), scratch))
        scratch->n = text_trim(field->value).n;
    lines_put(out, buf_text(scratch));
}

static void fields_put(const struct show_options *options, const struct event *e, struct buf *scratch, struct buf *out)
{
    unsigned unnamed = 0;
    for (size_t i = 0; i < e->field_count; i++) {
        const struct event_field *field = &e->fields[i];
        if (field->part == EVENT_SYSTEM || field->part == EVENT_RENDERING)
            continue;
        buf_add_c(out, INDENT "  ");
        if (field->name.n)
            escape_terminal(out, field->name);
        else
            buf_add_format(out, "%%%u", ++unnamed);
        buf_add_c(out, ": ");
        value_put(options->catalog, e, field, scratch, out);
    }
}

void show_text(const struct show_options *options, const struct event *e, struct buf *scratch, struct buf *out)
{
    head_put(options, e, out);
    place_put(options, e, out);
    scratch->n = 0;
    if (catalog_message(options->catalog, e, scratch)) {
        buf_add_c(out, INDENT);
        lines_put(out, text_trim(buf_text(scratch)));
    }
    fields_put(options, e, scratch, out);
}
