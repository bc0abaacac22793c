#include "report/node_words.h"

#include <inttypes.h>

#include "corr/node_logs.h"
#include "report/report_facts.h"

/* Told of each: the last ones.  The JSON has all. */
#define DOWNS_SHOWN 3
#define STEPS_SHOWN 3
#define LOGS_SHOWN  8
#define ZONES_SHOWN 3
#define STRETCHES_SHOWN 5

static void say(struct arena *a, struct node_words *w, struct text words)
{
    w->items = arena_grow(a, w->items, w->count, &w->capacity, sizeof *w->items);
    w->items[w->count++] = words;
}

static struct text span_words(struct arena *a, const struct zone *z, uint64_t from, uint64_t to)
{
    struct text begin, end;
    words_of_ends(a, z, from, to, &begin, &end);
    return begin.n ? WORDS(a, begin, TEXT(" to "), end) : end;
}

static const struct log_hole *longest_hole(const struct node_log *log)
{
    const struct log_hole *longest = NULL;
    for (size_t i = 0; i < log->hole_count; i++)
        if (!longest || log->holes[i].to - log->holes[i].from > longest->to - longest->from)
            longest = &log->holes[i];
    return longest;
}

static struct text log_name(struct arena *a, const struct node_log *log)
{
    return log->channel.n ? WORDS(a, TEXT("the "), log->channel, TEXT(" log")) : TEXT("the log");
}

static void say_begin(struct arena *a, const struct zone *z, struct node_words *w, const struct node *node, const struct node_log *log)
{
    const struct log_clear *clear = node_log_cleared(node, log);
    struct text name = log_name(a, log);
    if (clear && clear->user.n)
        say(a, w, WORDS(a, name, TEXT(" was cleared "), words_of_time(a, z, clear->time), TEXT(" by "), clear->user));
    else if (clear)
        say(a, w, WORDS(a, name, TEXT(" was cleared "), words_of_time(a, z, clear->time)));
    else if (log->oldest > 1)
        say(a, w, WORDS(a, name, TEXT(" begins with record "), words_of_number(a, log->oldest),
                        TEXT(": what was before it is gone or was left out")));
}

static void say_holes(struct arena *a, const struct zone *z, struct node_words *w, const struct node_log *log)
{
    const struct log_hole *hole = longest_hole(log);
    struct text name = log_name(a, log), where = TEXT("");
    if (hole)
        where = WORDS(a, TEXT(", for the longest time "), span_words(a, z, hole->from, hole->to));
    if (log->missing)
        say(a, w, WORDS(a, name, TEXT(" lacks "), words_of_count(a, log->missing, "record", "records"),
                        TEXT(" in between"), where));
    else if (hole)
        say(a, w, WORDS(a, name, TEXT(" was not given from "), span_words(a, z, hole->from, hole->to)));
}

static void say_downs(struct arena *a, const struct zone *z, struct node_words *w, const struct node *node)
{
    size_t from = node->down_count > DOWNS_SHOWN ? node->down_count - DOWNS_SHOWN : 0;
    for (size_t i = from; i < node->down_count; i++) {
        const struct node_down *d = &node->downs[i];
        const char *how = d->orderly ? "shut down from " : "no shutdown before a start: it wrote nothing from ";
        say(a, w, WORDS(a, text_from(how), span_words(a, z, d->from, d->to)));
    }
    if (from)
        say(a, w, WORDS(a, words_of_count(a, from, "earlier start", "earlier starts")));
}

static void say_steps(struct arena *a, const struct zone *z, struct node_words *w, const struct node *node)
{
    char span[TIME_ISO_ROOM];
    size_t from = node->step_count > STEPS_SHOWN ? node->step_count - STEPS_SHOWN : 0;
    for (size_t i = from; i < node->step_count; i++) {
        const struct clock_step *s = &node->steps[i];
        bool back = s->after < s->before;
        struct text by = text_keep(a, time_span(back ? s->before - s->after : s->after - s->before, span));
        if (s->start) {
            say(a, w, WORDS(a, TEXT("its clock had lost its time at a start: it fell back by "), by,
                            text_keep_format(a, " (record %" PRIu64 ")", s->record)));
            continue;
        }
        say(a, w, WORDS(a, TEXT("its clock was set "), back ? TEXT("back") : TEXT("forward"), TEXT(" by "), by,
                        TEXT(", to "), words_of_time(a, z, s->after),
                        text_keep_format(a, " (record %" PRIu64 ")", s->record)));
    }
}

struct node_words node_words_of_logs(struct arena *a, const struct zone *z, const struct node *node)
{
    struct node_words w = { 0 };
    for (size_t i = 0; i < node->log_count && i < LOGS_SHOWN; i++) {
        say_begin(a, z, &w, node, &node->logs[i]);
        say_holes(a, z, &w, &node->logs[i]);
    }
    say_downs(a, z, &w, node);
    say_steps(a, z, &w, node);
    return w;
}

