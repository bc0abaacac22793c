/*
 * generation.h - which records of a log were read in earlier runs, and whether it is still the same log.
 *
 * Shape:   a log (node and channel) lives through generations: it is cleared and begins anew, a snapshot of its machine
 *          is restored, another machine takes its name.  A generation knows the numbers of all its records that were
 *          read, and marks: records that can be known again by number, time and checksum.  A part of tonight's
 *          inputs belongs to the generation whose marks it holds.
 *
 *            marks met, all the same                       same log; new is what was not read
 *            met the same up to one, others behind it      rolled back: it forks there
 *            met, and none the same                        not this generation
 *            none met, numbers and times go on             same log; what is missing in between was lost
 *            none met, numbers lie between, times as well  same log
 *            no generation fits                            a new one: cleared, when it is younger than all others
 *
 *          A log that is called after its file may have another name tonight: one that is not known is looked for, by
 *          its marks, among those of its node that are called so.
 *
 *          A log that comes in two formats, .evt and .evtx, may have two names: its records name their channel in the one,
 *          and in the other it is called after its file.  Each is followed by itself, and what one of them holds is not
 *          taken of its twin, known by its marks.
 *
 * Source:  EventLogging Remoting Protocol [MS-EVEN6]: numbers count up by one and begin anew when a log is cleared or
 *          made anew; where they go on instead, the gap says the same.
 * Owns:    everything lives in the arena given.
 * Limits:  LIMIT_GENERATIONS of one log, LIMIT_MARKS of one generation: the newest.  LIMIT_LOG_NAMES of one node's logs
 *          of either kind are looked at for a name that is not known, or a twin.
 */
#ifndef EVSCAN_STATE_GENERATION_H
#define EVSCAN_STATE_GENERATION_H

#include "base/notice.h"
#include "state/known_logs.h"

/* What is to be taken of a part, and what there is to say about it. */
struct part_verdict {
    const struct log_part *part;
    const struct known_log *log;
    struct generation *of;
    struct generation *twin;  /* of another log, which is the same; NULL: none is known */
    struct id_runs take;      /* records that were never read */
    struct notice notices[3]; /* offset: none */
    size_t notice_count;
};

/* Judges all parts and enters their records as read.  One verdict for each part, in the same order. */
struct part_verdict *parts_judge(struct known_logs *known, const struct log_parts *parts);

/* The records that were to be taken of one of all verdicts were not read after all: they count as never read. */
void verdict_take_back(struct known_logs *known, struct part_verdict *all, size_t count, struct part_verdict *v);

#endif
