/*
 * night_packed.c - logs that somebody packed, in a folder that holds others.  The others are judged, and nobody would
 * notice that these were not: it is said once for the folder.  It may be meant (old exports are kept so), so the night is
 * none the less complete.
 */
#include "cli/night.h"

#include "cli/packed.h"

#define NAMED_MOST 3 /* in one sentence */

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
        if (!in->met || !in->no_log || !night_is_below(folder, in->path) ||
            !packed_is(text_keep(n->arena, in->path).p))
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
