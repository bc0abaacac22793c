/*
 * test.c - one test against the values of a field.
 */
#define _GNU_SOURCE /* memmem */
#include "base/limits.h"
#include "base/times.h"
#include "base/utf.h"
#include "match/matching.h"

/* The limits of limits.h turn a runaway pattern into a notice; the rest of the text beyond them is not
 * searched. */
static bool regex_matches(struct matcher *m, const pcre2_code *code, struct text t)
{
    bool gave_up;
    bool found = regex_trial_find(&m->regex, code, t, 0, &gave_up);
    m->gave_up |= gave_up;
    if (gave_up && m->notices)
        notice_add(m->notices, NOTICE_REGEX_LIMIT, m->event->offset, m->rule);
    return found;
}

/* Without its needles an expression cannot match: it need not be tried. */
static bool expression_matches(struct matcher *m, const struct test *t, struct value *v)
{
    const struct needles *n = &t->as.needles;
    if ((n->count || n->some_count) && !needles_stand_in(n, value_folded(m, v)))
        return false;
    struct text value = value_written(m, v);
    return (n->exact && value.n <= LIMIT_REGEX_SUBJECT && utf8_valid(value)) || regex_matches(m, t->as.regex, value);
}

static int iso_week(const struct civil *c)
{
    uint64_t start, now;
    struct civil january = { .year = c->year, .month = 1, .day = 1 }, today = *c;
    today.hour = today.minute = today.second = 0;
    today.ticks = 0;
    if (!filetime_from_civil(&january, &start) || !filetime_from_civil(&today, &now))
        return 0;
    uint64_t day_ticks = (uint64_t)86400 * TICKS_PER_SECOND;
    /* 1601-01-01 was a Monday.  The Thursday of a week says which year, and so which week, it is. */
    uint64_t thursday = now / day_ticks - now / day_ticks % 7 + 3;
    struct civil middle = civil_from_filetime(thursday * day_ticks);
    january.year = middle.year;
    if (!filetime_from_civil(&january, &start))
        return 0;
    return (int)((thursday - start / day_ticks) / 7) + 1;
}

static int part_of(const struct civil *c, enum time_part part)
{
    switch (part) {
    case TIME_MINUTE:
        return c->minute;
    case TIME_HOUR:
        return c->hour;
    case TIME_DAY:
        return c->day;
    case TIME_WEEK:
        return iso_week(c);
    case TIME_MONTH:
        return c->month;
    case TIME_YEAR:
        return c->year;
    }
    return 0;
}

/* A date with a time of day; an offset from UTC is refused, for nothing says whether to convert it. */
static bool read_date(struct text t, struct civil *ret)
{
    uint64_t when;
    size_t clock = sizeof "2024-01-01T00:00" - 1;
    struct text tail = text_from_index(t, clock);
    if (t.n < clock || text_find_char(tail, '+') < tail.n || text_find_char(tail, '-') < tail.n ||
        !time_parse(t, &when))
        return false;
    *ret = civil_from_filetime(when);
    return true;
}

static bool read_part(struct text value, enum time_part part, struct number *ret)
{
    struct civil c;
    if (!read_date(value, &c))
        return false;
    *ret = (struct number){ .exact = true, .magnitude = (uint64_t)part_of(&c, part) };
    return true;
}

static bool time_matches(const struct test *t, struct text value)
{
    struct number n;
    return read_part(value, t->as.number.part, &n) && number_compare(&n, t->as.number.compare, &t->as.number.value);
}

static bool number_matches(const struct test *t, struct text value)
{
    struct number n;
    return number_parse(value, &n) && number_compare(&n, t->as.number.compare, &t->as.number.value);
}

