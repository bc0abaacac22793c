/*
 * html_drawing.h - one drawing along time: its measures and what it shows; inside of this room.
 *
 * Threads: a drawing belongs to one call.
 */
#ifndef EVSCAN_REPORT_HTML_DRAWING_H
#define EVSCAN_REPORT_HTML_DRAWING_H

#include "report/html.h"

/* Of its coordinates. */
#define WIDTH      1000u
#define LEFT       150u /* names of nodes */
#define SPAN       (WIDTH - LEFT - 14u)
#define TOP        26u /* names of incidents */
#define LANE       34u
#define AXIS       26u

struct drawing {
    struct html *h;
    uint64_t from, to; /* FILETIME */
    struct zone axis;  /* the offset at `from`: a scale that is even does not jump with a clock that is put forward */
    const struct html_lanes *all;
    size_t first;      /* of them: those here are counted from it */
    size_t lanes;      /* nodes */
    size_t unseen, unseen_count; /* the first of those below them, and how many */
    unsigned height;
};

static inline double drawing_fraction(const struct drawing *d, uint64_t time)
{
    if (time <= d->from)
        return 0;
    return time >= d->to ? 1 : (double)(time - d->from) / (double)(d->to - d->from);
}

static inline double drawing_place(double part)
{
    return LEFT + part * SPAN;
}

static inline unsigned drawing_lane_top(size_t lane)
{
    return TOP + (unsigned)lane * LANE;
}

/* In this drawing; not below `lanes`: it has none. */
static inline size_t drawing_lane_of(const struct drawing *d, const struct node *n)
{
    return n && d->all->of[n->index] >= d->first ? d->all->of[n->index] - d->first : SIZE_MAX;
}

/* On round figures of the zone's own clock, below what is drawn; its lines begin at `top`. */
void drawing_axis(struct drawing *d, unsigned top);

/* Events as marks, each linked to its entry. */
void drawing_marks(struct drawing *d);

/* The shape of a mark by its level; of context a line.  Shapes are told apart without colour. */
const char *drawing_shape(bool finding, enum rule_level level);

#endif
