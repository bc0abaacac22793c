/*
 * suspect_fields.c - fields that the events of a selection do not have.
 */
#include "rule/suspect.h"
#include "rule/suspect_events.h"

static void field_check(struct loading *l, const struct yaml_node *key, const struct seen_events *events)
{
    struct text name = { key->text.p, text_find_char(key->text, '|') };
    uint32_t index = field_intern(l, name); /* may move the fields: that of a refused selection is new here */
    const struct field *f = &l->rules->fields[index];
    if (name.n == 0 || seen_events_have(events, f))
        return;
    bool kept = diags_keep(l->diags, DIAG_WARNING, l->file);
    struct text list = kept ? seen_events_list(l->arena, events) : TEXT("");
    WARN(l, "field", key, kept ? seen_events_hint(l->arena, events, f) : NULL, "%.*s %s not write %.*s", TEXT_ARG(list),
         events->count > 1 ? "do" : "does", TEXT_ARG(name));
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
    for (size_t i = 0; i < detection->count; i++) {
        const struct expr *selection = selection_find(rule->condition, detection->keys[i]->text);
        struct seen_events events;
        if (selection && seen_events_find(l, rule, selection, &events))
            fields_check(l, detection->items[i], &events);
    }
}
