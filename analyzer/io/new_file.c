#define _GNU_SOURCE /* renameat2 */
#include "io/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

static char *path_copy(const char *path)
{
    size_t n = strlen(path) + 1;
    return memcpy(memory_new(n), path, n);
}

/* Bytes of the folder's part, with its slash. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

static char *temporary_name(const char *path)
{
    size_t folder = folder_length(path), room = strlen(path) + 64;
    char *name = memory_new(room);
    snprintf(name, room, "%.*s.%s.evscan-%ld", (int)folder, path, path + folder, (long)getpid());
    return name;
}

/* What stands at the path: 0 = nothing, else its type. */
static mode_t type_of(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 ? st.st_mode & S_IFMT : 0;
}

/* A pipe that nobody reads would be waited for without end: ENXIO.  What is open then waits as usual. */
static int direct_open(struct new_file *f)
{
    f->fd = open(f->path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (f->fd < 0)
        return errno;
    int flags = fcntl(f->fd, F_GETFL);
    return flags < 0 || fcntl(f->fd, F_SETFL, flags & ~O_NONBLOCK) != 0 ? errno : 0;
}

/* Whoever could not read the old file cannot read the new one: a group that cannot be kept loses its rights. */
static int rights_keep(int fd, const struct stat *old)
{
    mode_t mode = old->st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
    if (fchown(fd, old->st_uid, old->st_gid) != 0 && fchown(fd, (uid_t)-1, old->st_gid) != 0)
        mode &= ~(mode_t)S_IRWXG;
    return fchmod(fd, mode) != 0 ? errno : 0;
}

static int temporary_open(struct new_file *f)
{
    struct stat old;
    bool replaces = f->replace && lstat(f->path, &old) == 0;
    f->temporary = temporary_name(f->path);
    f->fd = open(f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, replaces ? 0600 : 0666);
    if (f->fd < 0)
        return errno == EEXIST ? EBUSY : errno;
    int error = replaces ? rights_keep(f->fd, &old) : 0;
    if (error)
        unlink(f->temporary);
    return error;
}

static void names_free(struct new_file *f)
{
    free(f->path);
    free(f->temporary);
    *f = (struct new_file){ .fd = -1 };
}

static int open_by_type(struct new_file *f)
{
    mode_t type = type_of(f->path);
    if (type == S_IFDIR)
        return EISDIR;
    if (type && type != S_IFREG)
        return direct_open(f);
    if (type && !f->replace)
        return EEXIST;
    return temporary_open(f);
}

/* A link to a file is followed here, as the file is made anew beside it.  What it leads to otherwise may have no name of its
 * own: /dev/fd/63, with which a shell stands for the input of another program, leads to a pipe. */
static bool leads_to_file(const char *path)
{
    struct stat st;
    bool there = stat(path, &st) == 0;
    return type_of(path) == S_IFLNK && (!there || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

int new_file_open(struct new_file *f, const char *path, bool replace)
{
    *f = (struct new_file){ .fd = -1, .replace = replace };
    f->path = leads_to_file(path) ? realpath(path, NULL) : path_copy(path);
    if (!f->path)
        return errno; /* a link to nowhere */
    int error = open_by_type(f);
    if (error && f->fd >= 0)
        close(f->fd);
    if (error)
        names_free(f);
    return error;
}

int new_file_write(struct new_file *f, struct text t)
{
    while (t.n) {
        ssize_t done = write(f->fd, t.p, t.n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return errno;
        t = text_from_index(t, (size_t)done);
    }
    return 0;
}

/* The name itself is on the disk only when its folder is.  Some file systems cannot flush a folder. */
static int folder_flush(const char *path)
{
    size_t n = folder_length(path);
    char *folder = path_copy(n ? path : "./");
    folder[n ? n : 2] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = fd >= 0 && fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP ? errno : 0;
    if (fd >= 0)
        close(fd);
    free(folder);
    return error;
}

static int rename_new(const struct new_file *f)
{
    if (renameat2(AT_FDCWD, f->temporary, AT_FDCWD, f->path, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    if (type_of(f->path)) /* a file system that cannot do both at once */
        return EEXIST;
    return rename(f->temporary, f->path) == 0 ? 0 : errno;
}

static int put_in_place(const struct new_file *f)
{
    if (fsync(f->fd) != 0)
        return errno;
    if (f->replace)
        return rename(f->temporary, f->path) == 0 ? 0 : errno;
    return rename_new(f);
}

int new_file_commit(struct new_file *f)
{
    int error = f->temporary ? put_in_place(f) : 0;
    if (error)
        unlink(f->temporary);
    else if (f->temporary)
        error = folder_flush(f->path);
    if (close(f->fd) != 0 && !error)
        error = errno;
    names_free(f);
    return error;
}

void new_file_drop(struct new_file *f)
{
    if (f->fd < 0)
        return;
    if (f->temporary)
        unlink(f->temporary);
    close(f->fd);
    names_free(f);
}
