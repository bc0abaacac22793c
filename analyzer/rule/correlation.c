/*
 * correlation.c - a correlation document as it is written: type, rules, span of time, groups, aliases.
 */
#include "base/limits.h"
#include "rule/builder.h"
#include "rule/metadata.h"
#include "rule/suspect.h"

size_t ruleset_correlation_count(const struct ruleset *rules)
{
    return rules->correlation_count;
}

const struct correlation *ruleset_correlation(const struct ruleset *rules, size_t k)
{
    return &rules->correlations[k];
}

bool correlation_slides(const struct correlation *c)
{
    bool counts = c->type == CORRELATION_EVENT_COUNT || c->type == CORRELATION_VALUE_COUNT ||
                  c->type == CORRELATION_TEMPORAL || c->type == CORRELATION_VALUE_SUM;
    for (size_t i = 0; i < c->bound_count; i++)
        if (c->bounds[i].negate ||
            (c->bounds[i].compare != COMPARE_GREATER && c->bounds[i].compare != COMPARE_GREATER_EQUAL))
            return false;
    return counts && !c->condition;
}

static bool read_type(struct loading *l, const struct yaml_node *map, struct correlation *c)
{
    static const struct {
        const char *name;
        enum correlation_type type;
    } types[] = {
        { "event_count", CORRELATION_EVENT_COUNT },
        { "value_count", CORRELATION_VALUE_COUNT },
        { "temporal", CORRELATION_TEMPORAL },
        { "temporal_ordered", CORRELATION_TEMPORAL_ORDERED },
        { "value_sum", CORRELATION_VALUE_SUM },
        { "value_avg", CORRELATION_VALUE_AVG },
        { "value_percentile", CORRELATION_VALUE_PERCENTILE },
        { "value_median", CORRELATION_VALUE_PERCENTILE },
    };
    const struct yaml_node *node = yaml_get(map, "type");
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (node && node->kind == YAML_SCALAR && text_equal(node->text, text_from(types[i].name))) {
            c->type = types[i].type;
            c->percentile = i + 1 == COUNT_OF(types) ? 50 : -1;
            return true;
        }
    REFUSE(l, "correlation", node ? node : map,
           "known are event_count, value_count, temporal, temporal_ordered, value_sum, value_avg, "
           "value_percentile, value_median",
           node ? "evscan does not know this type of correlation" : "the correlation has no type");
    return false;
}

bool correlation_reference_add(struct loading *l, struct arena *scratch, const struct yaml_node *node, struct text name,
                               struct correlation_draft *d)
{
    if (d->reference_count == LIMIT_CORRELATION_RULES) {
        REFUSE(l, "correlation", node, NULL, "a correlation refers to %u rules at most", LIMIT_CORRELATION_RULES);
        return false;
    }
    if (!d->references)
        d->references = ARENA_NEW_N(scratch, struct correlation_reference, LIMIT_CORRELATION_RULES);
    d->references[d->reference_count++] =
        (struct correlation_reference){ text_keep(scratch, name), diag_place_keep(scratch, l->file, node), 0 };
    return true;
}

/* Temporal correlations with an expression take their rules from it.  Without a type it may be one. */
static void read_rules(struct loading *l, struct arena *scratch, const struct yaml_node *map,
                       struct correlation_draft *d, bool typed)
{
    const struct yaml_node *rules = yaml_get(map, "rules"), *condition = yaml_get(map, "condition");
    bool temporal = !typed || d->correlation.type == CORRELATION_TEMPORAL;
    if (!rules && temporal && condition && condition->kind == YAML_SCALAR)
        return;
    if (!rules || rules->kind == YAML_MAP || (rules->kind == YAML_SEQUENCE && rules->count == 0)) {
        REFUSE(l, "correlation", rules ? rules : map, "write a list of names or ids of rules",
               "the correlation does not say which rules it is about");
        return;
    }
    bool room = true;
    for (size_t i = 0; i < (rules->kind == YAML_SCALAR ? 1 : rules->count) && room; i++) {
        const struct yaml_node *node = rules->kind == YAML_SCALAR ? rules : rules->items[i];
        if (node->kind == YAML_SCALAR && node->text.n)
            room = correlation_reference_add(l, scratch, node, node->text, d);
        else
            REFUSE(l, "correlation", node, NULL, "this is neither an id nor a name");
    }
}

