/*
 * Findings by rule and node, and which rules there are.
 */
#include <inttypes.h>

#include "report/credit.h"
#include "report/explained.h"
#include "report/finding_groups.h"
#include "report/html.h"

/* The rule's id and who wrote it; of a correlation also what it rests on. */
static void rule_of(struct html *h, uint32_t rule)
{
    const struct rule_info *info = ruleset_info(h->r->rules, rule);
    struct text authors = words_of_authors(&h->arena, h->r->rules, rule);
    html_raw(h, "<small>");
    html_text(h, info->id);
    html_raw(h, authors.n ? info->author.n ? " by " : ", " : "");
    html_text(h, authors);
    html_raw(h, "</small>");
}

static void group(struct html *h, const struct finding_group *g, size_t explained)
{
    const struct html_event *entry = html_event_of(h, g->hits[0]->event);
    html_raw(h, "<tr><td>");
    html_level(h, g->rule->level);
    html_raw(h, "</td><td>");
    html_text(h, g->rule->title);
    rule_of(h, g->rule_index);
    html_raw(h, "</td><td>");
    html_name(h, g->node);
    html_format(h, "</td><td class=\"n\">%zu</td><td class=\"n\">", g->count);
    if (explained)
        html_format(h, "%zu", explained);
    html_raw(h, "</td><td>");
    if (entry)
        html_format(h, "<a href=\"#e%zu\">", entry->at);
    html_interval_in(h, zone_of_hit(h->r, h->zone, g->hits[0]), g->hits[0]->event->key.time,
                     g->hits[g->count - 1]->event->key.time);
    html_raw(h, entry ? "</a></td></tr>\n" : "</td></tr>\n");
    sink_drain(h->sink);
}

static size_t explained_of(const struct html *h, const struct finding_group *g)
{
    size_t n = 0;
    for (size_t i = 0; i < g->count; i++)
        n += hit_is_explained(&h->facts, (size_t)(g->hits[i] - h->r->timeline->hits));
    return n;
}

