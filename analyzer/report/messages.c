#include "report/messages.h"

#include <inttypes.h>

#include "base/times.h"
#include "form/escape.h"
#include "report/credit.h"
#include "report/open_troubles.h"
#include "report/report_facts.h"

static struct report_news_item item_of(const struct open_trouble *t)
{
    return (struct report_news_item){
        .kind = "found",
        .id = t->id,
        .what = t->what,
        .title = t->title,
        .level = t->level,
        .nodes = t->nodes,
        .node_count = t->node_count,
        .confidence = t->diagnosis ? t->confidence : NULL,
        .first_seen = t->first_seen,
        .last_seen = t->last_seen,
        .occurrences = t->occurrences,
        .more = t->occurrences,
    };
}

/* What a run that is no nightly one owes whoever takes silence for health. */
static struct text *incomplete(struct arena *a, const struct report *r, size_t *count)
{
    struct text *remarks = ARENA_NEW_N(a, struct text, 3);
    size_t damaged = 0;
    bool interrupted = false;
    for (size_t i = 0; i < r->partial->input_count; i++) {
        damaged += input_is_damaged(r->partial->inputs[i]);
        interrupted = interrupted || r->partial->inputs[i]->notices.seen[NOTICE_INPUT_INTERRUPTED];
    }
    *count = 0;
    if (damaged)
        remarks[(*count)++] = text_keep_format(a, "incomplete: %zu of %zu inputs %s", damaged, r->partial->input_count,
                                               interrupted ? "were not read to the end: the run was interrupted"
                                                           : "could not be read whole");
    if (r->outside)
        remarks[(*count)++] = TEXT("incomplete: no event lies between --from and --to");
    if (r->missing_count)
        remarks[(*count)++] = WORDS(a, TEXT("incomplete: no log of "), words_of_names(a, r->missing, r->missing_count));
    return remarks;
}

struct messages messages_of(struct arena *a, const struct report *r)
{
    const struct report_news *news = r->news;
    if (news)
        return (struct messages){ news->items, news->told, news->remarks, news->remark_count, news->cluster, r->rules,
                                  a };
    struct open_troubles all = open_troubles_of(a, r);
    struct report_news_item *items = ARENA_NEW_N(a, struct report_news_item, all.count);
    for (size_t i = 0; i < all.count; i++)
        items[i] = item_of(&all.items[i]);
    struct messages ret = { .items = items, .count = all.count, .cluster = TEXT(""), .rules = r->rules, .arena = a };
    ret.remarks = incomplete(a, r, &ret.remark_count);
    return ret;
}

/* A rule without a level counts as low, as it does for the exit status. */
int message_priority(const struct report_news_item *item)
{
    static const int of_level[] = { [RULE_LEVEL_NONE] = 5, [RULE_INFORMATIONAL] = 6, [RULE_LOW] = 5,
                                    [RULE_MEDIUM] = 4,     [RULE_HIGH] = 3,          [RULE_CRITICAL] = 2 };
    return item->reason.n ? REMARK_PRIORITY : of_level[item->level];
}

struct message_rule message_rule_of(const struct messages *all, const struct report_news_item *item)
{
    uint32_t rule;
    if (item->confidence || item->missing || !ruleset_find_any(all->rules, item->what, &rule))
        return (struct message_rule){ TEXT(""), TEXT("") };
    const struct rule_info *info = ruleset_info(all->rules, rule);
    return (struct message_rule){ text_equal(info->id, item->what) ? TEXT("") : info->id,
                                  words_of_authors(all->arena, all->rules, rule) };
}

void message_value(struct buf *out, struct text value, size_t most, char quote)
{
    size_t from = out->n;
    bool cut = value.n > most;
    if (cut)
        for (value.n = most; value.n && ((unsigned char)value.p[value.n] & 0xC0) == 0x80;)
            value.n--;
    escape_terminal(out, value);
    for (size_t i = from; quote && i < out->n; i++)
        if (out->p[i] == quote)
            out->p[i] = '\'';
    buf_add_c(out, cut ? ".." : "");
}

static void put(struct buf *out, const char *name, struct text value, size_t most)
{
    if (!value.n)
        return;
    buf_add_format(out, " %s=\"", name);
    message_value(out, value, most, '"');
    buf_add_char(out, '"');
}

static void nodes_put(struct buf *out, const char *name, const struct text *nodes, size_t count)
{
    size_t said = count < MESSAGE_NAMES ? count : MESSAGE_NAMES;
    buf_add_format(out, " %s=\"", name);
    for (size_t i = 0; i < said; i++) {
        buf_add_c(out, i ? "," : "");
        message_value(out, nodes[i], MESSAGE_NAME, '"');
    }
    if (said < count)
        buf_add_format(out, " and %zu more", count - said);
    buf_add_char(out, '"');
}

static void time_put(struct buf *out, const char *name, uint64_t time)
{
    char iso[TIME_ISO_ROOM];
    if (time && time < FILETIME_MAX)
        buf_add_format(out, " %s=%.*s", name, TEXT_ARG(time_iso(time, 0, iso)));
}

void message_line(struct buf *out, const struct messages *all, const struct report_news_item *item)
{
    const char *level = rule_level_name(item->level);
    buf_add_format(out, "%s ", item->kind);
    message_value(out, item->id, MESSAGE_WHAT, '\0');
    if (*level)
        buf_add_format(out, " level=%s", level);
    put(out, "cluster", all->cluster, MESSAGE_NAME);
    nodes_put(out, "nodes", item->nodes, item->node_count);
    if (item->spread_count) /* a diagnosis: there is room, for it has no author */
        nodes_put(out, "spread", item->spread, item->spread_count);
    put(out, item->confidence ? "article" : "rule", item->what, MESSAGE_WHAT);
    const struct message_rule rule = message_rule_of(all, item);
    put(out, "rule_id", rule.id, MESSAGE_NAME);
    if (!item->reason.n) /* the line has room for either, and what is gone matches nothing */
        put(out, "author", rule.author, MESSAGE_WORDS);
    put(out, "confidence", text_from(item->confidence), MESSAGE_NAME);
    put(out, "before", text_from(item->before), MESSAGE_NAME);
    buf_add_format(out, " times=%" PRIu64, item->occurrences);
    time_put(out, "first", item->first_seen);
    time_put(out, "last", item->last_seen);
    put(out, "gone", item->reason, MESSAGE_WORDS);
    put(out, "title", item->title, MESSAGE_WORDS);
}
