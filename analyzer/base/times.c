#include "base/times.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/digits.h"

#define SECONDS_PER_DAY 86400u

/* Days since 1601-01-01 of a civil date: years that begin in March make the leap day the last day of a year. */
static int64_t days_from_date(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t m = month <= 2 ? month + 9 : month - 3;
    int64_t days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1;
    return days - 584694; /* the same for 1601-01-01 */
}

static void date_from_days(uint32_t days, struct civil *c)
{
    uint32_t z = days + 584694;
    uint32_t era = z / 146097, in_era = z % 146097;
    uint32_t year_of_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    uint32_t day_of_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t m = (5 * day_of_year + 2) / 153;
    c->day = (int)(day_of_year - (153 * m + 2) / 5 + 1);
    c->month = (int)(m < 10 ? m + 3 : m - 9);
    c->year = (int)(year_of_era + era * 400 + (c->month <= 2));
}

struct civil civil_from_filetime(uint64_t filetime)
{
    uint64_t seconds = filetime / TICKS_PER_SECOND;
    struct civil c = { .ticks = (uint32_t)(filetime - seconds * TICKS_PER_SECOND) };
    date_from_days((uint32_t)(seconds / SECONDS_PER_DAY), &c);
    uint32_t of_day = (uint32_t)(seconds % SECONDS_PER_DAY);
    c.hour = (int)(of_day / 3600);
    c.minute = (int)(of_day / 60 % 60);
    c.second = (int)(of_day % 60);
    return c;
}

static int month_length(int year, int month)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return lengths[month - 1] + (month == 2 && leap);
}

bool filetime_from_civil(const struct civil *c, uint64_t *ret)
{
    if (c->year < 1601 || c->year > 9999 || c->month < 1 || c->month > 12)
        return false;
    if (c->day < 1 || c->day > month_length(c->year, c->month))
        return false;
    if (c->hour < 0 || c->hour > 23 || c->minute < 0 || c->minute > 59 || c->second < 0 || c->second > 59)
        return false;
    if (c->ticks >= TICKS_PER_SECOND)
        return false;
    uint64_t days = (uint64_t)days_from_date(c->year, c->month, c->day);
    uint64_t seconds = days * SECONDS_PER_DAY + (uint64_t)c->hour * 3600 + (uint64_t)c->minute * 60 + (uint64_t)c->second;
    *ret = seconds * TICKS_PER_SECOND + c->ticks;
    return true;
}

/* Two digits and what follows them. */
static char *put_two(char *out, int value, char behind)
{
    digits_put_two(out, (unsigned)value);
    out[2] = behind;
    return out + 3;
}

/* The first `digits` of the 7 digits of a second. */
static char *put_fraction(char *out, uint32_t ticks, int digits)
{
    char all[8];
    digits_put_two(all, ticks / 100000);
    digits_put_two(all + 2, ticks / 1000 % 100);
    digits_put_two(all + 4, ticks / 10 % 100);
    all[6] = (char)('0' + ticks % 10);
    memcpy(out, all, (size_t)digits);
    return out + digits;
}

struct text time_iso(uint64_t filetime, int digits, char *out)
{
    if (filetime >= FILETIME_MAX) {
        int n = snprintf(out, TIME_ISO_ROOM, "0x%" PRIx64, filetime);
        return (struct text){ out, (size_t)n };
    }
    struct civil c = civil_from_filetime(filetime);
    digits_put_two(out, (unsigned)c.year / 100);
    char *to = put_two(out + 2, c.year % 100, '-');
    to = put_two(to, c.month, '-');
    to = put_two(to, c.day, 'T');
    to = put_two(to, c.hour, ':');
    to = put_two(to, c.minute, ':');
    to = put_two(to, c.second, digits > 0 ? '.' : 'Z');
    if (digits > 0) {
        to = put_fraction(to, c.ticks, digits);
        *to++ = 'Z';
    }
    *to = 0;
    return (struct text){ out, (size_t)(to - out) };
}

