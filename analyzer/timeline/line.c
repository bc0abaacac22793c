#include "timeline/line.h"

#include "form/csv.h"
#include "form/escape.h"
#include "form/text_layout.h"

#define NODE_LEAST    4u  /* "Node" */
#define NODE_COLUMNS  15u /* of a NetBIOS name */
#define NODE_MOST     63u /* of a name in DNS */
#define NODE_NARROW   60u /* columns of the other parts, before a node gets a quarter of those beyond */
#define LEVEL_COLUMNS 8u  /* "Critical" */
#define EVENT_COLUMN  (LEVEL_COLUMNS + 2)
#define TIME_COLUMNS  19u /* "1999-04-11 22:35:12" */
#define WIDTHS_MOST   2u  /* of the terminal, for what one event says */

/* The sentence, else the values. */
static void sentence_put(const struct catalog *catalog, const struct event *e, struct buf *out)
{
    out->n = 0;
    if (catalog && catalog_message(catalog, e, out))
        return;
    for (size_t i = 0; i < e->field_count; i++) {
        const struct event_field *f = &e->fields[i];
        if (f->part == EVENT_SYSTEM || f->part == EVENT_RENDERING || !text_trim(f->value).n)
            continue;
        buf_add_c(out, out->n ? "; " : "");
        if (f->name.n) {
            buf_add(out, f->name);
            buf_add_char(out, '=');
        }
        buf_add(out, text_trim(f->value));
    }
}

/* A line is cut before the names of all nodes are known: as many columns as they may take. */
static unsigned node_columns_most(const struct merged_options *o)
{
    unsigned quarter = o->width > NODE_NARROW ? (o->width - NODE_NARROW) / 4 : 0;
    if (!o->width || quarter > NODE_MOST)
        return NODE_MOST;
    return quarter > NODE_COLUMNS ? quarter : NODE_COLUMNS;
}

/* "Information" takes more columns than the others, and says least. */
static const char *level_brief(uint32_t level)
{
    const char *name = event_level_name(level);
    return strcmp(name, "Information") == 0 ? "Info" : name;
}

/* As Windows shows it, and who reads a report knows it. */
static struct text provider_brief(struct text provider)
{
    const struct text maker = TEXT("Microsoft-Windows-");
    return text_starts_with(provider, maker) ? text_from_index(provider, maker.n) : provider;
}

/* The level, blanks up to EVENT_COLUMN, the event. */
static void text_make(const struct merged_options *o, const struct event *e, struct buf *scratch, struct buf *out)
{
    struct buf line;
    buf_init(&line);
    buf_add_format(&line, "%-*s", (int)EVENT_COLUMN, level_brief(e->key.level));
    buf_add(&line, provider_brief(e->key.provider));
    buf_add_char(&line, ' ');
    buf_add(&line, e->event_id);
    buf_add_c(&line, "  ");
    sentence_put(o->catalog, e, scratch);
    buf_add(&line, text_trim(buf_text(scratch)));
    if (o->width)
        text_cut(out, buf_text(&line), WIDTHS_MOST * o->width);
    else
        escape_terminal(out, buf_text(&line));
    buf_done(&line);
}

static struct text id_of(const struct ruleset *rules, uint32_t rule)
{
    return ruleset_info(rules, rule)->id;
}

static struct text author_of(const struct ruleset *rules, uint32_t rule)
{
    return ruleset_info(rules, rule)->author;
}

/* One cell: what is asked of each rule that matched. */
static void rules_put(const struct merged_options *o, const uint32_t *rules, size_t count, const char *between,
                      struct text (*what)(const struct ruleset *, uint32_t), struct buf *scratch, struct buf *out)
{
    struct buf all;
    buf_init(&all);
    for (size_t i = 0; i < count; i++) {
        buf_add_c(&all, i ? between : "");
        buf_add(&all, what(o->rules, rules[i]));
    }
    csv_text(out, scratch, buf_text(&all));
    buf_add_char(out, ',');
    buf_done(&all);
}

