/* The memory between runs: what is saved comes back, also of odd names; what is suppressed; what is forgotten. */
#define _DEFAULT_SOURCE /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "state/store.h"
#include "state/suppression.h"

#define NOW UINT64_C(126230400000000000)

static char folder[64];
static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    strcpy(folder, "/tmp/evscan-memory-XXXXXX");
    return mkdtemp(folder) ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    static const char *const files[] = { "evscan.db", "evscan.db-wal", "evscan.db-shm", "evscan.lock" };
    for (size_t i = 0; i < COUNT_OF(files); i++)
        unlink(text_keep_format(&arena, "%s/%s", folder, files[i]).p);
    int gone = rmdir(folder);
    arena_done(&arena);
    return gone;
}

static struct store *opened(struct memory *m)
{
    struct store *s;
    struct text why;
    assert_int_equal(store_open(folder, true, NOW, &arena, &s, &why), STORE_GOOD);
    assert_true(store_load(s, TEXT("C"), m, &why));
    known_logs_index(&m->logs);
    return s;
}

static void saved(struct store *s, struct memory *m)
{
    const struct run_row run = { .began = NOW, .ended = NOW, .version = "1" };
    struct text why;
    assert_true(store_save(s, TEXT("C"), m, &run, &why));
    store_close(s);
}

static struct generation *log_add(struct memory *m, struct text node, uint64_t first, uint64_t last)
{
    struct generation *g = generation_add(&m->logs, known_log_get(&m->logs, node, TEXT("System")));
    id_runs_add(&g->seen, first, last);
    marks_add(&arena, &g->marks, (struct mark){ .id = first, .time = NOW, .checksum = 7 });
    g->changed = true;
    return g;
}

static const struct text names[] = { TEXT("A"), TEXT("a\0B"), TEXT("a\0C"), TEXT("D\\n"), TEXT("D\n"), TEXT("\\"),
                                     TEXT("\\\\0"), TEXT("\xC3\xA4"), TEXT("") };

static void odd_names_come_back(void **state)
{
    (void)state;
    struct memory m;
    struct store *s = opened(&m);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        log_add(&m, names[i], i + 1, 2 * i + 1);
    struct trouble *t = ARENA_NEW(&arena, struct trouble);
    *t = (struct trouble){ .id = TEXT("t-1"), .what = TEXT("t"), .title = TEXT("T"), .kind = TROUBLE_FINDING,
                           .nodes = names, .node_count = COUNT_OF(names), .confidence = 3, .score = 100, .level = 5,
                           .first_seen = 1, .last_seen = UINT64_MAX, .occurrences = 2, .counted = 1, .opened = NOW,
                           .told = NOW, .reminders = 9, .reason = TEXT(""), .changed = true };
    memory_trouble_add(&m, t);
    saved(s, &m);
    for (int round = 0; round < 3; round++) {
        s = opened(&m);
        assert_int_equal(m.run, 2 + round);
        assert_int_equal(m.logs.count, COUNT_OF(names));
        for (size_t i = 0; i < COUNT_OF(names); i++) {
            const struct known_log *log = known_log_find(&m.logs, names[i], TEXT("system"));
            assert_non_null(log);
            assert_true(text_equal(log->node, names[i]));
            assert_int_equal(id_runs_count(&log->generations->seen), i + 1);
            assert_int_equal(log->generations->marks.count, 1);
            assert_true(text_equal(m.troubles[0]->nodes[i], names[i]));
            log->generations->changed = true;
        }
        assert_int_equal(m.troubles[0]->node_count, COUNT_OF(names));
        assert_true(m.troubles[0]->last_seen == UINT64_MAX && m.troubles[0]->reminders == 9);
        saved(s, &m);
    }
}

static void a_node_of_an_odd_name_is_forgotten(void **state)
{
    (void)state;
    struct memory m;
    struct store *s = opened(&m);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        log_add(&m, names[i], 1, 9);
    saved(s, &m);
    for (size_t i = 0; i + 1 < COUNT_OF(names); i++) {
        uint64_t rows;
        struct text why;
        s = opened(&m);
        assert_int_equal(m.logs.count, COUNT_OF(names) - i);
        assert_true(store_forget(s, TEXT("C"), names[i], &rows, &why));
        assert_int_equal(rows, 2); /* a generation and a mark */
        store_close(s);
    }
}

/* A log of which in the end nothing was read is not there in the next run; an older generation of it is. */
static void what_was_given_back_is_not_known(void **state)
{
    (void)state;
    struct memory m;
    struct store *s = opened(&m);
    struct generation *first = log_add(&m, TEXT("A"), 1, 50), *second = log_add(&m, TEXT("A"), 1, 10);
    struct part_verdict v = { .of = second };
    id_runs_init(&v.take, &arena);
    id_runs_add(&v.take, 1, 10);
    verdict_take_back(&m.logs, &v, 1, &v);
    assert_int_equal(v.take.count, 0);
    v.of = first;
    id_runs_add(&v.take, 41, 50);
    verdict_take_back(&m.logs, &v, 1, &v);
    saved(s, &m);
    s = opened(&m);
    const struct known_log *log = known_log_find(&m.logs, TEXT("A"), TEXT("System"));
    assert_non_null(log);
    assert_int_equal(id_runs_last(&log->generations->seen), 40);
    assert_null(log->generations->older);
    store_close(s);
}