#define TIMESPAN_MOST (100 * (uint64_t)31556952) /* seconds: longer than any log reaches */

bool timespan_parse(struct text t, uint64_t *ret)
{
    static const struct {
        char unit;
        uint64_t seconds;
    } units[] = {
        { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 }, { 'M', 2629746 }, { 'y', 31556952 },
    };
    uint64_t number;
    if (t.n < 2 || t.p[0] < '0' || t.p[0] > '9' || !text_to_u64((struct text){ t.p, t.n - 1 }, &number) || number == 0)
        return false;
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (t.p[t.n - 1] == units[i].unit && number <= TIMESPAN_MOST / units[i].seconds) {
            *ret = number * units[i].seconds * TICKS_PER_SECOND;
            return true;
        }
    return false;
}

static void read_timespan(struct loading *l, const struct yaml_node *map, struct correlation *c)
{
    const struct yaml_node *node = yaml_get(map, "timespan");
    if (!node || node->kind != YAML_SCALAR || !timespan_parse(node->text, &c->timespan))
        REFUSE(l, "correlation", node ? node : map,
               "write for example: timespan: 5m (units s, m, h, d, w, M, y; 100 years at most)",
               node ? "this is no span of time" : "the correlation has no timespan");
}

/* One name or a list of names; kept in the rule set. */
static const struct text *names_read(struct loading *l, const struct yaml_node *node, size_t *count)
{
    struct text *names = ARENA_NEW_N(l->arena, struct text, LIMIT_CORRELATION_FIELDS);
    size_t given = node->kind == YAML_SCALAR ? 1 : node->count;
    if (node->kind == YAML_MAP || given > LIMIT_CORRELATION_FIELDS) {
        REFUSE(l, "correlation", node, NULL, "write a field or a list of at most %u", LIMIT_CORRELATION_FIELDS);
        return names;
    }
    for (size_t i = 0; i < given; i++) {
        const struct yaml_node *name = node->kind == YAML_SCALAR ? node : node->items[i];
        if (name->kind != YAML_SCALAR || name->text.n == 0)
            REFUSE(l, "correlation", name, NULL, "this is no name of a field");
        else
            names[(*count)++] = text_keep(l->arena, name->text);
    }
    return names;
}

static bool is_null(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && yaml_scalar_type(node) == YAML_TYPE_NULL;
}

static void read_groups(struct loading *l, const struct yaml_node *map, struct correlation *c)
{
    const struct yaml_node *node = yaml_get(map, "group-by");
    if (node && !is_null(node))
        c->group_by = names_read(l, node, &c->group_count);
}

/* The fields that are measured. */
static void read_values(struct loading *l, const struct yaml_node *map, struct correlation_draft *d)
{
    struct correlation *c = &d->correlation;
    const struct yaml_node *condition = yaml_get(map, "condition"), *node = yaml_get(condition, "field");
    bool measures = c->type == CORRELATION_VALUE_COUNT || c->type >= CORRELATION_VALUE_SUM;
    if (node && measures)
        c->values = names_read(l, node, &c->value_count);
    else if (measures)
        REFUSE(l, "correlation", condition ? condition : map, "write for example: condition: {field: User, gte: 3}",
               "the condition does not say which field is measured");
    else if (node)
        WARN(l, "correlation", node, NULL, "this type of correlation measures no field");
    if (c->value_count > 1 && c->type != CORRELATION_VALUE_COUNT)
        REFUSE(l, "correlation", node, NULL, "only value_count takes several fields");
}

static void read_alias(struct loading *l, struct arena *scratch, const struct yaml_node *key,
                       const struct yaml_node *map, struct correlation_draft *d)
{
    if (map->kind != YAML_MAP || map->count > LIMIT_CORRELATION_RULES) {
        REFUSE(l, "correlation", map, "write for example: ip: {rule_a: SourceIP, rule_b: IpAddress}",
               "an alias is a map from rules to fields");
        return;
    }
    struct text alias = text_keep(scratch, key->text);
    for (size_t i = 0; i < map->count; i++) {
        if (map->items[i]->kind != YAML_SCALAR || map->items[i]->text.n == 0) {
            REFUSE(l, "correlation", map->items[i], NULL, "this is no name of a field");
            continue;
        }
        struct correlation_reference rule = { text_keep(scratch, map->keys[i]->text),
                                              diag_place_keep(scratch, l->file, map->keys[i]), 0 };
        struct text field = text_keep(scratch, map->items[i]->text);
        d->aliases[d->alias_count++] = (struct correlation_alias){ alias, field, rule };
    }
}

