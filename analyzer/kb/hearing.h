/*
 * hearing.h - what every question to the logs needs: the hits, room to think, and how much may be asked.
 *
 * Owns:    the scratch arena; whoever needs room in it rewinds it.
 * Limits:  LIMIT_EVIDENCE_WORK questions in a run, hits that are looked at one by one included, for evidence with
 *          conditions; what is asked afterwards is not found, and `exhausted` says so.  LIMIT_EXPLAINED places of consequences are kept.
 */
#ifndef EVSCAN_KB_HEARING_H
#define EVSCAN_KB_HEARING_H

#include "corr/hit_index.h"

struct hearing {
    struct hit_index index;
    struct arena scratch;
    uint64_t since; /* FILETIME: no episode begins with an anchor before it; 0 = any may */
    uint64_t work;
    size_t explained; /* places that diagnoses explain, all together */
    bool exhausted;
};

/* One more step of looking at hits or at names; false when there were too many. */
bool hearing_step(struct hearing *h);

#endif
