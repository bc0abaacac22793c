/*
 * The timeline: one lane per node, what its logs cover, events as marks, incidents shaded.
 *
 * It is plain SVG, so that it prints and shows without the script; the script moves what has data-t (a
 * moment) or data-a and data-b (its ends), which are fractions of the whole.
 */
#include <inttypes.h>

#include "form/text_layout.h"
#include "report/html.h"

/* Of the drawing. */
#define WIDTH      1000u
#define LEFT       150u /* names of nodes */
#define SPAN       (WIDTH - LEFT - 14u)
#define TOP        26u /* names of incidents */
#define LANE       34u
#define AXIS       26u
#define NAME_WIDTH 19u /* columns */
#define LETTER     8.8 /* of the name of an incident, about */

/* Moments told apart in a lane: more than a screen has columns, so that zooming shows more. */
#define BINS 1600u

#define INCIDENTS 8u /* shaded: the first by rank */

#define SPANS 512u /* drawn of one node */

struct mark {
    size_t count;
    size_t at; /* in the timeline: the first of the gravest */
    enum rule_level level;
    bool finding, explained;
};

struct drawing {
    struct html *h;
    uint64_t from, to; /* FILETIME */
    struct zone axis;  /* the offset at `from`: a scale that is even does not jump with a clock that is put forward */
    size_t lanes;      /* nodes */
    unsigned height;
    struct mark *marks; /* BINS a lane */
};

static double fraction(const struct drawing *d, uint64_t time)
{
    if (time <= d->from)
        return 0;
    return time >= d->to ? 1 : (double)(time - d->from) / (double)(d->to - d->from);
}

static double place(double part)
{
    return LEFT + part * SPAN;
}

static unsigned lane_top(size_t lane)
{
    return TOP + (unsigned)lane * LANE;
}

/* A step of the axis that people count in. */
static uint64_t step_of(uint64_t ticks)
{
    static const uint32_t steps[] = { 1,     2,     5,      10,     15,      30,      60,      120,
                                      300,   600,   900,    1800,   3600,    7200,    10800,   21600,
                                      43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 31536000 };
    uint64_t step = 0;
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        step = (uint64_t)steps[i] * TICKS_PER_SECOND;
        if (ticks / step <= 7)
            return step;
    }
    return (ticks / step / 7 + 1) * step;
}

static void tick(struct drawing *d, uint64_t time, uint64_t step)
{
    struct html *h = d->h;
    double part = fraction(d, time), x = place(part);
    uint64_t day = (uint64_t)86400 * TICKS_PER_SECOND;
    struct text clock = words_of_clock(&h->arena, &d->axis, time);
    size_t end = step < 60u * (uint64_t)TICKS_PER_SECOND ? 19 : 16;
    bool midnight = (zone_clock(&d->axis, time) / TICKS_PER_SECOND) % 86400 == 0;
    html_format(h, "<g class=\"tick%s\"><path d=\"M%.1f %uV%u\"/><text x=\"%.1f\" y=\"%u\">",
                midnight ? " day" : "", x, TOP - 4, d->height - AXIS, x > WIDTH - 34 ? WIDTH - 34.0 : x,
                d->height - 9);
    if (clock.n < 19 || step >= day || midnight)
        html_text(h, (struct text){ clock.p, clock.n < 10 ? clock.n : 10 });
    else
        html_text(h, (struct text){ clock.p + 11, end - 11 });
    html_raw(h, "</text></g>");
}

/* On round figures of the zone's own clock. */
static void axis(struct drawing *d)
{
    uint64_t step = step_of(d->to - d->from);
    uint64_t shift =
        zone_clock(&d->axis, d->from) - d->from; /* may be "negative": arithmetic is modulo 2^64 */
    uint64_t first = (d->from + shift + step - 1) / step * step - shift;
    html_raw(d->h, "<g class=\"axis\">");
    for (uint64_t t = first; t <= d->to && t >= d->from; t += step)
        tick(d, t, step);
    html_raw(d->h, "</g>\n");
}

static void band(struct drawing *d, const char *class, uint64_t first, uint64_t last, unsigned y,
                 unsigned height)
{
    double a = fraction(d, first), b = fraction(d, last);
    double width = (b - a) * SPAN;
    html_format(
        d->h,
        "<rect class=\"%s\" data-a=\"%.6f\" data-b=\"%.6f\" x=\"%.1f\" y=\"%u\" width=\"%.1f\" height=\"%u\"",
        class, a, b, place(a), y, width < 2 ? 2 : width, height);
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
                lane_top(lane) + LANE / 2 + 4);
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
        band(d, "covers", c->first, c->last, lane_top(index) + 5, LANE - 10);
        band_words(d, c->channel.n ? c->channel : TEXT("The log"), " covers ", c->first, c->last);
    }
}

