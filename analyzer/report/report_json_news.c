#include "report/report_json.h"

#include "report/report_news.h"

void json_news_item(struct json *j, const char *key, const struct report_news_item *n)
{
    json_object(j, key);
    json_text(j, "kind", text_from(n->kind));
    json_text(j, "id", n->id);
    json_text(j, "what", n->what);
    json_text(j, "title", n->title);
    json_texts(j, "nodes", n->nodes, n->node_count);
    json_texts(j, "spread", n->spread, n->spread_count);
    json_text_or_null(j, "confidence", text_from(n->confidence));
    json_text_or_null(j, "before", text_from(n->before));
    json_time(j, "first_seen", n->first_seen);
    json_time(j, "last_seen", n->last_seen);
    json_unsigned(j, "occurrences", n->occurrences);
    json_unsigned(j, "more", n->more);
    json_text_or_null(j, "reason", n->reason);
    json_text_or_null(j, "suppressed", n->suppressed);
    json_time(j, "until", n->until);
    json_object_end(j);
}

void json_news(struct json *j, const struct report_news *news)
{
    json_object(j, "news");
    json_text_or_null(j, "cluster", news->cluster);
    json_time(j, "since", news->since);
    json_array(j, "items");
    for (size_t i = 0; i < news->count; i++)
        json_news_item(j, NULL, &news->items[i]);
    json_array_end(j);
    json_texts(j, "remarks", news->remarks, news->remark_count);
    json_unsigned(j, "unchanged", news->unchanged);
    json_object_end(j);
}
