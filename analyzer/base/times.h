/*
 * times.h - moments as FILETIME: 100 ns ticks since 1601-01-01 UTC.  Integer arithmetic only.
 */
#ifndef EVSCAN_BASE_TIMES_H
#define EVSCAN_BASE_TIMES_H

#include "base/attr.h"
#include "base/bytes.h"

#define TICKS_PER_SECOND 10000000u
#define TICKS_1970       116444736000000000u /* FILETIME of 1970-01-01 */
#define FILETIME_MAX     0x24C85A5ED1C04000u /* 10000-01-01: first tick that has no four-digit year */

struct civil {
    int year, month, day; /* 1601.., 1..12, 1..31 */
    int hour, minute, second;
    uint32_t ticks; /* of 100 ns, below TICKS_PER_SECOND */
};

static inline uint64_t filetime_from_unix(uint64_t seconds)
{
    return TICKS_1970 + seconds * TICKS_PER_SECOND;
}

/* `filetime` must be below FILETIME_MAX. */
struct civil civil_from_filetime(uint64_t filetime);

/* False when the date does not exist or lies outside of 1601..9999. */
bool filetime_from_civil(const struct civil *c, uint64_t *ret);

#define TIME_ISO_ROOM 40

/*
 * "2016-07-08T18:12:51.6816408Z" into `out` (TIME_ISO_ROOM bytes); a value without a four-digit year as 0x and
 * hex.  `digits` of the fraction, 0..7.  Returns the text.
 */
struct text time_iso(uint64_t filetime, int digits, char *out);

/*
 * Reads "YYYY-MM-DD[T or blank]hh:mm[:ss[.fraction]][Z or +hh:mm]" (also a date alone); without an offset it
 * is UTC.  The whole text must fit.  False otherwise, and for a moment outside of 1601..9999: `*ret` is then
 * untouched.
 */
bool time_parse(struct text t, uint64_t *ret);

/*
 * Reads what people type, which is all that ISO 8601 has for a moment: a year, a month, a day (2004-06-01, 20040601), a
 * week or a day of it (2004-W23-2), a day of the year (2004-153); behind a day T or a blank and a time (12, 12:30,
 * 123015, 24:00, with a fraction of the last unit), and behind that an offset.  What is left out is the first moment of
 * it.  `*placed`: it has an offset; without one it is read as if it were UTC.  False as above.
 */
bool time_parse_typed(struct text t, uint64_t *ret, bool *placed) MUST_USE;

/* "2 h 05 min", "14 s", "3 d 4 h": for people.  Returns the text in `out` (TIME_ISO_ROOM bytes). */
struct text time_span(uint64_t ticks, char *out);

#endif