static void lane(struct drawing *d, size_t index)
{
    const struct node *n = d->h->r->timeline->nodes[index];
    lane_name(d, index, n->name);
    covered(d, index, n);
    for (size_t i = 0; i < n->down_count && i < SPANS; i++) {
        const struct node_down *down = &n->downs[i];
        if (!touches(d, down->from, down->to))
            continue;
        band(d, down->orderly ? "off" : "off crash", down->from, down->to, lane_top(index) + 5, LANE - 10);
        band_words(d, n->name, down->orderly ? " was shut down, " : " went down without a shutdown, ",
                   down->from, down->to);
    }
    html_raw(d->h, "\n");
}

static void lane_unseen(struct drawing *d, size_t index, const struct unseen_node *u)
{
    lane_name(d, index, u->name);
    html_format(d->h, "<text class=\"nolog\" x=\"%u\" y=\"%u\">no log was given</text>\n", LEFT + 8,
                lane_top(index) + LANE / 2 + 4);
}

static void outages(struct drawing *d, const struct diagnosis *one)
{
    const struct timeline *t = d->h->r->timeline;
    for (size_t i = 0; i < one->outage_count; i++) {
        const struct outage *o = &one->outages[i];
        const struct node *n = o->is_node ? timeline_node(t, o->what) : NULL;
        uint64_t to = o->to ? o->to : d->to;
        if (!n || n->index >= d->lanes || !touches(d, o->from, to))
            continue;
        band(d, "down", o->from, to, lane_top(n->index) + 13, LANE - 26);
        html_raw(d->h, "><title>");
        html_text(d->h, o->what);
        html_raw(d->h, o->to ? " was out of service</title></rect>"
                             : " was out of service; no end was seen</title></rect>");
    }
}

/* Where the name of an incident stands. */
static double label_left(const struct drawing *d, const struct diagnosis *one)
{
    double x = place(fraction(d, one->first)), most = WIDTH - LETTER * text_columns(one->article->id);
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
                fraction(d, one->first), label_left(d, one), TOP - 10);
    html_text(h, one->article->id);
    html_raw(h, "</text></a>\n");
}

/* Context, then what is explained, then findings; each by level. */
static int gravity(const struct mark *m)
{
    return (int)m->level + (m->finding ? 10 : 0) + (m->finding && !m->explained ? 10 : 0);
}

#define MOST_GRAVE (RULE_CRITICAL + 20)

static void mark_add(struct drawing *d, size_t at)
{
    const struct timeline *t = d->h->r->timeline;
    const struct hit *hit = &t->hits[at];
    uint64_t time = hit->event->key.time;
    const struct node *n = t->node_of[at];
    if (!n || n->index >= d->lanes || time < d->from || time > d->to || hit_rule(d->h->r, hit)->fact)
        return;
    struct mark *m = &d->marks[n->index * BINS + (size_t)(fraction(d, time) * (BINS - 1))];
    const struct rule_info *rule = hit_rule(d->h->r, hit);
    struct mark one = { m->count, at, rule->level, !rule->context, hit_is_explained(d->h->r, at) };
    if (m->count == 0 || gravity(&one) > gravity(m))
        *m = one;
    m->count++;
}

/* Shapes are told apart without colour. */
static const char *shape(const struct mark *m)
{
    if (!m->finding)
        return "M0-5V5";
    switch (m->level) {
    case RULE_CRITICAL:
        return "M0-7 7 0 0 7-7 0Z";
    case RULE_HIGH:
        return "M0-6 6.5 5.5H-6.5Z";
    case RULE_MEDIUM:
        return "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0-5 0Z";
    default:
        return "M-3.5 0A3.5 3.5 0 1 0 3.5 0A3.5 3.5 0 1 0-3.5 0Z";
    }
}

static void mark_words(struct drawing *d, const struct mark *m)
{
    struct html *h = d->h;
    const struct hit *hit = &h->r->timeline->hits[m->at];
    html_raw(h, "<title>");
    html_text(h, words_of_time(&h->arena, zone_of_hit(h->r, h->zone, hit), hit->event->key.time));
    html_raw(h, " · ");
    html_text(h, hit_node(h->r, hit));
    html_raw(h, " · ");
    html_text(h, hit->event->key.provider);
    html_raw(h, " ");
    html_text(h, hit->event->event_id);
    html_raw(h, " · ");
    html_text(h, hit_rule(h->r, hit)->title);
    if (m->count > 1)
        html_format(h, " · and %zu more hits at that time", m->count - 1);
    html_raw(h, "</title>");
}