static bool value_matches(struct matcher *m, const struct test *t, struct value *v)
{
    switch (t->kind) {
    case TEST_PATTERN:
        return pattern_matches(&t->as.pattern, t->as.pattern.cased ? value_written(m, v) : value_folded(m, v));
    case TEST_NUMBER:
        return number_matches(t, value_written(m, v));
    case TEST_TIME:
        return time_matches(t, value_written(m, v));
    case TEST_NULL:
        return value_written(m, v).n == 0;
    case TEST_REGEX:
        return expression_matches(m, t, v);
    case TEST_NETWORK:
        return network_has(&t->as.network, value_written(m, v));
    case TEST_EXISTS: /* these three are not about one value */
    case TEST_FIELD:
    case TEST_GROUP:
        return false;
    }
    return false;
}

static bool affix_matches(const struct test *t, struct text left, struct text right)
{
    if (t->as.other.open_start && t->as.other.open_end)
        return right.n == 0 || (left.n && memmem(left.p, left.n, right.p, right.n) != NULL);
    if (t->as.other.open_start)
        return text_ends_with(left, right);
    return t->as.other.open_end ? text_starts_with(left, right) : text_equal(left, right);
}

/*
 * Both fields are there and a value of one fits a value of the other.  One value each is usual; a field that is
 * repeated ten thousand times would be compared with another such one for seconds.
 */
static bool field_matches(struct matcher *m, const struct test *t, const struct slot *left)
{
    const struct slot *right = field_values(m, t->as.other.field);
    size_t work = LIMIT_FIELD_WORK;
    for (size_t i = 0; i < left->count; i++)
        for (size_t k = 0; k < right->count; k++) {
            struct text a = value_folded(m, left->values[i]), b = value_folded(m, right->values[k]);
            if (1 + a.n / 16 > work) {
                m->gave_up = true;
                if (m->notices)
                    notice_add(m->notices, NOTICE_FIELD_LIMIT, m->event->offset, m->rule);
                return false;
            }
            work -= 1 + a.n / 16;
            if (affix_matches(t, a, b))
                return true;
        }
    return false;
}

static bool any_value(struct matcher *m, const struct test *t, const struct slot *slot)
{
    for (size_t i = 0; i < slot->count; i++)
        if (value_matches(m, t, slot->values[i]))
            return true;
    return false;
}

static bool any_of_group(struct matcher *m, const struct test *t, const struct slot *slot)
{
    for (size_t i = 0; i < t->as.group.count; i++)
        if (test_slot(m, &t->as.group.tests[i], slot) == YES)
            return true;
    return false;
}

enum truth test_slot(struct matcher *m, const struct test *t, const struct slot *slot)
{
    bool holds;
    switch (t->kind) {
    case TEST_EXISTS:
        holds = (slot->count > 0) == t->as.exists;
        break;
    case TEST_NULL:
        holds = slot->count == 0 || any_value(m, t, slot);
        break;
    case TEST_FIELD:
        holds = field_matches(m, t, slot);
        break;
    case TEST_GROUP:
        holds = any_of_group(m, t, slot);
        break;
    default:
        holds = any_value(m, t, slot);
    }
    return holds ? YES : NO;
}

static bool is_looked_up(struct matcher *m, const struct sieve *s, struct value *v)
{
    struct number n;
    if (s->numbers.count && number_parse(value_written(m, v), &n) && numbers_have(&s->numbers, &n))
        return true;
    if (s->times.count && read_part(value_written(m, v), s->part, &n) && numbers_have(&s->times, &n))
        return true;
    if (s->network_count && networks_have(s->networks, s->network_count, value_written(m, v)))
        return true;
    return s->text_count && sieve_has_text(s, s->cased ? value_written(m, v) : value_folded(m, v));
}

enum truth sieve_slot(struct matcher *m, const struct item *item, const struct slot *slot)
{
    const struct sieve *s = item->sieve;
    enum truth decisive = item->all ? NO : YES;
    if (slot->count == 0)
        return s->when_absent ? YES : NO;
    for (size_t i = 0; i < slot->count && !item->all; i++)
        if (is_looked_up(m, s, slot->values[i]))
            return YES;
    for (size_t i = 0; i < s->rest_count; i++)
        if (test_slot(m, &s->rest[i], slot) == decisive)
            return decisive;
    return item->all ? YES : NO;
}
