/*
 * night_packed.c - logs that somebody packed, in a folder that holds others.  The others are judged, and nobody would
 * notice that these were not: it is said once for the folder.  It may be meant (old exports are kept so), so the night is
 * none the less complete.
 */
#include "cli/night.h"

#include "reader/archive.h"

#define NAMED_MOST 3 /* in one sentence */

enum notice_code night_archive(const char *path)
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

/* What a scan saved is no log, and not to be unpacked. */
static bool is_packed(const struct night *n, struct text path)
{
    enum notice_code code = night_archive(text_keep(n->arena, path).p);
    return is_named_packed(path) || (code != NOTICE_INPUT_FORMAT && code != NOTICE_INPUT_PARTIAL);
}

static struct text packed_name(const char *folder, struct text path)
{
    size_t n = strlen(folder);
    while (n < path.n && path.p[n] == '/')
        n++;
    return text_from_index(path, n);
}

struct text night_packed(const struct night *n, const char *folder)
{
    struct text names = TEXT("");
    size_t count = 0;
    for (size_t i = 0; i < n->memory.input_count; i++) {
        const struct known_input *in = n->memory.inputs[i];
        if (!in->met || !in->no_log || !night_is_below(folder, in->path) || !is_packed(n, in->path))
            continue;
        if (++count <= NAMED_MOST)
            names = text_keep_format(n->arena, "%.*s%s%.*s", TEXT_ARG(names), count > 1 ? ", " : "",
                                     TEXT_ARG(packed_name(folder, in->path)));
    }
    if (!count)
        return TEXT("");
    struct text more = count > NAMED_MOST ? text_keep_format(n->arena, " and %zu more", count - NAMED_MOST) : TEXT("");
    return text_keep_format(n->arena, "%s: %zu file%s packed and not read: archives are not opened, unpack them first "
                            "(%.*s%.*s)", folder, count, count == 1 ? " is" : "s are", TEXT_ARG(names), TEXT_ARG(more));
}
