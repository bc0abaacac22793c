#include "kb/remedy.h"

#include "base/limits.h"
#include "kb/applies.h"
#include "kb/exercise.h"
#include "kb/sighting.h"

/* What a time without it takes away, when it would have shown: less than from `confirmed` to `likely`, since a remedy
 * that nobody saw may not be one. */
#define HELD_POINTS 20

struct remedies {
    struct arena *arena;
    struct hearing *h;
    const struct episode_group *group;
    struct diagnosis *d;
    const struct episode **first, **last; /* by node index: when it happened there; NULL = it did not */
    const struct episode **sign;          /* same: the last time that all it needs was there, likely or not */
};

/*
 * No diagnosis of the article, but no remedy before it has helped: it came on a later system, or what else it needs
 * would stand in a log that is not there.
 */
static bool came_all_the_same(const struct episode *e)
{
    return episode_is_elsewhere(e) || (e->unseen && !e->met);
}

/* All that it needs came again, however little else supports it this time. */
static bool came_again(const struct episode *e)
{
    return e->met || e->unseen;
}

static void later_take(const struct episode **last, const struct episode *e)
{
    *last = !*last || e->last > (*last)->last ? e : *last;
}

static void times_on_nodes(struct remedies *r)
{
    size_t nodes = r->h->index.timeline->node_count;
    const struct episodes *judged = r->group->judged;
    r->first = ARENA_NEW_N(&r->h->scratch, const struct episode *, nodes);
    r->last = ARENA_NEW_N(&r->h->scratch, const struct episode *, nodes);
    r->sign = ARENA_NEW_N(&r->h->scratch, const struct episode *, nodes);
    for (size_t i = 0; i < r->group->all_count; i++) {
        const struct episode *e = r->group->all[i];
        const struct episode **first = &r->first[e->node->index];
        *first = !*first || e->first < (*first)->first ? e : *first;
        later_take(&r->last[e->node->index], e);
        later_take(&r->sign[e->node->index], e);
    }
    for (size_t i = 0; i < judged->count; i++) {
        const struct episode *e = &judged->items[i];
        if (r->last[e->node->index] && came_all_the_same(e))
            later_take(&r->last[e->node->index], e);
        if (r->last[e->node->index] && came_again(e))
            later_take(&r->sign[e->node->index], e);
    }
}

static const struct episode *last_on(const struct remedies *r, size_t node_of_group)
{
    return r->last[r->group->nodes[node_of_group]->index];
}

static void list_append(struct arena *arena, struct evidence_list *list, struct evidence_found found)
{
    size_t capacity = list->count;
    list->items = arena_grow(arena, list->items, list->count, &capacity, sizeof *list->items);
    list->items[list->count++] = found;
}

static void score_lower(struct diagnosis *d, int points)
{
    d->score = d->score < points ? 0 : d->score - points;
}

/* The last episodes of the nodes that had it and have the item in its window; `without` is the first of the others. */
static size_t nodes_with(struct remedies *r, const struct evidence_item *item, const struct episode **with,
                         const struct node **without)
{
    size_t count = 0;
    *without = NULL;
    for (size_t i = 0; i < r->group->node_count; i++) {
        const struct episode *last = last_on(r, i);
        if (evidence_judge(r->h, last, item) == EVIDENCE_FOUND)
            with[count++] = last;
        else if (!*without)
            *without = r->group->nodes[i];
    }
    return count;
}

/* Of the hits, those after it had happened on their node. */
static size_t hits_between(const struct remedies *r, struct evidence_found *found)
{
    const struct timeline *t = r->h->index.timeline;
    size_t kept = 0;
    for (size_t i = 0; i < found->hit_count; i++) {
        const struct episode *first = r->first[t->node_of[found->hits[i] - t->hits]->index];
        if (first && found->hits[i]->event->key.time > first->last)
            found->hits[kept++] = found->hits[i];
    }
    return kept;
}

/*
 * The remedy was there, and it came all the same.  An update is one whenever it was installed; another event (a start of
 * the service) only when it came between two occurrences.
 */
static void in_vain_find(struct remedies *r, const struct evidence_item *item, const struct episode **with)
{
    struct evidence_item *before = ARENA_NEW(r->arena, struct evidence_item);
    const struct node *without;
    *before = *item;
    before->kind = EVIDENCE_SUPPORTS;
    before->from = -item->to;
    before->to = 0;
    size_t count = nodes_with(r, before, with, &without);
    struct evidence_found found = evidence_tell(r->arena, r->h, with, count, before);
    size_t between = hits_between(r, &found);
    if (between)
        found.hits_seen = found.hit_count = between;
    else if (!item->hotfix.n || !count)
        return;
    found.item = item;
    found.text = text_keep_format(r->arena, "%.*s, and it %s", TEXT_ARG(text_trim(item->text)),
                                  between ? "came again" : "happened all the same");
    list_append(r->arena, &r->d->against, found);
}

