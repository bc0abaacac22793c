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

/* How far the windows on other nodes reach, whose clocks are not known to the second. */
enum hearing_reach {
    REACH_ALL,      /* as far as it could be: but what must be absent is looked for where it is declared */
    REACH_DECLARED,
    REACH_WIDE,     /* as far as it could be, also for what must be absent */
};

struct hearing {
    struct hit_index index;
    struct arena scratch;
    uint64_t since; /* FILETIME: no episode begins with an anchor before it; 0 = any may */
    uint64_t work;
    size_t explained; /* places that diagnoses explain, all together */
    bool exhausted;
    enum hearing_reach reach;
};

/* One more step of looking at hits or at names; false when there were too many. */
bool hearing_step(struct hearing *h);

#endif
