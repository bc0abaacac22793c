/*
 * cmd_scan.c - `evscan [scan] PATH...`: load the rules, scan, correlate, diagnose, report.
 */
#include "cli/cmd.h"

#include <unistd.h>

#include "base/limits.h"
#include "cli/analysis.h"
#include "cli/config.h"
#include "cli/config_outputs.h"
#include "cli/cron.h"
#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/packed.h"
#include "cli/partial_place.h"
#include "cli/plug_in.h"
#include "cli/profile.h"
#include "cli/progress.h"
#include "cli/selection.h"
#include "scan/scan.h"

/* In the order of enum reader_use. */
static const char *const reader_words[] = { "native", "libyal", "both", NULL };

/* All that one run holds. */
struct run {
    struct arena arena;
    struct analysis analysis;
    struct path_list paths;
    struct rule_cost *costs; /* by rule and correlation; NULL without --profile-rules */

    /* as the command line says it */
    struct option_list named;
    const char *partial; /* where to save it; NULL: diagnose and report */
    int reader;
    unsigned threads; /* 0 = find out */
    const char *codepage, *config, *from, *to;
    struct scan_between between;
    struct cron_options nightly;
    bool recover, profile_rules, version, cron, nagios;
};

static const struct option_spec scan_specs[] = {
    WORD_OPTION("reader", 0, struct run, reader, reader_words, "WHO", "native: evscan's own; libyal: libevtx "
                "and libevt; both: native, and say whether libyal differs (native)"),
    NUMBER_OPTION("threads", 0, struct run, threads, 1, MAX_THREADS, "N", "workers (as many as processors)"),
};

static const struct option_spec scan_rare[] = {
    FLAG_OPTION("quiet", 'q', struct run, analysis.quiet, "no progress and no warnings on standard error"),
    FLAG_OPTION("cron", 0, struct run, cron, "tell only what is new since the last run (evscan-cron)"),
    FLAG_OPTION("nagios", 0, struct run, nagios, "one status line, and the exit status of a plug-in: the same as "
                "--format nagios"),
    TEXT_OPTION("config", 0, struct run, config, "FILE", "what to read and how (evscan.conf)"),
    TEXT_OPTION("state", 0, struct run, nightly.folder, "FOLDER", "where --cron remembers what it told, and --nagios "
                "looks"),
    NODES_OPTION(struct run, analysis.nodes),
    TEXT_OPTION("cluster", 0, struct run, nightly.cluster, "NAME", "of the logs, when one memory serves several"),
    WORD_OPTION("remind", 0, struct run, nightly.remind, cron_remind_words, "HOW", "once, daily, diminishing (once)"),
    TEXT_OPTION("suppress", 0, struct run, nightly.suppress, "FOLDER", "what not to tell (suppress.d in the memory)"),
    NUMBER_OPTION("keep-days", 0, struct run, nightly.keep_days, 1, CRON_MOST_DAYS, "N", "how long evidence counts"),
    NUMBER_OPTION("keep-size", 0, struct run, nightly.keep_size, 1, LIMIT_EVIDENCE_BYTES >> 20, "N", "MiB of evidence"),
    NUMBER_OPTION("gone-days", 0, struct run, nightly.gone_days, 1, CRON_MOST_DAYS, "N", "how long until it is gone"),
    NOTIFY_OPTIONS(struct run, nightly.notify),
    TEXT_OPTION("from", 0, struct run, from, "TIME", "look at nothing before: 2016-07-08T18:12, or -24h"),
    TEXT_OPTION("to", 0, struct run, to, "TIME", "look at nothing from then on"),
    TEXT_OPTION("codepage", 0, struct run, codepage, "NAME", "of ANSI texts in .evtx logs (windows-1252)"),
    TEXT_OPTION("partial", 0, struct run, partial, "FILE", "do not diagnose: save what was found, for evscan merge"),
    FLAG_OPTION("recover", 0, struct run, recover, "also match old records that lie behind the log's end"),
    FLAG_OPTION("profile-rules", 0, struct run, profile_rules, "say on standard error what each rule took"),
    FLAG_OPTION("version", 0, struct run, version, "the versions of evscan and of its libraries"),
};

