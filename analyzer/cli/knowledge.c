#include "cli/knowledge.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/rules_fields.h"
#include "cli/shipped.h"
#include "io/lasting_hash.h"
#include "io/paths.h"
#include "rule/pipeline.h"

/* A file or folder that was named. */
struct knowledge_path {
    const char *path;
    bool own;
    bool shipped;
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

#define RULES_TREES "rules.trees"

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

static bool is_knowledge(const char *name)
{
    return yaml_is_named(name) && !knowledge_is_test(text_from(name));
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
    if (!cache_read(&l->reading, &l->cache, path, &l->target->diags, &file) || file.count == 0 ||
        shipped_events_document(file.documents[0]))
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
    paths_add(&p->files, l->arena, path, l->files ? yaml_is_named : is_knowledge);
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
    if (p->shipped)
        shipped_cache_open(l->arena, p->path, RULES_TREES, l->pack, &l->cache);
    else
        cache_open(l->arena, p->path, NULL, &l->cache);
    ruleset_begin_path(l->builder);
    for (size_t i = 0; i < p->files.count; i++) {
        const char *path = p->files.items[i].path;
        if (!(p->shipped && shipped_is_of_events(p->path, path)) && !pipeline_is_named(text_from(path)))
            file_add(l, path, p->own);
    }
    l->failed = !cache_close(l->arena, &l->cache) || l->failed;
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
    struct guide *guide = shipped_guide(l->arena, &l->target->diags);
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
    (*added)->shipped = true;
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
    const char *shipped = rules->count ? NULL : shipped_folder(arena);
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

static bool rules_pack_write(struct arena *arena, const char *folder, struct diags *diags)
{
    struct knowledge k;
    struct knowledge_loader *loader = knowledge_begin(arena, &k);
    const char *rules = shipped_folder(arena);
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
    return rules_pack_write(arena, folder, diags) && shipped_events_pack(arena, folder, diags);
}

void knowledge_done(struct knowledge *k)
{
    kb_free(k->kb);
    ruleset_free(k->rules);
}
