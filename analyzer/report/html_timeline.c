/*
 * The timeline: one lane per node, what its logs cover, events as marks, incidents shaded.
 *
 * It is plain SVG, so that it prints and shows without the script; the script moves what has data-t (a
 * moment) or data-a and data-b (its ends), which are fractions of the whole.
 */
#include <inttypes.h>

#include "form/text_layout.h"
#include "report/html_drawing.h"

#define NAME_WIDTH 19u /* columns of a node's name */
#define LETTER     8.8 /* of the name of an incident, about */

/* As many as a sheet of paper holds: more are drawn below each other, each part with its axis. */
#define LANES_A_PART 32u

#define INCIDENTS 8u /* shaded: the first by rank */

#define SPANS 512u /* drawn of one node */

static void band(struct drawing *d, const char *class, uint64_t first, uint64_t last, unsigned y,
                 unsigned height)
{
    double a = drawing_fraction(d, first), b = drawing_fraction(d, last);
    double width = (b - a) * SPAN;
    html_format(
        d->h,
        "<rect class=\"%s\" data-a=\"%.6f\" data-b=\"%.6f\" x=\"%.1f\" y=\"%u\" width=\"%.1f\" height=\"%u\"",
        class, a, b, drawing_place(a), y, width < 2 ? 2 : width, height);
}

static bool touches(const struct drawing *d, uint64_t first, uint64_t last)
{
    return last >= d->from && first <= d->to;
}

static void lane_name(struct drawing *d, size_t lane, struct text name)
{
    struct html *h = d->h;
    struct buf cut;
    buf_init(&cut);
    text_cut_middle(&cut, name.n ? name : TEXT("(unnamed)"), NAME_WIDTH);
    html_format(h, "<text class=\"name\" x=\"%u\" y=\"%u\"><title>", LEFT - 12,
                drawing_lane_top(lane) + LANE / 2 + 4);
    html_text(h, name);
    html_raw(h, "</title>");
    html_text(h, buf_text(&cut));
    html_raw(h, "</text>");
    buf_done(&cut);
}

/* Ends a band: what it says when it is pointed at. */
static void band_words(struct drawing *d, struct text what, const char *words, uint64_t first, uint64_t last)
{
    struct text from, to;
    words_of_ends(&d->h->arena, d->h->zone, first, last, &from, &to);
    html_raw(d->h, "><title>");
    html_text(d->h, what);
    html_raw(d->h, words);
    html_text(d->h, from);
    html_raw(d->h, from.n ? " to " : "");
    html_text(d->h, to);
    html_raw(d->h, "</title></rect>");
}

static void covered(struct drawing *d, size_t index, const struct node *n)
{
    for (size_t i = 0; i < n->span_count && i < SPANS; i++) {
        const struct log_span *c = &n->spans[i];
        if (!touches(d, c->first, c->last))
            continue;
        band(d, "covers", c->first, c->last, drawing_lane_top(index) + 5, LANE - 10);
        band_words(d, c->channel.n ? c->channel : TEXT("The log"), " covers ", c->first, c->last);
    }
}

static void lane(struct drawing *d, size_t index)
{
    const struct node *n = d->all->nodes[d->first + index];
    lane_name(d, index, n->name);
    covered(d, index, n);
    for (size_t i = 0; i < n->down_count && i < SPANS; i++) {
        const struct node_down *down = &n->downs[i];
        if (!touches(d, down->from, down->to))
            continue;
        band(d, down->orderly ? "off" : "off crash", down->from, down->to, drawing_lane_top(index) + 5, LANE - 10);
        band_words(d, n->name, down->orderly ? " was shut down, " : " went down without a shutdown, ",
                   down->from, down->to);
    }
    html_raw(d->h, "\n");
}

static void lane_unseen(struct drawing *d, size_t index, const struct unseen_node *u)
{
    lane_name(d, index, u->name);
    html_format(d->h, "<text class=\"nolog\" x=\"%u\" y=\"%u\">no log was given</text>\n", LEFT + 8,
                drawing_lane_top(index) + LANE / 2 + 4);
}

static void outages(struct drawing *d, const struct diagnosis *one)
{
    const struct timeline *t = d->h->r->timeline;
    for (size_t i = 0; i < one->outage_count; i++) {
        const struct outage *o = &one->outages[i];
        const struct node *n = o->is_node ? timeline_node(t, o->what) : NULL;
        uint64_t to = o->to ? o->to : d->to;
        if (drawing_lane_of(d, n) >= d->lanes || !touches(d, o->from, to))
            continue;
        band(d, "down", o->from, to, drawing_lane_top(drawing_lane_of(d, n)) + 13, LANE - 26);
        html_raw(d->h, "><title>");
        html_text(d->h, o->what);
        html_raw(d->h, o->to ? " was out of service</title></rect>"
                             : " was out of service; no end was seen</title></rect>");
    }
}

