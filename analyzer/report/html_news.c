/*
 * What is new since the last run, and what is suppressed and why.
 */
#include <inttypes.h>

#include "report/credit.h"
#include "report/html.h"
#include "report/report_news.h"

static void why(struct html *h, const struct report_news_item *n)
{
    if (n->spread_count) {
        html_raw(h, "<small>");
        html_text(h, news_spread(&h->arena, n));
        html_raw(h, "</small>");
    }
    if (n->reason.n) {
        html_raw(h, "<small>gone: ");
        html_text(h, n->reason);
        html_raw(h, "</small>");
    }
    if (n->suppressed.n) {
        html_raw(h, "<small>not told until ");
        html_time(h, n->until);
        html_raw(h, ": ");
        html_text(h, n->suppressed);
        html_raw(h, "</small>");
    }
}

/* Of findings: which rule it was and who wrote it, as the licence of published rules asks. */
static void rule_of(struct html *h, const struct report_news_item *n)
{
    uint32_t rule;
    if (!news_rule(h->r->rules, n, &rule))
        return;
    struct text below = words_of_rules_below(&h->arena, h->r->rules, rule);
    html_raw(h, "<small>rule ");
    html_text(h, words_of_rule(&h->arena, h->r->rules, rule));
    html_raw(h, below.n ? "; rests on " : "");
    html_text(h, below);
    html_raw(h, "</small>");
}

static void item(struct html *h, const struct report_news_item *n)
{
    html_format(h, "<tr><td class=\"level\">%s</td><td><b>", n->kind);
    html_text(h, n->id);
    html_raw(h, "</b> ");
    html_text(h, n->title);
    rule_of(h, n);
    why(h, n);
    html_raw(h, "</td><td>");
    html_text(h, words_of_names(&h->arena, n->nodes, n->node_count));
    html_raw(h, "</td><td class=\"level\">");
    html_text(h, news_confidence(&h->arena, n));
    html_raw(h, "</td><td>");
    html_interval(h, n->first_seen, n->last_seen);
    html_format(h, "<small>%" PRIu64 " in all, %" PRIu64 " since the last run</small></td></tr>\n",
                n->occurrences, n->more);
    sink_drain(h->sink);
}

static void table(struct html *h, const struct report_news_item *items, size_t count)
{
    html_raw(h, "<div class=\"wide\"><table><thead><tr><th>News</th><th>What</th><th>Nodes</th><th>How "
                "sure</th><th>When</th></tr>"
                "</thead><tbody>\n");
    for (size_t i = 0; i < count && i < HTML_ROWS; i++)
        item(h, &items[i]);
    html_raw(h, "</tbody></table></div>\n");
    if (count > HTML_ROWS)
        html_format(h, "<p class=\"soft\">and %zu more, left out here; JSON has them</p>\n",
                    count - HTML_ROWS);
}

static void since(struct html *h, const struct report_news *news)
{
    html_raw(h, "<p class=\"soft\">");
    html_text(h, news->cluster);
    if (news->since) {
        html_raw(h, news->cluster.n ? ", since " : "Since ");
        html_time(h, news->since);
    } else {
        html_raw(h, news->cluster.n ? ", the first run" : "The first run");
    }
    html_format(h, ". %zu inputs were unchanged and not read again.</p>\n", news->unchanged);
}

void html_news(struct html *h)
{
    const struct report_news *news = h->r->news;
    if (!news)
        return;
    html_section(h, "news", "News");
    since(h, news);
    if (news->told)
        table(h, news->items, news->told);
    else
        html_raw(h, "<p>None.</p>\n");
    for (size_t i = 0; i < news->remark_count; i++) {
        html_raw(h, "<p class=\"caution\">");
        html_text(h, news->remarks[i]);
        html_raw(h, "</p>\n");
    }
    if (news->told < news->count) {
        html_raw(h, "<h3>Suppressed</h3>\n");
        table(h, news->items + news->told, news->count - news->told);
    }
}