static void logs_are_kept_up_to_a_limit(void **state)
{
    (void)state;
    struct memory m;
    struct store *s = opened(&m);
    for (size_t i = 0; i < LIMIT_KNOWN_LOGS; i++)
        log_add(&m, text_keep_format(&arena, "N%zu", i), 1, 1);
    saved(s, &m);
    s = opened(&m);
    assert_int_equal(m.logs.count, LIMIT_KNOWN_LOGS);
    for (size_t i = 0; i < 10; i++)
        log_add(&m, text_keep_format(&arena, "M%zu", i), 1, 1);
    saved(s, &m);
    s = opened(&m);
    assert_int_equal(m.logs.count, LIMIT_KNOWN_LOGS);
    for (size_t i = 0; i < 10; i++)
        assert_non_null(known_log_find(&m.logs, text_keep_format(&arena, "M%zu", i), TEXT("System")));
    store_close(s);
}

static void one_run_at_a_time(void **state)
{
    (void)state;
    struct memory m;
    struct store *s = opened(&m), *other;
    struct text why;
    assert_int_equal(store_open(folder, true, NOW, &arena, &other, &why), STORE_LOCKED);
    assert_true(strstr(why.p, "in use by another run: process") != NULL);
    store_close(s);
    s = opened(&m);
    store_close(s);
}

static void suppressions_read(const char *source, size_t errors, size_t count, struct suppressions *ret)
{
    struct yaml_file file;
    struct diags diags;
    diags_init(&diags, &arena);
    *ret = (struct suppressions){ 0 };
    assert_true(yaml_parse(&arena, TEXT("s.yaml"), text_from(source), &diags, &file));
    suppressions_add_file(&arena, &file, &diags, ret);
    assert_int_equal(diags.errors, errors);
    assert_int_equal(ret->count, count);
}

static void suppressions_and_their_mistakes(void **state)
{
    (void)state;
    struct suppressions s;
    suppressions_read("- {what: r, until: 2030-01-01, reason: x}\n", 0, 1, &s);
    suppressions_read("what: r\n", 1, 0, &s);
    suppressions_read("- r\n- {what: r, until: soon, reason: x}\n- {what: r, until: 2030-01-01}\n"
                      "- {wat: r, until: 2030-01-01, reason: x}\n- {what: ' ', until: 2030-01-01, reason: x}\n"
                      "- {what: [r], until: 2030-01-01, reason: x}\n- {what: r, until: 2030-01-01, reason: x}\n",
                      6, 1, &s);
    assert_int_equal(s.items[0].what_at.line, 7);
    assert_int_equal(s.items[0].until_at.column, 20);
}

static void what_is_suppressed(void **state)
{
    (void)state;
    static const struct text one[] = { TEXT("NODE1") }, two[] = { TEXT("node1"), TEXT("NODE2") };
    struct suppressions s;
    suppressions_read("- {what: r-1f, until: 2001-02-01, reason: by id}\n"
                      "- {what: R, node: NODE1, until: 2001-03-01, reason: on a node}\n"
                      "- {what: r, until: 2001-01-10, reason: everywhere}\n",
                      0, 3, &s);
    const uint64_t day = UINT64_C(864000000000);
    assert_null(suppression_find(NULL, TEXT("r-1f"), TEXT("r"), one, 1, NOW));
    assert_ptr_equal(suppression_find(&s, TEXT("R-1F"), TEXT("r"), two, 2, NOW), &s.items[0]);
    assert_ptr_equal(suppression_find(&s, TEXT("r-2f"), TEXT("r"), one, 1, NOW), &s.items[1]);
    assert_ptr_equal(suppression_find(&s, TEXT("r-2f"), TEXT("r"), two, 2, NOW), &s.items[2]);
    assert_null(suppression_find(&s, TEXT("r-2f"), TEXT("r"), two, 2, NOW + 20 * day));
    assert_ptr_equal(suppression_find(&s, TEXT("r-1f"), TEXT("r"), one, 1, NOW + 40 * day), &s.items[1]);
    assert_null(suppression_find(&s, TEXT("r-1f"), TEXT("r"), one, 1, NOW + 70 * day));
    assert_null(suppression_find(&s, TEXT("q-1"), TEXT("q"), one, 1, NOW));
}

static void what_is_suppressed_node_by_node(void **state)
{
    (void)state;
    static const struct text nodes[] = { TEXT("NODE1"), TEXT("NODE2"), TEXT("NODE3") };
    struct suppressions s;
    suppressions_read("- {what: r, node: node1, until: 2001-03-01, reason: a}\n"
                      "- {what: r, node: NODE2, until: 2001-02-01, reason: b}\n"
                      "- {what: q, node: NODE3, until: 2001-02-01, reason: c}\n",
                      0, 3, &s);
    const uint64_t day = UINT64_C(864000000000);
    assert_ptr_equal(suppression_find(&s, TEXT("r-1"), TEXT("r"), nodes, 2, NOW), &s.items[1]);
    assert_null(suppression_find(&s, TEXT("r-1"), TEXT("r"), nodes, 3, NOW));
    assert_null(suppression_find(&s, TEXT("r-1"), TEXT("r"), nodes, 2, NOW + 40 * day));
    assert_ptr_equal(suppression_find(&s, TEXT("r-1"), TEXT("r"), nodes, 1, NOW + 40 * day), &s.items[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(odd_names_come_back, setup, teardown),
        cmocka_unit_test_setup_teardown(a_node_of_an_odd_name_is_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_given_back_is_not_known, setup, teardown),
        cmocka_unit_test_setup_teardown(logs_are_kept_up_to_a_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(one_run_at_a_time, setup, teardown),
        cmocka_unit_test_setup_teardown(suppressions_and_their_mistakes, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_suppressed, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_suppressed_node_by_node, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
