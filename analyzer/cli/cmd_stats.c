/*
 * cmd_stats.c - `evscan stats PATH...`: count events.
 */
#include "cli/cmd.h"

#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/interruption.h"
#include "cli/node_times.h"
#include "cli/output.h"
#include "cli/packed.h"
#include "cli/progress.h"
#include "cli/selection.h"
#include "io/interrupt.h"
#include "stats/stats_form.h"

static const char *const form_words[] = { "text", "csv", "json", NULL };
enum stats_form { FORM_TEXT, FORM_CSV, FORM_JSON };

#define TABLES 6
#define TOP    10 /* rows of a table in text, unless --top says it */

struct stats_command {
    struct selection selection;
    struct option_list by, paths;
    int form;
    unsigned top, width; /* 0: not given */
};

static const struct option_spec stats_specs[] = {
    WORD_OPTION("format", 'o', struct stats_command, form, form_words, "FORM", "text, csv or json (text)"),
    LIST_OPTION_OF("by", 0, struct stats_command, by, stats_part_names, "LIST",
                   "count by node, channel, provider, id, level, and one of "
                "hour, day, month: one table, for example --by node,id"),
    NUMBER_OPTION("top", 0, struct stats_command, top, 1, UINT32_MAX, "N", "rows of a table at most (10 in text, else "
                  "all)"),
    NUMBER_OPTION("width", 0, struct stats_command, width, 60, 1000, "N", "columns of text (the terminal's, else 80)"),
};

const struct page stats_page = {
    .name = "stats",
    .usages = { "stats [options] PATH..." },
    .about = "Counts the events of Windows event logs: what the logs cover, who logs most, the\n"
             "first and the last of each kind, and how many there are over time.\n"
             "PATH is a log, a folder with logs in it, or - for standard input.\n",
    .groups = { OPTION_GROUP(stats_specs, 0),
                OPTION_GROUP(selection_specs, offsetof(struct stats_command, selection)) },
    .rare = OPTION_GROUP(selection_rare, offsetof(struct stats_command, selection)),
    .end = "Exit status: 0 all was read, 2 some input could not be read; 64 usage, 65 no\n"
           "logs, 66 no input, 73 no output.\n",
    .manual = "evscan-stats",
};

/* All that one run holds. */
struct stats_session {
    struct arena arena;
    struct stats_command command;
    struct stats_options options;
    struct path_list paths;
    struct partial partial;
    struct node_times times;
    struct stats stats;
    struct stats_table tables[TABLES];
    size_t table_count, not_logs;
    const char *zone_name; /* as it was asked for; NULL: UTC */
};

/* What Windows and earlier lists call a part. */
static struct text part_called(struct text name)
{
    static const struct {
        const char *also, *name;
    } others[] = { { "source", "provider" }, { "log", "channel" }, { "computer", "node" }, { "event", "id" },
                   { "event-id", "id" }, { "eventid", "id" } };
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (text_equal_nocase(name, text_from(others[i].also)))
            return text_from(others[i].name);
    return name;
}

static bool part_add(struct arena *arena, struct text name, unsigned *parts, struct text *error)
{
    name = part_called(name);
    for (int i = 0; i < TALLY_PARTS; i++)
        if (text_equal_nocase(name, text_from(stats_part_names[i]))) {
            *parts |= TALLY_BY(i);
            return true;
        }
    const char *given = text_keep_format(arena, "%.*s", TEXT_ARG(name)).p;
    const char *nearest = word_meant(given, stats_part_names);
    *error = text_keep_format(arena, "--by %s: %s%s%sit must be of %.*s", given, nearest ? "did you mean " : "",
                              nearest ? nearest : "", nearest ? "?  " : "",
                              TEXT_ARG(words_expected(arena, stats_part_names)));
    return false;
}

static bool by_parse(struct arena *arena, const struct option_list *by, unsigned *parts, struct text *error)
{
    for (size_t i = 0; i < by->count; i++)
        for (struct text t = text_from(by->items[i]); t.n;) {
            size_t comma = text_find_char(t, ',');
            if (!part_add(arena, text_trim((struct text){ t.p, comma }), parts, error))
                return false;
            t = text_from_index(t, comma + 1);
        }
    unsigned times = *parts & TALLY_TIMES;
    if (!(times & (times - 1)))
        return true;
    *error = TEXT("--by: hour, day and month exclude each other");
    return false;
}

#define BY_ALL (TALLY_BY(TALLY_NODE) | TALLY_BY(TALLY_CHANNEL) | TALLY_BY(TALLY_PROVIDER) | TALLY_BY(TALLY_ID) | \
                TALLY_BY(TALLY_LEVEL))

