/*
 * cmd_merge.c - `evscan merge PARTIAL...`: what several scans found, as if one had read all their logs.
 */
#include "cli/cmd.h"

#include "cli/analysis.h"
#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/notify.h"
#include "cli/output.h"
#include "cli/partial_place.h"
#include "cli/path_hint.h"
#include "cli/plug_in.h"
#include "io/interrupt.h"

struct merge_run {
    struct arena arena;
    struct option_list paths;
    struct analysis analysis;
    struct notify_options notify;
    bool nagios;
    size_t merged; /* partials */
};

static const struct option_spec merge_specs[] = {
    FLAG_OPTION("nagios", 0, struct merge_run, nagios, "one status line, and the exit status of a plug-in: the same as "
                "--format nagios"),
    NODES_OPTION(struct merge_run, analysis.nodes),
    NOTIFY_OPTIONS(struct merge_run, notify),
};

const struct page merge_page = {
    .name = "merge",
    .usages = { "merge [options] PARTIAL..." },
    .about = "Puts together what several scans saved (evscan scan --partial FILE PATH...), as\n"
             "if one evscan had read all their logs: the report is the same to the byte.\n"
             "PARTIAL is such a file, a folder with such files in it, or - for standard\n"
             "input.  --rules and --add-rules must be those of the scans.\n",
    .groups = { OPTION_GROUP(reporting_specs, offsetof(struct merge_run, analysis.reporting)),
                OPTION_GROUP(analysis_specs, offsetof(struct merge_run, analysis)), OPTION_GROUP(merge_specs, 0) },
    .end = "Exit status: as of evscan scan; a partial that is damaged, or saved with other\n"
           "rules, is an input that could not be read.\n",
    .manual = "evscan-merge",
};

static int command_parse(struct merge_run *run, int argc, char **argv)
{
    struct text error;
    reporting_init(&run->analysis.reporting, &run->arena, "merge", argc, argv);
    run->notify.seconds = NOTIFY_SECONDS;
    int status = page_parse(&run->arena, &merge_page, run, argc, argv, &run->paths);
    if (status != PAGE_GO_ON)
        return status;
    if (run->nagios)
        run->analysis.reporting.format = report_form_index(&report_nagios);
    if (!notify_check(&run->notify, &error) || !reporting_parse(&run->analysis.reporting, &run->arena, &error))
        return page_mistake(&merge_page, error);
    if (run->paths.count || run->notify.test)
        return PAGE_GO_ON;
    return page_mistake(&merge_page, TEXT("no partial given; for example: evscan merge node1.partial node2.partial"));
}

static void partial_take(struct merge_run *run, const struct path_item *item, const struct rule_names *names)
{
    struct analysis *a = &run->analysis;
    struct partial one;
    struct partial_about about;
    partial_init(&one);
    one.plan = a->partial.plan;
    one.hourless = !reporting_wants_hours(&a->reporting);
    enum status status = partial_place_read(item->path, item->from_folder, names, &one, &about);
    if (status == ST_OK) {
        run->merged++;
        a->not_logs += (size_t)about.not_logs;
        partial_merge(&a->partial, &one);
    } else if (status != ST_END) {
        a->status = status_worse(a->status, status);
    }
    partial_done(&one);
}

static void interruption_tell(struct merge_run *run)
{
    run->analysis.status = ST_LOST_INPUT;
    if (run->merged)
        output_error("interrupted: the partials that were read until then are reported, and marked as incomplete");
    else
        output_error("interrupted before a partial was read: there is nothing to report");
}

static void nothing_tell(const struct merge_run *run, size_t files)
{
    const char *first = run->paths.items[0], *more = run->paths.count > 1 ? " .." : "";
    output_error("%s%s: nothing to merge: %s; evscan scan --partial FILE LOG.. saves a partial", first, more,
                 files ? "no partial of these rules is there" : "no file is there");
}

/* No partial was merged. */
static int nothing_status(const struct path_list *paths)
{
    if (interrupt_asked())
        return EXIT_INCOMPLETE;
    return paths->count || !paths->problem_count ? EXIT_NO_DATA : EXIT_NO_INPUT;
}

/* False when there was none. */
static bool partials_merge(struct merge_run *run, const struct path_list *paths)
{
    struct analysis *a = &run->analysis;
    struct rule_names names = analysis_rule_names(a);
    for (size_t i = 0; i < paths->problem_count; i++) {
        const struct path_problem *problem = &paths->problems[i];
        output_error("%s: cannot be read: %s%.*s", problem->path, strerror(problem->error),
                     TEXT_ARG(path_hint(&run->arena, problem->path, problem->error)));
        a->status = ST_LOST_INPUT;
    }
    for (size_t i = 0; i < paths->count && !interrupt_asked(); i++)
        partial_take(run, &paths->items[i], &names);
    for (size_t i = 0; i < a->partial.input_count; i++)
        a->status = status_worse(a->status, a->partial.inputs[i]->status);
    if (interrupt_asked() && run->merged < paths->count)
        interruption_tell(run);
    else if (!run->merged && (paths->count || !paths->problem_count))
        nothing_tell(run, paths->count);
    return run->merged > 0;
}

/* Before anything is known of them, in the order in which a scan meets them: a form that tells them then says the same. */
static void findings_tell(struct analysis *a)
{
    for (size_t i = 0; i < a->partial.input_count; i++) {
        const struct input_result *input = a->partial.inputs[i];
        for (size_t k = 0; k < input->hit_count; k++)
            if (!input->hits[k].thin)
                reporting_found(&a->reporting, &input->hits[k]);
        reporting_pass_on(&a->reporting);
    }
    a->report.told = true;
}

static int merge_and_report(struct merge_run *run, const struct path_list *paths)
{
    struct analysis *a = &run->analysis;
    if (!partials_merge(run, paths)) {
        reporting_done(&a->reporting);
        return nothing_status(paths);
    }
    inputs_explain(&a->partial, &run->paths, a->not_logs, &run->arena);
    findings_tell(a);
    analysis_diagnose(a);
    analysis_missing(a);
    if (!analysis_report(a))
        return EXIT_NO_OUTPUT;
    int status = analysis_exit_status(a);
    return notify_result(&run->notify, &a->reporting, status) ? status : EXIT_NO_OUTPUT;
}

static int run_all(struct merge_run *run)
{
    struct analysis *a = &run->analysis;
    struct path_list paths;
    if (!analysis_begin(a, &run->arena))
        return analysis_answer(a, EXIT_RULES);
    /* Before the reports are made: they may go to a folder that is read. */
    inputs_collect(&run->paths, &run->arena, &paths);
    return analysis_answer(a, analysis_open(a) ? merge_and_report(run, &paths) : EXIT_NO_OUTPUT);
}

int cmd_merge(int argc, char **argv)
{
    bool plug_in = plug_in_is_asked(argc, argv); /* getopt changes the order of argv */
    struct merge_run run = { 0 };
    arena_init(&run.arena);
    int status = command_parse(&run, argc, argv);
    if (status == PAGE_GO_ON && run.notify.test) {
        status = notify_send_test(&run.notify) ? EXIT_NOTHING_FOUND : EXIT_NO_OUTPUT;
    } else if (status == PAGE_GO_ON) {
        status = run_all(&run);
        analysis_end(&run.analysis);
    }
    arena_done(&run.arena);
    return plug_in_status(plug_in, status);
}
