/*
 * cmd_compare.c - `evscan compare PATH...`: evscan's reader and libyal on the same logs, record by record.
 */
#include "cli/cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/interruption.h"
#include "cli/output.h"
#include "cli/packed.h"
#include "cli/path_hint.h"
#include "cli/progress.h"
#include "compare/compare_text.h"
#include "io/input.h"
#include "io/interrupt.h"
#include "io/paths.h"
#include "form/escape.h"
#include "reader/archive.h"

#define NOTICES_SAID 10u /* of one log */

struct compare_command {
    struct option_list paths;
    const char *codepage;
    bool known, quiet;
};

struct compare_run {
    struct arena arena;
    struct compare_command command;
    struct path_list paths;
    struct compare_summary summary;
    struct buf out;
    const char *path;
    uint64_t bytes; /* of the inputs before this one */
    size_t logs, opened;
    struct names packed; /* files of folders */
    size_t packed_capacity;
    bool printed; /* the path, in front of its first record */
    bool lost, failed;
};

static void flush(struct compare_run *run)
{
    if (!run->failed)
        run->failed = !output_write(buf_text(&run->out));
    run->out.n = 0;
}

static void print_path(struct compare_run *run)
{
    if (run->printed)
        return;
    escape_terminal(&run->out, text_from(run->path));
    buf_add_char(&run->out, '\n');
    run->printed = true;
}

static void on_record(void *ctx, const struct compare_record *r)
{
    struct compare_run *run = ctx;
    if (r->verdict == COMPARE_KNOWN && !run->command.known)
        return;
    print_path(run);
    buf_add_c(&run->out, "  ");
    compare_record_text(&run->out, r, run->command.known);
    flush(run);
}

static void print_notices(struct compare_run *run, const struct notices *notices)
{
    size_t said = 0, more = 0;
    for (size_t i = 0; i < notices->count; i++) {
        if (notice_severity(notices->items[i].code) == NOTICE_INFO_LEVEL)
            continue;
        if (said == NOTICES_SAID) {
            more++;
            continue;
        }
        said++;
        print_path(run);
        buf_add_c(&run->out, "  ");
        escape_terminal(&run->out, notice_text(&run->arena, &notices->items[i]));
        buf_add_char(&run->out, '\n');
    }
    if (more)
        buf_add_format(&run->out, "  and %zu more of that kind; the report of evscan scan tells all\n", more);
}

/* What libyal makes of the file is told record by record. */
static bool is_incomplete(const struct notices *notices)
{
    for (int code = 0; code < NOTICE_CODES; code++)
        if (notices->seen[code] && code != NOTICE_LIBYAL_DAMAGED && notice_severity((enum notice_code)code) == NOTICE_LOSS_LEVEL)
            return true;
    return false;
}

static void on_read(void *ctx, uint64_t bytes)
{
    const struct compare_run *run = ctx;
    progress_tell(run->bytes + bytes, run->opened);
}

static void packed_note(struct compare_run *run, const char *path)
{
    struct names *files = &run->packed;
    if (!packed_is(path))
        return;
    files->items = arena_grow(&run->arena, files->items, files->count, &run->packed_capacity, sizeof *files->items);
    files->items[files->count++] = text_from(path);
}

/* What is no log and was met in a folder only is passed over; in the end it is said what is packed. */
static void compare_path(struct compare_run *run, const struct path_item *item)
{
    struct compare_sink sink = { run, on_record, on_read };
    struct notices notices;
    struct input *in = input_open(item->path);
    if (!in) {
        output_error("%s: %s", item->path, strerror(errno));
        run->lost = true;
        return;
    }
    /* While it was waited for: what is there of a pipe is not all of it. */
    if (interrupt_asked()) {
        input_close(in);
        return;
    }
    run->opened++;
    run->path = item->path;
    run->printed = false;
    notices_init(&notices, &run->arena);
    enum status status = compare_input(in, &sink, &run->summary, &notices);
    run->bytes += input_size(in);
    input_close(in);
    bool no_log = status == ST_LOST_INPUT && archive_or_no_log(&notices);
    bool is_log = !no_log && !notices.seen[NOTICE_INPUT_EMPTY];
    if (no_log && item->from_folder) {
        packed_note(run, item->path);
        return;
    }
    run->logs += is_log;
    run->lost |= status > ST_OK || is_incomplete(&notices);
    print_notices(run, &notices);
    flush(run);
}

