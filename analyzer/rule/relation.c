#define _GNU_SOURCE /* memmem */
#include "rule/relation.h"

#include "rule/fold.h"

/* Of an expression that is tried on a value: longer values and more steps are not worth it. */
#define TRIED_BYTES 64u
#define TRIED_STEPS 1000u

/* The pattern as one that is asked about folded text.  False when that cannot be said. */
static bool pattern_folded(struct arena *scratch, const struct pattern *p, struct pattern *ret)
{
    struct segment *segments = ARENA_NEW_N(scratch, struct segment, p->count);
    *ret = *p;
    if (!p->cased)
        return true;
    for (uint32_t i = 0; i < p->count; i++) {
        if (p->segments[i].marked)
            return false;
        segments[i] = (struct segment){ fold_keep(scratch, p->segments[i].bytes), p->segments[i].characters, false };
    }
    ret->segments = segments;
    ret->cased = false;
    return true;
}

/* Bytes up to the first mark, or from behind the last one. */
static struct text plain_head(const struct segment *s)
{
    size_t n = 0;
    while (n < s->bytes.n && (unsigned char)s->bytes.p[n] < (unsigned char)MARK_DASH)
        n++;
    return (struct text){ s->bytes.p, n };
}

static struct text plain_tail(const struct segment *s)
{
    size_t n = 0;
    while (n < s->bytes.n && (unsigned char)s->bytes.p[s->bytes.n - n - 1] < (unsigned char)MARK_DASH)
        n++;
    return (struct text){ s->bytes.p + s->bytes.n - n, n };
}

/* Both begin, or both end, at the same place of the value, and differ there. */
static bool ends_differ(const struct pattern *a, const struct pattern *b)
{
    if (a->count && b->count && !a->open_start && !b->open_start) {
        struct text x = plain_head(&a->segments[0]), y = plain_head(&b->segments[0]);
        if (memcmp(x.p, y.p, x.n < y.n ? x.n : y.n) != 0)
            return true;
    }
    if (!a->count || !b->count || a->open_end || b->open_end)
        return false;
    struct text x = plain_tail(&a->segments[a->count - 1]), y = plain_tail(&b->segments[b->count - 1]);
    size_t n = x.n < y.n ? x.n : y.n;
    return memcmp(x.p + x.n - n, y.p + y.n - n, n) != 0;
}

/* Where one of them takes no notice of case, both are compared without. */
static bool patterns_exclude(struct arena *scratch, const struct pattern *a, const struct pattern *b)
{
    struct pattern x = *a, y = *b;
    if (a->cased != b->cased && (!pattern_folded(scratch, a, &x) || !pattern_folded(scratch, b, &y)))
        return false;
    if (x.exact)
        return !pattern_matches(&y, x.segments[0].bytes);
    if (y.exact)
        return !pattern_matches(&x, y.segments[0].bytes);
    return ends_differ(&x, &y);
}

static bool same_pattern(const struct pattern *a, const struct pattern *b)
{
    bool same = a->count == b->count && a->open_start == b->open_start && a->open_end == b->open_end;
    for (uint32_t i = 0; i < a->count && same; i++)
        same = text_equal(a->segments[i].bytes, b->segments[i].bytes);
    return same;
}

static bool any_contains(const struct pattern *p, struct text t)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (memmem(p->segments[i].bytes.p, p->segments[i].bytes.n, t.p, t.n))
            return true;
    return false;
}

/* Marks stand for themselves: where both have the same one, what fulfils the first fulfils the second there. */
static bool segment_implied(const struct pattern *a, const struct pattern *b)
{
    struct text wanted = b->segments[0].bytes;
    if (b->open_start && b->open_end)
        return any_contains(a, wanted);
    if (b->open_end)
        return a->count && !a->open_start && text_starts_with(a->segments[0].bytes, wanted);
    return b->open_start && a->count && !a->open_end && text_ends_with(a->segments[a->count - 1].bytes, wanted);
}

static bool pattern_implies(struct arena *scratch, const struct pattern *a, const struct pattern *b)
{
    struct pattern x = *a;
    if (b->count == 0)
        return true; /* only stars: whatever is there */
    if (b->cased ? !a->cased : !pattern_folded(scratch, a, &x))
        return false;
    if (x.exact)
        return pattern_matches(b, x.segments[0].bytes);
    return same_pattern(&x, b) || (b->count == 1 && segment_implied(&x, b));
}

static bool is_upper_bound(enum compare c)
{
    return c == COMPARE_LESS || c == COMPARE_LESS_EQUAL;
}

static bool is_strict(enum compare c)
{
    return c == COMPARE_LESS || c == COMPARE_GREATER;
}

