/*
 * filter.c - filter documents: further conditions for rules that stand elsewhere.
 */
#include "base/limits.h"
#include "rule/builder.h"
#include "rule/condition.h"
#include "rule/metadata.h"

static bool is_reserved(struct text key)
{
    return text_equal(key, TEXT("condition")) || text_equal(key, TEXT("rules"));
}

static void add_reference(struct ruleset_builder *b, struct filter *f, size_t *capacity, struct text name)
{
    f->references = arena_grow(&b->arena, f->references, f->reference_count, capacity, sizeof *f->references);
    f->references[f->reference_count++] = text_keep(&b->arena, name);
}

/* `any`, one name, or a list of names; an empty list means any. */
static void read_references(struct ruleset_builder *b, const struct yaml_node *map, struct filter *f)
{
    struct loading *l = &b->l;
    const struct yaml_node *rules = yaml_get(map, "rules");
    size_t capacity = 0;
    if (!rules || rules->kind == YAML_MAP) {
        REFUSE(l, "filter", rules ? rules : map, "write rules: any, or a list of ids or names",
               "the filter does not say which rules it is for");
        return;
    }
    f->any = rules->kind == YAML_SEQUENCE ? rules->count == 0 : text_equal(rules->text, TEXT("any"));
    if (rules->kind == YAML_SCALAR && !f->any)
        add_reference(b, f, &capacity, rules->text);
    for (size_t i = 0; rules->kind == YAML_SEQUENCE && i < rules->count; i++) {
        if (rules->items[i]->kind == YAML_SCALAR)
            add_reference(b, f, &capacity, rules->items[i]->text);
        else
            REFUSE(l, "filter", rules->items[i], NULL, "this is neither an id nor a name");
    }
}

static bool has_not(const struct expr *e)
{
    if (e->kind == EXPR_NOT)
        return true;
    for (size_t i = 0; e->kind != EXPR_SELECTION && i < e->count; i++)
        if (has_not(e->children[i]))
            return true;
    return false;
}

static void read_condition(struct loading *l, const struct yaml_node *map, struct filter *f)
{
    const struct yaml_node *condition = yaml_get(map, "condition");
    struct selections all;
    selections_compile(l, map, is_reserved, &all);
    if (all.count == 0)
        REFUSE(l, "filter", map, "write for example: selection: {User: backup}",
               "the filter has no selection");
    if (!condition || condition->kind != YAML_SCALAR) {
        REFUSE(l, "filter", condition ? condition : map,
               "write one text, for example: condition: not selection", "the filter has no condition");
        return;
    }
    f->condition = condition_compile(l, condition, &all);
    if (f->condition && !has_not(f->condition))
        WARN(l, "filter", condition, "to leave events out write: not selection",
             "the rules will only report what this condition matches");
}

void filter_add(struct ruleset_builder *b, const struct yaml_node *document)
{
    struct loading *l = &b->l;
    struct rule_info info;
    struct filter f = { 0 };
    struct source_names names = { 0 };
    size_t errors = l->diags->errors;
    const struct yaml_node *map = yaml_get(document, "filter");
    metadata_read(l, document, &info);
    bool source = source_names_read(l, document, &names);
    if (map->kind != YAML_MAP)
        REFUSE(l, "filter", map, NULL, "filter is not a map");
    if (b->filter_count == LIMIT_FILTERS)
        REFUSE(l, "filter", map, NULL, "more than %u filters", LIMIT_FILTERS);
    if (map->kind == YAML_MAP) {
        read_references(b, map, &f);
        read_condition(l, map, &f);
    }
    if (!source || l->diags->errors != errors)
        return;
    f.product = names.product;
    f.category = names.category;
    f.service = names.service;
    f.place = diag_place_keep(&b->arena, l->file, document);
    b->filters = arena_grow(&b->arena, b->filters, b->filter_count, &b->filter_capacity, sizeof f);
    b->filters[b->filter_count++] = f;
}

static bool same_or_unnamed(struct text filter, struct text rule)
{
    return filter.n == 0 || text_equal(filter, rule);
}

static bool source_fits(const struct filter *f, const struct rule *rule)
{
    return same_or_unnamed(f->product, rule->product) && same_or_unnamed(f->category, rule->category) &&
           same_or_unnamed(f->service, rule->service);
}

static void add_condition(struct ruleset_builder *b, struct rule *rule, const struct filter *f)
{
    const struct expr *both[] = { rule->condition, f->condition };
    if (source_fits(f, rule))
        rule->condition = expr_join(&b->l, EXPR_AND, both, 2);
}

static void apply_reference(struct ruleset_builder *b, const struct filter *f, struct text name,
                            struct diags *diags)
{
    struct ruleset *r = b->l.rules;
    uint32_t rule;
    if (ruleset_find(r, name, &rule))
        add_condition(b, &r->rules[rule], f);
    else
        diag_add_place(diags, DIAG_WARNING, "reference", &f->place, NULL,
                       "the filter refers to \"%.*s\", which is no rule, or more than one", TEXT_ARG(name));
}

void filters_apply(struct ruleset_builder *b, struct diags *diags)
{
    struct ruleset *r = b->l.rules;
    for (size_t i = 0; i < b->filter_count; i++) {
        const struct filter *f = &b->filters[i];
        for (size_t k = 0; f->any && k < r->rule_count; k++)
            add_condition(b, &r->rules[k], f);
        for (size_t k = 0; k < f->reference_count; k++)
            apply_reference(b, f, f->references[k], diags);
    }
}
