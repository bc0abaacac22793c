/*
 * zone_names.h - what time zones are called: by Windows, and by people who misspell them.
 *
 * Source:  Unicode CLDR, windowsZones; the list of the system's zones (tzdata.zi).
 * Owns:    nothing.
 */
#ifndef EVSCAN_FORM_ZONE_NAMES_H
#define EVSCAN_FORM_ZONE_NAMES_H

#include "base/arena.h"

#define ZONE_FOLDER "/usr/share/zoneinfo" /* unless TZDIR says another */
#define ZONE_LINE 512 /* bytes of a line in the list; what is longer is no name */

/* "Europe/Berlin" of "W. Europe Standard Time", without regard to case; NULL: Windows has no such zone. */
const char *zone_of_windows(struct text name);

/* The zone that a misspelt name, or the name of a place alone, was probably meant to be; "" when none is near. */
struct text zone_meant(struct arena *arena, struct text name);

#endif
