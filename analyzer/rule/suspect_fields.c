/*
 * suspect_fields.c - fields that the events of a selection do not have, and words where every event has a number.
 */
#include "rule/suspect.h"
#include "rule/suspect_events.h"

static void field_check(struct loading *l, const struct yaml_node *key, const struct seen_events *events)
{
    struct text name = { key->text.p, text_find_char(key->text, '|') };
    const struct field *f = &l->rules->fields[field_intern(l, name)];
    if (name.n == 0 || seen_events_have(events, f))
        return;
    WARN(l, "field", key, seen_events_hint(l->arena, events, f), "%.*s %s not write %.*s",
         TEXT_ARG(seen_events_list(l->arena, events)), events->count > 1 ? "do" : "does", TEXT_ARG(name));
}

/* Depth: LIMIT_YAML_DEPTH. */
static void fields_check(struct loading *l, const struct yaml_node *node, const struct seen_events *events)
{
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_MAP)
            field_check(l, node->keys[i], events);
        else
            fields_check(l, node->items[i], events);
    }
}

static void level_check(struct loading *l, const struct yaml_node *value)
{
    static const char *const words[] = { "critical", "error", "warning", "information", "informational", "verbose" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (value->kind == YAML_SCALAR && text_equal_nocase(value->text, text_from(words[i])))
            WARN(l, "value", value, "1 is critical, 2 error, 3 warning, 4 information, 5 verbose",
                 "the level of an event is a number, not a word");
}

/* What people read in the Event Viewer is not what a record holds.  Depth: LIMIT_YAML_DEPTH. */
static void levels_check(struct loading *l, const struct yaml_node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *value = node->items[i];
        struct text name = node->kind == YAML_MAP ? node->keys[i]->text : TEXT("");
        name.n = text_find_char(name, '|');
        bool level = text_equal_nocase(name, TEXT("Level"));
        if (level && value->kind == YAML_SCALAR)
            level_check(l, value);
        for (size_t k = 0; level && value->kind == YAML_SEQUENCE && k < value->count; k++)
            level_check(l, value->items[k]);
        if (!level)
            levels_check(l, value);
    }
}

/* Depth: that of conditions. */
const struct expr *selection_find(const struct expr *e, struct text name)
{
    const struct expr *found = e->kind == EXPR_SELECTION && text_equal(e->name, name) ? e : NULL;
    for (size_t i = 0; i < e->count && !found && e->kind != EXPR_SELECTION; i++)
        found = selection_find(e->children[i], name);
    return found;
}

void suspect_fields(struct loading *l, const struct yaml_node *document, const struct rule *rule)
{
    const struct yaml_node *detection = yaml_get(document, "detection");
    if (rule->applicable)
        levels_check(l, detection);
    for (size_t i = 0; i < detection->count; i++) {
        const struct expr *selection = selection_find(rule->condition, detection->keys[i]->text);
        struct seen_events events;
        if (selection && seen_events_find(l, rule, selection, &events))
            fields_check(l, detection->items[i], &events);
    }
}