/* A node on which all it needs came again behind the item, NULL for none. */
static const struct node *seen_behind(struct remedies *r, const struct evidence_item *item)
{
    for (size_t i = 0; i < r->group->node_count; i++) {
        const struct episode *last = last_on(r, i), *sign = r->sign[last->node->index];
        if (sign->last > last->last && evidence_judge(r->h, sign, item) != EVIDENCE_FOUND)
            return last->node;
    }
    return NULL;
}

static struct text seen_again_text(struct arena *arena, struct text text, const struct node *node)
{
    return text_keep_format(arena, "%.*s, but what it needs came again on %.*s", TEXT_ARG(text_trim(text)),
                            TEXT_ARG(node->name));
}

/* On every node that had it, since it had it last; what is there on some of them is told and counts for nothing. */
static void remedy_find(struct remedies *r, const struct evidence_item *item)
{
    struct arena_mark mark = arena_mark(&r->h->scratch);
    const struct episode **with = ARENA_NEW_N(&r->h->scratch, const struct episode *, r->group->node_count);
    const struct node *without;
    size_t count = nodes_with(r, item, with, &without);
    if (count) {
        const struct node *again = without ? NULL : seen_behind(r, item);
        struct evidence_found found = evidence_tell(r->arena, r->h, with, count, item);
        if (without)
            found.text = text_keep_format(r->arena, "%.*s, but not on %.*s", TEXT_ARG(text_trim(item->text)),
                                          TEXT_ARG(without->name));
        else if (again)
            found.text = seen_again_text(r->arena, item->text, again);
        else
            found.points = -item->weight;
        list_append(r->arena, &r->d->fixed, found);
        score_lower(r->d, -found.points);
        r->d->closed = r->d->closed || (!without && !again && item->weight == 0);
    } else {
        in_vain_find(r, item, with);
    }
    arena_rewind(&r->h->scratch, mark);
}

/* What the node says about its system last, when it was one that the article is about and is none now. */
static const struct os_fact *left_for(const struct episode *e)
{
    const struct os_fact *now = node_os_at(e->node, UINT64_MAX);
    bool was = applies_to(e->article, e->node, e->last) == APPLIES_YES;
    return was && now->time > e->last && applies_to(e->article, e->node, UINT64_MAX) == APPLIES_NO ? now : NULL;
}

static struct evidence_found upgrade_tell(struct remedies *r, const struct os_fact *now)
{
    struct evidence_found found = { .hit_count = 1, .hits_seen = 1 };
    found.hits = ARENA_NEW_N(r->arena, const struct hit *, 1);
    found.hits[0] = now->hit;
    found.text = text_keep_format(r->arena, "Since then: %.*s, which the article is not about", TEXT_ARG(now->text));
    return found;
}

/* It happened on a system that the article is not about. */
static void upgrade_in_vain(struct remedies *r, const struct os_fact *system)
{
    struct evidence_found found = upgrade_tell(r, system);
    found.text = text_keep_format(r->arena, "%.*s, and it came again", TEXT_ARG(found.text));
    list_append(r->arena, &r->d->against, found);
}

static void upgrade_find(struct remedies *r)
{
    const struct os_fact *now = NULL;
    const struct node *again = NULL;
    for (size_t i = 0; i < r->group->node_count; i++) {
        const struct episode *last = last_on(r, i), *sign = r->sign[last->node->index];
        const struct os_fact *in_vain = last->other_system ? node_os_at(last->node, last->first) : NULL;
        if (in_vain && in_vain->hit)
            upgrade_in_vain(r, in_vain);
        now = in_vain ? NULL : left_for(last);
        if (!now)
            return;
        again = sign->last > now->time ? last->node : again;
    }
    struct evidence_found found = upgrade_tell(r, now);
    if (again)
        found.text = seen_again_text(r->arena, found.text, again);
    list_append(r->arena, &r->d->fixed, found);
    r->d->closed = r->d->closed || !again;
}

static bool has_hit(const struct evidence_found *found, const struct hit *hit)
{
    for (size_t i = 0; i < found->hit_count; i++)
        if (found->hits[i] == hit)
            return true;
    return false;
}

