/*
 * cmd_verify.c - `evscan verify --since TIME --baseline REPORT PATH...`: did the remedy hold?
 */
#include "cli/cmd.h"

#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/packed.h"
#include "cli/progress.h"
#include "cli/report_file.h"
#include "cli/selection.h"
#include "cli/verification.h"
#include "scan/scan.h"
#include "state/clock.h"

static const char *const form_words[] = { "text", "json", NULL };
enum verify_form { FORM_TEXT, FORM_JSON };

struct verify_run {
    struct arena arena;
    struct report_file report; /* the baseline */
    struct analysis analysis;
    struct verification verification;
    struct option_list named;
    struct zone zone;

    /* as the command line says it */
    const char *since, *baseline, *zone_given, *codepage;
    int form, reader;
    unsigned width, threads; /* 0: not given */
};

static const struct option_spec verify_specs[] = {
    TEXT_OPTION("since", 0, struct verify_run, since, "TIME", "when the remedy was applied: 2016-07-08T18:12, or "
                "-24h: that long before now (s, m, h, d, w)"),
    TEXT_OPTION("baseline", 0, struct verify_run, baseline, "PATH", "the JSON report with the diagnoses (evscan "
                "--format json)"),
    WORD_OPTION("format", 'o', struct verify_run, form, form_words, "FORM", "text or json (text)"),
    TEXT_OPTION("tz", 0, struct verify_run, zone_given, "ZONE", "of times: UTC, +02:00, local or a name such as "
                "Europe/Berlin (UTC)"),
    NUMBER_OPTION("width", 0, struct verify_run, width, REPORTING_MIN_WIDTH, REPORTING_MAX_WIDTH, "N", "columns of "
                  "text (the terminal's, else 80)"),
    WORD_OPTION("reader", 0, struct verify_run, reader, selection_readers, "WHO", "native, libyal, or both (native)"),
    NUMBER_OPTION("threads", 0, struct verify_run, threads, 1, MAX_THREADS, "N", "workers (as many as processors)"),
    TEXT_OPTION("codepage", 0, struct verify_run, codepage, "NAME", "of ANSI texts in .evtx logs (windows-1252)"),
    FLAG_OPTION("quiet", 'q', struct verify_run, analysis.quiet, "no progress and no warnings on standard error"),
};

const struct page verify_page = {
    .name = "verify",
    .usages = { "verify --since TIME --baseline REPORT [options] PATH..." },
    .about = "Says for each diagnosis of an earlier report whether it recurred since a remedy\n"
             "was applied; and when it did not, whether anything happened that would have\n"
             "shown it, such as a start of the cluster service, or what to do to try it.\n"
             "PATH is a log of the time since then, a folder with such logs, or - for\n"
             "standard input.\n",
    .groups = { OPTION_GROUP(verify_specs, 0), OPTION_GROUP(analysis_specs, offsetof(struct verify_run, analysis)) },
    .end = "Exit status: 0 all held, 1 something recurred, 2 nothing did, but something is\n"
           "not yet tried or some input could not be read, 3 both; 64 usage, 65 no logs or\n"
           "no report, 66 no input, 73 no output, 78 a mistake in a rule file.\n",
    .manual = "evscan-verify",
};

static bool since_parse(struct verify_run *run, struct text *error)
{
    if (zone_moment(&run->zone, text_from(run->since), clock_now(), ZONE_FROM, &run->verification.since))
        return true;
    *error = text_keep_format(&run->arena, "--since %s: must be a time such as 2016-07-08T18:12 or -24h", run->since);
    return false;
}

/* One moment divides the logs of all nodes: it is of one zone. */
static bool zone_read(struct verify_run *run, struct text *error)
{
    if (!zone_choose(&run->arena, run->zone_given, &run->zone, error))
        return false;
    if (run->zone.of_nodes)
        *error = TEXT("--tz node: verify has one zone for all nodes; for example --tz Europe/Berlin");
    return !run->zone.of_nodes;
}

static int command_parse(struct verify_run *run, int argc, char **argv)
{
    struct text error;
    int status = page_parse(&run->arena, &verify_page, run, argc, argv, &run->named);
    if (status != PAGE_GO_ON)
        return status;
    if (!run->since || !run->baseline || !run->named.count)
        return page_mistake(&verify_page, TEXT("say --since TIME, --baseline REPORT and the logs; for example: evscan "
                                               "verify --since 2016-07-08T18:12 --baseline before.json exports/"));
    if (!codepage_parse(&run->arena, run->codepage, &error) ||
        !zone_read(run, &error) || !since_parse(run, &error))
        return page_mistake(&verify_page, error);
    return PAGE_GO_ON;
}

static void logs_scan(struct verify_run *run)
{
    struct analysis *a = &run->analysis;
    struct path_list paths;
    const struct scan_options options = { .threads = run->threads ? run->threads : threads_default(),
                                          .reader = (enum reader_use)run->reader };
    inputs_collect(&run->named, &run->arena, &paths);
    progress_begin(&paths, PROGRESS_SILENT, a->quiet);
    a->status = scan_run(&options, a->knowledge.rules, &paths, &a->partial, &a->not_logs);
    progress_end();
    inputs_explain(&a->partial, &run->named, a->not_logs, &run->arena);
    packed_explain(&run->arena, &paths, &a->partial);
}

static bool result_print(struct verify_run *run)
{
    unsigned columns = output_columns();
    struct buf out;
    buf_init(&out);
    if (run->form == FORM_JSON)
        verify_json(&run->verification, &out);
    else
        verify_text(&run->verification, &run->arena, &run->zone,
                    run->width ? run->width : columns >= REPORTING_MIN_WIDTH ? columns : 80, &out);
    bool written = output_write(buf_text(&out));
    buf_done(&out);
    return written;
}

static int exit_status(const struct verify_run *run)
{
    const struct verification *v = &run->verification;
    int status = v->of[VERIFIED_RECURRED] ? EXIT_FOUND : EXIT_NOTHING_FOUND;
    if (run->analysis.knowledge.diags.errors)
        return EXIT_RULES;
    return v->of[VERIFIED_UNTRIED] || run->analysis.status > ST_OK ? status | EXIT_INCOMPLETE : status;
}

static int verify(struct verify_run *run, const struct report_file *report)
{
    struct analysis *a = &run->analysis;
    logs_scan(run);
    int nothing = inputs_nothing_read(&a->partial, a->not_logs);
    if (nothing)
        return nothing;
    a->since = run->verification.since;
    analysis_diagnose(a);
    verification_make(&run->arena, report, a, &run->verification);
    return result_print(run) ? exit_status(run) : EXIT_NO_OUTPUT;
}

static int run_all(struct verify_run *run)
{
    const struct report_file *report = &run->report;
    int status = report_file_read(run->baseline, &run->report);
    if (status)
        return status;
    if (!report_file_count(report_file_list(report->root, "diagnoses"))) {
        output_error("%s: the report has no diagnosis that could recur", run->baseline);
        return EXIT_NO_DATA;
    }
    run->verification.baseline = run->baseline;
    status = analysis_begin(&run->analysis, &run->arena) ? verify(run, report) : EXIT_RULES;
    analysis_end(&run->analysis);
    return status;
}

int cmd_verify(int argc, char **argv)
{
    struct verify_run run = { 0 };
    arena_init(&run.arena);
    int status = command_parse(&run, argc, argv);
    if (status == PAGE_GO_ON)
        status = run_all(&run);
    report_file_done(&run.report);
    arena_done(&run.arena);
    return status;
}