static void csv_make(const struct merged_options *o, const struct event *e, const uint32_t *rules, size_t count,
                     struct buf *scratch, struct buf *out)
{
    struct buf text;
    const struct text cells[] = { e->key.channel, e->key.provider, e->event_id };
    buf_init(&text);
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        csv_text(out, scratch, cells[i]);
        buf_add_char(out, ',');
    }
    buf_add_format(out, "%s,%llu,", event_level_name(e->key.level), (unsigned long long)e->key.record_id);
    rules_put(o, rules, count, " ", ruleset_called, scratch, out);
    rules_put(o, rules, count, " ", id_of, scratch, out);
    rules_put(o, rules, count, "; ", author_of, scratch, out);
    sentence_put(o->catalog, e, &text);
    csv_text(out, scratch, text_trim(buf_text(&text)));
    buf_done(&text);
}

static void member_put(struct buf *out, const char *name, struct text value)
{
    buf_add_format(out, ",\"%s\":", name);
    escape_json(out, value);
}

static void json_make(const struct merged_options *o, const struct event *e, const uint32_t *rules, size_t count,
                      struct buf *scratch, struct buf *out)
{
    bool first = true;
    member_put(out, "channel", e->key.channel);
    member_put(out, "provider", e->key.provider);
    member_put(out, "id", e->event_id);
    member_put(out, "level", text_from(event_level_name(e->key.level)));
    buf_add_format(out, ",\"record\":%llu,\"rules\":[", (unsigned long long)e->key.record_id);
    for (size_t i = 0; i < count; i++) {
        const struct rule_info *rule = ruleset_info(o->rules, rules[i]);
        buf_add_c(out, i ? ",{\"rule\":" : "{\"rule\":");
        escape_json(out, rule->id);
        member_put(out, "name", rule->name);
        member_put(out, "author", rule->author);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
    sentence_put(o->catalog, e, scratch);
    member_put(out, "message", text_trim(buf_text(scratch)));
    buf_add_c(out, ",\"data\":[");
    for (size_t i = 0; i < e->field_count; i++) {
        const struct event_field *f = &e->fields[i];
        if (f->part == EVENT_SYSTEM || f->part == EVENT_RENDERING)
            continue;
        buf_add_c(out, first ? "{\"name\":" : ",{\"name\":");
        escape_json(out, f->name);
        member_put(out, "value", f->value);
        buf_add_char(out, '}');
        first = false;
    }
    buf_add_c(out, "]}");
}

void line_make(const struct merged_options *o, const struct event *e, const uint32_t *rules, size_t rule_count,
               struct buf *scratch, struct buf *out)
{
    if (o->form == MERGED_TEXT)
        text_make(o, e, scratch, out);
    else if (o->form == MERGED_CSV)
        csv_make(o, e, rules, rule_count, scratch, out);
    else
        json_make(o, e, rules, rule_count, scratch, out);
}

/* A long name without its domain, which nodes of a cluster share. */
static struct text node_short(struct text node)
{
    size_t host = text_find_char(node, '.');
    if (text_columns(node) <= NODE_COLUMNS || !host || host >= node.n)
        return node;
    return (struct text){ node.p, host };
}

/* Nodes may be in several zones: then each line says its offset. */
static unsigned time_columns(const struct merged_options *o)
{
    return o->zone.of_nodes ? TIME_COLUMNS + 7 : TIME_COLUMNS;
}

unsigned line_node_columns(const struct merged_options *o, const struct text *names, size_t count)
{
    unsigned widest = NODE_LEAST, most = node_columns_most(o);
    for (size_t i = 0; i < count; i++) {
        unsigned columns = text_columns(node_short(names[i]));
        widest = columns > widest ? columns : widest;
    }
    return widest < most ? widest : most;
}

void line_head(const struct merged_options *o, unsigned node_columns, struct buf *out)
{
    if (o->form == MERGED_TEXT) {
        struct buf zone;
        buf_init(&zone);
        escape_terminal(&zone, text_from(o->zone_name));
        buf_add_format(out, "Time %-*.*s  %-*s  %-*s  Event\n", (int)time_columns(o) - 5, TEXT_ARG(buf_text(&zone)),
                       (int)node_columns, "Node", (int)LEVEL_COLUMNS, "Level");
        buf_done(&zone);
    }
    if (o->form == MERGED_CSV)
        buf_add_c(out, "time,logged,node,channel,provider,id,level,record,rules,rule_ids,authors,message\r\n");
}

static void text_time(const struct merged_options *o, const struct line_place *place, struct buf *out)
{
    char room[TIME_ISO_ROOM], label[TIME_ISO_ROOM];
    size_t from = out->n;
    if (place->corrected) {
        struct text t = zone_time(place->zone, place->corrected, room);
        room[10] = ' ';
        buf_add(out, (struct text){ t.p, t.n < TIME_COLUMNS ? t.n : TIME_COLUMNS });
    } else {
        buf_add_c(out, "(no time)");
    }
    if (place->corrected && o->zone.of_nodes) {
        buf_add_char(out, ' ');
        buf_add(out, zone_label(place->zone, place->corrected, label));
    }
    while (out->n < from + time_columns(o) + 2)
        buf_add_char(out, ' ');
}

static void text_begin(const struct merged_options *o, const struct line_place *place, struct buf *out)
{
    struct text node = node_short(place->node);
    unsigned columns = text_columns(node);
    text_time(o, place, out);
    text_cut_middle(out, node, place->node_columns);
    for (unsigned i = columns; i < place->node_columns; i++)
        buf_add_char(out, ' ');
    buf_add_c(out, "  ");
}

/* In a terminal what does not fit hangs below where the event begins; elsewhere an event is a line. */
static void text_put(const struct merged_options *o, const struct line_place *place, struct text made, struct buf *out)
{
    struct layout l;
    struct buf begin;
    unsigned column = time_columns(o) + 2 + place->node_columns + 2;
    if (!o->width) {
        text_begin(o, place, out);
        buf_add(out, made);
        buf_add_char(out, '\n');
        return;
    }
    buf_init(&begin);
    text_begin(o, place, &begin);
    layout_init(&l, out, o->width, false);
    layout_begin(&l, 0, column + EVENT_COLUMN);
    layout_whole(&l, STYLE_PLAIN, text_trim(buf_text(&begin)));
    layout_pad(&l, column);
    layout_words(&l, STYLE_PLAIN, text_trim((struct text){ made.p, EVENT_COLUMN }));
    layout_pad(&l, column + EVENT_COLUMN);
    layout_words(&l, STYLE_PLAIN, text_from_index(made, EVENT_COLUMN));
    layout_end(&l);
    layout_done(&l);
    buf_done(&begin);
}

static void csv_time(const struct zone *zone, uint64_t time, struct buf *out)
{
    char room[TIME_ISO_ROOM];
    if (time)
        buf_add(out, zone_time(zone, time, room));
    buf_add_char(out, ',');
}

static void json_time_put(const char *name, uint64_t time, struct buf *out)
{
    char room[TIME_ISO_ROOM];
    buf_add_format(out, "\"%s\":", name);
    if (time)
        escape_json(out, time_iso(time, 7, room));
    else
        buf_add_c(out, "null");
}

void line_put(const struct merged_options *o, const struct line_place *place, struct text made, struct buf *out)
{
    struct buf scratch;
    if (o->form == MERGED_TEXT) {
        text_put(o, place, made, out);
        return;
    }
    buf_init(&scratch);
    if (o->form == MERGED_CSV) {
        csv_time(place->zone, place->corrected, out);
        csv_time(place->zone, place->logged, out);
        csv_text(out, &scratch, place->node);
        buf_add_char(out, ',');
    } else {
        buf_add_char(out, '{');
        json_time_put("time", place->corrected, out);
        buf_add_char(out, ',');
        json_time_put("logged", place->logged, out);
        member_put(out, "node", place->node);
    }
    buf_add(out, made);
    buf_add_c(out, o->form == MERGED_CSV ? "\r\n" : "\n");
    buf_done(&scratch);
}
