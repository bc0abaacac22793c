#include "state/news.h"

#include <stdlib.h>

#include "base/limits.h"
#include "state/news_index.h"
#include "state/news_names.h"

#define HOUR  (UINT64_C(3600) * TICKS_PER_SECOND)
#define DAY   (24 * HOUR)
#define SLACK (4 * HOUR) /* nights do not begin at the same minute, and a day in spring has 23 hours */

struct newsroom {
    struct memory *m;
    const struct news_options *options;
    const struct timeline *timeline;
    const struct diagnoses *diagnoses;
    const struct sightings *seen;
    const struct sighting **of; /* by place of a trouble in the memory; NULL: not seen */
    struct news_index known;    /* what is remembered, by that place */
    struct news_index met;      /* what is seen, by that place */
    struct news_index closed, consequences, beaten; /* of the diagnoses, by place in their lists */
    struct news *ret;
};

const char *news_kind_name(enum news_kind kind)
{
    static const char *const names[] = { "new", "again", "confidence", "spread", "gone", "still" };
    return names[kind];
}

static struct news_item *item_add(struct newsroom *n, enum news_kind kind, struct trouble *t,
                                  const struct sighting *sighting)
{
    struct news *news = n->ret;
    news->items = arena_grow(n->m->arena, news->items, news->count, &news->capacity, sizeof *news->items);
    news->items[news->count] = (struct news_item){ .kind = kind, .trouble = t, .sighting = sighting,
                                                   .before = t->confidence };
    return &news->items[news->count++];
}

/* The first in an index that is of the same kind and article or rule and has a node in common, but for `except`. */
static size_t first_of(const struct news_index *x, const struct trouble *t, size_t except)
{
    size_t first = SIZE_MAX, count;
    for (size_t i = 0; i < t->node_count; i++) {
        const struct news_key *keys = news_index_find(x, t->kind, t->what, t->nodes[i], &count);
        size_t at = 0;
        while (at < count && keys[at].at == except)
            at++;
        if (at < count && keys[at].at < first)
            first = keys[at].at;
    }
    return first;
}

/* The one that is open, the first of such, goes before the one that was closed last. */
static bool is_better(const struct memory *m, size_t i, size_t best)
{
    if (best == SIZE_MAX)
        return true;
    const struct trouble *a = m->troubles[i], *b = m->troubles[best];
    if (!a->closed || !b->closed)
        return !a->closed && (b->closed || i < best);
    return a->closed != b->closed ? a->closed > b->closed : i > best;
}

/* The place of the one that it is, if no other sighting is that; SIZE_MAX: there is none.  `exact`: it must have begun
 * at the same time. */
static size_t trouble_find(const struct newsroom *n, const struct sighting *s, bool exact)
{
    size_t best = SIZE_MAX, count;
    for (size_t i = 0; i < s->node_count; i++) {
        const struct news_key *keys = news_index_find(&n->known, s->kind, s->what, s->nodes[i], &count);
        for (size_t k = 0; k < count; k++) {
            size_t at = keys[k].at;
            bool fits = !exact || n->m->troubles[at]->first_seen == s->first_seen;
            if (fits && !n->of[at] && is_better(n->m, at, best))
                best = at;
        }
    }
    return best;
}

/* The latest time that logs of its nodes tell of. */
static uint64_t covered_until(const struct newsroom *n, const struct text *nodes, size_t count)
{
    uint64_t last = 0;
    for (size_t i = 0; i < count; i++) {
        const struct node *node = timeline_node(n->timeline, nodes[i]);
        if (node && node->last > last)
            last = node->last;
    }
    return last;
}

static bool is_quiet(const struct newsroom *n, const struct trouble *t)
{
    if (t->kind == TROUBLE_NODE)
        return false; /* it has no logs that could tell */
    uint64_t until = covered_until(n, t->nodes, t->node_count);
    return until > t->last_seen && until - t->last_seen > n->options->gone_after;
}

