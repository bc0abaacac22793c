#include "state/twin.h"

#include "base/limits.h"
#include "state/log_name.h"

/* One record may be like another one by chance, in two logs of a node that begin at the same time. */
#define FORK_MARKS 2u

static size_t others_of(struct known_logs *known, const struct known_log *log, const struct log_part *part,
                        struct known_log **ret)
{
    return known_logs_like(known, part, part->written.n && !log_name_is_of_file(log->channel), ret);
}

static struct twin twin_of(struct generation *g, const struct part_marks *part)
{
    struct agreement a = part_agreement(g, part);
    bool past = is_past_mark(g, part->part), fits = a.same && (!a.other || a.first_other > a.same);
    struct twin t = { fits ? g : NULL, a.same, a.other || past };
    if (g->seen.coarse || (t.forks && a.count < FORK_MARKS))
        t.of = NULL;
    return t;
}

/* One that does not fork; of several the one that has most of the records. */
static bool is_better(const struct twin *t, const struct twin *best)
{
    if (!t->of || !best->of)
        return t->of != NULL;
    return t->forks == best->forks ? t->same > best->same : !t->forks;
}

struct twin twin_find(struct known_logs *known, const struct known_log *log, const struct part_marks *part)
{
    struct known_log *others[2 * LIMIT_LOG_NAMES];
    struct twin best = { 0 };
    size_t n = others_of(known, log, part->part, others);
    for (size_t i = 0; i < n; i++)
        for (struct generation *g = others[i] == log ? NULL : others[i]->generations; g; g = g->older) {
            struct twin t = twin_of(g, part);
            if (is_better(&t, &best))
                best = t;
        }
    return best;
}

struct gap {
    uint64_t first, last; /* nothing is left when the last one is in front of the first */
};

/* What lies between two records of a twin it has, or it has told that they are lost. */
static void gap_shrink(struct gap *gap, const struct generation *twin, uint64_t last)
{
    uint64_t first = twin->seen.items[0].first;
    if (first <= gap->first && last >= gap->first)
        gap->first = last + 1;
    else if (first > gap->first && first <= gap->last && last >= gap->last)
        gap->last = first - 1;
}

uint64_t twin_gap_rest(struct known_logs *known, const struct known_log *log, const struct generation *g,
                       const struct log_part *part, const struct twin *twin)
{
    struct known_log *others[2 * LIMIT_LOG_NAMES];
    struct gap gap = { id_runs_last(&g->seen) + 1, part->ids.items[0].first - 1 };
    size_t n = others_of(known, log, part, others);
    for (size_t i = 0; i < n; i++)
        for (struct generation *h = others[i] == log ? NULL : others[i]->generations; h; h = h->older) {
            struct agreement a = generations_agreement(g, h);
            if (h->seen.count && !h->seen.coarse && !a.other && (a.same || h == twin->of))
                gap_shrink(&gap, h, h == twin->of && twin->forks ? twin->same : id_runs_last(&h->seen));
        }
    return gap.first > gap.last ? 0 : gap.last - gap.first + 1;
}
