#include "cli/packed.h"

#include "reader/archive.h"

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

/* Problems are the first inputs, then come those of the files, in their order. */
struct names packed_files(struct arena *arena, const struct path_list *paths, const struct partial *scanned)
{
    struct names found = { 0 };
    size_t capacity = 0, at = paths->problem_count;
    for (size_t i = 0; i < paths->count; i++) {
        const struct path_item *item = &paths->items[i];
        if (at < scanned->input_count && text_equal(scanned->inputs[at]->path, text_from(item->path))) {
            at++;
            continue;
        }
        if (!item->from_folder || !item->regular || !packed_is(item->path))
            continue;
        found.items = arena_grow(arena, found.items, found.count, &capacity, sizeof *found.items);
        found.items[found.count++] = text_from(item->path);
    }
    return found;
}
