#include "kb/fold.h"

#include "base/limits.h"

#define NO_CAUSE SIZE_MAX

struct folding {
    struct diagnosis *items;
    size_t count;
    size_t *cause; /* of each: what it stands below, or NO_CAUSE */
    bool *follows; /* of each: as a consequence, not merely beaten */
};

static bool places_have(const struct places *p, uint32_t place)
{
    size_t low = 0, high = p->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->items[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->count && p->items[low] == place;
}

static bool is_noise(const struct diagnosis *d)
{
    return d->article->kind == KIND_NOISE;
}

/* Other rules may have matched the same events, so places are compared by event. */
static bool explains_event(const struct timeline *t, const struct diagnosis *d, uint32_t place)
{
    uint32_t first = place;
    while (first > 0 && t->hits[first - 1].event == t->hits[place].event)
        first--;
    for (uint32_t i = first; i < t->hit_count && t->hits[i].event == t->hits[place].event; i++)
        if (places_have(&d->explains, i) || (is_noise(d) && places_have(&d->anchors, i)))
            return true;
    return false;
}

bool diagnosis_explains_all(const struct timeline *t, const struct diagnosis *d, const uint32_t *anchors,
                            size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!explains_event(t, d, anchors[i]))
            return false;
    return count > 0;
}

/* Both lists are in order of the nodes. */
static bool share_node(const struct diagnosis *a, const struct diagnosis *b)
{
    for (size_t i = 0, k = 0; i < a->node_count && k < b->node_count;) {
        if (a->nodes[i] == b->nodes[k])
            return true;
        if (a->nodes[i]->index < b->nodes[k]->index)
            i++;
        else
            k++;
    }
    return false;
}

/* Of the intervals that begin early enough the last one reaches farthest: they do not overlap. */
static bool happens_about(const struct diagnosis *d, const struct interval *when)
{
    uint64_t window = (uint64_t)d->article->window;
    size_t low = 0, high = d->times.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (d->times.items[middle].from <= when->to + window)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && when->from <= d->times.items[low - 1].to + window;
}

bool diagnosis_beats_at(const struct diagnosis *d, const struct article *other, const struct interval *when)
{
    for (size_t i = 0; i < d->article->beat_count; i++)
        if (d->article->beats[i] == other)
            return happens_about(d, when);
    return false;
}

/* Each time. */
static bool beats(const struct diagnosis *a, const struct diagnosis *b)
{
    for (size_t i = 0; i < b->times.count; i++)
        if (!diagnosis_beats_at(a, b->article, &b->times.items[i]))
            return false;
    return b->times.count > 0 && share_node(a, b);
}

/* What is only not excluded is no cause of anything, and says nothing better than another article. */
bool diagnosis_may_beat(const struct diagnosis *d, enum confidence other)
{
    return !d->unseen && (d->confidence >= CONFIDENCE_LIKELY || (!is_noise(d) && d->confidence >= other));
}

bool diagnosis_may_cause(const struct diagnosis *d, enum confidence other)
{
    return diagnosis_may_beat(d, other) && (is_noise(d) || d->confidence >= other);
}

/* Does `at` stand below `of`, however far? */
static bool comes_from(const struct folding *f, size_t at, size_t of)
{
    while (at != NO_CAUSE && at != of)
        at = f->cause[at];
    return at == of;
}

static size_t root_of(const struct folding *f, size_t at)
{
    while (f->cause[at] != NO_CAUSE)
        at = f->cause[at];
    return at;
}

/* What replaces a diagnosis that lasts (congestion of a day) need not have been there when all of that began. */
static bool began_before_root(const struct folding *f, const struct diagnosis *d, size_t a)
{
    const struct diagnosis *root = &f->items[root_of(f, a)];
    return root != &f->items[a] && d->first_seen + (uint64_t)root->article->window < root->first_seen;
}

/* What beats a diagnosis may explain it too, and then it follows. */
static void fold_below(struct folding *f, size_t a, const struct timeline *t, bool by_beats)
{
    const struct diagnosis *cause = &f->items[a];
    for (size_t b = 0; b < f->count; b++) {
        const struct diagnosis *d = &f->items[b];
        if (a == b || f->cause[b] != NO_CAUSE || d->article == cause->article ||
            !(by_beats ? diagnosis_may_beat : diagnosis_may_cause)(cause, d->confidence))
            continue;
        if (comes_from(f, a, b) || (by_beats && !beats(cause, d)))
            continue;
        bool follows = diagnosis_explains_all(t, cause, d->anchors.items, d->anchors.count);
        if (!by_beats && (!follows || began_before_root(f, d, a)))
            continue;
        f->cause[b] = a;
        f->follows[b] = follows;
    }
}

/* The best noise that explains the event, NO_CAUSE for none. */
static size_t noise_behind(const struct folding *f, const struct timeline *t, uint32_t place)
{
    for (size_t a = 0; a < f->count && a < LIMIT_CAUSES; a++)
        if (is_noise(&f->items[a]) && diagnosis_may_cause(&f->items[a], CONFIDENCE_LIKELY) &&
            explains_event(t, &f->items[a], place))
            return a;
    return NO_CAUSE;
}

/* Three planned restarts leave no removal over, though none of them explains those of the others. */
static void fold_below_noise(struct folding *f, size_t b, const struct timeline *t)
{
    const struct diagnosis *d = &f->items[b];
    size_t first = NO_CAUSE;
    if (f->cause[b] != NO_CAUSE || is_noise(d))
        return;
    for (size_t i = 0; i < d->anchors.count; i++) {
        size_t a = noise_behind(f, t, d->anchors.items[i]);
        if (a == NO_CAUSE || comes_from(f, a, b))
            return;
        first = first == NO_CAUSE ? a : first;
    }
    f->cause[b] = first;
    f->follows[b] = first != NO_CAUSE;
}

