#define _DEFAULT_SOURCE /* tm_gmtoff */
#include "form/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "form/zone_names.h"

extern char **environ;

/* Whether TZ is ours; and what it was at the start, kept when it became ours for the first time. */
static bool is_entered, is_kept;
static char *tz_before; /* NULL: it was not set */

static bool two_digits(struct text *t, int *ret)
{
    uint64_t value;
    size_t n = t->n > 1 && t->p[1] >= '0' && t->p[1] <= '9' ? 2 : 1;
    if (t->n < n || !text_to_u64((struct text){ t->p, n }, &value))
        return false;
    *ret = (int)value;
    *t = text_from_index(*t, n);
    return true;
}

/* "+02:00", "+0200", "+2": seconds. */
static bool offset_parse(const char *name, int *ret)
{
    int hours = 0, minutes = 0;
    struct text t = text_from_index(text_from(name), 1);
    if ((name[0] != '+' && name[0] != '-') || !two_digits(&t, &hours))
        return false;
    if (text_starts_with(t, TEXT(":")))
        t = text_from_index(t, 1);
    if ((t.n && !two_digits(&t, &minutes)) || t.n || hours > 14 || minutes > 59)
        return false;
    *ret = (hours * 3600 + minutes * 60) * (name[0] == '-' ? -1 : 1);
    return true;
}

/* "+2" of "UTC+2" and "GMT+2", as people write it; Etc/GMT+2 of the system's zones, which means the other side, stays. */
static const char *offset_of(const char *name)
{
    bool prefixed = strncasecmp(name, "UTC", 3) == 0 || strncasecmp(name, "GMT", 3) == 0;
    return prefixed ? name + 3 : name;
}

/* Folders and lists of zones stand beside them. */
static bool is_zone_file(const char *path)
{
    char magic[4] = "";
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    bool is = fread(magic, 1, sizeof magic, file) == sizeof magic && memcmp(magic, "TZif", sizeof magic) == 0;
    fclose(file);
    return is;
}

/* glibc takes every name for a zone and gives UTC where there is none. */
static bool zone_known(const char *name)
{
    char path[512];
    const char *folder = getenv("TZDIR");
    int n = snprintf(path, sizeof path, "%s/%s", folder ? folder : ZONE_FOLDER, name);
    return name[0] && name[0] != '/' && !strstr(name, "..") && n > 0 && (size_t)n < sizeof path &&
           is_zone_file(path);
}

static bool zone_enter(const char *zone)
{
    const char *tz = getenv("TZ");
    if (!is_kept && tz)
        tz_before = memory_made(strdup(tz));
    is_kept = is_entered = true;
    return setenv("TZ", zone, 1) == 0;
}

void zone_leave(void)
{
    if (!is_entered)
        return;
    is_entered = false;
    if (tz_before)
        setenv("TZ", tz_before, 1);
    else
        unsetenv("TZ");
    tzset();
}

char **zone_environment(struct arena *arena)
{
    size_t count = 0, kept = 0;
    while (environ[count])
        count++;
    char **all = ARENA_NEW_N(arena, char *, count + 2);
    for (size_t i = 0; i < count; i++)
        if (!is_entered || strncmp(environ[i], "TZ=", 3) != 0)
            all[kept++] = environ[i];
    if (is_entered && tz_before)
        all[kept++] = (char *)(uintptr_t)text_keep_format(arena, "TZ=%s", tz_before).p;
    all[kept] = NULL;
    return all;
}

bool zone_parse(const char *name, struct zone *ret)
{
    *ret = (struct zone){ .name = name };
    bool utc = text_equal_nocase(text_from(name), TEXT("UTC")) || text_equal_nocase(text_from(name), TEXT("Z"));
    if (utc || offset_parse(offset_of(name), &ret->seconds))
        return true;
    ret->of_nodes = text_equal_nocase(text_from(name), TEXT("node"));
    if (ret->of_nodes)
        return true;
    bool local = text_equal_nocase(text_from(name), TEXT("local"));
    const char *of_windows = zone_of_windows(text_from(name)), *zone = of_windows ? of_windows : name;
    if (local)
        zone_leave();
    else if (!zone_known(zone) || !zone_enter(zone))
        return false;
    tzset();
    ret->system = true;
    return true;
}

