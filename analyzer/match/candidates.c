/*
 * candidates.c - the rules of a key that need a look at this event: those without a gate, and those of whose gate a
 * text stands in the event.
 */
#include <stdlib.h>

#include "match/matching.h"
#include "rule/fold.h"

/* Texts in the gates of the rules of a key: below that, looking at each rule costs less than searching. */
#define GATE_TEXTS_MIN 16

static void bit_set(uint64_t *bits, uint32_t i)
{
    bits[i / 64] |= (uint64_t)1 << i % 64;
}

static int compare_searches(const void *a, const void *b)
{
    const struct gate_search *x = a, *y = b;
    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    return (x->view > y->view) - (x->view < y->view);
}

/* The fields of all gates, each once per view that sees something of its own in such an event. */
static void searches_make(struct matcher *m, struct screen_entry *e, size_t total)
{
    struct gate_search *all = ARENA_NEW_N(&m->screen.arena, struct gate_search, total);
    size_t n = 0, count = 0;
    for (size_t i = 0; i < e->count; i++) {
        const struct rule *r = &m->rules->rules[e->rules[i]];
        for (size_t k = 0; k < r->gate_field_count; k++)
            all[n++] = (struct gate_search){ r->gate_fields[k], view_effective(m->key, r->view) };
    }
    qsort(all, n, sizeof *all, compare_searches);
    for (size_t i = 0; i < n; i++)
        if (count == 0 || compare_searches(&all[count - 1], &all[i]) != 0)
            all[count++] = all[i];
    e->searches = all;
    e->search_count = count;
}

/* A text that stands in a value again and again opens its rules once. */
static void found(void *ctx, uint32_t index)
{
    struct matcher *m = ctx;
    const struct literal *l = &m->rules->literals.items[index];
    m->any_found = true;
    if (m->literals[index] == m->stamp)
        return;
    m->literals[index] = m->stamp;
    for (uint32_t i = 0; i < l->count; i++)
        bit_set(m->open, m->rules->literals.rules[l->first + i]);
}

static bool searches_keywords(const struct screen_entry *e)
{
    for (size_t i = 0; i < e->search_count; i++)
        if (e->searches[i].field == FIELD_KEYWORDS)
            return true;
    return false;
}

static void search_text(struct matcher *m, struct text t)
{
    char *room = buf_reserve(&m->folded, fold_room(t.n));
    struct text folded = { room, fold_into(t, room) };
    literals_search(&m->rules->literals, FIELD_KEYWORDS, folded, found, m);
}

/* What provider and channel open for keywords is the same for all events of the key. */
static void key_search(struct matcher *m, struct screen_entry *e)
{
    uint64_t *opened = ARENA_NEW_N(&m->screen.arena, uint64_t, ruleset_words(m->rules));
    memset(m->open, 0, ruleset_words(m->rules) * sizeof *m->open);
    if (searches_keywords(e)) {
        search_text(m, e->provider);
        search_text(m, e->channel);
    }
    e->opened = memcpy(opened, m->open, ruleset_words(m->rules) * sizeof *opened);
}

static void words_list(struct matcher *m, struct screen_entry *e)
{
    uint32_t *words = ARENA_NEW_N(&m->screen.arena, uint32_t, ruleset_words(m->rules));
    size_t count = 0;
    for (uint32_t i = 0; i < ruleset_words(m->rules); i++)
        if (e->gated[i] | e->ungated[i])
            words[count++] = i;
    e->words = words;
    e->word_count = count;
}

