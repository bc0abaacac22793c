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
    f.size = values_count(map);
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

/* The conditions that one rule is to fulfil besides its own. */
struct additions {
    const struct expr **items;
    size_t count, capacity;
};

struct applying {
    struct ruleset_builder *b;
    struct diags *diags;
    struct additions *of_rule; /* by rule */
    size_t work;
};

/* False when the filters have become too many for so many rules; said once. */
static bool add_condition(struct applying *a, size_t rule, const struct filter *f)
{
    struct additions *add = &a->of_rule[rule];
    if (!source_fits(f, &a->b->l.rules->rules[rule]))
        return true;
    a->work += f->size;
    if (a->work > LIMIT_FILTER_WORK) {
        diag_add_place(a->diags, DIAG_ERROR, "filter", &f->place, "name the rules that it is for, or load fewer rules",
                       "this filter and those behind it are left out: the values of filters, each counted for every "
                       "rule that the filter is for, are more than %u", LIMIT_FILTER_WORK);
        return false;
    }
    add->items = arena_grow(&a->b->arena, add->items, add->count, &add->capacity, sizeof f->condition);
    add->items[add->count++] = f->condition;
    return true;
}

static bool apply_reference(struct applying *a, const struct filter *f, struct text name)
{
    uint32_t rule;
    if (ruleset_find(a->b->l.rules, name, &rule))
        return add_condition(a, rule, f);
    diag_add_place(a->diags, DIAG_WARNING, "reference", &f->place, NULL,
                   "the filter refers to \"%.*s\", which is no rule, or more than one", TEXT_ARG(name));
    return true;
}

static bool filter_apply(struct applying *a, const struct filter *f)
{
    bool room = true;
    for (size_t i = 0; f->any && i < a->b->l.rules->rule_count && room; i++)
        room = add_condition(a, i, f);
    for (size_t i = 0; i < f->reference_count && room; i++)
        room = apply_reference(a, f, f->references[i]);
    return room;
}

/* The rule's own condition stands in front: the others are only asked when it holds. */
static void rule_join(struct ruleset_builder *b, struct rule *rule, const struct additions *add)
{
    const struct expr **all = ARENA_NEW_N(&b->arena, const struct expr *, add->count + 1);
    all[0] = rule->condition;
    memcpy(all + 1, add->items, add->count * sizeof *all);
    rule->condition = expr_join(&b->l, EXPR_AND, all, add->count + 1);
}

void filters_apply(struct ruleset_builder *b, struct diags *diags)
{
    struct ruleset *r = b->l.rules;
    struct applying a = { .b = b, .diags = diags };
    bool room = b->filter_count > 0;
    if (!room)
        return;
    a.of_rule = ARENA_NEW_N(&b->arena, struct additions, r->rule_count);
    for (size_t i = 0; i < b->filter_count && room; i++)
        room = filter_apply(&a, &b->filters[i]);
    for (size_t i = 0; i < r->rule_count; i++)
        if (a.of_rule[i].count)
            rule_join(b, &r->rules[i], &a.of_rule[i]);
}
