/*
 * cmd_show.c - `evscan show PATH...`: print events.
 */
#include "cli/cmd.h"

#include <time.h>

#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/knowledge.h"
#include "cli/options.h"
#include "cli/output.h"
#include "show/show.h"

static const char show_help[] =
    "Usage: evscan show [options] PATH...\n"
    "\n"
    "Prints the events of Windows event logs (.evt, .evtx), in the order of the logs.\n"
    "PATH is a log, a folder with logs in it, or - for standard input.\n"
    "\n"
    "  -o, --format FORM     text, csv, json, jsonl or xml (text)\n"
    "  --id LIST             event IDs: 1069, 1000-1200, 1069,1177\n"
    "  --level LIST          critical, error, warning, information, verbose; 1-3\n"
    "  --provider NAME       names with * and ?, without regard to case; these three\n"
    "  --channel NAME        may be given several times\n"
    "  --node NAME           computer, with or without its domain\n"
    "  --from TIME           2016-07-08, 2016-07-08T18:12, or -24h: that long before\n"
    "  --to TIME             now (s, m, h, d, w); --to is where it ends\n"
    "  --record LIST         record numbers: 4711, 100-200\n"
    "  --limit N             at most N events\n"
    "  --tz ZONE             UTC, +02:00, local or a name such as Europe/Berlin, for\n"
    "                        text, csv and times without offset (UTC)\n"
    "  --codepage NAME       of ANSI texts in .evtx logs (windows-1252)\n"
    "  --recover             also old records that are no longer part of the log\n"
    "  --reader READER       native, libyal (the libraries libevtx, libevt), or both:\n"
    "                        compared; with --recover also what only libyal finds\n"
    "  --threads N           workers (as many as processors)\n"
    "  --help\n"
    "\n"
    "Exit status: 0 all was read, 2 some input could not be read; 64 usage, 65 no\n"
    "logs, 66 no input, 73 no output.  More: man evscan-show\n";

/* In the order of enum show_form. */
static const char *const form_words[] = { "text", "csv", "json", "jsonl", "xml", NULL };
/* In the order of enum reader_use. */
static const char *const reader_words[] = { "native", "libyal", "both", NULL };

struct show_command {
    struct option_list ids, levels, records, providers, channels, nodes, paths;
    const char *from, *to, *zone, *codepage;
    int form, reader;
    unsigned limit, threads; /* 0: not given */
    bool recover, help;
};

/* All that one run holds. */
struct show_session {
    struct arena arena;
    struct show_command command;
    struct show_options options;
    struct catalog *catalog;
    struct path_list paths;
    struct partial partial;
    size_t not_logs;
};

static bool command_parse(struct arena *arena, int argc, char **argv, struct show_command *c, struct text *error)
{
    const struct option_spec specs[] = {
        { "format", OPTION_WORD, &c->form, form_words, 0, 0 },
        { "o", OPTION_WORD, &c->form, form_words, 0, 0 },
        { "id", OPTION_LIST, &c->ids, NULL, 0, 0 },
        { "level", OPTION_LIST, &c->levels, NULL, 0, 0 },
        { "provider", OPTION_LIST, &c->providers, NULL, 0, 0 },
        { "channel", OPTION_LIST, &c->channels, NULL, 0, 0 },
        { "node", OPTION_LIST, &c->nodes, NULL, 0, 0 },
        { "from", OPTION_TEXT, &c->from, NULL, 0, 0 },
        { "to", OPTION_TEXT, &c->to, NULL, 0, 0 },
        { "record", OPTION_LIST, &c->records, NULL, 0, 0 },
        { "limit", OPTION_NUMBER, &c->limit, NULL, 1, UINT32_MAX },
        { "tz", OPTION_TEXT, &c->zone, NULL, 0, 0 },
        { "codepage", OPTION_TEXT, &c->codepage, NULL, 0, 0 },
        { "reader", OPTION_WORD, &c->reader, reader_words, 0, 0 },
        { "recover", OPTION_FLAG, &c->recover, NULL, 0, 0 },
        { "threads", OPTION_NUMBER, &c->threads, NULL, 1, MAX_THREADS },
        { "help", OPTION_FLAG, &c->help, NULL, 0, 0 },
    };
    if (!options_parse(arena, specs, COUNT_OF(specs), argc, argv, &c->paths, error))
        return false;
    if (c->paths.count || c->help)
        return true;
    *error = TEXT("no log given; for example: evscan show --id 1069 System.evtx (evscan show --help)");
    return false;
}

static bool lists_parse(struct arena *arena, const struct show_command *c, struct show_filter *f, struct text *error)
{
    const struct {
        const char *name, *example;
        const struct option_list *given;
        struct ranges *target;
        bool (*add)(struct ranges *r, struct arena *arena, struct text t);
    } lists[] = {
        { "id", "1069 or 1000-1200,1230", &c->ids, &f->ids, ranges_add },
        { "record", "4711 or 100-200", &c->records, &f->records, ranges_add },
        { "level", "critical,error or 1-3", &c->levels, &f->levels, levels_add },
    };
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (size_t k = 0; k < lists[i].given->count; k++)
            if (!lists[i].add(lists[i].target, arena, text_from(lists[i].given->items[k]))) {
                *error = text_keep_format(arena, "--%s %s: must be a list such as %s", lists[i].name,
                                          lists[i].given->items[k], lists[i].example);
                return false;
            }
    return true;
}

