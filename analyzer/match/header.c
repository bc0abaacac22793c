/*
 * header.c - the values of System that `struct event` holds as members, as texts; both formats use these
 * names.
 */
#include "base/times.h"
#include "match/matching.h"

static struct text decimal(struct matcher *m, uint64_t n)
{
    return text_keep_format(&m->arena, "%llu", (unsigned long long)n);
}

struct text event_id_text(struct matcher *m)
{
    if (m->event && m->event->event_id.n)
        return m->event->event_id;
    return m->key->id == EVENT_ID_NONE ? TEXT("") : decimal(m, m->key->id);
}

static struct text provider(struct matcher *m)
{
    return m->key->provider;
}

static struct text channel(struct matcher *m)
{
    return m->key->channel;
}

static struct text computer(struct matcher *m)
{
    return m->key->computer;
}

static struct text qualifiers(struct matcher *m)
{
    return decimal(m, m->event->qualifiers);
}

static struct text level(struct matcher *m)
{
    return decimal(m, m->key->level);
}

static struct text task(struct matcher *m)
{
    return decimal(m, m->event->task);
}

static struct text keywords(struct matcher *m)
{
    return text_keep_format(&m->arena, "0x%llx", (unsigned long long)m->event->keywords);
}

static struct text record_id(struct matcher *m)
{
    return decimal(m, m->key->record_id);
}

static struct text user(struct matcher *m)
{
    return m->event->user_sid;
}

static struct text time_created(struct matcher *m)
{
    char *out = arena_alloc(&m->arena, TIME_ISO_ROOM);
    return m->key->time ? time_iso(m->key->time, 7, out) : TEXT("");
}

static const struct {
    const char *bare;
    struct text (*value)(struct matcher *m);
} members[] = {
    { "providername", provider },
    { "channel", channel },
    { "computer", computer },
    { "eventid", event_id_text },
    { "eventidqualifiers", qualifiers },
    { "level", level },
    { "task", task },
    { "keywords", keywords },
    { "eventrecordid", record_id },
    { "timecreated", time_created },
    { "timecreatedsystemtime", time_created },
    { "securityuserid", user },
};

/* What the record itself says stands in front: an odd producer's Level is a word. */
static bool system_field(struct matcher *m, const struct field_name *name, struct text *ret)
{
    const struct event *e = m->event;
    for (size_t i = 0; i < e->field_count; i++) {
        const struct event_field *f = &e->fields[i];
        bool message = f->part == EVENT_RENDERING && text_equal(f->name, TEXT("Message"));
        if ((message || f->part == EVENT_SYSTEM) && name_is_bare(f->name, name->bare)) {
            *ret = payload_text(m, f);
            return true;
        }
    }
    return false;
}

bool header_value(struct matcher *m, const struct field_name *name, struct text *ret)
{
    if (name->bare.n == 0)
        return false;
    if (system_field(m, name, ret))
        return true;
    for (size_t i = 0; i < COUNT_OF(members); i++)
        if (text_equal(name->bare, text_from(members[i].bare))) {
            m->asked = true;
            *ret = members[i].value(m);
            return ret->n > 0;
        }
    return false;
}
