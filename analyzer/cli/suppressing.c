#include "cli/suppressing.h"

#include "cli/knowledge.h"
#include "cli/output.h"
#include "io/paths.h"

size_t suppressing_load(struct arena *arena, const char *state, const char *named, struct suppressions *ret)
{
    const char *folder = named ? named : text_keep_format(arena, "%s/suppress.d", state).p;
    struct path_list files = { 0 };
    struct diags diags;
    diags_init(&diags, arena);
    paths_add(&files, arena, folder, NULL);
    paths_finish(&files, arena);
    if (files.problem_count && named)
        output_error("%s: %s", folder, strerror(files.problems[0].error));
    for (size_t i = 0; i < files.count; i++) {
        struct yaml_file file;
        if (text_ends_with(text_from(files.items[i].path), TEXT(".yaml")) &&
            yaml_read(arena, files.items[i].path, &diags, &file))
            suppressions_add_file(arena, &file, &diags, ret);
    }
    if (diags.count)
        knowledge_mistakes_print(&(struct knowledge){ .diags = diags });
    return diags.errors + (named ? files.problem_count : 0);
}
