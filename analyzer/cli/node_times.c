#include "cli/node_times.h"

#include "cli/inputs.h"
#include "scan/scan.h"

bool node_times_can(const struct zone *zone, const struct option_list *paths, struct text *error)
{
    for (size_t i = 0; zone->of_nodes && i < paths->count; i++)
        if (strcmp(paths->items[i], "-") == 0) {
            *error = TEXT("--tz node reads the logs twice, and standard input can be read once: give files");
            return false;
        }
    return true;
}

bool node_times_find(struct node_times *n, struct arena *arena, const struct zone *zone,
                     const struct selection *selection, const struct path_list *paths)
{
    const struct option_list none = { NULL, 0 };
    const struct scan_options options = { .threads = selection_threads(selection),
                                          .reader = (enum reader_use)selection->reader,
                                          .recover = selection->recover };
    size_t not_logs;
    if (!zone->of_nodes)
        return true;
    partial_init(&n->partial);
    n->found = true;
    if (!knowledge_load(arena, &none, &none, &n->knowledge))
        return false;
    /* What cannot be read is said when it is read again. */
    (void)!scan_run(&options, n->knowledge.rules, paths, &n->partial, &not_logs);
    partial_sort(&n->partial);
    timeline_build(arena, n->knowledge.rules, &n->partial, &n->timeline);
    return true;
}

void node_times_done(struct node_times *n)
{
    if (!n->found)
        return;
    partial_done(&n->partial);
    knowledge_done(&n->knowledge);
}
