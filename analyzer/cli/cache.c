#define _DEFAULT_SOURCE /* realpath */
#include "cli/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/build_id.h"

/* libyaml reads that many bytes in two milliseconds. */
#define WORTH_KEEPING (64u << 10)

#define NAME_BEGIN "trees-"

static const char *folder_find(struct arena *arena)
{
    const char *own = getenv("EVSCAN_CACHE"), *all = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (own)
        return *own == '/' ? own : NULL;
    if (all && *all == '/')
        return text_keep_format(arena, "%s/evscan", all).p;
    return home && *home == '/' ? text_keep_format(arena, "%s/.cache/evscan", home).p : NULL;
}

/* One build of the program from another: the parser may have changed. */
static bool stamp_make(struct arena *arena, uint64_t *ret)
{
    struct stat about;
    *ret = build_id();
    if (*ret)
        return true;
    if (stat("/proc/self/exe", &about) != 0)
        return false;
    *ret = text_hash(text_keep_format(arena, "%s %ju %ju %jd %jd.%09ld", EVSCAN_VERSION, (uintmax_t)about.st_dev,
                                      (uintmax_t)about.st_ino, (intmax_t)about.st_size,
                                      (intmax_t)about.st_mtim.tv_sec, about.st_mtim.tv_nsec));
    return true;
}

static bool is_ours(int fd, size_t *size)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || (about.st_uid != geteuid() && about.st_uid != 0) || (about.st_mode & 022) ||
        about.st_size < 0 || about.st_size > LIMIT_CACHE_BYTES)
        return false;
    *size = (size_t)about.st_size;
    return true;
}

static struct bytes image_read(struct arena *arena, const char *path)
{
    size_t size, done = 0;
    struct bytes none = { (const uint8_t *)"", 0 };
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return none;
    uint8_t *image = is_ours(fd, &size) ? arena_alloc(arena, size) : NULL;
    for (ssize_t n = 1; image && n > 0 && done < size; done += n > 0 ? (size_t)n : 0)
        n = read(fd, image + done, size - done);
    close(fd);
    return image ? (struct bytes){ image, done } : none;
}

static struct yaml_store *store_make(struct arena *arena, const char *root, struct bytes image, uint64_t stamp)
{
    struct yaml_store *store = yaml_store_new(arena, image, stamp);
    yaml_store_root(store, text_from(root));
    return store;
}

static void home_open(struct arena *arena, const char *root, uint64_t stamp, struct cache *c)
{
    char *whole = c->folder ? realpath(root, NULL) : NULL;
    if (!whole)
        return;
    c->path = text_keep_format(arena, "%s/" NAME_BEGIN "%016jx", c->folder, (uintmax_t)text_hash(text_from(whole))).p;
    free(whole);
    c->store = store_make(arena, root, image_read(arena, c->path), stamp);
}

void cache_open(struct arena *arena, const char *root, const char *shipped, struct cache *ret)
{
    uint64_t stamp;
    *ret = (struct cache){ .folder = folder_find(arena) };
    if (!stamp_make(arena, &stamp))
        return;
    home_open(arena, root, stamp, ret);
    if (!shipped || (ret->store && !yaml_store_is_empty(ret->store)))
        return;
    struct yaml_store *store = store_make(arena, root, image_read(arena, shipped), stamp);
    if (yaml_store_is_empty(store))
        return;
    ret->store = store;
    ret->shipped = true;
}

void cache_pack(struct arena *arena, const char *root, const char *path, struct cache *ret)
{
    uint64_t stamp;
    *ret = (struct cache){ .pack = path };
    if (stamp_make(arena, &stamp))
        ret->store = store_make(arena, root, (struct bytes){ (const uint8_t *)"", 0 }, stamp);
}

bool cache_read(struct arena *arena, const struct cache *c, const char *path, struct diags *diags,
                struct yaml_file *ret)
{
    return yaml_source_read(arena, path, diags, ret) &&
           yaml_store_parse(c->store, arena, ret->path, ret->source, diags, ret);
}

/* The folder and those above it that are missing. */
static bool folder_make(struct arena *arena, const char *path)
{
    char *copy = arena_alloc(arena, strlen(path) + 1);
    strcpy(copy, path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(copy, 0700) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return mkdir(copy, 0700) == 0 || errno == EEXIST;
}

static bool write_all(int fd, struct text t)
{
    while (t.n) {
        ssize_t n = write(fd, t.p, t.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        t = text_from_index(t, (size_t)n);
    }
    return true;
}

/* Under a name of its own first: another run sees the old file or the whole new one. */
static bool image_write(struct arena *arena, const char *path, struct text image, mode_t mode)
{
    const char *draft = text_keep_format(arena, "%s.%jd", path, (intmax_t)getpid()).p;
    int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0)
        return false;
    bool good = write_all(fd, image);
    good = close(fd) == 0 && good && rename(draft, path) == 0;
    if (!good)
        unlink(draft);
    return good;
}

/* What was not written for longest, and how many there are. */
static const char *oldest_find(struct arena *arena, const char *folder, size_t *count)
{
    const char *oldest = NULL;
    struct timespec when = { 0, 0 };
    DIR *dir = opendir(folder);
    *count = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        struct stat about;
        const char *path = text_keep_format(arena, "%s/%s", folder, entry->d_name).p;
        if (strncmp(entry->d_name, NAME_BEGIN, sizeof NAME_BEGIN - 1) != 0 || lstat(path, &about) != 0)
            continue;
        ++*count;
        if (!oldest || about.st_mtim.tv_sec < when.tv_sec ||
            (about.st_mtim.tv_sec == when.tv_sec && about.st_mtim.tv_nsec < when.tv_nsec)) {
            oldest = path;
            when = about.st_mtim;
        }
    }
    if (dir)
        closedir(dir);
    return oldest;
}

/* Each folder of rules that was ever used leaves a file, and so does a run that is killed while it writes. */
static void prune(struct arena *arena, const char *folder)
{
    size_t count;
    const char *oldest = oldest_find(arena, folder, &count);
    while (oldest && count > LIMIT_CACHE_FILES && unlink(oldest) == 0)
        oldest = oldest_find(arena, folder, &count);
}

static bool pack_write(struct arena *arena, const struct cache *c)
{
    struct buf image;
    if (!c->store)
        return false;
    buf_init(&image);
    yaml_store_write(c->store, &image);
    bool good = image_write(arena, c->pack, buf_text(&image), 0644);
    buf_done(&image);
    return good;
}

static bool is_worth_writing(const struct cache *c)
{
    bool changed = c->shipped ? yaml_store_lacked(c->store) : yaml_store_changed(c->store);
    return changed && yaml_store_size(c->store) >= WORTH_KEEPING;
}

static void home_write(struct arena *arena, const struct cache *c)
{
    struct buf image;
    if (!c->store || !c->path || !is_worth_writing(c))
        return;
    buf_init(&image);
    yaml_store_write(c->store, &image);
    if (image.n <= LIMIT_CACHE_BYTES && folder_make(arena, c->folder)) {
        /* What cannot be kept is read again. */
        if (image_write(arena, c->path, buf_text(&image), 0600))
            prune(arena, c->folder);
    }
    buf_done(&image);
}

bool cache_close(struct arena *arena, const struct cache *c)
{
    if (c->pack)
        return pack_write(arena, c);
    home_write(arena, c);
    return true;
}
