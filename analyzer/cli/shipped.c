/*
 * shipped.c - where the shipped rules lie, and what is known of events beside them.
 */
#include "cli/shipped.h"

#include <unistd.h>

#include "io/paths.h"

#define CATALOG_FOLDER "catalog" /* in the folder of the rules */
#define GUIDE_FOLDER   "explain" /* same */

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

const char *shipped_folder(struct arena *arena)
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

const char *shipped_trees(struct arena *arena, const char *name)
{
    static const char *const ends[] = { "/rules", "/evscan-source" };
    const char *rules = shipped_folder(arena);
    struct text folder = text_from(rules ? rules : "");
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (text_ends_with(folder, text_from(ends[i])))
            folder.n -= strlen(ends[i]);
    return text_keep_format(arena, "%.*s/%s", TEXT_ARG(folder), name).p;
}

void shipped_cache_open(struct arena *arena, const char *root, const char *trees, const char *pack, struct cache *ret)
{
    if (pack)
        cache_pack(arena, root, text_keep_format(arena, "%s/%s", pack, trees).p, ret);
    else
        cache_open(arena, root, shipped_trees(arena, trees), ret);
}

bool shipped_is_of_events(const char *root, const char *path)
{
    struct text rest = text_from(path);
    if (!text_starts_with(rest, text_from(root)))
        return false;
    rest = text_from(path + strlen(root));
    return text_starts_with(rest, TEXT("/" CATALOG_FOLDER "/")) || text_starts_with(rest, TEXT("/" GUIDE_FOLDER "/"));
}

bool shipped_events_document(const struct yaml_node *document)
{
    bool known = yaml_get(document, "provider") || (yaml_get(document, "parameters") && yaml_get(document, "texts"));
    return known && !yaml_get(document, "title") && !yaml_get(document, "detection");
}

/* Reads the files in a folder beside the shipped rules and hands them to `add`. */
static bool shipped_read(struct arena *arena, const char *name, const char *pack, struct diags *diags,
                         void (*add)(void *to, const struct yaml_file *file, struct diags *diags), void *to)
{
    const char *rules = shipped_folder(arena);
    struct path_list list = { 0 };
    struct cache cache;
    if (!rules)
        return false;
    const char *folder = text_keep_format(arena, "%s/%s", rules, name).p;
    paths_add(&list, arena, folder, yaml_is_named);
    paths_finish(&list, arena);
    const char *trees = text_keep_format(arena, "%s.trees", name).p;
    shipped_cache_open(arena, folder, trees, pack, &cache);
    for (size_t i = 0; i < list.count; i++) {
        struct yaml_file file;
        if (cache_read(arena, &cache, list.items[i].path, diags, &file))
            add(to, &file, diags);
    }
    return cache_close(arena, &cache);
}

static void to_catalog(void *to, const struct yaml_file *file, struct diags *diags)
{
    catalog_add(to, file, diags);
}

/* Without the folder it stays empty. */
static bool catalog_read(struct arena *arena, const char *pack, struct diags *diags, struct catalog *catalog)
{
    return shipped_read(arena, CATALOG_FOLDER, pack, diags, to_catalog, catalog);
}

struct catalog *shipped_catalog(struct arena *arena, struct diags *diags)
{
    struct catalog *catalog = catalog_new();
    catalog_read(arena, NULL, diags, catalog);
    catalog_finish(catalog);
    return catalog;
}

static void to_guide(void *to, const struct yaml_file *file, struct diags *diags)
{
    guide_add(to, file, diags);
}

/* Without the folder it stays empty. */
static bool guide_read(struct arena *arena, const char *pack, struct diags *diags, struct guide *guide)
{
    return shipped_read(arena, GUIDE_FOLDER, pack, diags, to_guide, guide);
}

struct guide *shipped_guide(struct arena *arena, struct diags *diags)
{
    struct guide *guide = guide_new();
    guide_read(arena, NULL, diags, guide);
    guide_finish(guide);
    return guide;
}

bool shipped_events_pack(struct arena *arena, const char *folder, struct diags *diags)
{
    struct catalog *catalog = catalog_new();
    struct guide *guide = guide_new();
    bool good = catalog_read(arena, folder, diags, catalog) && guide_read(arena, folder, diags, guide);
    catalog_free(catalog);
    guide_free(guide);
    return good;
}