static struct text quiet_reason(const struct newsroom *n, const struct trouble *t)
{
    char span[TIME_ISO_ROOM];
    struct text s = time_span(covered_until(n, t->nodes, t->node_count) - t->last_seen, span);
    return text_keep_format(n->m->arena, "it has not happened again for %.*s of the logs of its nodes", TEXT_ARG(s));
}

static void trouble_close(const struct newsroom *n, struct trouble *t, struct text reason)
{
    t->closed = n->options->now;
    t->reason = reason;
    t->changed = true;
}

/* What was never told is not told to be gone. */
static void trouble_go(struct newsroom *n, struct trouble *t, const struct sighting *s, struct text reason)
{
    if (t->told)
        item_add(n, NEWS_GONE, t, s);
    trouble_close(n, t, reason);
}

static void trouble_update(struct trouble *t, const struct sighting *s, uint64_t more)
{
    t->title = s->title;
    t->nodes = s->nodes;
    t->node_count = s->node_count;
    t->score = s->score;
    t->level = s->level;
    t->first_seen = t->first_seen && t->first_seen < s->first_seen ? t->first_seen : s->first_seen;
    t->last_seen = s->last_seen > t->last_seen ? s->last_seen : t->last_seen;
    t->occurrences += more;
    t->counted = s->occurrences;
    t->changed = true;
}

static void sighting_new(struct newsroom *n, const struct sighting *s)
{
    struct memory *m = n->m;
    struct trouble *t = ARENA_NEW(m->arena, struct trouble);
    *t = (struct trouble){ .what = s->what, .kind = s->kind, .confidence = s->confidence, .opened = n->options->now,
                           .told = n->options->now };
    trouble_update(t, s, s->occurrences);
    item_add(n, NEWS_NEW, t, s)->more = s->occurrences;
    if (is_quiet(n, t))
        trouble_close(n, t, quiet_reason(n, t));
    memory_trouble_add(m, t);
}

/*
 * Occurrences that the last run did not have: by their number, and no less than begin behind what it saw, when
 * evidence of earlier ones is not kept any more.  One that only went on since then is none.
 */
static uint64_t more_of(const struct trouble *t, const struct sighting *s)
{
    uint64_t more = s->occurrences > t->counted ? s->occurrences - t->counted : 0, behind = 0;
    for (uint64_t i = 0; i < s->occurrences; i++)
        behind += s->begins[i] > t->last_seen;
    return behind > more ? behind : more;
}

/*
 * Some that it may rest on is not kept any more, as it is too old, was damaged, or of another evscan: that it is less sure
 * now, or not seen, then says nothing.
 */
static bool evidence_lost(const struct newsroom *n, const struct trouble *t)
{
    return n->m->unkept && t->first_seen <= n->m->unkept;
}

static bool reminder_due(const struct newsroom *n, const struct trouble *t)
{
    uint64_t now = n->options->now, days = 1;
    if (n->options->remind == REMIND_ONCE)
        return false;
    if (now < t->told) /* the clock was wrong then, or is now: better once too often than not until that year */
        return true;
    if (n->options->remind == REMIND_DIMINISHING)
        days = UINT64_C(1) << (t->reminders < 10 ? t->reminders : 10);
    return now - t->told + SLACK >= days * DAY;
}

/* What a run sees of a trouble that the last one did not. */
struct change {
    uint64_t more; /* occurrences */
    const struct text *spread; /* nodes */
    size_t spread_count;
    bool after_quiet;
};

/* Also when it was told as one of its own until now, which became a part of this one. */
static bool has_node(const struct newsroom *n, size_t place, struct text node)
{
    const struct trouble *t = n->m->troubles[place];
    size_t count;
    const struct news_key *keys = news_index_find(&n->known, t->kind, t->what, node, &count);
    for (size_t i = 0; i < count; i++)
        if (keys[i].at == place || (!n->m->troubles[keys[i].at]->closed && n->m->troubles[keys[i].at]->told))
            return true;
    return false;
}

