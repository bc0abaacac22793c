#include "show/show_filter.h"

#include "rule/fold.h"

static const char *const level_names[] = { "", "critical", "error", "warning", "information", "verbose" };

#define LEVEL_INFORMATION 4u

static void range_put(struct ranges *r, struct arena *arena, uint64_t first, uint64_t last)
{
    r->items = arena_grow(arena, r->items, r->count, &r->capacity, sizeof *r->items);
    r->items[r->count++] = (struct range){ first, last };
}

static bool number_read(struct text t, bool names, uint64_t *ret)
{
    for (uint64_t i = 1; names && i < COUNT_OF(level_names); i++)
        if (text_equal_nocase(t, text_from(level_names[i]))) {
            *ret = i;
            return true;
        }
    return text_to_u64(t, ret);
}

static bool range_add(struct ranges *r, struct arena *arena, struct text t, bool names)
{
    size_t dash = text_find_char(t, '-');
    struct text last = text_from_index(t, dash + 1);
    struct range range = { 0, UINT64_MAX };
    if (!number_read((struct text){ t.p, dash }, names, &range.first))
        return false;
    if (dash == t.n)
        range.last = range.first;
    else if (last.n && (!number_read(last, names, &range.last) || range.last < range.first))
        return false;
    range_put(r, arena, range.first, range.last);
    /* Level 0, "always", is shown as information (event_level_name), so it is found as that. */
    if (names && range.first <= LEVEL_INFORMATION && range.last >= LEVEL_INFORMATION)
        range_put(r, arena, 0, 0);
    return true;
}

static bool list_add(struct ranges *r, struct arena *arena, struct text t, bool names)
{
    for (;;) {
        size_t comma = text_find_char(t, ',');
        if (!range_add(r, arena, text_trim((struct text){ t.p, comma }), names))
            return false;
        if (comma == t.n)
            return true;
        t = text_from_index(t, comma + 1);
    }
}

bool ranges_add(struct ranges *r, struct arena *arena, struct text t)
{
    return list_add(r, arena, t, false);
}

bool levels_add(struct ranges *r, struct arena *arena, struct text t)
{
    return list_add(r, arena, t, true);
}

void patterns_add(struct patterns *p, struct arena *arena, struct text t)
{
    struct buf marked;
    buf_init(&marked);
    sigma_string_parse(t, &marked);
    p->items = arena_grow(arena, p->items, p->count, &p->capacity, sizeof *p->items);
    pattern_compile(arena, text_keep(arena, buf_text(&marked)), false, &p->items[p->count++]);
    buf_done(&marked);
}

static bool ranges_hold(const struct ranges *r, uint64_t value)
{
    bool holds = r->count == 0;
    for (size_t i = 0; i < r->count && !holds; i++)
        holds = value >= r->items[i].first && value <= r->items[i].last;
    return holds;
}

static bool patterns_hold(const struct patterns *p, struct text folded)
{
    for (size_t i = 0; i < p->count; i++)
        if (pattern_matches(&p->items[i], folded))
            return true;
    return false;
}

static bool name_holds(const struct patterns *p, struct text name, struct buf *scratch)
{
    if (!p->count)
        return true;
    scratch->n = 0;
    size_t n = fold_into(name, buf_reserve(scratch, fold_room(name.n) + 1));
    return patterns_hold(p, (struct text){ scratch->p, n });
}

/* A node is also found by its name without the domain. */
static bool node_holds(const struct patterns *p, struct text name, struct buf *scratch)
{
    return name_holds(p, name, scratch) || name_holds(p, (struct text){ name.p, text_find_char(name, '.') }, scratch);
}

bool filter_wants(const struct show_filter *f, const struct event_key *key, struct buf *scratch)
{
    if (f->timed && (key->time == 0 || key->time < f->from || key->time >= f->before))
        return false;
    if (f->ids.count && key->id == EVENT_ID_NONE)
        return false;
    return ranges_hold(&f->ids, key->id) && ranges_hold(&f->levels, key->level) &&
           ranges_hold(&f->records, key->record_id) && name_holds(&f->providers, key->provider, scratch) &&
           name_holds(&f->channels, key->channel, scratch) && node_holds(&f->nodes, key->computer, scratch);
}