/* The last step at or before the moment; before the first, that one. */
static int step_at(const struct zone *z, uint64_t filetime)
{
    size_t low = 0, high = z->step_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (z->steps[middle].from <= filetime)
            low = middle + 1;
        else
            high = middle;
    }
    return z->steps[low ? low - 1 : 0].seconds;
}

int zone_offset(const struct zone *z, uint64_t filetime)
{
    if (filetime >= FILETIME_MAX)
        return 0;
    if (z->step_count)
        return step_at(z, filetime);
    if (!z->system)
        return z->seconds;
    struct tm broken;
    time_t moment = (time_t)(filetime / TICKS_PER_SECOND) - (time_t)(TICKS_1970 / TICKS_PER_SECOND);
    if (!localtime_r(&moment, &broken))
        return 0;
    return (int)(broken.tm_gmtoff / 60 * 60);
}

const char *zone_name(const struct zone *z)
{
    if (z->of_nodes)
        return "those of each node where its log tells them, else UTC";
    return zone_is_utc(z) ? "UTC" : z->name;
}

uint64_t zone_clock(const struct zone *z, uint64_t filetime)
{
    uint64_t local = filetime + (uint64_t)((int64_t)zone_offset(z, filetime) * TICKS_PER_SECOND);
    return local < FILETIME_MAX ? local : filetime;
}

struct text zone_label(const struct zone *z, uint64_t filetime, char *out)
{
    int seconds = zone_offset(z, filetime);
    unsigned minutes = (unsigned)abs(seconds) / 60;
    if (zone_is_utc(z) || filetime >= FILETIME_MAX)
        return TEXT("UTC");
    int n = snprintf(out, TIME_ISO_ROOM, "%c%02u:%02u", seconds < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return (struct text){ out, (size_t)n };
}

struct text zone_time(const struct zone *z, uint64_t filetime, char *out)
{
    char label[TIME_ISO_ROOM];
    uint64_t local = zone_clock(z, filetime);
    struct text t = time_iso(local, 7, out);
    if (zone_is_utc(z) || filetime >= FILETIME_MAX)
        return t;
    struct text end = zone_label(z, filetime, label);
    memcpy(out + t.n - 1, end.p, end.n); /* over the Z */
    return (struct text){ out, t.n - 1 + end.n };
}

/* "-24h" */
static bool moment_relative(struct text t, uint64_t now, uint64_t *ret)
{
    static const struct {
        char letter;
        uint64_t seconds;
    } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
    uint64_t count;
    if (t.n < 3 || t.p[0] != '-' || !text_to_u64((struct text){ t.p + 1, t.n - 2 }, &count))
        return false;
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (units[i].letter == t.p[t.n - 1] && count <= now / TICKS_PER_SECOND / units[i].seconds) {
            *ret = now - count * units[i].seconds * TICKS_PER_SECOND;
            return true;
        }
    return false;
}

/* `local` as a clock that is `seconds` east of UTC shows it; *ret is set, true when it does. */
static bool shown_at(const struct zone *z, uint64_t local, int seconds, uint64_t *ret)
{
    *ret = local - (uint64_t)((int64_t)seconds * TICKS_PER_SECOND);
    return zone_offset(z, *ret) == seconds;
}

/*
 * When the clock showed `local`, by the offsets of the days around it.  Where it was put back it did so twice, where it
 * was put forward never: then the span that begins or ends there is the longer one.
 */
static uint64_t moment_of(const struct zone *z, uint64_t local, enum zone_side side)
{
    uint64_t first, second;
    uint64_t day = (uint64_t)TICKS_PER_SECOND * 86400;
    bool is_first = shown_at(z, local, zone_offset(z, local - (local > day ? day : local)), &first);
    bool is_second = shown_at(z, local, zone_offset(z, local + day), &second);
    if (is_first != is_second)
        return is_first ? first : second;
    return (first < second) == (side == ZONE_FROM) ? first : second;
}

bool zone_moment(const struct zone *z, struct text t, uint64_t now, enum zone_side side, uint64_t *ret)
{
    bool placed;
    if (moment_relative(t, now, ret))
        return true;
    if (!time_parse_typed(t, ret, &placed))
        return false;
    if (!placed)
        *ret = moment_of(z, *ret, side);
    return true;
}
