/*
 * cmd_scan.c - `evscan [scan] PATH...`: load the rules, scan, correlate, diagnose, report.
 */
#include "cli/cmd.h"

#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/knowledge.h"
#include "cli/output.h"
#include "cli/profile.h"
#include "cli/reporting.h"
#include "corr/clock.h"
#include "scan/scan.h"


/* In the order of enum reader_use. */
static const char *const reader_words[] = { "native", "libyal", "both", NULL };

struct scan_command {
    struct option_list rules, add_rules, paths;
    struct reporting reporting;
    int reader;
    unsigned threads;         /* 0 = find out */
    unsigned clock_tolerance; /* seconds */
    const char *codepage;
    bool recover, profile_rules, version;
};

/* All that one run holds. */
struct run {
    struct arena arena;
    struct scan_command command;
    struct knowledge knowledge;
    struct path_list paths;
    struct rule_cost *costs; /* by rule; NULL without --profile-rules */
    struct partial partial;
    struct timeline timeline;
    struct alerts alerts;
    struct diagnoses diagnoses;
    struct report report;
    enum status status;
    size_t not_logs;
};

static const struct option_spec scan_specs[] = {
    LIST_OPTION("rules", 0, struct scan_command, rules, "PATH", "use these rules and articles instead of the shipped "
                "ones (file or folder, repeatable)"),
    LIST_OPTION("add-rules", 0, struct scan_command, add_rules, "PATH", "use these besides them (repeatable)"),
    NUMBER_OPTION("clock-tolerance", 0, struct scan_command, clock_tolerance, 0, MAX_TOLERANCE, "N", "seconds by which "
                  "the clocks of two nodes may differ, for correlations (0)"),
    WORD_OPTION("reader", 0, struct scan_command, reader, reader_words, "WHO", "native: evscan's own; libyal: libevtx "
                "and libevt; both: native, and say whether libyal differs (native)"),
    NUMBER_OPTION("threads", 0, struct scan_command, threads, 1, MAX_THREADS, "N", "workers (as many as processors)"),
};

static const struct option_spec scan_rare[] = {
    TEXT_OPTION("codepage", 0, struct scan_command, codepage, "NAME", "of ANSI texts in .evtx logs (windows-1252)"),
    FLAG_OPTION("recover", 0, struct scan_command, recover, "also match old records that lie behind the log's end"),
    FLAG_OPTION("profile-rules", 0, struct scan_command, profile_rules, "say on standard error what each rule took"),
    FLAG_OPTION("version", 0, struct scan_command, version, "the versions of evscan and of its libraries"),
};

const struct page scan_page = {
    .name = "",
    .usages = { "[scan] [options] PATH...", "COMMAND --help" },
    .about = "Diagnoses Windows event logs (.evt, .evtx) of cluster nodes: what broke, on\n"
             "which node, which Knowledge Base article explains it, and what to do now.\n"
             "PATH is a log, a folder with logs in it, or - for standard input.\n"
             "\n"
             "Other commands: show, rules, explain, kb, compare\n",
    .groups = { OPTION_GROUP(reporting_specs, offsetof(struct scan_command, reporting)), OPTION_GROUP(scan_specs, 0) },
    .rare = OPTION_GROUP(scan_rare, 0),
    .end = "Exit status: 0 nothing found, 1 something found, 2 nothing found but some input\n"
           "could not be read, 3 both; 64 usage, 65 no logs, 66 no input, 73 no output,\n"
           "78 a mistake in a rule file.\n",
    .manual = "evscan",
};

static int command_parse(struct arena *arena, int argc, char **argv, struct scan_command *c)
{
    struct text error;
    *c = (struct scan_command){ 0 };
    reporting_init(&c->reporting);
    int status = page_parse(arena, &scan_page, c, argc, argv, &c->paths);
    if (status != PAGE_GO_ON)
        return status;
    if (!codepage_parse(arena, c->codepage, &error) || !reporting_parse(&c->reporting, arena, &error))
        return page_mistake(&scan_page, error);
    if (c->paths.count || c->version)
        return PAGE_GO_ON;
    return page_mistake(&scan_page,
                        TEXT("no log given; for example: evscan node1.evt node2.evt (evscan --help)"));
}

static void found(void *ctx, const struct hit *hit)
{
    reporting_found(ctx, hit);
}

static void pass_on(void *ctx)
{
    reporting_pass_on(ctx);
}

static void inputs_scan(struct run *run)
{
    struct scan_command *command = &run->command;
    struct scan_options options = {
        .threads = command->threads ? command->threads : threads_default(),
        .reader = (enum reader_use)command->reader,
        .recover = command->recover,
        .costs = run->costs,
        .watch = { &command->reporting, found, pass_on },
    };
    run->status = scan_run(&options, run->knowledge.rules, &run->paths, &run->partial, &run->not_logs);
    partial_sort(&run->partial);
}

