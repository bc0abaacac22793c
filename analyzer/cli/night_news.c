#include "cli/night.h"

#include <inttypes.h>

#include "cli/suppressing.h"
#include "report/open_troubles.h"

void night_remark(struct night *n, struct text words)
{
    n->remarks = arena_grow(n->arena, n->remarks, n->told.remark_count, &n->remark_capacity, sizeof *n->remarks);
    n->remarks[n->told.remark_count++] = words;
    n->told.remarks = n->remarks;
}

size_t night_mistakes(const struct night *n)
{
    return n->analysis->knowledge.diags.errors + n->mistakes;
}

static enum rule_level level_of(const struct trouble *t)
{
    return (enum rule_level)(t->level <= RULE_CRITICAL ? t->level : RULE_CRITICAL);
}

static struct report_news_item item_of(const struct news_item *item)
{
    const struct trouble *t = item->trouble;
    struct report_news_item r = {
        .kind = news_kind_name(item->kind),
        .id = t->id,
        .what = t->what,
        .title = t->title,
        .level = level_of(t),
        .missing = t->kind == TROUBLE_NODE,
        .nodes = t->nodes,
        .node_count = t->node_count,
        .first_seen = t->first_seen,
        .last_seen = t->last_seen,
        .occurrences = t->occurrences,
        .more = item->more,
        .spread = item->spread,
        .spread_count = item->spread_count,
        .reason = t->closed ? t->reason : TEXT(""),
    };
    if (t->kind == TROUBLE_DIAGNOSIS)
        r.confidence = confidence_name((enum confidence)t->confidence);
    if (item->kind == NEWS_CONFIDENCE)
        r.before = confidence_name((enum confidence)item->before);
    if (item->by) {
        r.suppressed = item->by->reason;
        r.until = item->by->until;
    }
    return r;
}

static void items_make(struct night *n)
{
    struct report_news_item *items = ARENA_NEW_N(n->arena, struct report_news_item, n->news.count);
    size_t told = 0, suppressed = n->news.told;
    for (size_t i = 0; i < n->news.count; i++)
        items[n->news.items[i].by ? suppressed++ : told++] = item_of(&n->news.items[i]);
    n->told.items = items;
    n->told.count = n->news.count;
    n->told.told = n->news.told;
}

void night_news(struct night *n)
{
    struct analysis *a = n->analysis;
    const struct news_options options = {
        .now = n->now,
        .cluster = n->cluster,
        .remind = (enum remind)n->options->remind,
        .gone_after = (uint64_t)n->options->gone_days * 24 * 3600 * TICKS_PER_SECOND,
        .kb = a->knowledge.kb,
        .from = reporting_fail_level(&a->reporting),
        .rules_whole = !a->knowledge.diags.errors,
        .rules_changed = n->memory.last_rules != a->knowledge.fingerprint ||
                         !text_equal(n->memory.last_version, TEXT(EVSCAN_VERSION)),
        .suppressions = &n->suppressions,
        .expected = n->expected.items,
        .expected_count = n->expected.count,
    };
    n->mistakes = suppressing_load(n->arena, n->options->folder, n->options->suppress, &n->suppressions);
    sightings_collect(n->arena, &a->timeline, &a->diagnoses, reporting_fail_level(&a->reporting), &n->seen);
    for (size_t i = 0; i < a->missing.count; i++)
        sighting_add_missing(n->arena, &n->seen, a->missing.items[i], n->now);
    news_make(&n->memory, &options, &a->timeline, &a->diagnoses, &n->seen, &n->news);
    items_make(n);
    n->told.cluster = n->cluster;
    n->told.since = n->memory.last_run;
    n->told.unchanged = n->unchanged;
}

/* By place among what is seen: what is told in this run. */
static bool *sightings_told(const struct night *n)
{
    bool *told = ARENA_NEW_N(n->arena, bool, n->seen.count);
    for (size_t i = 0; i < n->news.count; i++) {
        const struct news_item *item = &n->news.items[i];
        if (item->sighting && !item->by && item->kind != NEWS_GONE)
            told[item->sighting - n->seen.items] = true;
    }
    return told;
}

/* The diagnoses that are told, in their order. */
static void diagnoses_narrow(struct night *n, const bool *told)
{
    struct diagnoses *d = &n->analysis->diagnoses;
    struct diagnosis *kept = ARENA_NEW_N(n->arena, struct diagnosis, d->count);
    size_t count = 0;
    for (size_t i = 0; i < n->seen.count; i++)
        if (n->seen.items[i].diagnosis && told[i])
            kept[count++] = *n->seen.items[i].diagnosis;
    d->items = kept;
    d->count = count;
    d->considered_count = 0; /* they were considered beside diagnoses that are not told again */
}

