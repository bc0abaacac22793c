#include "event/event_source.h"

const struct event_field *event_insert(const struct event *e, size_t n)
{
    for (size_t i = 0; i < e->field_count; i++)
        if (e->fields[i].part == EVENT_DATA && !text_equal(e->fields[i].name, TEXT("Binary")) && --n == 0)
            return &e->fields[i];
    return NULL;
}

const struct event_field *event_field(const struct event *e, struct text name)
{
    for (size_t i = 0; i < e->field_count; i++)
        if (e->fields[i].part != EVENT_SYSTEM && text_equal_nocase(e->fields[i].name, name))
            return &e->fields[i];
    return NULL;
}

const char *event_source_name(enum event_source source)
{
    static const char *const names[] = { "live", "resync", "orphan", "stale", "slack", "hidden",
                                         "libyal", "carved" };
    return names[source];
}

const char *event_level_name(uint32_t level)
{
    static const char *const names[] = { "Information", "Critical", "Error", "Warning", "Information", "Verbose" };
    return level < COUNT_OF(names) ? names[level] : "Information";
}

/* At a character border: never in the middle of a UTF-8 sequence. */
static struct text cut(struct text t, size_t limit)
{
    if (t.n <= limit)
        return t;
    while (limit > 0 && ((unsigned char)t.p[limit] & 0xC0) == 0x80)
        limit--;
    return (struct text){ t.p, limit };
}

static struct text keep_cut(struct arena *a, struct text t, size_t limit, uint32_t *marks)
{
    if (t.n > limit)
        *marks |= EVENT_CUT;
    return text_keep(a, cut(t, limit));
}

struct event *event_keep(struct arena *a, const struct event *e, size_t text_limit)
{
    struct event *kept = ARENA_NEW(a, struct event);
    *kept = *e;
    struct text *texts[] = { &kept->key.provider, &kept->key.channel, &kept->key.computer, &kept->user_sid,
                             &kept->event_id };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = keep_cut(a, *texts[i], text_limit, &kept->marks);
    struct event_field *fields = ARENA_NEW_N(a, struct event_field, e->field_count);
    for (size_t i = 0; i < e->field_count; i++) {
        fields[i].part = e->fields[i].part;
        fields[i].name = keep_cut(a, e->fields[i].name, text_limit, &kept->marks);
        fields[i].value = keep_cut(a, e->fields[i].value, text_limit, &kept->marks);
    }
    kept->fields = fields;
    return kept;
}

/* Texts start at 16 bytes in an arena and have one byte more. */
static size_t kept_size(struct text t)
{
    return (t.n / 16 + 1) * 16;
}

size_t event_size(const struct event *e)
{
    const struct text texts[] = { e->key.provider, e->key.channel, e->key.computer, e->user_sid, e->event_id };
    size_t n = sizeof *e + e->field_count * sizeof *e->fields;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        n += kept_size(texts[i]);
    for (size_t i = 0; i < e->field_count; i++)
        n += kept_size(e->fields[i].name) + kept_size(e->fields[i].value);
    return n;
}

void account_time(struct account *a, uint64_t filetime)
{
    if (filetime == 0)
        return;
    if (a->first == 0 || filetime < a->first)
        a->first = filetime;
    if (filetime > a->last)
        a->last = filetime;
}

void account_add(struct account *sum, const struct account *part)
{
    sum->promised += part->promised;
    sum->decoded += part->decoded;
    sum->partial += part->partial;
    sum->lost += part->lost;
    sum->recovered += part->recovered;
    sum->duplicates += part->duplicates;
    for (size_t i = 0; i < COUNT_OF(sum->by_source); i++)
        sum->by_source[i] += part->by_source[i];
    sum->skipped_bytes += part->skipped_bytes;
    account_time(sum, part->first);
    account_time(sum, part->last);
}
