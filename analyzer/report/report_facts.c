#include "report/report_facts.h"

#include "kb/weighed.h"
#include "report/report_verdict.h"

/* Inside the array `items`?  Compared as numbers: evidence may point to a hit of its own making. */
static bool index_of_hit(const struct timeline *t, const struct hit *hit, size_t *ret)
{
    uintptr_t first = (uintptr_t)t->hits, at = (uintptr_t)hit;
    if (t->hit_count == 0 || at < first || at >= first + t->hit_count * sizeof *t->hits)
        return false;
    *ret = (at - first) / sizeof *t->hits;
    return true;
}

const struct node *hit_node_known(const struct timeline *t, const struct hit *hit)
{
    size_t i;
    if (hit->thin)
        return timeline_node_of(t, hit);
    return index_of_hit(t, hit, &i) ? t->node_of[i] : NULL;
}

struct text hit_node(const struct report *r, const struct hit *hit)
{
    const struct node *node = r->timeline ? hit_node_known(r->timeline, hit) : NULL;
    return node ? node->name : hit->event->key.computer;
}

const struct zone *zone_of_name(const struct report *r, const struct zone *z, struct text node)
{
    return r->timeline ? node_zone_named(z, r->timeline, node) : z;
}

const struct zone *zone_of_hit(const struct report *r, const struct zone *z, const struct hit *hit)
{
    return zone_of_name(r, z, hit_node(r, hit));
}

/* `by`: the article that explains it, or NULL. */
static void mark_hit(struct report_facts *f, size_t at, const struct article *by)
{
    f->shown[at] = true;
    if (!f->explained_by[at])
        f->explained_by[at] = by;
}

static void mark_list(struct report_facts *f, const struct evidence_list *list, const struct article *by)
{
    size_t index;
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < list->items[i].hit_count; k++)
            if (index_of_hit(f->report->timeline, list->items[i].hits[k], &index))
                mark_hit(f, index, by);
}

static bool rests_on(const struct timeline *t, const struct diagnosis *d, uint32_t place)
{
    for (size_t i = 0; i < d->for_it.count; i++) {
        const struct evidence_found *found = &d->for_it.items[i];
        if (found->item && found->hits_seen > 0 && diagnosis_weighs(t, d, found->item, place))
            return true;
    }
    return false;
}

/* Both lists of nodes are in one order. */
static bool has_node(const struct diagnosis *d, const struct node *node)
{
    size_t low = 0, high = d->node_count;
    while (node && low < high) {
        size_t middle = low + (high - low) / 2;
        if (d->nodes[middle] == node)
            return true;
        if (d->nodes[middle]->index < node->index)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* The first hit at or behind `time`. */
static size_t hit_from(const struct timeline *t, uint64_t time)
{
    size_t low = 0, high = t->hit_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->hits[middle].event->key.time < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * A diagnosis lists the events of its strongest occurrence only, and of many alike the first ones.  What it rests on in
 * its other occurrences is no news beside it; what happens between them is, and so is what concerns another resource.
 */
static void mark_alike(struct report_facts *f, const struct diagnosis *d, const struct article *by)
{
    const struct timeline *t = f->report->timeline;
    uint64_t reach = d->article->window > 0 ? (uint64_t)d->article->window : 0;
    uint64_t first = d->first < d->first_seen ? d->first : d->first_seen;
    uint64_t last = d->last > d->last_seen ? d->last : d->last_seen;
    for (size_t k = hit_from(t, first > reach ? first - reach : 0);
         k < t->hit_count && t->hits[k].event->key.time <= last + reach; k++)
        if (has_node(d, t->node_of[k]) && rests_on(t, d, (uint32_t)k))
            mark_hit(f, k, by);
}

/* What is no trouble of its own first: that names the nearest article. */
static void mark_hits(struct arena *a, struct report_facts *f)
{
    const struct diagnoses *all = f->report->diagnoses;
    size_t count = f->report->timeline->hit_count;
    f->shown = ARENA_NEW_N(a, bool, count);
    f->explained_by = ARENA_NEW_N(a, const struct article *, count);
    for (size_t i = 0; all->explained && i < count; i++)
        if (all->explained[i])
            mark_hit(f, i, all->explained[i]);
    for (size_t i = 0; i < all->count; i++) {
        const struct diagnosis *d = &all->items[i];
        const struct article *by = d->confidence >= CONFIDENCE_LIKELY ? d->article : NULL;
        mark_list(f, &d->for_it, by);
        mark_list(f, &d->against, NULL);
        mark_alike(f, d, by);
    }
}

static void count_findings(struct report_facts *f)
{
    const struct timeline *t = f->report->timeline;
    for (size_t i = 0; i < t->hit_count; i++) {
        const struct hit *hit = &t->hits[i];
        if (!hit_is_finding(f->report, hit))
            continue;
        if (hit_is_explained(f, i)) {
            f->explained++;
            continue;
        }
        f->findings++;
        f->weighed += f->shown[i];
        enum rule_level level = hit_rule(f->report, hit)->level;
        if (!f->first_worst || level > f->worst) {
            f->worst = level;
            f->first_worst = hit;
        }
    }
}

bool report_is_blind(const struct report *r)
{
    return ruleset_count(r->rules) == ruleset_not_applicable(r->rules) || (r->reach && r->reach->able == 0);
}

bool input_is_damaged(const struct input_result *input)
{
    return input->status > ST_END || notices_worst(&input->notices) == NOTICE_LOSS_LEVEL || input->account.lost > 0;
}

static void sum_inputs(struct report_facts *f)
{
    const struct partial *p = f->report->partial;
    for (size_t i = 0; i < p->input_count; i++) {
        const struct input_result *input = p->inputs[i];
        account_add(&f->total, &input->account);
        f->logs += input->format.n > 0;
        f->damaged += input_is_damaged(input);
        f->interrupted = f->interrupted || input->notices.seen[NOTICE_INPUT_INTERRUPTED];
    }
}

void report_facts_find(struct arena *a, const struct report *r, const struct report_options *options,
                       struct report_facts *ret)
{
    *ret = (struct report_facts){ .report = r, .zone = &options->zone };
    mark_hits(a, ret);
    count_findings(ret);
    sum_inputs(ret);
    verdict_find(a, ret, options->fail_level, VERDICT_NO_END);
}
