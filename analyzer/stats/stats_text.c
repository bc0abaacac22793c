/*
 * stats_text.c - tables for a terminal: what, how many, a bar, and from when to when.
 *
 * Shape:   a table that is by a span of time has no times of its own and says where nothing was logged; the bar of the
 *          row with most events fills what the columns leave of the line.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "form/escape.h"
#include "form/text_layout.h"
#include "stats/stats_form.h"

#define BAR_LEAST   6u
#define MINUTES     16u /* of "1999-04-11 22:35" */
#define DAYS        10u
#define SHORT_LOG   (3 * 86400ull * TICKS_PER_SECOND) /* minutes are said, else days */
#define LABEL_LEAST 12u
#define NODE_LEAST  15u /* of a NetBIOS name */

struct table {
    const struct stats_report *report;
    const struct tally *tally;
    size_t rows; /* that are shown */
    unsigned parts[TALLY_PARTS], label, count, bar; /* columns */
    unsigned moment; /* columns of a time */
    unsigned node_most; /* columns of a node's name; the rest of it is left out in its middle */
    bool spans, brief; /* brief: names without what nearly all begin with */
    uint64_t most;
};

static void number_put(struct buf *out, uint64_t n)
{
    char digits[32];
    int count = snprintf(digits, sizeof digits, "%" PRIu64, n);
    for (int i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0)
            buf_add_char(out, ',');
        buf_add_char(out, digits[i]);
    }
}

static unsigned number_columns(uint64_t n)
{
    struct buf digits;
    buf_init(&digits);
    number_put(&digits, n);
    unsigned columns = (unsigned)digits.n;
    buf_done(&digits);
    return columns;
}

static void blanks_put(struct buf *out, unsigned n)
{
    while (n-- > 0)
        buf_add_char(out, ' ');
}

/* "1999-04-11 22:35" in the zone, or the beginning of it; as many columns for what has no four-digit year. */
static void moment_put(const struct stats_report *r, struct buf *out, uint64_t time, unsigned columns)
{
    char room[TIME_ISO_ROOM];
    if (time == 0 || time >= FILETIME_MAX) {
        buf_add_c(out, "(no time)");
        blanks_put(out, columns - 9);
        return;
    }
    struct text t = zone_time(r->zone, time, room);
    room[10] = ' ';
    buf_add(out, (struct text){ t.p, columns });
}

static void name_put(const struct table *t, struct buf *out, struct text name)
{
    const struct text vendor = TEXT("Microsoft-Windows-");
    bool brief = t->brief && text_starts_with(name, vendor) && name.n > vendor.n;
    buf_add_c(out, brief ? ".." : name.n ? "" : "-");
    buf_add(out, text_from_index(name, brief ? vendor.n - 1 : 0));
}

static void node_put(const struct table *t, struct buf *out, struct text name)
{
    if (text_columns(name) > t->node_most)
        text_cut_middle(out, name, t->node_most);
    else
        name_put(t, out, name);
}

static void part_put(const struct table *t, struct buf *out, enum tally_part part, const struct tally_key *key)
{
    char room[TIME_ISO_ROOM];
    const struct text names[] = { key->node, key->channel, key->provider };
    if (part == TALLY_NODE)
        node_put(t, out, key->node);
    else if (part <= TALLY_PROVIDER)
        name_put(t, out, names[part]);
    else if (part == TALLY_ID && key->id == EVENT_ID_NONE)
        buf_add_c(out, "(no ID)");
    else if (part == TALLY_ID)
        buf_add_format(out, "%lu", (unsigned long)key->id);
    else if (part == TALLY_LEVEL)
        buf_add_c(out, event_level_name(key->level));
    else
        buf_add(out, key->start ? stats_span(t->tally->parts, key->start, room) : TEXT("(no time)"));
}

/* The order of columns: the provider, whose names are the longest, can be cut. */
static const enum tally_part part_order[] = { TALLY_HOUR,    TALLY_DAY,   TALLY_MONTH, TALLY_NODE,
                                              TALLY_CHANNEL, TALLY_LEVEL, TALLY_ID,    TALLY_PROVIDER };

