#include "report/report_text.h"

#include <inttypes.h>
#include <stdlib.h>

/* Record numbers named for a group; the JSON has all of them. */
#define RECORDS_SHOWN 5
#define ALERTS_SHOWN  5

/* Findings of one rule on one node that no diagnosis rests on. */
struct group {
    const struct rule_info *rule;
    uint32_t rule_index;
    struct text node;
    const struct hit **hits; /* in order of time */
    size_t count;
};

struct groups {
    struct group *items;
    size_t count;
};

struct entry {
    uint32_t rule;
    struct text node;
    size_t at;
    const struct hit *hit;
};

static int entry_compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    int order = text_compare_nocase(x->node, y->node);
    return order ? order : x->at < y->at ? -1 : x->at > y->at;
}

static int group_compare(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->rule->level != y->rule->level)
        return x->rule->level > y->rule->level ? -1 : 1;
    uint64_t s = x->hits[0]->event->key.time, t = y->hits[0]->event->key.time;
    if (s != t)
        return s < t ? -1 : 1;
    if (x->rule_index != y->rule_index)
        return x->rule_index < y->rule_index ? -1 : 1;
    return text_compare_nocase(x->node, y->node);
}

static size_t unused_findings(struct text_report *t, struct entry *entries)
{
    size_t n = 0;
    for (size_t i = 0; i < t->r->timeline->hit_count; i++) {
        const struct hit *hit = &t->r->timeline->hits[i];
        if (hit_is_finding(t->r, hit) && !t->facts.used[i])
            entries[n++] = (struct entry){ hit->rule, hit_node(t->r, hit), i, hit };
    }
    qsort(entries, n, sizeof *entries, entry_compare);
    return n;
}

static bool same_group(const struct entry *a, const struct entry *b)
{
    return a->rule == b->rule && text_equal_nocase(a->node, b->node);
}

static struct groups group_findings(struct text_report *t)
{
    struct entry *entries = ARENA_NEW_N(&t->arena, struct entry, t->r->timeline->hit_count);
    size_t n = unused_findings(t, entries);
    struct groups all = { ARENA_NEW_N(&t->arena, struct group, n), 0 };
    const struct hit **hits = ARENA_NEW_N(&t->arena, const struct hit *, n);
    for (size_t i = 0; i < n; i++) {
        hits[i] = entries[i].hit;
        if (i == 0 || !same_group(&entries[i - 1], &entries[i]))
            all.items[all.count++] = (struct group){ ruleset_info(t->r->rules, entries[i].rule),
                                                     entries[i].rule, entries[i].node, &hits[i], 0 };
        all.items[all.count - 1].count++;
    }
    if (all.count > 0)
        qsort(all.items, all.count, sizeof *all.items, group_compare);
    return all;
}

static void group_title(struct text_report *t, const struct group *g)
{
    const char *level = rule_level_name(g->rule->level);
    layout_begin(&t->l, 2, 4);
    layout_words(&t->l, style_of_level(g->rule->level), text_from(*level ? level : "no level"));
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_whole(&t->l, STYLE_STRONG, g->node);
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_words(&t->l, STYLE_PLAIN, g->rule->title);
    layout_end(&t->l);
}

static void group_times(struct text_report *t, const struct group *g)
{
    layout_begin(&t->l, 4, 4);
    struct text count = words_of_count(&t->arena, g->count, "time: ", "times: ");
    layout_words(&t->l, STYLE_PLAIN, count);
    text_interval(t, g->hits[0]->event->key.time, g->hits[g->count - 1]->event->key.time);
    layout_words(&t->l, STYLE_PLAIN, g->count == 1 ? TEXT("; record") : TEXT("; records"));
    for (size_t i = 0; i < g->count && i < RECORDS_SHOWN; i++)
        layout_words(
            &t->l, STYLE_PLAIN,
            text_keep_format(&t->arena, "%s %" PRIu64, i ? "," : "", g->hits[i]->event->key.record_id));
    if (g->count > RECORDS_SHOWN)
        layout_words(&t->l, STYLE_PLAIN, TEXT(" .."));
    layout_end(&t->l);
}

static void group_rule(struct text_report *t, const struct rule_info *rule)
{
    layout_begin(&t->l, 4, 4);
    layout_words(&t->l, STYLE_PLAIN, TEXT("rule "));
    layout_whole(&t->l, STYLE_PLAIN, rule->id);
    if (rule->author.n > 0) {
        layout_words(&t->l, STYLE_PLAIN, TEXT(" by "));
        layout_words(&t->l, STYLE_PLAIN, rule->author);
    }
    layout_end(&t->l);
}

static void alert_group(struct text_report *t, const struct alert *a)
{
    const struct correlation *c = ruleset_correlation(t->r->rules, a->rule - ruleset_count(t->r->rules));
    for (size_t i = 0; i < c->group_count; i++) {
        layout_words(&t->l, STYLE_PLAIN, i ? TEXT(", ") : TEXT(""));
        layout_whole(&t->l, STYLE_PLAIN, c->group_by[i]);
        layout_words(&t->l, STYLE_PLAIN, TEXT(" "));
        layout_words(&t->l, STYLE_STRONG, a->group[i]);
    }
    layout_words(&t->l, STYLE_PLAIN, c->group_count ? TEXT(": ") : TEXT(""));
}

/* "Account bob: 3 events, 02:10:05 to 02:11:00 UTC; records 12 (NODE1), 14 (NODE2) .." */
static void alert_line(struct text_report *t, const struct alert *a)
{
    layout_begin(&t->l, 4, 6);
    alert_group(t, a);
    layout_words(&t->l, STYLE_PLAIN, words_of_count(&t->arena, a->hit_count, "event, ", "events, "));
    text_interval(t, a->first, a->last);
    layout_words(&t->l, STYLE_PLAIN, a->hit_count == 1 ? TEXT("; record") : TEXT("; records"));
    for (size_t i = 0; i < a->hit_count && i < RECORDS_SHOWN; i++) {
        layout_words(
            &t->l, STYLE_PLAIN,
            text_keep_format(&t->arena, "%s %" PRIu64 " (", i ? "," : "", a->hits[i]->event->key.record_id));
        layout_whole(&t->l, STYLE_PLAIN, hit_node(t->r, a->hits[i]));
        layout_words(&t->l, STYLE_PLAIN, TEXT(")"));
    }
    if (a->hit_count > RECORDS_SHOWN)
        layout_words(&t->l, STYLE_PLAIN, TEXT(" .."));
    layout_end(&t->l);
}

/* Findings of a correlation: what each of them rests on. */
static void group_alerts(struct text_report *t, const struct group *g)
{
    for (size_t i = 0; i < g->count && i < ALERTS_SHOWN; i++)
        alert_line(t, g->hits[i]->alert);
    if (g->count > ALERTS_SHOWN)
        layout_item(&t->l, 4, "", STYLE_PLAIN,
                    words_of_count(&t->arena, g->count - ALERTS_SHOWN, "more like it", "more like these"));
}

void text_findings(struct text_report *t)
{
    struct groups all = group_findings(t);
    if (all.count > 0)
        text_heading(t, t->r->diagnoses->count > 0 ? "Findings beside the diagnosis" : "Findings");
    for (size_t i = 0; i < all.count; i++) {
        group_title(t, &all.items[i]);
        if (all.items[i].hits[0]->alert)
            group_alerts(t, &all.items[i]);
        else
            group_times(t, &all.items[i]);
        group_rule(t, all.items[i].rule);
    }
}
