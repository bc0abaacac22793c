#include "state/part_marks.h"

/* `met` may be one of tonight's. */
static bool is_same(const struct mark *mark, const struct mark *met)
{
    return mark->time == met->time && (mark->checksum == met->checksum || mark->checksum == met->alike);
}

static void compare(struct agreement *a, const struct mark *mark, const struct mark *met)
{
    if (!met)
        return;
    if (is_same(mark, met)) {
        a->same = mark->id;
        a->count++;
        return;
    }
    a->other = mark->id;
    if (!a->first_other)
        a->first_other = mark->id;
}

struct agreement part_agreement(const struct generation *g, const struct part_marks *part)
{
    struct agreement a = { 0 };
    for (size_t i = 0; i < g->marks.count; i++) {
        const struct mark *mark = &g->marks.items[i], *met = marks_find(&part->part->met, mark->id);
        compare(&a, mark, met ? met : marks_find(&part->own, mark->id));
    }
    return a;
}

struct agreement generations_agreement(const struct generation *a, const struct generation *b)
{
    struct agreement ret = { 0 };
    for (size_t i = 0; i < a->marks.count; i++)
        compare(&ret, &a->marks.items[i], marks_find(&b->marks, a->marks.items[i].id));
    return ret;
}

bool is_past_mark(const struct generation *g, const struct log_part *part)
{
    for (size_t i = 0; i < g->marks.count; i++)
        if (g->marks.items[i].id > id_runs_last(&part->ids))
            return part->last_time > g->marks.items[i].time;
    return false;
}