const struct page scan_page = {
    .name = "",
    .usages = { "[scan] [options] PATH...", "COMMAND --help" },
    .about = "Diagnoses Windows event logs (.evt, .evtx) of cluster nodes: what broke, on\n"
             "which node, which Knowledge Base article explains it, and what to do now.\n"
             "PATH is a log, a folder with logs in it, or - for standard input.\n",
    .groups = { OPTION_GROUP(reporting_specs, offsetof(struct run, analysis.reporting)),
                OPTION_GROUP(analysis_specs, offsetof(struct run, analysis)), OPTION_GROUP(scan_specs, 0) },
    .commands = commands,
    .rare = OPTION_GROUP(scan_rare, 0),
    .end = "Exit status: 0 nothing found, 1 something found, 2 nothing found but some input\n"
           "could not be read, 3 both; 64 usage, 65 no logs, 66 no input, 73 no output,\n"
           "78 a mistake in a rule file.\n",
    .manual = "evscan",
};

static bool wants_line(const struct run *run)
{
    return run->nagios || report_forms[run->analysis.reporting.format] == &report_nagios;
}

static bool look_check(const struct run *run, struct text *error)
{
    bool alone = !run->partial && !run->nightly.notify.command && !run->analysis.reporting.outputs.count;
    *error = TEXT("--nagios with --state and without --cron looks at what nights remember, and its line is all that it "
                  "tells: leave --output, --notify-exec and --partial to the night");
    return alone;
}

static bool cron_check(const struct run *run, struct text *error)
{
    if (!run->cron && !run->nightly.folder)
        return true;
    if (run->nightly.look)
        return look_check(run, error);
    if (!run->cron || !run->nightly.folder)
        *error = TEXT("--cron and --state FOLDER belong together; for example: evscan --cron --state /var/lib/evscan "
                      "exports/");
    else if (run->partial)
        *error = TEXT("--partial tells nothing, so it has no news: use one of --cron and --partial");
    else
        return true;
    return false;
}

/* A night reads what is new since the last one, and remembers how far it came. */
static bool between_check(struct run *run, struct text *error)
{
    run->between.given = run->from || run->to;
    bool nightly = run->cron || run->nightly.look;
    if (run->between.given && nightly)
        *error = TEXT("what is new since the last run is read, as --cron and --state say: --from and --to have no meaning "
                      "for it");
    return !(run->between.given && nightly) &&
           between_parse(&run->arena, run->from, run->to, &run->analysis.reporting.zone, &run->between.from,
                         &run->between.before, error);
}

static bool partial_check(const struct run *run, struct text *error)
{
    if (run->partial && run->nightly.notify.command)
        *error = TEXT("--partial makes no report to tell of: use one of --notify-exec and --partial");
    return !run->partial || !run->nightly.notify.command;
}

static void run_init(struct run *run, int argc, char **argv)
{
    reporting_init(&run->analysis.reporting, &run->arena, "", argc, argv);
    run->nightly.keep_days = CRON_KEEP_DAYS;
    run->nightly.keep_size = CRON_KEEP_SIZE;
    run->nightly.gone_days = CRON_GONE_DAYS;
    run->nightly.notify.seconds = NOTIFY_SECONDS;
}

/* A check tells nobody and changes nothing: what a file says of that is for its nights. */
static void check_narrow(struct run *run, const struct run *asked)
{
    if (asked->cron || !wants_line(asked) || !run->nightly.folder)
        return;
    run->cron = false;
    run->partial = asked->partial;
    run->nightly.notify.command = asked->nightly.notify.command;
    run->analysis.reporting.outputs = asked->analysis.reporting.outputs;
}

/* What options mean, and whether they go together. */
static bool run_check(struct run *run, struct text *error)
{
    if (run->nagios)
        run->analysis.reporting.format = report_form_index(&report_nagios);
    run->nightly.look = !run->cron && run->nightly.folder && wants_line(run);
    if (run->cron)
        reporting_colourless(&run->analysis.reporting);
    if (!codepage_parse(&run->arena, run->codepage, error) || !cron_check(run, error) ||
        !notify_check(&run->nightly.notify, error) || !partial_check(run, error) ||
        !reporting_parse(&run->analysis.reporting, &run->arena, error) || !between_check(run, error))
        return false;
    *error = TEXT("no log given; for example: evscan node1.evt node2.evt (evscan --help)");
    return run->named.count || run->version || run->nightly.notify.test;
}

static int command_parse(struct run *run, const struct run *asked, int argc, char **argv)
{
    struct text error;
    run_init(run, argc, argv);
    int status = page_parse(&run->arena, &scan_page, run, argc, argv, &run->named);
    if (status == PAGE_GO_ON && asked)
        check_narrow(run, asked);
    return status != PAGE_GO_ON || run_check(run, &error) ? status : page_mistake(&scan_page, error);
}