static void label_make(const struct table *t, const struct tally_key *key, struct buf *out)
{
    unsigned pad = 0;
    out->n = 0;
    for (size_t i = 0; i < COUNT_OF(part_order); i++) {
        struct buf part;
        if (!(t->tally->parts & TALLY_BY(part_order[i])))
            continue;
        buf_init(&part);
        part_put(t, &part, part_order[i], key);
        unsigned width = text_columns(buf_text(&part)), least = t->parts[part_order[i]];
        unsigned missing = width < least ? least - width : 0;
        blanks_put(out, pad + (part_order[i] == TALLY_ID ? missing : 0));
        buf_add(out, buf_text(&part));
        pad = 2 + (part_order[i] == TALLY_ID ? 0 : missing);
        buf_done(&part);
    }
}

static void parts_measure(struct table *t)
{
    struct buf part;
    buf_init(&part);
    for (size_t i = 0; i < t->rows; i++)
        for (int k = 0; k < TALLY_PARTS; k++) {
            part.n = 0;
            part_put(t, &part, (enum tally_part)k, &t->tally->rows[i].key);
            unsigned width = text_columns(buf_text(&part));
            t->parts[k] = width > t->parts[k] ? width : t->parts[k];
        }
    buf_done(&part);
}

/* Columns of the longest label. */
static unsigned labels_measure(struct table *t)
{
    unsigned longest = 0;
    struct buf label;
    memset(t->parts, 0, sizeof t->parts);
    parts_measure(t);
    buf_init(&label);
    for (size_t i = 0; i < t->rows; i++) {
        label_make(t, &t->tally->rows[i].key, &label);
        unsigned width = text_columns(buf_text(&label));
        longest = width > longest ? width : longest;
    }
    buf_done(&label);
    return longest;
}

/* Nodes of a cluster are told apart by the end of their names, which must not be what is cut. */
static void nodes_narrow(struct table *t, unsigned room)
{
    unsigned over = t->label - room, names = t->parts[TALLY_NODE];
    if (!(t->tally->parts & TALLY_BY(TALLY_NODE)) || names <= NODE_LEAST)
        return;
    t->node_most = names > over + NODE_LEAST ? names - over : NODE_LEAST;
    t->label = labels_measure(t);
}

static void table_measure(struct table *t, const struct stats_report *r, const struct tally *tally)
{
    *t = (struct table){ .report = r, .tally = tally, .node_most = UINT_MAX, .spans = !(tally->parts & TALLY_TIMES) };
    t->moment = r->stats->last - r->stats->first < SHORT_LOG ? MINUTES : DAYS;
    t->rows = t->spans && tally->count > r->top ? (size_t)r->top : tally->count;
    for (size_t i = 0; i < t->rows; i++)
        t->most = tally->rows[i].events > t->most ? tally->rows[i].events : t->most;
    t->count = number_columns(t->most);
    unsigned others = 2 + 2 + t->count + 2 + (t->spans ? 2 + 2 * t->moment + 3 : 0);
    unsigned room = r->width > others + BAR_LEAST + LABEL_LEAST ? r->width - others - BAR_LEAST : LABEL_LEAST;
    t->label = labels_measure(t);
    t->brief = t->label > room;
    if (t->brief)
        t->label = labels_measure(t);
    if (t->label > room)
        nodes_narrow(t, room);
    if (t->label > room)
        t->label = room;
    t->bar = r->width > others + t->label ? r->width - others - t->label : 0;
}

/* Something is something: a bar is never empty. */
static void bar_put(const struct table *t, struct buf *out, uint64_t events)
{
    double share = t->most ? (double)events / (double)t->most : 0;
    unsigned length = (unsigned)(share * t->bar + 0.5);
    length = length > t->bar ? t->bar : length ? length : t->bar > 0;
    for (unsigned i = 0; i < length; i++)
        buf_add_char(out, '#');
    if (t->spans)
        blanks_put(out, t->bar - length + 2);
}

static void row_put(const struct table *t, struct buf *out, struct buf *label, const struct tally_row *row)
{
    label_make(t, &row->key, label);
    unsigned width = text_columns(buf_text(label));
    blanks_put(out, 2);
    text_cut(out, buf_text(label), t->label);
    blanks_put(out, (width < t->label ? t->label - width : 0) + 2 + t->count - number_columns(row->events));
    number_put(out, row->events);
    blanks_put(out, 2);
    bar_put(t, out, row->events);
    if (t->spans) {
        moment_put(t->report, out, row->first, t->moment);
        buf_add_c(out, " - ");
        moment_put(t->report, out, row->last, t->moment);
    }
    buf_add_char(out, '\n');
}

