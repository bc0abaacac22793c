/*
 * night_folders.c - folders that hold no log.  A night that had nothing to judge is not a good night: the export may have
 * stopped, a file system may not be mounted, or all that lies there is archives.
 */
#include "cli/night.h"

#include <errno.h>
#include <sys/stat.h>

#include "cli/packed.h"

/* In place of the error that a log in it would give. */
#define NO_LOG_ERROR ENODATA
#define PACKED_ERROR ENOEXEC /* there are logs, and packed files */

static bool is_folder(const char *path)
{
    struct stat about;
    return strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool night_is_below(const char *folder, struct text path)
{
    struct text f = text_from(folder);
    bool ends = f.n && f.p[f.n - 1] == '/';
    return text_starts_with(path, f) && (ends || (path.n > f.n && path.p[f.n] == '/'));
}

static bool is_noted_folder(const struct known_input *in)
{
    return in->lost && !in->inode && (in->edges == NO_LOG_ERROR || in->edges == PACKED_ERROR);
}

/* A log, or what may be one and was said not to be readable. */
static bool is_log(const struct known_input *in)
{
    return in->met && !in->no_log && !is_noted_folder(in);
}

/* A file that another folder was first to name: what it is, is known there. */
static bool has_log_elsewhere(const struct night *n, const char *folder)
{
    struct path_list files = { 0 };
    paths_add(&files, n->arena, folder, NULL);
    for (size_t i = 0; i < files.count; i++) {
        const struct known_input *own = memory_input(&n->memory, text_from(files.items[i].path));
        for (size_t k = 0; k < n->memory.input_count && !(own && own->met); k++) {
            const struct known_input *in = n->memory.inputs[k];
            if (is_log(in) && in->device == files.items[i].device && in->inode == files.items[i].inode)
                return true;
        }
    }
    return false;
}

/* `others`: files in it that are no logs. */
static bool has_log(const struct night *n, const char *folder, size_t *others)
{
    *others = 0;
    for (size_t i = 0; i < n->memory.input_count; i++) {
        const struct known_input *in = n->memory.inputs[i];
        bool within = night_is_below(folder, in->path) || text_equal(in->path, text_from(folder));
        if (within && is_log(in))
            return true;
        *others += within && in->met && in->no_log;
    }
    return has_log_elsewhere(n, folder);
}

static struct text bare_words(struct arena *arena, const char *folder, size_t others)
{
    if (!others)
        return text_keep_format(arena, "%s: no event log there or below, nor any other file", folder);
    return text_keep_format(arena, "%s: no event log there or below: %zu file%s something else (archives are not "
                            "opened: unpack them first)", folder, others, others == 1 ? " is" : "s are");
}

/* A file that was named, and is empty; or is no log, and a folder was first to hold it. */
static bool is_bare_file(struct night *n, const char *path)
{
    const struct known_input *in = memory_input(&n->memory, text_from(path));
    bool bare = in && in->met && in->no_log;
    if (bare && in->changed) {
        const struct notice is = { packed_notice(path), NOTICE_NO_OFFSET, 0 };
        struct text words = in->size ? notice_text(n->arena, &is) : TEXT("the file is empty");
        night_remark(n, text_keep_format(n->arena, "%s: %.*s", path, TEXT_ARG(words)));
    }
    return bare;
}

static void folder_packed_tell(struct night *n, const char *folder)
{
    struct text words = night_packed(n, folder);
    if (words.n && !night_problem_known(n, folder, PACKED_ERROR))
        night_remark(n, words);
}

static bool is_bare(struct night *n, const char *path)
{
    size_t others;
    if (!is_folder(path))
        return is_bare_file(n, path);
    if (has_log(n, path, &others)) {
        folder_packed_tell(n, path);
        return false;
    }
    if (!night_problem_known(n, path, NO_LOG_ERROR))
        night_remark(n, bare_words(n->arena, path, others));
    return true;
}

void night_folders(struct night *n)
{
    struct text *bare = ARENA_NEW_N(n->arena, struct text, n->arguments->count);
    n->told.bare = bare;
    for (size_t i = 0; i < n->arguments->count; i++)
        if (is_bare(n, n->arguments->items[i]))
            bare[n->told.bare_count++] = text_from(n->arguments->items[i]);
    n->incomplete = n->incomplete || n->told.bare_count;
}