void gates_prepare(struct matcher *m, struct screen_entry *e)
{
    size_t texts = 0, fields = 0;
    for (size_t i = 0; i < e->count; i++) {
        texts += m->rules->rules[e->rules[i]].gate_texts;
        fields += m->rules->rules[e->rules[i]].gate_field_count;
    }
    if (texts < GATE_TEXTS_MIN)
        return;
    uint64_t *behind = ARENA_NEW_N(&m->screen.arena, uint64_t, ruleset_words(m->rules));
    uint64_t *open = ARENA_NEW_N(&m->screen.arena, uint64_t, ruleset_words(m->rules));
    for (size_t i = 0; i < e->count; i++)
        bit_set(m->rules->rules[e->rules[i]].gate_field_count ? behind : open, e->rules[i]);
    e->gated = behind;
    e->ungated = open;
    words_list(m, e);
    searches_make(m, e, fields);
    key_search(m, e);
}

void gate_search_value(struct matcher *m, uint32_t field, struct value *v)
{
    literals_search(&m->rules->literals, field, value_folded(m, v), found, m);
}

static void search_computer(struct matcher *m)
{
    struct text computer = m->key->computer;
    if (text_equal(computer, buf_text(&m->idle_computer)))
        return;
    m->any_found = false;
    search_text(m, computer);
    if (!m->any_found) {
        m->idle_computer.n = 0;
        buf_add(&m->idle_computer, computer);
    }
}

/* The keywords of an event that stand neither in its fields nor in what all events of the key have. */
static void search_header(struct matcher *m)
{
    bool number = m->key->id != EVENT_ID_NONE;
    if (!number || literals_may_fit(&m->rules->literals, FIELD_KEYWORDS, KIND_HEX))
        search_text(m, event_id_text(m));
    search_computer(m);
}

/* The same texts as the slot of the keywords would hold, without making it: mostly no rule asks for it. */
static void search_keywords(struct matcher *m)
{
    const struct event *e = m->event;
    for (size_t i = 0; i < e->field_count; i++)
        if (is_keyword_field(&e->fields[i]))
            gate_search_value(m, FIELD_KEYWORDS, payload_value(m, i));
    search_header(m);
}

static void search_field(struct matcher *m, const struct gate_search *search)
{
    m->view = search->view;
    const struct slot *slot = field_values(m, search->field);
    for (size_t i = 0; i < slot->count; i++)
        gate_search_value(m, search->field, slot->values[i]);
}

static void gates_open_by_plan(struct matcher *m, const struct outline_plan *p)
{
    memcpy(m->open, p->opened, ruleset_words(m->rules) * sizeof *m->open);
    for (size_t i = 0; i < p->look_count; i++)
        gate_search_value(m, p->looks[i].field, payload_value(m, p->looks[i].index));
    for (size_t i = 0; i < p->search_count; i++)
        search_field(m, &p->searches[i]);
    if (p->keywords)
        search_header(m);
}

static void gates_open(struct matcher *m, const struct screen_entry *e)
{
    memcpy(m->open, e->opened, ruleset_words(m->rules) * sizeof *m->open);
    for (size_t i = 0; i < e->search_count; i++)
        if (e->searches[i].field == FIELD_KEYWORDS)
            search_keywords(m);
        else
            search_field(m, &e->searches[i]);
}

static size_t match_word(struct matcher *m, uint64_t word, size_t base, size_t count)
{
    for (; word; word &= word - 1) {
        uint32_t rule = (uint32_t)(base + (size_t)__builtin_ctzll(word));
        if (rule_matches(m, rule))
            m->hits[count++] = rule;
    }
    return count;
}

size_t candidates_match(struct matcher *m, const struct screen_entry *e)
{
    size_t count = 0;
    for (size_t i = 0; !e->gated && i < e->count; i++)
        if (rule_matches(m, e->rules[i]))
            m->hits[count++] = e->rules[i];
    if (!e->gated)
        return count;
    const struct outline_plan *plan = m->event->values ? outline_plan_get(m, e) : NULL;
    if (plan)
        gates_open_by_plan(m, plan);
    else
        gates_open(m, e);
    for (size_t k = 0; k < e->word_count; k++) {
        size_t i = e->words[k];
        count = match_word(m, (m->open[i] & e->gated[i]) | e->ungated[i], i * 64, count);
    }
    return count;
}
