#define _GNU_SOURCE /* O_TMPFILE */
#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

struct input {
    int fd; /* -1: bytes of the caller */
    struct bytes bytes;
    uint64_t size;
    bool spooled;
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

/* Copies a pipe into a temporary file that has no name.  Closes `from`.  -1 with errno on failure. */
static int spool(int from)
{
    const char *folder = getenv("TMPDIR");
    int to = open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    char *block = memory_new(1u << 16);
    ssize_t n = 0;
    while (to >= 0 && ((n = read(from, block, 1u << 16)) > 0 || (n < 0 && errno == EINTR))) {
        if (n > 0 && !write_all(to, block, (size_t)n)) {
            n = -1;
            break;
        }
    }
    int error = errno;
    free(block);
    close(from);
    if (to >= 0 && n < 0) {
        close(to);
        to = -1;
    }
    errno = error;
    return to;
}

struct input *input_open(const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    /* O_NONBLOCK: opening a FIFO without a writer, or some devices, would otherwise wait for ever. */
    int fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat about;
    if (fd < 0)
        return NULL;
    if (fstat(fd, &about) != 0 || S_ISDIR(about.st_mode)) {
        int error = S_ISDIR(about.st_mode) ? EISDIR : errno;
        close(fd);
        errno = error;
        return NULL;
    }
    bool spooled = !S_ISREG(about.st_mode);
    if (spooled) {
        int flags = fcntl(fd, F_GETFL);
        if (!standard && flags >= 0)
            fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
        fd = spool(fd);
        if (fd < 0 || fstat(fd, &about) != 0)
            return NULL;
    }
    struct input *in = input_new(fd, path);
    in->spooled = spooled;
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
    return done;
}

uint64_t input_grown(const struct input *in)
{
    struct stat about;
    if (in->fd < 0 || in->spooled || fstat(in->fd, &about) != 0 || (uint64_t)about.st_size <= in->size)
        return 0;
    return (uint64_t)about.st_size - in->size;
}
