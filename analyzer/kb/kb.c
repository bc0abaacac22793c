#include "kb/kb.h"

#include <stdlib.h>

#include "kb/article_read.h"
#include "base/nearest.h"

/* Names that get a suggestion: each costs a comparison with all rules. */
#define SUGGESTIONS 100

struct kb {
    struct arena arena;
    struct arena loading; /* places and references; gone after kb_link */
    struct loaded_article **loaded;
    size_t loaded_count, loaded_capacity;
    const struct article **articles; /* by id */
    size_t count;
};

struct kb *kb_new(void)
{
    struct kb *kb = memory_new(sizeof *kb);
    *kb = (struct kb){ 0 };
    arena_init(&kb->arena);
    arena_init(&kb->loading);
    return kb;
}

void kb_free(struct kb *kb)
{
    if (!kb)
        return;
    arena_done(&kb->arena);
    arena_done(&kb->loading);
    free(kb);
}

bool kb_is_article(const struct yaml_node *document)
{
    return yaml_get(document, "article") != NULL;
}

void kb_add_file(struct kb *kb, const struct yaml_file *file, bool own, struct diags *diags)
{
    for (size_t i = 0; i < file->count; i++) {
        struct loaded_article *loaded = article_read(&kb->arena, &kb->loading, file, file->documents[i], diags);
        if (!loaded)
            continue;
        loaded->own = own;
        kb->loaded = arena_grow(&kb->loading, kb->loaded, kb->loaded_count, &kb->loaded_capacity,
                                sizeof(struct loaded_article *));
        kb->loaded[kb->loaded_count++] = loaded;
    }
}

static const char *did_you_mean(struct arena *arena, const struct nearest *nearest)
{
    if (!nearest->best.n)
        return NULL;
    return text_keep_format(arena, "did you mean `%.*s`?", TEXT_ARG(nearest->best)).p;
}

static const char *nearest_rule(const struct ruleset *rules, struct text name, struct diags *diags)
{
    struct nearest nearest = nearest_begin(name);
    for (size_t i = 0; i < ruleset_count(rules) && diags->errors < SUGGESTIONS; i++)
        nearest_try(&nearest, ruleset_info(rules, (uint32_t)i)->name);
    return did_you_mean(diags->arena, &nearest);
}

static const char *nearest_article(const struct kb *kb, struct text id, struct diags *diags)
{
    struct nearest nearest = nearest_begin(id);
    for (size_t i = 0; i < kb->count && diags->errors + diags->warnings < SUGGESTIONS; i++)
        nearest_try(&nearest, kb->articles[i]->id);
    return did_you_mean(diags->arena, &nearest);
}

/* All references, so that all mistakes are told at once. */
static bool rules_link(const struct loaded_article *l, const struct ruleset *rules, struct diags *diags)
{
    bool good = true;
    for (size_t i = 0; i < l->rule_count; i++) {
        const struct rule_reference *r = &l->rules[i];
        if (ruleset_find_any(rules, r->name, r->target))
            continue;
        diag_add_place(diags, DIAG_ERROR, "article", &r->place, nearest_rule(rules, r->name, diags),
                       "there is no rule of the name `%.*s`, or more than one", TEXT_ARG(r->name));
        good = false;
    }
    return good;
}

/* Q and six digits: an article of Microsoft's, whether evscan carries it or not. */
static bool is_microsoft_article(struct text id)
{
    uint64_t number;
    return id.n == 7 && id.p[0] == 'Q' && text_to_u64(text_from_index(id, 1), &number);
}

/* A set of rules without that one is a set that does not know about updates. */
static void own_update_link(struct kb *kb, struct article *article, const struct ruleset *rules)
{
    uint32_t rule;
    if (is_microsoft_article(article->id) && ruleset_find_any(rules, TEXT("update-installed"), &rule))
        article->own_update = own_update_make(&kb->arena, article->id, rule);
}

static void articles_link(const struct kb *kb, const struct loaded_article *l, struct diags *diags)
{
    for (size_t i = 0; i < l->article_count; i++) {
        const struct article_reference *r = &l->articles[i];
        const struct article *found = kb_find(kb, r->id);
        if (r->target)
            *r->target = found;
        if (!found && (r->carried || !is_microsoft_article(r->id)))
            diag_add_place(diags, l->own ? DIAG_ERROR : DIAG_WARNING, "article", &r->place,
                           nearest_article(kb, r->id, diags), "there is no article `%.*s`", TEXT_ARG(r->id));
    }
}

/* By id; of the same id the order of the files decides which one stays. */
static int loaded_order(const void *left, const void *right)
{
    const struct loaded_article *a = *(struct loaded_article *const *)left;
    const struct loaded_article *b = *(struct loaded_article *const *)right;
    int order = text_compare(a->article->id, b->article->id);
    if (!order)
        order = text_compare(a->place.path, b->place.path);
    return order ? order : (a->place.line > b->place.line) - (a->place.line < b->place.line);
}

static bool is_second(const struct kb *kb, size_t i, struct diags *diags)
{
    const struct loaded_article *l = kb->loaded[i], *before = i > 0 ? kb->loaded[i - 1] : NULL;
    if (!before || !text_equal(before->article->id, l->article->id))
        return false;
    diag_add_place(diags, DIAG_ERROR, "article", &l->place, "an id names one article; this one is left out",
                   "`%.*s` is already in %.*s, line %u", TEXT_ARG(l->article->id), TEXT_ARG(before->place.path),
                   before->place.line);
    return true;
}

void kb_link(struct kb *kb, const struct ruleset *rules, struct diags *diags)
{
    if (kb->loaded_count)
        qsort(kb->loaded, kb->loaded_count, sizeof(struct loaded_article *), loaded_order);
    kb->articles = ARENA_NEW_N(&kb->arena, const struct article *, kb->loaded_count);
    for (size_t i = 0; i < kb->loaded_count; i++)
        if (!is_second(kb, i, diags) && rules_link(kb->loaded[i], rules, diags)) {
            own_update_link(kb, kb->loaded[i]->article, rules);
            kb->articles[kb->count++] = kb->loaded[i]->article;
        }
    for (size_t i = 0; i < kb->loaded_count; i++)
        articles_link(kb, kb->loaded[i], diags);
    arena_done(&kb->loading);
    kb->loaded = NULL;
    kb->loaded_count = kb->loaded_capacity = 0;
}

size_t kb_count(const struct kb *kb)
{
    return kb->count;
}

const struct article *kb_article(const struct kb *kb, size_t index)
{
    return kb->articles[index];
}

const struct article *kb_find(const struct kb *kb, struct text id)
{
    size_t low = 0, high = kb->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_compare(kb->articles[middle]->id, id);
        if (order == 0)
            return kb->articles[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