/* When an episode is over: the window of its article has passed, and so has what ended it, such as the node's return. */
static uint64_t is_over(struct remedies *r, const struct episode *e)
{
    const struct evidence_items *ends = &e->article->ends;
    uint64_t over = e->last + (uint64_t)e->article->window;
    for (size_t i = 0; i < ends->count; i++) {
        struct sightings s = sightings_find(&r->h->scratch, r->h, e, &ends->items[i]);
        uint64_t end = s.count ? r->h->index.timeline->hits[s.places[0]].event->key.time : 0;
        over = end > over ? end : over;
    }
    return over;
}

static bool has_rule(const struct evidence_item *item, uint32_t rule)
{
    for (size_t i = 0; i < item->rule_count; i++)
        if (item->rules[i] == rule)
            return true;
    return false;
}

/* What would show it again is its anchor as well, as a start that is sound in itself: alone that is no sign of it. */
static bool starts_from_exercise(const struct article *article)
{
    for (size_t i = 0; i < article->exercised_by.count; i++)
        for (size_t k = 0; k < article->evidence[0].rule_count; k++)
            if (has_rule(&article->exercised_by.items[i], article->evidence[0].rules[k]))
                return true;
    return false;
}

/*
 * The last time that its anchor was seen, on whatever node of the cluster, with or without the rest: a shared disk that
 * another node misses is gone, and a fault that only moved is none that a remedy ended.
 */
static const struct episode *last_sign(const struct remedies *r)
{
    const struct episodes *judged = r->group->judged;
    const struct timeline *t = r->h->index.timeline;
    const struct episode *last = r->group->best;
    bool any_anchor = !starts_from_exercise(r->d->article);
    for (size_t i = 0; i < judged->count && hearing_step(r->h); i++) {
        const struct episode *e = &judged->items[i];
        if ((any_anchor || came_again(e)) && e->last > last->last && !timeline_nodes_apart(t, last->node, e->node))
            last = e;
    }
    return last;
}

/* Would the log that the trouble stands in show it again, from what brings it about to when it would be there? */
static bool is_covered(const struct exercise *x, const struct episode *e)
{
    return node_log_covers(x->where, e->log, x->hit->event->key.time, x->shown_by).gap == LOG_COVERS;
}

/* On every node that had it something happened since that would have shown it again, and it did not. */
static void silence_find(struct remedies *r)
{
    const struct article *article = r->d->article;
    struct evidence_found found = { 0 };
    uint64_t quiet = is_over(r, last_sign(r));
    found.hits = ARENA_NEW_N(r->arena, const struct hit *, LIMIT_EVIDENCE_HITS);
    for (size_t i = 0; i < r->group->node_count; i++) {
        const struct node *node = r->group->nodes[i];
        uint64_t over = is_over(r, last_on(r, i)), since = over > quiet ? over : quiet;
        struct exercise x = exercise_judge(r->h, article, &r->d->concerned, node->name, since + 1);
        if (!hearing_step(r->h) || x.node != node || x.state != EXERCISE_SEEN || !is_covered(&x, last_on(r, i)))
            return;
        found.item = found.item ? found.item : x.item;
        if (found.hit_count < LIMIT_EVIDENCE_HITS && !has_hit(&found, x.hit))
            found.hits[found.hit_count++] = x.hit;
    }
    if (!found.item)
        return;
    found.hits_seen = found.hit_count;
    found.points = -HELD_POINTS;
    found.text = text_keep_format(r->arena, "It would have shown again since, and did not: %.*s",
                                  TEXT_ARG(text_trim(found.item->text)));
    list_append(r->arena, &r->d->fixed, found);
    score_lower(r->d, HELD_POINTS);
}

void remedies_find(struct arena *arena, struct hearing *h, const struct episode_group *group, struct diagnosis *d)
{
    struct remedies r = { .arena = arena, .h = h, .group = group, .d = d };
    const struct article *article = d->article;
    struct arena_mark mark = arena_mark(&h->scratch);
    d->unfixed = d->confidence;
    times_on_nodes(&r);
    d->concerned = concerned_find(arena, h, article, group->all, group->all_count);
    for (size_t i = 0; i < article->fixed_by.count; i++)
        remedy_find(&r, &article->fixed_by.items[i]);
    if (article->own_update)
        remedy_find(&r, article->own_update);
    if (article->applies_count && group->node_count)
        upgrade_find(&r);
    if (article->exercised_by.count && article->kind != KIND_NOISE && !d->closed)
        silence_find(&r);
    enum confidence now = confidence_of(d->score);
    if (d->fixed.count && now < d->confidence)
        d->confidence = now;
    d->closed = d->closed || (d->fixed.count && d->confidence == CONFIDENCE_NONE);
    arena_rewind(&h->scratch, mark);
}
