/*
 * value.c - the values of an event: each made, and each folded, when it is first asked for.
 */
#include "match/matching.h"
#include "rule/fold.h"

struct value *value_of_text(struct matcher *m, struct text t)
{
    struct value *v = ARENA_NEW(&m->arena, struct value);
    *v = (struct value){ .made = t, .is_made = true };
    return v;
}

struct value *payload_value(struct matcher *m, size_t index)
{
    if (!m->payload)
        m->payload = ARENA_NEW_N(&m->arena, struct value, m->event->field_count);
    struct value *v = &m->payload[index];
    v->field = (uint32_t)index;
    if (!m->event->values && !v->is_made) {
        v->made = m->event->fields[index].value;
        v->is_made = true;
    }
    return v;
}

static bool is_utf16(const struct matcher *m, const struct value *v)
{
    return m->event->values->outline->kinds[v->field] == KIND_UTF16;
}

struct text value_written(struct matcher *m, struct value *v)
{
    m->asked = true;
    if (!v->is_made) {
        v->made = m->event->values->text(m->event->values->ctx, v->field);
        v->is_made = true;
    }
    return v->made;
}

/* A rule that looks for a text needs the value without case only: it is folded as it was written. */
struct text value_folded(struct matcher *m, struct value *v)
{
    m->asked = true;
    if (v->is_folded)
        return v->folded;
    if (!v->is_made && is_utf16(m, v))
        v->folded = fold_utf16le(&m->arena, m->event->values->utf16(m->event->values->ctx, v->field));
    else
        v->folded = fold_view(&m->arena, value_written(m, v));
    v->is_folded = true;
    return v->folded;
}

struct text payload_text(struct matcher *m, const struct event_field *f)
{
    return value_written(m, payload_value(m, (size_t)(f - m->event->fields)));
}

bool event_value(struct matcher *m, const char *name, struct text *ret)
{
    const struct event_field *f = event_field(m->event, text_from(name));
    if (f)
        *ret = payload_text(m, f);
    return f != NULL;
}
