#include "cli/rule_tests.h"

#include "rule/example.h"

struct reading {
    struct arena *arena;
    const struct ruleset *rules;
    struct diags *diags;
    const struct yaml_file *file;
    uint32_t next; /* rules come in the order of files and documents: where the search for the next one begins */
    struct rule_tests *tests;
};

static void mistake(struct reading *r, const struct yaml_node *node, const char *hint, const char *reason)
{
    diag_add(r->diags, DIAG_ERROR, "test", r->file, node, hint, "%s", reason);
}

/* The rule that the document became; false when it was refused, or is no rule. */
static bool rule_of_document(struct reading *r, const struct yaml_node *document, uint32_t *ret)
{
    uint32_t count = (uint32_t)ruleset_count(r->rules);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t rule = (r->next + i) % count;
        const struct rule_info *info = ruleset_info(r->rules, rule);
        if (info->line == document->line && text_equal(info->path, r->file->path)) {
            *ret = r->next = rule;
            return true;
        }
    }
    return false;
}

static struct text folder_of(struct text path)
{
    size_t n = path.n;
    while (n > 0 && path.p[n - 1] != '/')
        n--;
    return (struct text){ path.p, n };
}

static bool read_sample(struct reading *r, struct rule_test *t)
{
    const struct yaml_node *log = yaml_get(t->node, "file"), *hits = yaml_get(t->node, "hits");
    if (log->kind != YAML_SCALAR || log->text.n == 0) {
        mistake(r, log, "write for example file: ../samples/node1.evt", "the path of a log belongs here");
        return false;
    }
    if (hits && (hits->kind != YAML_SCALAR || !t->match || !text_to_u64(hits->text, &t->hits))) {
        mistake(r, hits, "leave it out when any number will do", "hits is a number, and of samples that must match");
        return false;
    }
    bool whole = log->text.p[0] == '/';
    t->counted = hits != NULL;
    t->log = text_keep_format(r->arena, "%.*s%.*s", TEXT_ARG(whole ? TEXT("") : folder_of(r->file->path)),
                              TEXT_ARG(log->text)).p;
    return true;
}

static bool read_event(struct reading *r, struct rule_test *t)
{
    const struct yaml_node *where;
    const char *wrong = example_mistake(t->node, &where);
    if (wrong)
        mistake(r, where, NULL, wrong);
    return !wrong;
}

static void add_tests(struct reading *r, uint32_t rule, const struct yaml_node *list, bool match)
{
    struct rule_tests *all = r->tests;
    if (list && list->kind != YAML_SEQUENCE)
        mistake(r, list, "write a list of events", "tests are a list");
    for (size_t i = 0; list && list->kind == YAML_SEQUENCE && i < list->count; i++) {
        struct rule_test t = { .rule = rule, .match = match, .file = r->file, .node = list->items[i] };
        bool sample = yaml_get(t.node, "file") != NULL;
        if (!(sample ? read_sample(r, &t) : read_event(r, &t)))
            continue;
        all->items = arena_grow(r->arena, all->items, all->count, &all->capacity, sizeof *all->items);
        all->items[all->count++] = t;
    }
}

static void add_both(struct reading *r, uint32_t rule, const struct yaml_node *map)
{
    for (size_t i = 0; map->kind == YAML_MAP && i < map->count; i++) {
        struct text key = map->keys[i]->text;
        if (!text_equal(key, TEXT("match")) && !text_equal(key, TEXT("no-match")) && !text_equal(key, TEXT("rule")))
            mistake(r, map->keys[i], "write match or no-match", "tests know no such word");
    }
    if (map->kind != YAML_MAP)
        mistake(r, map, "write match: and no-match:, each with a list of events", "tests are a map");
    add_tests(r, rule, yaml_get(map, "match"), true);
    add_tests(r, rule, yaml_get(map, "no-match"), false);
}

static void read_inside(struct reading *r, const struct yaml_node *document)
{
    const struct yaml_node *tests = yaml_get(document, "tests");
    uint32_t rule;
    if (tests && rule_of_document(r, document, &rule))
        add_both(r, rule, tests);
}

static void read_beside(struct reading *r, const struct yaml_node *document)
{
    const struct yaml_node *name = yaml_get(document, "rule");
    uint32_t rule;
    if (!name || name->kind != YAML_SCALAR || !ruleset_find(r->rules, name->text, &rule))
        mistake(r, name ? name : document, "write rule: and its name or id; its file must be named, too",
                name ? "no rule has this name or id" : "the test does not say which rule it is for");
    else
        add_both(r, rule, document);
}

void rule_tests_read(struct arena *arena, const struct knowledge_files *files, const struct ruleset *rules,
                     struct diags *diags, struct rule_tests *ret)
{
    struct reading r = { .arena = arena, .rules = rules, .diags = diags, .tests = ret };
    *ret = (struct rule_tests){ .count = 0 };
    for (size_t i = 0; i < files->count; i++) {
        r.file = &files->items[i];
        bool beside = knowledge_is_test(r.file->path);
        for (size_t k = 0; k < r.file->count; k++)
            if (beside)
                read_beside(&r, r.file->documents[k]);
            else
                read_inside(&r, r.file->documents[k]);
    }
}