/* What a consequence beats follows as well. */
static bool is_consequence(const struct folding *f, size_t at)
{
    while (f->cause[at] != NO_CAUSE && !f->follows[at])
        at = f->cause[at];
    return f->cause[at] != NO_CAUSE;
}

static void explain(struct diagnoses *d, const struct timeline *t, const struct places *places,
                    const struct article *by)
{
    for (size_t i = 0; i < places->count; i++) {
        size_t first = places->items[i];
        const struct event *event = t->hits[first].event;
        while (first > 0 && t->hits[first - 1].event == event)
            first--;
        for (; first < t->hit_count && t->hits[first].event == event; first++)
            if (!d->explained[first])
                d->explained[first] = by;
    }
}

/* Noise and what was fixed are no trouble themselves; what is, or was, only possible explains nothing. */
static void one_explains(struct diagnoses *d, const struct folding *f, const struct timeline *t, size_t at)
{
    const struct diagnosis *one = &f->items[at], *root = &f->items[root_of(f, at)];
    if ((one->closed ? one->unfixed : one->confidence) < CONFIDENCE_LIKELY)
        return;
    explain(d, t, &one->explains, one->article);
    if (is_noise(root) || root->closed || root != one)
        explain(d, t, &one->anchors, root->article);
}

/* What stands below another one is asked behind all that do not, whatever its points are. */
static void events_explain(struct arena *arena, struct diagnoses *d, const struct folding *f,
                           const struct timeline *t)
{
    d->explained = ARENA_NEW_N(arena, const struct article *, t->hit_count);
    for (int below = 0; below < 2; below++)
        for (size_t i = 0; i < f->count; i++)
            if ((f->cause[i] != NO_CAUSE) == (below > 0))
                one_explains(d, f, t, i);
}

static bool is_moved(const struct folding *f, size_t at, bool consequences)
{
    return f->cause[at] != NO_CAUSE && is_consequence(f, at) == consequences;
}

/* First those that moved below others, so that these can point to them. */
static void move_below(struct arena *arena, struct diagnoses *d, struct folding *f, bool consequences)
{
    size_t count = 0, *capacity = ARENA_NEW_N(arena, size_t, f->count);
    struct diagnosis_list *list = consequences ? &d->consequences : &d->beaten;
    for (size_t i = 0; i < f->count; i++)
        count += is_moved(f, i, consequences);
    list->items = ARENA_NEW_N(arena, struct diagnosis, count);
    for (size_t i = 0; i < f->count; i++) {
        if (!is_moved(f, i, consequences))
            continue;
        size_t at = root_of(f, i);
        struct diagnosis_refs *refs = consequences ? &f->items[at].consequences : &f->items[at].beaten;
        refs->items = arena_grow(arena, refs->items, refs->count, &capacity[at], sizeof *refs->items);
        list->items[list->count] = f->items[i];
        refs->items[refs->count++] = &list->items[list->count++];
    }
}

static void list_add(struct arena *arena, struct diagnosis_list *list, size_t *capacity, const struct diagnosis *d)
{
    list->items = arena_grow(arena, list->items, list->count, capacity, sizeof *list->items);
    list->items[list->count++] = *d;
}

static bool any_finding(const struct timeline *t, const struct places *places)
{
    for (size_t i = 0; i < places->count; i++)
        if (!ruleset_info(t->rules, t->hits[places->items[i]].rule)->context)
            return true;
    return false;
}

/* Noise that is not likely, or makes none of the findings harmless, has nothing to say. */
static bool has_to_say(const struct timeline *t, const struct diagnosis *noise)
{
    return noise->confidence >= CONFIDENCE_LIKELY &&
           (noise->consequences.count || noise->beaten.count || any_finding(t, &noise->anchors) || any_finding(t, &noise->explains));
}

static void sort_out(struct arena *arena, const struct timeline *t, struct diagnoses *d, struct folding *f)
{
    size_t noise = 0, closed = 0;
    move_below(arena, d, f, true);
    move_below(arena, d, f, false);
    d->count = 0;
    for (size_t i = 0; i < f->count; i++) {
        const struct diagnosis *one = &f->items[i];
        if (f->cause[i] != NO_CAUSE)
            continue;
        if (!is_noise(one) && !one->closed)
            d->items[d->count++] = *one;
        else if (!is_noise(one))
            list_add(arena, &d->closed, &closed, one);
        else if (has_to_say(t, one))
            list_add(arena, &d->noise, &noise, one);
    }
}

void diagnoses_fold(struct arena *arena, struct hearing *h, struct diagnoses *d)
{
    const struct timeline *t = h->index.timeline;
    struct arena_mark mark = arena_mark(&h->scratch);
    struct folding f = { .count = d->count };
    f.items = ARENA_NEW_N(&h->scratch, struct diagnosis, d->count);
    f.cause = ARENA_NEW_N(&h->scratch, size_t, d->count);
    f.follows = ARENA_NEW_N(&h->scratch, bool, d->count);
    for (size_t i = 0; i < d->count; i++) {
        f.items[i] = d->items[i];
        f.cause[i] = NO_CAUSE;
    }
    for (size_t a = 0; a < d->count && a < LIMIT_CAUSES; a++)
        if (d->items[a].article->beat_count)
            fold_below(&f, a, t, true);
    for (size_t a = 0; a < d->count && a < LIMIT_CAUSES; a++)
        if (d->items[a].explains.count || is_noise(&d->items[a]))
            fold_below(&f, a, t, false);
    for (size_t b = 0; b < d->count; b++)
        fold_below_noise(&f, b, t);
    events_explain(arena, d, &f, t);
    sort_out(arena, t, d, &f);
    arena_rewind(&h->scratch, mark);
}
