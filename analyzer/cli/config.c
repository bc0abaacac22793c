#include "cli/config.h"

#include <unistd.h>

#include "base/limits.h"
#include "base/nearest.h"
#include "cli/config_outputs.h"
#include "report/report.h"

#define CLASS "config"

struct reading {
    struct arena *arena;
    const struct yaml_file *file;
    const struct page *page;
    struct diags *diags;
};

/* What picks a configuration or a part of it, or makes evscan something else than a scan. */
static const char *const not_here[] = { "config", "cluster", "nagios", "version", "from", "to" };

static bool takes_value(const struct option_spec *spec)
{
    return spec->kind != OPTION_FLAG;
}

static bool is_allowed(const struct option_spec *spec)
{
    for (size_t i = 0; i < COUNT_OF(not_here); i++)
        if (strcmp(spec->name, not_here[i]) == 0)
            return false;
    return true;
}

static bool is_elsewhere(struct text name)
{
    bool found = false;
    for (size_t i = 0; i < COUNT_OF(not_here); i++)
        found = found || text_equal(name, text_from(not_here[i]));
    return found;
}

/* The option of that name; `nearest` is tried with all others. */
static const struct option_spec *option_of(const struct page *page, struct text name, struct nearest *nearest)
{
    const struct option_spec *found = NULL;
    for (size_t g = 0; g <= OPTION_GROUPS; g++) {
        const struct option_group *group = g < OPTION_GROUPS ? &page->groups[g] : &page->rare;
        for (size_t i = 0; i < group->count; i++) {
            if (!is_allowed(&group->specs[i]))
                continue;
            nearest_try(nearest, text_from(group->specs[i].name));
            if (text_equal(name, text_from(group->specs[i].name)))
                found = &group->specs[i];
        }
    }
    return found;
}

static void unknown_key(const struct reading *r, const struct yaml_node *key, struct nearest nearest, const char *what)
{
    const char *hint = nearest.best.n ? text_keep_format(r->arena, "did you mean %.*s?", TEXT_ARG(nearest.best)).p : NULL;
    diag_add(r->diags, DIAG_ERROR, CLASS, r->file, key, hint, "there is no %s of that name", what);
}

static bool is_text(const struct reading *r, const struct yaml_node *value)
{
    if (value->kind == YAML_SCALAR && value->text.n && !memchr(value->text.p, '\0', value->text.n))
        return true;
    bool empty = value->kind == YAML_SCALAR && !value->text.n;
    diag_add(r->diags, DIAG_ERROR, CLASS, r->file, value, NULL,
             empty ? "must not be empty" : "must be a text or a number");
    return false;
}

static struct option_list list_copy(struct arena *arena, const struct option_list *list, size_t room)
{
    struct option_list copy = { ARENA_NEW_N(arena, const char *, room), list->count };
    if (list->count)
        memcpy(copy.items, list->items, list->count * sizeof *copy.items);
    return copy;
}

/* There is room up to the next power of two.  Each cluster has a copy of what stands for all. */
static void list_add(const struct reading *r, struct option_list *list, struct text item)
{
    if (list->count == LIMIT_CONFIG_WORDS) {
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, NULL, NULL, "a run has %u options or folders at most",
                 LIMIT_CONFIG_WORDS);
        return;
    }
    if ((list->count & (list->count - 1)) == 0)
        *list = list_copy(r->arena, list, list->count ? 2 * list->count : 1);
    list->items[list->count++] = text_keep(r->arena, item).p;
}

static void texts_add(const struct reading *r, const struct yaml_node *value, const char *before,
                      struct option_list *list)
{
    if (value->kind == YAML_SEQUENCE)
        for (size_t i = 0; i < value->count; i++) {
            if (is_text(r, value->items[i]))
                list_add(r, list, text_keep_format(r->arena, "%s%.*s", before, TEXT_ARG(value->items[i]->text)));
        }
    else if (is_text(r, value))
        list_add(r, list, text_keep_format(r->arena, "%s%.*s", before, TEXT_ARG(value->text)));
}

static void flag_add(const struct reading *r, const struct option_spec *spec, const struct yaml_node *value,
                     struct option_list *list)
{
    if (value->kind == YAML_SCALAR && text_equal(value->text, TEXT("true")))
        list_add(r, list, text_keep_format(r->arena, "--%s", spec->name));
    else if (value->kind != YAML_SCALAR || !text_equal(value->text, TEXT("false")))
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, value, NULL, "must be true or false");
}

/* --nagios by its other name. */
static bool is_plug_in(const struct option_spec *spec, struct text value)
{
    return strcmp(spec->name, "format") == 0 && text_equal(value, text_from(report_nagios.name));
}