/* Bounds in opposite directions that leave nothing between them, or a number outside of a bound. */
static bool numbers_exclude(const struct test *a, const struct test *b)
{
    enum compare x = a->as.number.compare, y = b->as.number.compare;
    const struct number *m = &a->as.number.value, *n = &b->as.number.value;
    if (x == COMPARE_EQUAL)
        return !number_compare(m, y, n);
    if (y == COMPARE_EQUAL)
        return !number_compare(n, x, m);
    if (is_upper_bound(x) == is_upper_bound(y))
        return false;
    const struct number *low = is_upper_bound(x) ? n : m, *high = is_upper_bound(x) ? m : n;
    return number_compare(low, is_strict(x) || is_strict(y) ? COMPARE_GREATER_EQUAL : COMPARE_GREATER, high);
}

static bool number_implies(const struct test *a, const struct test *b)
{
    enum compare x = a->as.number.compare, y = b->as.number.compare;
    const struct number *m = &a->as.number.value, *n = &b->as.number.value;
    if (x == COMPARE_EQUAL)
        return number_compare(m, y, n);
    if (y == COMPARE_EQUAL || is_upper_bound(x) != is_upper_bound(y))
        return false;
    bool beyond = is_strict(y) && !is_strict(x);
    if (is_upper_bound(x))
        return number_compare(m, beyond ? COMPARE_LESS : COMPARE_LESS_EQUAL, n);
    return number_compare(m, beyond ? COMPARE_GREATER : COMPARE_GREATER_EQUAL, n);
}

static bool same_beginning(const struct network *a, const struct network *b, unsigned bits)
{
    for (unsigned i = 0; i < bits; i++)
        if ((a->address[i / 8] ^ b->address[i / 8]) & 0x80u >> i % 8)
            return false;
    return true;
}

/* An IPv4 address may be written as an IPv6 one: networks of two families are left alone. */
static bool networks_exclude(const struct network *a, const struct network *b)
{
    return a->v6 == b->v6 && !same_beginning(a, b, a->prefix < b->prefix ? a->prefix : b->prefix);
}

static bool network_implies(const struct network *a, const struct network *b)
{
    return a->v6 == b->v6 && a->prefix >= b->prefix && same_beginning(a, b, b->prefix);
}

/* The one text that fulfils it but for case; false when others do, too. */
static bool is_exact(const struct test *t, struct text *ret)
{
    bool exact = t->kind == TEST_PATTERN && t->as.pattern.exact;
    if (exact)
        *ret = t->as.pattern.segments[0].bytes;
    return exact;
}

static bool demands_presence(const struct test *t)
{
    return t->kind != TEST_NULL && t->kind != TEST_GROUP && !(t->kind == TEST_EXISTS && !t->as.exists);
}

static bool demands_absence(const struct test *t)
{
    return t->kind == TEST_EXISTS && !t->as.exists;
}

bool test_excludes_presence(const struct test *a, const struct test *b)
{
    return (demands_absence(a) && demands_presence(b)) || (demands_absence(b) && demands_presence(a));
}

/* An empty value is no number, no date and no address. */
static bool excludes_nothing(const struct test *t)
{
    bool empty = t->kind == TEST_PATTERN && pattern_matches(&t->as.pattern, TEXT(""));
    return (t->kind == TEST_PATTERN && !empty) || t->kind == TEST_NUMBER || t->kind == TEST_TIME ||
           t->kind == TEST_NETWORK;
}

/* Whether the text fulfils a test that takes no notice of case. */
static bool text_fails(struct text t, const struct test *b)
{
    struct number n;
    if (b->kind == TEST_NUMBER)
        return !number_parse(t, &n) || !number_compare(&n, b->as.number.compare, &b->as.number.value);
    return b->kind == TEST_NETWORK && !network_has(&b->as.network, t);
}

static bool text_fulfils(struct text t, const struct test *b)
{
    return (b->kind == TEST_NUMBER || b->kind == TEST_NETWORK) && !text_fails(t, b);
}

static bool has_case(struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        if ((unsigned char)t.p[i] >= 0x80 || (ascii_lower(t.p[i]) >= 'a' && ascii_lower(t.p[i]) <= 'z'))
            return true;
    return false;
}

/* What pcre2 says; where more than one value is meant, or it takes long, that it gave up. */
static int regex_tried(const struct pattern *p, const pcre2_code *code)
{
    struct text t = p->segments[0].bytes;
    pcre2_match_data *data = memory_made(pcre2_match_data_create(1, NULL));
    pcre2_match_context *context = memory_made(pcre2_match_context_create(NULL));
    int result = PCRE2_ERROR_MATCHLIMIT;
    if (t.n <= TRIED_BYTES && (p->cased || !has_case(t))) {
        pcre2_set_match_limit(context, TRIED_STEPS);
        result = pcre2_match(code, (PCRE2_SPTR)(t.p ? t.p : ""), t.n, 0, 0, data, context);
    }
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
    return result;
}

