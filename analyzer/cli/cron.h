/*
 * cron.h - `evscan --cron --state DIR EXPORT...`: a night.  What is new since the last one is told, and
 *          then remembered.
 *
 * Shape:   lock and load the memory; look at the files; survey what is new in those that changed; scan that;
 *          diagnose it together with the evidence of earlier nights; make news of it; report; save, in one transaction.
 * Owns:    the memory, until cron_run returns.
 */
#ifndef EVSCAN_CLI_CRON_H
#define EVSCAN_CLI_CRON_H

#include "cli/analysis.h"
#include "cli/notify.h"
#include "io/paths.h"
#include "scan/scan.h"
#include "state/news.h"
#include "state/store.h"

struct cron_options {
    const char *folder;   /* of the memory */
    const char *cluster;  /* NULL: it has no name */
    const char *suppress; /* folder of suppressions; NULL: FOLDER/suppress.d */
    int remind;
    struct notify_options notify;
    bool look; /* say what is open now, as the next night would; tell nobody, remember nothing */
    unsigned keep_days, gone_days;
    unsigned keep_size; /* MiB */
};

#define CRON_KEEP_DAYS 35
#define CRON_GONE_DAYS 7
#define CRON_KEEP_SIZE 64
#define CRON_MOST_DAYS 3650

extern const char *const cron_remind_words[]; /* in the order of enum remind */

/* The exit status. `a` has begun; `scan` says how to read; the arguments are those of the command. */
int cron_run(const struct cron_options *options, const struct scan_options *scan, struct analysis *a,
             const struct option_list *arguments);

#endif
