#include "cli/knowledge.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/paths.h"

struct knowledge_loader {
    struct arena *arena;
    struct knowledge *target;
    struct ruleset_builder *builder;
};

static const char *program_folder(struct arena *arena)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return NULL;
    path[n] = 0;
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = 0;
    return text_keep(arena, text_from(path)).p;
}

const char *knowledge_folder(struct arena *arena)
{
    static const char *const places[] = { "../share/evscan/rules", "evscan-source/rules" };
    const char *folder = program_folder(arena);
    for (size_t i = 0; folder && i < COUNT_OF(places); i++) {
        const char *place = text_keep_format(arena, "%s/%s", folder, places[i]).p;
        if (access(place, R_OK | X_OK) == 0)
            return place;
    }
    return access(EVSCAN_DATADIR "/rules", R_OK | X_OK) == 0 ? EVSCAN_DATADIR "/rules" : NULL;
}

struct knowledge_loader *knowledge_begin(struct arena *arena, struct knowledge *ret)
{
    struct knowledge_loader *l = ARENA_NEW(arena, struct knowledge_loader);
    l->arena = arena;
    l->target = ret;
    l->builder = ruleset_builder_new();
    *ret = (struct knowledge){ .kb = kb_new() };
    diags_init(&ret->diags, arena);
    return l;
}

static bool is_yaml(const char *name)
{
    struct text t = text_from(name);
    return text_ends_with(t, TEXT(".yaml")) || text_ends_with(t, TEXT(".yml"));
}

static void file_add(struct knowledge_loader *l, const char *path, bool own)
{
    struct yaml_file file;
    if (!yaml_read(l->arena, path, &l->target->diags, &file) || file.count == 0)
        return;
    if (kb_is_article(file.documents[0]))
        kb_add_file(l->target->kb, &file, &l->target->diags);
    else
        ruleset_add_file(l->builder, &file, own, &l->target->diags);
}

void knowledge_add(struct knowledge_loader *l, const char *path, bool own)
{
    struct path_list list = { 0 };
    struct diags *diags = &l->target->diags;
    paths_add(&list, l->arena, path, is_yaml);
    paths_finish(&list, l->arena);
    for (size_t i = 0; i < list.problem_count; i++) {
        struct yaml_file file = { .path = text_from(list.problems[i].path) };
        diag_add(diags, DIAG_ERROR, "file", &file, NULL, NULL, "cannot be read: %s", strerror(list.problems[i].error));
    }
    for (size_t i = 0; i < list.count; i++)
        file_add(l, list.items[i].path, own);
}

void knowledge_end(struct knowledge_loader *l)
{
    l->target->rules = ruleset_compile(l->builder, &l->target->diags);
    ruleset_builder_free(l->builder);
    kb_link(l->target->kb, l->target->rules, &l->target->diags);
}

void knowledge_done(struct knowledge *k)
{
    kb_free(k->kb);
    ruleset_free(k->rules);
}
