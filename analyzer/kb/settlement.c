#include "kb/settlement.h"

#include "corr/node_logs.h"
#include "kb/cast.h"

static void add(struct settlement *s, struct settle settle)
{
    s->items = arena_grow(s->arena, s->items, s->count, &s->capacity, sizeof *s->items);
    s->items[s->count++] = settle;
}

static struct text channel_of(const struct episode *e, const struct evidence_item *item)
{
    struct text channel = item->log.n ? item->log : e->log;
    return channel.n ? channel : TEXT("System");
}

static bool is_classic(const struct settlement *s, const struct episode *e)
{
    return text_equal(s->timeline->hits[e->anchors[0]].input->format, TEXT("evt"));
}

/* How to get the log as it is now, to read it with the others. */
static struct text export_command(const struct settlement *s, const struct episode *e, struct text channel)
{
    if (is_classic(s, e))
        return text_keep_format(s->arena, "Event Viewer, Save Log File As (%.*s), and evscan with that file too",
                                TEXT_ARG(channel));
    return text_keep_format(s->arena, "wevtutil epl \"%.*s\" FILE.evtx, and evscan with that file too", TEXT_ARG(channel));
}

/* A log that is there no longer reaches back: only a copy can. */
static struct text archive_command(const struct settlement *s, const struct episode *e)
{
    return is_classic(s, e) ? TEXT("evscan with an older copy of that log too, from a backup")
                            : TEXT("evscan with an older copy too: "
                                   "dir %SystemRoot%\\System32\\winevt\\Logs\\Archive-*.evtx, or a backup");
}

/* The node that was not given: the first one that the anchors name and that has no log. */
static struct text node_missing(const struct episode *e, const struct evidence_item *item)
{
    const struct cast *c = evidence_is_of_named(e, item) ? &e->cast[item->node.role] : NULL;
    for (size_t i = 0; c && i < c->name_count; i++)
        if (!c->named[i])
            return c->names[i];
    return TEXT("other node");
}

/* It is there, and the command line left it out; "" when it did not. */
static struct text wider_command(const struct log_miss *miss)
{
    const struct node_log *log = miss->node ? node_log_find(miss->node, miss->channel) : NULL;
    if (log && log->cut_before && miss->cover.gap == LOG_STARTS_LATER)
        return TEXT("evscan with an earlier --from");
    return log && log->cut_after && miss->cover.gap == LOG_ENDS_EARLIER ? TEXT("evscan with a later --to") : TEXT("");
}

static bool is_asked_for(const struct settlement *s, struct text node, struct text command)
{
    for (size_t i = 0; i < s->count; i++)
        if (text_equal(s->items[i].node, node) && text_equal(s->items[i].command, command))
            return true;
    return false;
}

void settlement_log(struct settlement *s, const struct episode *e, const struct evidence_item *item,
                    const struct log_miss *miss)
{
    struct text channel = channel_of(e, item);
    bool begun = miss->node && miss->cover.gap == LOG_STARTS_LATER;
    struct text node = miss->node ? miss->node->name : node_missing(e, item);
    struct settle settle = { .node = node };
    struct text wider = wider_command(miss);
    settle.command = wider.n ? wider : begun ? archive_command(s, e) : export_command(s, e, channel);
    settle.question = text_keep_format(s->arena, "Does the %.*s log say it: %.*s?", TEXT_ARG(channel),
                                       TEXT_ARG(text_trim(item->text)));
    if (!is_asked_for(s, node, settle.command))
        add(s, settle);
}

void settlement_article(struct settlement *s, const struct article *article)
{
    for (size_t i = 0; i < article->settle_count; i++)
        add(s, article->settles[i]);
}
