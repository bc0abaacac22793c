/*
 * cmd_search.c - `evscan search PATTERN PATH...`: the events that say something.
 */
#include "cli/cmd.h"

#include <stdlib.h>

#include "cli/exit.h"
#include "cli/fields_met.h"
#include "cli/inputs.h"
#include "cli/interruption.h"
#include "cli/names_met.h"
#include "cli/node_times.h"
#include "cli/output.h"
#include "cli/packed.h"
#include "cli/progress.h"
#include "cli/selection.h"
#include "search/search.h"

/* In the order of enum show_form. */
static const char *const form_words[] = { "text", "csv", "json", "jsonl", "xml", NULL };
static const char *const colour_words[] = { "auto", "always", "never", NULL };
enum colour_use { COLOUR_AUTO, COLOUR_ALWAYS };

struct search_command {
    struct selection selection;
    struct option_list rest, fields;
    int form, colour;
    unsigned before, after, context, limit; /* 0: not given */
    bool regex, case_sensitive, unscreened;
};

static const struct option_spec search_specs[] = {
    FLAG_OPTION("regex", 'E', struct search_command, regex, "PATTERN is a regular expression (pcre2), else a text"),
    FLAG_OPTION("case-sensitive", 's', struct search_command, case_sensitive, "upper and lower case differ"),
    LIST_OPTION("field", 0, struct search_command, fields, "NAME", "search this field only (repeatable)"),
    NUMBER_OPTION("context", 'C', struct search_command, context, 1, SEARCH_CONTEXT, "N", "also N events before and "
                  "behind each match, of the same log"),
    NUMBER_OPTION("before", 'B', struct search_command, before, 1, SEARCH_CONTEXT, "N", "also N events before it"),
    NUMBER_OPTION("after", 'A', struct search_command, after, 1, SEARCH_CONTEXT, "N", "also N events behind it"),
    WORD_OPTION("format", 'o', struct search_command, form, form_words, "FORM", "text, csv, json, jsonl or xml (text)"),
    NUMBER_OPTION("limit", 0, struct search_command, limit, 1, UINT32_MAX, "N", "at most N matches"),
};

static const struct option_spec search_rare[] = {
    FLAG_OPTION("quiet", 'q', struct search_command, selection.quiet, "no progress on standard error"),
    WORD_OPTION("color", 0, struct search_command, colour, colour_words, "WHEN", "mark what matches in text: auto, "
                "always or never (auto: only on a terminal)"),
    FLAG_OPTION("no-screen", 0, struct search_command, unscreened, "decode every event, also those whose bytes cannot "
                "match"),
    TEXT_OPTION("codepage", 0, struct search_command, selection.codepage, "NAME", "of ANSI texts in .evtx logs "
                "(windows-1252)"),
    FLAG_OPTION("recover", 0, struct search_command, selection.recover, "also old records that are no longer part of "
                "the log"),
    WORD_OPTION("reader", 0, struct search_command, selection.reader, selection_readers, "WHO", "native, libyal or both"),
    NUMBER_OPTION("threads", 0, struct search_command, selection.threads, 1, MAX_THREADS, "N", "workers (as many as "
                  "processors)"),
};

const struct page search_page = {
    .name = "search",
    .usages = { "search [options] PATTERN PATH..." },
    .about = "Prints the events in which PATTERN stands: in a value, in the sentence that show\n"
             "prints, in the provider, channel, node, event ID or user.  Each is searched by\n"
             "itself.  PATH is a log, a folder with logs in it, or - for standard input.\n",
    .groups = { OPTION_GROUP(search_specs, 0),
                OPTION_GROUP(selection_specs, offsetof(struct search_command, selection)) },
    .rare = OPTION_GROUP(search_rare, 0),
    .end = "Exit status, as of a scan and unlike grep's: 0 nothing found, 1 something found,\n"
           "2 nothing found but some input could not be read, 3 both; 64 usage, 65 no logs,\n"
           "66 no input, 73 no output.\n",
    .manual = "evscan-search",
};

/* All that one run holds. */
struct search_session {
    struct arena arena;
    struct search_command command;
    struct search_options options;
    struct search_pattern *pattern;
    struct catalog *catalog;
    struct option_list path_arguments;
    struct path_list paths;
    struct partial partial;
    struct search_outcome outcome;
    struct node_times times;
    size_t not_logs;
};

static bool wants_colour(const struct search_command *c)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool plain = (no_colour && *no_colour) || (terminal && strcmp(terminal, "dumb") == 0);
    return c->form == SHOW_TEXT &&
           (c->colour == COLOUR_ALWAYS || (c->colour == COLOUR_AUTO && output_columns() && !plain));
}

