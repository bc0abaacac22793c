/*
 * cmd_timeline.c - `evscan timeline PATH...`: the events of all nodes in one order.
 */
#include "cli/cmd.h"

#include <string.h>

#include "base/limits.h"
#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/interruption.h"
#include "cli/knowledge.h"
#include "cli/names_met.h"
#include "cli/output.h"
#include "cli/packed.h"
#include "cli/progress.h"
#include "cli/rules.h"
#include "cli/selection.h"
#include "timeline/merged.h"

/* In the order of enum merged_form. */
static const char *const form_words[] = { "text", "csv", "jsonl", NULL };

struct timeline_command {
    struct selection selection;
    struct rules_command rules; /* `rest` are the paths */
    int form;
    unsigned limit, width, memory; /* 0: not given */
    bool all;
};

static const struct option_spec timeline_specs[] = {
    WORD_OPTION("format", 'o', struct timeline_command, form, form_words, "FORM", "text, csv or jsonl (text)"),
    FLAG_OPTION("all", 'a', struct timeline_command, all, "all events; else those of the levels critical, error and "
                "warning, and those that a rule looks for"),
    NUMBER_OPTION("limit", 0, struct timeline_command, limit, 1, UINT32_MAX, "N", "at most N events"),
    NUMBER_OPTION("width", 0, struct timeline_command, width, 60, 10000, "N", "columns of text (the terminal's, else "
                  "lines are whole)"),
};

static const struct option_spec timeline_rare[] = {
    NUMBER_OPTION("memory", 0, struct timeline_command, memory, 1, 1u << 20, "MIB", "lines that are kept in memory "
                  "before a temporary file is used (32)"),
    LIST_OPTION("rules", 0, struct timeline_command, rules.rules, "PATH", "these rules instead of the shipped ones"),
    LIST_OPTION("add-rules", 0, struct timeline_command, rules.add_rules, "PATH", "these besides them"),
    FLAG_OPTION("quiet", 'q', struct timeline_command, selection.quiet, "no progress and no warnings on "
                "standard error"),
    TEXT_OPTION("codepage", 0, struct timeline_command, selection.codepage, "NAME", "of ANSI texts in .evtx logs "
                "(windows-1252)"),
    FLAG_OPTION("recover", 0, struct timeline_command, selection.recover, "also old records that are no longer part of "
                "the log"),
    WORD_OPTION("reader", 0, struct timeline_command, selection.reader, selection_readers, "WHO", "native, libyal or "
                "both"),
    NUMBER_OPTION("threads", 0, struct timeline_command, selection.threads, 1, MAX_THREADS, "N", "workers (as many as "
                  "processors)"),
};

const struct page timeline_page = {
    .name = "timeline",
    .usages = { "timeline [options] PATH..." },
    .about = "Prints the events of all nodes in one order.  Clocks that were apart are\n"
             "corrected as in a report, where events that two nodes logged about one moment\n"
             "tell by how much.  PATH is a log, a folder with logs in it, or - for standard\n"
             "input.\n",
    .groups = { OPTION_GROUP(timeline_specs, 0),
                OPTION_GROUP(selection_specs, offsetof(struct timeline_command, selection)) },
    .rare = OPTION_GROUP(timeline_rare, 0),
    .end = "Exit status: 0 all was read, 2 some input could not be read; 64 usage, 65 no\n"
           "logs, 66 no input, 73 no output, 78 no rules.\n",
    .manual = "evscan-timeline",
};

/* All that one run holds. */
struct timeline_session {
    struct arena arena;
    struct timeline_command command;
    struct merged_options options;
    struct knowledge knowledge;
    struct catalog *catalog;
    struct path_list paths;
    struct partial partial;
    struct merged_outcome outcome;
    size_t not_logs;
};