void html_findings(struct html *h)
{
    struct finding_groups all = finding_groups_of(&h->arena, h->r, NULL);
    if (all.count == 0) {
        html_raw(h, "<p>None: no rule found anything.</p>\n");
        return;
    }
    html_raw(h, "<div class=\"wide\"><table><thead><tr><th>Level</th><th>Finding</th><th>Node</th><th "
                "class=\"n\">Events</th>"
                "<th class=\"n\">of them<br>explained</th><th>When</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < all.count && i < HTML_ROWS; i++)
        group(h, &all.items[i], explained_of(h, &all.items[i]));
    html_raw(h, "</tbody></table></div>\n");
    if (all.count > HTML_ROWS)
        html_format(h, "<p class=\"soft\">and %zu more rows, left out here; JSON has them</p>\n",
                    all.count - HTML_ROWS);
    struct text explained = words_of_explained(&h->arena, &h->facts, "the table lists them as well");
    html_raw(h, explained.n ? "<p>" : "");
    html_text(h, explained);
    html_raw(h, explained.n ? "</p>\n" : "");
}

struct rule_use {
    size_t hits;
};

/* Their hits, also of mere context. */
static struct rule_use *uses_of(struct html *h)
{
    size_t all = ruleset_count_all(h->r->rules);
    struct rule_use *uses = ARENA_NEW_N(&h->arena, struct rule_use, all);
    for (size_t i = 0; i < h->r->timeline->hit_count; i++)
        uses[h->r->timeline->hits[i].rule].hits++;
    return uses;
}

static void rule_row(struct html *h, uint32_t rule, size_t hits)
{
    const struct rule_info *info = ruleset_info(h->r->rules, rule);
    html_raw(h, "<tr><td>");
    html_level(h, info->level);
    html_raw(h, "</td><td>");
    html_text(h, info->title);
    html_raw(h, "<small>");
    html_text(h, info->id);
    html_raw(h, "</small></td><td>");
    html_text(h, info->author);
    html_format(h, "</td><td class=\"n\">%zu</td><td>%s</td></tr>\n", hits,
                info->context ? "context" : "finding");
    sink_drain(h->sink);
}

static void used_rules(struct html *h, const struct rule_use *uses)
{
    size_t all = ruleset_count_all(h->r->rules), rows = 0;
    if (h->event_count == 0)
        return;
    html_raw(h, "<details><summary>Rules that matched</summary><div "
                "class=\"wide\"><table><thead><tr><th>Level</th><th>Rule</th>"
                "<th>Author</th><th class=\"n\">Hits</th><th>Used as</th></tr></thead><tbody>\n");
    for (uint32_t i = 0; i < all; i++)
        if (uses[i].hits && rows++ < HTML_ROWS)
            rule_row(h, i, uses[i].hits);
    html_raw(h, "</tbody></table></div></details>\n");
}

/* Why a rule has no hits. */
enum quiet { QUIET_ABLE, QUIET_NO_CHANNEL, QUIET_NO_PROVIDER, QUIET_NO_WINDOWS, QUIET_REASONS };

static enum quiet quiet_of(const struct report *r, uint32_t rule)
{
    static const enum quiet far[] = { [REACH_NO_CHANNEL] = QUIET_NO_CHANNEL, [REACH_NO_PROVIDER] = QUIET_NO_PROVIDER,
                                      [REACH_ABLE] = QUIET_ABLE };
    if (!ruleset_applies(r->rules, rule))
        return QUIET_NO_WINDOWS;
    return r->reach && r->reach->of_rule && rule < ruleset_count(r->rules) ? far[r->reach->of_rule[rule]] : QUIET_ABLE;
}

/* What it would have needed. */
static void need(struct html *h, uint32_t rule, enum quiet why)
{
    const struct ruleset *rules = h->r->rules;
    struct text service = ruleset_service(rules, rule), category = ruleset_category(rules, rule);
    struct text of = why == QUIET_NO_WINDOWS ? ruleset_product(rules, rule) : service.n ? service : category;
    if (why == QUIET_ABLE || of.n == 0)
        return;
    html_raw(h, " <span class=\"soft\">");
    html_raw(h, why == QUIET_NO_WINDOWS ? "for " : service.n ? "log: " : "category: ");
    html_text(h, of);
    html_raw(h, "</span>");
}

static void quiet_rules(struct html *h, const struct rule_use *uses, enum quiet why)
{
    static const char *const titles[QUIET_REASONS] = {
        [QUIET_ABLE] = "rules that could have found something, and found nothing",
        [QUIET_NO_CHANNEL] = "rules that were skipped: no log of a channel that they are for was given",
        [QUIET_NO_PROVIDER] = "rules that were skipped: the provider that they ask for left no record in these logs",
        [QUIET_NO_WINDOWS] = "rules that were skipped: they are for logs of other products",
    };
    size_t all = ruleset_count_all(h->r->rules), count = 0, rows = 0;
    for (uint32_t i = 0; i < all; i++)
        count += !uses[i].hits && quiet_of(h->r, i) == why;
    if (count == 0)
        return;
    html_format(h, "<details class=\"quiet\"><summary>%zu %s</summary><ul class=\"columns\">", count, titles[why]);
    for (uint32_t i = 0; i < all && rows < HTML_ROWS; i++) {
        if (uses[i].hits || quiet_of(h->r, i) != why)
            continue;
        rows++;
        html_raw(h, "<li>");
        html_text(h, ruleset_info(h->r->rules, i)->title);
        need(h, i, why);
        html_raw(h, "</li>\n");
        sink_drain(h->sink);
    }
    html_raw(h, "</ul></details>\n");
}

void html_rules(struct html *h)
{
    const struct report *r = h->r;
    const struct rule_use *uses = uses_of(h);
    html_raw(h, "<p>");
    html_text(h, words_of_count(&h->arena, ruleset_count(r->rules), "rule", "rules"));
    html_raw(h, ", ");
    html_text(h,
              words_of_count(&h->arena, ruleset_correlation_count(r->rules), "correlation", "correlations"));
    html_raw(h, " and ");
    html_text(h, words_of_count(&h->arena, kb_count(r->kb), "article", "articles"));
    html_raw(h, ".");
    if (r->mistakes)
        html_format(h, " %zu mistakes in their files: what these are part of was left out.", r->mistakes);
    if (r->partial->hits_dropped)
        html_format(h, " %" PRIu64 " hits were counted but not kept, because a limit was reached.",
                    r->partial->hits_dropped);
    html_raw(h, "</p>\n");
    struct text reach = words_of_reach(&h->arena, r->reach);
    html_raw(h, reach.n ? "<p>" : "");
    html_text(h, reach);
    html_raw(h, reach.n ? "</p>\n" : "");
    used_rules(h, uses);
    for (int why = QUIET_ABLE; why < QUIET_REASONS; why++)
        quiet_rules(h, uses, (enum quiet)why);
}
