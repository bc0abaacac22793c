/*
 * zone.h - times as people read them: in UTC, at an offset, in a zone with its summer time, or as a node's clock showed
 *          them.
 *
 * Shape:   "node" asks for the times of each node; which those are, corr/node_zone.h finds out, and gives it as steps.
 * Source:  the zones of the system (tzset, localtime_r), which know what was law when.
 * Threads: zone_parse sets the zone of the whole process and is called before there are threads; the others may be
 *          called by any.
 */
#ifndef EVSCAN_FORM_ZONE_H
#define EVSCAN_FORM_ZONE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/times.h"

/* From a moment on. */
struct zone_step {
    uint64_t from; /* FILETIME */
    int seconds;   /* east of UTC */
};

/* All zero: UTC. */
struct zone {
    const char *name; /* as it was given; NULL: UTC */
    bool system;      /* that of the process; else `seconds` */
    int seconds;      /* east of UTC */
    bool of_nodes;    /* each node's own: this one is that of a node, or of what is said of several */
    const struct zone_step *steps; /* in order of time, the first holds before it as well; none with of_nodes: UTC */
    size_t step_count;
};

static inline bool zone_is_utc(const struct zone *z)
{
    return !z->system && z->seconds == 0 && z->step_count == 0;
}

/*
 * "UTC", "Z", "+02:00", "-5", "UTC+2", "local", "node", a name of the system such as Europe/Berlin, or of Windows such as W. Europe
 * Standard Time.  False when it is none of them.
 */
bool zone_parse(const char *name, struct zone *ret) MUST_USE;

/* The zone of the process is again the one that evscan was started with: behind a run, before the next one. */
void zone_leave(void);

/* The environment for another program: with the zone that evscan was started with, not that of a report. */
char **zone_environment(struct arena *arena);

/* What all times of a report are: "UTC", as it was given, or words for those of nodes. */
const char *zone_name(const struct zone *z);

/* Seconds east of UTC at a moment, whole minutes; 0 for a moment without a four-digit year. */
int zone_offset(const struct zone *z, uint64_t filetime);

/* Like time_iso with seven digits, and with the offset.  `out` has TIME_ISO_ROOM bytes. */
struct text zone_time(const struct zone *z, uint64_t filetime, char *out);

/* The moment as a clock of the zone shows it: to be written as if it were UTC. */
uint64_t zone_clock(const struct zone *z, uint64_t filetime);

/* What stands behind such a clock: "UTC" or "+02:00". */
struct text zone_label(const struct zone *z, uint64_t filetime, char *out);

/* Which end of a span a moment is: it decides where a clock showed the same time twice, or left it out. */
enum zone_side { ZONE_FROM, ZONE_TO };

/*
 * A moment as it is typed: what time_parse_typed takes, in the zone when it names no offset; or -90s, -30m, -24h, -7d, -2w,
 * which count from `now`.  False when it is neither.
 */
bool zone_moment(const struct zone *z, struct text t, uint64_t now, enum zone_side side, uint64_t *ret) MUST_USE;

#endif
