#include "report/report_facts.h"

/* Inside the array `items`?  Compared as numbers: evidence may point to a hit of its own making. */
static bool index_of_hit(const struct timeline *t, const struct hit *hit, size_t *ret)
{
    uintptr_t first = (uintptr_t)t->hits, at = (uintptr_t)hit;
    if (t->hit_count == 0 || at < first || at >= first + t->hit_count * sizeof *t->hits)
        return false;
    *ret = (at - first) / sizeof *t->hits;
    return true;
}

/* NULL when it is in no log that was given. */
static const struct node *node_of_hit(const struct timeline *t, const struct hit *hit)
{
    size_t i;
    if (hit->thin)
        return timeline_node_of(t, hit);
    return index_of_hit(t, hit, &i) ? t->node_of[i] : NULL;
}

struct text hit_node(const struct report *r, const struct hit *hit)
{
    const struct node *node = r->timeline ? node_of_hit(r->timeline, hit) : NULL;
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

static void mark_list(struct report_facts *f, const struct evidence_list *list)
{
    size_t index;
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < list->items[i].hit_count; k++)
            if (index_of_hit(f->report->timeline, list->items[i].hits[k], &index))
                f->used[index] = true;
}

static bool lists_rule(const struct evidence_list *list, uint32_t rule)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct evidence_item *item = list->items[i].item;
        for (size_t k = 0; item && list->items[i].hits_seen > 0 && k < item->rule_count; k++)
            if (item->rules[k] == rule)
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
 * A diagnosis lists the events of its strongest occurrence only, and of many alike the first ones.  The same
 * events on the same nodes, from its first occurrence to its last, are no news beside it.
 */
static void mark_explained(struct report_facts *f, const struct diagnosis *d)
{
    const struct timeline *t = f->report->timeline;
    uint64_t reach = d->article->window > 0 ? (uint64_t)d->article->window : 0;
    uint64_t first = d->first < d->first_seen ? d->first : d->first_seen;
    uint64_t last = d->last > d->last_seen ? d->last : d->last_seen;
    for (size_t k = hit_from(t, first > reach ? first - reach : 0);
         k < t->hit_count && t->hits[k].event->key.time <= last + reach; k++)
        f->used[k] = f->used[k] || (has_node(d, t->node_of[k]) && lists_rule(&d->for_it, t->hits[k].rule));
}

static void mark_used(struct arena *a, struct report_facts *f)
{
    const struct diagnoses *all = f->report->diagnoses;
    f->used = ARENA_NEW_N(a, bool, f->report->timeline->hit_count);
    for (size_t i = 0; i < all->count; i++) {
        mark_list(f, &all->items[i].for_it);
        mark_list(f, &all->items[i].against);
        mark_explained(f, &all->items[i]);
    }
    for (size_t i = 0; all->explained && i < f->report->timeline->hit_count; i++)
        f->used[i] = f->used[i] || all->explained[i];
}

static void count_findings(struct report_facts *f)
{
    const struct timeline *t = f->report->timeline;
    for (size_t i = 0; i < t->hit_count; i++) {
        const struct hit *hit = &t->hits[i];
        if (!hit_is_finding(f->report, hit))
            continue;
        if (hit_is_explained(f->report, i)) {
            f->explained++;
            continue;
        }
        f->findings++;
        enum rule_level level = hit_rule(f->report, hit)->level;
        if (!f->first_worst || level > f->worst) {
            f->worst = level;
            f->first_worst = hit;
        }
    }
}

static void sum_inputs(struct report_facts *f)
{
    const struct partial *p = f->report->partial;
    for (size_t i = 0; i < p->input_count; i++) {
        const struct input_result *input = p->inputs[i];
        account_add(&f->total, &input->account);
        f->logs += input->format.n > 0;
        f->damaged += input->status > ST_END || notices_worst(&input->notices) == NOTICE_LOSS_LEVEL ||
                      input->account.lost > 0;
    }
}

static struct text names_of_all_nodes(struct arena *a, const struct timeline *t)
{
    struct text *names = ARENA_NEW_N(a, struct text, t->node_count);
    for (size_t i = 0; i < t->node_count; i++)
        names[i] = t->nodes[i]->name;
    return words_of_names(a, names, t->node_count);
}

static void mark_node(const struct timeline *t, const struct hit *hit, bool *nodes)
{
    const struct node *node = node_of_hit(t, hit);
    if (node)
        nodes[node->index] = true;
}

/* The nodes of a finding: of a correlation, all that it rests on. */
static void mark_nodes(const struct timeline *t, const struct hit *hit, bool *nodes)
{
    mark_node(t, hit, nodes);
    for (size_t i = 0; hit->alert && i < hit->alert->hit_count; i++)
        mark_node(t, hit->alert->hits[i], nodes);
}

static struct text names_of_found_nodes(struct arena *a, const struct report *r)
{
    const struct timeline *t = r->timeline;
    struct text *names = ARENA_NEW_N(a, struct text, t->node_count);
    bool *has_finding = ARENA_NEW_N(a, bool, t->node_count);
    size_t count = 0;
    for (size_t i = 0; i < t->hit_count; i++)
        if (hit_is_finding(r, &t->hits[i]) && !hit_is_explained(r, i))
            mark_nodes(t, &t->hits[i], has_finding);
    for (size_t i = 0; i < t->node_count; i++)
        if (has_finding[i])
            names[count++] = t->nodes[i]->name;
    return words_of_names(a, names, count);
}

/* " on NODE1", or nothing when there is no node to name. */
static struct text on_nodes(struct arena *a, struct text names)
{
    return names.n > 0 ? WORDS(a, TEXT(" on "), names) : TEXT("");
}

