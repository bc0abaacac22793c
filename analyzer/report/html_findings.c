/*
 * Findings by rule and node, and which rules there are.
 */
#include <inttypes.h>

#include "report/credit.h"
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
        n += hit_is_explained(h->r, (size_t)(g->hits[i] - h->r->timeline->hits));
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

/* Names only: what was looked for and not there. */
static void quiet_rules(struct html *h, const struct rule_use *uses, bool applying, const char *title)
{
    size_t all = ruleset_count_all(h->r->rules), count = 0;
    for (uint32_t i = 0; i < all; i++)
        count += !uses[i].hits && ruleset_applies(h->r->rules, i) == applying;
    if (count == 0)
        return;
    html_format(h, "<details><summary>%zu %s</summary><ul class=\"columns\">", count, title);
    for (uint32_t i = 0, rows = 0; i < all && rows < HTML_ROWS; i++) {
        if (uses[i].hits || ruleset_applies(h->r->rules, i) != applying)
            continue;
        rows++;
        html_raw(h, "<li>");
        html_text(h, ruleset_info(h->r->rules, i)->title);
        if (!applying) {
            html_raw(h, " <span class=\"soft\">for ");
            html_text(h, ruleset_product(h->r->rules, i));
            html_raw(h, "</span>");
        }
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
    if (r->reach)
        html_format(h, "<p>%zu of the rules fit what was read; %zu need a channel of which no log was given, %zu a provider "
                    "that left no record there.</p>\n", r->reach->able, r->reach->no_channel, r->reach->no_provider);
    used_rules(h, uses);
    quiet_rules(h, uses, true, "rules that found nothing");
    quiet_rules(h, uses, false, "rules that were skipped: they are for logs of other products");
}
