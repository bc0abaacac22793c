/*
 * faults.c - things go wrong at a chosen moment: for LD_PRELOAD.
 *
 * EVSCAN_FAULT_AT=N   the N-th call, counted from 1,
 *              .. of those that change something on a disk:
 * EVSCAN_FAULT=kill   ends the process by SIGKILL, before it is carried out
 *              full   and all behind it that write fail with ENOSPC
 *              io     fails with EIO
 *              .. of those that read from one:
 *              read   fails with EIO
 *              bad    and all behind it fail with EIO
 *              swap   runs the command EVSCAN_FAULT_DO, before it is carried out
 * EVSCAN_FAULT_COUNT=FILE   how many there were of both is written to the file, at the end
 */
#undef _FILE_OFFSET_BITS /* else pwrite and pwrite64 would be one name */
#undef _TIME_BITS
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_ulong changes, reads;

static int is(const char *fault)
{
    const char *given = getenv("EVSCAN_FAULT");
    return given && strcmp(given, fault) == 0;
}

/* 0: the moment has not come; 1: it is this call; 2: it has passed. */
static int moment(atomic_ulong *calls)
{
    const char *at = getenv("EVSCAN_FAULT_AT");
    unsigned long wanted = at ? strtoul(at, NULL, 10) : 0, call = ++*calls;
    return !wanted || call < wanted ? 0 : call == wanted ? 1 : 2;
}

/* True when this call, which changes something, has to fail. */
static int change_fails(int writes)
{
    int when = moment(&changes);
    if (when == 1 && is("kill"))
        kill(getpid(), SIGKILL);
    if (when)
        errno = is("full") ? ENOSPC : EIO;
    return when && ((is("full") && writes) || (is("io") && when == 1));
}

static void command_run(void)
{
    const char *command = getenv("EVSCAN_FAULT_DO");
    unsetenv("LD_PRELOAD");
    if (!command || system(command) != 0)
        abort();
}

static int read_fails(int unused)
{
    int when = moment(&reads);
    (void)unused;
    if (when == 1 && is("swap"))
        command_run();
    if (when)
        errno = EIO;
    return when && (is("bad") || (is("read") && when == 1));
}

#define NEXT(name) __extension__ ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define CALL(type, name, parameters, arguments, fails, writes) \
    type name parameters                                       \
    {                                                          \
        return fails(writes) ? -1 : NEXT(name) arguments;      \
    }

CALL(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n), change_fails, 1)
CALL(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at), change_fails, 1)
CALL(ssize_t, pwrite64, (int fd, const void *p, size_t n, off64_t at), (fd, p, n, at), change_fails, 1)
CALL(int, fsync, (int fd), (fd), change_fails, 0)
CALL(int, fdatasync, (int fd), (fd), change_fails, 0)
CALL(int, ftruncate, (int fd, off_t n), (fd, n), change_fails, 1)
CALL(int, ftruncate64, (int fd, off64_t n), (fd, n), change_fails, 1)
CALL(int, rename, (const char *from, const char *to), (from, to), change_fails, 0)
CALL(int, unlink, (const char *path), (path), change_fails, 0)
CALL(ssize_t, read, (int fd, void *p, size_t n), (fd, p, n), read_fails, 0)
CALL(ssize_t, pread, (int fd, void *p, size_t n, off_t at), (fd, p, n, at), read_fails, 0)
CALL(ssize_t, pread64, (int fd, void *p, size_t n, off64_t at), (fd, p, n, at), read_fails, 0)

__attribute__((destructor)) static void count_write(void)
{
    const char *path = getenv("EVSCAN_FAULT_COUNT");
    unsigned long changed = changes, read_in = reads; /* before this file counts as well */
    FILE *out = path ? fopen(path, "w") : NULL;
    if (out) {
        fprintf(out, "%lu %lu\n", changed, read_in);
        fclose(out);
    }
}
