/* Paths: what the arguments of a command stand for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/paths.h"

struct place {
    struct arena arena;
    struct path_list list;
    char root[64];
};

static void path_in(const struct place *p, const char *name, char *out)
{
    snprintf(out, 256, "%s/%s", p->root, name);
}

static void file_make(const struct place *p, const char *name)
{
    char path[256];
    path_in(p, name, path);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
}

static void folder_make(const struct place *p, const char *name)
{
    char path[256];
    path_in(p, name, path);
    assert_int_equal(mkdir(path, 0700), 0);
}

static int place_make(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    arena_init(&p->arena);
    strcpy(p->root, "/tmp/evscan-paths-XXXXXX");
    assert_non_null(mkdtemp(p->root));
    folder_make(p, "b");
    folder_make(p, "b/deep");
    file_make(p, "c.evt");
    file_make(p, "a.evt");
    file_make(p, "b/2.evt");
    file_make(p, "b/deep/1.evt");
    *state = p;
    return 0;
}

static int place_clear(void **state)
{
    struct place *p = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", p->root);
    assert_int_equal(system(command), 0);
    arena_done(&p->arena);
    free(p);
    return 0;
}

static void expect(struct place *p, size_t at, const char *name)
{
    char path[256];
    path_in(p, name, path);
    assert_true(at < p->list.count);
    assert_string_equal(p->list.items[at].path, path);
}

static void folders_are_sorted_and_recursive(void **state)
{
    struct place *p = *state;
    paths_add(&p->list, &p->arena, p->root, NULL);
    paths_finish(&p->list, &p->arena);
    assert_int_equal(p->list.count, 4);
    expect(p, 0, "a.evt");
    expect(p, 1, "b/2.evt");
    expect(p, 2, "b/deep/1.evt");
    expect(p, 3, "c.evt");
    assert_true(p->list.items[0].from_folder);
}

static void a_file_reached_twice_is_taken_once(void **state)
{
    struct place *p = *state;
    char path[256], hard[256];
    path_in(p, "c.evt", path);
    path_in(p, "b/hard-link.evt", hard);
    assert_int_equal(link(path, hard), 0);
    paths_add(&p->list, &p->arena, path, NULL);
    paths_add(&p->list, &p->arena, p->root, NULL);
    paths_add(&p->list, &p->arena, path, NULL);
    paths_finish(&p->list, &p->arena);
    assert_int_equal(p->list.count, 4);
    expect(p, 2, "b/deep/1.evt");
    expect(p, 3, "c.evt");
    assert_false(p->list.items[3].from_folder);
}

static void loops_end_and_missing_files_are_problems(void **state)
{
    struct place *p = *state;
    char from[256], dangling[256], missing[256];
    path_in(p, "b/deep/loop", from);
    path_in(p, "dangling.evt", dangling);
    path_in(p, "missing.evt", missing);
    assert_int_equal(symlink("..", from), 0);
    assert_int_equal(symlink("nowhere", dangling), 0);
    paths_add(&p->list, &p->arena, p->root, NULL);
    paths_add(&p->list, &p->arena, missing, NULL);
    paths_finish(&p->list, &p->arena);
    assert_int_equal(p->list.count, 4);
    assert_int_equal(p->list.problem_count, 2);
    assert_int_equal(p->list.problems[0].error, ENOENT);
    assert_string_equal(p->list.problems[1].path, missing);
}

static bool is_yaml(const char *name)
{
    return strstr(name, ".yaml") != NULL;
}

static void the_filter_spares_what_is_named(void **state)
{
    struct place *p = *state;
    char named[256];
    file_make(p, "b/rule.yaml");
    path_in(p, "a.evt", named);
    paths_add(&p->list, &p->arena, p->root, is_yaml);
    paths_add(&p->list, &p->arena, named, is_yaml);
    paths_finish(&p->list, &p->arena);
    assert_int_equal(p->list.count, 2);
    expect(p, 0, "a.evt");
    expect(p, 1, "b/rule.yaml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(folders_are_sorted_and_recursive, place_make, place_clear),
        cmocka_unit_test_setup_teardown(a_file_reached_twice_is_taken_once, place_make, place_clear),
        cmocka_unit_test_setup_teardown(loops_end_and_missing_files_are_problems, place_make, place_clear),
        cmocka_unit_test_setup_teardown(the_filter_spares_what_is_named, place_make, place_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
