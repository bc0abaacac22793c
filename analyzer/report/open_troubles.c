#include "report/open_troubles.h"

#include <stdlib.h>

#include "finding/trouble_id.h"
#include "report/finding_groups.h"
#include "report/report_news.h"

static const struct text *names_of(struct arena *a, const struct diagnosis *d, size_t *count)
{
    *count = d->affected_count ? d->affected_count : d->node_count;
    struct text *names = ARENA_NEW_N(a, struct text, *count);
    for (size_t i = 0; i < *count; i++)
        names[i] = (d->affected_count ? d->affected : d->nodes)[i]->name;
    return names;
}

static struct open_trouble of_diagnosis(struct arena *a, const struct diagnosis *d)
{
    struct open_trouble t = { .diagnosis = true, .what = d->article->id, .title = d->article->title,
                              .confidence = confidence_name(d->confidence), .level = d->article->level,
                              .occurrences = d->occurrences, .first_seen = d->first_seen,
                              .last_seen = d->last_seen };
    t.nodes = names_of(a, d, &t.node_count);
    return t;
}

static struct open_trouble of_findings(const struct report *r, const struct finding_group *g)
{
    return (struct open_trouble){ .what = ruleset_called(r->rules, g->rule_index), .title = g->rule->title,
                                  .level = g->rule->level, .nodes = &g->node, .node_count = 1,
                                  .occurrences = g->count, .first_seen = g->hits[0]->event->key.time,
                                  .last_seen = g->hits[g->count - 1]->event->key.time };
}

/* The gravest first; qsort alone would not keep the rest as it was. */
static int troubles_order(const void *left, const void *right)
{
    const struct open_trouble *a = left, *b = right;
    if (a->level != b->level)
        return a->level > b->level ? -1 : 1;
    if (a->diagnosis != b->diagnosis)
        return a->diagnosis ? -1 : 1;
    int order = text_compare(a->what, b->what);
    return order || !a->node_count || !b->node_count ? order : text_compare(a->nodes[0], b->nodes[0]);
}

/* The id is made of the nodes where it starts; these are those that are told. */
static void tell_troubled(struct open_trouble *t, const struct diagnosis *d)
{
    if (d->troubled_count == 0)
        return;
    t->nodes = d->troubled;
    t->node_count = d->troubled_count;
}

static struct open_troubles of_run(struct arena *a, const struct report *r)
{
    struct report_facts facts;
    report_facts_find(a, r, &(struct report_options){ .width = 80 }, &facts);
    struct finding_groups groups = finding_groups_of(a, r, facts.shown);
    struct open_trouble *items = ARENA_NEW_N(a, struct open_trouble, r->diagnoses->count + groups.count);
    size_t n = 0;
    for (size_t i = 0; i < r->diagnoses->count; i++)
        items[n++] = of_diagnosis(a, &r->diagnoses->items[i]);
    for (size_t i = 0; i < groups.count; i++)
        items[n++] = of_findings(r, &groups.items[i]);
    for (size_t i = 0; i < n; i++) {
        const struct trouble_key key = { TEXT(""), items[i].first_seen, items[i].nodes, items[i].node_count };
        items[i].id = trouble_id(a, items[i].what, trouble_sum(&key));
    }
    for (size_t i = 0; i < r->diagnoses->count; i++)
        tell_troubled(&items[i], &r->diagnoses->items[i]);
    qsort(items, n, sizeof *items, troubles_order);
    return (struct open_troubles){ items, n };
}

struct open_troubles open_troubles_of(struct arena *a, const struct report *r)
{
    if (!r->news)
        return of_run(a, r);
    struct open_trouble *items = ARENA_NEW_N(a, struct open_trouble, r->news->open_count + 1);
    if (r->news->open_count)
        memcpy(items, r->news->open, r->news->open_count * sizeof *items);
    qsort(items, r->news->open_count, sizeof *items, troubles_order);
    return (struct open_troubles){ items, r->news->open_count };
}
