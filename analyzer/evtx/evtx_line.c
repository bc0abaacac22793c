#include "evtx/evtx_line.h"

#include "event/event.h"

/* Moving bytes is work, too: a document made for it would have the whole line moved for every element. */
void line_insert(struct line *l, size_t at, struct text t)
{
    if (!binxml_spend(l->reader, (l->out.n - at) / 16 + 1))
        return;
    buf_reserve(&l->out, t.n);
    memmove(l->out.p + at + t.n, l->out.p + at, l->out.n - at);
    memcpy(l->out.p + at, t.p, t.n);
    l->out.n += t.n;
}

void line_text(struct line *l, enum markup form, struct text t)
{
    l->out.n += markup_utf8(form, t, buf_reserve(&l->out, markup_room(t.n)));
}

void line_value(struct line *l, enum markup form, const struct binxml_value *v)
{
    bool odd = false;
    if (binxml_is_text(v->type)) {
        struct bytes utf16 = binxml_value_utf16(v);
        char *to = buf_reserve(&l->out, markup_room_utf16(utf16.n));
        l->out.n += markup_utf16le(form, utf16, to);
        return;
    }
    size_t n = binxml_value_put(v, buf_reserve(&l->out, BINXML_PUT_ROOM), &odd);
    l->out.n += n;
    if (n == 0 && v->raw.n)
        line_text(l, form, binxml_value_text(&l->reader->scratch, v, &odd));
    if (odd)
        l->reader->marks |= EVENT_ODD_VALUE;
}
