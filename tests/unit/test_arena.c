/* Memory that dies together: marks, resets, adoption, and the end of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define IS_POISONED(p) __asan_address_is_poisoned(p)
#endif
#endif

/* Enough for several blocks. */
static void fill(struct arena *a)
{
    for (int i = 0; i < 1000; i++)
        memset(arena_alloc(a, 1000), 0xEE, 1000);
}

static void what_is_handed_out_is_aligned_and_zeroed(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct arena_mark start = arena_mark(&a);
    for (int round = 0; round < 2; round++) {
        for (size_t n = 0; n < 300; n++) {
            unsigned char *p = arena_alloc(&a, n);
            assert_non_null(p);
            assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(p[i], 0);
            memset(p, 0xEE, n);
        }
        arena_rewind(&a, start);
        assert_int_equal(a.total, 0);
    }
    arena_done(&a);
}

static void rewinding_keeps_what_is_older(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct text kept = text_keep(&a, TEXT("kept"));
    size_t before = a.total;
    struct arena_mark mark = arena_mark(&a);
    fill(&a);
    assert_true(a.total >= 1000000);
    arena_rewind(&a, mark);
    assert_int_equal(a.total, before);
    assert_true(text_equal(kept, TEXT("kept")));
#ifdef IS_POISONED
    char *gone = arena_alloc(&a, 100);
    arena_rewind(&a, mark);
    assert_true(IS_POISONED(gone));
    assert_false(IS_POISONED(kept.p));
#endif
    arena_done(&a);
    assert_int_equal(a.total, 0);
}

static void reset_keeps_one_block(void **state)
{
    (void)state;
    struct arena a, child;
    arena_init(&a);
    arena_init(&child);
    arena_reset(&a);
    assert_int_equal(a.total, 0);
    fill(&a);
    fill(&child);
    arena_adopt(&a, &child);
    arena_reset(&a);
    size_t one = a.total;
    assert_in_range(one, 1, 256 << 10);
    void *p = arena_alloc(&a, 16);
    assert_int_equal(a.total, one);
    arena_reset(&a);
    assert_ptr_equal(arena_alloc(&a, 16), p);
    arena_done(&a);
}

/* Wherever the mark was set: in an empty arena, in the newest block, or in one that is full by now. */
static void adopted_memory_outlives_rewinding(void **state)
{
    (void)state;
    for (int before = 0; before < 2; before++)
        for (int between = 0; between < 2; between++) {
            struct arena a, child;
            arena_init(&a);
            arena_init(&child);
            if (before)
                text_keep(&a, TEXT("older"));
            size_t older = a.total;
            struct arena_mark mark = arena_mark(&a);
            if (between)
                fill(&a);
            struct text other = text_keep(&child, TEXT("other"));
            size_t adopted = child.total;
            arena_adopt(&a, &child);
            assert_int_equal(child.total, 0);
            arena_rewind(&a, mark);
            assert_int_equal(a.total, older + adopted);
            assert_true(text_equal(other, TEXT("other")));
            arena_done(&child);
            assert_true(text_equal(other, TEXT("other")));
            arena_done(&a);
            assert_int_equal(a.total, 0);
        }
}

static void adopting_hands_on_what_was_adopted(void **state)
{
    (void)state;
    struct arena a, b, c;
    arena_init(&a);
    arena_init(&b);
    arena_init(&c);
    arena_adopt(&a, &b); /* nothing from nothing */
    struct text deep = text_keep(&c, TEXT("deep"));
    fill(&c);
    arena_adopt(&b, &c);
    struct text again = text_keep(&c, TEXT("again")); /* the child can be used again */
    arena_adopt(&a, &b);
    arena_adopt(&a, &c);
    arena_done(&b);
    arena_done(&c);
    assert_true(text_equal(deep, TEXT("deep")));
    assert_true(text_equal(again, TEXT("again")));
    arena_done(&a);
    assert_int_equal(a.total, 0);
}

static void arrays_grow(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    uint32_t *items = NULL;
    size_t count = 0, capacity = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        items = arena_grow(&a, items, count, &capacity, sizeof *items);
        items[count++] = i;
    }
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    assert_true(capacity >= 1000);
    arena_done(&a);
}

static void copies_are_whole(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct text t = text_keep(&a, TEXT("a\0b"));
    assert_int_equal(t.n, 3);
    assert_memory_equal(t.p, "a\0b", 4); /* and an end mark behind it, for those who print it */
    assert_int_equal(text_keep(&a, (struct text){ NULL, 0 }).n, 0);
    assert_int_equal(bytes_keep(&a, (struct bytes){ NULL, 0 }).n, 0);
    assert_string_equal(text_keep_format(&a, "%d-%s", 7, "x").p, "7-x");
    arena_done(&a);
}

static int exit_status_of(void (*act)(struct arena *))
{
    pid_t child = fork();
    if (child == 0) {
        struct arena a;
        arena_init(&a);
        close(STDERR_FILENO);
        act(&a);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void ask_for_too_many(struct arena *a)
{
    arena_alloc_n(a, SIZE_MAX / 8 + 2, 8);
}

static void ask_for_all(struct arena *a)
{
    arena_alloc(a, SIZE_MAX);
}

static void ask_for_all_but_the_head(struct arena *a)
{
    arena_alloc(a, SIZE_MAX - _Alignof(max_align_t));
}

/* A product or a sum that wraps must never become a small block. */
static void no_memory_ends_the_process(void **state)
{
    (void)state;
    assert_int_equal(exit_status_of(ask_for_too_many), 71);
    assert_int_equal(exit_status_of(ask_for_all), 71);
    assert_int_equal(exit_status_of(ask_for_all_but_the_head), 71);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_handed_out_is_aligned_and_zeroed),
        cmocka_unit_test(rewinding_keeps_what_is_older),
        cmocka_unit_test(reset_keeps_one_block),
        cmocka_unit_test(adopted_memory_outlives_rewinding),
        cmocka_unit_test(adopting_hands_on_what_was_adopted),
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(copies_are_whole),
        cmocka_unit_test(no_memory_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
