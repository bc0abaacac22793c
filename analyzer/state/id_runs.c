#include "state/id_runs.h"

#include <inttypes.h>

#include "base/limits.h"

void id_runs_init(struct id_runs *r, struct arena *arena)
{
    *r = (struct id_runs){ .arena = arena };
}

/* The first run that ends at or behind `id`. */
static size_t run_find(const struct id_runs *r, uint64_t id)
{
    size_t low = 0, high = r->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->items[middle].last < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void runs_join(struct id_runs *r, size_t at, size_t behind)
{
    r->items[at].last = r->items[behind - 1].last;
    memmove(&r->items[at + 1], &r->items[behind], (r->count - behind) * sizeof *r->items);
    r->count -= behind - at - 1;
}

static void nearest_join(struct id_runs *r)
{
    size_t best = 0;
    for (size_t i = 1; i + 1 < r->count; i++)
        if (r->items[i + 1].first - r->items[i].last < r->items[best + 1].first - r->items[best].last)
            best = i;
    runs_join(r, best, best + 2);
    r->coarse = true;
}

static void run_insert(struct id_runs *r, size_t at, struct id_run run)
{
    r->items = arena_grow(r->arena, r->items, r->count, &r->capacity, sizeof *r->items);
    memmove(&r->items[at + 1], &r->items[at], (r->count - at) * sizeof *r->items);
    r->items[at] = run;
    r->count++;
    if (r->count > LIMIT_ID_RUNS)
        nearest_join(r);
}

void id_runs_add(struct id_runs *r, uint64_t first, uint64_t last)
{
    /* Touching counts as one: begin one number earlier, end one later. */
    size_t at = run_find(r, first ? first - 1 : 0), behind = at;
    while (behind < r->count && (last == UINT64_MAX || r->items[behind].first <= last + 1))
        behind++;
    if (at == behind) {
        run_insert(r, at, (struct id_run){ first, last });
        return;
    }
    struct id_run *run = &r->items[at];
    uint64_t end = r->items[behind - 1].last > last ? r->items[behind - 1].last : last;
    run->first = run->first < first ? run->first : first;
    runs_join(r, at, behind);
    run->last = end;
}

bool id_runs_has(const struct id_runs *r, uint64_t id)
{
    size_t at = run_find(r, id);
    return at < r->count && r->items[at].first <= id;
}

uint64_t id_runs_count(const struct id_runs *r)
{
    uint64_t n = 0;
    for (size_t i = 0; i < r->count; i++)
        n += r->items[i].last - r->items[i].first + 1;
    return n;
}

uint64_t id_runs_last(const struct id_runs *r)
{
    return r->count ? r->items[r->count - 1].last : 0;
}

void id_runs_without(const struct id_runs *a, const struct id_runs *b, struct id_runs *ret)
{
    for (size_t i = 0, k = 0; i < a->count; i++) {
        uint64_t from = a->items[i].first, last = a->items[i].last;
        bool more = true;
        while (k < b->count && b->items[k].last < from)
            k++;
        for (size_t n = k; more && n < b->count && b->items[n].first <= last; n++) {
            if (b->items[n].first > from)
                id_runs_add(ret, from, b->items[n].first - 1);
            more = b->items[n].last < last;
            from = more ? b->items[n].last + 1 : from;
        }
        if (more)
            id_runs_add(ret, from, last);
    }
}

void id_runs_print(const struct id_runs *r, struct buf *out)
{
    for (size_t i = 0; i < r->count; i++)
        buf_add_format(out, r->items[i].first == r->items[i].last ? "%s%" PRIu64 : "%s%" PRIu64 "-%" PRIu64,
                       i ? "," : "", r->items[i].first, r->items[i].last);
}

static bool run_parse(struct text t, struct id_run *ret)
{
    size_t dash = text_find_char(t, '-');
    if (!text_to_u64((struct text){ t.p, dash }, &ret->first))
        return false;
    ret->last = ret->first;
    return dash == t.n || (text_to_u64(text_from_index(t, dash + 1), &ret->last) && ret->first < ret->last);
}

bool id_runs_parse(struct text t, struct id_runs *ret)
{
    while (t.n) {
        size_t comma = text_find_char(t, ',');
        struct id_run run;
        bool good = run_parse((struct text){ t.p, comma }, &run) && comma + 1 != t.n &&
                    (!ret->count || run.first > id_runs_last(ret));
        if (!good) {
            ret->count = 0;
            return false;
        }
        id_runs_add(ret, run.first, run.last);
        t = text_from_index(t, comma + 1);
    }
    return true;
}