static void findings_narrow(struct night *n, const bool *told)
{
    struct timeline *t = &n->analysis->timeline;
    bool *hushed = ARENA_NEW_N(n->arena, bool, t->hit_count);
    for (size_t i = 0; i < t->hit_count; i++)
        hushed[i] = n->seen.of_hit[i] == SIGHTING_NONE || !told[n->seen.of_hit[i]];
    n->analysis->report.hushed = hushed;
}

static void report_narrow(struct night *n)
{
    const bool *told = sightings_told(n);
    for (size_t i = 0; i < n->seen.count; i++)
        n->told.seen = n->told.seen || (told[i] && n->seen.items[i].kind != TROUBLE_NODE);
    diagnoses_narrow(n, told);
    findings_narrow(n, told);
}

/* Inputs of earlier runs were told of then. */
static void inputs_narrow(struct partial *p)
{
    size_t kept = 0;
    for (size_t i = 0; i < p->input_count; i++)
        if (!p->inputs[i]->remembered)
            p->inputs[kept++] = p->inputs[i];
    p->input_count = kept;
}

/* For monitoring: what is open, told in this run or not. */
static void open_make(struct night *n)
{
    const struct memory *m = &n->memory;
    struct open_trouble *open = ARENA_NEW_N(n->arena, struct open_trouble, m->trouble_count);
    for (size_t i = 0; i < m->trouble_count; i++) {
        const struct trouble *t = m->troubles[i];
        if (t->closed || suppression_find(&n->suppressions, t->id, t->what, t->nodes, t->node_count, n->now))
            continue;
        open[n->told.open_count++] = (struct open_trouble){
            .diagnosis = t->kind == TROUBLE_DIAGNOSIS,
            .id = t->id,
            .what = t->what,
            .title = t->title,
            .confidence = confidence_name((enum confidence)t->confidence),
            .level = level_of(t),
            .nodes = t->nodes,
            .node_count = t->node_count,
            .occurrences = t->occurrences,
            .first_seen = t->first_seen,
            .last_seen = t->last_seen,
        };
    }
    n->told.open = open;
    n->told.now = n->now;
    n->analysis->status = n->incomplete ? status_worse(n->analysis->status, ST_LOST_RECORD) : n->analysis->status;
}

/* Something that is remembered, or a rule or an article. */
static bool names_something(const struct night *n, struct text what)
{
    bool found = suppressing_known(&n->analysis->knowledge, what);
    for (size_t i = 0; i < n->memory.trouble_count && !found; i++)
        found = text_equal_nocase(what, n->memory.troubles[i]->what) ||
                text_equal_nocase(what, n->memory.troubles[i]->id);
    return found;
}

/* In reports that there are anyway: nobody is woken for it. */
static void strays_remark(struct night *n)
{
    for (size_t i = 0; i < n->suppressions.count; i++) {
        const struct suppression *s = &n->suppressions.items[i];
        if (s->until <= n->now || names_something(n, s->what))
            continue;
        struct text name = suppressing_name_of_id(&n->analysis->knowledge, s->what);
        night_remark(n, text_keep_format(n->arena, "%.*s:%u: the suppression of %.*s names no rule, no article and no id "
                                         "that is remembered: nothing is suppressed by it%s%.*s", TEXT_ARG(s->what_at.path),
                                         s->what_at.line, TEXT_ARG(s->what), name.n ? "; the rule's name is " : "",
                                         TEXT_ARG(name)));
    }
}

bool night_report(struct night *n)
{
    struct analysis *a = n->analysis;
    if (!n->told.told && !n->told.remark_count && !reporting_only_always(&a->reporting))
        return true;
    if (n->told.told || n->told.remark_count)
        strays_remark(n);
    open_make(n);
    n->reported = analysis_open(a);
    if (!n->reported)
        return false;
    report_narrow(n);
    inputs_narrow(&a->partial);
    a->report.news = &n->told;
    a->report.mistakes = night_mistakes(n);
    return analysis_report(a);
}

bool night_standing(struct night *n)
{
    struct report *r = &n->analysis->report;
    if (!n->reported)
        return true;
    r->failed = !n->kept;
    bool success = n->kept && report_is_whole(r) && !r->mistakes;
    n->told.success = success ? n->now : n->memory.last_success;
    return analysis_report_standing(n->analysis);
}
