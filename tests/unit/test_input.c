/* Where bytes come from: files that grow, shrink and vanish, pipes, FIFOs, folders, nothing at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/input.h"

#define BIG 300000u /* more than a pipe holds, and no multiple of a block */

static char folder[] = "/tmp/evscan-test-XXXXXX";
static char path[64];
static unsigned char pattern[BIG];

static int folder_make(void **state)
{
    (void)state;
    for (size_t i = 0; i < BIG; i++)
        pattern[i] = (unsigned char)(i * 7 + i / 251);
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/log", folder);
    return setenv("TMPDIR", folder, 1);
}

static int folder_remove(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void write_file(size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(pattern, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void assert_holds_pattern(struct input *in, size_t n)
{
    unsigned char *out = malloc(n + 1);
    int error = -1;
    assert_non_null(in);
    assert_int_equal(input_size(in), n);
    assert_int_equal(input_read_at(in, 0, out, n + 1, &error), n);
    assert_int_equal(error, 0);
    assert_memory_equal(out, pattern, n);
    free(out);
}

static void files_are_read_anywhere(void **state)
{
    (void)state;
    write_file(BIG);
    struct input *in = input_open(path);
    assert_holds_pattern(in, BIG);
    assert_string_equal(input_name(in), path);
    unsigned char out[16];
    int error = -1;
    assert_int_equal(input_read_at(in, 1000, out, 16, &error), 16);
    assert_memory_equal(out, pattern + 1000, 16);
    assert_int_equal(input_read_at(in, BIG - 5, out, 16, &error), 5);
    assert_int_equal(input_read_at(in, BIG, out, 16, &error), 0);
    assert_int_equal(input_read_at(in, UINT64_MAX, out, 16, &error), 0);
    assert_int_equal(error, 0);
    assert_int_equal(input_grown(in), 0);
    input_close(in);
    unlink(path);
}

static void what_is_written_meanwhile_waits(void **state)
{
    (void)state;
    write_file(1000);
    struct input *in = input_open(path);
    write_file(1500);
    assert_holds_pattern(in, 1000);
    assert_int_equal(input_grown(in), 500);
    input_close(in);
    unlink(path);
}

static void a_file_may_shrink(void **state)
{
    (void)state;
    write_file(1000);
    struct input *in = input_open(path);
    assert_int_equal(truncate(path, 400), 0);
    unsigned char out[1000];
    int error = -1;
    assert_int_equal(input_read_at(in, 0, out, sizeof out, &error), 400);
    assert_int_equal(input_read_at(in, 600, out, 100, &error), 0);
    assert_int_equal(error, 0);
    assert_int_equal(input_size(in), 1000);
    assert_int_equal(input_grown(in), 0);
    input_close(in);
    unlink(path);
}

static void a_file_may_lose_its_name(void **state)
{
    (void)state;
    write_file(1000);
    struct input *in = input_open(path);
    unlink(path);
    assert_holds_pattern(in, 1000);
    input_close(in);
}

static void what_cannot_be_opened_says_why(void **state)
{
    (void)state;
    assert_null(input_open(path));
    assert_int_equal(errno, ENOENT);
    assert_null(input_open(""));
    assert_int_equal(errno, ENOENT);
    assert_null(input_open(folder));
    assert_int_equal(errno, EISDIR);
    input_close(NULL);
}

static void empty_things_are_empty(void **state)
{
    (void)state;
    write_file(0);
    struct input *in = input_open(path);
    assert_holds_pattern(in, 0);
    input_close(in);
    unlink(path);
    in = input_open("/dev/null");
    assert_holds_pattern(in, 0);
    input_close(in);
    in = input_from_bytes((struct bytes){ NULL, 0 }, "nothing");
    assert_holds_pattern(in, 0);
    assert_string_equal(input_name(in), "nothing");
    input_close(in);
}

static void bytes_are_an_input(void **state)
{
    (void)state;
    struct input *in = input_from_bytes((struct bytes){ pattern, 1000 }, "bytes");
    assert_holds_pattern(in, 1000);
    unsigned char out[10];
    int error = -1;
    assert_int_equal(input_read_at(in, 995, out, 10, &error), 5);
    assert_int_equal(input_grown(in), 0);
    input_close(in);
}

struct writer {
    pthread_t thread;
    int fd;       /* -1: opens `path`, late */
    bool in_bits; /* with pauses, so that reads come back short */
};

static void *writer_run(void *arg)
{
    struct writer *w = arg;
    const struct timespec pause = { .tv_nsec = 20000000 };
    if (w->fd < 0) {
        nanosleep(&pause, NULL);
        w->fd = open(path, O_WRONLY);
    }
    for (size_t done = 0; w->fd >= 0 && done < BIG;) {
        ssize_t n = write(w->fd, pattern + done, BIG - done < 99991 ? BIG - done : 99991);
        if (n <= 0)
            break;
        done += (size_t)n;
        if (w->in_bits)
            nanosleep(&pause, NULL);
    }
    close(w->fd);
    return NULL;
}

static size_t files_in_folder(void)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    for (const struct dirent *e; dir && (e = readdir(dir));)
        count += e->d_name[0] != '.';
    closedir(dir);
    return count;
}

/* Runs `open_it` with standard input coming from `fd`. */
static struct input *open_standard_input(int fd)
{
    int before = dup(STDIN_FILENO);
    assert_true(dup2(fd, STDIN_FILENO) >= 0);
    struct input *in = input_open("-");
    int error = errno;
    assert_true(dup2(before, STDIN_FILENO) >= 0);
    close(before);
    errno = error;
    return in;
}

static void pipe_is_read_whole(int reading_flags)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, reading_flags), 0);
    struct writer w = { .fd = ends[1], .in_bits = true };
    assert_int_equal(pthread_create(&w.thread, NULL, writer_run, &w), 0);
    struct input *in = open_standard_input(ends[0]);
    pthread_join(w.thread, NULL);
    assert_holds_pattern(in, BIG);
    assert_string_equal(input_name(in), "-");
    assert_int_equal(input_grown(in), 0);
    assert_int_equal(files_in_folder(), 0); /* the copy has no name */
    assert_int_equal(fcntl(ends[0], F_GETFL) & O_NONBLOCK, reading_flags);
    input_close(in);
    close(ends[0]);
}

