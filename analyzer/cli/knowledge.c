#include "cli/knowledge.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cache.h"
#include "cli/output.h"
#include "cli/rules_fields.h"
#include "form/escape.h"
#include "io/lasting_hash.h"
#include "io/paths.h"
#include "rule/pipeline.h"

/* A file or folder that was named. */
struct knowledge_path {
    const char *path;
    bool own;
    const char *trees; /* that came with it; NULL: none */
    struct path_list files;
    struct knowledge_path *next;
};

struct knowledge_loader {
    struct arena *arena;
    struct knowledge *target;
    struct ruleset_builder *builder;
    struct knowledge_files *files; /* may be NULL: nobody looks at tests */
    struct knowledge_path *first, **last;
    struct arena reading;          /* the file that is being added */
    struct cache cache;            /* of the path that is being added */
    const char *pack;              /* folder that the trees are written to; NULL: they are kept in the cache */
    bool failed;                   /* they were not written */
};

#define RULES_TREES   "rules.trees"
#define WARNINGS_TOLD 10 /* by whoever is after something else: a screen full, not the thousand of published rules */

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

/* Beside the shipped rules; in a build folder, whose rules are a link into the source tree, beside the program. */
static const char *shipped_trees(struct arena *arena, const char *name)
{
    static const char *const ends[] = { "/rules", "/evscan-source" };
    const char *rules = knowledge_folder(arena);
    struct text folder = text_from(rules ? rules : "");
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (text_ends_with(folder, text_from(ends[i])))
            folder.n -= strlen(ends[i]);
    return text_keep_format(arena, "%.*s/%s", TEXT_ARG(folder), name).p;
}

static void trees_open(struct arena *arena, const char *root, const char *trees, const char *pack, struct cache *ret)
{
    if (pack)
        cache_pack(arena, root, ret);
    else
        cache_open(arena, root, trees, ret);
}

static bool trees_close(struct arena *arena, const struct cache *c, const char *name, const char *pack)
{
    if (pack)
        return cache_pack_write(arena, c, text_keep_format(arena, "%s/%s", pack, name).p);
    cache_close(arena, c);
    return true;
}

static struct knowledge_loader *knowledge_begin(struct arena *arena, struct knowledge *ret)
{
    struct knowledge_loader *l = ARENA_NEW(arena, struct knowledge_loader);
    l->arena = arena;
    l->target = ret;
    l->builder = ruleset_builder_new();
    arena_init(&l->reading);
    l->last = &l->first;
    *ret = (struct knowledge){ .kb = kb_new() };
    diags_init(&ret->diags, arena);
    return l;
}

bool knowledge_is_test(struct text name)
{
    return text_ends_with(name, TEXT(".test.yaml")) || text_ends_with(name, TEXT(".test.yml"));
}

static bool is_yaml(const char *name)
{
    struct text t = text_from(name);
    return text_ends_with(t, TEXT(".yaml")) || text_ends_with(t, TEXT(".yml"));
}

static bool is_knowledge(const char *name)
{
    return is_yaml(name) && !knowledge_is_test(text_from(name));
}

/* The sentences of events lie beside the rules (catalog/catalog.h) and are loaded by whoever prints events. */
static bool in_catalog(const char *path)
{
    return strstr(path, "/" CATALOG_FOLDER "/") != NULL || strstr(path, "/" GUIDE_FOLDER "/") != NULL;
}

static bool file_read(struct arena *arena, const struct cache *cache, const char *path, struct diags *diags,
                      struct yaml_file *ret)
{
    return yaml_source_read(arena, path, diags, ret) &&
           yaml_store_parse(cache->store, arena, ret->path, ret->source, diags, ret);
}

static bool has_tests(const struct yaml_file *file)
{
    bool any = knowledge_is_test(file->path);
    for (size_t i = 0; i < file->count && !any; i++)
        any = yaml_get(file->documents[i], "tests") != NULL;
    return any;
}

static bool is_besides(const struct knowledge_files *files, struct text path)
{
    struct text folder = text_from(files->besides ? files->besides : "");
    return folder.n && path.n > folder.n && text_starts_with(path, folder) && path.p[folder.n] == '/';
}

