#include "rule/sieve.h"

#include <stdlib.h>

/* Shorter lists are as quickly tried: most rules have no longer ones. */
#define SIEVE_MIN 16

/* A test and its place in the rule. */
struct entry {
    const struct test *test;
    size_t place;
};

struct entries {
    struct entry *items; /* sorted by what they test, each once */
    size_t count;
};

static int order_of(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int order_patterns(const struct pattern *a, const struct pattern *b)
{
    unsigned x = (unsigned)(a->cased << 2 | a->open_start << 1 | a->open_end);
    unsigned y = (unsigned)(b->cased << 2 | b->open_start << 1 | b->open_end);
    int order = order_of(x, y);
    if (order == 0)
        order = order_of(a->count, b->count);
    for (uint32_t i = 0; order == 0 && i < a->count; i++)
        order = text_compare(a->segments[i].bytes, b->segments[i].bytes);
    return order;
}

/* Comparisons of one kind stand side by side, the least number first. */
static int order_numbers(const struct test *a, const struct test *b)
{
    int order = order_of(a->as.number.part, b->as.number.part);
    if (order == 0)
        order = order_of(a->as.number.compare, b->as.number.compare);
    return order ? order : number_order(&a->as.number.value, &b->as.number.value);
}

static int order_fields(const struct test *a, const struct test *b)
{
    int order = order_of(a->as.other.field, b->as.other.field);
    if (order == 0)
        order = a->as.other.open_start - b->as.other.open_start;
    return order ? order : a->as.other.open_end - b->as.other.open_end;
}

static int order_tests(const struct test *a, const struct test *b)
{
    if (a->kind != b->kind)
        return order_of(a->kind, b->kind);
    switch (a->kind) {
    case TEST_PATTERN:
        return order_patterns(&a->as.pattern, &b->as.pattern);
    case TEST_NUMBER:
    case TEST_TIME:
        return order_numbers(a, b);
    case TEST_NULL:
        return 0;
    case TEST_EXISTS:
        return a->as.exists - b->as.exists;
    case TEST_REGEX: /* equal ones are compiled once */
        return order_of((uintptr_t)a->as.regex, (uintptr_t)b->as.regex);
    case TEST_NETWORK:
        return network_order(&a->as.network, &b->as.network);
    case TEST_FIELD:
        return order_fields(a, b);
    case TEST_GROUP:
        return order_of((uintptr_t)a->as.group.tests, (uintptr_t)b->as.group.tests);
    }
    return 0;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = order_tests(x->test, y->test);
    return order ? order : order_of(x->place, y->place);
}

static int compare_places(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return order_of(x->place, y->place);
}

/* Any of a group is enough: where any test is, too, and where it has but one, it is no group. */
static bool is_taken_apart(const struct item *item, const struct test *t)
{
    return t->kind == TEST_GROUP && (!item->all || t->as.group.count == 1);
}

static size_t count_tests(const struct item *item)
{
    size_t n = 0;
    for (size_t i = 0; i < item->count; i++)
        n += is_taken_apart(item, &item->tests[i]) ? item->tests[i].as.group.count : 1;
    return n;
}

static void add_test(struct entries *e, const struct test *t)
{
    e->items[e->count] = (struct entry){ t, e->count };
    e->count++;
}

static struct entries take_apart(const struct item *item, size_t count)
{
    struct entries e = { memory_new(count * sizeof *e.items), 0 };
    for (size_t i = 0; i < item->count; i++) {
        const struct test *t = &item->tests[i];
        for (size_t k = 0; is_taken_apart(item, t) && k < t->as.group.count; k++)
            add_test(&e, &t->as.group.tests[k]);
        if (!is_taken_apart(item, t))
            add_test(&e, t);
    }
    return e;
}

static bool is_number(const struct test *t)
{
    return t->kind == TEST_NUMBER || t->kind == TEST_TIME;
}

/* Two comparisons that differ in the number only: one of them says what both say. */
static bool is_one_comparison(const struct test *a, const struct test *b)
{
    return a->kind == b->kind && is_number(a) && a->as.number.compare != COMPARE_EQUAL &&
           a->as.number.compare == b->as.number.compare && a->as.number.part == b->as.number.part;
}

/* More than the least number is enough for any of them, more than the greatest one it takes for all. */
static bool keeps_first(const struct test *t, bool all)
{
    bool greater = t->as.number.compare == COMPARE_GREATER || t->as.number.compare == COMPARE_GREATER_EQUAL;
    return greater != all;
}

/* True when `t`, which is sorted behind `last`, needs no place of its own; `last` may become it. */
static bool is_said(struct entry *last, const struct entry *t, bool all)
{
    if (order_tests(last->test, t->test) == 0)
        return true;
    if (!all && last->test->kind == TEST_NETWORK && t->test->kind == TEST_NETWORK)
        return network_covers(&last->test->as.network, &t->test->as.network);
    if (!is_one_comparison(last->test, t->test))
        return false;
    if (!keeps_first(t->test, all))
        *last = *t;
    return true;
}

static void reduce(struct entries *e, bool all)
{
    size_t n = 0;
    qsort(e->items, e->count, sizeof *e->items, compare_entries);
    for (size_t i = 0; i < e->count; i++)
        if (n == 0 || !is_said(&e->items[n - 1], &e->items[i], all))
            e->items[n++] = e->items[i];
    e->count = n;
}

static bool is_whole_text(const struct test *t)
{
    return t->kind == TEST_PATTERN && t->as.pattern.exact;
}

/* All tests of an item have the same modifiers, so that the first of a kind says which part or case is meant. */
static bool is_number_of(const struct test *t, enum test_kind kind, const struct sieve *s)
{
    return t->kind == kind && t->as.number.compare == COMPARE_EQUAL &&
           (kind != TEST_TIME || t->as.number.part == s->part);
}

static bool is_text_of(const struct test *t, const struct sieve *s)
{
    return is_whole_text(t) && t->as.pattern.cased == s->cased;
}

static bool is_looked_up(const struct test *t, const struct sieve *s)
{
    return is_number_of(t, TEST_NUMBER, s) || is_number_of(t, TEST_TIME, s) || t->kind == TEST_NETWORK ||
           is_text_of(t, s);
}

static struct numbers take_numbers(struct arena *arena, const struct entries *e, enum test_kind kind,
                                   const struct sieve *s)
{
    size_t count = 0, n = 0;
    for (size_t i = 0; i < e->count; i++)
        count += is_number_of(e->items[i].test, kind, s);
    struct number *items = ARENA_NEW_N(arena, struct number, count);
    for (size_t i = 0; i < e->count; i++)
        if (is_number_of(e->items[i].test, kind, s))
            items[n++] = e->items[i].test->as.number.value;
    return (struct numbers){ items, count };
}

static void take_networks(struct arena *arena, const struct entries *e, struct sieve *s)
{
    size_t count = 0;
    for (size_t i = 0; i < e->count; i++)
        count += e->items[i].test->kind == TEST_NETWORK;
    struct network *networks = ARENA_NEW_N(arena, struct network, count);
    for (size_t i = 0; i < e->count; i++)
        if (e->items[i].test->kind == TEST_NETWORK)
            networks[s->network_count++] = e->items[i].test->as.network;
    s->networks = networks;
}

/* Patterns are sorted by their texts where nothing else differs. */
static void take_texts(struct arena *arena, const struct entries *e, struct sieve *s)
{
    size_t count = 0;
    for (size_t i = 0; i < e->count; i++)
        count += is_text_of(e->items[i].test, s);
    struct text *texts = ARENA_NEW_N(arena, struct text, count);
    for (size_t i = 0; i < e->count; i++)
        if (is_text_of(e->items[i].test, s))
            texts[s->text_count++] = e->items[i].test->as.pattern.segments[0].bytes;
    s->texts = texts;
}

static void take_rest(struct arena *arena, struct entries *e, bool all, struct sieve *s)
{
    size_t count = 0;
    for (size_t i = 0; i < e->count; i++)
        if (all || !is_looked_up(e->items[i].test, s))
            e->items[count++] = e->items[i];
    qsort(e->items, count, sizeof *e->items, compare_places);
    struct test *rest = ARENA_NEW_N(arena, struct test, count);
    for (size_t i = 0; i < count; i++)
        rest[i] = *e->items[i].test;
    s->rest = rest;
    s->rest_count = count;
}

static void note_kinds(const struct entries *e, struct sieve *s)
{
    for (size_t i = e->count; i-- > 0;) {
        const struct test *t = e->items[i].test;
        if (t->kind == TEST_TIME)
            s->part = t->as.number.part;
        if (is_whole_text(t))
            s->cased = t->as.pattern.cased;
    }
}

static bool holds_when_absent(const struct test *t)
{
    return t->kind == TEST_NULL || (t->kind == TEST_EXISTS && !t->as.exists);
}

static bool is_absence(const struct item *item)
{
    size_t n = 0;
    for (size_t i = 0; i < item->count; i++)
        n += holds_when_absent(&item->tests[i]);
    return item->all ? n == item->count : n > 0;
}

/* Before the event is known, its ID is known as a number only: how it is spelled is not. */
static bool is_by_key(const struct item *item, enum field_kind kind)
{
    for (size_t i = 0; i < item->count; i++)
        if (item->tests[i].kind != TEST_NUMBER && (kind == FIELD_EVENT_ID || !is_whole_text(&item->tests[i])))
            return false;
    return true;
}

const struct sieve *sieve_new(struct arena *arena, const struct item *item, enum field_kind kind)
{
    size_t count = count_tests(item);
    if (count < SIEVE_MIN)
        return NULL;
    struct sieve *s = ARENA_NEW(arena, struct sieve);
    struct entries e = take_apart(item, count);
    *s = (struct sieve){ .when_absent = is_absence(item), .by_key = is_by_key(item, kind) };
    reduce(&e, item->all);
    note_kinds(&e, s);
    if (!item->all) {
        s->numbers = take_numbers(arena, &e, TEST_NUMBER, s);
        s->times = take_numbers(arena, &e, TEST_TIME, s);
        take_networks(arena, &e, s);
        take_texts(arena, &e, s);
    }
    take_rest(arena, &e, item->all, s);
    free(e.items);
    return s;
}

static int compare_numbers(const void *a, const void *b)
{
    return number_order(a, b);
}

bool numbers_have(const struct numbers *numbers, const struct number *n)
{
    return bsearch(n, numbers->items, numbers->count, sizeof *n, compare_numbers) != NULL;
}

static int compare_texts(const void *a, const void *b)
{
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

bool sieve_has_text(const struct sieve *s, struct text t)
{
    return bsearch(&t, s->texts, s->text_count, sizeof t, compare_texts) != NULL;
}