static int command_parse(struct timeline_session *s, int argc, char **argv)
{
    struct timeline_command *c = &s->command;
    struct merged_options *o = &s->options;
    struct text error;
    int status = page_parse(&s->arena, &timeline_page, c, argc, argv, &c->rules.rest);
    if (status != PAGE_GO_ON)
        return status;
    if (!c->rules.rest.count)
        return page_mistake(&timeline_page, TEXT("no log given; for example: evscan timeline node1.evt node2.evt "
                                                 "(evscan timeline --help)"));
    *o = (struct merged_options){
        .form = (enum merged_form)c->form,
        .all = c->all,
        .width = c->width ? c->width : output_columns(),
        .limit = c->limit ? c->limit : UINT64_MAX,
        .threads = selection_threads(&c->selection),
        .reader = (enum reader_use)c->selection.reader,
        .recover = c->selection.recover,
        .memory = (size_t)(c->memory ? c->memory : LIMIT_ROWS_MIB) << 20,
        .write = output_write,
    };
    if (!selection_read(&s->arena, &c->selection, &o->filter, &o->zone, &error))
        return page_mistake(&timeline_page, error);
    o->zone_name = o->zone.name ? o->zone.name : "UTC";
    return PAGE_GO_ON;
}

/* Whose times are not those of its log. */
static void clocks_explain(const struct timeline *t)
{
    for (size_t i = 0; i < t->node_count; i++) {
        char room[TIME_ISO_ROOM];
        int64_t ahead = t->nodes[i]->clock_ahead;
        if (!ahead)
            continue;
        struct text span = time_span((uint64_t)(ahead < 0 ? -ahead : ahead), room);
        const char *when = t->nodes[i]->stretch_count > 1 ? " for a time" : "";
        output_error("the clock of %.*s was %.*s %s the others%s; its times are corrected",
                     TEXT_ARG(t->nodes[i]->name), TEXT_ARG(span), ahead < 0 ? "behind" : "ahead of", when);
    }
}

/* What else would be printed. */
static const char *all_hint(const struct timeline_session *s)
{
    return s->options.all ? ""
                          : "; without --all only levels critical to warning, and what rules look for, are printed";
}

static int timeline_all(struct timeline_session *s)
{
    struct timeline_command *c = &s->command;
    if (!knowledge_load(&s->arena, &c->rules.rules, &c->rules.add_rules, &s->knowledge))
        return EXIT_RULES;
    knowledge_mistakes_tell(&s->knowledge, c->selection.quiet);
    s->catalog = inputs_catalog(&s->arena);
    s->options.catalog = s->catalog;
    s->options.rules = s->knowledge.rules;
    inputs_collect(&c->rules.rest, &s->arena, &s->paths);
    progress_begin(&s->paths, PROGRESS_SILENT, c->selection.quiet);
    enum status status = merged_run(&s->arena, &s->options, &s->paths, &s->partial, &s->not_logs, &s->outcome);
    progress_end();
    if (s->outcome.spill)
        output_error("timeline: the temporary file: %s; TMPDIR says where it goes", strerror(s->outcome.spill));
    if (s->outcome.spill || !s->outcome.written ||
        (c->form == MERGED_TEXT && !output_write(interruption_line())))
        return EXIT_NO_OUTPUT;
    inputs_explain(&s->partial, &c->rules.rest, s->not_logs, &s->arena);
    inputs_losses_explain(&s->partial, &s->arena);
    packed_explain(&s->arena, &s->paths, &s->partial);
    (void)inputs_readers_explain(&s->partial, &s->arena);
    clocks_explain(&s->outcome.timeline);
    if (s->knowledge.diags.errors)
        return EXIT_RULES;
    int nothing = inputs_nothing_read(&s->partial, s->not_logs);
    if (nothing)
        return nothing;
    if (!s->outcome.lines)
        names_met_explain(&s->arena, &s->command.selection, &s->paths, &s->partial, all_hint(s));
    return status > ST_OK ? EXIT_INCOMPLETE : EXIT_NOTHING_FOUND;
}

int cmd_timeline(int argc, char **argv)
{
    struct timeline_session s = { 0 };
    arena_init(&s.arena);
    int status = command_parse(&s, argc, argv);
    if (status == PAGE_GO_ON) {
        partial_init(&s.partial);
        status = timeline_all(&s);
        partial_done(&s.partial);
        catalog_free(s.catalog);
        knowledge_done(&s.knowledge);
    }
    arena_done(&s.arena);
    return status;
}
