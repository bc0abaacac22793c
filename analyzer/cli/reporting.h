/*
 * reporting.h - the reports of one run: what the command line asks for, and where each goes.
 *
 * Shape:   --format prints one on standard output, each --output FORMAT:PATH writes one to a file.  reporting_open makes
 *          the files before anything is read, so that a path that cannot be written stops the run at once; what readers
 *          find is passed on as it comes; reporting_write writes the rest and puts the files in their places.
 * Owns:    a reporting is on the caller's storage; after reporting_open call reporting_done.
 * Threads: one.
 */
#ifndef EVSCAN_CLI_REPORTING_H
#define EVSCAN_CLI_REPORTING_H

#include "cli/options.h"
#include "report/report.h"

struct report_place; /* one report and where it goes */

struct reporting {
    /* as the command line says it */
    int format, colour, fail_level, detail;
    struct option_list outputs;
    unsigned width; /* 0 = find out */
    const char *zone_given;
    bool explain, force, checksums;

    /* made of it */
    struct zone zone;
    struct text *arguments; /* of the command line, in their order */
    size_t argument_count;
    uint64_t began; /* FILETIME */
    const struct report *report;
    struct report_place *places; /* standard output first */
    size_t count;
};

#define REPORTING_MIN_WIDTH 40
#define REPORTING_MAX_WIDTH 1000

/* The options of every command that reports. */
extern const struct option_spec reporting_specs[10];

/* What holds before options are read.  Reports also say what the command line was; `command`: "merge", "" for scan. */
void reporting_init(struct reporting *r, struct arena *arena, const char *command, int argc, char *const *argv);

/* After options are read: what each report is to be.  False with what is wrong in `error`. */
bool reporting_parse(struct reporting *r, struct arena *arena, struct text *error) MUST_USE;

/* Ticks since it began. */
uint64_t reporting_took(const struct reporting *r);

/* Whether any of the reports shows the checksums of inputs. */
bool reporting_wants_checksums(const struct reporting *r);

/* Whether any of them shows when events were. */
bool reporting_wants_hours(const struct reporting *r);

enum rule_level reporting_fail_level(const struct reporting *r);

/* How a text report is to be that goes to no terminal and to no file. */
struct report_options reporting_plain(const struct reporting *r);

/*
 * Makes the files and begins the reports; `report` has its version, rules and kb.  False, with a message, when one cannot
 * be written: then no file is there and nothing is to be done with `r` any more.
 */
bool reporting_open(struct reporting *r, const struct report *report) MUST_USE;

/* A hit as it is found; call reporting_pass_on now and then, so that what is known can be read. */
void reporting_found(struct reporting *r, const struct hit *hit);
void reporting_pass_on(struct reporting *r);

/* Leaves only forms that a nightly run without news writes as well.  False when there is none. */
bool reporting_only_always(struct reporting *r);

/*
 * The whole reports: writes the rest of each.  Where times of nodes are asked for, `common` is what is said of several at
 * once.  False, with a message each, when one could not be written.  `standing`: those that tell what is open whether it
 * is news or not, which a nightly run writes when it has remembered the news; else all others.  The line of a plug-in is
 * in neither: it is the last that a run says (analysis_answer).
 */
bool reporting_write(struct reporting *r, const struct zone *common, bool standing) MUST_USE;

/* Standard output is for a plug-in's line; the line. */
bool reporting_is_plug_in(const struct reporting *r);
bool reporting_plug_in(const struct reporting *r) MUST_USE;

/* No report has colours, whatever was asked for: of nightly runs. */
void reporting_colourless(struct reporting *r);

/* What was not written whole is absent. */
void reporting_done(struct reporting *r);

#endif