static struct text ahead_words(struct arena *a, int64_t ahead)
{
    char span[TIME_ISO_ROOM];
    struct text words = time_span((uint64_t)(ahead < 0 ? -ahead : ahead), span);
    return text_keep_format(a, "%.*s %s", TEXT_ARG(words), ahead > 0 ? "ahead" : "behind");
}

/* "from .. until ..", as the clock showed it. */
static struct text stretch_words(struct arena *a, const struct zone *z, const struct clock_stretch *s)
{
    struct text from = s->from ? WORDS(a, TEXT(" from "), words_of_time(a, z, s->from)) : TEXT("");
    return s->to == UINT64_MAX ? from : WORDS(a, from, TEXT(" until "), words_of_time(a, z, s->to));
}

static struct text stretch_found(struct arena *a, const struct clock_stretch *s, bool alone)
{
    struct text events = words_of_count(a, s->pairs, "event in common", "events in common");
    struct text pairs = WORDS(a, TEXT(" ("), events, TEXT(")"));
    if (!s->pairs && s->ahead)
        return WORDS(a, TEXT("it had lost its time, "), ahead_words(a, s->ahead), TEXT(", corrected here"));
    if (s->ahead)
        return WORDS(a, TEXT("it was "), ahead_words(a, s->ahead), TEXT(", corrected here"), pairs);
    if (s->pairs)
        return WORDS(a, TEXT("it agrees with other nodes"), pairs);
    if (s->lost)
        return TEXT("it had lost its time, its times are as it showed them");
    return alone ? TEXT("taken for right") : TEXT("nothing compares it, its times are as it showed them");
}

/* Of a clock that was set within the log, each time for itself; the last ones. */
static struct text stretches_words(struct arena *a, const struct zone *z, const struct node *node)
{
    struct text words = TEXT("its clock was set meanwhile:");
    size_t first = node->stretch_count > STRETCHES_SHOWN ? node->stretch_count - STRETCHES_SHOWN : 0;
    for (size_t i = first; i < node->stretch_count; i++) {
        const struct clock_stretch *s = &node->stretches[i];
        words = WORDS(a, words, i > first ? TEXT(";") : TEXT(""), stretch_words(a, z, s), TEXT(" "),
                      stretch_found(a, s, node->clock_within == 0));
    }
    if (node->clock_unplaced)
        words = WORDS(a, words, TEXT("; "), words_of_count(a, node->clock_unplaced, "event", "events"),
                      TEXT(" could be from before or behind a step: as its clock showed it"));
    return words;
}

struct text node_words_of_clock(struct arena *a, const struct zone *z, const struct node *node, bool *corrected)
{
    char rest[TIME_ISO_ROOM];
    struct text within = time_span(node->clock_within, rest);
    struct text events = words_of_count(a, node->clock_pairs, "event in common", "events in common");
    *corrected = node->clock_ahead != 0;
    if (node->clock_tangled)
        return TEXT("its clock was set in ways that do not go together: its times are as it showed them");
    if (node->stretch_count > 1 && (node->clock_within || *corrected))
        return stretches_words(a, z, node);
    if (*corrected)
        return text_keep_format(a, "its clock was %.*s: its times are corrected here (%.*s with other nodes)",
                                TEXT_ARG(ahead_words(a, node->clock_ahead)), TEXT_ARG(events));
    if (node->clock_within == 0)
        return TEXT("");
    if (node->clock_pairs)
        return text_keep_format(a, "its clock agrees with other nodes within %.*s (%.*s)", TEXT_ARG(within),
                                TEXT_ARG(events));
    return text_keep_format(a, "nothing compares its clock with other nodes: taken to be within %.*s",
                            TEXT_ARG(within));
}

/* "+01:00", "+02:00 from 2016-03-27": the last ones. */
static struct text offsets_words(struct arena *a, const struct zone *z)
{
    struct text words = TEXT("");
    char room[TIME_ISO_ROOM];
    size_t first = z->step_count > ZONES_SHOWN ? z->step_count - ZONES_SHOWN : 0;
    for (size_t i = first; i < z->step_count; i++) {
        uint64_t from = z->steps[i].from;
        struct text offset = text_keep(a, zone_label(z, from, room));
        struct text begin = i ? WORDS(a, TEXT(" from "), words_of_days(a, z, from, from)) : TEXT("");
        words = WORDS(a, words, i > first ? TEXT(", ") : TEXT(""), offset, begin);
    }
    return words;
}

struct text node_words_of_zone(struct arena *a, const struct zone *asked, const struct node *node)
{
    struct text name = node->zone_said.n ? WORDS(a, TEXT(" ("), node->zone_said, TEXT(")")) : TEXT("");
    if (node->zone.step_count)
        return WORDS(a, TEXT("its local time is "), offsets_words(a, &node->zone), name);
    if (!asked->of_nodes)
        return TEXT("");
    return WORDS(a, TEXT("its log does not tell its local time"), name, TEXT(": its times are UTC here"));
}
