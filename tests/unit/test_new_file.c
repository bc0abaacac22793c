/*
 * Files that are whole or absent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/new_file.h"

static char old_folder[4096], folder[] = "/tmp/evscan-new-file-XXXXXX";

static int enter(void **state)
{
    (void)state;
    return !getcwd(old_folder, sizeof old_folder) || !mkdtemp(folder) || chdir(folder);
}

static int leave(void **state)
{
    (void)state;
    return chdir(old_folder) || rmdir(folder);
}

static void holds(const char *path, const char *words)
{
    char got[64] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fread(got, 1, sizeof got - 1, file), strlen(words));
    fclose(file);
    assert_string_equal(got, words);
}

static bool there(const char *path)
{
    return access(path, F_OK) == 0;
}

static void put(const char *path, bool replace, const char *words)
{
    struct new_file f;
    assert_int_equal(new_file_open(&f, path, replace), 0);
    assert_int_equal(new_file_write(&f, text_from(words)), 0);
    assert_int_equal(new_file_commit(&f), 0);
}

static void it_is_absent_until_it_is_whole(void **state)
{
    (void)state;
    struct new_file f;
    assert_int_equal(new_file_open(&f, "a", false), 0);
    assert_int_equal(new_file_write(&f, TEXT("half")), 0);
    assert_false(there("a"));
    assert_true(there(f.temporary));
    assert_int_equal(new_file_commit(&f), 0);
    holds("a", "half");
    unlink("a");
}

static void what_is_dropped_leaves_nothing(void **state)
{
    (void)state;
    struct new_file f;
    assert_int_equal(new_file_open(&f, "a", false), 0);
    assert_int_equal(new_file_write(&f, TEXT("half")), 0);
    new_file_drop(&f);
    new_file_drop(&f);
    assert_false(there("a"));
}

static void a_file_is_replaced_only_on_request(void **state)
{
    (void)state;
    struct new_file f;
    put("a", false, "one");
    assert_int_equal(new_file_open(&f, "a", false), EEXIST);
    assert_int_equal(new_file_open(&f, "./a", true), 0);
    holds("a", "one");
    new_file_drop(&f);
    holds("a", "one");
    put("a", true, "two");
    holds("a", "two");
    unlink("a");
}

static void a_file_that_came_meanwhile_stays(void **state)
{
    (void)state;
    struct new_file f;
    assert_int_equal(new_file_open(&f, "a", false), 0);
    FILE *other = fopen("a", "w");
    assert_non_null(other);
    fputs("other", other);
    fclose(other);
    assert_int_equal(new_file_commit(&f), EEXIST);
    holds("a", "other");
    unlink("a");
}

static void one_path_is_written_once_at_a_time(void **state)
{
    (void)state;
    struct new_file f, again;
    assert_int_equal(new_file_open(&f, "a", false), 0);
    assert_int_equal(new_file_open(&again, "./a", false), EBUSY);
    new_file_drop(&f);
}

static void links_are_followed(void **state)
{
    (void)state;
    struct stat st;
    struct new_file f;
    put("real", false, "one");
    assert_int_equal(symlink("real", "link"), 0);
    assert_int_equal(new_file_open(&f, "link", false), EEXIST);
    put("link", true, "two");
    holds("real", "two");
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    unlink("real");
    assert_int_equal(new_file_open(&f, "link", true), ENOENT);
    unlink("link");
}

static void devices_are_written_to(void **state)
{
    (void)state;
    struct new_file f;
    put("/dev/null", false, "gone");
    assert_int_equal(new_file_open(&f, "/dev/full", false), 0);
    assert_int_equal(new_file_write(&f, TEXT("more")), ENOSPC);
    new_file_drop(&f);
    assert_int_equal(new_file_open(&f, "/", true), EISDIR);
    assert_int_equal(new_file_open(&f, "missing/a", true), ENOENT);
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static void what_was_private_stays_so(void **state)
{
    (void)state;
    static const mode_t modes[] = { 0600, 0640, 0400, 0666 };
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct new_file f;
        put("a", false, "one");
        assert_int_equal(chmod("a", modes[i]), 0);
        assert_int_equal(new_file_open(&f, "a", true), 0);
        assert_int_equal(mode_of(f.temporary), modes[i]); /* not even for a moment */
        assert_int_equal(new_file_commit(&f), 0);
        assert_int_equal(mode_of("a"), modes[i]);
        unlink("a");
    }
}

static void the_owner_stays_where_he_can(void **state)
{
    (void)state;
    struct stat st;
    put("a", false, "one");
    if (chown("a", 65534, 65534) == 0) {
        put("a", true, "two");
        assert_int_equal(stat("a", &st), 0);
        assert_int_equal(st.st_uid, 65534);
        assert_int_equal(st.st_gid, 65534);
    }
    unlink("a");
}

static void a_pipe_nobody_reads_is_not_waited_for(void **state)
{
    (void)state;
    struct new_file f;
    assert_int_equal(mkfifo("p", 0600), 0);
    assert_int_equal(new_file_open(&f, "p", false), ENXIO);
    int reader = open("p", O_RDONLY | O_NONBLOCK);
    put("p", false, "two");
    char got[8] = "";
    assert_int_equal(read(reader, got, sizeof got - 1), 3);
    assert_string_equal(got, "two");
    close(reader);
    unlink("p");
}

/* As a shell writes it for the input of another program: the link leads to what has no name. */
static void a_link_to_a_pipe_is_written_to(void **state)
{
    (void)state;
    int ends[2];
    char path[32], got[8] = "";
    assert_int_equal(pipe(ends), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[1]);
    put(path, false, "two");
    assert_int_equal(read(ends[0], got, sizeof got - 1), 3);
    assert_string_equal(got, "two");
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_absent_until_it_is_whole),     cmocka_unit_test(what_is_dropped_leaves_nothing),
        cmocka_unit_test(a_file_is_replaced_only_on_request), cmocka_unit_test(a_file_that_came_meanwhile_stays),
        cmocka_unit_test(one_path_is_written_once_at_a_time), cmocka_unit_test(links_are_followed),
        cmocka_unit_test(devices_are_written_to),             cmocka_unit_test(what_was_private_stays_so),
        cmocka_unit_test(the_owner_stays_where_he_can),       cmocka_unit_test(a_pipe_nobody_reads_is_not_waited_for),
        cmocka_unit_test(a_link_to_a_pipe_is_written_to),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