bool scan_line_read(struct arena *arena, int argc, char **argv, struct scan_line *ret, struct text *error)
{
    struct run run = { 0 };
    arena_init(&run.arena);
    run_init(&run, argc, argv);
    *error = TEXT("");
    bool good = page_options(&run.arena, &scan_page, &run, argc, argv, &run.named, error) == OPTIONS_READ &&
                run_check(&run, error);
    *ret = (struct scan_line){ run.analysis.rules, run.analysis.add_rules, run.nightly.folder, run.nightly.suppress };
    *error = good ? TEXT("") : text_keep(&run.arena, *error);
    arena_adopt(arena, &run.arena);
    return good;
}

static void found(void *ctx, const struct hit *hit)
{
    reporting_found(ctx, hit);
}

static void pass_on(void *ctx)
{
    reporting_pass_on(ctx);
}

static struct scan_options scan_options_of(const struct run *run, struct scan_watch watch)
{
    return (struct scan_options){
        .threads = run->threads ? run->threads : threads_default(),
        .reader = (enum reader_use)run->reader,
        .checksums = reporting_wants_checksums(&run->analysis.reporting),
        .recover = run->recover,
        .costs = run->costs,
        .watch = watch,
        .between = run->between,
    };
}

static void inputs_scan(struct run *run, struct scan_watch watch)
{
    struct analysis *a = &run->analysis;
    struct scan_options options = scan_options_of(run, watch);
    /* Whoever merges partials may want a report that shows them. */
    options.hours = run->partial || reporting_wants_hours(&a->reporting);
    options.checksums = run->partial || options.checksums;
    progress_begin(&run->paths, PROGRESS_SILENT, a->quiet);
    a->status = scan_run(&options, a->knowledge.rules, &run->paths, &a->partial, &a->not_logs);
    progress_end();
    if (a->not_logs && !run->partial)
        a->packed = packed_files(&run->arena, &run->paths, &a->partial);
    inputs_explain(&a->partial, &run->named, a->not_logs, &run->arena);
    /* A partial has no report to say it in. */
    if (run->partial)
        packed_explain(&run->arena, &run->paths, &a->partial);
}

static int diagnose_and_report(struct run *run)
{
    struct analysis *a = &run->analysis;
    if (!analysis_open(a))
        return EXIT_NO_OUTPUT;
    inputs_scan(run, (struct scan_watch){ &a->reporting, found, pass_on });
    a->report.told = true;
    analysis_diagnose(a);
    analysis_missing(a);
    if (!analysis_report(a))
        return EXIT_NO_OUTPUT;
    int status = analysis_exit_status(a);
    return notify_result(&run->nightly.notify, &a->reporting, status) ? status : EXIT_NO_OUTPUT;
}

/* What was found is judged where all partials come together: here only what was read counts. */
static int scan_and_save(struct run *run)
{
    struct analysis *a = &run->analysis;
    struct partial_place place;
    if (!partial_place_open(&place, run->partial, a->reporting.force))
        return EXIT_NO_OUTPUT;
    inputs_scan(run, (struct scan_watch){ 0 });
    struct rule_names names = analysis_rule_names(a);
    if (!partial_place_write(&place, &a->partial, &names, a->not_logs))
        return EXIT_NO_OUTPUT;
    int nothing = inputs_nothing_read(&a->partial, a->not_logs);
    if (a->knowledge.diags.errors)
        return EXIT_RULES;
    return nothing ? nothing : a->status > ST_OK ? EXIT_INCOMPLETE : EXIT_NOTHING_FOUND;
}

static int night(struct run *run)
{
    struct scan_options options = scan_options_of(run, (struct scan_watch){ 0 });
    return cron_run(&run->nightly, &options, &run->analysis, &run->named);
}

static int run_all(struct run *run)
{
    struct analysis *a = &run->analysis;
    if (!analysis_begin(a, &run->arena))
        return analysis_answer(a, EXIT_RULES);
    if (run->profile_rules)
        run->costs = ARENA_NEW_N(&run->arena, struct rule_cost, ruleset_count_all(a->knowledge.rules));
    a->costs = run->costs;
    /* Before the reports are made: they may go to a folder that is read. */
    inputs_collect(&run->named, &run->arena, &run->paths);
    int status = run->cron || run->nightly.look ? night(run) : run->partial ? scan_and_save(run) : diagnose_and_report(run);
    if (run->costs && status != EXIT_NO_OUTPUT)
        profile_print(&run->arena, a->knowledge.rules, run->costs);
    return run->partial ? status : analysis_answer(a, status);
}