/* Where the name of an incident stands. */
static double label_left(const struct drawing *d, const struct diagnosis *one)
{
    double x = drawing_place(drawing_fraction(d, one->first)), most = WIDTH - LETTER * text_columns(one->article->id);
    return x > most ? most : x;
}

/* A better one stands there already.  The script asks again when it zooms. */
static bool is_crowded(const struct drawing *d, const struct diagnosis *items, size_t index)
{
    double left = label_left(d, &items[index]), right = left + LETTER * text_columns(items[index].article->id);
    for (size_t i = 0; i < index; i++) {
        double other = label_left(d, &items[i]);
        if (touches(d, items[i].first, items[i].last) && left < other + LETTER * text_columns(items[i].article->id) &&
            other < right)
            return true;
    }
    return false;
}

static void incident(struct drawing *d, size_t rank, const struct diagnosis *one, bool crowded)
{
    struct html *h = d->h;
    if (!touches(d, one->first, one->last))
        return;
    html_format(h, "<a href=\"#d%zu\">", rank + 1);
    band(d, "incident", one->first, one->last, TOP - 4, d->height - AXIS - TOP + 4);
    html_raw(h, "><title>");
    html_text(h, WORDS(&h->arena, one->article->id, TEXT("  "), one->article->title));
    html_raw(h, "</title></rect>");
    html_format(h, "<text class=\"id%s\" data-t=\"%.6f\" x=\"%.1f\" y=\"%u\">", crowded ? " crowded" : "",
                drawing_fraction(d, one->first), label_left(d, one), TOP - 10);
    html_text(h, one->article->id);
    html_raw(h, "</text></a>\n");
}

static void lanes(struct drawing *d)
{
    for (size_t i = 0; i < d->lanes; i++)
        lane(d, i);
    for (size_t i = 0; i < d->unseen_count; i++)
        lane_unseen(d, d->lanes + i, &d->all->unseen[d->unseen + i]);
}

static uint64_t milliseconds(const struct drawing *d, uint64_t time)
{
    return (zone_clock(&d->axis, time) - TICKS_1970) / (TICKS_PER_SECOND / 1000);
}

static void figure_begin(struct drawing *d, struct text label)
{
    struct html *h = d->h;
    char room[TIME_ISO_ROOM];
    html_format(
        h,
        "<div class=\"wide\"><svg class=\"lanes\" viewBox=\"0 0 %u %u\" role=\"img\" data-from=\"%" PRIu64
        "\" data-to=\"%" PRIu64 "\" data-left=\"%u\" data-span=\"%u\" data-zone=\"",
        WIDTH, d->height, milliseconds(d, d->from), milliseconds(d, d->to), LEFT, SPAN);
    html_text(h, zone_label(&d->axis, d->from, room));
    html_raw(h, "\" aria-label=\"");
    html_text(h, label);
    html_raw(h, "\">\n");
    for (size_t i = 0; i + TOP < d->height - AXIS && i * LANE + TOP < d->height - AXIS; i++)
        html_format(h, "<rect class=\"lane\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\"/>", LEFT,
                    drawing_lane_top(i) + 1, SPAN, LANE - 2);
    html_raw(h, "\n");
}

static void figure_end(struct drawing *d)
{
    struct html *h = d->h;
    char room[TIME_ISO_ROOM];
    html_raw(h, "</svg></div>\n<figcaption>");
    html_interval(h, d->from, d->to);
    html_raw(h, zone_offset(h->zone, d->to) == d->axis.seconds ? "; times are " : "; the axis goes on in ");
    html_text(h, zone_label(&d->axis, d->from, room));
    html_raw(h, ".<span class=\"js zoom\"></span></figcaption></figure>\n");
}

struct incidents {
    const struct diagnosis *items;
    size_t count, first_rank;
};

static void draw_part(struct drawing *d, struct text label, const struct incidents *in)
{
    struct arena_mark mark = arena_mark(&d->h->arena);
    size_t shown = in->count < INCIDENTS ? in->count : INCIDENTS;
    d->height = TOP + (unsigned)(d->lanes + d->unseen_count) * LANE + AXIS;
    html_raw(d->h, "<figure>");
    figure_begin(d, label);
    drawing_axis(d, TOP - 4);
    lanes(d);
    for (size_t i = shown; i-- > 0;)
        incident(d, in->first_rank + i, &in->items[i], is_crowded(d, in->items, i));
    for (size_t i = 0; i < shown; i++)
        outages(d, &in->items[i]);
    drawing_marks(d);
    figure_end(d);
    sink_drain(d->h->sink);
    arena_rewind(&d->h->arena, mark);
}

