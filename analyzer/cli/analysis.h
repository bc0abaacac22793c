/*
 * analysis.h - from a partial to the reports and the exit status: what `evscan scan` and `evscan merge` share.
 *
 * Shape:   analysis_begin loads the rules, analysis_open makes the reports' files; then the caller fills the partial;
 *          analysis_diagnose and analysis_report do the rest.
 * Owns:    rules, articles, partial and reports, from analysis_begin until analysis_end.
 */
#ifndef EVSCAN_CLI_ANALYSIS_H
#define EVSCAN_CLI_ANALYSIS_H

#include "catalog/catalog.h"
#include "catalog/guide.h"
#include "cli/expected.h"
#include "cli/knowledge.h"
#include "cli/reporting.h"
#include "corr/thinner.h"
#include "finding/partial_pack.h"
#include "match/reach.h"

struct analysis {
    struct arena *arena;

    /* as the command line says it */
    struct option_list rules, add_rules, nodes;
    unsigned clock_tolerance; /* seconds */
    bool quiet;               /* no warnings about rules */
    struct reporting reporting;

    struct knowledge knowledge;
    struct thinner *thinner; /* its plan is the partial's */
    struct rule_cost *costs; /* by rule and correlation; NULL: nobody asks */
    struct partial partial;
    struct hours hours; /* of all inputs, when a report wants it */
    struct reach reach; /* of the rules in what was read */
    uint64_t since;     /* FILETIME: nothing that began before it is diagnosed; 0: all is */
    struct names missing; /* nodes that are expected and that no log is of */
    size_t not_logs;    /* files of folders that are no logs */
    struct names packed; /* of them: cli/packed.h */
    enum status status; /* of all inputs */
    struct timeline timeline;
    struct alerts alerts;
    struct diagnoses diagnoses;
    struct report report;
    struct catalog *catalog; /* for the names of error codes; NULL: nothing was found */
    struct guide *guide;     /* same */
};

/* Of every command that analyses, besides reporting_specs: for its page. */
extern const struct option_spec analysis_specs[3];

/* Loads the rules.  False, said on standard error: call analysis_end and exit with EXIT_RULES. */
bool analysis_begin(struct analysis *a, struct arena *arena) MUST_USE;

/* Makes the reports' files.  False, said: call analysis_end and exit with EXIT_NO_OUTPUT. */
bool analysis_open(struct analysis *a) MUST_USE;

/* The partial is merged: sorts, correlates, diagnoses. */
void analysis_diagnose(struct analysis *a);

/* Which of the nodes that are expected no log is of; a nightly run knows better, from the files. */
void analysis_missing(struct analysis *a);

/*
 * The reports.  False, said, when one could not be written.  Of a nightly run (report.news) without those that stand
 * whether there is news or not: analysis_report_standing writes them, and must be called.
 */
bool analysis_report(struct analysis *a) MUST_USE;
bool analysis_report_standing(struct analysis *a) MUST_USE;

/* What the findings and the inputs come to. */
int analysis_exit_status(const struct analysis *a);

/*
 * The exit status as who asked for the report expects it: --format nagios is a plug-in, which has four statuses and
 * always a line, written here, so that whatever is no answer is unknown.  Otherwise `status` as it is.
 */
int analysis_answer(struct analysis *a, int status);

void analysis_end(struct analysis *a);

/* What the rules of hits are called, for partials that are saved. */
struct rule_names analysis_rule_names(const struct analysis *a);

#endif
