#include "cli/reporting.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/inputs.h"
#include "cli/log_place.h"
#include "cli/output.h"
#include "cli/path_hint.h"
#include "io/new_file.h"
#include "state/clock.h"

struct report_place {
    const struct report_form *form;
    const char *path; /* NULL: standard output */
    struct report_options options;
    struct new_file file;
    struct log_place log; /* of a form that has a socket, in place of the file */
    struct sink sink;
    bool open;
};

static const char *const colour_words[] = { "auto", "always", "never", NULL };
enum colour_use { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* In the order of enum rule_level, without its first: a level that is not given. */
static const char *const level_words[] = { "informational", "low", "medium", "high", "critical", NULL };

/* In the order of enum report_detail. */
static const char *const detail_words[] = { "low", "med", "high", NULL };

const struct option_spec reporting_specs[10] = {
    WORD_OPTION("format", 'o', struct reporting, format, report_form_names, "FORMAT", "how to print the report: text, "
                "json, jsonl, csv, html, markdown, prometheus, nagios, syslog, journald (text)"),
    LIST_OPTION("output", 0, struct reporting, outputs, "FORMAT:PATH", "also to a file, syslog: or journald: "
                "(repeatable)"),
    FLAG_OPTION("force", 0, struct reporting, force, "replace files that are there already"),
    WORD_OPTION("detail", 0, struct reporting, detail, detail_words, "HOW", "of the text report: low, med, high (med)"),
    FLAG_OPTION("checksums", 0, struct reporting, checksums, "SHA-256 of each log, also in JSON (HTML has it always)"),
    FLAG_OPTION("explain", 0, struct reporting, explain, "show the arithmetic of every score"),
    WORD_OPTION("fail-level", 0, struct reporting, fail_level, level_words, "LEVEL", "exit status 1 from this level "
                "on: informational, low, medium, high, critical (low)"),
    TEXT_OPTION("tz", 0, struct reporting, zone_given, "ZONE", "of times: UTC, +02:00, local, node (each node's "
                "own) or a name such as Europe/Berlin (UTC)"),
    NUMBER_OPTION("width", 0, struct reporting, width, REPORTING_MIN_WIDTH, REPORTING_MAX_WIDTH, "N", "columns of the "
                  "text report (the terminal's, else 80)"),
    WORD_OPTION("color", 0, struct reporting, colour, colour_words, "WHEN", "auto, always or never (auto: only on a "
                "terminal)"),
};

/* Texts are copied: getopt changes the order of argv. */
void reporting_init(struct reporting *r, struct arena *arena, const char *command, int argc, char *const *argv)
{
    *r = (struct reporting){ .fail_level = RULE_LOW - RULE_INFORMATIONAL, .detail = DETAIL_MEDIUM, .began = clock_now() };
    r->arguments = ARENA_NEW_N(arena, struct text, (size_t)argc + 1);
    if (*command)
        r->arguments[r->argument_count++] = text_from(command);
    for (int i = 1; i < argc; i++)
        r->arguments[r->argument_count++] = text_from(argv[i]);
}

/* Clocks are set back at times. */
uint64_t reporting_took(const struct reporting *r)
{
    uint64_t now = clock_now();
    return now > r->began ? now - r->began : 0;
}

enum rule_level reporting_fail_level(const struct reporting *r)
{
    return (enum rule_level)(RULE_INFORMATIONAL + r->fail_level);
}

bool reporting_wants_checksums(const struct reporting *r)
{
    bool wanted = r->checksums;
    for (size_t i = 0; i < r->count; i++)
        wanted = wanted || r->places[i].form->checksums;
    return wanted;
}

bool reporting_wants_hours(const struct reporting *r)
{
    bool wanted = false;
    for (size_t i = 0; i < r->count; i++)
        wanted = wanted || r->places[i].form->hours;
    return wanted;
}

static bool wants_colour(const struct reporting *r, unsigned columns)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool plain = (no_colour && *no_colour) || (terminal && strcmp(terminal, "dumb") == 0);
    return r->colour == COLOUR_ALWAYS || (r->colour == COLOUR_AUTO && columns && !plain);
}

