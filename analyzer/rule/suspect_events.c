#include "rule/suspect_events.h"

#include "base/nearest.h"
#include "rule/demand.h"

#define OTHERS_SHOWN 8
#define NAMES_SHOWN  12

static bool demands_id(const struct id_set *demanded, uint32_t id)
{
    bool found = demanded->every;
    for (size_t i = 0; i < demanded->count && !found; i++)
        found = demanded->ids[i] == id;
    return found;
}

static bool event_add(struct seen_events *all, const struct event_fields *e)
{
    if (!e || all->count == SEEN_EVENTS)
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
            known = event_add(all, event_fields_of_channel(channel, entry->ids[i]));
    for (size_t i = 0; i < demanded->count && !entry->ids[0] && known; i++)
        known = event_add(all, event_fields_of_channel(channel, demanded->ids[i]));
    return known;
}

/* A view gives an audit event the names of Sysmon's: whatever is demanded, both are right. */
static bool source_events(const struct source *source, const struct id_set *demanded, struct seen_events *all)
{
    const struct id_set every = { .every = true };
    const struct source_row *row = source->category ? source->category : source->service;
    bool known = row != NULL;
    for (size_t i = 0; i < SOURCE_ENTRIES && known; i++) {
        const struct source_entry *entry = &row->entries[i];
        if (entry->channels || entry->provider)
            known = entry->channels && entry_events(entry, row->view == VIEW_NONE ? demanded : &every, all);
    }
    return known && all->count > 0;
}

static const struct event_fields *event_of(const struct loading *l, struct text provider, uint32_t id)
{
    const struct event_fields *e = event_fields_of_provider(event_fields_known, event_fields_count, provider, id);
    return e ? e : event_fields_of_provider(l->events, l->event_count, provider, id);
}

static bool provider_events(const struct loading *l, const struct item *providers, const struct id_set *demanded,
                            struct seen_events *all)
{
    bool known = providers && !demanded->every;
    for (size_t p = 0; known && p < providers->count; p++)
        for (size_t i = 0; i < demanded->count && known; i++)
            known = event_add(all, event_of(l, providers->tests[p].as.pattern.segments[0].bytes, demanded->ids[i]));
    return known && all->count > 0;
}

bool seen_events_find(const struct loading *l, const struct rule *rule, const struct expr *part, struct seen_events *ret)
{
    struct arena scratch;
    ret->count = 0;
    if (!rule->applicable)
        return false; /* its log source may be none at all */
    const struct source *source = &l->rules->sources[rule->source];
    const struct item *providers = demanded_providers(l->rules, part);
    arena_init(&scratch);
    struct id_set demanded = id_set_both(demanded_ids(&scratch, l->rules, part),
                                         demanded_ids(&scratch, l->rules, rule->condition));
    bool known = source->category == NULL &&
                 provider_events(l, providers ? providers : demanded_providers(l->rules, rule->condition), &demanded, ret);
    if (!known) {
        ret->count = 0;
        known = source_events(source, &demanded, ret);
    }
    arena_done(&scratch);
    return known;
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

bool seen_events_have(const struct seen_events *events, const struct field *f)
{
    if (is_of_every_event(f))
        return true;
    for (size_t i = 0; i < events->count; i++)
        if (event_fields_has(events->items[i], f->name.bare) ||
            (f->alias.text.n && event_fields_has(events->items[i], f->alias.bare)))
            return true;
    return false;
}

struct text seen_events_list(struct arena *arena, const struct seen_events *events)
{
    struct text list = TEXT("");
    for (size_t i = 0; i < events->count; i++) {
        const struct event_fields *e = events->items[i];
        bool other = i == 0 || strcmp(e->source, events->items[i - 1]->source) != 0;
        list = text_keep_format(arena, "%.*s%s%s%s%u", TEXT_ARG(list), i ? ", " : "", other ? e->source : "",
                                other ? " " : "", (unsigned)e->id);
    }
    return list;
}

static void names_try(struct nearest *nearest, const char *names)
{
    struct text rest = text_from(names);
    for (struct text n = event_fields_next(&rest); n.n; n = event_fields_next(&rest))
        nearest_try(nearest, n);
}

static struct text nearest_name(const struct seen_events *events, struct text name)
{
    struct nearest nearest = nearest_begin(name);
    names_try(&nearest, "Computer Channel Provider_Name EventID Level Task Opcode Keywords");
    for (size_t i = 0; i < events->count; i++)
        names_try(&nearest, events->items[i]->names);
    return nearest.best;
}

/* "Sysmon 3 has it": of the same logs, what has the field. */
static const char *others_with(struct arena *arena, const struct seen_events *events, const struct field *f)
{
    struct seen_events others = { .count = 0 };
    size_t count = 0;
    for (size_t i = 0; i < event_fields_count; i++) {
        const struct event_fields *e = &event_fields_known[i];
        bool same_log = false;
        for (size_t k = 0; k < events->count && !same_log; k++)
            same_log = strcmp(events->items[k]->channel, e->channel) == 0;
        if (!same_log || !event_fields_has(e, f->name.bare))
            continue;
        if (count++ < OTHERS_SHOWN)
            event_add(&others, e);
    }
    if (!count)
        return NULL;
    return text_keep_format(arena, "%.*s %s it", TEXT_ARG(seen_events_list(arena, &others)),
                            count > OTHERS_SHOWN ? "and others have" : count > 1 ? "have" : "has").p;
}

/* "Microsoft-Windows-FailoverClustering 1069 has ResourceName, ResourceGroup, ResTypeDll": when these are few. */
static const char *what_they_have(struct arena *arena, const struct seen_events *events)
{
    struct text list = TEXT(""), rest = text_from(events->items[0]->names);
    size_t count = 0;
    for (struct text n = event_fields_next(&rest); n.n; n = event_fields_next(&rest), count++)
        list = text_keep_format(arena, "%.*s%s%.*s", TEXT_ARG(list), count ? ", " : "", TEXT_ARG(n));
    if (events->count > 1 || count > NAMES_SHOWN)
        return NULL;
    return text_keep_format(arena, "%s %u has %.*s", events->items[0]->source, (unsigned)events->items[0]->id,
                            TEXT_ARG(list)).p;
}

const char *seen_events_hint(struct arena *arena, const struct seen_events *events, const struct field *f)
{
    const char *hint = others_with(arena, events, f);
    hint = hint ? hint : what_they_have(arena, events);
    struct text near = hint ? TEXT("") : nearest_name(events, f->name.text);
    return near.n ? text_keep_format(arena, "did you mean %.*s?", TEXT_ARG(near)).p : hint;
}
