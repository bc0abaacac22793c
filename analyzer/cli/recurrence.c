#include "cli/recurrence.h"

#include <stdlib.h>

/* A name is that of a node when both are the same, or the same without their domain and one of them has none. */
enum kind { KIND_ANY, KIND_WHOLE, KIND_HOST };

struct list {
    const struct diagnosis *items;
    size_t count;
    bool settled;
};

static struct text host_of(struct text name)
{
    return (struct text){ name.p, text_find_char(name, '.') };
}

static void entry_add(struct arena *arena, struct recurrences *r, struct recurrence entry)
{
    r->items = arena_grow(arena, r->items, r->count, &r->capacity, sizeof *r->items);
    r->items[r->count++] = entry;
}

static void diagnosis_add(struct arena *arena, struct recurrences *r, struct recurrence one)
{
    const struct diagnosis *d = one.diagnosis;
    one.article = d->article->id;
    entry_add(arena, r, one);
    for (size_t i = 0; i < d->node_count; i++) {
        one.name = d->nodes[i]->name;
        one.kind = KIND_WHOLE;
        entry_add(arena, r, one);
        one.name = host_of(one.name);
        one.kind = KIND_HOST;
        entry_add(arena, r, one);
    }
}

/* Whether two entries answer the same question. */
static int key_order(const struct recurrence *a, const struct recurrence *b)
{
    int order = text_compare(a->article, b->article);
    if (!order)
        order = a->kind - b->kind;
    return order ? order : text_compare_nocase(a->name, b->name);
}

static int entries_order(const void *left, const void *right)
{
    const struct recurrence *a = left, *b = right;
    int order = key_order(a, b);
    if (!order)
        order = (a->diagnosis->confidence < b->diagnosis->confidence) -
                (a->diagnosis->confidence > b->diagnosis->confidence);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

void recurrences_make(struct arena *arena, const struct diagnoses *d, struct recurrences *ret)
{
    const struct list lists[] = {
        { d->items, d->count, false },
        { d->consequences.items, d->consequences.count, false },
        { d->beaten.items, d->beaten.count, false },
        { d->noise.items, d->noise.count, false },
        { d->closed.items, d->closed.count, true },
    };
    size_t place = 0;
    *ret = (struct recurrences){ 0 };
    for (size_t l = 0; l < COUNT_OF(lists); l++)
        for (size_t i = 0; i < lists[l].count; i++)
            diagnosis_add(arena, ret, (struct recurrence){ .kind = KIND_ANY, .diagnosis = &lists[l].items[i],
                                                           .place = place++, .settled = lists[l].settled });
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, entries_order);
}

/* The first of its key, which is the best; NULL: there is none. */
static const struct recurrence *best_of(const struct recurrences *r, struct text article, enum kind kind,
                                        struct text name)
{
    const struct recurrence wanted = { .article = article, .kind = (int)kind, .name = name };
    size_t low = 0, high = r->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key_order(&r->items[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->count && key_order(&r->items[low], &wanted) == 0 ? &r->items[low] : NULL;
}

static const struct recurrence *better(const struct recurrence *a, const struct recurrence *b)
{
    if (!a || !b)
        return a ? a : b;
    if (a->diagnosis->confidence != b->diagnosis->confidence)
        return a->diagnosis->confidence > b->diagnosis->confidence ? a : b;
    return a->place <= b->place ? a : b;
}

/* As is_name_of_node (kb/cast.h) holds them against each other. */
static const struct recurrence *on_node(const struct recurrences *r, struct text article, struct text name)
{
    struct text host = host_of(name);
    if (!host.n)
        return NULL;
    if (host.n == name.n)
        return best_of(r, article, KIND_HOST, host);
    return better(best_of(r, article, KIND_WHOLE, name), best_of(r, article, KIND_WHOLE, host));
}

const struct recurrence *recurrence_find(const struct recurrences *r, struct text article, const struct text *nodes,
                                         size_t node_count)
{
    const struct recurrence *found = NULL;
    for (size_t i = 0; i < node_count; i++)
        found = better(found, on_node(r, article, nodes[i]));
    return found ? found : best_of(r, article, KIND_ANY, TEXT(""));
}