static void pipes_are_read_to_their_end(void **state)
{
    (void)state;
    pipe_is_read_whole(0);
    pipe_is_read_whole(O_NONBLOCK); /* as some parents leave it */
}

static void a_fifo_waits_for_its_writer(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(path, 0600), 0);
    struct writer w = { .fd = -1 };
    assert_int_equal(pthread_create(&w.thread, NULL, writer_run, &w), 0);
    struct input *in = input_open(path);
    pthread_join(w.thread, NULL);
    assert_holds_pattern(in, BIG);
    input_close(in);
    unlink(path);
}

static void standard_input_may_be_a_file(void **state)
{
    (void)state;
    write_file(1000);
    int fd = open(path, O_RDONLY);
    struct input *in = open_standard_input(fd);
    close(fd);
    assert_holds_pattern(in, 1000);
    write_file(1200);
    assert_int_equal(input_grown(in), 200);
    input_close(in);
    unlink(path);
}

static int descriptors_open(void)
{
    int count = 0;
    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* No room for the copy: an error, nothing left open, nothing left behind. */
static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    struct rlimit before, small = { 65536, 65536 };
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct writer w = { .fd = ends[1] };
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(pthread_create(&w.thread, NULL, writer_run, &w), 0);
    int open_before = descriptors_open();
    struct input *in = open_standard_input(ends[0]);
    assert_null(in);
    assert_int_equal(errno, EFBIG);
    assert_int_equal(descriptors_open(), open_before);
    close(ends[0]);
    pthread_join(w.thread, NULL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(files_in_folder(), 0);
}

static void no_folder_for_the_copy_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(setenv("TMPDIR", "/nonexistent", 1), 0);
    assert_null(input_open("/dev/null"));
    assert_int_equal(errno, ENOENT);
    assert_int_equal(setenv("TMPDIR", folder, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_anywhere),
        cmocka_unit_test(what_is_written_meanwhile_waits),
        cmocka_unit_test(a_file_may_shrink),
        cmocka_unit_test(a_file_may_lose_its_name),
        cmocka_unit_test(what_cannot_be_opened_says_why),
        cmocka_unit_test(empty_things_are_empty),
        cmocka_unit_test(bytes_are_an_input),
        cmocka_unit_test(pipes_are_read_to_their_end),
        cmocka_unit_test(a_fifo_waits_for_its_writer),
        cmocka_unit_test(standard_input_may_be_a_file),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(no_folder_for_the_copy_is_an_error),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
