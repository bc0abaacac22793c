/*
 * zone.h - times as people read them: in UTC, at an offset, or in a zone with its summer time.
 *
 * Source:  the zones of the system (tzset, localtime_r), which know what was law when.
 * Threads: zone_parse sets the zone of the whole process and is called before there are threads; the others may be
 *          called by any.
 */
#ifndef EVSCAN_FORM_ZONE_H
#define EVSCAN_FORM_ZONE_H

#include "base/attr.h"
#include "base/times.h"

struct zone {
    bool utc;    /* written Z */
    bool system; /* that of the process; else `seconds` */
    int seconds; /* east of UTC */
};

/* "UTC", "+02:00", "-5", "local" or a name of the system such as Europe/Berlin.  False when it is none of them. */
bool zone_parse(const char *name, struct zone *ret) MUST_USE;

/* Seconds east of UTC at a moment; whole minutes. */
int zone_offset(const struct zone *z, uint64_t filetime);

/* Like time_iso with seven digits, and with the offset.  `out` has TIME_ISO_ROOM bytes. */
struct text zone_time(const struct zone *z, uint64_t filetime, char *out);

/*
 * A moment as it is typed: what time_parse takes, in the zone when it names no offset; or -90s, -30m, -24h, -7d, -2w,
 * which count from `now`.  False when it is neither.
 */
bool zone_moment(const struct zone *z, struct text t, uint64_t now, uint64_t *ret) MUST_USE;

#endif
