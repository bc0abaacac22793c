/*
 * rule_document.c - a detection rule: metadata, log source, selections, condition.
 */
#include "base/limits.h"
#include "rule/builder.h"
#include "rule/condition.h"
#include "rule/demand.h"
#include "rule/metadata.h"
#include "rule/suspect.h"

static uint32_t source_intern(struct loading *l, struct source source)
{
    struct ruleset *r = l->rules;
    for (size_t i = 0; i < r->source_count; i++)
        if (r->sources[i].category == source.category && r->sources[i].service == source.service)
            return (uint32_t)i;
    r->sources = arena_grow(l->arena, r->sources, r->source_count, &l->source_capacity, sizeof source);
    r->sources[r->source_count] = source;
    return (uint32_t)r->source_count++;
}

static void refuse_unknown(struct loading *l, const struct yaml_node *document, const char *key,
                           struct text name)
{
    const struct yaml_node *map = yaml_get(document, "logsource");
    REFUSE(l, "logsource", yaml_get(map, key),
           "evscan-rules(5) lists them; a .pipeline.yaml file beside the rules adds others",
           "evscan knows no %s \"%.*s\" of Windows: the rule would never match", key, TEXT_ARG(name));
}

/* Rules for other systems are loaded and never match; an unknown name below Windows is a mistake. */
static void read_source(struct loading *l, const struct yaml_node *document, struct rule *rule)
{
    struct source_names names;
    if (!source_names_read(l, document, &names))
        return;
    rule->product = names.product;
    rule->category = names.category;
    rule->service = names.service;
    struct source source = { names.category.n ? source_category(l, names.category) : NULL,
                             names.service.n ? source_service(l, names.service) : NULL };
    bool known = (names.category.n == 0 || source.category) && (names.service.n == 0 || source.service);
    bool windows = text_equal(names.product, TEXT("windows"));
    if (windows && names.category.n && !source.category)
        refuse_unknown(l, document, "category", names.category);
    if (windows && names.service.n && !source.service)
        refuse_unknown(l, document, "service", names.service);
    rule->applicable = known && (windows || names.product.n == 0);
    rule->source = source_intern(l, source);
    rule->view = source.category ? source.category->view : VIEW_NONE;
}

static bool is_reserved(struct text key)
{
    return text_equal(key, TEXT("condition")) || text_equal(key, TEXT("timeframe"));
}

static void warn_unused(struct loading *l, const struct selections *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (!all->items[i].used)
            WARN(l, "condition", all->items[i].key, NULL, "no condition uses this selection");
}

/* The first key below `node` that names the event ID. */
static const struct yaml_node *find_event_id(const struct yaml_node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        if (node->keys) {
            struct text key = { node->keys[i]->text.p, text_find_char(node->keys[i]->text, '|') };
            if (text_equal_nocase(key, TEXT("EventID")))
                return node->keys[i];
        }
        const struct yaml_node *found = find_event_id(node->items[i]);
        if (found)
            return found;
    }
    return NULL;
}

/* Nearly so: a channel other than these two is that of one provider, or of few that do not share event IDs. */
static bool source_tells_provider(const struct loading *l, const struct rule *rule)
{
    const struct source *source = &l->rules->sources[rule->source];
    const char *service = source->service ? source->service->name : "system";
    return source->category || (strcmp(service, "system") != 0 && strcmp(service, "application") != 0) ||
           demands_other_channel(l, rule->condition);
}

/* Event IDs are only unique within a provider: 1058 is a cluster resource, and a group policy. */
static void check_provider(struct loading *l, const struct yaml_node *document, const struct rule *rule)
{
    if (!rule->condition || !rule->applicable || !names_event_id(l->rules, rule->condition) ||
        demands_provider(l->rules, rule->condition) || (!l->own && source_tells_provider(l, rule)))
        return;
    diag_add(l->diags, l->own ? DIAG_ERROR : DIAG_WARNING, "provider", l->file,
             find_event_id(yaml_get(document, "detection")), "add Provider_Name to the selection",
             "an event ID means nothing without its provider");
}

/* Where the condition is not understood any selection may be what it sees, and it may see any event. */
static const struct expr *any_selection(struct loading *l, const struct selections *all)
{
    static const struct expr unknown = { .kind = EXPR_AND };
    const struct expr **any = ARENA_NEW_N(l->arena, const struct expr *, all->count + 1);
    for (size_t i = 0; i < all->count; i++)
        any[i] = all->items[i].expr;
    any[all->count] = &unknown;
    return expr_join(l, EXPR_OR, any, all->count + 1);
}

static void look_for_suspicious(struct loading *l, const struct yaml_node *document, const struct rule *rule,
                                const struct selections *all)
{
    struct rule seen = *rule;
    if (!l->thorough)
        return;
    if (rule->condition)
        suspect_condition(l, document, rule);
    else
        seen.condition = any_selection(l, all);
    suspect_values(l, document, rule);
    suspect_fields(l, document, &seen);
}

static void read_detection(struct loading *l, const struct yaml_node *document, struct rule *rule)
{
    const struct yaml_node *detection = yaml_get(document, "detection");
    const struct yaml_node *condition = yaml_get(detection, "condition");
    const struct yaml_node *timeframe = yaml_get(detection, "timeframe");
    struct selections all;
    if (!detection || detection->kind != YAML_MAP) {
        REFUSE(l, "detection", detection ? detection : document,
               "write for example: detection: {selection: {EventID: 1}, condition: selection}",
               detection ? "detection is not a map" : "there is no detection");
        return;
    }
    if (timeframe)
        REFUSE(l, "legacy", timeframe, "write a correlation instead", "timeframe is no longer part of Sigma");
    selections_compile(l, detection, is_reserved, &all);
    if (all.count == 0)
        REFUSE(l, "detection", detection, "write for example: selection: {EventID: 1}",
               "there is no selection");
    if (!condition)
        REFUSE(l, "condition", detection, "write for example: condition: selection", "there is no condition");
    rule->condition = condition ? condition_compile(l, condition, &all) : NULL;
    if (rule->condition)
        warn_unused(l, &all);
    check_provider(l, document, rule);
    look_for_suspicious(l, document, rule, &all);
}

void rule_add(struct ruleset_builder *b, const struct yaml_node *document)
{
    struct loading *l = &b->l;
    struct ruleset *r = l->rules;
    struct rule rule = { .path = l->path };
    size_t errors = l->diags->errors;
    metadata_read(l, document, &rule.info);
    rule.id = metadata_id(l, document);
    read_source(l, document, &rule);
    read_detection(l, document, &rule);
    if (l->diags->errors != errors)
        return;
    b->places = arena_grow(&b->arena, b->places, r->rule_count, &b->place_capacity, sizeof *b->places);
    b->places[r->rule_count] = diag_place_keep(&b->arena, l->file, document);
    r->rules = arena_grow(l->arena, r->rules, r->rule_count, &b->rule_capacity, sizeof *r->rules);
    r->rules[r->rule_count++] = rule;
    r->not_applicable += !rule.applicable;
}
