/*
 * verification.h - did the remedy hold: each diagnosis of an earlier report against what logs say since then.
 *
 * Shape:   recurred   the same article was diagnosed again, from an event at `since` or later
 *          held       it was not, and on each of its nodes something happened that would have shown it (kb/exercise.h)
 *          untried    it was not, and on one of its nodes nothing did, or its log does not say
 *          A diagnosis that stands below another one counts too; so does one on other nodes than before.
 * Owns:    everything lives in the arena given and borrows from baseline, articles and timeline.
 */
#ifndef EVSCAN_CLI_VERIFICATION_H
#define EVSCAN_CLI_VERIFICATION_H

#include "cli/analysis.h"
#include "kb/exercise.h"
#include "cli/report_file.h"

enum verified { VERIFIED_RECURRED, VERIFIED_HELD, VERIFIED_UNTRIED, VERIFIED_STATES };

struct verified_diagnosis {
    enum verified state;

    /* of the baseline */
    struct text id, title, confidence;
    struct text *nodes; /* that it affected */
    size_t node_count;
    struct concerned concerned; /* roles that it was about */
    uint64_t last_seen; /* FILETIME; 0 = not known */
    const struct article *article; /* NULL: evscan does not have it any more */

    /* since then */
    const struct diagnosis *again; /* VERIFIED_RECURRED: the surest one */
    bool settled;                  /* the same: and it was fixed since */
    struct exercise *exercises;    /* else: one for each node */
};

struct verification {
    uint64_t since;       /* FILETIME */
    const char *baseline; /* path */
    bool baseline_whole;  /* it could read all that it was given */
    struct verified_diagnosis *items; /* in the order of the baseline */
    size_t count, of[VERIFIED_STATES];
    const struct diagnosis **others; /* that the baseline does not have */
    size_t other_count;
    const struct analysis *analysis;
};

/* `a` is diagnosed with `since`; the report is one that report_file_read has read. */
void verification_make(struct arena *arena, const struct report_file *report, const struct analysis *a,
                       struct verification *ret);

const char *verified_name(enum verified state); /* "recurred", "held", "untried" */

/* Why a node does not settle it: one sentence, raw. */
struct text exercise_words(struct arena *arena, const struct zone *zone, const struct exercise *e);

void verify_text(const struct verification *v, struct arena *arena, const struct zone *zone, unsigned width,
                 struct buf *out);
void verify_json(const struct verification *v, struct buf *out);

#endif
