#include "report/report_markdown.h"

#include <inttypes.h>

#include "report/report_news.h"

static void item(struct markdown *m, const struct report_news_item *n)
{
    uint32_t rule;
    struct text why = news_reason(&m->arena, m->zone, n);
    md_format(m, "- %s ", n->kind);
    md_code(m, n->id);
    md_raw(m, " ");
    md_text(m, WORDS(&m->arena, news_confidence(&m->arena, n), n->missing ? TEXT(" of ") : TEXT(" on "),
                     words_of_names(&m->arena, n->nodes, n->node_count), TEXT(": "), n->title));
    if (news_rule(m->r->rules, n, &rule))
        md_rule(m, rule);
    md_raw(m, "; ");
    md_interval(m, n->first_seen, n->last_seen);
    md_format(m, ", %" PRIu64 " in all, %" PRIu64 " since the last run", n->occurrences, n->more);
    md_raw(m, why.n ? "; " : "");
    md_text(m, why);
    md_raw(m, "\n");
    sink_drain(m->sink);
}

static void items(struct markdown *m, const struct report_news_item *all, size_t count)
{
    for (size_t i = 0; i < count && i < MARKDOWN_ROWS; i++)
        item(m, &all[i]);
    if (count > MARKDOWN_ROWS)
        md_format(m, "- and %zu more\n", count - MARKDOWN_ROWS);
}

/* What happened to logs. */
static void remarks(struct markdown *m)
{
    const struct report_news *news = m->r->news;
    for (size_t i = 0; i < news->remark_count && i < MARKDOWN_ROWS; i++) {
        md_raw(m, "- **Caution:** ");
        md_text(m, news->remarks[i]);
        md_raw(m, "\n");
    }
    if (news->remark_count > MARKDOWN_ROWS)
        md_format(m, "- and %zu more that happened to logs\n", news->remark_count - MARKDOWN_ROWS);
}

void md_news(struct markdown *m)
{
    const struct report_news *news = m->r->news;
    struct arena *a = &m->arena;
    struct text since = news->since ? WORDS(a, TEXT(" since "), words_of_time(a, m->zone, news->since))
                                    : TEXT(" (the first run)");
    md_raw(m, "## ");
    md_text(m, WORDS(a, TEXT("News"), news->cluster.n ? TEXT(" of ") : TEXT(""), news->cluster, since));
    md_raw(m, "\n\n");
    items(m, news->items, news->told);
    remarks(m);
    if (news->told < news->count)
        md_raw(m, "\n### Suppressed\n\n");
    items(m, news->items + news->told, news->count - news->told);
    md_raw(m, news->seen ? "\n" : "");
}
