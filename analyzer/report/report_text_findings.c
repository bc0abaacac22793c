#include "report/credit.h"
#include "report/explained.h"
#include "report/finding_groups.h"
#include "report/report_text.h"

#include <inttypes.h>

/* Record numbers named for a group; the JSON has all of them. */
#define RECORDS_SHOWN 5
#define ALERTS_SHOWN  5

static void group_title(struct text_report *t, const struct finding_group *g)
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

static void group_times(struct text_report *t, const struct finding_group *g)
{
    layout_begin(&t->l, 4, 4);
    struct text count = words_of_count(&t->arena, g->count, "time: ", "times: ");
    layout_words(&t->l, STYLE_PLAIN, count);
    text_interval_in(t, zone_of_hit(t->r, &t->options->zone, g->hits[0]), g->hits[0]->event->key.time,
                     g->hits[g->count - 1]->event->key.time);
    layout_words(&t->l, STYLE_PLAIN, g->count == 1 ? TEXT("; record") : TEXT("; records"));
    for (size_t i = 0; i < g->count && i < text_most(t, RECORDS_SHOWN); i++)
        layout_words(
            &t->l, STYLE_PLAIN,
            text_keep_format(&t->arena, "%s %" PRIu64, i ? "," : "", g->hits[i]->event->key.record_id));
    if (g->count > text_most(t, RECORDS_SHOWN))
        layout_words(&t->l, STYLE_PLAIN, TEXT(" .."));
    layout_end(&t->l);
}

/* With every detail: the licence of published rules asks for the author. */
static void group_rule(struct text_report *t, uint32_t index)
{
    const struct rule_info *rule = ruleset_info(t->r->rules, index);
    struct text below = words_of_rules_below(&t->arena, t->r->rules, index);
    layout_begin(&t->l, 4, 4);
    layout_words(&t->l, STYLE_PLAIN, TEXT("rule "));
    layout_whole(&t->l, STYLE_PLAIN, rule->id);
    if (rule->author.n > 0) {
        layout_words(&t->l, STYLE_PLAIN, TEXT(" by "));
        layout_words(&t->l, STYLE_PLAIN, rule->author);
    }
    if (below.n > 0) {
        layout_words(&t->l, STYLE_PLAIN, TEXT("; rests on "));
        layout_words(&t->l, STYLE_PLAIN, below);
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
    for (size_t i = 0; i < a->hit_count && i < text_most(t, RECORDS_SHOWN); i++) {
        layout_words(
            &t->l, STYLE_PLAIN,
            text_keep_format(&t->arena, "%s %" PRIu64 " (", i ? "," : "", a->hits[i]->event->key.record_id));
        layout_whole(&t->l, STYLE_PLAIN, hit_node(t->r, a->hits[i]));
        layout_words(&t->l, STYLE_PLAIN, TEXT(")"));
    }
    if (a->hit_count > text_most(t, RECORDS_SHOWN))
        layout_words(&t->l, STYLE_PLAIN, TEXT(" .."));
    layout_end(&t->l);
}

/* Findings of a correlation: what each of them rests on. */
static void group_alerts(struct text_report *t, const struct finding_group *g)
{
    for (size_t i = 0; i < g->count && i < text_most(t, ALERTS_SHOWN); i++)
        alert_line(t, g->hits[i]->alert);
    if (g->count > text_most(t, ALERTS_SHOWN))
        layout_item(&t->l, 4, "", STYLE_PLAIN,
                    words_of_count(&t->arena, g->count - ALERTS_SHOWN, "more like it", "more like these"));
}

static void explained(struct text_report *t)
{
    const char *where = t->options->detail == DETAIL_HIGH ? "they are listed below" : "--detail high lists them";
    struct text words = words_of_explained(&t->arena, &t->facts, where);
    if (!words.n)
        return;
    layout_blank(&t->l);
    layout_item(&t->l, 0, "", STYLE_PLAIN, words);
}

void text_findings(struct text_report *t)
{
    struct finding_groups all = finding_groups_of(&t->arena, t->r, t->facts.shown);
    if (all.count > 0)
        text_heading(t, t->r->diagnoses->count > 0 ? "Findings beside the diagnosis" : "Findings");
    for (size_t i = 0; i < all.count; i++) {
        group_title(t, &all.items[i]);
        if (all.items[i].hits[0]->alert)
            group_alerts(t, &all.items[i]);
        else
            group_times(t, &all.items[i]);
        group_rule(t, all.items[i].rule_index);
    }
    explained(t);
}