static void names_parse(struct arena *arena, const struct option_list *given, struct patterns *ret)
{
    for (size_t i = 0; i < given->count; i++)
        patterns_add(ret, arena, text_from(given->items[i]));
}

static bool moment_parse(struct arena *arena, const struct zone *zone, const char *name, const char *given,
                         uint64_t *ret, struct text *error)
{
    time_t now = time(NULL);
    if (!given || zone_moment(zone, text_from(given), filetime_from_unix((uint64_t)now), ret))
        return true;
    *error = text_keep_format(arena, "--%s %s: must be a time such as 2016-07-08T18:12 or -24h", name, given);
    return false;
}

static bool times_parse(struct arena *arena, const struct show_command *c, struct show_options *o, struct text *error)
{
    const char *zone = c->zone ? c->zone : "UTC";
    if (!zone_parse(zone, &o->zone)) {
        *error = text_keep_format(arena, "--tz %s: no time zone of that name here; an offset such as +02:00 always works",
                                  zone);
        return false;
    }
    o->filter.timed = c->from || c->to;
    o->filter.before = UINT64_MAX;
    return moment_parse(arena, &o->zone, "from", c->from, &o->filter.from, error) &&
           moment_parse(arena, &o->zone, "to", c->to, &o->filter.before, error);
}

static bool options_make(struct show_session *s, struct text *error)
{
    const struct show_command *c = &s->command;
    struct show_options *o = &s->options;
    *o = (struct show_options){
        .form = (enum show_form)c->form,
        .limit = c->limit ? c->limit : UINT64_MAX,
        .threads = c->threads ? c->threads : threads_default(),
        .reader = (enum reader_use)c->reader,
        .recover = c->recover,
        .write = output_write,
    };
    names_parse(&s->arena, &c->providers, &o->filter.providers);
    names_parse(&s->arena, &c->channels, &o->filter.channels);
    names_parse(&s->arena, &c->nodes, &o->filter.nodes);
    return codepage_parse(&s->arena, c->codepage, error) && lists_parse(&s->arena, c, &o->filter, error) &&
           times_parse(&s->arena, c, o, error);
}

/* Only sentences need the catalog.  A mistake in it takes away sentences, not events. */
static void catalog_load(struct show_session *s)
{
    struct diags diags;
    struct buf out;
    if (s->options.form != SHOW_TEXT && s->options.form != SHOW_CSV)
        return;
    diags_init(&diags, &s->arena);
    s->catalog = knowledge_catalog(&s->arena, &diags);
    s->options.catalog = s->catalog;
    buf_init(&out);
    diags_print(&diags, &out);
    output_message(buf_text(&out));
    buf_done(&out);
}

/* What was lost inside of logs: the events cannot say it. */
static void losses_explain(const struct show_session *s)
{
    for (size_t i = 0; i < s->partial.input_count; i++) {
        const struct input_result *input = s->partial.inputs[i];
        if (input->status > ST_OK && input->status < ST_LOST_INPUT)
            output_error("%.*s: not all of it could be read; the report of evscan scan says what is missing",
                         TEXT_ARG(input->path));
    }
}

/* With --reader both: whether the second reader agrees; which records differ, evscan compare says. */
static void second_explain(struct show_session *s)
{
    for (size_t i = 0; i < s->partial.input_count; i++) {
        const struct input_result *input = s->partial.inputs[i];
        for (size_t k = 0; k < input->notices.count; k++) {
            enum notice_code code = input->notices.items[k].code;
            if (code == NOTICE_LIBYAL_DIFFERS || code == NOTICE_LIBYAL_UNREAD)
                output_error("%.*s: %.*s", TEXT_ARG(input->path),
                             TEXT_ARG(notice_text(&s->arena, &input->notices.items[k])));
        }
    }
}

static int show_all(struct show_session *s)
{
    bool written;
    catalog_load(s);
    inputs_collect(&s->command.paths, &s->arena, &s->paths);
    enum status status = show_run(&s->options, &s->paths, &s->partial, &s->not_logs, &written);
    if (!written)
        return EXIT_NO_OUTPUT;
    inputs_explain(&s->partial, &s->command.paths, s->not_logs, &s->arena);
    losses_explain(s);
    second_explain(s);
    int nothing = inputs_nothing_read(&s->partial, s->not_logs);
    if (nothing)
        return nothing;
    return status > ST_OK ? EXIT_INCOMPLETE : EXIT_NOTHING_FOUND;
}

int cmd_show(int argc, char **argv)
{
    struct show_session s = { 0 };
    struct text error;
    int status;
    arena_init(&s.arena);
    bool understood = command_parse(&s.arena, argc, argv, &s.command, &error);
    if (understood && s.command.help) {
        status = output_write(text_from(show_help)) ? EXIT_NOTHING_FOUND : EXIT_NO_OUTPUT;
    } else if (!understood || !options_make(&s, &error)) {
        output_error("%.*s", TEXT_ARG(error));
        status = EXIT_USAGE_ERROR;
    } else {
        partial_init(&s.partial);
        status = show_all(&s);
        partial_done(&s.partial);
        catalog_free(s.catalog);
    }
    arena_done(&s.arena);
    return status;
}
