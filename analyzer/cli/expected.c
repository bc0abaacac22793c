#include "cli/expected.h"

#include "kb/cast.h"

bool names_have(const struct names *names, struct text name)
{
    for (size_t i = 0; i < names->count; i++)
        if (is_name_of_node(names->items[i], name))
            return true;
    return false;
}

static size_t commas(const struct option_list *given)
{
    size_t count = 0;
    for (size_t i = 0; i < given->count; i++)
        for (const char *c = given->items[i]; *c; c++)
            count += *c == ',';
    return count;
}

struct names expected_names(struct arena *arena, const struct option_list *given)
{
    struct names names = { ARENA_NEW_N(arena, struct text, given->count + commas(given)), 0 };
    for (size_t i = 0; i < given->count; i++)
        for (struct text rest = text_from(given->items[i]); rest.n;) {
            size_t end = text_find_char(rest, ',');
            struct text name = text_trim((struct text){ rest.p, end });
            rest = text_from_index(rest, end + 1);
            if (name.n && !names_have(&names, name))
                names.items[names.count++] = name;
        }
    return names;
}