/* Parsed once more, for longer; its mistakes were told the first time.  From the bytes that are there: a pipe has none
 * left, and a file may be another one by now. */
static void tests_keep(struct knowledge_loader *l, const struct yaml_file *file)
{
    struct knowledge_files *f = l->files;
    struct diags told;
    struct yaml_file kept;
    if (!f || is_besides(f, file->path))
        return;
    f->read++;
    f->articles += kb_is_article(file->documents[0]) ? file->count : 0;
    if (!has_tests(file))
        return;
    struct text path = text_keep(l->arena, file->path), source = text_keep(l->arena, file->source);
    diags_init(&told, l->arena);
    if (!yaml_store_parse(l->cache.store, l->arena, path, source, &told, &kept))
        return;
    f->items = arena_grow(l->arena, f->items, f->count, &f->capacity, sizeof *f->items);
    f->items[f->count++] = kept;
}

/* As a hash goes on: what came before, and what comes now. */
static void fingerprint_add(struct knowledge *k, struct text source, bool own)
{
    const uint64_t parts[] = { k->fingerprint, lasting_hash((struct bytes){ (const uint8_t *)source.p, source.n }),
                               source.n, own };
    k->fingerprint = lasting_hash_numbers(parts, COUNT_OF(parts));
}

static void pipeline_add(struct knowledge_loader *l, const char *path)
{
    struct yaml_file file;
    arena_reset(&l->reading);
    if (!yaml_read(&l->reading, path, &l->target->diags, &file))
        return;
    fingerprint_add(l->target, file.source, false);
    pipeline_add_file(l->builder, &file, &l->target->diags);
}

static void file_add(struct knowledge_loader *l, const char *path, bool own)
{
    struct yaml_file file;
    arena_reset(&l->reading); /* the same pages for all files: touching new ones took a third of the time of loading */
    if (!file_read(&l->reading, &l->cache, path, &l->target->diags, &file) || file.count == 0)
        return;
    tests_keep(l, &file);
    if (l->files && knowledge_is_test(file.path))
        return;
    if (kb_is_article(file.documents[0])) {
        kb_add_file(l->target->kb, &file, own, &l->target->diags);
        return;
    }
    fingerprint_add(l->target, file.source, own);
    ruleset_add_file(l->builder, &file, own, &l->target->diags);
}

/* Its files are loaded by knowledge_end; own = shipped: stricter. */
static void knowledge_add(struct knowledge_loader *l, const char *path, bool own)
{
    struct knowledge_path *p = ARENA_NEW(l->arena, struct knowledge_path);
    struct diags *diags = &l->target->diags;
    *p = (struct knowledge_path){ .path = path, .own = own };
    paths_add(&p->files, l->arena, path, l->files ? is_yaml : is_knowledge);
    paths_finish(&p->files, l->arena);
    for (size_t i = 0; i < p->files.problem_count; i++) {
        struct yaml_file file = { .path = text_from(p->files.problems[i].path) };
        diag_add(diags, DIAG_ERROR, DIAG_FILE, &file, NULL, NULL, "cannot be read: %s",
                 strerror(p->files.problems[i].error));
    }
    *l->last = p;
    l->last = &p->next;
}

static void pipelines_add(struct knowledge_loader *l)
{
    for (const struct knowledge_path *p = l->first; p; p = p->next)
        for (size_t i = 0; i < p->files.count; i++)
            if (pipeline_is_named(text_from(p->files.items[i].path)))
                pipeline_add(l, p->files.items[i].path);
}

static void files_add(struct knowledge_loader *l, const struct knowledge_path *p)
{
    trees_open(l->arena, p->path, p->trees, l->pack, &l->cache);
    ruleset_begin_path(l->builder);
    for (size_t i = 0; i < p->files.count; i++) {
        const char *path = p->files.items[i].path;
        if (!in_catalog(path) && !pipeline_is_named(text_from(path)))
            file_add(l, path, p->own);
    }
    l->failed = !trees_close(l->arena, &l->cache, RULES_TREES, l->pack) || l->failed;
}

