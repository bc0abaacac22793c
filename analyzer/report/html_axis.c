/*
 * The axis of a drawing: moments that people count in, with a line through all lanes.
 */
#include "report/html_drawing.h"

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

static void tick(struct drawing *d, uint64_t time, uint64_t step, unsigned top)
{
    struct html *h = d->h;
    double part = drawing_fraction(d, time), x = drawing_place(part);
    uint64_t day = (uint64_t)86400 * TICKS_PER_SECOND;
    struct text clock = words_of_clock(&h->arena, &d->axis, time);
    size_t end = step < 60u * (uint64_t)TICKS_PER_SECOND ? 19 : 16;
    bool midnight = (zone_clock(&d->axis, time) / TICKS_PER_SECOND) % 86400 == 0;
    html_format(h, "<g class=\"tick%s\"><path d=\"M%.1f %uV%u\"/><text x=\"%.1f\" y=\"%u\">",
                midnight ? " day" : "", x, top, d->height - AXIS, x > WIDTH - 34 ? WIDTH - 34.0 : x,
                d->height - 9);
    if (clock.n < 19 || step >= day || midnight)
        html_text(h, (struct text){ clock.p, clock.n < 10 ? clock.n : 10 });
    else
        html_text(h, (struct text){ clock.p + 11, end - 11 });
    html_raw(h, "</text></g>");
}

void drawing_axis(struct drawing *d, unsigned top)
{
    uint64_t step = step_of(d->to - d->from);
    uint64_t shift =
        zone_clock(&d->axis, d->from) - d->from; /* may be "negative": arithmetic is modulo 2^64 */
    uint64_t first = (d->from + shift + step - 1) / step * step - shift;
    html_raw(d->h, "<g class=\"axis\">");
    for (uint64_t t = first; t <= d->to && t >= d->from; t += step)
        tick(d, t, step, top);
    html_raw(d->h, "</g>\n");
}
