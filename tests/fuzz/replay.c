/*
 * replay.c - runs a fuzz target over files and folders of files, as an ordinary test.
 *
 * The target does the checking: it ends the process when its property does not hold.  The name of the last file
 * tried stands above whatever the sanitizers say.  A run without a single file fails, so that a lost corpus is
 * noticed.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void die(const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    exit(EXIT_FAILURE);
}

/* A block of exactly the size of the file: AddressSanitizer then sees a read one byte past the end. */
static void replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = memory_new(size);
    if (!file || fread(bytes, 1, size, file) != size)
        die(path);
    fclose(file);
    fprintf(stderr, "%s (%zu bytes)\n", path, size);
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
}

static int not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static size_t replay(const char *path);

static size_t replay_folder(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, not_hidden, alphasort);
    size_t files = 0;
    if (count < 0)
        die(path);
    for (int i = 0; i < count; i++) {
        char inside[4096];
        snprintf(inside, sizeof inside, "%s/%s", path, entries[i]->d_name);
        files += replay(inside);
        free(entries[i]);
    }
    free(entries);
    return files;
}

static size_t replay(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0)
        die(path);
    if (S_ISDIR(about.st_mode))
        return replay_folder(path);
    replay_file(path, (size_t)about.st_size);
    return 1;
}

int main(int argc, char **argv)
{
    size_t files = 0;
    for (int i = 1; i < argc; i++)
        files += replay(argv[i]);
    fprintf(stderr, "%zu files replayed\n", files);
    return files > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
