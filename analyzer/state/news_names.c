#include "state/news_names.h"

#include <stdlib.h>

#include "finding/trouble_id.h"

struct named {
    struct text id;
    size_t at;
};

static int named_order(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    int order = text_compare(a->id, b->id);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

/* Another name for each of those from `from` on that has the name of one before it.  False: there was none. */
static bool names_part(struct memory *m, size_t from, uint64_t *sums, struct named *all)
{
    bool any = false;
    for (size_t i = 0; i < m->trouble_count; i++)
        all[i] = (struct named){ m->troubles[i]->id, i };
    qsort(all, m->trouble_count, sizeof *all, named_order);
    for (size_t i = 1; i < m->trouble_count; i++) {
        size_t at = all[i].at;
        if (at < from || !text_equal(all[i].id, all[i - 1].id))
            continue;
        sums[at - from] = trouble_sum_next(sums[at - from] + at); /* `at`: equal sums go apart at once */
        m->troubles[at]->id = trouble_id(m->arena, m->troubles[at]->what, sums[at - from]);
        any = true;
    }
    return any;
}

void news_names_give(struct memory *m, size_t from, struct text cluster, const struct sighting *const *of)
{
    if (from == m->trouble_count)
        return;
    uint64_t *sums = ARENA_NEW_N(m->arena, uint64_t, m->trouble_count - from);
    struct named *all = ARENA_NEW_N(m->arena, struct named, m->trouble_count);
    for (size_t i = from; i < m->trouble_count; i++) {
        const struct trouble_key key = { cluster, of[i]->first_seen, of[i]->nodes, of[i]->node_count };
        sums[i - from] = trouble_sum(&key);
        m->troubles[i]->id = trouble_id(m->arena, m->troubles[i]->what, sums[i - from]);
    }
    while (names_part(m, from, sums, all))
        continue;
}
