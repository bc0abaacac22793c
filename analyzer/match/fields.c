/*
 * fields.c - from a field of the rules to the values that this event has for it.
 */
#include "match/matching.h"

bool name_is_bare(struct text name, struct text bare)
{
    size_t at = 0;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == ' ' || name.p[i] == '_')
            continue;
        if (at == bare.n || ascii_lower(name.p[i]) != bare.p[at])
            return false;
        at++;
    }
    return at == bare.n;
}

static void slot_add(struct matcher *m, struct slot *slot, struct value *v)
{
    slot->values = arena_grow(&m->arena, slot->values, slot->count, &slot->capacity, sizeof v);
    slot->values[slot->count++] = v;
}

static void slot_add_text(struct matcher *m, struct slot *slot, struct text t)
{
    slot_add(m, slot, value_of_text(m, t));
}

static bool is_payload(const struct event_field *f)
{
    return f->part == EVENT_DATA || f->part == EVENT_USER_DATA || f->part == EVENT_OTHER;
}

bool is_keyword_field(const struct event_field *f)
{
    return is_payload(f) || (f->part == EVENT_RENDERING && text_equal(f->name, TEXT("Message")));
}

/* How well a name fits: 3 exactly, 2 but for case, 1 but for blanks and underscores, 0 not at all. */
static int fits(struct text name, const struct field_name *wanted)
{
    if (name.n < wanted->bare.n)
        return 0;
    if (name.n == wanted->text.n && text_equal(name, wanted->text))
        return 3;
    if (name.n == wanted->text.n && text_equal_nocase(name, wanted->text))
        return 2;
    return wanted->bare.n && name_is_bare(name, wanted->bare) ? 1 : 0;
}

/* The name that fits best, the first of its kind; then every value under exactly that name. */
static void add_payload(struct matcher *m, struct slot *slot, const struct field_name *wanted)
{
    const struct event *e = m->event;
    size_t best = 0;
    int best_fit = 0;
    for (size_t i = 0; i < e->field_count && best_fit < 3; i++) {
        int fit = is_payload(&e->fields[i]) ? fits(e->fields[i].name, wanted) : 0;
        if (fit > best_fit) {
            best_fit = fit;
            best = i;
        }
    }
    for (size_t i = best; i < e->field_count && best_fit > 0; i++)
        if (is_payload(&e->fields[i]) && text_equal(e->fields[i].name, e->fields[best].name))
            slot_add(m, slot, payload_value(m, i));
}

static void add_header(struct matcher *m, struct slot *slot, const struct field_name *wanted)
{
    struct text t;
    if (header_value(m, wanted, &t))
        slot_add_text(m, slot, t);
}

static void add_unnamed(struct matcher *m, struct slot *slot)
{
    const struct event *e = m->event;
    for (size_t i = 0; i < e->field_count; i++)
        if (e->fields[i].part == EVENT_DATA &&
            (e->fields[i].name.n == 0 || text_equal_nocase(e->fields[i].name, TEXT("Data"))))
            slot_add(m, slot, payload_value(m, i));
}

/* An empty channel or computer is one that the log does not know. */
static void add_key_text(struct matcher *m, struct slot *slot, size_t index, struct text t)
{
    m->header[index] = (struct value){ .made = t, .is_made = true };
    if (t.n)
        slot_add(m, slot, &m->header[index]);
}

static void add_key(struct matcher *m, struct slot *slot, enum field_kind kind)
{
    if (kind == FIELD_PROVIDER)
        add_key_text(m, slot, 0, m->key->provider);
    else if (kind == FIELD_CHANNEL)
        add_key_text(m, slot, 1, m->key->channel);
    else
        add_key_text(m, slot, 2, event_id_text(m));
}

/* What keywords look at (search_keywords in candidates.c does, too).  Names of fields are not part of it. */
static void add_haystacks(struct matcher *m, struct slot *slot)
{
    const struct event *e = m->event;
    for (size_t i = 0; i < e->field_count; i++)
        if (is_keyword_field(&e->fields[i]))
            slot_add(m, slot, payload_value(m, i));
    slot_add_text(m, slot, m->key->provider);
    slot_add_text(m, slot, event_id_text(m));
    slot_add_text(m, slot, m->key->channel);
    slot_add_text(m, slot, m->key->computer);
}

static void add_position(struct matcher *m, struct slot *slot, uint32_t position)
{
    const struct event_field *f = event_insert(m->event, position);
    if (f)
        slot_add(m, slot, payload_value(m, (size_t)(f - m->event->fields)));
}

static void add_alias(struct matcher *m, struct slot *slot, const struct field *f)
{
    if (f->alias_is_header)
        add_header(m, slot, &f->alias);
    else
        add_payload(m, slot, &f->alias);
}

/* Payload, header, derived, another name: the first that has something. */
static void add_plain(struct matcher *m, struct slot *slot, const struct field *f)
{
    struct text t;
    add_payload(m, slot, &f->name);
    if (slot->count == 0)
        add_header(m, slot, &f->name);
    if (slot->count == 0 && hash_value(m, f->name.bare, &t))
        slot_add_text(m, slot, t);
    if (slot->count == 0 && f->alias.text.n)
        add_alias(m, slot, f);
}

static void resolve(struct matcher *m, struct slot *slot, const struct field *f)
{
    struct value *seen;
    if (m->view != VIEW_NONE && f->kind == FIELD_PLAIN && view_value(m, f->name.bare, &seen)) {
        if (seen)
            slot_add(m, slot, seen);
        return;
    }
    switch (f->kind) {
    case FIELD_HAYSTACK:
        add_haystacks(m, slot);
        return;
    case FIELD_PROVIDER:
    case FIELD_CHANNEL:
    case FIELD_EVENT_ID:
        add_key(m, slot, f->kind);
        return;
    case FIELD_HEADER_FIRST:
        add_header(m, slot, &f->name);
        if (slot->count == 0)
            add_payload(m, slot, &f->name);
        return;
    case FIELD_HEADER_ONLY:
        add_header(m, slot, &f->name);
        return;
    case FIELD_PAYLOAD_ONLY:
        add_payload(m, slot, &f->name);
        return;
    case FIELD_UNNAMED:
        add_unnamed(m, slot);
        return;
    case FIELD_POSITION:
        add_position(m, slot, f->position);
        return;
    case FIELD_PLAIN:
        add_plain(m, slot, f);
        return;
    }
}

const struct slot *field_values(struct matcher *m, uint32_t field)
{
    struct slot *slot = &m->slots[(size_t)field * VIEW_COUNT + m->view];
    if (slot->stamp != m->stamp) {
        *slot = (struct slot){ .stamp = m->stamp };
        resolve(m, slot, &m->rules->fields[field]);
    }
    return slot;
}
