#include "corr/node_log.h"

static bool is_channel(const struct coverage *c, struct text channel)
{
    return c->channel.n == 0 || channel.n == 0 || text_equal_nocase(c->channel, channel);
}

/* Walks the intervals by their start as long as they leave no hole; `reach` is where they end, `next` what follows. */
struct log_cover node_log_covers(const struct node *node, struct text channel, uint64_t from, uint64_t to)
{
    uint64_t reach = 0, next = 0;
    for (size_t i = 0; i < node->coverage_count && !next; i++) {
        const struct coverage *c = node->coverage[i];
        if (!is_channel(c, channel))
            continue;
        if (c->first > from && c->first > reach)
            next = c->first;
        else if (c->last > reach)
            reach = c->last;
    }
    struct log_cover cover = { LOG_NOT_GIVEN, reach, next, reach < from && (!next || next > to) };
    if (reach >= to && reach)
        cover.gap = LOG_COVERS;
    else if (next)
        cover.gap = reach ? LOG_HAS_HOLE : LOG_STARTS_LATER;
    else if (reach)
        cover.gap = LOG_ENDS_EARLIER;
    return cover;
}

static struct text moment(uint64_t time, char *out)
{
    struct text t = time_iso(time, 0, out);
    if (t.n < 20)
        return t;
    out[10] = ' ';
    return (struct text){ t.p, 19 };
}

struct text log_gap_text(struct arena *arena, const struct node *node, struct text channel,
                         const struct log_cover *cover, uint64_t event)
{
    char from[TIME_ISO_ROOM], to[TIME_ISO_ROOM];
    struct text a = moment(cover->from, from), b = moment(cover->to, to);
    const char *blank = channel.n ? " " : "";
    struct text log = text_keep_format(arena, "%.*s's %.*s%slog", TEXT_ARG(node->name), TEXT_ARG(channel), blank);
    switch (cover->gap) {
    case LOG_NOT_GIVEN:
        return text_keep_format(arena, "%.*s was not given", TEXT_ARG(log));
    case LOG_STARTS_LATER:
        return text_keep_format(arena, "%.*s starts %.*s UTC, %s", TEXT_ARG(log), TEXT_ARG(b),
                                cover->to > event ? "after the event" : "too late to show it");
    case LOG_ENDS_EARLIER:
        return text_keep_format(arena, "%.*s ends %.*s UTC, %s", TEXT_ARG(log), TEXT_ARG(a),
                                cover->from < event ? "before the event" : "too early to show it");
    case LOG_HAS_HOLE:
        return text_keep_format(arena, "%.*s has nothing between %.*s and %.*s UTC", TEXT_ARG(log), TEXT_ARG(a),
                                TEXT_ARG(b));
    case LOG_COVERS:
        break;
    }
    return TEXT("");
}