/* What is known before anything is read. */
static void report_begin(struct run *run)
{
    run->report = (struct report){
        .version = EVSCAN_VERSION,
        .rules = run->knowledge.rules,
        .kb = run->knowledge.kb,
        .mistakes = run->knowledge.diags.errors,
    };
}

static bool report_write(struct run *run)
{
    struct report *r = &run->report;
    r->partial = &run->partial;
    r->timeline = &run->timeline;
    r->notices = &run->alerts.notices;
    r->diagnoses = &run->diagnoses;
    r->incomplete = run->status > ST_OK;
    r->not_logs = run->not_logs;
    return reporting_write(&run->command.reporting);
}

/* A rule without a level counts as low: its author did not say that it is only for information. */
static bool anything_found(const struct run *run)
{
    enum rule_level from = reporting_fail_level(&run->command.reporting);
    for (size_t i = 0; i < run->diagnoses.count; i++)
        if (run->diagnoses.items[i].article->level >= from)
            return true;
    for (size_t i = 0; i < run->timeline.hit_count; i++) {
        const struct rule_info *info = ruleset_info(run->knowledge.rules, run->timeline.hits[i].rule);
        enum rule_level level = info->level == RULE_LEVEL_NONE ? RULE_LOW : info->level;
        if (!info->context && level >= from && !run->diagnoses.explained[i])
            return true;
    }
    return false;
}

static int exit_status(const struct run *run)
{
    if (run->knowledge.diags.errors)
        return EXIT_RULES;
    int nothing = inputs_nothing_read(&run->partial, run->not_logs);
    if (nothing)
        return nothing;
    bool found = anything_found(run);
    if (run->status > ST_OK)
        return found ? EXIT_FOUND_INCOMPLETE : EXIT_INCOMPLETE;
    return found ? EXIT_FOUND : EXIT_NOTHING_FOUND;
}

static void inputs_diagnose(struct run *run)
{
    struct correlate_options correlate_options = {
        .clock_tolerance = (uint64_t)run->command.clock_tolerance * TICKS_PER_SECOND
    };
    timeline_build(&run->arena, run->knowledge.rules, &run->partial, &run->timeline);
    clock_correct(&run->arena, &run->partial, &run->timeline);
    correlate(&run->arena, &correlate_options, &run->timeline, &run->alerts);
    diagnose(&run->arena, run->knowledge.kb, &run->timeline, &run->diagnoses);
    if (run->diagnoses.left_out)
        notice_add(&run->alerts.notices, NOTICE_DIAGNOSES_LIMIT, NOTICE_NO_OFFSET, run->diagnoses.left_out);
    if (run->diagnoses.exhausted)
        notice_add(&run->alerts.notices, NOTICE_EVIDENCE_LIMIT, NOTICE_NO_OFFSET, 0);
}

static int run_all(struct run *run)
{
    if (!knowledge_load(&run->arena, &run->command.rules, &run->command.add_rules, &run->knowledge))
        return EXIT_RULES;
    knowledge_mistakes_print(&run->knowledge);
    if (run->command.profile_rules)
        run->costs = ARENA_NEW_N(&run->arena, struct rule_cost, ruleset_count(run->knowledge.rules));
    /* Before the reports are made: they may go to a folder that is read. */
    inputs_collect(&run->command.paths, &run->arena, &run->paths);
    report_begin(run);
    if (!reporting_open(&run->command.reporting, &run->report))
        return EXIT_NO_OUTPUT;
    inputs_scan(run);
    inputs_explain(&run->partial, &run->command.paths, run->not_logs, &run->arena);
    inputs_diagnose(run);
    bool written = report_write(run);
    reporting_done(&run->command.reporting);
    if (run->costs)
        profile_print(&run->arena, run->knowledge.rules, run->costs);
    return written ? exit_status(run) : EXIT_NO_OUTPUT;
}

int cmd_scan(int argc, char **argv)
{
    struct run run = { 0 };
    arena_init(&run.arena);
    int status = command_parse(&run.arena, argc, argv, &run.command);
    if (status == PAGE_GO_ON && run.command.version) {
        status = output_write(TEXT("evscan " EVSCAN_VERSION "\n")) ? EXIT_NOTHING_FOUND : EXIT_NO_OUTPUT;
    } else if (status == PAGE_GO_ON) {
        partial_init(&run.partial);
        status = run_all(&run);
        partial_done(&run.partial);
        knowledge_done(&run.knowledge);
    }
    arena_done(&run.arena);
    return status;
}