/* Nodes, then those of which no log was given; in parts of one size. */
static void draw(struct html *h, const struct html_lanes *shown, uint64_t from, uint64_t to, struct text label,
                 const struct incidents *in)
{
    size_t nodes = shown->count, all = nodes + shown->unseen_count;
    size_t parts = (all + LANES_A_PART - 1) / LANES_A_PART, size = parts ? (all + parts - 1) / parts : 0;
    for (size_t first = 0; first < all; first += size) {
        size_t end = all - first < size ? all : first + size;
        struct drawing d = {
            .h = h, .from = from, .to = to > from ? to : from + TICKS_PER_SECOND, .all = shown, .first = first,
            .axis = { .name = h->zone->name, .seconds = zone_offset(h->zone, from) },
            .lanes = first >= nodes ? 0 : (end < nodes ? end : nodes) - first,
            .unseen = first > nodes ? first - nodes : 0,
        };
        d.unseen_count = end - first - d.lanes;
        draw_part(&d, label, in);
    }
}

static void widen(uint64_t *from, uint64_t *to, uint64_t first, uint64_t last)
{
    if (first && first < *from)
        *from = first;
    if (last > *to && last < FILETIME_MAX)
        *to = last;
}

/* What the logs cover; false when nothing has a time. */
static bool whole(const struct html *h, uint64_t *from, uint64_t *to)
{
    const struct timeline *t = h->r->timeline;
    *from = UINT64_MAX;
    *to = 0;
    for (size_t i = 0; i < t->node_count; i++)
        widen(from, to, t->nodes[i]->first, t->nodes[i]->last);
    for (size_t i = 0; i < t->hit_count; i++)
        widen(from, to, t->hits[i].event->key.time, t->hits[i].event->key.time);
    return *from <= *to;
}

/* As it is drawn. */
static void swatch(struct html *h, const char *class, const char *words)
{
    html_format(h, "<span><svg class=\"swatch\" viewBox=\"0 0 28 16\"><rect class=\"%s\" x=\"1\" y=\"%d\" width=\"26\" "
                "height=\"%d\"/></svg> %s</span> ", class, strcmp(class, "down") ? 1 : 4, strcmp(class, "down") ? 14 : 8,
                words);
}

static void legend(struct html *h)
{
    html_raw(h, "<p class=\"legend soft\">");
    for (int level = RULE_CRITICAL; level >= RULE_LOW; level--) {
        html_format(h, "<span><svg viewBox=\"-8 -8 16 16\"><path class=\"m l%d\" d=\"%s\"/></svg> %s</span> ",
                    level, drawing_shape(true, (enum rule_level)level), rule_level_name((enum rule_level)level));
    }
    html_raw(h, "<span><svg viewBox=\"-8 -8 16 16\"><path class=\"m c0\" d=\"M0-5V5\"/></svg> context</span> "
                "<span><svg viewBox=\"-8 -8 16 16\"><path class=\"m l4 pale\" d=\"M0-6 6.5 "
                "5.5H-6.5Z\"/></svg> follows, or is no trouble</span> ");
    swatch(h, "covers", "the log covers it");
    swatch(h, "off", "the node was down");
    swatch(h, "off crash", "it went down without a shutdown");
    swatch(h, "down", "out of service");
    swatch(h, "incident", "a diagnosis");
    html_raw(h, "</p>\n");
}

void html_timeline(struct html *h)
{
    const struct diagnoses *d = h->r->diagnoses;
    uint64_t from, to;
    if (!whole(h, &from, &to)) {
        html_raw(h, "<p class=\"soft\">No event has a time.</p>\n");
        return;
    }
    legend(h);
    draw(h, &h->lanes, from, to, TEXT("Events of all nodes along time"), &(struct incidents){ d->items, d->count, 0 });
    html_lanes_left_out(h);
}

/* From its first event to its last, the recovery as well; what evscan adds itself may lie days before. */
static void story_range(const struct diagnosis *d, uint64_t *first, uint64_t *last)
{
    for (size_t i = 0; i < d->for_it.count; i++)
        for (size_t k = 0; d->for_it.items[i].item && k < d->for_it.items[i].hit_count; k++) {
            uint64_t time = d->for_it.items[i].hits[k]->event->key.time;
            widen(first, last, time, time);
        }
    for (size_t i = 0; i < d->step_count; i++)
        widen(first, last, d->story[i].time, d->story[i].time);
    for (size_t i = 0; i < d->outage_count; i++)
        widen(first, last, d->outages[i].from, d->outages[i].to);
}

/* Where the whole would show the incident as a line, it has a drawing of its own. */
void html_closeup(struct html *h, const struct diagnosis *d, size_t rank)
{
    uint64_t from, to, first = d->first, last = d->last;
    story_range(d, &first, &last);
    uint64_t span = last > first ? last - first : TICKS_PER_SECOND;
    if (!whole(h, &from, &to) || (to - from) / 6 < span || !d->first)
        return;
    uint64_t margin = span / 12 + TICKS_PER_SECOND;
    struct html_lanes lanes = html_lanes_of(h, d);
    draw(h, &lanes, first - margin, last + margin, TEXT("Events of the diagnosis along time"),
         &(struct incidents){ d, 1, rank });
}