/* What the command line says of a word or a number, said here with its place. */
static void value_check(const struct reading *r, const struct option_spec *spec, const struct yaml_node *value)
{
    uint64_t number;
    if (value->kind != YAML_SCALAR) {
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, value, NULL, "--%s is given once: write one value", spec->name);
    } else if (spec->kind == OPTION_NUMBER) {
        if (!text_to_u64(value->text, &number) || number < spec->least || number > spec->most)
            diag_add(r->diags, DIAG_ERROR, CLASS, r->file, value, NULL, "must be a number from %u to %u", spec->least,
                     spec->most);
    } else if (is_plug_in(spec, value->text)) {
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, value, "say --nagios on the command line, with --cluster NAME",
                 "the answer of a plug-in is not for the file");
    } else if (spec->kind == OPTION_WORD) {
        for (const char *const *word = spec->words; *word; word++)
            if (text_equal(value->text, text_from(*word)))
                return;
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, value, NULL, "must be %.*s",
                 TEXT_ARG(words_expected(r->arena, spec->words)));
    }
}

static void option_read(const struct reading *r, const struct yaml_node *key, const struct yaml_node *value,
                        struct option_list *list)
{
    struct nearest nearest = nearest_begin(key->text);
    const struct option_spec *spec = option_of(r->page, key->text, &nearest);
    if (!spec && is_elsewhere(key->text))
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, key, "say it on the command line", "this option is not for the file");
    else if (!spec)
        unknown_key(r, key, nearest, "option");
    if (!spec)
        return;
    if (!takes_value(spec)) {
        flag_add(r, spec, value, list);
        return;
    }
    if (spec->kind != OPTION_LIST)
        value_check(r, spec, value);
    texts_add(r, value, text_keep_format(r->arena, "--%s=", spec->name).p, list);
}

static void options_read(const struct reading *r, const struct yaml_node *map, struct option_list *list)
{
    if (map->kind != YAML_MAP)
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, map, "write for example: tz: Europe/Berlin",
                 "must be a map of options");
    for (size_t i = 0; map->kind == YAML_MAP && i < map->count; i++)
        option_read(r, map->keys[i], map->items[i], list);
}

/* No shell looks at the file.  A folder may have such a name, which a shell would find as well. */
static void pattern_check(const struct reading *r, const struct yaml_node *value)
{
    if (value->kind == YAML_SCALAR && memchr(value->text.p, '*', value->text.n) &&
        access(text_keep(r->arena, value->text).p, F_OK) != 0)
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, value, "name the folder that holds them: all below it is read",
                 "there is nothing of that name, and names are not patterns");
}

static void folders_read(const struct reading *r, const struct yaml_node *value, struct option_list *list)
{
    size_t before = list->count;
    if (value->kind == YAML_SEQUENCE && !value->count)
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, value, "write for example: folders: /var/lib/evscan/exports",
                 "there is no folder in the list");
    pattern_check(r, value);
    for (size_t i = 0; value->kind == YAML_SEQUENCE && i < value->count; i++)
        pattern_check(r, value->items[i]);
    texts_add(r, value, "", list);
    for (; before < list->count; before++)
        if (list->items[before][0] == '-') /* it would be taken for an option */
            list->items[before] = text_keep_format(r->arena, "./%s", list->items[before]).p;
}

/* Names of nodes: what --nodes takes. */
static void nodes_read(const struct reading *r, const struct yaml_node *value, struct option_list *list)
{
    texts_add(r, value, "--nodes=", list);
}

static void key_misplaced(const struct reading *r, const struct yaml_node *key, const char *const *known)
{
    struct nearest nearest = nearest_begin(key->text);
    for (; *known; known++)
        nearest_try(&nearest, text_from(*known));
    unknown_key(r, key, nearest, "key");
}

static void cluster_read(const struct reading *r, const struct yaml_node *name, const struct yaml_node *map,
                         const struct option_list *for_all, struct config_run *ret)
{
    static const char *const known[] = { "folders", "nodes", "options", NULL };
    *ret = (struct config_run){ .cluster = text_keep(r->arena, name->text) };
    for (size_t i = 0; i < for_all->count; i++)
        list_add(r, &ret->options, text_from(for_all->items[i]));
    list_add(r, &ret->options, text_keep_format(r->arena, "--cluster=%.*s", TEXT_ARG(name->text)));
    bool is_map = map->kind == YAML_MAP;
    if (!is_map || !yaml_get(map, "folders"))
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, is_map ? name : map,
                 "write for example: folders: /var/lib/evscan/exports", "the cluster needs its folders");
    for (size_t i = 0; is_map && i < map->count; i++) {
        if (text_equal(map->keys[i]->text, TEXT("folders")))
            folders_read(r, map->items[i], &ret->folders);
        else if (text_equal(map->keys[i]->text, TEXT("nodes")))
            nodes_read(r, map->items[i], &ret->options);
        else if (text_equal(map->keys[i]->text, TEXT("options")))
            options_read(r, map->items[i], &ret->options);
        else
            key_misplaced(r, map->keys[i], known);
    }
    config_outputs_name(r->arena, ret);
}