static struct change change_of(const struct newsroom *n, size_t place, const struct sighting *s)
{
    const struct trouble *t = n->m->troubles[place];
    struct text *spread = ARENA_NEW_N(n->m->arena, struct text, s->node_count);
    struct change c = { .more = more_of(t, s), .spread = spread };
    for (size_t i = 0; i < s->node_count; i++)
        if (!has_node(n, place, s->nodes[i]))
            spread[c.spread_count++] = s->nodes[i];
    /* A node that is missing is seen by runs, which may be far apart. */
    c.after_quiet = t->kind != TROUBLE_NODE && s->last_seen > t->last_seen && s->last_seen - t->last_seen > DAY;
    return c;
}

static void change_add(struct newsroom *n, enum news_kind kind, struct trouble *t, const struct sighting *s,
                       const struct change *c)
{
    struct news_item *item = item_add(n, kind, t, s);
    item->more = c->more;
    item->spread = c->spread;
    item->spread_count = kind == NEWS_NEW ? 0 : c->spread_count;
    t->reminders += kind == NEWS_STILL;
    t->told = n->options->now;
}

static void again(struct newsroom *n, struct trouble *t, const struct sighting *s, const struct change *c)
{
    change_add(n, NEWS_AGAIN, t, s, c);
    t->closed = 0;
    t->reason = TEXT("");
    t->confidence = s->confidence;
    t->reminders = 0;
}

static void open_seen(struct newsroom *n, struct trouble *t, const struct sighting *s, const struct change *c)
{
    bool surer = s->confidence > t->confidence;
    bool less = s->confidence < t->confidence && !evidence_lost(n, t);
    if (is_quiet(n, t)) {
        trouble_go(n, t, s, quiet_reason(n, t));
    } else if (!t->told) { /* it was suppressed until now */
        t->confidence = s->confidence;
        change_add(n, NEWS_NEW, t, s, c);
    } else if (c->after_quiet) {
        again(n, t, s, c);
    } else if (surer || less) {
        change_add(n, NEWS_CONFIDENCE, t, s, c);
        t->confidence = s->confidence;
    } else if (c->spread_count) {
        change_add(n, NEWS_SPREAD, t, s, c);
    } else if (reminder_due(n, t)) {
        change_add(n, NEWS_STILL, t, s, c);
    }
}

static void sighting_known(struct newsroom *n, size_t place, const struct sighting *s)
{
    struct trouble *t = n->m->troubles[place];
    bool was_closed = t->closed > 0;
    if (was_closed && s->last_seen <= t->last_seen)
        return;
    const struct change c = change_of(n, place, s);
    trouble_update(t, s, c.more);
    if (was_closed)
        again(n, t, s, &c);
    else
        open_seen(n, t, s, &c);
}

static void list_index(struct arena *arena, const struct diagnosis_list *list, struct news_index *ret)
{
    for (size_t i = 0; i < list->count; i++) {
        struct sighting s = sighting_of(arena, &list->items[i]);
        news_index_add(ret, arena, s.kind, s.what, s.nodes, s.node_count, i);
    }
    news_index_sort(ret);
}

static const struct diagnosis *list_find(const struct diagnosis_list *list, const struct news_index *x,
                                         const struct trouble *t)
{
    size_t at = first_of(x, t, SIZE_MAX);
    return at == SIZE_MAX ? NULL : &list->items[at];
}

static bool refs_have(const struct diagnosis_refs *refs, const struct diagnosis *d)
{
    for (size_t i = 0; i < refs->count; i++)
        if (refs->items[i] == d)
            return true;
    return false;
}

