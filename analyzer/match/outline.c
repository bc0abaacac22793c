/*
 * outline.c - what of an event's outline the gates of its key are about: found out once, then used for all its events.
 *
 * Which field of the event a field of the rules is follows from the names, nearly always.  So for each key and outline
 * there is a list of the values in which texts are searched for; values that can hold none of these texts (no word
 * stands in a GUID) are not in it, and are not even made.
 * Limits:  LIMIT_SCREEN_BYTES, as for keys; behind it each event is looked at by itself.
 */
#include "base/limits.h"
#include "match/matching.h"

static bool is_payload_value(const struct matcher *m, const struct value *v)
{
    return m->payload && v >= m->payload && v < m->payload + m->event->field_count;
}

/* False: where the values come from has to be found out for each event. */
static bool follows_from_names(struct matcher *m, const struct gate_search *search, const struct slot **ret)
{
    m->view = search->view;
    m->asked = false;
    *ret = field_values(m, search->field);
    for (size_t i = 0; i < (*ret)->count; i++)
        if (!is_payload_value(m, (*ret)->values[i]))
            return false;
    return !m->asked;
}

static void look_add(struct matcher *m, struct outline_plan *p, uint32_t index, uint32_t field)
{
    enum value_kind kind = m->event->values->outline->kinds[index];
    if (kind == KIND_FIXED)
        gate_search_value(m, field, payload_value(m, index));
    else if (literals_may_fit(&m->rules->literals, field, kind))
        p->looks[p->look_count++] = (struct look){ index, field };
}

static void keywords_add(struct matcher *m, struct outline_plan *p)
{
    p->keywords = true;
    for (size_t i = 0; i < m->event->field_count; i++)
        if (is_keyword_field(&m->event->fields[i]))
            look_add(m, p, (uint32_t)i, FIELD_KEYWORDS);
}

static void search_add(struct matcher *m, struct outline_plan *p, const struct gate_search *search)
{
    const struct slot *slot;
    if (search->field == FIELD_KEYWORDS)
        keywords_add(m, p);
    else if (!follows_from_names(m, search, &slot))
        p->searches[p->search_count++] = *search;
    else
        for (size_t i = 0; i < slot->count; i++)
            look_add(m, p, slot->values[i]->field, search->field);
}

/* The most that a plan can have: each field once for each search. */
static struct outline_plan *plan_new(struct matcher *m, const struct screen_entry *e)
{
    struct outline_plan *p = ARENA_NEW(&m->arena, struct outline_plan);
    p->entry = e;
    p->outline = m->event->values->outline->number;
    p->looks = ARENA_NEW_N(&m->arena, struct look, e->search_count * m->event->field_count);
    p->searches = ARENA_NEW_N(&m->arena, struct gate_search, e->search_count);
    return p;
}

static void *keep(struct arena *arena, const void *items, size_t count, size_t size)
{
    void *kept = arena_alloc_n(arena, count, size);
    return count ? memcpy(kept, items, count * size) : kept;
}

static struct outline_plan *plan_keep(struct arena *arena, const struct outline_plan *p, const uint64_t *open,
                                      size_t words)
{
    struct outline_plan *kept = keep(arena, p, 1, sizeof *p);
    kept->looks = keep(arena, p->looks, p->look_count, sizeof *p->looks);
    kept->searches = keep(arena, p->searches, p->search_count, sizeof *p->searches);
    bool more = memcmp(open, p->entry->opened, words * sizeof *open) != 0;
    kept->opened = more ? keep(arena, open, words, sizeof *open) : p->entry->opened;
    return kept;
}

static const struct outline_plan *plan_make(struct matcher *m, const struct screen_entry *e)
{
    size_t words = ruleset_words(m->rules);
    struct outline_plan *p = plan_new(m, e);
    memcpy(m->open, e->opened, words * sizeof *m->open);
    for (size_t i = 0; i < e->search_count; i++)
        search_add(m, p, &e->searches[i]);
    return plan_keep(&m->screen.arena, p, m->open, words);
}

const struct outline_plan *outline_plan_get(struct matcher *m, const struct screen_entry *e)
{
    uint64_t number = m->event->values->outline->number;
    const struct outline_plan **slot = &m->screen.plans[(number ^ e->hash) % OUTLINE_PLANS];
    if (*slot && (*slot)->outline == number && (*slot)->entry == e)
        return *slot;
    if (m->screen.arena.total > LIMIT_SCREEN_BYTES)
        return NULL;
    return *slot = plan_make(m, e);
}