static struct report_options options_of(const struct reporting *r, bool on_terminal)
{
    unsigned columns = on_terminal ? output_columns() : 0;
    return (struct report_options){
        .detail = (enum report_detail)r->detail,
        .width = r->width ? r->width : columns >= REPORTING_MIN_WIDTH ? columns : 80,
        .colour = on_terminal && wants_colour(r, columns),
        .explain = r->explain,
        .fail_level = reporting_fail_level(r),
        .zone = r->zone,
    };
}

struct report_options reporting_plain(const struct reporting *r)
{
    return options_of(r, false);
}

static const struct report_form *form_named(struct text name)
{
    for (size_t i = 0; i < REPORT_FORMS; i++)
        if (text_equal(name, text_from(report_forms[i]->name)))
            return report_forms[i];
    return NULL;
}

/* "report.html" and "html=report.html" with the colon that was meant; empty when neither was. */
static struct text output_meant(struct arena *arena, const char *given)
{
    const char *dot = strrchr(given, '.');
    size_t equals = strcspn(given, "=");
    if (given[equals] && form_named((struct text){ given, equals }))
        return text_keep_format(arena, "%.*s:%s", (int)equals, given, given + equals + 1);
    if (dot && form_named(text_from(dot + 1)))
        return text_keep_format(arena, "%s:%s", dot + 1, given);
    return TEXT("");
}

static struct text output_mistake(struct arena *arena, const char *given, struct text name, bool whole)
{
    struct text all = words_expected(arena, report_form_names);
    const char *nearest = word_nearest(text_keep(arena, name).p, report_form_names);
    if (whole)
        return text_keep_format(arena, "--output %s: there is no format %.*s%s%s; formats: %.*s", given,
                                TEXT_ARG(name), nearest ? ", did you mean " : "", nearest ? nearest : "",
                                TEXT_ARG(all));
    struct text meant = output_meant(arena, given);
    if (meant.n)
        return text_keep_format(arena, "--output %s: must be FORMAT:PATH; did you mean %.*s?", given, TEXT_ARG(meant));
    return text_keep_format(arena, "--output %s: must be FORMAT:PATH, for example json:report.json; formats: %.*s",
                            given, TEXT_ARG(all));
}

/* Elsewhere "-" is standard output, which --format is for; so is /dev/stdout, which may be the file that it goes to. */
static bool is_standard_output(const char *path)
{
    static const char *const names[] = { "-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(path, names[i]) == 0)
            return true;
    return false;
}

static struct text output_standard(struct arena *arena, const char *given, struct text name)
{
    bool dash = given[name.n + 1] == '-';
    struct text file = dash ? text_keep_format(arena, " (a file of that name: %.*s:./-)", TEXT_ARG(name)) : TEXT("");
    return text_keep_format(arena, "--output %s: writes files; --format %.*s prints on standard output%.*s", given,
                            TEXT_ARG(name), TEXT_ARG(file));
}

/* "html:report.html", "syslog:local0" */
static bool output_parse(struct report_place *place, const char *given, struct arena *arena, struct text *error)
{
    struct text name = { given, strcspn(given, ":") };
    place->form = form_named(name);
    place->path = given + name.n + 1;
    bool colon = given[name.n] != '\0', whole = colon && *place->path;
    if (colon && place->form && place->form->socket)
        return log_place_parse(arena, place->form, place->path, &place->log, error);
    bool standard = whole && is_standard_output(place->path);
    if (whole && place->form && !standard)
        return true;
    *error = standard && place->form ? output_standard(arena, given, name) : output_mistake(arena, given, name, whole);
    return false;
}

bool reporting_parse(struct reporting *r, struct arena *arena, struct text *error)
{
    r->places = ARENA_NEW_N(arena, struct report_place, r->outputs.count + 1);
    r->places[r->count++] = (struct report_place){ .form = report_forms[r->format] };
    for (size_t i = 0; i < r->outputs.count; i++)
        if (!output_parse(&r->places[r->count++], r->outputs.items[i], arena, error))
            return false;
    /* Behind the outputs: the system's log is written in the time of this machine, which TZ tells until now. */
    if (!zone_choose(arena, r->zone_given, &r->zone, error))
        return false;
    for (size_t i = 0; i < r->count; i++)
        r->places[i].options = options_of(r, i == 0);
    return true;
}

bool reporting_only_always(struct reporting *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->places[i].form->always)
            r->places[kept++] = r->places[i];
    r->count = kept;
    return kept > 0;
}