static int command_parse(struct stats_session *s, int argc, char **argv)
{
    struct stats_command *c = &s->command;
    struct stats_options *o = &s->options;
    struct text error;
    int status = page_parse(&s->arena, &stats_page, c, argc, argv, &c->paths);
    if (status != PAGE_GO_ON)
        return status;
    if (!c->paths.count)
        return page_mistake(&stats_page, TEXT("no log given; for example: evscan stats System.evtx (evscan stats "
                                              "--help)"));
    *o = (struct stats_options){
        .threads = selection_threads(&c->selection),
        .reader = (enum reader_use)c->selection.reader,
        .recover = c->selection.recover,
    };
    if (!by_parse(&s->arena, &c->by, &o->parts[0], &error) ||
        !selection_read(&s->arena, &c->selection, &o->filter, &o->zone, &error) ||
        !node_times_can(&o->zone, &c->paths, &error))
        return page_mistake(&stats_page, error);
    s->zone_name = o->zone.name;
    if (!o->parts[0]) {
        o->parts[0] = BY_ALL;
        o->parts[1] = c->form == FORM_CSV ? 0 : TALLY_BY(TALLY_HOUR);
    }
    return PAGE_GO_ON;
}

/* So that a screen shows all of it: hours of two days, days of two months. */
static enum tally_part span_for(const struct stats *s)
{
    uint64_t days = (s->last - s->first) / TICKS_PER_SECOND / 86400;
    return days < 2 ? TALLY_HOUR : days < 62 ? TALLY_DAY : TALLY_MONTH;
}

static void table_add(struct stats_session *s, const char *title, size_t tally, unsigned parts)
{
    s->tables[s->table_count++] = (struct stats_table){ title, &s->stats.tallies[tally], parts };
}

static void tables_choose(struct stats_session *s)
{
    static const char *const over_time[] = { "Events by hour", "Events by day", "Events by month" };
    if (s->command.by.count || s->command.form == FORM_CSV) {
        table_add(s, "Events", 0, s->options.parts[0]);
        return;
    }
    enum tally_part span = span_for(&s->stats);
    table_add(s, "Nodes and channels: what they cover", 0, TALLY_BY(TALLY_NODE) | TALLY_BY(TALLY_CHANNEL));
    table_add(s, "Levels", 0, TALLY_BY(TALLY_LEVEL));
    table_add(s, "Providers", 0, TALLY_BY(TALLY_PROVIDER));
    table_add(s, "Events that come most often", 0, TALLY_BY(TALLY_PROVIDER) | TALLY_BY(TALLY_ID));
    table_add(s, over_time[span - TALLY_HOUR], 1, TALLY_BY(span));
}

static bool stats_print(struct stats_session *s)
{
    unsigned columns = output_columns();
    const struct stats_report report = {
        .version = EVSCAN_VERSION,
        .stats = &s->stats,
        .partial = &s->partial,
        .tables = s->tables,
        .table_count = s->table_count,
        .interrupted = interrupt_asked(),
        .zone = &s->options.zone,
        .zone_name = zone_is_utc(&s->options.zone) ? "UTC" : s->zone_name,
        .width = s->command.width ? s->command.width : columns >= 60 ? columns : 80,
        .top = s->command.top ? s->command.top : s->command.form == FORM_TEXT ? TOP : UINT64_MAX,
    };
    struct buf out;
    buf_init(&out);
    if (s->command.form == FORM_JSON)
        stats_json(&report, &s->arena, &out);
    else if (s->command.form == FORM_CSV)
        stats_csv(&report, &s->arena, &out);
    else
        stats_text(&report, &s->arena, &out);
    if (s->command.form == FORM_TEXT)
        buf_add(&out, interruption_line());
    bool written = output_write(buf_text(&out));
    buf_done(&out);
    return written;
}

static void limit_explain(struct stats_session *s)
{
    uint64_t left_out = 0;
    for (size_t i = 0; i < STATS_TALLIES; i++)
        left_out += s->stats.tallies[i].left_out;
    const struct notice notice = { NOTICE_TALLY_LIMIT, NOTICE_NO_OFFSET, left_out };
    if (left_out)
        output_error("stats: %.*s", TEXT_ARG(notice_text(&s->arena, &notice)));
}

static int stats_all(struct stats_session *s)
{
    inputs_collect(&s->command.paths, &s->arena, &s->paths);
    if (!node_times_find(&s->times, &s->arena, &s->options.zone, &s->command.selection, &s->paths))
        return EXIT_RULES;
    if (s->options.zone.of_nodes)
        s->options.zone = node_zones_common(&s->times.timeline);
    progress_begin(&s->paths, PROGRESS_SILENT, s->command.selection.quiet);
    enum status status = stats_run(&s->options, &s->paths, &s->partial, &s->not_logs, &s->stats);
    progress_end();
    inputs_explain(&s->partial, &s->command.paths, s->not_logs, &s->arena);
    packed_explain(&s->arena, &s->paths, &s->partial);
    (void)inputs_readers_explain(&s->partial, &s->arena);
    int nothing = inputs_nothing_read(&s->partial, s->not_logs);
    if (nothing)
        return nothing;
    tables_choose(s);
    if (!stats_print(s))
        return EXIT_NO_OUTPUT;
    limit_explain(s);
    return status > ST_OK ? EXIT_INCOMPLETE : EXIT_NOTHING_FOUND;
}

int cmd_stats(int argc, char **argv)
{
    struct stats_session s = { 0 };
    arena_init(&s.arena);
    int status = command_parse(&s, argc, argv);
    if (status == PAGE_GO_ON) {
        partial_init(&s.partial);
        status = stats_all(&s);
        partial_done(&s.partial);
        node_times_done(&s.times);
    }
    arena_done(&s.arena);
    return status;
}