/* The value of `exact` has none of the texts that every match holds, or it was tried. */
static bool regex_excludes(struct arena *scratch, const struct test *exact, const struct test *regex)
{
    struct text t;
    if (!is_exact(exact, &t))
        return false;
    return !needles_stand_in(&regex->as.needles, fold_view(scratch, t)) ||
           regex_tried(&exact->as.pattern, regex->as.regex) == PCRE2_ERROR_NOMATCH;
}

static bool regex_implied(const struct test *exact, const struct test *regex)
{
    struct text t;
    return is_exact(exact, &t) && regex_tried(&exact->as.pattern, regex->as.regex) >= 0;
}

static bool each_of_group_excludes(struct arena *scratch, const struct test *group, const struct test *b)
{
    for (size_t i = 0; i < group->as.group.count; i++)
        if (!test_excludes(scratch, &group->as.group.tests[i], b))
            return false;
    return true;
}

/* Depth: a group holds no groups. */
bool test_excludes(struct arena *scratch, const struct test *a, const struct test *b)
{
    struct text text;
    if (a->kind == TEST_GROUP || b->kind == TEST_GROUP)
        return a->kind == TEST_GROUP ? each_of_group_excludes(scratch, a, b) : each_of_group_excludes(scratch, b, a);
    if (test_excludes_presence(a, b))
        return true;
    if (a->kind == TEST_NULL || b->kind == TEST_NULL)
        return excludes_nothing(a->kind == TEST_NULL ? b : a);
    if (a->kind == TEST_PATTERN && b->kind == TEST_PATTERN)
        return patterns_exclude(scratch, &a->as.pattern, &b->as.pattern);
    if (a->kind == TEST_NUMBER && b->kind == TEST_NUMBER)
        return numbers_exclude(a, b);
    if (a->kind == TEST_TIME && b->kind == TEST_TIME)
        return a->as.number.part == b->as.number.part && numbers_exclude(a, b);
    if (a->kind == TEST_NETWORK && b->kind == TEST_NETWORK)
        return networks_exclude(&a->as.network, &b->as.network);
    if (a->kind == TEST_REGEX || b->kind == TEST_REGEX)
        return regex_excludes(scratch, a->kind == TEST_REGEX ? b : a, a->kind == TEST_REGEX ? a : b);
    return (is_exact(a, &text) && text_fails(text, b)) || (is_exact(b, &text) && text_fails(text, a));
}

static bool implies_any_of_group(struct arena *scratch, const struct test *a, const struct test *group)
{
    for (size_t i = 0; i < group->as.group.count; i++)
        if (test_implies(scratch, a, &group->as.group.tests[i]))
            return true;
    return false;
}

static bool each_of_group_implies(struct arena *scratch, const struct test *group, const struct test *b)
{
    for (size_t i = 0; i < group->as.group.count; i++)
        if (!test_implies(scratch, &group->as.group.tests[i], b))
            return false;
    return true;
}

static bool field_implies(const struct test *a, const struct test *b)
{
    return a->as.other.field == b->as.other.field && a->as.other.open_start == b->as.other.open_start &&
           a->as.other.open_end == b->as.other.open_end;
}

static bool same_kind_implies(struct arena *scratch, const struct test *a, const struct test *b)
{
    switch (a->kind) {
    case TEST_PATTERN:
        return pattern_implies(scratch, &a->as.pattern, &b->as.pattern);
    case TEST_NUMBER:
        return number_implies(a, b);
    case TEST_TIME:
        return a->as.number.part == b->as.number.part && number_implies(a, b);
    case TEST_NULL:
        return true;
    case TEST_EXISTS:
        return a->as.exists == b->as.exists;
    case TEST_REGEX:
        return a->as.regex == b->as.regex;
    case TEST_NETWORK:
        return network_implies(&a->as.network, &b->as.network);
    case TEST_FIELD:
        return field_implies(a, b);
    case TEST_GROUP: /* was taken apart */
        return false;
    }
    return false;
}

/* Depth: a group holds no groups. */
bool test_implies(struct arena *scratch, const struct test *a, const struct test *b)
{
    struct text text;
    if (a->kind == TEST_GROUP)
        return each_of_group_implies(scratch, a, b);
    if (b->kind == TEST_GROUP)
        return implies_any_of_group(scratch, a, b);
    if (a->kind == b->kind)
        return same_kind_implies(scratch, a, b);
    if (b->kind == TEST_EXISTS)
        return b->as.exists && demands_presence(a);
    if (b->kind == TEST_NULL)
        return demands_absence(a) || (is_exact(a, &text) && text.n == 0);
    if (b->kind == TEST_REGEX)
        return regex_implied(a, b);
    return is_exact(a, &text) && text_fulfils(text, b);
}
