/*
 * The form journald: entries of fields for systemd's journal, an empty line behind each.  No value has a line end, so
 * the plain form NAME=value serves for all.
 *
 * Source:  systemd, "Native Journal Protocol" and "Journal Export Formats".
 */
#include "report/messages.h"

#include <inttypes.h>

#include "base/times.h"

/* What each kind of message is known by, for good: they stand in the manual and in filters of people. */
#define MESSAGE_ID_TROUBLE "8986188e813847a89af53a67ab207b8f"
#define MESSAGE_ID_GONE    "68ed1d8a79b84a649feed3c7c392b3dc"
#define MESSAGE_ID_REMARK  "9b8003e031a048aaa5b72c423fd534ad"

/* Nodes that have a field of their own. */
#define FIELD_NAMES 64u

/* A datagram takes some 200 KB; all fields together stay below half of that. */
#define FIELD_MAX 256u

static void field(struct buf *out, const char *name, struct text value)
{
    if (!value.n)
        return;
    buf_add_format(out, "%s=", name);
    message_value(out, value, FIELD_MAX, '\0');
    buf_add_char(out, '\n');
}

static void number(struct buf *out, const char *name, uint64_t value)
{
    buf_add_format(out, "%s=%" PRIu64 "\n", name, value);
}

static void time_field(struct buf *out, const char *name, uint64_t time)
{
    char iso[TIME_ISO_ROOM];
    if (time && time < FILETIME_MAX)
        field(out, name, time_iso(time, 0, iso));
}

static void entry_begin(struct buf *out, const struct messages *all, const char *id, int priority)
{
    buf_add_format(out, "MESSAGE_ID=%s\nPRIORITY=%d\nSYSLOG_IDENTIFIER=evscan\n", id, priority);
    field(out, "EVSCAN_CLUSTER", all->cluster);
}

static void entry_end(struct sink *sink)
{
    buf_add_char(&sink->text, '\n');
    sink_flush(sink); /* that it failed is remembered */
}

static void nodes(struct buf *out, const struct report_news_item *item)
{
    for (size_t i = 0; i < item->node_count && i < FIELD_NAMES; i++)
        field(out, "EVSCAN_NODE", item->nodes[i]);
    number(out, "EVSCAN_NODES", item->node_count);
    for (size_t i = 0; i < item->spread_count && i < FIELD_NAMES; i++)
        field(out, "EVSCAN_SPREAD", item->spread[i]);
}

static void trouble(const struct messages *all, const struct report_news_item *item, struct sink *sink)
{
    struct buf *out = &sink->text;
    entry_begin(out, all, item->reason.n ? MESSAGE_ID_GONE : MESSAGE_ID_TROUBLE, message_priority(item));
    buf_add_c(out, "MESSAGE=");
    message_line(out, all, item);
    buf_add_char(out, '\n');
    field(out, "EVSCAN_KIND", text_from(item->kind));
    field(out, "EVSCAN_ID", item->id);
    field(out, "EVSCAN_LEVEL", text_from(rule_level_name(item->level)));
    nodes(out, item);
    field(out, item->confidence ? "EVSCAN_ARTICLE" : "EVSCAN_RULE", item->what);
    const struct message_rule rule = message_rule_of(all, item);
    field(out, "EVSCAN_RULE_ID", rule.id);
    field(out, "EVSCAN_AUTHOR", rule.author);
    field(out, "EVSCAN_CONFIDENCE", text_from(item->confidence));
    field(out, "EVSCAN_TITLE", item->title);
    field(out, "EVSCAN_REASON", item->reason);
    number(out, "EVSCAN_OCCURRENCES", item->occurrences);
    time_field(out, "EVSCAN_FIRST", item->first_seen);
    time_field(out, "EVSCAN_LAST", item->last_seen);
    entry_end(sink);
}

static void journald_write(const struct report *r, const struct report_options *options, struct sink *sink)
{
    struct arena arena;
    UNUSED(options);
    arena_init(&arena);
    struct messages all = messages_of(&arena, r);
    for (size_t i = 0; i < all.count; i++)
        trouble(&all, &all.items[i], sink);
    for (size_t i = 0; i < all.remark_count; i++) {
        entry_begin(&sink->text, &all, MESSAGE_ID_REMARK, REMARK_PRIORITY);
        field(&sink->text, "MESSAGE", all.remarks[i]);
        entry_end(sink);
    }
    arena_done(&arena);
}

const struct report_form report_journald = { .name = "journald", .socket = "/run/systemd/journal/socket",
                                             .write = journald_write };
