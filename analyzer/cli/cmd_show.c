/*
 * cmd_show.c - `evscan show PATH...`: print events.
 */
#include "cli/cmd.h"

#include <inttypes.h>

#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/interruption.h"
#include "cli/names_met.h"
#include "cli/node_times.h"
#include "cli/output.h"
#include "cli/packed.h"
#include "cli/progress.h"
#include "cli/selection.h"
#include "show/show.h"

/* In the order of enum show_form. */
static const char *const form_words[] = { "text", "csv", "json", "jsonl", "xml", NULL };
struct show_command {
    struct selection selection;
    struct option_list paths;
    int form;
    unsigned limit; /* 0: not given */
    bool unique;
};

/* All that one run holds. */
struct show_session {
    struct arena arena;
    struct show_command command;
    struct show_options options;
    struct catalog *catalog;
    struct path_list paths;
    struct partial partial;
    struct node_times times;
    size_t not_logs;
};

static const struct option_spec show_specs[] = {
    WORD_OPTION("format", 'o', struct show_command, form, form_words, "FORM", "text, csv, json, jsonl or xml (text)"),
    NUMBER_OPTION("limit", 0, struct show_command, limit, 1, UINT32_MAX, "N", "at most N events"),
    FLAG_OPTION("unique", 0, struct show_command, unique, "leave out what an earlier log has as well"),
};

const struct page show_page = {
    .name = "show",
    .usages = { "show [options] PATH..." },
    .about = "Prints the events of Windows event logs (.evt, .evtx), in the order of the logs.\n"
             "PATH is a log, a folder with logs in it, or - for standard input.\n",
    .groups = { OPTION_GROUP(show_specs, 0), OPTION_GROUP(selection_specs, offsetof(struct show_command, selection)) },
    .rare = OPTION_GROUP(selection_rare, offsetof(struct show_command, selection)),
    .end = "Exit status: 0 all was read, 1 the readers differ (--reader both), 2 some input\n"
           "could not be read, 3 both; 64 usage, 65 no logs, 66 no input, 73 no output.\n",
    .manual = "evscan-show",
};

/* With --reader both, each record behind the name of its log; the events have standard output for themselves. */
static void difference_print(const char *path, struct text record)
{
    output_error("%s: %.*s", path, (int)text_trim(record).n, record.p);
}

static int command_parse(struct show_session *s, int argc, char **argv)
{
    struct show_command *c = &s->command;
    struct show_options *o = &s->options;
    struct text error;
    int status = page_parse(&s->arena, &show_page, c, argc, argv, &c->paths);
    if (status != PAGE_GO_ON)
        return status;
    if (!c->paths.count)
        return page_mistake(&show_page, TEXT("no log given; for example: evscan show --id 1069 System.evtx (evscan "
                                             "show --help)"));
    *o = (struct show_options){
        .form = (enum show_form)c->form,
        .limit = c->limit ? c->limit : UINT64_MAX,
        .threads = selection_threads(&c->selection),
        .reader = (enum reader_use)c->selection.reader,
        .recover = c->selection.recover,
        .unique = c->unique,
        .write = output_write,
        .differs = difference_print,
    };
    if (!selection_read(&s->arena, &c->selection, &o->filter, &o->zone, &error) ||
        !node_times_can(&o->zone, &c->paths, &error))
        return page_mistake(&show_page, error);
    return PAGE_GO_ON;
}

/* Only sentences need the catalog. */
static void catalog_load(struct show_session *s)
{
    if (s->options.form == SHOW_TEXT || s->options.form == SHOW_CSV)
        s->catalog = inputs_catalog(&s->arena);
    s->options.catalog = s->catalog;
}

static void duplicates_explain(const struct partial *partial, bool left_out)
{
    for (size_t i = 0; i < partial->input_count; i++) {
        const struct input_result *input = partial->inputs[i];
        uint64_t count = input->account.duplicates;
        if (count)
            output_error("%.*s: %" PRIu64 " event%s in an earlier log as well%s", TEXT_ARG(input->path), count,
                         count == 1 ? " is" : "s are", left_out ? " and left out" : " (--unique leaves them out)");
    }
}

static int show_all(struct show_session *s)
{
    struct show_outcome outcome;
    catalog_load(s);
    inputs_collect(&s->command.paths, &s->arena, &s->paths);
    if (!node_times_find(&s->times, &s->arena, &s->options.zone, &s->command.selection, &s->paths))
        return EXIT_RULES;
    s->options.nodes = &s->times.timeline;
    progress_begin(&s->paths, PROGRESS_STREAMED, s->command.selection.quiet);
    enum status status = show_run(&s->options, &s->paths, &s->partial, &s->not_logs, &outcome);
    progress_end();
    if (!outcome.written || !output_write(interruption_of(s->options.form)))
        return EXIT_NO_OUTPUT;
    inputs_explain(&s->partial, &s->command.paths, s->not_logs, &s->arena);
    inputs_losses_explain(&s->partial, &s->arena);
    /* Behind the last event that was asked for nothing was read, packed or not. */
    if (outcome.events < s->options.limit)
        packed_explain(&s->arena, &s->paths, &s->partial);
    duplicates_explain(&s->partial, s->options.unique);
    size_t differing = inputs_readers_explain(&s->partial, &s->arena);
    int nothing = inputs_nothing_read(&s->partial, s->not_logs);
    if (nothing)
        return nothing;
    if (!outcome.events)
        names_met_explain(&s->arena, &s->command.selection, &s->paths, &s->partial, "");
    if (differing)
        return status > ST_OK ? EXIT_FOUND_INCOMPLETE : EXIT_FOUND;
    return status > ST_OK ? EXIT_INCOMPLETE : EXIT_NOTHING_FOUND;
}

int cmd_show(int argc, char **argv)
{
    struct show_session s = { 0 };
    arena_init(&s.arena);
    int status = command_parse(&s, argc, argv);
    if (status == PAGE_GO_ON) {
        partial_init(&s.partial);
        status = show_all(&s);
        partial_done(&s.partial);
        node_times_done(&s.times);
        catalog_free(s.catalog);
    }
    arena_done(&s.arena);
    return status;
}