/* "Confirmed": the word as a sentence begins with it. */
static struct text capitalised(struct arena *a, const char *word)
{
    char *copy = arena_alloc(a, strlen(word) + 1);
    memcpy(copy, word, strlen(word));
    if (*copy >= 'a' && *copy <= 'z')
        *copy = (char)(*copy - 'a' + 'A');
    return text_from(copy);
}

static void say_diagnosis(struct arena *a, struct report_facts *f)
{
    const struct diagnosis *d = &f->report->diagnoses->items[0];
    struct text how_sure = capitalised(a, confidence_name(d->confidence));
    struct text where = on_nodes(a, words_of_nodes(a, d));
    struct text article = words_of_article(a, d->article->id);
    f->mood = MOOD_TROUBLE;
    f->headline =
        WORDS(a, how_sure, where, TEXT(": "), article, text_keep_format(a, " (%d of 100 points).", d->score));
    f->sentence = text_trim(d->article->summary.n > 0 ? d->article->summary : d->article->title);
}

static void say_findings(struct arena *a, struct report_facts *f, enum rule_level fail_level)
{
    const struct hit *hit = f->first_worst;
    const struct rule_info *rule = hit_rule(f->report, hit);
    struct text where = on_nodes(a, names_of_found_nodes(a, f->report));
    struct text count = words_of_count(a, f->findings, "finding", "findings");
    struct text time = words_of_time(a, zone_of_hit(f->report, f->zone, hit), hit->event->key.time);
    struct text node = hit_node(f->report, hit);
    f->mood = MOOD_FINDINGS;
    f->headline = WORDS(a, count, where, TEXT(", but no article that explains "),
                        f->findings == 1 ? TEXT("it.") : TEXT("them."));
    const char *level = *rule_level_name(f->worst) ? rule_level_name(f->worst) : "without level";
    /* A rule without a level counts as low. */
    enum rule_level worst = f->worst == RULE_LEVEL_NONE ? RULE_LOW : f->worst;
    struct text below = worst < fail_level ? TEXT(", below the level asked for") : TEXT("");
    f->sentence = WORDS(a, TEXT("Gravest ("), text_from(level), below, TEXT("): "), rule->title, TEXT(", "),
                        node, TEXT(", "), time, TEXT("."));
}

/* "40 rules fit what was read; 5 need a channel .."; nothing when all do, or nobody knows. */
static struct text who_could_speak(struct arena *a, const struct reach *reach)
{
    if (!reach || reach->no_channel + reach->no_provider == 0)
        return TEXT("");
    struct text channel = words_of_count(a, reach->no_channel, "needs", "need");
    struct text provider = words_of_count(a, reach->no_provider, "needs", "need");
    channel = WORDS(a, TEXT("; "), channel, TEXT(" a channel of which no log was given"));
    provider = WORDS(a, TEXT("; "), provider, TEXT(" a provider that left no record there"));
    return WORDS(a, words_of_count(a, reach->able, "rule fits", "rules fit"), TEXT(" what was read"),
                 reach->no_channel ? channel : TEXT(""), reach->no_provider ? provider : TEXT(""), TEXT("."));
}

/* "Read 1,234 events in 2 logs, 1999-04-01 to 1999-04-12; 83 of 90 rules apply." */
static struct text what_was_read(struct arena *a, const struct report_facts *f)
{
    const struct report *r = f->report;
    size_t all = ruleset_count(r->rules), apply = all - ruleset_not_applicable(r->rules);
    struct text events = words_of_count(a, f->total.decoded + f->total.partial, "event", "events");
    struct text logs = words_of_count(a, f->logs, "log", "logs");
    struct text days = f->total.first ? words_of_days(a, f->zone, f->total.first, f->total.last) : TEXT("");
    return WORDS(a, TEXT("Read "), events, TEXT(" in "), logs, days.n > 0 ? TEXT(", ") : TEXT(""), days,
                 text_keep_format(a, "; %zu of %zu rules apply.", apply, all));
}

static bool no_rule_applies(const struct report *r)
{
    return ruleset_count(r->rules) == ruleset_not_applicable(r->rules) || (r->reach && r->reach->able == 0);
}

static void say_nothing_found(struct arena *a, struct report_facts *f)
{
    struct text where = on_nodes(a, names_of_all_nodes(a, f->report->timeline));
    f->sentence = what_was_read(a, f);
    f->fitting = who_could_speak(a, f->report->reach);
    if (f->logs == 0 || no_rule_applies(f->report)) {
        f->mood = MOOD_BLIND;
        f->headline = f->logs == 0 ? TEXT("No event log was found, so nothing can be said.")
                                   : TEXT("No rule applies to what was read, so nothing can be said.");
        return;
    }
    f->mood = report_is_whole(f->report) && !f->report->mistakes ? MOOD_CALM : MOOD_FINDINGS;
    struct text part = f->report->incomplete      ? TEXT(" in the part that could be read.")
                       : f->report->missing_count ? TEXT(" in the logs that are there.")
                       : f->report->mistakes      ? TEXT(" by the rules that could be used.")
                                                  : TEXT(".");
    bool fixed = f->report->diagnoses->closed.count > 0;
    f->headline = WORDS(a, fixed ? TEXT("Nothing left to do") : TEXT("Nothing wrong found"), where, part);
}

void report_facts_find(struct arena *a, const struct report *r, const struct report_options *options,
                       struct report_facts *ret)
{
    *ret = (struct report_facts){ .report = r, .zone = &options->zone };
    mark_used(a, ret);
    count_findings(ret);
    sum_inputs(ret);
    if (r->diagnoses->count > 0)
        say_diagnosis(a, ret);
    else if (ret->findings > 0)
        say_findings(a, ret, options->fail_level);
    else
        say_nothing_found(a, ret);
}
