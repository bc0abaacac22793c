#include "stats/stats_form.h"

#include "form/csv.h"
#include "form/json_writer.h"

const char *const stats_part_names[TALLY_PARTS + 1] = { "node", "channel", "provider", "id", "level", "hour", "day",
                                                        "month", NULL };

void stats_table_make(const struct stats_table *table, struct arena *arena, struct tally *ret)
{
    tally_init(ret, arena, table->parts);
    tally_merge(ret, table->of);
    tally_sort(ret);
}

struct text stats_span(unsigned parts, uint64_t start, char *out)
{
    size_t length = parts & TALLY_BY(TALLY_HOUR) ? 16 : parts & TALLY_BY(TALLY_DAY) ? 10 : 7;
    if (start == 0)
        return TEXT("");
    struct text t = time_iso(start, 0, out);
    out[10] = ' ';
    return (struct text){ t.p, t.n < length ? t.n : length };
}

static size_t rows_of(const struct stats_report *r, const struct tally *t)
{
    return t->count < r->top ? t->count : (size_t)r->top;
}

static void csv_part(struct buf *out, struct buf *scratch, unsigned parts, enum tally_part part,
                     const struct tally_key *key)
{
    char room[TIME_ISO_ROOM];
    const struct text names[] = { key->node, key->channel, key->provider };
    if (part <= TALLY_PROVIDER)
        csv_text(out, scratch, names[part]);
    else if (part == TALLY_ID && key->id != EVENT_ID_NONE)
        buf_add_format(out, "%lu", (unsigned long)key->id);
    else if (part == TALLY_LEVEL)
        buf_add_c(out, event_level_name(key->level));
    else if (part >= TALLY_HOUR)
        buf_add(out, stats_span(parts, key->start, room));
    buf_add_char(out, ',');
}

static bool is_complete(const struct stats_report *r)
{
    for (size_t i = 0; i < r->partial->input_count; i++)
        if (r->partial->inputs[i]->status > ST_END)
            return false;
    return true;
}

static void csv_time(const struct stats_report *r, struct buf *out, uint64_t time)
{
    char room[TIME_ISO_ROOM];
    if (time)
        buf_add(out, zone_time(r->zone, time, room));
}

/* Of a span of time; a day and a month may have two offsets.  "+02:00" alone would be a formula. */
static void csv_zone(const struct stats_report *r, struct buf *out, struct buf *scratch, unsigned parts,
                     const struct tally_row *row)
{
    char room[TIME_ISO_ROOM];
    if (!(parts & TALLY_TIMES))
        return;
    struct text zone = parts & TALLY_BY(TALLY_HOUR) ? zone_label(r->zone, row->first, room) : text_from(r->zone_name);
    bool offset = zone.n && (*zone.p == '+' || *zone.p == '-');
    if (row->key.start && offset)
        buf_add_format(out, "UTC%.*s", TEXT_ARG(zone));
    else if (row->key.start)
        csv_text(out, scratch, zone);
    buf_add_char(out, ',');
}

static void csv_row(const struct stats_report *r, struct buf *out, struct buf *scratch, unsigned parts,
                    const struct tally_row *row)
{
    for (int part = 0; part < TALLY_PARTS; part++)
        if (parts & TALLY_BY(part))
            csv_part(out, scratch, parts, (enum tally_part)part, &row->key);
    csv_zone(r, out, scratch, parts, row);
    buf_add_format(out, "%llu,", (unsigned long long)row->events);
    csv_time(r, out, row->first);
    buf_add_char(out, ',');
    csv_time(r, out, row->last);
    buf_add_c(out, is_complete(r) ? ",yes" : ",no");
    csv_end(out);
}

void stats_csv(const struct stats_report *r, struct arena *arena, struct buf *out)
{
    struct tally t;
    struct buf scratch;
    stats_table_make(&r->tables[0], arena, &t);
    buf_init(&scratch);
    for (int part = 0; part < TALLY_PARTS; part++)
        if (t.parts & TALLY_BY(part))
            buf_add_format(out, "%s,", stats_part_names[part]);
    buf_add_c(out, t.parts & TALLY_TIMES ? "tz,events,first,last,complete" : "events,first,last,complete");
    csv_end(out);
    for (size_t i = 0; i < rows_of(r, &t); i++)
        csv_row(r, out, &scratch, t.parts, &t.rows[i]);
    buf_done(&scratch);
}

static void json_part(struct json *j, unsigned parts, enum tally_part part, const struct tally_key *key)
{
    char room[TIME_ISO_ROOM];
    const struct text names[] = { key->node, key->channel, key->provider };
    const char *name = stats_part_names[part];
    if (part <= TALLY_PROVIDER)
        json_text(j, name, names[part]);
    else if (part == TALLY_ID && key->id == EVENT_ID_NONE)
        json_null(j, name);
    else if (part == TALLY_ID)
        json_unsigned(j, name, key->id);
    else if (part == TALLY_LEVEL)
        json_text(j, name, text_from(event_level_name(key->level)));
    else
        json_text_or_null(j, name, stats_span(parts, key->start, room));
}

static void json_table(const struct stats_report *r, struct json *j, const struct tally *t)
{
    json_object(j, NULL);
    json_array(j, "by");
    for (int part = 0; part < TALLY_PARTS; part++)
        if (t->parts & TALLY_BY(part))
            json_text(j, NULL, text_from(stats_part_names[part]));
    json_array_end(j);
    json_unsigned(j, "rows_in_all", t->count);
    json_unsigned(j, "left_out", t->left_out);
    json_array(j, "rows");
    for (size_t i = 0; i < rows_of(r, t); i++) {
        json_object(j, NULL);
        for (int part = 0; part < TALLY_PARTS; part++)
            if (t->parts & TALLY_BY(part))
                json_part(j, t->parts, (enum tally_part)part, &t->rows[i].key);
        json_unsigned(j, "events", t->rows[i].events);
        json_time(j, "first", t->rows[i].first);
        json_time(j, "last", t->rows[i].last);
        json_object_end(j);
    }
    json_array_end(j);
    json_object_end(j);
}

static void json_inputs(const struct stats_report *r, struct json *j)
{
    json_array(j, "inputs");
    for (size_t i = 0; i < r->partial->input_count; i++) {
        const struct input_result *input = r->partial->inputs[i];
        json_object(j, NULL);
        json_text(j, "path", input->path);
        json_text_or_null(j, "format", input->format);
        json_unsigned(j, "size", input->size);
        json_bool(j, "complete", input->status <= ST_END);
        json_unsigned(j, "records", input->account.decoded + input->account.partial);
        json_unsigned(j, "lost", input->account.lost);
        json_time(j, "first", input->account.first);
        json_time(j, "last", input->account.last);
        json_object_end(j);
    }
    json_array_end(j);
}

void stats_json(const struct stats_report *r, struct arena *arena, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_text(&j, "evscan", text_from(r->version));
    json_text(&j, "tz", text_from(r->zone_name));
    json_bool(&j, "complete", is_complete(r));
    json_bool(&j, "interrupted", r->interrupted);
    json_unsigned(&j, "events", r->stats->events);
    json_time(&j, "first", r->stats->first);
    json_time(&j, "last", r->stats->last);
    json_inputs(r, &j);
    json_array(&j, "tables");
    for (size_t i = 0; i < r->table_count; i++) {
        struct tally t;
        stats_table_make(&r->tables[i], arena, &t);
        json_table(r, &j, &t);
    }
    json_array_end(&j);
    json_object_end(&j);
}
