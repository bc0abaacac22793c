/*
 * The heat strip: how many events there are, by hour and node.
 */
#include <inttypes.h>

#include "form/text_layout.h"
#include "report/html_drawing.h"

#define CELLS   168u /* a week of hours; a longer time has longer cells */
#define CLASSES 5u

#define ROW 20u

struct heat {
    struct html *h;
    uint64_t from, cell; /* FILETIME, ticks */
    size_t cells, rows;
    uint64_t *counts; /* cells a row */
    uint64_t most;
};

/* What is drawn: all events where a scan counted them, else the hits. */
static bool span_find(const struct html *h, uint64_t *first, uint64_t *last)
{
    const struct timeline *t = h->r->timeline;
    const struct hours *hours = h->r->hours;
    *first = UINT64_MAX;
    *last = 0;
    for (size_t i = 0; hours && i < hours->count; i++) {
        uint64_t time = hours->items[i].number * HOUR_TICKS;
        *first = time < *first ? time : *first;
        *last = time > *last ? time : *last;
    }
    for (size_t i = 0; !hours && i < t->hit_count; i++) {
        uint64_t time = t->hits[i].event->key.time;
        *first = time && time < *first ? time : *first;
        *last = time > *last && time < FILETIME_MAX ? time : *last;
    }
    return *first <= *last;
}

static bool heat_find(struct heat *heat)
{
    uint64_t first, last;
    if (!span_find(heat->h, &first, &last))
        return false;
    heat->from = first / HOUR_TICKS * HOUR_TICKS;
    heat->cell = ((last - heat->from) / HOUR_TICKS / CELLS + 1) * HOUR_TICKS;
    heat->cells = (size_t)((last - heat->from) / heat->cell) + 1;
    return true;
}

static void add(struct heat *heat, const struct node *node, uint64_t time, uint64_t events)
{
    size_t row = node ? heat->h->lanes.of[node->index] : SIZE_MAX;
    if (row >= heat->rows || time < heat->from || time >= FILETIME_MAX)
        return;
    uint64_t *count = &heat->counts[row * heat->cells + (time - heat->from) / heat->cell];
    *count += events;
    heat->most = *count > heat->most ? *count : heat->most;
}

static void heat_count(struct heat *heat)
{
    const struct timeline *t = heat->h->r->timeline;
    const struct hours *hours = heat->h->r->hours;
    heat->counts = ARENA_NEW_N(&heat->h->arena, uint64_t, heat->rows * heat->cells);
    for (size_t i = 0; hours && i < hours->count; i++)
        add(heat, timeline_node(t, hours->items[i].node), hours->items[i].number * HOUR_TICKS,
            hours->items[i].events);
    for (size_t i = 0; !hours && i < t->hit_count; i++)
        if (i == 0 || t->hits[i - 1].event != t->hits[i].event) /* another rule's hit on it */
            add(heat, t->node_of[i], t->hits[i].event->key.time, 1);
}

/* Doubling steps: one event more matters where there are few. */
static unsigned class_of(const struct heat *heat, uint64_t count)
{
    unsigned class = 1;
    uint64_t bound = heat->most;
    while (bound > 1 && bound >> (CLASSES - class) < count && class < CLASSES)
        class ++;
    return class;
}

static void cell(struct heat *heat, size_t row, size_t at)
{
    struct html *h = heat->h;
    uint64_t count = heat->counts[row * heat->cells + at];
    double width = (double)SPAN / (double)heat->cells;
    uint64_t from = heat->from + at * heat->cell;
    if (!count)
        return;
    html_format(h, "<rect class=\"h%u\" x=\"%.1f\" y=\"%zu\" width=\"%.1f\" height=\"%u\"><title>",
                class_of(heat, count), LEFT + (double)at * width, row * ROW + 2,
                width > 60    ? 60
                : width < 1.5 ? 1.5
                              : width - 0.5,
                ROW - 4);
    html_text(h, h->lanes.nodes[row]->name);
    html_format(h, ": %" PRIu64 " event%s, ", count, count == 1 ? "" : "s");
    html_text(h, words_of_clock(&h->arena, h->zone, from));
    html_raw(h, " to ");
    html_text(h, words_of_time(&h->arena, h->zone, from + heat->cell));
    html_raw(h, "</title></rect>");
}

static void row(struct heat *heat, size_t index)
{
    struct html *h = heat->h;
    struct buf cut;
    buf_init(&cut);
    text_cut_middle(&cut, h->lanes.nodes[index]->name, 19);
    html_format(h, "<text class=\"name\" x=\"%u\" y=\"%zu\">", LEFT - 12, index * ROW + 15);
    html_text(h, buf_text(&cut));
    html_format(h, "</text><rect class=\"lane\" x=\"%u\" y=\"%zu\" width=\"%u\" height=\"%u\"/>", LEFT,
                index * ROW + 2, SPAN, ROW - 4);
    for (size_t at = 0; at < heat->cells; at++)
        cell(heat, index, at);
    html_raw(h, "\n");
    buf_done(&cut);
}

static void axis(struct heat *heat)
{
    const struct zone *zone = heat->h->zone;
    struct drawing d = { .h = heat->h, .from = heat->from, .to = heat->from + heat->cells * heat->cell,
                         .axis = { .name = zone->name, .seconds = zone_offset(zone, heat->from) },
                         .height = (unsigned)(heat->rows * ROW) + AXIS };
    drawing_axis(&d, 0);
}

void html_heat(struct html *h)
{
    struct heat heat = { .h = h, .rows = h->lanes.count };
    if (!heat_find(&heat))
        return;
    heat_count(&heat);
    html_format(h,
                "<figure><div class=\"wide\"><svg class=\"heat\" viewBox=\"0 0 %u %zu\" role=\"img\" "
                "aria-label=\"Events by "
                "hour and node\">\n",
                WIDTH, heat.rows * ROW + AXIS);
    axis(&heat);
    for (size_t i = 0; i < heat.rows; i++)
        row(&heat, i);
    html_raw(h, "</svg></div><figcaption>");
    html_raw(h,
             h->r->hours ? "Events by node; one cell is " : "Events that rules know, by node; one cell is ");
    uint64_t hours = heat.cell / TICKS_PER_SECOND / 3600;
    html_text(h, words_of_count(&h->arena, hours, "hour", "hours"));
    html_raw(h, ", the darkest holds ");
    html_number(h, heat.most);
    html_raw(h, ". From ");
    html_interval(h, heat.from, heat.from + heat.cells * heat.cell);
    if (h->r->hours && h->r->hours->left_out)
        html_format(h, "; %" PRIu64 " events beyond a limit are left out", h->r->hours->left_out);
    html_raw(h, ".</figcaption></figure>\n");
    html_lanes_left_out(h);
}
