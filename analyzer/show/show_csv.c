#include "form/csv.h"
#include "form/escape.h"
#include "show/show_form.h"

const char show_csv_head[] = "time,node,channel,provider,id,level,record,user,source,message,data\r\n";

static void text_put(struct buf *out, struct buf *scratch, struct text t)
{
    csv_text(out, scratch, t);
    buf_add_char(out, ',');
}

static void message_put(const struct show_options *options, const struct event *e, struct buf *scratch, struct buf *out)
{
    struct buf escaped;
    buf_init(&escaped);
    scratch->n = 0;
    if (catalog_message(options->catalog, e, scratch))
        escape_terminal(&escaped, text_trim(buf_text(scratch)));
    csv_escaped(out, buf_text(&escaped));
    buf_add_char(out, ',');
    buf_done(&escaped);
}

/* "name=value; value": for reading; programs that take values apart have json. */
static void data_put(const struct event *e, struct buf *scratch, struct buf *out)
{
    scratch->n = 0;
    for (size_t i = 0; i < e->field_count; i++) {
        const struct event_field *field = &e->fields[i];
        if (field->part == EVENT_SYSTEM || field->part == EVENT_RENDERING)
            continue;
        if (scratch->n)
            buf_add_c(scratch, "; ");
        escape_terminal(scratch, field->name);
        if (field->name.n)
            buf_add_char(scratch, '=');
        escape_terminal(scratch, text_trim(field->value));
    }
    csv_escaped(out, buf_text(scratch));
}

static void source_put(const struct show_options *options, const struct event *e, struct buf *out)
{
    const char *remarks[SHOW_REMARKS];
    size_t count = show_remarks(options, e->source, e->marks, remarks);
    buf_add_c(out, count ? remarks[0] : "live");
    for (size_t i = 1; i < count; i++)
        buf_add_format(out, " %s", remarks[i]);
    buf_add_char(out, ',');
}

void show_csv(const struct show_options *options, const struct event *e, struct buf *scratch, struct buf *out)
{
    char time[TIME_ISO_ROOM];
    const struct zone *zone = node_zone_named(&options->zone, options->nodes, e->key.computer);
    if (e->key.time)
        buf_add(out, zone_time(zone, e->key.time, time));
    buf_add_char(out, ',');
    text_put(out, scratch, e->key.computer);
    text_put(out, scratch, e->key.channel);
    text_put(out, scratch, e->key.provider);
    text_put(out, scratch, e->event_id);
    buf_add_format(out, "%s,%llu,", event_level_name(e->key.level), (unsigned long long)e->key.record_id);
    text_put(out, scratch, e->user_sid);
    source_put(options, e, out);
    message_put(options, e, scratch, out);
    data_put(e, scratch, out);
    csv_end(out);
}