/* The article of the diagnosis that it stands below. */
static struct text cause_of(const struct newsroom *n, const struct diagnosis *d)
{
    const struct diagnoses *all = n->diagnoses;
    for (size_t i = 0; i < all->count; i++)
        if (refs_have(&all->items[i].consequences, d) || refs_have(&all->items[i].beaten, d))
            return all->items[i].article->id;
    return TEXT("another diagnosis");
}

static struct text fixed_by(const struct diagnosis *d)
{
    for (size_t i = 0; i < d->fixed.count; i++)
        if (d->fixed.items[i].text.n)
            return d->fixed.items[i].text;
    return TEXT("the remedy was applied");
}

static struct text node_reason(const struct newsroom *n, const struct trouble *t)
{
    for (size_t i = 0; i < n->options->expected_count; i++)
        if (t->node_count && text_equal_nocase(n->options->expected[i], t->nodes[0]))
            return TEXT("its logs are here again");
    return TEXT("it is not expected any more");
}

/* Nothing could have found it in this run; "": something could. */
static struct text rule_reason(const struct newsroom *n, const struct trouble *t)
{
    uint32_t rule;
    bool there = t->kind == TROUBLE_DIAGNOSIS ? kb_find(n->options->kb, t->what) != NULL
                                              : ruleset_find_any(n->timeline->rules, t->what, &rule);
    int level = t->level == RULE_LEVEL_NONE ? RULE_LOW : t->level;
    if (!there)
        return t->kind == TROUBLE_DIAGNOSIS ? TEXT("its article is no longer among the rules")
                                            : TEXT("its rule is no longer among the rules");
    if (t->kind == TROUBLE_FINDING && level < (int)n->options->from)
        return TEXT("findings of its level are no news any more (--fail-level)");
    return TEXT("");
}

/* Nobody could tell that from a trouble that is over.  Made-up names could fill the memory with such. */
static bool is_beyond_limit(const struct newsroom *n)
{
    return n->m->trouble_count > LIMIT_TROUBLES;
}

/* "": it is not known to be gone. */
static struct text gone_reason(const struct newsroom *n, size_t place)
{
    struct arena *arena = n->m->arena;
    const struct trouble *t = n->m->troubles[place];
    if (t->kind == TROUBLE_NODE)
        return node_reason(n, t);
    size_t other = first_of(&n->met, t, place); /* two became one */
    const struct diagnoses *all = n->diagnoses;
    const struct diagnosis *closed = list_find(&all->closed, &n->closed, t);
    const struct diagnosis *follows = list_find(&all->consequences, &n->consequences, t);
    const struct diagnosis *beaten = list_find(&all->beaten, &n->beaten, t);
    if (other != SIZE_MAX)
        return text_keep_format(arena, "it is part of %.*s now", TEXT_ARG(n->m->troubles[other]->id));
    if (closed)
        return text_keep_format(arena, "the remedy was seen: %.*s", TEXT_ARG(fixed_by(closed)));
    if (follows)
        return text_keep_format(arena, "it is explained by %.*s now", TEXT_ARG(cause_of(n, follows)));
    if (beaten)
        return text_keep_format(arena, "%.*s fits as well now, and says more", TEXT_ARG(cause_of(n, beaten)));
    if (is_quiet(n, t))
        return quiet_reason(n, t);
    struct text rule = rule_reason(n, t);
    if (rule.n)
        return n->options->rules_whole ? rule : TEXT("");
    if (evidence_lost(n, t))
        return is_beyond_limit(n) ? TEXT("its evidence is not kept any more, and too much else is open") : TEXT("");
    if (n->options->rules_changed)
        return TEXT("the rules, or evscan, were changed, and do not find it any more");
    return TEXT("later evidence explains it otherwise, or speaks against it");
}

/* Not seen, and not known to be over. */
static void unseen_stay(struct newsroom *n, struct trouble *t)
{
    bool due = reminder_due(n, t);
    if (t->told && !due)
        return;
    item_add(n, t->told ? NEWS_STILL : NEWS_NEW, t, NULL);
    t->reminders += t->told > 0;
    t->told = n->options->now;
    t->changed = true;
}