/* Between two rows of a table that is by time alone. */
static void gap_put(const struct table *t, struct buf *out, uint64_t before, uint64_t next)
{
    char room[TIME_ISO_ROOM];
    unsigned hour = t->tally->parts & TALLY_BY(TALLY_HOUR), day = t->tally->parts & TALLY_BY(TALLY_DAY);
    uint64_t length = (hour ? 3600ull : 86400ull) * TICKS_PER_SECOND;
    if (!before || next <= before + length || (!hour && !day))
        return;
    struct text span = time_span(next - before - length, room);
    buf_add_format(out, "  ... nothing for %.*s\n", TEXT_ARG(span));
}

static void table_put(const struct stats_report *r, const struct stats_table *table, struct arena *arena,
                      struct buf *out)
{
    struct tally tally;
    struct table t;
    struct buf label;
    stats_table_make(table, arena, &tally);
    table_measure(&t, r, &tally);
    buf_add_format(out, "\n%s\n", table->title);
    buf_init(&label);
    for (size_t i = 0; i < t.rows; i++) {
        if (i && !t.spans)
            gap_put(&t, out, tally.rows[i - 1].key.start, tally.rows[i].key.start);
        row_put(&t, out, &label, &tally.rows[i]);
    }
    if (t.rows < tally.count)
        buf_add_format(out, "  ... and %zu more; --top N shows N of them\n", tally.count - t.rows);
    if (tally.left_out)
        buf_add_format(out, "  ... and %" PRIu64 " events of further kinds: too many to be told apart\n",
                       tally.left_out);
    buf_done(&label);
}

static bool is_whole(const struct input_result *input)
{
    return input->format.n && input->status <= ST_END;
}

static void span_put(const struct stats_report *r, struct buf *out, uint64_t first, uint64_t last)
{
    if (!first)
        return;
    buf_add_c(out, ", ");
    moment_put(r, out, first, MINUTES);
    buf_add_c(out, " to ");
    moment_put(r, out, last, MINUTES);
}

static void input_put(const struct stats_report *r, struct buf *out, const struct input_result *input)
{
    uint64_t records = input->account.decoded + input->account.partial;
    buf_add_c(out, "  ");
    escape_terminal(out, input->path);
    if (!input->format.n) {
        buf_add_c(out, ": not read\n");
        return;
    }
    buf_add_c(out, "\n    ");
    number_put(out, records);
    buf_add_format(out, " record%s", records == 1 ? "" : "s");
    span_put(r, out, input->account.first, input->account.last);
    if (!is_whole(input))
        buf_add_c(out, "; not all of it could be read");
    buf_add_char(out, '\n');
}

/* Of many logs only some, but all that have lost something. */
static void inputs_put(const struct stats_report *r, struct buf *out)
{
    size_t unsaid = 0;
    buf_add_c(out, "\nLogs\n");
    for (size_t i = 0; i < r->partial->input_count; i++) {
        if (i < r->top || !is_whole(r->partial->inputs[i]))
            input_put(r, out, r->partial->inputs[i]);
        else
            unsaid++;
    }
    if (unsaid)
        buf_add_format(out, "  ... and %zu more, read whole\n", unsaid);
}

static void head_put(const struct stats_report *r, struct buf *out)
{
    number_put(out, r->stats->events);
    buf_add_format(out, " event%s", r->stats->events == 1 ? "" : "s");
    span_put(r, out, r->stats->first, r->stats->last);
    buf_add_c(out, "; times are ");
    escape_terminal(out, r->zone->step_count ? TEXT("those of the nodes' clocks") : text_from(r->zone_name));
    buf_add_char(out, '\n');
}

void stats_text(const struct stats_report *r, struct arena *arena, struct buf *out)
{
    head_put(r, out);
    if (r->table_count > 1)
        inputs_put(r, out);
    for (size_t i = 0; i < r->table_count && r->stats->events; i++)
        table_put(r, &r->tables[i], arena, out);
}