static bool print(void *ctx, struct text t)
{
    UNUSED(ctx);
    return output_write(t);
}

static void say_unwritten(const char *path, int error)
{
    struct arena arena;
    arena_init(&arena);
    output_error("%s: cannot write the report: %s%.*s", path, strerror(error),
                 TEXT_ARG(path_new_hint(&arena, path, error)));
    arena_done(&arena);
}

static void complain(const struct report_place *place, int error)
{
    if (error == EEXIST)
        output_error("%s: the file is there already; --force replaces it", place->path);
    else if (error == EBUSY)
        output_error("%s: a report is being written there; give each its own path", place->path);
    else if (error == ENXIO)
        output_error("%s: a pipe that nobody reads; start its reader first", place->path);
    else
        say_unwritten(place->path, error);
}

static bool write_file(void *ctx, struct text t)
{
    struct report_place *place = ctx;
    int error = new_file_write(&place->file, t);
    if (error)
        complain(place, error);
    return error == 0;
}

static bool file_open(struct report_place *place, bool force)
{
    if (output_is_log(place->path))
        return false;
    int error = new_file_open(&place->file, place->path, force);
    if (error)
        complain(place, error);
    return error == 0;
}

static bool message_send(void *ctx, struct text t)
{
    struct report_place *place = ctx;
    return log_place_send(&place->log, t);
}

/* Standard output is always there. */
static bool place_open(struct report_place *place, bool force)
{
    bool to_log = place->path && place->form->socket;
    place->open = !place->path || (to_log ? log_place_open(&place->log) : file_open(place, force));
    if (!place->open)
        return false;
    sink_init(&place->sink, to_log ? message_send : place->path ? write_file : print, place);
    if (place->path && place->form->file_head)
        buf_add_c(&place->sink.text, place->form->file_head);
    return true;
}

bool reporting_open(struct reporting *r, const struct report *report)
{
    r->report = report;
    for (size_t i = 0; i < r->count; i++)
        if (!place_open(&r->places[i], r->force)) {
            reporting_done(r);
            return false;
        }
    for (size_t i = 0; i < r->count; i++)
        if (r->places[i].form->begin)
            r->places[i].form->begin(report, &r->places[i].options, &r->places[i].sink);
    reporting_pass_on(r);
    return true;
}

void reporting_found(struct reporting *r, const struct hit *hit)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->places[i].form->found)
            r->places[i].form->found(r->report, &r->places[i].options, hit, &r->places[i].sink);
}

void reporting_pass_on(struct reporting *r)
{
    for (size_t i = 0; i < r->count; i++)
        sink_flush(&r->places[i].sink); /* that it failed is said, and remembered */
}

static bool place_finish(struct report_place *place)
{
    bool written = sink_flush(&place->sink);
    if (!written || !place->path || place->form->socket)
        return written;
    int error = new_file_commit(&place->file);
    if (error)
        complain(place, error);
    return error == 0;
}

static bool is_plug_in(const struct report_place *place)
{
    return place->form == &report_nagios && !place->path;
}

bool reporting_write(struct reporting *r, const struct zone *common, bool standing)
{
    bool written = true;
    for (size_t i = 0; i < r->count; i++) {
        struct report_place *place = &r->places[i];
        if (place->form->always != standing || is_plug_in(place))
            continue;
        if (r->zone.of_nodes)
            place->options.zone = *common;
        place->form->write(r->report, &place->options, &place->sink);
        written = place_finish(place) && written;
    }
    return written;
}

bool reporting_is_plug_in(const struct reporting *r)
{
    return report_forms[r->format] == &report_nagios;
}

bool reporting_plug_in(const struct reporting *r)
{
    struct report_options options = options_of(r, false);
    struct sink sink;
    sink_init(&sink, print, NULL);
    report_nagios.write(r->report, &options, &sink);
    bool written = sink_flush(&sink);
    sink_done(&sink);
    return written;
}

void reporting_colourless(struct reporting *r)
{
    r->colour = COLOUR_NEVER;
}

void reporting_done(struct reporting *r)
{
    for (size_t i = 0; i < r->count; i++) {
        struct report_place *place = &r->places[i];
        if (!place->open)
            continue;
        sink_done(&place->sink);
        if (place->path && place->form->socket)
            log_place_close(&place->log);
        else if (place->path)
            new_file_drop(&place->file);
        place->open = false;
    }
}