static void read_aliases(struct loading *l, struct arena *scratch, const struct yaml_node *map,
                         struct correlation_draft *d)
{
    const struct yaml_node *aliases = yaml_get(map, "aliases");
    size_t most = 0;
    if (!aliases || is_null(aliases))
        return;
    if (aliases->kind != YAML_MAP || aliases->count > 2 * LIMIT_CORRELATION_FIELDS) {
        REFUSE(l, "correlation", aliases, NULL, "aliases are a map of at most %u names", 2 * LIMIT_CORRELATION_FIELDS);
        return;
    }
    for (size_t i = 0; i < aliases->count; i++)
        most += aliases->items[i]->count;
    d->aliases = ARENA_NEW_N(scratch, struct correlation_alias, most);
    for (size_t i = 0; i < aliases->count; i++)
        read_alias(l, scratch, aliases->keys[i], aliases->items[i], d);
}

static void read_generate(struct loading *l, const struct yaml_node *map, bool *ret)
{
    const struct yaml_node *node = yaml_get(map, "generate");
    if (!node)
        return;
    if (node->kind != YAML_SCALAR || yaml_scalar_type(node) != YAML_TYPE_BOOL)
        REFUSE(l, "correlation", node, NULL, "generate is true or false");
    *ret = *ret || text_equal(node->text, TEXT("true"));
}

static void warn_unknown(struct loading *l, const struct yaml_node *map)
{
    static const char *const keys[] = { "type", "rules", "group-by", "timespan", "aliases", "generate", "condition" };
    for (size_t i = 0; i < map->count; i++) {
        bool known = false;
        for (size_t k = 0; k < COUNT_OF(keys); k++)
            known = known || text_equal(map->keys[i]->text, text_from(keys[k]));
        if (!known)
            WARN(l, "correlation", map->keys[i], NULL, "correlations have no key of this name");
    }
}

static void read_map(struct ruleset_builder *b, const struct yaml_node *document, struct correlation_draft *d)
{
    const struct yaml_node *map = yaml_get(document, "correlation");
    struct loading *l = &b->l;
    if (map->kind != YAML_MAP) {
        REFUSE(l, "correlation", map, NULL, "correlation is not a map");
        return;
    }
    warn_unknown(l, map);
    bool typed = read_type(l, map, &d->correlation);
    read_timespan(l, map, &d->correlation);
    read_groups(l, map, &d->correlation);
    read_aliases(l, &b->arena, map, d);
    read_generate(l, document, &d->generate);
    read_generate(l, map, &d->generate);
    read_rules(l, &b->arena, map, d, typed);
    if (!typed)
        return; /* what the others may say depends on the type */
    read_values(l, map, d);
    correlation_condition_read(l, &b->arena, map, d);
}

void correlation_add(struct ruleset_builder *b, const struct yaml_node *document)
{
    struct loading *l = &b->l;
    struct correlation_draft d = { 0 };
    size_t errors = l->diags->errors;
    metadata_read(l, document, &d.correlation.info);
    d.id = metadata_id(l, document);
    if (yaml_get(document, "detection"))
        REFUSE(l, "document", yaml_get(document, "detection"), "make two documents of it",
               "a document is a rule or a correlation, not both");
    if (b->draft_count == LIMIT_CORRELATIONS) {
        REFUSE(l, "correlation", document, NULL, "more than %u correlations", LIMIT_CORRELATIONS);
        return;
    }
    read_map(b, document, &d);
    d.refused = l->diags->errors != errors; /* what it refers to is looked for all the same */
    if (l->thorough && !d.refused)
        suspect_correlation(b, document, &d);
    d.path = l->path;
    d.place = diag_place_keep(&b->arena, l->file, document);
    b->drafts = arena_grow(&b->arena, b->drafts, b->draft_count, &b->draft_capacity, sizeof d);
    b->drafts[b->draft_count++] = d;
}