static void knowledge_end(struct knowledge_loader *l)
{
    pipelines_add(l); /* first, whatever path they came with: rules need what stands in them */
    for (const struct knowledge_path *p = l->first; p; p = p->next)
        files_add(l, p);
    l->target->rules = ruleset_compile(l->builder, &l->target->diags);
    ruleset_builder_free(l->builder);
    arena_done(&l->reading);
    kb_link(l->target->kb, l->target->rules, &l->target->diags);
}

/* What is known of events comes from files, too; their mistakes are told like all others. */
static void be_thorough(struct knowledge_loader *l)
{
    size_t count;
    struct guide *guide = knowledge_guide(l->arena, &l->target->diags);
    const struct event_fields *events = guide_event_fields(l->arena, guide, &count);
    guide_free(guide);
    ruleset_be_thorough(l->builder);
    ruleset_know_events(l->builder, events, count);
}

static bool is_there_already(const struct knowledge_loader *l, const struct path_item *item)
{
    for (const struct knowledge_path *p = l->first; p; p = p->next)
        for (size_t i = 0; i < p->files.count; i++)
            if (p->files.items[i].device == item->device && p->files.items[i].inode == item->inode)
                return true;
    return false;
}

static void tests_beside_add(struct knowledge_loader *l, struct text rule, const char *end)
{
    struct path_list list = { 0 };
    const char *path = text_keep_format(l->arena, "%.*s.test%s", TEXT_ARG(rule), end).p;
    if (access(path, F_OK) != 0)
        return;
    paths_add(&list, l->arena, path, NULL);
    if (list.count == 0 || !is_there_already(l, &list.items[0]))
        knowledge_add(l, path, false);
}

/* In a folder the tests beside a rule are found anyway; they belong to it where its file is named, too. */
static void tests_add(struct knowledge_loader *l, const char *path)
{
    static const char *const ends[] = { ".yaml", ".yml" };
    struct text rule = text_from(path);
    if (!is_knowledge(path))
        return;
    rule.n -= text_ends_with(rule, TEXT(".yaml")) ? 5 : 4;
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        tests_beside_add(l, rule, ends[i]);
}

static void shipped_add(struct knowledge_loader *l, const char *rules)
{
    struct knowledge_path **added = l->last;
    knowledge_add(l, rules, true);
    (*added)->trees = shipped_trees(l->arena, RULES_TREES);
}

void knowledge_read(struct arena *arena, const struct option_list *paths, struct knowledge_reading reading,
                    struct knowledge *ret, struct knowledge_files *files)
{
    struct knowledge_loader *loader = knowledge_begin(arena, ret);
    *files = (struct knowledge_files){ .besides = reading.besides };
    loader->files = files;
    if (reading.thorough)
        be_thorough(loader);
    if (reading.besides)
        shipped_add(loader, reading.besides);
    for (size_t i = 0; i < paths->count; i++)
        knowledge_add(loader, paths->items[i], reading.own);
    for (size_t i = 0; i < paths->count; i++)
        tests_add(loader, paths->items[i]);
    knowledge_end(loader);
}

bool knowledge_is_asked(const struct knowledge_files *files, const struct rule_info *rule)
{
    return !is_besides(files, rule->path);
}

size_t knowledge_rules_asked(const struct knowledge_files *files, const struct ruleset *rules)
{
    size_t asked = 0;
    for (size_t i = 0; i < ruleset_count_all(rules); i++)
        asked += knowledge_is_asked(files, ruleset_info(rules, (uint32_t)i));
    return asked;
}

bool knowledge_load(struct arena *arena, const struct option_list *rules, const struct option_list *add,
                    struct knowledge *ret)
{
    struct knowledge_loader *loader = knowledge_begin(arena, ret);
    const char *shipped = rules->count ? NULL : knowledge_folder(arena);
    if (shipped)
        shipped_add(loader, shipped);
    else if (!rules->count)
        output_error("the shipped rules are not where they were installed; name a folder with --rules PATH");
    for (size_t i = 0; i < rules->count; i++)
        knowledge_add(loader, rules->items[i], false);
    for (size_t i = 0; i < add->count; i++)
        knowledge_add(loader, add->items[i], false);
    knowledge_end(loader);
    ret->named = option_lists_join(arena, rules, add);
    ret->besides = shipped != NULL;
    return shipped || rules->count;
}

