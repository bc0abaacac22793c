#include "io/paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/limits.h"

static void problem_add(struct path_list *list, struct arena *arena, const char *path, int error)
{
    list->problems = arena_grow(arena, list->problems, list->problem_count, &list->problem_capacity,
                                sizeof *list->problems);
    list->problems[list->problem_count++] = (struct path_problem){ path, error };
}

static void file_add(struct path_list *list, struct arena *arena, const char *path, const struct stat *about,
                     bool from_folder)
{
    list->items = arena_grow(arena, list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = (struct path_item){ path, from_folder, S_ISREG(about->st_mode),
                                                     (uint64_t)about->st_dev, (uint64_t)about->st_ino };
}

static int name_compare(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static const char *path_join(struct arena *arena, const char *folder, const char *name)
{
    size_t n = strlen(folder);
    const char *between = n && folder[n - 1] == '/' ? "" : "/";
    return text_keep_format(arena, "%s%s%s", folder, between, name).p;
}

/* What a name is, and what it leads to when it is a symbolic link. */
static bool entry_look(const char *path, struct stat *link, struct stat *about)
{
    if (lstat(path, link) != 0)
        return false;
    *about = *link;
    return !S_ISLNK(link->st_mode) || stat(path, about) == 0;
}

static void folder_add(struct path_list *list, struct arena *arena, const char *folder,
                       bool (*accept)(const char *name), int depth)
{
    struct dirent **names;
    int count = depth < LIMIT_FOLDER_DEPTH ? scandir(folder, &names, NULL, name_compare) : -1;
    if (count < 0) {
        problem_add(list, arena, folder, depth < LIMIT_FOLDER_DEPTH ? errno : ELOOP);
        return;
    }
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        struct stat about, link;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            const char *path = path_join(arena, folder, name);
            if (!entry_look(path, &link, &about))
                problem_add(list, arena, path, errno);
            else if (S_ISDIR(link.st_mode))
                folder_add(list, arena, path, accept, depth + 1);
            else if (S_ISREG(about.st_mode) && (!accept || accept(name)))
                file_add(list, arena, path, &about, true);
        }
        free(names[i]);
    }
    free(names);
}

void paths_add(struct path_list *list, struct arena *arena, const char *path, bool (*accept)(const char *name))
{
    struct stat about = { 0 };
    const char *kept = text_keep(arena, text_from(path)).p;
    if (strcmp(path, "-") == 0)
        file_add(list, arena, kept, &about, false);
    else if (stat(path, &about) != 0)
        problem_add(list, arena, kept, errno);
    else if (S_ISDIR(about.st_mode))
        folder_add(list, arena, kept, accept, 0);
    else
        file_add(list, arena, kept, &about, false);
}

static int identity_compare(const void *left, const void *right)
{
    const struct path_item *a = *(struct path_item *const *)left, *b = *(struct path_item *const *)right;
    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    if (a->inode != b->inode)
        return a->inode < b->inode ? -1 : 1;
    return (a > b) - (a < b); /* the first place comes first */
}

static int path_compare(const void *left, const void *right)
{
    const struct path_item *a = left, *b = right;
    return strcmp(a->path, b->path);
}

void paths_finish(struct path_list *list, struct arena *arena)
{
    struct path_item **by_identity = ARENA_NEW_N(arena, struct path_item *, list->count);
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].regular)
            by_identity[count++] = &list->items[i];
    if (count)
        qsort(by_identity, count, sizeof *by_identity, identity_compare);
    for (size_t i = 1; i < count; i++)
        if (by_identity[i]->device == by_identity[i - 1]->device && by_identity[i]->inode == by_identity[i - 1]->inode)
            by_identity[i]->path = NULL;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].path)
            list->items[kept++] = list->items[i];
    if (kept)
        qsort(list->items, kept, sizeof *list->items, path_compare);
    /* What has no identity is the same when it has the same name: "- -" reads standard input once. */
    list->count = 0;
    for (size_t i = 0; i < kept; i++)
        if (list->count == 0 || list->items[i].regular || strcmp(list->items[i].path, list->items[list->count - 1].path) != 0)
            list->items[list->count++] = list->items[i];
}
