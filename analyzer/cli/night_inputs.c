#include "cli/night.h"

#include "cli/inputs.h"
#include "cli/output.h"
#include "io/file_look.h"

/* Under any name: `touched` tells a new name as it does new bytes. */
static bool is_same_file(const struct known_input *in, const struct file_look *look)
{
    return in->size == look->size && in->modified == look->modified && in->device == look->device &&
           in->inode == look->inode && in->edges == look->edges;
}

static bool is_as_it_was(const struct known_input *in, const struct file_look *look)
{
    return is_same_file(in, look) && in->touched == look->touched;
}

/* The same file under another name: rotated, or moved. */
static struct known_input *renamed_find(const struct memory *m, const struct file_look *look)
{
    for (size_t i = 0; i < m->input_count; i++)
        if (is_same_file(m->inputs[i], look))
            return m->inputs[i];
    return NULL;
}

static struct known_input *input_note(struct memory *m, const char *path, const struct file_look *look)
{
    struct known_input *in = memory_input(m, text_from(path));
    if (!in) {
        in = ARENA_NEW(m->arena, struct known_input);
        in->path = text_keep(m->arena, text_from(path));
        in->fresh = true;
        memory_input_add(m, in);
    }
    in->was_lost = in->lost && in->inode && look->inode;
    in->size = look->size;
    in->modified = look->modified;
    in->touched = look->touched;
    in->device = look->device;
    in->inode = look->inode;
    in->edges = look->edges;
    in->met = in->changed = in->nodes_known = true;
    in->lost = in->no_log = false;
    in->nodes = NULL;
    in->node_count = 0;
    return in;
}

static void unchanged_take(struct night *n, struct known_input *in)
{
    in->met = true;
    n->unchanged++;
    n->failing += in->lost;
}

/* A file whose nodes were not noted is read again when they are asked for: its records are known, and count once. */
static bool nodes_enough(const struct night *n, const struct known_input *in)
{
    return in->nodes_known || in->lost || !n->expected.count;
}

/* The second run after a file was moved, or the first after it was read: nothing is to be read. */
static bool input_known(struct night *n, const char *path, const struct file_look *look)
{
    struct known_input *in = memory_input(&n->memory, text_from(path));
    if (!in) {
        const struct known_input *old = renamed_find(&n->memory, look);
        if (!old || !nodes_enough(n, old))
            return false;
        const struct known_input before = *old;
        in = input_note(&n->memory, path, look);
        in->lost = before.lost;
        in->no_log = before.no_log;
        in->nodes = before.nodes;
        in->node_count = before.node_count;
        in->nodes_known = before.nodes_known;
        memory_happening_add(&n->memory, (struct happening){ .at = n->now, .node = TEXT(""), .channel = TEXT(""),
                                                             .path = in->path,
                                                             .notice = notice_number(NOTICE_FILE_RENAMED) });
    } else if (!is_as_it_was(in, look) || !nodes_enough(n, in)) {
        return false;
    }
    unchanged_take(n, in);
    return true;
}

bool night_problem_known(struct night *n, const char *path, int error)
{
    const struct file_look look = { .edges = (uint64_t)error };
    struct known_input *in = memory_input(&n->memory, text_from(path));
    bool known = in && in->lost && is_as_it_was(in, &look);
    if (known)
        in->met = true;
    else
        input_note(&n->memory, path, &look)->lost = true;
    return known;
}

/* What cannot be opened is said once, and again when it is another error. */
static bool problem_known(struct night *n, const char *path, int error)
{
    bool known = night_problem_known(n, path, error);
    n->unchanged += known;
    n->failing += known;
    return known;
}

static void item_take(struct night *n, const struct path_item *item)
{
    struct file_look look;
    int error = file_look(item->path, &look);
    bool known = error ? problem_known(n, item->path, error) : input_known(n, item->path, &look);
    if (known)
        return;
    if (!error)
        input_note(&n->memory, item->path, &look);
    n->paths.items[n->paths.count++] = *item;
}

void night_inputs(struct night *n)
{
    struct path_list all;
    inputs_collect(n->arguments, n->arena, &all);
    n->paths = (struct path_list){ 0 };
    n->paths.items = ARENA_NEW_N(n->arena, struct path_item, all.count);
    n->paths.problems = ARENA_NEW_N(n->arena, struct path_problem, all.problem_count);
    for (size_t i = 0; i < all.problem_count; i++)
        if (!problem_known(n, all.problems[i].path, all.problems[i].error))
            n->paths.problems[n->paths.problem_count++] = all.problems[i];
    for (size_t i = 0; i < all.count; i++)
        item_take(n, &all.items[i]);
}