static void mark_draw(struct drawing *d, size_t lane_index, const struct mark *m)
{
    struct html *h = d->h;
    const struct hit *hit = &h->r->timeline->hits[m->at];
    const struct html_event *entry = html_event_of(h, hit->event);
    double part = fraction(d, hit->event->key.time);
    unsigned y = lane_top(lane_index) + LANE / 2;
    if (entry)
        html_format(h, "<a href=\"#e%zu\">", entry->at);
    html_format(
        h,
        "<path class=\"m %s%d%s\" data-t=\"%.6f\" data-y=\"%u\" transform=\"translate(%.1f %u)\" d=\"%s\">",
        m->finding ? "l" : "c", (int)m->level, m->finding && m->explained ? " pale" : "", part, y,
        place(part), y, shape(m));
    mark_words(d, m);
    html_raw(h, entry ? "</path></a>\n" : "</path>\n");
}

/* The gravest last: they stand in front. */
static void marks(struct drawing *d)
{
    const struct timeline *t = d->h->r->timeline;
    d->marks = ARENA_NEW_N(&d->h->arena, struct mark, d->lanes * BINS);
    for (size_t i = 0; i < t->hit_count; i++)
        mark_add(d, i);
    for (int grave = 0; grave <= MOST_GRAVE; grave++)
        for (size_t i = 0; i < d->lanes * BINS; i++)
            if (d->marks[i].count && gravity(&d->marks[i]) == grave)
                mark_draw(d, i / BINS, &d->marks[i]);
}

static void lanes(struct drawing *d)
{
    const struct diagnoses *all = d->h->r->diagnoses;
    for (size_t i = 0; i < d->lanes; i++)
        lane(d, i);
    for (size_t i = 0; d->lanes + i < HTML_LANES && i < all->unseen_count; i++)
        lane_unseen(d, d->lanes + i, &all->unseen[i]);
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
                    lane_top(i) + 1, SPAN, LANE - 2);
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

static void draw(struct html *h, uint64_t from, uint64_t to, struct text label, const struct diagnosis *items,
                 size_t count, size_t first_rank)
{
    const struct timeline *t = h->r->timeline;
    size_t nodes = t->node_count < HTML_LANES ? t->node_count : HTML_LANES;
    size_t all = nodes + h->r->diagnoses->unseen_count;
    struct drawing d = {
        .h = h, .from = from, .to = to > from ? to : from + TICKS_PER_SECOND, .lanes = nodes,
        .axis = { .name = h->zone->name, .seconds = zone_offset(h->zone, from) }
    };
    d.height = TOP + (unsigned)(all < HTML_LANES ? all : HTML_LANES) * LANE + AXIS;
    html_raw(h, "<figure>");
    figure_begin(&d, label);
    axis(&d);
    lanes(&d);
    for (size_t i = count < INCIDENTS ? count : INCIDENTS; i-- > 0;)
        incident(&d, first_rank + i, &items[i], is_crowded(&d, items, i));
    for (size_t i = 0; i < count && i < INCIDENTS; i++)
        outages(&d, &items[i]);
    marks(&d);
    figure_end(&d);
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
        struct mark m = { 1, 0, (enum rule_level)level, true, false };
        html_format(h, "<span><svg viewBox=\"-8 -8 16 16\"><path class=\"m l%d\" d=\"%s\"/></svg> %s</span> ",
                    level, shape(&m), rule_level_name((enum rule_level)level));
    }
    html_raw(h, "<span><svg viewBox=\"-8 -8 16 16\"><path class=\"m c0\" d=\"M0-5V5\"/></svg> context</span> "
                "<span><svg viewBox=\"-8 -8 16 16\"><path class=\"m l4 pale\" d=\"M0-6 6.5 "
                "5.5H-6.5Z\"/></svg> explained</span> ");
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
    draw(h, from, to, TEXT("Events of all nodes along time"), d->items, d->count, 0);
    if (h->r->timeline->node_count > HTML_LANES)
        html_format(h, "<p class=\"soft\">%u of %zu nodes have a lane.</p>\n", HTML_LANES,
                    h->r->timeline->node_count);
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
    draw(h, first - margin, last + margin, TEXT("Events of the diagnosis along time"), d, 1, rank);
}
