#include "state/news_names.h"

#include <inttypes.h>
#include <stdlib.h>

struct named {
    struct text id;
    size_t at;
};

static uint64_t mixed(uint64_t sum)
{
    return bytes_hash((struct bytes){ (const uint8_t *)&sum, sizeof sum });
}

static uint64_t sum_of(struct text cluster, const struct sighting *s)
{
    uint64_t sum = text_hash(cluster) ^ s->first_seen;
    for (size_t i = 0; i < s->node_count; i++)
        sum = sum * 31 + text_hash_nocase(s->nodes[i]);
    return mixed(sum);
}

static void name_set(struct memory *m, size_t at, uint64_t sum)
{
    struct trouble *t = m->troubles[at];
    t->id = text_keep_format(m->arena, "%.*s-%06" PRIx64, TEXT_ARG(t->what), sum & 0xFFFFFF);
}

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
        sums[at - from] = mixed(sums[at - from] + at); /* with its place: whose sums are the same go apart at once */
        name_set(m, at, sums[at - from]);
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
        sums[i - from] = sum_of(cluster, of[i]);
        name_set(m, i, sums[i - from]);
    }
    while (names_part(m, from, sums, all))
        continue;
}