static void fields_make(struct search_session *s)
{
    const struct option_list *given = &s->command.fields;
    struct text *fields = ARENA_NEW_N(&s->arena, struct text, given->count);
    for (size_t i = 0; i < given->count; i++)
        fields[i] = text_from(given->items[i]);
    s->options.fields = fields;
    s->options.field_count = given->count;
}

static unsigned neighbours(unsigned own, unsigned both)
{
    return own ? own : both;
}

static bool options_make(struct search_session *s, struct text *error)
{
    const struct search_command *c = &s->command;
    s->options = (struct search_options){
        .show = {
            .form = (enum show_form)c->form,
            .limit = c->limit ? c->limit : UINT64_MAX,
            .threads = selection_threads(&c->selection),
            .reader = (enum reader_use)c->selection.reader,
            .recover = c->selection.recover,
            .write = output_write,
        },
        .before = neighbours(c->before, c->context),
        .after = neighbours(c->after, c->context),
        .colour = wants_colour(c),
        /* Bytes of other code pages may fold to ASCII in ways that the screen does not know. */
        .unscreened = c->unscreened || c->selection.codepage,
    };
    fields_make(s);
    const struct option_list paths = { c->rest.items + 1, c->rest.count - 1 };
    if (!selection_read(&s->arena, &c->selection, &s->options.show.filter, &s->options.show.zone, error) ||
        !node_times_can(&s->options.show.zone, &paths, error))
        return false;
    s->pattern = search_pattern_new(&s->arena, text_from(c->rest.items[0]), c->regex, c->case_sensitive, error);
    s->options.pattern = s->pattern;
    return s->pattern != NULL;
}

static int command_parse(struct search_session *s, int argc, char **argv)
{
    struct search_command *c = &s->command;
    struct text error;
    int status = page_parse(&s->arena, &search_page, c, argc, argv, &c->rest);
    if (status != PAGE_GO_ON)
        return status;
    if (c->rest.count < 2 || !*c->rest.items[0])
        return page_mistake(&search_page, TEXT("name what to search for and where; for example: evscan search 'access "
                                               "is denied' System.evtx (evscan search --help)"));
    s->path_arguments = (struct option_list){ c->rest.items + 1, c->rest.count - 1 };
    return options_make(s, &error) ? PAGE_GO_ON : page_mistake(&search_page, error);
}

static int search_all(struct search_session *s)
{
    s->catalog = inputs_catalog(&s->arena);
    s->options.show.catalog = s->catalog;
    inputs_collect(&s->path_arguments, &s->arena, &s->paths);
    if (!node_times_find(&s->times, &s->arena, &s->options.show.zone, &s->command.selection, &s->paths))
        return EXIT_RULES;
    s->options.show.nodes = &s->times.timeline;
    progress_begin(&s->paths, PROGRESS_STREAMED, s->command.selection.quiet);
    enum status status = search_run(&s->options, &s->paths, &s->partial, &s->not_logs, &s->outcome);
    progress_end();
    if (!s->outcome.written || !output_write(interruption_of(s->options.show.form)))
        return EXIT_NO_OUTPUT;
    inputs_explain(&s->partial, &s->path_arguments, s->not_logs, &s->arena);
    inputs_losses_explain(&s->partial, &s->arena);
    /* Behind the last match that was asked for nothing was read, packed or not. */
    if (s->outcome.matches < s->options.show.limit)
        packed_explain(&s->arena, &s->paths, &s->partial);
    (void)inputs_readers_explain(&s->partial, &s->arena);
    inputs_notice_explain(&s->partial, NOTICE_SEARCH_GAVE_UP, &s->arena);
    int nothing = inputs_nothing_read(&s->partial, s->not_logs);
    if (nothing)
        return nothing;
    fields_met_explain(&s->arena, &s->options, &s->outcome, &s->paths);
    if (!s->outcome.matches)
        names_met_explain(&s->arena, &s->command.selection, &s->paths, &s->partial, "");
    if (status > ST_OK)
        return s->outcome.matches ? EXIT_FOUND_INCOMPLETE : EXIT_INCOMPLETE;
    return s->outcome.matches ? EXIT_FOUND : EXIT_NOTHING_FOUND;
}

int cmd_search(int argc, char **argv)
{
    struct search_session s = { 0 };
    arena_init(&s.arena);
    int status = command_parse(&s, argc, argv);
    if (status == PAGE_GO_ON) {
        partial_init(&s.partial);
        status = search_all(&s);
        partial_done(&s.partial);
        node_times_done(&s.times);
        catalog_free(s.catalog);
    }
    search_pattern_free(s.pattern);
    arena_done(&s.arena);
    return status;
}