/* `asked`: what the command line says that a configuration was added to; NULL: there is none. */
static int scan_once(const struct run *asked, int argc, char **argv)
{
    struct run run = { 0 };
    arena_init(&run.arena);
    int status = command_parse(&run, asked, argc, argv);
    if (status == PAGE_GO_ON && run.version) {
        status = output_write(TEXT("evscan " EVSCAN_VERSION "\nbuilt with " EVSCAN_LIBRARIES "\n")) ? EXIT_NOTHING_FOUND : EXIT_NO_OUTPUT;
    } else if (status == PAGE_GO_ON && run.nightly.notify.test) {
        status = notify_send_test(&run.nightly.notify) ? EXIT_NOTHING_FOUND : EXIT_NO_OUTPUT;
    } else if (status == PAGE_GO_ON) {
        status = run_all(&run);
        analysis_end(&run.analysis);
    }
    arena_done(&run.arena);
    zone_leave();
    return status;
}

/* Of several runs: found and incomplete add up; what kept a run from its end says more than that. */
static int status_of_both(int a, int b)
{
    bool unread_a = a == EXIT_NO_DATA || a == EXIT_NO_INPUT, unread_b = b == EXIT_NO_DATA || b == EXIT_NO_INPUT;
    if (a > EXIT_FOUND_INCOMPLETE && !unread_a)
        return a;
    if (b > EXIT_FOUND_INCOMPLETE && !unread_b)
        return b;
    return (unread_a ? EXIT_INCOMPLETE : a) | (unread_b ? EXIT_INCOMPLETE : b);
}

/* Named on the command line, which holds for all clusters. */
static bool any_file(const struct run *asked)
{
    const struct option_list *outputs = &asked->analysis.reporting.outputs;
    bool file = asked->partial != NULL;
    for (size_t i = 0; i < outputs->count; i++)
        file = file || output_path(outputs->items[i]);
    return file;
}

static int configured_runs(struct arena *arena, const struct config *config, const struct run *asked, int argc,
                           char **argv)
{
    int status = PAGE_GO_ON;
    if (wants_line(asked) && !asked->nightly.cluster && config->count > 1)
        return page_mistake(&scan_page, TEXT("--nagios prints one line: pick a cluster of the configuration with "
                                             "--cluster NAME"));
    if (!asked->nightly.cluster && config->count > 1 && any_file(asked))
        return page_mistake(&scan_page, TEXT("--output or --partial would be written once for each cluster: say "
                                             "it in the configuration of each, or pick one with --cluster NAME"));
    for (size_t i = 0; i < config->count; i++) {
        const char *cluster = asked->nightly.cluster;
        if (cluster && !text_equal(config->runs[i].cluster, text_from(cluster)))
            continue;
        struct option_list line = config_line(arena, &config->runs[i], argc, argv, asked->named.count == 0);
        int one = scan_once(asked, (int)line.count, (char **)line.items);
        status = status == PAGE_GO_ON ? one : status_of_both(status, one);
    }
    if (status != PAGE_GO_ON)
        return status;
    return page_mistake(&scan_page, text_keep_format(arena, "--cluster %s: the configuration has none of that name",
                                                     asked->nightly.cluster));
}

/* The file of the machine is for its nights: it does not change what a person asks for by hand. */
static const char *config_of(const struct run *asked)
{
    if (asked->config || !asked->cron || asked->nightly.folder)
        return asked->config;
    return access(CONFIG_FILE, F_OK) == 0 ? CONFIG_FILE : NULL;
}

int cmd_scan(int argc, char **argv)
{
    bool plug_in = plug_in_is_asked(argc, argv); /* getopt changes the order of argv */
    struct run asked = { 0 };
    struct config config;
    struct knowledge mistakes = { 0 };
    arena_init(&asked.arena);
    diags_init(&mistakes.diags, &asked.arena);
    int status = page_parse(&asked.arena, &scan_page, &asked, argc, argv, &asked.named);
    const char *path = config_of(&asked);
    if (status == PAGE_GO_ON && !path)
        status = scan_once(NULL, argc, argv);
    else if (status == PAGE_GO_ON)
        status = config_read(&asked.arena, path, &scan_page, &mistakes.diags, &config)
                     ? configured_runs(&asked.arena, &config, &asked, argc, argv)
                     : EXIT_RULES;
    knowledge_mistakes_print(&mistakes);
    arena_done(&asked.arena);
    return plug_in_status(plug_in, status);
}
