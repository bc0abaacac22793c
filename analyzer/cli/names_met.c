#include "cli/names_met.h"

#include <inttypes.h>

#include "base/nearest.h"
#include "cli/output.h"
#include "io/interrupt.h"
#include "stats/stats.h"

#define LEVEL_VERBOSE 5u

/* Names in a line of examples. */
#define EXAMPLES 5

/* One of the options, and where its names stand. */
struct name_option {
    const char *option, *noun;
    const struct option_list *given;
    unsigned part; /* enum tally_part */
};

/* Can they be read once more? */
static bool all_regular(const struct path_list *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        if (!paths->items[i].regular)
            return false;
    return true;
}

static struct text name_of(const struct tally_row *row, unsigned part)
{
    return part == TALLY_NODE ? row->key.node : part == TALLY_CHANNEL ? row->key.channel : row->key.provider;
}

/* As the command itself understands the name. */
static bool fits(struct arena *arena, const struct name_option *o, const char *given, struct text name)
{
    const char *items[] = { given };
    const struct option_list one = { .items = items, .count = 1 }, none = { 0 };
    const struct selection s = { .nodes = o->part == TALLY_NODE ? one : none,
                                 .channels = o->part == TALLY_CHANNEL ? one : none,
                                 .providers = o->part == TALLY_PROVIDER ? one : none };
    const struct event_key key = { .computer = name, .channel = name, .provider = name };
    struct show_filter filter;
    struct zone zone;
    struct text error;
    struct buf scratch;
    buf_init(&scratch);
    bool fit = selection_read(arena, &s, &filter, &zone, &error) && filter_wants(&filter, &key, &scratch);
    buf_done(&scratch);
    return fit;
}

static bool fits_any(struct arena *arena, const struct name_option *o, const char *given, const struct tally *t)
{
    bool fit = false;
    for (size_t i = 0; i < t->count && !fit; i++) {
        struct arena_mark mark = arena_mark(arena);
        fit = fits(arena, o, given, name_of(&t->rows[i], o->part));
        arena_rewind(arena, mark);
    }
    return fit;
}

static struct text examples(struct arena *arena, const struct tally *t, unsigned part)
{
    struct text list = TEXT("");
    for (size_t i = 0; i < t->count && i < EXAMPLES; i++)
        list = text_keep_format(arena, "%.*s%s%.*s", TEXT_ARG(list), i ? ", " : "", TEXT_ARG(name_of(&t->rows[i], part)));
    return t->count > EXAMPLES
               ? text_keep_format(arena, "%.*s and %zu more", TEXT_ARG(list), t->count - EXAMPLES)
               : list;
}

static void missing_say(struct arena *arena, const struct name_option *o, const char *given, const struct tally *t)
{
    struct nearest nearest = nearest_begin(text_from(given));
    for (size_t i = 0; i < t->count; i++)
        nearest_try(&nearest, name_of(&t->rows[i], o->part));
    if (nearest.best.n)
        output_error("--%s %s: no log has such a %s; did you mean %.*s?", o->option, given, o->noun,
                     TEXT_ARG(nearest.best));
    else
        output_error("--%s %s: no log has such a %s; there %s %.*s", o->option, given, o->noun,
                     t->count == 1 ? "is" : "are", TEXT_ARG(examples(arena, t, o->part)));
    if (strchr(given, ','))
        output_error("--%s takes one name, which may have commas in it; give it again for each further one", o->option);
}

static void option_explain(struct arena *arena, const struct selection *s, const struct path_list *paths,
                           const struct name_option *o)
{
    struct partial partial;
    struct stats stats;
    size_t not_logs;
    const struct stats_options options = {
        .parts = { TALLY_BY(o->part) },
        .threads = selection_threads(s),
        .reader = (enum reader_use)s->reader,
        .recover = s->recover,
    };
    partial_init(&partial);
    enum status status = stats_run(&options, paths, &partial, &not_logs, &stats);
    for (size_t i = 0; status != ST_LOST_RUN && stats.tallies[0].count && i < o->given->count; i++)
        if (!fits_any(arena, o, o->given->items[i], &stats.tallies[0]))
            missing_say(arena, o, o->given->items[i], &stats.tallies[0]);
    partial_done(&partial);
}

/* A level that only a few programs have is more often a slip. */
static void levels_explain(struct arena *arena, const struct option_list *given)
{
    struct ranges levels = { 0 };
    for (size_t i = 0; i < given->count; i++)
        if (levels_add(&levels, arena, text_from(given->items[i])) && levels.items[levels.count - 1].first > LEVEL_VERBOSE)
            output_error("--level %s: no event was printed; the levels of Windows are critical (1), error, warning, "
                         "information and verbose (5)", given->items[i]);
}

static struct text span_text(struct arena *arena, const struct stats *stats)
{
    char from[TIME_ISO_ROOM], to[TIME_ISO_ROOM];
    if (!stats->first)
        return TEXT("");
    return text_keep_format(arena, ", %.*s to %.*s", TEXT_ARG(time_iso(stats->first, 0, from)),
                            TEXT_ARG(time_iso(stats->last, 0, to)));
}

/* What there was to choose from: all events, whatever the options choose. */
static void read_say(struct arena *arena, const struct selection *s, const struct path_list *paths,
                     const struct partial *read, const char *more)
{
    struct partial partial;
    struct stats stats = { .events = 0 };
    size_t logs = 0, not_logs;
    const struct stats_options options = { .threads = selection_threads(s), .reader = (enum reader_use)s->reader,
                                           .recover = s->recover };
    partial_init(&partial);
    bool whole = all_regular(paths) && stats_run(&options, paths, &partial, &not_logs, &stats) != ST_LOST_RUN;
    for (size_t i = 0; i < read->input_count; i++) {
        logs += read->inputs[i]->format.n > 0;
        stats.events += whole ? 0 : read->inputs[i]->account.decoded;
    }
    output_error("nothing matched among %" PRIu64 " event%s in %zu log%s%.*s%s", stats.events,
                 stats.events == 1 ? "" : "s", logs, logs == 1 ? "" : "s", TEXT_ARG(span_text(arena, &stats)), more);
    partial_done(&partial);
}

void names_met_explain(struct arena *arena, const struct selection *s, const struct path_list *paths,
                       const struct partial *read, const char *more)
{
    if (interrupt_asked()) /* nobody knows what the rest holds */
        return;
    if (!s->quiet)
        read_say(arena, s, paths, read, more);
    const struct name_option options[] = {
        { "node", "node", &s->nodes, TALLY_NODE },
        { "channel", "channel", &s->channels, TALLY_CHANNEL },
        { "provider", "provider", &s->providers, TALLY_PROVIDER },
    };
    levels_explain(arena, &s->levels);
    for (size_t i = 0; i < COUNT_OF(options) && all_regular(paths); i++)
        if (options[i].given->count)
            option_explain(arena, s, paths, &options[i]);
}
