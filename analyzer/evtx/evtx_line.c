#include "evtx/evtx_line.h"

#include "event/event.h"

void line_insert(struct line *l, size_t at, struct text t)
{
    size_t steps = line_insert_steps(l->out.n - at);
    if (!line_spend(l, steps))
        return;
    if (l->draft)
        draft_insert(l->draft, at, l->out.n, t.n, steps);
    buf_insert(&l->out, at, t);
}

void line_text(struct line *l, enum markup form, struct text t)
{
    l->out.n += markup_utf8(form, t, buf_reserve(&l->out, markup_room(t.n)));
}

static void put_value(struct line *l, enum markup form, const struct binxml_value *v)
{
    bool odd = false;
    size_t n = line_direct(form, v, 0, buf_reserve(&l->out, markup_room(v->raw.n) + LINE_FIXED_ROOM), &odd);
    l->out.n += n;
    if (n == 0 && v->raw.n && !binxml_is_text(v->type))
        line_text(l, form, binxml_value_text(&l->reader->scratch, v, &odd));
    if (odd)
        l->reader->marks |= EVENT_ODD_VALUE;
}

/* What stands from `at` on is the text of this value. */
static void note_value(struct line *l, enum markup form, const struct binxml_value *v, size_t at)
{
    if (l->draft && l->out.n > at)
        draft_value(l->draft, v, form, at, l->out.n - at);
}

void line_value(struct line *l, enum markup form, const struct binxml_value *v)
{
    size_t at = l->out.n;
    put_value(l, form, v);
    note_value(l, form, v, at);
}

bool line_number(struct line *l, enum markup form, const struct binxml_value *v)
{
    size_t at = l->out.n;
    bool odd = false;
    l->out.n += binxml_value_put(v, buf_reserve(&l->out, BINXML_PUT_ROOM), &odd);
    note_value(l, form, v, at);
    return l->out.n > at;
}
