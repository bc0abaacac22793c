#include "kb/divide.h"

#include "base/limits.h"
#include "kb/fold.h"

static size_t cause_count(const struct diagnoses *d)
{
    return d->count < LIMIT_CAUSES ? d->count : LIMIT_CAUSES;
}

static bool may_have_consequences(const struct diagnosis *d)
{
    return d->explains.count || d->article->beat_count || d->article->kind == KIND_NOISE;
}

bool divide_is_worth_it(const struct diagnoses *d, const struct diagnosis *one)
{
    if (one->article->kind == KIND_NOISE || (one->occurrences < 2 && one->affected_count < 2))
        return false;
    for (size_t i = 0; i < cause_count(d); i++)
        if (d->items[i].article != one->article && may_have_consequences(&d->items[i]))
            return true;
    return false;
}

/* As the folding asks: all about `beats` first, and the best one first. */
static size_t cause_of(struct hearing *h, const struct diagnoses *d, const struct episode *e)
{
    struct interval when = { e->first, e->last };
    enum confidence confidence = episode_confidence(e);
    for (int by_beats = 1; by_beats >= 0; by_beats--)
        for (size_t i = 0; i < cause_count(d) && hearing_step(h); i++) {
            const struct diagnosis *one = &d->items[i];
            if (one->article == e->article ||
                !(by_beats ? diagnosis_may_beat : diagnosis_may_cause)(one, confidence))
                continue;
            if (by_beats ? diagnosis_beats_at(one, e->article, &when)
                         : diagnosis_explains_all(h->index.timeline, one, e->anchors, e->anchor_count))
                return i;
        }
    return DIVIDE_NO_CAUSE;
}

size_t *divide_causes(struct arena *arena, struct hearing *h, const struct diagnoses *d,
                      const struct episodes *episodes)
{
    size_t *causes = ARENA_NEW_N(arena, size_t, episodes->count);
    for (size_t i = 0; i < episodes->count; i++)
        causes[i] = cause_of(h, d, &episodes->items[i]);
    return causes;
}

struct episodes divide_part(struct arena *arena, const struct episodes *all, const size_t *causes,
                            const struct episode_group *group, size_t cause)
{
    size_t count = 0;
    for (size_t i = 0; i < group->all_count; i++)
        count += causes[group->all[i] - all->items] == cause;
    struct episodes part = { .items = ARENA_NEW_N(arena, struct episode, count) };
    for (size_t i = 0; i < group->all_count; i++)
        if (causes[group->all[i] - all->items] == cause)
            part.items[part.count++] = *group->all[i];
    return part;
}
