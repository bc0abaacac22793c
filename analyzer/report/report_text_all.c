/*
 * What only `--detail high` tells: every event that a rule speaks of, and which rules those are.
 */
#include "report/report_text.h"

/* Kept for the names of nodes above each other: NetBIOS names have 15 at most. */
#define NODE_COLUMNS 15u

static void rule_of_hit(struct text_report *t, size_t at)
{
    const struct rule_info *rule = hit_rule(t->r, &t->r->timeline->hits[at]);
    struct text explained = *hit_explained_by(&t->facts, at);
    layout_begin(&t->l, 2 * INDENT, 3 * INDENT);
    layout_words(&t->l, STYLE_PLAIN, TEXT("rule: "));
    layout_words(&t->l, STYLE_PLAIN, rule->title);
    layout_words(&t->l, STYLE_PLAIN, rule->context ? TEXT(" (context)") : TEXT(""));
    if (explained.n)
        layout_words(&t->l, STYLE_PLAIN, WORDS(&t->arena, TEXT(", explained by "), explained));
    layout_end(&t->l);
}

/* The hits of one event stand side by side; facts are no events of a log.  Returns the place of the next event. */
static size_t event(struct text_report *t, size_t at)
{
    const struct timeline *line = t->r->timeline;
    const struct hit *hit = &line->hits[at];
    size_t next = at;
    if (hit_rule(t->r, hit)->fact)
        return at + 1;
    text_event_line(t, hit, INDENT, NODE_COLUMNS);
    text_event_values(t, hit->event, 2 * INDENT);
    for (; next < line->hit_count && line->hits[next].event == hit->event; next++)
        rule_of_hit(t, next);
    return next;
}

void text_events(struct text_report *t)
{
    struct arena_mark mark = arena_mark(&t->arena);
    if (t->r->timeline->hit_count > 0)
        text_heading(t, "Events that a rule speaks of");
    for (size_t i = 0; i < t->r->timeline->hit_count;) {
        sink_drain(t->sink); /* before an event: what follows them looks at the line above it */
        i = event(t, i);
        arena_rewind(&t->arena, mark);
    }
}

static void rule(struct text_report *t, uint32_t index, size_t hits)
{
    const struct rule_info *info = ruleset_info(t->r->rules, index);
    const char *level = rule_level_name(info->level);
    layout_begin(&t->l, INDENT, 2 * INDENT);
    layout_words(&t->l, style_of_level(info->level), text_from(*level ? level : "no level"));
    layout_words(&t->l, STYLE_PLAIN, WORDS(&t->arena, TEXT("  "), info->title, TEXT(": ")));
    layout_words(&t->l, STYLE_PLAIN, words_of_count(&t->arena, hits, "hit", "hits"));
    layout_words(&t->l, STYLE_PLAIN, info->context ? TEXT(" (context)") : TEXT(""));
    layout_end(&t->l);
}

/* What "nothing found" rests on. */
static void rules_able(struct text_report *t, const size_t *hits)
{
    const struct reach *reach = t->r->reach;
    size_t count = 0;
    for (uint32_t i = 0; reach && i < ruleset_count(t->r->rules); i++) {
        const struct rule_info *info = ruleset_info(t->r->rules, i);
        if (hits[i] || reach->of_rule[i] != REACH_ABLE)
            continue;
        if (!count++) {
            layout_begin(&t->l, INDENT, 2 * INDENT);
            layout_words(&t->l, STYLE_PLAIN, TEXT("These fit and found nothing: "));
        }
        layout_words(&t->l, STYLE_PLAIN, count > 1 ? TEXT(", ") : TEXT(""));
        layout_whole(&t->l, STYLE_PLAIN, info->name.n ? info->name : info->id);
    }
    if (count)
        layout_end(&t->l);
}

void text_rules(struct text_report *t)
{
    const struct report *r = t->r;
    size_t all = ruleset_count_all(r->rules), *hits = ARENA_NEW_N(&t->arena, size_t, all), matched = 0;
    for (size_t i = 0; i < r->timeline->hit_count; i++)
        matched += hits[r->timeline->hits[i].rule]++ == 0;
    text_heading(t, "Rules");
    for (uint32_t i = 0; i < all; i++)
        if (hits[i])
            rule(t, i, hits[i]);
    layout_item(&t->l, INDENT, "", STYLE_PLAIN,
                WORDS(&t->arena,
                      words_of_count(&t->arena, all - matched, matched ? "other rule" : "rule",
                                     matched ? "other rules" : "rules"),
                      TEXT(" found nothing.")));
    layout_item(&t->l, INDENT, "", STYLE_PLAIN, words_of_reach(&t->arena, r->reach));
    rules_able(t, hits);
}
