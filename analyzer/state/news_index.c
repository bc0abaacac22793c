#include "state/news_index.h"

#include <stdlib.h>

static int keys_order(const struct news_key *a, const struct news_key *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    int order = text_compare(a->what, b->what);
    return order ? order : text_compare_nocase(a->node, b->node);
}

static int items_order(const void *left, const void *right)
{
    const struct news_key *a = left, *b = right;
    int order = keys_order(a, b);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

void news_index_add(struct news_index *x, struct arena *arena, enum trouble_kind kind, struct text what,
                    const struct text *nodes, size_t node_count, size_t at)
{
    for (size_t i = 0; i < node_count; i++) {
        x->items = arena_grow(arena, x->items, x->count, &x->capacity, sizeof *x->items);
        x->items[x->count++] = (struct news_key){ kind, what, nodes[i], at };
    }
}

void news_index_sort(struct news_index *x)
{
    if (x->count)
        qsort(x->items, x->count, sizeof *x->items, items_order);
}

/* The first that is not in front of `key`; `behind`: that is behind it. */
static size_t place_of(const struct news_index *x, const struct news_key *key, bool behind)
{
    size_t low = 0, high = x->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = keys_order(&x->items[middle], key);
        if (order < 0 || (behind && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct news_key *news_index_find(const struct news_index *x, enum trouble_kind kind, struct text what,
                                       struct text node, size_t *count)
{
    const struct news_key key = { kind, what, node, 0 };
    size_t first = place_of(x, &key, false);
    *count = place_of(x, &key, true) - first;
    return x->count ? &x->items[first] : NULL;
}
