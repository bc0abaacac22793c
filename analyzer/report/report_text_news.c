#include "report/report_text.h"

#include "report/credit.h"
#include "report/report_news.h"

static void item_line(struct text_report *t, struct text words)
{
    layout_begin(&t->l, 2 * INDENT, 2 * INDENT);
    layout_words(&t->l, STYLE_PLAIN, words);
    layout_end(&t->l);
}

static struct text span_words(struct text_report *t, const struct report_news_item *item)
{
    struct arena *a = &t->arena;
    const struct zone *z = &t->options->zone;
    struct text times = words_of_count(a, item->occurrences, "time", "times");
    struct text more = item->more && item->more < item->occurrences
                           ? WORDS(a, TEXT(", "), words_of_number(a, item->more), TEXT(" of them since the last run"))
                           : TEXT("");
    if (item->first_seen == item->last_seen)
        return WORDS(a, words_of_time(a, z, item->first_seen), TEXT(", "), times, more);
    return WORDS(a, words_of_time(a, z, item->first_seen), TEXT(" to "), words_of_time(a, z, item->last_seen),
                 TEXT(", "), times, more);
}

static enum style item_style(const struct report_news_item *item)
{
    if (item->kind[0] == 'g')
        return STYLE_GOOD;
    return strcmp(item->kind, "still") == 0 ? STYLE_PLAIN : STYLE_BAD;
}

/* Of findings: which rule it was and who wrote it, as the licence of published rules asks. */
static void rule_tell(struct text_report *t, const struct report_news_item *item)
{
    const struct ruleset *rules = t->r->rules;
    uint32_t rule;
    if (!news_rule(rules, item, &rule))
        return;
    struct text below = words_of_rules_below(&t->arena, rules, rule);
    item_line(t, WORDS(&t->arena, TEXT("rule "), words_of_rule(&t->arena, rules, rule),
                       below.n ? TEXT("; rests on ") : TEXT(""), below));
}

static void item_tell(struct text_report *t, const struct report_news_item *item)
{
    struct arena *a = &t->arena;
    layout_begin(&t->l, INDENT, 2 * INDENT);
    layout_words(&t->l, item_style(item), text_from(item->kind));
    layout_pad(&t->l, 12);
    layout_words(&t->l, STYLE_STRONG, item->id);
    layout_words(&t->l, STYLE_PLAIN, WORDS(a, TEXT(" "), news_confidence(a, item),
                                           item->missing ? TEXT(" of ") : TEXT(" on "),
                                           words_of_names(a, item->nodes, item->node_count)));
    layout_end(&t->l);
    item_line(t, item->title);
    item_line(t, span_words(t, item));
    rule_tell(t, item);
    if (item->spread_count)
        item_line(t, news_spread(a, item));
    if (item->reason.n)
        item_line(t, WORDS(a, TEXT("gone: "), item->reason));
    if (item->suppressed.n)
        item_line(t, WORDS(a, TEXT("not told until "), words_of_time(a, &t->options->zone, item->until), TEXT(": "),
                           item->suppressed));
}

void text_news(struct text_report *t)
{
    const struct report_news *news = t->r->news;
    struct arena *a = &t->arena;
    struct text of = news->cluster.n ? WORDS(a, TEXT(" of "), news->cluster) : TEXT("");
    struct text since = news->since ? WORDS(a, TEXT(" since "), words_of_time(a, &t->options->zone, news->since))
                                    : TEXT(" (the first run)");
    layout_begin(&t->l, 0, 0);
    layout_words(&t->l, STYLE_STRONG, WORDS(a, TEXT("News"), of, since));
    layout_end(&t->l);
    for (size_t i = 0; i < news->told; i++)
        item_tell(t, &news->items[i]);
    for (size_t i = 0; i < news->remark_count; i++)
        layout_item(&t->l, INDENT, "! ", STYLE_WARN, news->remarks[i]);
    if (news->told < news->count)
        text_subheading(t, "Suppressed");
    for (size_t i = news->told; i < news->count; i++)
        item_tell(t, &news->items[i]);
    layout_blank(&t->l);
}
