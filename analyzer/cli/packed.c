#include "cli/packed.h"

#include <stdlib.h>

#include "cli/output.h"
#include "reader/archive.h"

#define NAMED_MOST 3 /* in one sentence */

enum notice_code packed_notice(const char *path)
{
    struct input *in = input_open(path);
    enum notice_code code = in ? archive_notice(in) : NOTICE_INPUT_FORMAT;
    if (in)
        input_close(in);
    return code;
}

/* "NODE1.evtx.xz": packed by something that the content is not asked for. */
static bool is_named_packed(struct text path)
{
    static const struct text logs[] = { { ".evt", 4 }, { ".evtx", 5 } };
    static const struct text packers[] = { { ".gz", 3 }, { ".bz2", 4 }, { ".xz", 3 }, { ".zst", 4 }, { ".zip", 4 },
                                           { ".7z", 3 } };
    for (size_t i = 0; i < COUNT_OF(packers); i++) {
        const size_t end = packers[i].n, n = path.n;
        if (n < end || !text_equal_nocase(text_from_index(path, n - end), packers[i]))
            continue;
        for (size_t k = 0; k < COUNT_OF(logs); k++)
            if (n - end > logs[k].n && text_equal_nocase((struct text){ path.p + n - end - logs[k].n, logs[k].n }, logs[k]))
                return true;
    }
    return false;
}

bool packed_is(const char *path)
{
    enum notice_code code = packed_notice(path);
    return is_named_packed(text_from(path)) || (code != NOTICE_INPUT_FORMAT && code != NOTICE_INPUT_PARTIAL);
}

static int text_order(const void *left, const void *right)
{
    return text_compare(*(const struct text *)left, *(const struct text *)right);
}

/* Of the inputs, whose own order is another one once they are sorted. */
static struct names paths_sorted(struct arena *arena, const struct partial *scanned)
{
    struct names sorted = { ARENA_NEW_N(arena, struct text, scanned->input_count), scanned->input_count };
    for (size_t i = 0; i < sorted.count; i++)
        sorted.items[i] = scanned->inputs[i]->path;
    if (sorted.count)
        qsort(sorted.items, sorted.count, sizeof *sorted.items, text_order);
    return sorted;
}

static bool is_among(const struct names *sorted, struct text path)
{
    return sorted->count && bsearch(&path, sorted->items, sorted->count, sizeof path, text_order);
}

struct names packed_files(struct arena *arena, const struct path_list *paths, const struct partial *scanned)
{
    struct names found = { 0 }, inputs = paths_sorted(arena, scanned);
    size_t capacity = 0;
    for (size_t i = 0; i < paths->count; i++) {
        const struct path_item *item = &paths->items[i];
        struct text path = text_from(item->path);
        if (!item->from_folder || !item->regular || is_among(&inputs, path) || !packed_is(item->path))
            continue;
        found.items = arena_grow(arena, found.items, found.count, &capacity, sizeof *found.items);
        found.items[found.count++] = path;
    }
    return found;
}

struct text packed_words(struct arena *arena, const struct names *files)
{
    size_t named = files->count < NAMED_MOST ? files->count : NAMED_MOST;
    struct text names = TEXT(""), more = TEXT("");
    for (size_t i = 0; i < named; i++)
        names = text_keep_format(arena, "%.*s%s%.*s", TEXT_ARG(names), i ? ", " : "", TEXT_ARG(files->items[i]));
    if (named < files->count)
        more = text_keep_format(arena, " and %zu more", files->count - named);
    return text_keep_format(arena, "%zu file%s packed and not read: archives are not opened, unpack them first "
                            "(%.*s%.*s)", files->count, files->count == 1 ? " is" : "s are", TEXT_ARG(names),
                            TEXT_ARG(more));
}

void packed_tell(struct arena *arena, const struct names *files)
{
    if (files->count)
        output_error("%.*s", TEXT_ARG(packed_words(arena, files)));
}

void packed_explain(struct arena *arena, const struct path_list *paths, const struct partial *scanned)
{
    if (!scanned->input_count)
        return;
    const struct names found = packed_files(arena, paths, scanned);
    packed_tell(arena, &found);
}
