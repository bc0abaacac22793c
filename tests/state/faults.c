/*
 * faults.c - things go wrong at a chosen moment: for LD_PRELOAD.
 *
 * EVSCAN_FAULT_AT=N   the N-th call that changes something on a disk, counted from 1
 * EVSCAN_FAULT=kill   .. ends the process by SIGKILL, before it is carried out
 *              full   .. and all behind it that write fail with ENOSPC
 *              io     .. fails with EIO
 * EVSCAN_FAULT_COUNT=FILE   how many there were is written to the file, at the end
 */
#undef _FILE_OFFSET_BITS /* else pwrite and pwrite64 would be one name */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned long calls;

static int is(const char *fault)
{
    const char *given = getenv("EVSCAN_FAULT");
    return given && strcmp(given, fault) == 0;
}

/* True when this call has to fail. */
static int goes_wrong(int writes)
{
    const char *at = getenv("EVSCAN_FAULT_AT");
    unsigned long wanted = at ? strtoul(at, NULL, 10) : 0;
    calls++;
    if (!wanted || calls < wanted)
        return 0;
    if (calls == wanted && is("kill"))
        kill(getpid(), SIGKILL);
    errno = is("full") ? ENOSPC : EIO;
    return is("full") ? writes : is("io") && calls == wanted;
}

#define NEXT(name) __extension__ ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define CALL(type, name, parameters, arguments, writes) \
    type name parameters                                \
    {                                                   \
        return goes_wrong(writes) ? -1 : NEXT(name) arguments; \
    }

CALL(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n), 1)
CALL(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at), 1)
CALL(ssize_t, pwrite64, (int fd, const void *p, size_t n, off64_t at), (fd, p, n, at), 1)
CALL(int, fsync, (int fd), (fd), 0)
CALL(int, fdatasync, (int fd), (fd), 0)
CALL(int, ftruncate, (int fd, off_t n), (fd, n), 1)
CALL(int, ftruncate64, (int fd, off64_t n), (fd, n), 1)
CALL(int, rename, (const char *from, const char *to), (from, to), 0)
CALL(int, unlink, (const char *path), (path), 0)

__attribute__((destructor)) static void count_write(void)
{
    const char *path = getenv("EVSCAN_FAULT_COUNT");
    FILE *out = path ? fopen(path, "w") : NULL;
    unsigned long n = calls;
    if (out) {
        fprintf(out, "%lu\n", n);
        fclose(out);
    }
}
