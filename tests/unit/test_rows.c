#define _POSIX_C_SOURCE 200809L /* setenv */
/* Lines in order of time, with any memory: against a plain sort of all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/times.h"
#include "timeline/rows.h"

#define ROWS  4000u
#define NODES 3u

static const int64_t ahead[NODES] = { 0, 70000, -50 };
static const uint32_t rank[NODES] = { 2, 0, 1 };

/* What was added, and how far the visit is. */
struct line {
    struct row row;
    uint64_t corrected;
};

struct visited {
    struct line *expected;
    size_t at, stop;
};

static uint32_t next_random(void)
{
    static uint32_t seed = 1;
    seed = seed * 1664525u + 1013904223u;
    return seed >> 8;
}

static uint64_t corrected_of(const struct row *row)
{
    if (row->time == 0 || row->time >= FILETIME_MAX)
        return 0;
    int64_t time = (int64_t)row->time - ahead[row->node] - row->log;
    return time > 0 ? (uint64_t)time : 1;
}

static int order(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    const uint64_t x[] = { a->corrected - 1, rank[a->row.node], a->row.record, a->row.seq };
    const uint64_t y[] = { b->corrected - 1, rank[b->row.node], b->row.record, b->row.seq };
    for (size_t i = 0; i < COUNT_OF(x); i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

/* Few different times, so that node, record and order decide often; texts from none to more than the memory. */
static struct row random_row(uint64_t seq)
{
    static const uint64_t odd[] = { 0, 1, 40, FILETIME_MAX, UINT64_MAX };
    struct row row = { .time = 1000000 + next_random() % 200, .record = next_random() % 5, .seq = seq };
    row.node = next_random() % NODES;
    row.log = next_random() % 3 * 20;
    if (next_random() % 50 == 0)
        row.time = odd[next_random() % COUNT_OF(odd)];
    row.size = next_random() % 40 == 0 ? 5000 : next_random() % 30;
    return row;
}

static struct text text_of(const struct row *row)
{
    static char letters[5000];
    memset(letters, 'a' + (char)(row->seq % 26), row->size);
    return (struct text){ letters, row->size };
}

static int64_t ahead_of(const void *ctx, const struct row *row)
{
    (void)ctx;
    return ahead[row->node] + row->log;
}

static bool visit(void *ctx, const struct row *row, uint64_t corrected, struct text text)
{
    struct visited *v = ctx;
    const struct line *wanted = &v->expected[v->at++];
    assert_int_equal(row->seq, wanted->row.seq);
    assert_int_equal(corrected, wanted->corrected);
    assert_true(text_equal(text, text_of(&wanted->row)));
    return v->at != v->stop;
}

/* A memory of nothing makes a run of every few rows. */
static void check(size_t memory, size_t count, size_t stop)
{
    struct line *lines = calloc(count + 1, sizeof *lines);
    struct rows *rows = rows_new(memory);
    assert_non_null(lines);
    for (size_t i = 0; i < count; i++) {
        lines[i].row = random_row(i);
        lines[i].corrected = corrected_of(&lines[i].row);
        assert_true(rows_add(rows, lines[i].row, text_of(&lines[i].row)));
    }
    qsort(lines, count, sizeof *lines, order);
    struct visited v = { lines, 0, stop };
    assert_true(rows_visit(rows, ahead_of, rank, visit, &v));
    assert_int_equal(v.at, stop && stop < count ? stop : count);
    rows_free(rows);
    free(lines);
}

static void the_order_is_the_same_with_any_memory(void **state)
{
    (void)state;
    static const size_t memories[] = { 0, 200, 4096, 100000, 64u << 20 };
    for (size_t i = 0; i < COUNT_OF(memories); i++) {
        check(memories[i], ROWS, 0);
        check(memories[i], 1, 0);
    }
    check(1u << 20, 0, 0);
}

static void whoever_has_enough_is_not_told_more(void **state)
{
    (void)state;
    check(4096, ROWS, 1);
    check(4096, ROWS, ROWS / 2);
    check(64u << 20, ROWS, 7);
}

static void a_disk_without_room_is_said(void **state)
{
    (void)state;
    struct rows *rows = rows_new(0);
    struct row row = { .time = 1, .size = 1 };
    assert_int_equal(setenv("TMPDIR", "/nowhere", 1), 0);
    assert_true(rows_add(rows, row, TEXT("a"))); /* there is room for one */
    assert_false(rows_add(rows, row, TEXT("b")));
    assert_int_equal(unsetenv("TMPDIR"), 0);
    rows_free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_is_the_same_with_any_memory),
        cmocka_unit_test(whoever_has_enough_is_not_told_more),
        cmocka_unit_test(a_disk_without_room_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
