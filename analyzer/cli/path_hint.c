#include "cli/path_hint.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "base/nearest.h"

/* Names of a folder that are looked at. */
#define NAMES_MOST 10000u

/* "logs/" of "logs/node1.evt"; "" of a name alone. */
static struct text folder_of(struct text path)
{
    while (path.n > 0 && path.p[path.n - 1] != '/')
        path.n--;
    return path;
}

/* The entry that is most like `name`, with the folder in front; "" when none is near. */
static struct text entry_meant(struct arena *arena, struct text folder, struct text name, DIR *entries)
{
    struct nearest nearest = nearest_begin(name);
    struct text meant = TEXT("");
    const struct dirent *entry;
    for (unsigned seen = 0; seen < NAMES_MOST && (entry = readdir(entries)) != NULL; seen++) {
        size_t before = nearest.distance;
        if (entry->d_name[0] == '.')
            continue;
        nearest_try(&nearest, text_from(entry->d_name));
        if (nearest.distance < before)
            meant = text_keep_format(arena, "%.*s%s", TEXT_ARG(folder), entry->d_name);
    }
    return meant;
}

/* The nearest folder above that is there. */
static struct text not_there(struct arena *arena, struct text folder)
{
    while (folder.n > 1 && folder.p[folder.n - 1] == '/')
        folder.n--;
    for (struct text missing = folder;; missing = folder) {
        folder = folder_of(folder);
        while (folder.n > 1 && folder.p[folder.n - 1] == '/')
            folder.n--;
        if (!folder.n || access(text_keep(arena, folder).p, F_OK) == 0)
            return text_keep_format(arena, "; there is no %.*s", TEXT_ARG(missing));
    }
}

static struct text missing_hint(struct arena *arena, struct text path)
{
    struct text folder = folder_of(path);
    DIR *entries = opendir(folder.n ? text_keep(arena, folder).p : ".");
    if (!entries)
        return not_there(arena, folder);
    struct text meant = entry_meant(arena, folder, text_from_index(path, folder.n), entries);
    closedir(entries);
    if (meant.n)
        return text_keep_format(arena, "; did you mean %.*s?", TEXT_ARG(meant));
    return text_keep_format(arena, "; %s%.*s has no such name, nor one like it", folder.n ? "" : "this folder",
                            TEXT_ARG(folder));
}

/* "": it is no symbolic link. */
static struct text link_hint(struct arena *arena, struct text path)
{
    char target[PATH_MAX];
    ssize_t n = readlink(text_keep(arena, path).p, target, sizeof target);
    if (n < 0)
        return TEXT("");
    return text_keep_format(arena, "; it is a symbolic link, and there is no %.*s",
                            TEXT_ARG(((struct text){ target, (size_t)n })));
}

struct text path_hint(struct arena *arena, const char *path, int error)
{
    struct text t = text_from(path);
    while (t.n > 1 && t.p[t.n - 1] == '/')
        t.n--;
    struct text link = error == ENOENT ? link_hint(arena, t) : TEXT("");
    if (link.n)
        return link;
    if (error == ENOENT || error == ENOTDIR)
        return missing_hint(arena, t);
    if (error == EACCES || error == EPERM)
        return TEXT("; its owner has to let you read it (chmod a+r), or a copy does");
    return TEXT("");
}

struct text path_new_hint(struct arena *arena, const char *path, int error)
{
    const struct text t = text_from(path), folder = folder_of(t);
    struct text link = error == ENOENT ? link_hint(arena, t) : TEXT("");
    if (link.n)
        return link;
    switch (error) {
    case ENOENT:
        return folder.n ? not_there(arena, folder) : TEXT("");
    case EISDIR:
        return TEXT("; name a file in it");
    case EACCES:
    case EPERM:
    case EROFS:
        return TEXT("; name a place where you may write");
    case ENOSPC:
    case EDQUOT:
        return TEXT("; make room, or name another place");
    default:
        return TEXT("");
    }
}
