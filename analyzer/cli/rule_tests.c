#include "cli/rule_tests.h"

#include <sys/stat.h>

#include "base/nearest.h"
#include "cli/inputs.h"
#include "rule/example.h"

struct reading {
    struct arena *arena;
    const struct ruleset *rules;
    struct diags *diags;
    const struct yaml_file *file;
    bool refused;  /* the rule was: its tests are read for their form alone */
    bool story;    /* it is a correlation */
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
    uint32_t count = (uint32_t)ruleset_count_all(r->rules);
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

/* A number of hits or alerts, of what must match; false after a mistake. */
static bool read_hits(struct reading *r, struct rule_test *t, const char *key)
{
    const struct yaml_node *hits = yaml_get(t->node, key);
    if (hits && (hits->kind != YAML_SCALAR || !t->match || !text_to_u64(hits->text, &t->hits))) {
        mistake(r, hits, "leave it out when any number will do", "this is a number, and of what must match");
        return false;
    }
    t->counted = t->counted || hits;
    return true;
}

/* A device: whoever tests rules of others must not read /dev/zero for ever. */
static bool never_ends(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && (S_ISCHR(s.st_mode) || S_ISBLK(s.st_mode));
}

static bool add_log(struct reading *r, struct rule_test *t, const struct yaml_node *log)
{
    if (log->kind != YAML_SCALAR || log->text.n == 0) {
        mistake(r, log, "write for example file: ../samples/node1.evt", "the path of a log belongs here");
        return false;
    }
    bool whole = log->text.p[0] == '/';
    struct text folder = whole ? TEXT("") : folder_of(r->file->path);
    const char *path = text_keep_format(r->arena, "%.*s%.*s", TEXT_ARG(folder), TEXT_ARG(log->text)).p;
    t->logs[t->log_count++] = path;
    if (!never_ends(path))
        return true;
    mistake(r, log, NULL, "this is a device, not a log");
    return false;
}

/* A misspelt word would be a test that proves nothing. */
static bool words_check(struct reading *r, const struct yaml_node *map, const char *const *known)
{
    bool sound = true;
    for (size_t i = 0; map->kind == YAML_MAP && i < map->count; i++) {
        struct nearest nearest = nearest_begin(map->keys[i]->text);
        bool is_known = false;
        for (size_t k = 0; known[k] && !is_known; k++) {
            is_known = text_equal(map->keys[i]->text, text_from(known[k]));
            nearest_try(&nearest, text_from(known[k]));
        }
        if (is_known)
            continue;
        const char *hint = nearest.best.n ? text_keep_format(r->arena, "did you mean %.*s?", TEXT_ARG(nearest.best)).p
                                          : NULL;
        mistake(r, map->keys[i], hint, "tests know no such word");
        sound = false;
    }
    return sound;
}

static bool read_tolerance(struct reading *r, struct rule_test *t)
{
    const struct yaml_node *node = yaml_get(t->node, "clock-tolerance");
    if (!node || (node->kind == YAML_SCALAR && text_to_u64(node->text, &t->tolerance) && t->tolerance <= MAX_TOLERANCE))
        return true;
    mistake(r, node, "write for example clock-tolerance: 60", "this is no number of seconds up to a day");
    return false;
}

static bool read_sample(struct reading *r, struct rule_test *t)
{
    static const char *const words[] = { "file", "hits", "clock-tolerance", NULL };
    const struct yaml_node *file = yaml_get(t->node, "file");
    bool list = file->kind == YAML_SEQUENCE && file->count > 0;
    bool sound = words_check(r, t->node, words) && read_hits(r, t, "hits") && read_tolerance(r, t);
    t->logs = ARENA_NEW_N(r->arena, const char *, list ? file->count : 1);
    for (size_t i = 0; i < (list ? file->count : 1); i++)
        sound = add_log(r, t, list ? file->items[i] : file) && sound;
    return sound;
}

/* A near miss whose key is misspelt misses by a mile, and proves nothing. */
static void keys_check(struct reading *r, const struct yaml_node *event)
{
    for (size_t i = 0; i < event->count; i++) {
        struct text key = event->keys[i]->text, meant;
        if (example_key_known(key, &meant))
            continue;
        const char *hint = meant.n ? text_keep_format(r->arena, "did you mean %.*s?", TEXT_ARG(meant)).p
                                   : "values of the event itself stand below Data: {Name: value}";
        diag_add(r->diags, DIAG_WARNING, "test", r->file, event->keys[i], hint, "events have no %.*s", TEXT_ARG(key));
    }
}

static bool read_event(struct reading *r, struct rule_test *t)
{
    const struct yaml_node *where;
    const char *wrong = example_mistake(t->node, &where);
    if (!wrong)
        wrong = example_time_mistake(t->node, &where);
    if (wrong)
        mistake(r, where, NULL, wrong);
    else
        keys_check(r, t->node);
    return !wrong;
}

static bool read_story(struct reading *r, struct rule_test *t)
{
    static const char *const words[] = { "events", "alerts", "clock-tolerance", NULL };
    const struct yaml_node *where;
    bool map = t->node->kind == YAML_MAP;
    t->events = map ? yaml_get(t->node, "events") : t->node;
    if (!t->events) {
        mistake(r, t->node, "write for example - [{EventID: 4625}, {EventID: 4625, TimeCreated: +10s}]",
                "the test of a correlation is a list of events, or a map with `events`");
        return false;
    }
    const char *wrong = example_story_mistake(t->events, &where);
    if (wrong)
        mistake(r, where, NULL, wrong);
    for (size_t i = 0; !wrong && i < t->events->count; i++)
        keys_check(r, t->events->items[i]);
    return words_check(r, t->node, words) && !wrong && read_hits(r, t, "alerts") && read_tolerance(r, t);
}

static bool read_test(struct reading *r, struct rule_test *t)
{
    if (yaml_get(t->node, "file"))
        return read_sample(r, t);
    return r->story ? read_story(r, t) : read_event(r, t);
}

static void add_tests(struct reading *r, uint32_t rule, const struct yaml_node *list, bool match)
{
    struct rule_tests *all = r->tests;
    if (list && list->kind != YAML_SEQUENCE)
        mistake(r, list, "write a list of events", "tests are a list");
    for (size_t i = 0; list && list->kind == YAML_SEQUENCE && i < list->count; i++) {
        struct rule_test t = { .rule = rule, .match = match, .file = r->file, .node = list->items[i] };
        if (!read_test(r, &t) || r->refused)
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

/* Or was meant to be one: a template gives its tests to several, and an article has tests of its own. */
static bool is_rule(const struct yaml_node *document)
{
    return !yaml_get(document, "action") && (yaml_get(document, "detection") || yaml_get(document, "correlation"));
}

static void read_inside(struct reading *r, const struct yaml_node *document)
{
    const struct yaml_node *tests = yaml_get(document, "tests");
    uint32_t rule = 0;
    r->refused = !tests || !rule_of_document(r, document, &rule);
    r->story = yaml_get(document, "correlation") != NULL;
    if (tests && (!r->refused || is_rule(document)))
        add_both(r, rule, tests);
}

static void read_beside(struct reading *r, const struct yaml_node *document)
{
    const struct yaml_node *name = yaml_get(document, "rule");
    uint32_t rule;
    if (!name || name->kind != YAML_SCALAR || !ruleset_find_any(r->rules, name->text, &rule)) {
        mistake(r, name ? name : document, "write rule: and its name or id; its file must be named, too",
                name ? "no rule has this name or id" : "the test does not say which rule it is for");
        return;
    }
    r->refused = false;
    r->story = rule >= ruleset_count(r->rules);
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
