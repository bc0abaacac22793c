#include "rule/ruleset.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/utf.h"
#include "rule/builder.h"
#include "rule/demand.h"
#include "rule/gate.h"
#include "rule/metadata.h"

struct ruleset_builder *ruleset_builder_new(void)
{
    struct ruleset_builder *b = memory_new(sizeof *b);
    struct ruleset *r = memory_new(sizeof *r);
    *b = (struct ruleset_builder){ .l = { .rules = r, .arena = &r->arena } };
    *r = (struct ruleset){ 0 };
    arena_init(&b->arena);
    arena_init(&r->arena);
    field_intern(&b->l, TEXT("")); /* FIELD_KEYWORDS */
    return b;
}

void ruleset_builder_free(struct ruleset_builder *b)
{
    if (!b)
        return;
    ruleset_free(b->l.rules);
    arena_done(&b->arena);
    free(b);
}

void ruleset_free(struct ruleset *rules)
{
    if (!rules)
        return;
    for (size_t i = 0; i < rules->regex_count; i++)
        pcre2_code_free(rules->regexes[i].code);
    arena_done(&rules->arena);
    free(rules);
}

void ruleset_begin_path(struct ruleset_builder *b)
{
    b->l.path++;
}

void ruleset_be_thorough(struct ruleset_builder *b)
{
    b->l.thorough = true;
}

void ruleset_know_events(struct ruleset_builder *b, const struct event_fields *events, size_t count)
{
    b->l.events = events;
    b->l.event_count = count;
}

/* Marks of patterns are bytes that no UTF-8 holds: what comes from outside must be UTF-8. */
static struct text valid_keep(struct arena *arena, struct text t)
{
    char *p = arena_alloc(arena, t.n * 3);
    size_t n = 0;
    for (size_t at = 0; at < t.n;)
        n += utf8_put(utf8_next(t, &at), p + n);
    return (struct text){ p, n };
}

void ruleset_add_placeholder(struct ruleset_builder *b, struct text name, struct text value)
{
    struct placeholder *p = NULL;
    for (size_t i = 0; i < b->placeholder_count && !p; i++)
        if (text_equal(b->placeholders[i].name, name))
            p = &b->placeholders[i];
    if (!p) {
        b->placeholders = arena_grow(&b->arena, b->placeholders, b->placeholder_count,
                                     &b->placeholder_capacity, sizeof *b->placeholders);
        p = &b->placeholders[b->placeholder_count++];
        *p = (struct placeholder){ .name = text_keep(&b->arena, name) };
    }
    p->values = arena_grow(&b->arena, p->values, p->count, &p->capacity, sizeof *p->values);
    p->values[p->count++] = valid_keep(&b->arena, value);
}

