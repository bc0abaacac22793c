/*
 * suspect_fields.c - fields that the events of a selection do not have: those of Sysmon, and the audit events that its
 * categories accept as well.
 *
 * Sound:   which events a selection sees follows from the log source and the event IDs that it, or the whole condition,
 *          demands; it is only judged when the fields of all of them are known.
 */
#include "base/nearest.h"
#include "rule/demand.h"
#include "rule/event_fields.h"
#include "rule/suspect.h"

#define EVENTS_MOST  40 /* more than there are */
#define OTHERS_SHOWN 8

struct seen_events {
    const struct event_fields *items[EVENTS_MOST];
    size_t count;
};

static bool demands_id(const struct id_set *demanded, uint32_t id)
{
    bool found = demanded->every;
    for (size_t i = 0; i < demanded->count && !found; i++)
        found = demanded->ids[i] == id;
    return found;
}

static bool event_add(struct seen_events *all, struct text channel, uint32_t id)
{
    const struct event_fields *e = event_fields_find(channel, id);
    if (!e || all->count == EVENTS_MOST)
        return false;
    all->items[all->count++] = e;
    return true;
}

/* Of the event IDs of the entry, or else of the demanded ones.  False when not all are known. */
static bool entry_events(const struct source_entry *entry, const struct id_set *demanded, struct seen_events *all)
{
    struct text channel = text_from(entry->channels);
    bool known = entry->ids[0] || !demanded->every;
    for (size_t i = 0; i < SOURCE_IDS && entry->ids[i] && known; i++)
        if (demands_id(demanded, entry->ids[i]))
            known = event_add(all, channel, entry->ids[i]);
    for (size_t i = 0; i < demanded->count && !entry->ids[0] && known; i++)
        known = event_add(all, channel, demanded->ids[i]);
    return known;
}

static bool source_events(const struct source *source, const struct id_set *demanded, struct seen_events *all)
{
    const struct source_row *row = source->category ? source->category : source->service;
    bool known = row != NULL;
    for (size_t i = 0; i < SOURCE_ENTRIES && known; i++) {
        const struct source_entry *entry = &row->entries[i];
        if (entry->channels || entry->provider)
            known = entry->channels && entry_events(entry, demanded, all);
    }
    return known && all->count > 0;
}

/* Fields that any event has, whatever it writes: of System, the sentence, and parts of Hashes. */
static bool is_of_every_event(const struct field *f)
{
    static const char *const names[] = { "level", "task", "opcode", "version", "keywords", "message", "userid", "md5",
                                         "sha1", "sha256", "imphash", "securityuserid", "eventrecordid", "recordid",
                                         "providerguid", "eventidqualifiers" };
    static const char *const starts[] = { "execution", "correlation", "timecreated" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (text_equal(f->name.bare, text_from(names[i])))
            return true;
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (text_starts_with(f->name.bare, text_from(starts[i])))
            return true;
    return (f->kind != FIELD_PLAIN && f->kind != FIELD_PAYLOAD_ONLY) || f->alias_is_header;
}

static bool any_has(const struct seen_events *events, const struct field *f)
{
    for (size_t i = 0; i < events->count; i++)
        if (event_fields_has(events->items[i], f->name.bare) ||
            (f->alias.text.n && event_fields_has(events->items[i], f->alias.bare)))
            return true;
    return false;
}

/* "Sysmon 3, 22" */
static struct text list_events(struct loading *l, const struct event_fields *const *events, size_t count)
{
    struct text list = TEXT("");
    for (size_t i = 0; i < count; i++) {
        bool other = i == 0 || events[i]->source != events[i - 1]->source;
        list = text_keep_format(l->arena, "%.*s%s%s%s%u", TEXT_ARG(list), i ? ", " : "", other ? events[i]->source : "",
                                other ? " " : "", (unsigned)events[i]->id);
    }
    return list;
}

static struct text nearest_name(const struct seen_events *events, struct text name)
{
    struct nearest nearest = nearest_begin(name);
    for (size_t i = 0; i < events->count; i++) {
        struct text rest = text_from(events->items[i]->names);
        for (struct text n = event_fields_next(&rest); n.n; n = event_fields_next(&rest))
            nearest_try(&nearest, n);
    }
    return nearest.best;
}

/* The events that have the field, or else a name of these that is spelled nearly so. */
static const char *hint_of(struct loading *l, const struct seen_events *events, const struct field *f)
{
    const struct event_fields *others[EVENTS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < event_fields_count; i++)
        if (event_fields_has(&event_fields_known[i], f->name.bare))
            others[count++] = &event_fields_known[i];
    if (count)
        return text_keep_format(l->arena, "%.*s %s it",
                                TEXT_ARG(list_events(l, others, count < OTHERS_SHOWN ? count : OTHERS_SHOWN)),
                                count > OTHERS_SHOWN ? "and others have" : count > 1 ? "have" : "has").p;
    struct text near = nearest_name(events, f->name.text);
    return near.n ? text_keep_format(l->arena, "did you mean %.*s?", TEXT_ARG(near)).p : NULL;
}

static void field_check(struct loading *l, const struct yaml_node *key, const struct seen_events *events)
{
    struct text name = { key->text.p, text_find_char(key->text, '|') };
    const struct field *f = &l->rules->fields[field_intern(l, name)];
    if (name.n == 0 || is_of_every_event(f) || any_has(events, f))
        return;
    WARN(l, "field", key, hint_of(l, events, f), "%.*s %s not write %.*s",
         TEXT_ARG(list_events(l, events->items, events->count)), events->count > 1 ? "do" : "does", TEXT_ARG(name));
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
static const struct expr *selection_find(const struct expr *e, struct text name)
{
    const struct expr *found = e->kind == EXPR_SELECTION && text_equal(e->name, name) ? e : NULL;
    for (size_t i = 0; i < e->count && !found && e->kind != EXPR_SELECTION; i++)
        found = selection_find(e->children[i], name);
    return found;
}

void suspect_fields(struct loading *l, const struct yaml_node *document, const struct rule *rule)
{
    const struct yaml_node *detection = yaml_get(document, "detection");
    struct arena scratch;
    arena_init(&scratch);
    struct id_set of_rule = demanded_ids(&scratch, l->rules, rule->condition);
    for (size_t i = 0; i < detection->count && rule->applicable; i++) {
        const struct expr *selection = selection_find(rule->condition, detection->keys[i]->text);
        struct seen_events events = { .count = 0 };
        if (!selection)
            continue;
        struct id_set demanded = id_set_both(demanded_ids(&scratch, l->rules, selection), of_rule);
        if (source_events(&l->rules->sources[rule->source], &demanded, &events))
            fields_check(l, detection->items[i], &events);
    }
    arena_done(&scratch);
}