void knowledge_mistakes_print(const struct knowledge *k)
{
    if (!k->diags.count)
        return;
    struct buf out;
    buf_init(&out);
    diags_print(&k->diags, &out);
    output_message(buf_text(&out));
    buf_done(&out);
}

/* What shows all of it: "evscan rules check PATH..", or with --add-rules what names shipped rules was not found. */
static void add_check_command(const struct knowledge *k, struct buf *out)
{
    buf_add_c(out, "evscan rules check");
    for (size_t i = 0; i < k->named.count; i++) {
        buf_add_c(out, k->besides ? " --add-rules " : " ");
        escape_terminal(out, text_from(k->named.items[i]));
    }
}

static void add_left(const struct knowledge *k, struct diags_left left, struct buf *out)
{
    if (left.errors)
        buf_add_format(out, "%zu more %s", left.errors, left.errors == 1 ? "mistake" : "mistakes");
    if (left.warnings)
        buf_add_format(out, "%s%zu more %s", left.errors ? " and " : "", left.warnings,
                       left.warnings == 1 ? "warning" : "warnings");
    buf_add_c(out, " about rules; ");
    add_check_command(k, out);
    buf_add_c(out, " shows them\n");
}

void knowledge_mistakes_tell(const struct knowledge *k, bool quiet)
{
    struct diags_left left;
    struct buf out;
    buf_init(&out);
    diags_print_some(&k->diags, quiet ? 0 : WARNINGS_TOLD, &out, &left);
    left.warnings = quiet ? 0 : left.warnings;
    if (left.errors || left.warnings)
        add_left(k, left, &out);
    if (out.n)
        output_message(buf_text(&out));
    buf_done(&out);
}

/* Reads the files in a folder beside the shipped rules and hands them to `add`. */
static bool shipped_read(struct arena *arena, const char *name, const char *pack, struct diags *diags,
                         void (*add)(void *to, const struct yaml_file *file, struct diags *diags), void *to)
{
    const char *rules = knowledge_folder(arena);
    struct path_list list = { 0 };
    struct cache cache;
    if (!rules)
        return false;
    const char *folder = text_keep_format(arena, "%s/%s", rules, name).p;
    paths_add(&list, arena, folder, is_yaml);
    paths_finish(&list, arena);
    const char *trees = text_keep_format(arena, "%s.trees", name).p;
    trees_open(arena, folder, shipped_trees(arena, trees), pack, &cache);
    for (size_t i = 0; i < list.count; i++) {
        struct yaml_file file;
        if (file_read(arena, &cache, list.items[i].path, diags, &file))
            add(to, &file, diags);
    }
    return trees_close(arena, &cache, trees, pack);
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

struct catalog *knowledge_catalog(struct arena *arena, struct diags *diags)
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

struct guide *knowledge_guide(struct arena *arena, struct diags *diags)
{
    struct guide *guide = guide_new();
    guide_read(arena, NULL, diags, guide);
    guide_finish(guide);
    return guide;
}

static bool rules_pack_write(struct arena *arena, const char *folder, struct diags *diags)
{
    struct knowledge k;
    struct knowledge_loader *loader = knowledge_begin(arena, &k);
    const char *rules = knowledge_folder(arena);
    loader->pack = folder;
    if (rules)
        shipped_add(loader, rules);
    knowledge_end(loader);
    diags->errors += k.diags.errors;
    knowledge_done(&k);
    return rules && !loader->failed;
}

bool knowledge_pack(struct arena *arena, const char *folder, struct diags *diags)
{
    struct catalog *catalog = catalog_new();
    struct guide *guide = guide_new();
    bool good = rules_pack_write(arena, folder, diags) && catalog_read(arena, folder, diags, catalog) &&
                guide_read(arena, folder, diags, guide);
    catalog_free(catalog);
    guide_free(guide);
    return good;
}

void knowledge_done(struct knowledge *k)
{
    kb_free(k->kb);
    ruleset_free(k->rules);
}