static int compare_keys(const void *a, const void *b)
{
    const struct rule_key *x = a, *y = b;
    int order = text_compare(x->key, y->key);
    return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

static void key_add(struct ruleset *r, struct text key, uint32_t rule)
{
    if (key.n)
        r->keys[r->key_count++] = (struct rule_key){ .key = reference_key(&r->arena, key), .rule = rule };
}

static const struct diag_place *place_of(const struct ruleset_builder *b, uint32_t rule)
{
    size_t rules = b->l.rules->rule_count;
    return rule < rules ? &b->places[rule] : &b->drafts[rule - rules].place;
}

/* A correlation that has mistakes is known by its name only so that others can be told so. */
static bool is_refused(const struct ruleset_builder *b, uint32_t rule)
{
    size_t rules = b->l.rules->rule_count;
    return rule >= rules && b->drafts[rule - rules].refused;
}

/* Two rules of one name or id both stay; a reference to it finds neither. */
static void keys_build(struct ruleset_builder *b, struct diags *diags)
{
    struct ruleset *r = b->l.rules;
    size_t n = 0;
    r->keys = ARENA_NEW_N(&r->arena, struct rule_key, (r->rule_count + b->draft_count) * 2);
    for (size_t i = 0; i < r->rule_count; i++) {
        key_add(r, r->rules[i].id, (uint32_t)i);
        key_add(r, r->rules[i].info.name, (uint32_t)i);
    }
    for (size_t i = 0; i < b->draft_count; i++) {
        key_add(r, b->drafts[i].id, (uint32_t)(r->rule_count + i));
        key_add(r, b->drafts[i].correlation.info.name, (uint32_t)(r->rule_count + i));
    }
    if (r->key_count)
        qsort(r->keys, r->key_count, sizeof *r->keys, compare_keys);
    for (size_t i = 0; i < r->key_count; i++) {
        struct rule_key *last = n ? &r->keys[n - 1] : NULL;
        if (!last || !text_equal(last->key, r->keys[i].key)) {
            r->keys[n++] = r->keys[i];
        } else if (is_refused(b, last->rule)) {
            *last = r->keys[i];
        } else if (last->rule != r->keys[i].rule && !is_refused(b, r->keys[i].rule)) {
            last->ambiguous = true;
            diag_add_place(diags, DIAG_WARNING, "reference", place_of(b, r->keys[i].rule),
                           "give one of them another id or name",
                           "another rule has the id or name \"%.*s\", too", TEXT_ARG(last->key));
        }
    }
    r->key_count = n;
}

static const struct rule_key *key_find(const struct ruleset *rules, struct text name_or_id)
{
    struct arena scratch;
    arena_init(&scratch);
    struct text key = reference_key(&scratch, name_or_id);
    size_t low = 0, high = rules->key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text_compare(rules->keys[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < rules->key_count && text_equal(rules->keys[low].key, key);
    arena_done(&scratch);
    return found ? &rules->keys[low] : NULL;
}

bool ruleset_find_any(const struct ruleset *rules, struct text name_or_id, uint32_t *ret)
{
    const struct rule_key *key = key_find(rules, name_or_id);
    if (!key || key->ambiguous)
        return false;
    *ret = key->rule;
    return true;
}

bool ruleset_is_ambiguous(const struct ruleset *rules, struct text name_or_id)
{
    const struct rule_key *key = key_find(rules, name_or_id);
    return key && key->ambiguous;
}

bool ruleset_find(const struct ruleset *rules, struct text name_or_id, uint32_t *ret)
{
    uint32_t found;
    bool is_rule = ruleset_find_any(rules, name_or_id, &found) && found < rules->rule_count;
    if (is_rule)
        *ret = found;
    return is_rule;
}

static struct id_set ids_of_rule(struct arena *arena, const struct ruleset *r, const struct rule *rule)
{
    uint32_t allowed[SOURCE_ENTRIES * SOURCE_IDS];
    size_t count;
    struct id_set demanded = demanded_ids(arena, r, rule->condition);
    if (!source_ids(&r->sources[rule->source], allowed, &count))
        return demanded;
    uint32_t *ids = ARENA_NEW_N(arena, uint32_t, count);
    memcpy(ids, allowed, count * sizeof *ids);
    return id_set_both(demanded, id_set_make(ids, count));
}

static int compare_id_rules(const void *a, const void *b)
{
    const struct id_rule *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->listed.rule > y->listed.rule) - (x->listed.rule < y->listed.rule);
}

/* Every applicable rule stands under each event ID it can want, or among those that may want any. */
static void dispatch_build(struct ruleset_builder *b)
{
    struct ruleset *r = b->l.rules;
    size_t capacity = 0;
    r->any_id = ARENA_NEW_N(&r->arena, struct listed_rule, r->rule_count);
    for (size_t i = 0; i < r->rule_count; i++) {
        if (!r->rules[i].applicable)
            continue;
        struct id_set set = ids_of_rule(&b->arena, r, &r->rules[i]);
        struct listed_rule listed = { (uint32_t)i, r->rules[i].source, key_decides(r, r->rules[i].condition) };
        if (set.every)
            r->any_id[r->any_id_count++] = listed;
        for (size_t k = 0; k < set.count; k++) {
            r->by_id = arena_grow(&r->arena, r->by_id, r->by_id_count, &capacity, sizeof *r->by_id);
            r->by_id[r->by_id_count++] = (struct id_rule){ set.ids[k], listed };
        }
    }
    if (r->by_id_count)
        qsort(r->by_id, r->by_id_count, sizeof *r->by_id, compare_id_rules);
}

struct ruleset *ruleset_compile(struct ruleset_builder *b, struct diags *diags)
{
    struct ruleset *r = b->l.rules;
    taken_names_refuse(b, diags);
    keys_build(b, diags);
    filters_apply(b, diags);
    correlations_link(b, diags);
    reads_find(b);
    dispatch_build(b);
    gates_build(r);
    b->l.rules = NULL;
    return r;
}

size_t ruleset_count(const struct ruleset *rules)
{
    return rules->rule_count;
}

size_t ruleset_count_all(const struct ruleset *rules)
{
    return rules->rule_count + rules->correlation_count;
}

bool ruleset_applies(const struct ruleset *rules, uint32_t rule)
{
    return rule >= rules->rule_count || rules->rules[rule].applicable;
}

struct text ruleset_product(const struct ruleset *rules, uint32_t rule)
{
    return rule < rules->rule_count ? rules->rules[rule].product : TEXT("");
}

struct text ruleset_service(const struct ruleset *rules, uint32_t rule)
{
    return rule < rules->rule_count ? rules->rules[rule].service : TEXT("");
}

struct text ruleset_category(const struct ruleset *rules, uint32_t rule)
{
    return rule < rules->rule_count ? rules->rules[rule].category : TEXT("");
}

size_t ruleset_not_applicable(const struct ruleset *rules)
{
    return rules->not_applicable;
}

const struct rule_info *ruleset_info(const struct ruleset *rules, uint32_t rule)
{
    return rule < rules->rule_count ? &rules->rules[rule].info
                                    : &rules->correlations[rule - rules->rule_count].info;
}

struct text ruleset_called(const struct ruleset *rules, uint32_t rule)
{
    const struct rule_info *info = ruleset_info(rules, rule);
    return info->name.n ? info->name : info->id;
}

struct text ruleset_field(const struct ruleset *rules, uint32_t field)
{
    return rules->fields[field].name.text;
}

static const char *const level_names[] = { "", "informational", "low", "medium", "high", "critical" };

const char *rule_level_name(enum rule_level level)
{
    return level_names[level];
}

bool rule_level_parse(struct text t, enum rule_level *ret)
{
    for (size_t i = 1; i < COUNT_OF(level_names); i++)
        if (text_equal(t, text_from(level_names[i]))) {
            *ret = (enum rule_level)i;
            return true;
        }
    return false;
}
