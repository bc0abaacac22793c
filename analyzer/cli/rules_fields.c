#include "cli/rules_fields.h"

#define EVENTS_MOST 64u /* that one selection names; more are not looked at */

struct fields_check {
    const struct guide *guide;
    struct diags *diags;
    const struct yaml_file *file;
};

/* The events that a selection names, all of them known by their fields. */
struct named_events {
    const struct guide_event *items[EVENTS_MOST];
    size_t count;
};

static struct text field_of_key(const struct yaml_node *key)
{
    return (struct text){ key->text.p, text_find_char(key->text, '|') };
}

/* The first word: what stands behind it says what the value is. */
static struct text first_word(struct text t)
{
    return (struct text){ t.p, text_find_char(t, ' ') };
}

/* Without case, blanks and underscores, as rules name fields. */
static bool same_name(struct text a, struct text b)
{
    size_t i = 0, k = 0;
    for (;;) {
        while (i < a.n && (a.p[i] == ' ' || a.p[i] == '_'))
            i++;
        while (k < b.n && (b.p[k] == ' ' || b.p[k] == '_'))
            k++;
        if (i == a.n || k == b.n)
            return i == a.n && k == b.n;
        if (ascii_lower(a.p[i++]) != ascii_lower(b.p[k++]))
            return false;
    }
}

/* Fields that do not come from the provider: those of System, the sentence, and other ways to say which one. */
static bool is_of_every_event(struct text field)
{
    static const char *const names[] = { "Channel", "Computer", "ComputerName", "Level", "Task", "Opcode", "Version",
                                         "Keywords", "Message", "EventRecordID", "RecordID", "UserID", "Data",
                                         "EventData", "UserData" };
    static const char *const starts[] = { "Provider", "EventID", "Event.", "Event_", "Execution", "Correlation",
                                          "Security_", "TimeCreated", "Data[" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (same_name(field, text_from(names[i])))
            return true;
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        struct text start = text_from(starts[i]);
        if (field.n >= start.n && text_equal_nocase((struct text){ field.p, start.n }, start))
            return true;
    }
    return field.n == 0;
}

static const struct guide_event *find_event(const struct guide *guide, struct text provider, uint64_t id)
{
    for (size_t i = 0; i < guide_count(guide); i++) {
        const struct guide_event *e = guide_event(guide, i);
        if (e->id == id && text_equal_nocase(e->provider, provider))
            return e;
    }
    return NULL;
}

static bool has_named_fields(const struct guide_event *e)
{
    for (size_t i = 0; i < e->fields.count; i++)
        if (text_starts_with(e->fields.items[i], TEXT("%")))
            return false;
    return e->confirmed && e->fields.count > 0;
}

static bool add_event(const struct fields_check *c, struct named_events *all, const struct yaml_node *provider,
                      const struct yaml_node *id)
{
    uint64_t number;
    if (provider->kind != YAML_SCALAR || id->kind != YAML_SCALAR || !text_to_u64(id->text, &number))
        return false;
    const struct guide_event *e = find_event(c->guide, provider->text, number);
    if (!e || !has_named_fields(e) || all->count == EVENTS_MOST)
        return false;
    all->items[all->count++] = e;
    return true;
}

/* A list of values, or the one. */
static size_t values_of(const struct yaml_node *const *node, const struct yaml_node *const **values)
{
    bool list = (*node)->kind == YAML_SEQUENCE;
    *values = list ? (const struct yaml_node *const *)(*node)->items : node;
    return list ? (*node)->count : 1;
}

/* False when one of them is not known. */
static bool events_of(const struct fields_check *c, const struct yaml_node *provider, const struct yaml_node *id,
                      struct named_events *ret)
{
    const struct yaml_node *const *providers, *const *ids;
    size_t provider_count = values_of(&provider, &providers), id_count = values_of(&id, &ids);
    ret->count = 0;
    for (size_t p = 0; p < provider_count; p++)
        for (size_t i = 0; i < id_count; i++)
            if (!add_event(c, ret, providers[p], ids[i]))
                return false;
    return ret->count > 0;
}

static bool writes(const struct named_events *events, struct text field)
{
    for (size_t i = 0; i < events->count; i++)
        for (size_t f = 0; f < events->items[i]->fields.count; f++)
            if (same_name(first_word(events->items[i]->fields.items[f]), field))
                return true;
    return false;
}

static struct text list_fields(struct arena *arena, const struct guide_event *e)
{
    struct text list = TEXT("");
    for (size_t i = 0; i < e->fields.count; i++)
        list = text_keep_format(arena, "%.*s%s%.*s", TEXT_ARG(list), i ? ", " : "",
                                TEXT_ARG(first_word(e->fields.items[i])));
    return list;
}

static void warn_of(const struct fields_check *c, struct arena *arena, const struct yaml_node *key,
                    const struct named_events *events)
{
    const struct guide_event *e = events->items[0];
    struct text field = field_of_key(key), fields = list_fields(arena, e);
    struct text hint = text_keep_format(arena, "%.*s %u has %.*s", TEXT_ARG(e->provider), e->id, TEXT_ARG(fields));
    diag_add(c->diags, DIAG_WARNING, "field", c->file, key, hint.p, "%.*s does not write %.*s in %s",
             TEXT_ARG(e->provider), TEXT_ARG(field), events->count > 1 ? "these events" : "this event");
}

static void check_map(const struct fields_check *c, struct arena *arena, const struct yaml_node *map)
{
    const struct yaml_node *provider = yaml_get(map, "Provider_Name"), *id = yaml_get(map, "EventID");
    struct named_events events;
    if (!provider || !id || !events_of(c, provider, id, &events))
        return;
    for (size_t i = 0; i < map->count; i++) {
        struct text field = field_of_key(map->keys[i]);
        if (!is_of_every_event(field) && !writes(&events, field))
            warn_of(c, arena, map->keys[i], &events);
    }
}

/* Depth: LIMIT_YAML_DEPTH. */
static void check_node(const struct fields_check *c, struct arena *arena, const struct yaml_node *node)
{
    if (node->kind == YAML_MAP)
        check_map(c, arena, node);
    for (size_t i = 0; i < node->count; i++)
        check_node(c, arena, node->items[i]);
}

void rule_fields_check(struct knowledge *k, const struct knowledge_files *files, struct arena *arena)
{
    struct guide *guide = knowledge_guide(arena, &k->diags);
    struct fields_check c = { .guide = guide, .diags = &k->diags };
    for (size_t i = 0; i < files->count; i++) {
        c.file = &files->items[i];
        for (size_t d = 0; d < c.file->count; d++) {
            const struct yaml_node *detection = yaml_get(c.file->documents[d], "detection");
            if (detection)
                check_node(&c, arena, detection);
        }
    }
    guide_free(guide);
}