/* Exactly `n` digits at *at. */
static bool take_digits(struct text t, size_t *at, size_t n, int *ret)
{
    if (n > t.n - *at)
        return false;
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        char c = t.p[*at + i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += n;
    *ret = value;
    return true;
}

static bool take_char(struct text t, size_t *at, const char *one_of)
{
    if (*at >= t.n || !t.p[*at] || !strchr(one_of, t.p[*at]))
        return false;
    ++*at;
    return true;
}

static bool take_fraction(struct text t, size_t *at, uint32_t *ticks)
{
    uint32_t value = 0, unit = TICKS_PER_SECOND;
    size_t start = *at;
    for (; *at < t.n && t.p[*at] >= '0' && t.p[*at] <= '9'; ++*at) {
        unit /= 10; /* digits past the seventh are cut */
        value += unit * (uint32_t)(t.p[*at] - '0');
    }
    *ticks = value;
    return *at > start;
}

static bool take_clock(struct text t, size_t *at, struct civil *c)
{
    if (!take_digits(t, at, 2, &c->hour) || !take_char(t, at, ":") || !take_digits(t, at, 2, &c->minute))
        return false;
    if (!take_char(t, at, ":"))
        return true;
    if (!take_digits(t, at, 2, &c->second))
        return false;
    return !take_char(t, at, ".,") || take_fraction(t, at, &c->ticks);
}

/* "Z", "+02:00", "-0500" or nothing: seconds to subtract. */
static bool take_offset(struct text t, size_t *at, int64_t *seconds)
{
    *seconds = 0;
    if (*at == t.n || take_char(t, at, "Zz"))
        return true;
    int sign = t.p[*at] == '-' ? -1 : 1;
    int hours = 0, minutes = 0;
    if (!take_char(t, at, "+-") || !take_digits(t, at, 2, &hours))
        return false;
    take_char(t, at, ":");
    if (*at < t.n && !take_digits(t, at, 2, &minutes))
        return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

bool time_parse(struct text t, uint64_t *ret)
{
    struct civil c = { 0 };
    size_t at = 0;
    int64_t offset = 0;
    uint64_t local;
    if (!take_digits(t, &at, 4, &c.year) || !take_char(t, &at, "-") || !take_digits(t, &at, 2, &c.month) ||
        !take_char(t, &at, "-") || !take_digits(t, &at, 2, &c.day))
        return false;
    if (at < t.n && (!take_char(t, &at, "Tt ") || !take_clock(t, &at, &c) || !take_offset(t, &at, &offset)))
        return false;
    if (at != t.n || !filetime_from_civil(&c, &local))
        return false;
    /* Before the first tick it wraps around, to what is far beyond the last year. */
    uint64_t utc = local - (uint64_t)(offset * (int64_t)TICKS_PER_SECOND);
    if (utc >= FILETIME_MAX)
        return false;
    *ret = utc;
    return true;
}

/* ---- what people type ---- */

static size_t digits_ahead(struct text t, size_t at)
{
    size_t n = 0;
    while (at + n < t.n && t.p[at + n] >= '0' && t.p[at + n] <= '9')
        n++;
    return n;
}

/* The first day of a year; false outside of 1601..9999. */
static bool year_begins(int year, int64_t *days)
{
    *days = days_from_date(year, 1, 1);
    return year >= 1601 && year <= 9999;
}

static int year_length(int year)
{
    return 337 + month_length(year, 2);
}

/* "153": the day of the year. */
static bool take_ordinal(struct text t, size_t *at, int year, int64_t *days)
{
    int day;
    if (!take_digits(t, at, 3, &day) || day < 1 || day > year_length(year))
        return false;
    *days += day - 1;
    return true;
}

/*
 * "W23-2", "W232", "W23".  A week begins on Monday, as 1601-01-01 was, and belongs to the year that has its Thursday: the
 * first one is that of 4 January.
 */
static bool take_week(struct text t, size_t *at, bool hyphens, int year, int64_t *days, bool *whole)
{
    int week, day = 1;
    int64_t first = *days + 3 - (*days + 3) % 7, end = *days + year_length(year);
    if (!take_digits(t, at, 2, &week) || week < 1)
        return false;
    *whole = hyphens ? take_char(t, at, "-") : digits_ahead(t, *at) > 0;
    if (*whole && (!take_digits(t, at, 1, &day) || day < 1 || day > 7))
        return false;
    *days = first + (week - 1) * 7 + day - 1;
    return first + (week - 1) * 7 + 3 < end && *days >= 0;
}

/* "06-01", "0601", "06". */
static bool take_month(struct text t, size_t *at, bool hyphens, int year, int64_t *days, bool *whole)
{
    int month, day = 1;
    if (!take_digits(t, at, 2, &month) || month < 1 || month > 12)
        return false;
    *whole = !hyphens || take_char(t, at, "-");
    if (*whole && !take_digits(t, at, 2, &day))
        return false;
    *days = days_from_date(year, month, day);
    return day >= 1 && day <= month_length(year, month);
}

/* `*whole`: it names a day, and a time of the day may follow. */
static bool take_date(struct text t, size_t *at, int64_t *days, bool *whole)
{
    int year;
    *whole = false;
    if (!take_digits(t, at, 4, &year) || !year_begins(year, days))
        return false;
    if (*at == t.n)
        return true;
    bool hyphens = take_char(t, at, "-");
    if (take_char(t, at, "Ww"))
        return take_week(t, at, hyphens, year, days, whole);
    size_t digits = digits_ahead(t, *at);
    *whole = true;
    if (digits == 3)
        return take_ordinal(t, at, year, days);
    return digits == (hyphens ? 2 : 4) && take_month(t, at, hyphens, year, days, whole);
}

/* "12:30:15", "123015", "12:30", "12", each with a fraction of its last unit: ticks. */
static bool take_day_time(struct text t, size_t *at, uint64_t *ticks)
{
    int hour, minute = 0, second = 0;
    uint32_t unit = 3600, fraction = 0;
    if (!take_digits(t, at, 2, &hour))
        return false;
    bool colons = take_char(t, at, ":");
    if (colons || digits_ahead(t, *at)) {
        unit = 60;
        if (!take_digits(t, at, 2, &minute))
            return false;
        if (colons ? take_char(t, at, ":") : digits_ahead(t, *at) > 0) {
            unit = 1;
            if (!take_digits(t, at, 2, &second))
                return false;
        }
    }
    if (take_char(t, at, ".,") && !take_fraction(t, at, &fraction))
        return false;
    uint64_t seconds = (uint64_t)hour * 3600 + (uint64_t)minute * 60 + (uint64_t)second;
    *ticks = seconds * TICKS_PER_SECOND + (uint64_t)fraction * unit;
    /* 24:00 is the end of the day; a leap second is the beginning of the next minute. */
    bool leap = second == 60 && minute == 59;
    return *ticks <= (uint64_t)SECONDS_PER_DAY * TICKS_PER_SECOND && minute < 60 && (second < 60 || leap);
}

bool time_parse_typed(struct text t, uint64_t *ret, bool *placed)
{
    size_t at = 0;
    int64_t days, offset = 0;
    uint64_t ticks = 0;
    bool whole, moment;
    if (!take_date(t, &at, &days, &whole))
        return false;
    if (at < t.n && (!whole || !take_char(t, &at, "Tt ") || !take_day_time(t, &at, &ticks)))
        return false;
    moment = at < t.n;
    if (!take_offset(t, &at, &offset) || at != t.n)
        return false;
    uint64_t local = (uint64_t)days * SECONDS_PER_DAY * TICKS_PER_SECOND + ticks;
    uint64_t utc = local - (uint64_t)(offset * (int64_t)TICKS_PER_SECOND);
    if (utc >= FILETIME_MAX)
        return false;
    *ret = utc;
    *placed = moment;
    return true;
}

struct text time_span(uint64_t ticks, char *out)
{
    uint64_t s = ticks / TICKS_PER_SECOND;
    int n;
    if (s < 60)
        n = snprintf(out, TIME_ISO_ROOM, "%" PRIu64 " s", s);
    else if (s < 3600)
        n = snprintf(out, TIME_ISO_ROOM, "%" PRIu64 " min %02" PRIu64 " s", s / 60, s % 60);
    else if (s < SECONDS_PER_DAY)
        n = snprintf(out, TIME_ISO_ROOM, "%" PRIu64 " h %02" PRIu64 " min", s / 3600, s / 60 % 60);
    else
        n = snprintf(out, TIME_ISO_ROOM, "%" PRIu64 " d %" PRIu64 " h", s / SECONDS_PER_DAY, s / 3600 % 24);
    return (struct text){ out, (size_t)n };
}
