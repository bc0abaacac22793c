#include "kb/unseen.h"

#include "base/limits.h"
#include "kb/cast.h"

#define DNS_LABEL 63

static const char *const named[] = { "NodeName", "RemoteNodeName", "FromNodeName", "ToNodeName" };

/* The node is the first value of these; of the later generation only where its name is missing. */
static const struct {
    const char *provider;
    uint32_t id;
} first_value[] = {
    { "ClusSvc", 1079 }, { "ClusSvc", 1107 }, { "ClusSvc", 1122 }, { "ClusSvc", 1123 }, { "ClusSvc", 1126 },
    { "ClusSvc", 1135 }, { "Microsoft-Windows-FailoverClustering", 1135 },
};

/* What could be no name of a computer is none: an address, a number, a sentence, a text that is not replaced. */
static bool is_host(struct text name)
{
    struct text host = { name.p, text_find_char(name, '.') };
    bool letter = false;
    for (size_t i = 0; i < host.n; i++) {
        char c = ascii_lower(host.p[i]);
        bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || (c & 0x80);
        letter = letter || !((c >= '0' && c <= '9') || c == '-' || c == '_');
        if (!good)
            return false;
    }
    return letter && host.n <= DNS_LABEL;
}

static void name_add(struct unseen *u, struct text name, const struct hit *hit)
{
    const struct timeline *t = u->timeline;
    if (!is_host(name) || timeline_node_named(t, name, t->node_of[hit - t->hits]))
        return;
    for (size_t i = 0; i < u->count; i++)
        if (is_name_of_node(name, u->items[i].name))
            return;
    if (u->count == LIMIT_CAST)
        return;
    u->items = arena_grow(u->arena, u->items, u->count, &u->capacity, sizeof *u->items);
    u->items[u->count++] = (struct unseen_node){ name, hit };
}

bool event_is_of_cluster(const struct event *e)
{
    return text_equal_nocase(e->key.provider, TEXT("Microsoft-Windows-FailoverClustering")) ||
           text_equal_nocase(e->key.provider, TEXT("ClusSvc"));
}

static bool names_by_position(const struct event *e)
{
    for (size_t i = 0; i < COUNT_OF(first_value); i++)
        if (e->key.id == first_value[i].id && text_equal_nocase(e->key.provider, text_from(first_value[i].provider)))
            return true;
    return false;
}

static void event_look(struct unseen *u, const struct hit *hit)
{
    const struct event_field *field;
    bool any = false;
    for (size_t i = 0; i < COUNT_OF(named); i++)
        if ((field = event_field(hit->event, text_from(named[i]))) != NULL) {
            any = true;
            name_add(u, text_trim(field->value), hit);
        }
    field = !any && names_by_position(hit->event) ? event_insert(hit->event, 1) : NULL;
    if (field)
        name_add(u, text_trim(field->value), hit);
}

void unseen_events(struct unseen *u)
{
    const struct event *before = NULL;
    for (size_t i = 0; i < u->timeline->hit_count && u->count < LIMIT_CAST; i++) {
        const struct hit *hit = &u->timeline->hits[i];
        if (hit->event != before && event_is_of_cluster(hit->event))
            event_look(u, hit);
        before = hit->event;
    }
}

void unseen_episode(struct unseen *u, const struct episode *e)
{
    for (size_t r = 0; r < e->article->role_count; r++)
        for (size_t k = 0; k < e->cast[r].name_count; k++)
            name_add(u, e->cast[r].names[k], &u->timeline->hits[e->anchors[0]]);
}
