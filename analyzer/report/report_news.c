#include "report/report_news.h"

struct text news_confidence(struct arena *a, const struct report_news_item *item)
{
    if (!item->confidence)
        return item->missing ? TEXT("no log") : TEXT("found");
    if (!item->before)
        return text_from(item->confidence);
    return text_keep_format(a, "%s, was %s", item->confidence, item->before);
}

struct text news_spread(struct arena *a, const struct report_news_item *item)
{
    return item->spread_count ? WORDS(a, TEXT("spread to "), words_of_names(a, item->spread, item->spread_count))
                              : TEXT("");
}

struct text news_reason(struct arena *a, const struct zone *z, const struct report_news_item *item)
{
    struct text why = item->reason.n ? WORDS(a, TEXT("gone: "), item->reason) : news_spread(a, item);
    if (!item->suppressed.n)
        return why;
    return WORDS(a, why, why.n ? TEXT("; ") : TEXT(""), TEXT("not told until "), words_of_time(a, z, item->until),
                 TEXT(": "), item->suppressed);
}

bool news_rule(const struct ruleset *rules, const struct report_news_item *item, uint32_t *ret)
{
    return !item->confidence && !item->missing && ruleset_find_any(rules, item->what, ret);
}
