#include "evtx/evtx_fill.h"

#include "event/event.h"

/* In steps: what stands behind the end is overwritten by what comes next. */
static char *copy(char *out, const char *from, size_t n)
{
    for (size_t i = 0; i < n; i += LAYOUT_STEP)
        memcpy(out + i, from + i, LAYOUT_STEP);
    return out + n;
}

/* Bytes of the chunk behind a value; 0 when it lies elsewhere: the texts of a direct stream are copies. */
static inline size_t bytes_behind(struct bytes chunk, struct bytes raw)
{
    uintptr_t at = (uintptr_t)raw.p - (uintptr_t)chunk.p;
    return at < chunk.n ? chunk.n - at - raw.n : 0;
}

/* Types that are rare. */
static size_t put_text(struct arena *scratch, enum markup form, const struct binxml_value *v, char *out, bool *odd)
{
    struct arena_mark mark = arena_mark(scratch);
    size_t n = markup_utf8(form, binxml_value_text(scratch, v, odd), out);
    arena_rewind(scratch, mark);
    return n;
}

/* What inserting took when the layout was drafted, for texts of these lengths. */
static size_t steps_of_moves(const struct layout *l, const uint32_t *lengths)
{
    size_t steps = 0;
    for (size_t i = 0; i < l->move_count; i++) {
        size_t moved = l->moves[i].fixed;
        for (size_t k = l->moves[i].first; k < l->moves[i].last; k++)
            moved += lengths[k];
        steps += line_insert_steps(moved);
    }
    return steps;
}

bool layout_fill(const struct layout *layout, const struct shape *shape, struct binxml_reader *r, struct buf *lines)
{
    size_t room = layout->text.n + layout->uses * shape->bytes * MARKUP_GROWTH + layout->hole_count * LINE_FIXED_ROOM;
    size_t steps = layout->steps;
    uint32_t lengths[LAYOUT_HOLES];
    bool odd = false;
    if (room > LIMIT_EVENT_BYTES)
        return false;
    char *start = buf_reserve(lines, room + LAYOUT_STEP + MARKUP_SLACK), *out = start;
    const char *text = layout->text.p;
    for (size_t i = 0; i < layout->hole_count; i++) {
        const struct layout_hole *h = &layout->holes[i];
        const struct binxml_value *v = &shape->slots[h->slot];
        out = copy(out, text, h->before);
        text += h->before;
        size_t n = line_direct((enum markup)h->form, v, bytes_behind(r->chunk, v->raw), out, &odd);
        if (n == 0)
            n = put_text(&r->scratch, (enum markup)h->form, v, out, &odd);
        lengths[i] = (uint32_t)n;
        out += n;
        steps += v->raw.n / 16;
    }
    out = copy(out, text, layout->tail);
    if (!binxml_spend(r, steps + steps_of_moves(layout, lengths)))
        return false;
    lines->n += (size_t)(out - start);
    r->marks |= layout->marks | (odd ? EVENT_ODD_VALUE : 0u);
    return true;
}