static void unseen_judge(struct newsroom *n, size_t before)
{
    for (size_t i = 0; i < before; i++) {
        struct trouble *t = n->m->troubles[i];
        if (t->closed || n->of[i])
            continue;
        struct text reason = gone_reason(n, i);
        if (reason.n)
            trouble_go(n, t, NULL, reason);
        else
            unseen_stay(n, t);
    }
}

static int items_order(const void *left, const void *right)
{
    const struct news_item *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->trouble->kind != b->trouble->kind)
        return a->trouble->kind < b->trouble->kind ? -1 : 1;
    if (a->trouble->level != b->trouble->level)
        return a->trouble->level > b->trouble->level ? -1 : 1;
    if (a->trouble->confidence != b->trouble->confidence)
        return a->trouble->confidence > b->trouble->confidence ? -1 : 1;
    return text_compare(a->trouble->id, b->trouble->id);
}

static void suppress(struct newsroom *n)
{
    for (size_t i = 0; i < n->ret->count; i++) {
        struct news_item *item = &n->ret->items[i];
        struct trouble *t = item->trouble;
        item->by = suppression_find(n->options->suppressions, t->id, t->what, t->nodes, t->node_count, n->options->now);
        if (item->by && item->kind <= NEWS_AGAIN)
            t->told = 0;
        n->ret->suppressed += item->by != NULL;
        n->ret->told += item->by == NULL;
    }
}

/* Two troubles of one node and article, as two of its disks, keep their names, whichever of them ranks first now. */
static size_t *exact_find(struct newsroom *n)
{
    size_t *places = ARENA_NEW_N(n->m->arena, size_t, n->seen->count);
    for (size_t i = 0; i < n->seen->count; i++) {
        places[i] = trouble_find(n, &n->seen->items[i], true);
        if (places[i] != SIZE_MAX)
            n->of[places[i]] = &n->seen->items[i];
    }
    return places;
}

static void sightings_judge(struct newsroom *n)
{
    struct memory *m = n->m;
    const size_t *exact = exact_find(n);
    for (size_t i = 0; i < n->seen->count; i++) {
        const struct sighting *s = &n->seen->items[i];
        size_t at = exact[i] != SIZE_MAX ? exact[i] : trouble_find(n, s, false);
        if (at == SIZE_MAX) {
            at = m->trouble_count;
            sighting_new(n, s);
        } else {
            sighting_known(n, at, s);
        }
        n->of[at] = s;
        news_index_add(&n->met, m->arena, s->kind, s->what, s->nodes, s->node_count, at);
    }
    news_index_sort(&n->met);
}

static void known_index(struct newsroom *n)
{
    struct arena *arena = n->m->arena;
    for (size_t i = 0; i < n->m->trouble_count; i++) {
        const struct trouble *t = n->m->troubles[i];
        news_index_add(&n->known, arena, t->kind, t->what, t->nodes, t->node_count, i);
    }
    news_index_sort(&n->known);
    list_index(arena, &n->diagnoses->closed, &n->closed);
    list_index(arena, &n->diagnoses->consequences, &n->consequences);
    list_index(arena, &n->diagnoses->beaten, &n->beaten);
}

void news_make(struct memory *m, const struct news_options *options, const struct timeline *timeline,
               const struct diagnoses *diagnoses, const struct sightings *seen, struct news *ret)
{
    struct newsroom n = { .m = m, .options = options, .timeline = timeline, .diagnoses = diagnoses, .seen = seen,
                          .ret = ret };
    size_t before = m->trouble_count;
    *ret = (struct news){ 0 };
    n.of = ARENA_NEW_N(m->arena, const struct sighting *, before + seen->count);
    known_index(&n);
    sightings_judge(&n);
    news_names_give(m, before, options->cluster, n.of);
    unseen_judge(&n, before);
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, items_order);
    suppress(&n);
}
