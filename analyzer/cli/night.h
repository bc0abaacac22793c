/*
 * night.h - the steps of cron_run (cli/cron.h), for its parts.
 */
#ifndef EVSCAN_CLI_NIGHT_H
#define EVSCAN_CLI_NIGHT_H

#include "cli/cron.h"
#include "report/report_news.h"

struct night {
    const struct cron_options *options;
    const struct scan_options *scan;
    struct analysis *analysis;
    struct arena *arena;
    const struct option_list *arguments;
    uint64_t now;
    struct text cluster;
    struct store *store;
    struct memory memory;

    struct names expected;    /* nodes that the cluster has */
    struct path_list paths;   /* to be read: what is not as it was */
    size_t unchanged, failing; /* inputs as they were; of them those that cannot be read (whole) */
    struct log_parts parts;
    struct part_verdict *verdicts;
    uint64_t records;         /* new ones */

    struct suppressions suppressions;
    struct sightings seen;
    struct news news;
    struct report_news told;
    size_t remark_capacity;
    struct text *remarks;
    size_t mistakes; /* in suppressions */
    bool incomplete;
    bool reported;   /* reports are open; else there are none tonight */
    bool kept;       /* it is remembered */
};

/* Something happened that belongs into the news. */
void night_remark(struct night *n, struct text words);

/* Which files are to be read, into n->paths. */
void night_inputs(struct night *n);

/* Whether an input was missed by this error in the last run as well; it is remembered, and met. */
bool night_problem_known(struct night *n, const char *path, int error);

/* Which of the folders given hold no log, and which hold packed ones.  Of all files it is known what they are. */
void night_folders(struct night *n);

/* As io/paths.h makes the names of what is in a folder. */
bool night_is_below(const char *folder, struct text path);

/* Which packed files are in the folder, as a sentence; "" when there are none. */
struct text night_packed(const struct night *n, const char *folder);

/* What each file that was read holds records of; which expected nodes none is of.  Behind night_read. */
void night_nodes(struct night *n);

/* Reads them: what is new in them is in the partial of the analysis, and packed among the evidence. */
void night_read(struct night *n);

/* `surveyed`: what the inputs gave when it was decided what to take.  What was not there any more is given back. */
void night_doubt(struct night *n, const struct partial *surveyed);

/* Earlier evidence joins the partial.  What is too old is dropped. */
void night_recall(struct night *n);

/* What of it is told; and the report.  False when a report could not be written. */
void night_news(struct night *n);
bool night_report(struct night *n) MUST_USE;

/* Behind the memory: what tells in every run all that is open, and when that last worked. */
bool night_standing(struct night *n) MUST_USE;

/* In rules, articles and suppressions. */
size_t night_mistakes(const struct night *n);

#endif
