#define _GNU_SOURCE /* mkostemp */
#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "io/interrupt.h"

#define SPOOL_BLOCK (64u << 10)

struct input {
    int fd; /* -1: bytes of the caller */
    struct bytes bytes;
    uint64_t size;
    bool spooled;
    atomic_int error; /* of the first read that failed; 0: none did */
    char *name;
};

static struct input *input_new(int fd, const char *name)
{
    struct input *in = memory_new(sizeof *in);
    *in = (struct input){ .fd = fd };
    in->name = memory_new(strlen(name) + 1);
    memcpy(in->name, name, strlen(name) + 1);
    return in;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

#define INTERRUPT_MS 200 /* until it is looked whether the run is to end */

/* Waits for bytes or the end.  A FIFO that nobody has opened for writing yet would otherwise look empty. */
static ssize_t read_some(int fd, char *out, size_t n)
{
    while (!interrupt_asked()) {
        struct pollfd ready = { .fd = fd, .events = POLLIN };
        /* Not for ever: a signal may come between the question and the waiting. */
        int events = poll(&ready, 1, INTERRUPT_MS);
        if (events < 0 && errno != EINTR)
            return -1;
        if (events == 0)
            continue;
        ssize_t got = read(fd, out, n);
        if (got >= 0 || (errno != EINTR && errno != EAGAIN))
            return got;
    }
    errno = EINTR;
    return -1;
}

static bool copy_all(int from, int to)
{
    char *block = memory_new(SPOOL_BLOCK);
    uint64_t copied = 0;
    ssize_t n;
    bool sound = true;
    while (sound && (n = read_some(from, block, SPOOL_BLOCK)) != 0) {
        copied += n > 0 ? (uint64_t)n : 0;
        if (copied > LIMIT_SPOOL_BYTES)
            errno = EFBIG;
        sound = n > 0 && copied <= LIMIT_SPOOL_BYTES && write_all(to, block, (size_t)n);
    }
    int error = errno;
    free(block);
    errno = error;
    return sound;
}

/* A file that has lost its name: it goes with its descriptor, however the process ends. */
static int file_without_name(const char *folder)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/evscan-XXXXXX", folder);
    if (n < 0 || (size_t)n >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

/* close() that leaves errno as it is. */
static void close_quietly(int fd)
{
    int error = errno;
    close(fd);
    errno = error;
}

/* Copies a pipe into a temporary file.  -1 with errno on failure. */
static int spool(int from)
{
    /* Not /tmp: that is often memory, and a log may be larger. */
    const char *folder = getenv("TMPDIR");
    int to = file_without_name(folder && *folder ? folder : "/var/tmp");
    if (to >= 0 && !copy_all(from, to)) {
        close_quietly(to);
        return -1;
    }
    return to;
}

/* `fd` itself, or a copy of what comes out of it when it cannot be sought.  -1 with errno on failure. */
static int seekable(int fd, struct stat *about)
{
    if (fstat(fd, about) != 0)
        return -1;
    if (S_ISREG(about->st_mode))
        return fd;
    if (S_ISDIR(about->st_mode)) {
        errno = EISDIR;
        return -1;
    }
    int copy = spool(fd);
    if (copy >= 0 && fstat(copy, about) != 0) {
        close_quietly(copy);
        return -1;
    }
    return copy;
}

struct input *input_open(const char *path)
{
    /* O_NONBLOCK: opening a FIFO or a device must not wait; reading does, in read_some. */
    int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                    : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return NULL;
    struct stat about;
    int use = seekable(fd, &about);
    if (use != fd)
        close_quietly(fd);
    if (use < 0)
        return NULL;
    struct input *in = input_new(use, path);
    in->spooled = use != fd;
    in->size = (uint64_t)about.st_size;
    return in;
}

struct input *input_from_bytes(struct bytes bytes, const char *name)
{
    struct input *in = input_new(-1, name);
    in->bytes = bytes;
    in->size = bytes.n;
    return in;
}

void input_close(struct input *in)
{
    if (!in)
        return;
    if (in->fd >= 0)
        close(in->fd);
    free(in->name);
    free(in);
}

const char *input_name(const struct input *in)
{
    return in->name;
}

uint64_t input_size(const struct input *in)
{
    return in->size;
}

size_t input_read_at(struct input *in, uint64_t offset, void *out, size_t n, int *error)
{
    *error = 0;
    if (offset >= in->size)
        return 0;
    if (n > in->size - offset)
        n = (size_t)(in->size - offset);
    if (in->fd < 0) {
        memcpy(out, in->bytes.p + offset, n);
        return n;
    }
    size_t done = 0;
    while (done < n) {
        ssize_t got = pread(in->fd, (char *)out + done, n - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            *error = errno;
        if (got <= 0)
            break;
        done += (size_t)got;
    }
    int none = 0;
    if (*error)
        atomic_compare_exchange_strong(&in->error, &none, *error);
    return done;
}

int input_error(const struct input *in)
{
    return atomic_load(&in->error);
}

uint64_t input_grown(const struct input *in)
{
    struct stat about;
    if (in->fd < 0 || in->spooled || fstat(in->fd, &about) != 0 || (uint64_t)about.st_size <= in->size)
        return 0;
    return (uint64_t)about.st_size - in->size;
}
