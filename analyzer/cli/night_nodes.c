#include "cli/night.h"

/* A file that was read tells of its nodes by the records that were surveyed; of the others it is remembered. */
static void node_note(struct night *n, const struct log_part *part)
{
    struct known_input *in = memory_input(&n->memory, text_from(part->path));
    if (!in)
        return;
    for (size_t i = 0; i < in->node_count; i++)
        if (text_equal_nocase(in->nodes[i], part->node))
            return;
    struct text *nodes = ARENA_NEW_N(n->arena, struct text, in->node_count + 1);
    if (in->node_count)
        memcpy(nodes, in->nodes, in->node_count * sizeof *nodes);
    nodes[in->node_count++] = text_keep(n->memory.arena, part->node);
    in->nodes = nodes;
}

/* In a file of this run, whether it had to be read or not. */
static bool is_there(const struct night *n, struct text name)
{
    const struct names one = { &name, 1 };
    for (size_t i = 0; i < n->memory.input_count; i++) {
        const struct known_input *in = n->memory.inputs[i];
        for (size_t k = 0; k < in->node_count && in->met; k++)
            if (names_have(&one, in->nodes[k]))
                return true;
    }
    return false;
}

void night_nodes(struct night *n)
{
    struct names *missing = &n->analysis->missing;
    for (size_t i = 0; i < n->parts.count; i++)
        node_note(n, n->parts.items[i]);
    missing->items = ARENA_NEW_N(n->arena, struct text, n->expected.count);
    for (size_t i = 0; i < n->expected.count; i++)
        if (!is_there(n, n->expected.items[i]))
            missing->items[missing->count++] = n->expected.items[i];
    n->incomplete = n->incomplete || missing->count;
}