static void print_summary(struct compare_run *run)
{
    const struct compare_summary *s = &run->summary;
    uint64_t all = 0;
    for (size_t i = 0; i < COMPARE_VERDICTS; i++)
        all += s->records[i];
    buf_add_format(&run->out, "%zu log%s, %" PRIu64 " record%s\n", run->logs, run->logs == 1 ? "" : "s", all,
                   all == 1 ? "" : "s");
    for (size_t i = 0; i < COMPARE_VERDICTS; i++)
        if (s->records[i])
            buf_add_format(&run->out, "%10" PRIu64 "  %s\n", s->records[i],
                           compare_verdict_name((enum compare_verdict)i));
    for (size_t i = 0; i < KNOWN_DIFFERENCES; i++)
        if (s->known[i])
            buf_add_format(&run->out, "%10" PRIu64 "  values %s: %s\n", s->known[i],
                           known_name((enum known_difference)i), known_reason((enum known_difference)i));
    buf_add(&run->out, interruption_line());
    flush(run);
}

/* A problem of a path was said; what is no log only by its notice. */
static void nothing_tell(const struct compare_run *run)
{
    const struct option_list *given = &run->command.paths;
    if (run->logs || (run->paths.problem_count && !run->paths.count) || interrupt_asked())
        return;
    output_error("%s%s: nothing to compare: %s", given->items[0], given->count > 1 ? " .." : "",
                 run->paths.count ? "no file there is an .evt or .evtx log with records"
                                  : "no file is there, in it or below");
}

static int compare_status(const struct compare_run *run)
{
    if (run->failed)
        return EXIT_NO_OUTPUT;
    if (!run->logs && interrupt_asked())
        return EXIT_INCOMPLETE;
    if (!run->opened && run->lost)
        return EXIT_NO_INPUT;
    if (!run->logs)
        return EXIT_NO_DATA;
    if (compare_differing(&run->summary) || compare_unread(&run->summary))
        return run->lost ? EXIT_FOUND_INCOMPLETE : EXIT_FOUND;
    return run->lost ? EXIT_INCOMPLETE : EXIT_NOTHING_FOUND;
}

static int compare_all(struct compare_run *run)
{
    for (size_t i = 0; i < run->command.paths.count; i++)
        paths_add(&run->paths, &run->arena, run->command.paths.items[i], NULL);
    paths_finish(&run->paths, &run->arena);
    for (size_t i = 0; i < run->paths.problem_count; i++) {
        const struct path_problem *problem = &run->paths.problems[i];
        output_error("%s: %s%.*s", problem->path, strerror(problem->error),
                     TEXT_ARG(path_hint(&run->arena, problem->path, problem->error)));
        run->lost = true;
    }
    progress_begin(&run->paths, PROGRESS_STREAMED, run->command.quiet);
    for (size_t i = 0; i < run->paths.count && !run->failed && !interrupt_asked(); i++)
        compare_path(run, &run->paths.items[i]);
    progress_end();
    run->lost |= interrupt_asked();
    print_summary(run);
    nothing_tell(run);
    packed_tell(&run->arena, &run->packed);
    return compare_status(run);
}

static const struct option_spec compare_specs[] = {
    TEXT_OPTION("codepage", 0, struct compare_command, codepage, "NAME", "of ANSI texts in .evtx logs (windows-1252)"),
    FLAG_OPTION("known", 0, struct compare_command, known, "also print the known differences one by one"),
    FLAG_OPTION("quiet", 'q', struct compare_command, quiet, "no progress on standard error"),
};

const struct page compare_page = {
    .name = "compare",
    .usages = { "compare [options] PATH..." },
    .about = "Reads each log twice, with evscan's own reader and with the libraries libevtx\n"
             "and libevt, and prints every record in which they differ: the field, what evscan\n"
             "reads, what libyal reads; and every record that only one of them has, or has\n"
             "whole.  Ways in which the library is known to write values otherwise are\n"
             "counted, with their reason; all else is a difference.\n",
    .groups = { OPTION_GROUP(compare_specs, 0) },
    .end = "Exit status: 0 no differences but known ones, 1 differences, 2 none but some\n"
           "input could not be read, 3 both; 64 usage, 65 no logs, 66 no input, 73 no\n"
           "output.\n",
    .manual = "evscan-compare",
};

static int command_parse(struct compare_run *run, int argc, char **argv)
{
    struct compare_command *c = &run->command;
    struct text error;
    int status = page_parse(&run->arena, &compare_page, c, argc, argv, &c->paths);
    if (status != PAGE_GO_ON)
        return status;
    if (!codepage_parse(&run->arena, c->codepage, &error))
        return page_mistake(&compare_page, error);
    if (c->paths.count)
        return PAGE_GO_ON;
    return page_mistake(&compare_page,
                        TEXT("no log given; for example: evscan compare System.evtx (evscan compare --help)"));
}

int cmd_compare(int argc, char **argv)
{
    struct compare_run run = { 0 };
    arena_init(&run.arena);
    buf_init(&run.out);
    int status = command_parse(&run, argc, argv);
    if (status == PAGE_GO_ON)
        status = compare_all(&run);
    buf_done(&run.out);
    arena_done(&run.arena);
    return status;
}
