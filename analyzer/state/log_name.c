#include "state/log_name.h"

#include "base/buf.h"
#include "io/lasting_hash.h"

static size_t digits_at(struct text t, size_t at)
{
    size_t n = 0;
    while (at + n < t.n && t.p[at + n] >= '0' && t.p[at + n] <= '9')
        n++;
    return n;
}

static unsigned number_at(struct text t, size_t at, size_t digits)
{
    unsigned value = 0;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (unsigned)(t.p[at + i] - '0');
    return value;
}

static bool is_day(unsigned year, unsigned month, unsigned day)
{
    return year >= 1990 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool is_between(char c)
{
    return c == '-' || c == '_' || c == '.';
}

/* Three numbers with one kind of sign in between, the digits of each given; the sum of it, or 0. */
static size_t parted(struct text t, size_t at, const size_t digits[3], unsigned ret[3])
{
    size_t from = at;
    char sign = '\0';
    for (size_t i = 0; i < 3; i++) {
        if (digits_at(t, at) != digits[i])
            return 0;
        ret[i] = number_at(t, at, digits[i]);
        at += digits[i];
        sign = i == 0 && at < t.n ? t.p[at] : sign;
        if (i < 2 && (at >= t.n || t.p[at] != sign || !is_between(sign)))
            return 0;
        at += i < 2;
    }
    return at - from;
}

/* How long a day is that stands here; 0: none does. */
static size_t day_at(struct text t, size_t at)
{
    static const size_t year_first[3] = { 4, 2, 2 }, year_last[3] = { 2, 2, 4 };
    unsigned n[3];
    size_t digits = digits_at(t, at), length = parted(t, at, year_first, n);
    if (length && is_day(n[0], n[1], n[2]))
        return length;
    length = parted(t, at, year_last, n);
    if (length && (is_day(n[2], n[1], n[0]) || is_day(n[2], n[0], n[1])))
        return length;
    bool whole = (digits == 8 || digits == 12 || digits == 14) &&
                 is_day(number_at(t, at, 4), number_at(t, at + 4, 2), number_at(t, at + 6, 2));
    return whole ? digits : 0;
}

/* "T02-00-00", "_0200", "-02-00-00-123" as Windows itself archives. */
static size_t time_at(struct text t, size_t at)
{
    size_t from = at;
    for (int groups = 0; groups < 4 && at < t.n; groups++) {
        size_t digits = digits_at(t, at + 1);
        bool sign = is_between(t.p[at]) || (groups == 0 && (t.p[at] == 'T' || t.p[at] == ' '));
        bool fits = groups == 3 ? digits == 3 : digits == 2 || (groups == 0 && (digits == 4 || digits == 6));
        if (!sign || !fits)
            break;
        at += 1 + digits;
        if (digits > 2)
            break;
    }
    /* One number of two digits behind a day may be anything. */
    size_t n = at - from;
    return n == 3 ? 0 : n + (n && at < t.n && t.p[at] == 'Z');
}

static bool has_letters(struct text t)
{
    for (size_t i = 0; i < t.n && t.p[i] != '.'; i++)
        if ((t.p[i] | 0x20) >= 'a' && (t.p[i] | 0x20) <= 'z')
            return true;
    return false;
}

/* The part of the path that begins behind the last but `count` slashes. */
static struct text path_end(struct text path, size_t count)
{
    size_t at = path.n;
    while (at && (path.p[at - 1] != '/' || --count))
        at--;
    return text_from_index(path, at);
}

struct text log_name_of_file(struct arena *arena, const char *path)
{
    struct text name = path_end(text_from(path), 1);
    for (size_t i = 0; i < name.n; i++) {
        size_t day = i && digits_at(name, i - 1) ? 0 : day_at(name, i);
        if (!day)
            continue;
        struct text before = { name.p, i }, behind = text_from_index(name, i + day + time_at(name, i + day));
        struct text rest = text_keep_format(arena, "%.*s*%.*s", TEXT_ARG(before), TEXT_ARG(behind));
        if (has_letters(rest))
            return rest;
        struct text folder = path_end(text_from(path), 2);
        folder.n -= name.n;
        return text_keep_format(arena, "%.*s%.*s", TEXT_ARG(folder), TEXT_ARG(rest));
    }
    return name;
}

uint64_t log_file_key(const char *path)
{
    struct text rest = text_from(path);
    struct buf name;
    buf_init(&name);
    for (size_t i = 0, next; i < rest.n; i = next) {
        size_t day = i && digits_at(rest, i - 1) ? 0 : day_at(rest, i);
        next = day ? i + day + time_at(rest, i + day) : i + 1;
        buf_add_char(&name, day ? '*' : rest.p[i]);
    }
    uint64_t key = lasting_hash((struct bytes){ (const uint8_t *)name.p, name.n });
    buf_done(&name);
    return key ? key : 1;
}

bool log_name_is_of_file(struct text name)
{
    for (size_t i = 0; i + 4 <= name.n; i++)
        if (text_equal_nocase((struct text){ name.p + i, 4 }, TEXT(".evt")))
            return true;
    return false;
}