/* Also of one cluster: its own reports would replace each other. */
static void outputs_check(const struct reading *r, const struct yaml_node *at, const struct config *config)
{
    struct output_clash clash;
    if (!config_outputs_clash(r->arena, config, &clash))
        return;
    struct text first = config->runs[clash.first].cluster, second = config->runs[clash.second].cluster;
    if (clash.first == clash.second)
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, at, "give each its own path",
                 "two reports go to the same file: %s", clash.path);
    else
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, at, "write %c in the path for the name of the cluster, or say "
                 "output in the options of each", "reports of %.*s and %.*s go to the same file: %s", TEXT_ARG(first), TEXT_ARG(second),
                 clash.path);
}

static void clusters_read(const struct reading *r, const struct yaml_node *map, const struct option_list *for_all,
                          struct config *ret)
{
    if (map->kind != YAML_MAP || !map->count) {
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, map, NULL, "must be a map of clusters by their names");
        return;
    }
    if (map->count > LIMIT_CONFIG_CLUSTERS) {
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, map, NULL, "there may be %u clusters at most",
                 LIMIT_CONFIG_CLUSTERS);
        return;
    }
    ret->runs = ARENA_NEW_N(r->arena, struct config_run, map->count);
    for (size_t i = 0; i < map->count; i++)
        cluster_read(r, map->keys[i], map->items[i], for_all, &ret->runs[ret->count++]);
}

static void file_read(const struct reading *r, const struct yaml_node *root, struct config *ret)
{
    static const char *const known[] = { "options", "folders", "nodes", "clusters", NULL };
    struct config_run alone = { .cluster = TEXT("") };
    if (root->kind != YAML_MAP) {
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, root, "known keys are options, folders, nodes, clusters",
                 "the file must be a map");
        return;
    }
    for (size_t i = 0; i < root->count; i++) {
        if (text_equal(root->keys[i]->text, TEXT("options")))
            options_read(r, root->items[i], &alone.options);
        else if (text_equal(root->keys[i]->text, TEXT("folders")))
            folders_read(r, root->items[i], &alone.folders);
        else if (text_equal(root->keys[i]->text, TEXT("nodes")))
            nodes_read(r, root->items[i], &alone.options);
        else if (!text_equal(root->keys[i]->text, TEXT("clusters")))
            key_misplaced(r, root->keys[i], known);
    }
    const struct yaml_node *clusters = yaml_get(root, "clusters");
    if (!clusters) {
        *ret = (struct config){ ARENA_NEW_N(r->arena, struct config_run, 1), 1 };
        ret->runs[0] = alone;
        outputs_check(r, root, ret);
        return;
    }
    if (alone.folders.count)
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, yaml_get(root, "folders"), NULL,
                 "where there are clusters, each has its own folders");
    if (yaml_get(root, "nodes"))
        diag_add(r->diags, DIAG_ERROR, CLASS, r->file, yaml_get(root, "nodes"), NULL,
                 "where there are clusters, each has its own nodes");
    clusters_read(r, clusters, &alone.options, ret);
    outputs_check(r, clusters, ret);
}

struct option_list config_line(struct arena *arena, const struct config_run *run, int argc, char **argv, bool folders)
{
    size_t given = (size_t)argc, room = given + run->options.count + run->folders.count + 1;
    struct option_list line = { ARENA_NEW_N(arena, const char *, room), 0 };
    line.items[line.count++] = argv[0];
    for (size_t i = 0; i < run->options.count; i++)
        line.items[line.count++] = run->options.items[i];
    for (size_t i = 1; i < given; i++)
        line.items[line.count++] = argv[i];
    for (size_t i = 0; folders && i < run->folders.count; i++)
        line.items[line.count++] = run->folders.items[i];
    line.items[line.count] = NULL;
    return line;
}

bool config_take(struct arena *arena, const struct yaml_file *file, const struct page *page, struct diags *diags,
                 struct config *ret)
{
    const struct reading r = { arena, file, page, diags };
    size_t errors = diags->errors;
    *ret = (struct config){ 0 };
    if (file->count != 1)
        diag_add(diags, DIAG_ERROR, CLASS, file, file->count ? file->documents[1] : NULL, NULL,
                 "must be one YAML document");
    else
        file_read(&r, file->documents[0], ret);
    return diags->errors == errors;
}

bool config_read(struct arena *arena, const char *path, const struct page *page, struct diags *diags,
                 struct config *ret)
{
    struct yaml_file file;
    *ret = (struct config){ 0 };
    return yaml_read(arena, path, diags, &file) && config_take(arena, &file, page, diags, ret);
}
