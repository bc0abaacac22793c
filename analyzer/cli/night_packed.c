/*
 * night_packed.c - logs that somebody packed, in a folder that holds others.  The others are judged, and nobody would
 * notice that these were not: it is said once for the folder.  It may be meant (old exports are kept so), so the night is
 * none the less complete.
 */
#include "cli/night.h"

#include "cli/packed.h"

static struct text packed_name(const char *folder, struct text path)
{
    size_t n = strlen(folder);
    while (n < path.n && path.p[n] == '/')
        n++;
    return text_from_index(path, n);
}

struct text night_packed(const struct night *n, const char *folder)
{
    struct names found = { 0 };
    size_t capacity = 0;
    for (size_t i = 0; i < n->memory.input_count; i++) {
        const struct known_input *in = n->memory.inputs[i];
        if (!in->met || !in->no_log || !night_is_below(folder, in->path) ||
            !packed_is(text_keep(n->arena, in->path).p))
            continue;
        found.items = arena_grow(n->arena, found.items, found.count, &capacity, sizeof *found.items);
        found.items[found.count++] = packed_name(folder, in->path);
    }
    if (!found.count)
        return TEXT("");
    return text_keep_format(n->arena, "%s: %.*s", folder, TEXT_ARG(packed_words(n->arena, &found)));
}
