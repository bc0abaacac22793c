/*
 * Events in the lanes of a drawing.  What lies closer together than a screen can show is one mark, that of the gravest.
 */
#include "report/html_drawing.h"

/* Moments told apart in a lane: more than a screen has columns, so that zooming shows more. */
#define BINS 1600u

struct mark {
    size_t count;
    size_t at; /* in the timeline: the first of the gravest */
    enum rule_level level;
    bool finding, explained;
};

/* Context, then what is explained, then findings; each by level. */
static int gravity(const struct mark *m)
{
    return (int)m->level + (m->finding ? 10 : 0) + (m->finding && !m->explained ? 10 : 0);
}

#define MOST_GRAVE (RULE_CRITICAL + 20)

static void mark_add(const struct drawing *d, struct mark *marks, size_t at)
{
    const struct timeline *t = d->h->r->timeline;
    const struct hit *hit = &t->hits[at];
    uint64_t time = hit->event->key.time;
    size_t lane = drawing_lane_of(d, t->node_of[at]);
    if (lane >= d->lanes || time < d->from || time > d->to || hit_rule(d->h->r, hit)->fact)
        return;
    struct mark *m = &marks[lane * BINS + (size_t)(drawing_fraction(d, time) * (BINS - 1))];
    const struct rule_info *rule = hit_rule(d->h->r, hit);
    struct mark one = { m->count, at, rule->level, !rule->context, hit_is_no_trouble(d->h->r, at) };
    if (m->count == 0 || gravity(&one) > gravity(m))
        *m = one;
    m->count++;
}

const char *drawing_shape(bool finding, enum rule_level level)
{
    if (!finding)
        return "M0-5V5";
    switch (level) {
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
        html_format(h, " · and %zu more hit%s at that time", m->count - 1, m->count == 2 ? "" : "s");
    html_raw(h, "</title>");
}

static void mark_draw(struct drawing *d, size_t lane_index, const struct mark *m)
{
    struct html *h = d->h;
    const struct hit *hit = &h->r->timeline->hits[m->at];
    const struct html_event *entry = html_event_of(h, hit->event);
    double part = drawing_fraction(d, hit->event->key.time);
    unsigned y = drawing_lane_top(lane_index) + LANE / 2;
    if (entry)
        html_format(h, "<a href=\"#e%zu\">", entry->at);
    html_format(
        h,
        "<path class=\"m %s%d%s\" data-t=\"%.6f\" data-y=\"%u\" transform=\"translate(%.1f %u)\" d=\"%s\">",
        m->finding ? "l" : "c", (int)m->level, m->finding && m->explained ? " pale" : "", part, y,
        drawing_place(part), y, drawing_shape(m->finding, m->level));
    mark_words(d, m);
    html_raw(h, entry ? "</path></a>\n" : "</path>\n");
}

/* The gravest last: they stand in front. */
void drawing_marks(struct drawing *d)
{
    const struct timeline *t = d->h->r->timeline;
    struct mark *marks = ARENA_NEW_N(&d->h->arena, struct mark, d->lanes * BINS);
    for (size_t i = 0; i < t->hit_count; i++)
        mark_add(d, marks, i);
    for (int grave = 0; grave <= MOST_GRAVE; grave++)
        for (size_t i = 0; i < d->lanes * BINS; i++)
            if (marks[i].count && gravity(&marks[i]) == grave)
                mark_draw(d, i / BINS, &marks[i]);
}
