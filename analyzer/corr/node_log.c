#include "corr/node_log.h"

#include <inttypes.h>

#include "corr/node_logs.h"

static bool is_channel(const struct log_span *s, struct text channel)
{
    return s->channel.n == 0 || channel.n == 0 || text_equal_nocase(s->channel, channel);
}

/* Walks the spans by their start as long as they leave no hole; `reach` is where they end, `next` what follows. */
static struct log_cover spans_cover(const struct node *node, struct text channel, uint64_t from, uint64_t to)
{
    const struct log_span *before = NULL;
    uint64_t reach = 0, next = 0, missing = 0;
    for (size_t i = 0; i < node->span_count && !next && (!reach || reach < to); i++) {
        const struct log_span *s = &node->spans[i];
        if (!is_channel(s, channel))
            continue;
        bool joins = before && spans_join(before, s);
        if (s->first > from && s->first > reach && !joins) {
            next = s->first;
            missing = before ? spans_missing(before, s) : 0;
        } else if (s->last >= reach) {
            reach = s->last;
            before = s;
        }
    }
    struct log_cover cover = { LOG_NOT_GIVEN, reach, next, missing, reach < from && (!next || next > to) };
    if (reach >= to && reach)
        cover.gap = LOG_COVERS;
    else if (next)
        cover.gap = reach ? LOG_HAS_HOLE : LOG_STARTS_LATER;
    else if (reach)
        cover = (struct log_cover){ LOG_ENDS_EARLIER, reach, to, missing, cover.nothing };
    return cover;
}

/* What is written behind a start or before a shutdown was seen; only a window with no moment of life was not. */
struct log_cover node_log_covers(const struct node *node, struct text channel, uint64_t from, uint64_t to)
{
    struct log_cover cover = spans_cover(node, channel, from, to);
    for (size_t i = 0; i < node->down_count && cover.gap == LOG_COVERS; i++) {
        const struct node_down *d = &node->downs[i];
        if (d->from < from && to < d->to)
            cover = (struct log_cover){ d->orderly ? LOG_NODE_DOWN : LOG_NODE_SILENT, d->from, d->to, 0, true };
    }
    return cover;
}

/* "1999-04-12 14:07:00" */
static struct text moment(const struct zone *z, uint64_t time, char *out)
{
    struct text t = time_iso(zone_clock(z, time), 0, out);
    if (t.n < 20)
        return t;
    out[10] = ' ';
    return (struct text){ t.p, 19 };
}

static struct text labelled(struct arena *arena, const struct zone *z, uint64_t time)
{
    char clock[TIME_ISO_ROOM], label[TIME_ISO_ROOM];
    return text_keep_format(arena, "%.*s %.*s", TEXT_ARG(moment(z, time, clock)), TEXT_ARG(zone_label(z, time, label)));
}

/* Why a log begins where it does. */
static const char *begin_reason(const struct node *node, struct text channel)
{
    const struct node_log *log = node_log_find(node, channel);
    if (log && log->cut_before)
        return ": events before --from were not looked at";
    if (log && node_log_cleared(node, log))
        return ": it was cleared";
    return log && log->oldest > 1 ? ": its older records are gone" : "";
}

static const char *end_reason(const struct node *node, struct text channel)
{
    const struct node_log *log = node_log_find(node, channel);
    return log && log->cut_after ? ": events from --to on were not looked at" : "";
}

/* " (it would have to reach 14:07:00)": whoever exports it again knows from when on; its day when that is another. */
static struct text wanted_end(struct arena *arena, const struct zone *zone, const struct log_cover *cover)
{
    const size_t day = 10;
    char end[TIME_ISO_ROOM], wanted[TIME_ISO_ROOM];
    uint64_t second = cover->to + TICKS_PER_SECOND - 1; /* a part of one does not show */
    struct text a = moment(zone, cover->from, end), b = moment(zone, second, wanted);
    if (cover->to >= FILETIME_MAX || b.n <= day)
        return TEXT("");
    bool same_day = zone_offset(zone, cover->from) == zone_offset(zone, second) && memcmp(a.p, b.p, day) == 0;
    struct text label = same_day ? text_from_index(b, day + 1) : labelled(arena, zone, second);
    return text_keep_format(arena, " (it would have to reach %.*s)", TEXT_ARG(label));
}

/* "starts 1999-04-12 14:07:00 UTC, after the event" */
static struct text end_text(struct arena *arena, const struct zone *zone, const struct log_miss *miss, struct text log)
{
    const struct log_cover *cover = &miss->cover;
    bool before = cover->from < miss->event;
    if (cover->gap == LOG_STARTS_LATER)
        return text_keep_format(arena, "%.*s starts %.*s, %s%s", TEXT_ARG(log),
                                TEXT_ARG(labelled(arena, zone, cover->to)),
                                cover->to > miss->event ? "after the event" : "too late to show it",
                                begin_reason(miss->node, miss->channel));
    struct text wanted = before ? TEXT("") : wanted_end(arena, zone, cover);
    return text_keep_format(arena, "%.*s ends %.*s, %s%s%.*s", TEXT_ARG(log),
                            TEXT_ARG(labelled(arena, zone, cover->from)),
                            before ? "before the event" : "too early to show it",
                            end_reason(miss->node, miss->channel), TEXT_ARG(wanted));
}

/* Between two moments; the first says its offset when that is another one. */
static struct text hole_text(struct arena *arena, const struct log_miss *miss, struct text log, struct text from,
                             struct text to)
{
    const struct log_cover *cover = &miss->cover;
    struct text name = miss->node->name;
    if (cover->gap == LOG_HAS_HOLE && cover->missing)
        return text_keep_format(arena, "%.*s lacks %" PRIu64 " records between %.*s and %.*s", TEXT_ARG(log),
                                cover->missing, TEXT_ARG(from), TEXT_ARG(to));
    if (cover->gap == LOG_HAS_HOLE)
        return text_keep_format(arena, "%.*s has nothing between %.*s and %.*s", TEXT_ARG(log), TEXT_ARG(from),
                                TEXT_ARG(to));
    if (cover->gap == LOG_NODE_DOWN)
        return text_keep_format(arena, "%.*s was shut down from %.*s to %.*s", TEXT_ARG(name), TEXT_ARG(from),
                                TEXT_ARG(to));
    return text_keep_format(arena, "%.*s wrote nothing between %.*s and its start at %.*s", TEXT_ARG(name),
                            TEXT_ARG(from), TEXT_ARG(to));
}

struct text log_gap_text(struct arena *arena, const struct zone *zone, const struct log_miss *miss)
{
    const struct log_cover *cover = &miss->cover;
    char room[TIME_ISO_ROOM];
    const char *blank = miss->channel.n ? " " : "";
    if (!miss->node || cover->gap == LOG_COVERS)
        return TEXT("");
    struct text log = text_keep_format(arena, "%.*s's %.*s%slog", TEXT_ARG(miss->node->name), TEXT_ARG(miss->channel),
                                       blank);
    if (cover->gap == LOG_NOT_GIVEN)
        return text_keep_format(arena, "%.*s was not given", TEXT_ARG(log));
    if (cover->gap == LOG_STARTS_LATER || cover->gap == LOG_ENDS_EARLIER)
        return end_text(arena, zone, miss, log);
    struct text to = labelled(arena, zone, cover->to);
    bool same = zone_offset(zone, cover->from) == zone_offset(zone, cover->to);
    struct text from = same ? moment(zone, cover->from, room) : labelled(arena, zone, cover->from);
    return hole_text(arena, miss, log, from, to);
}
