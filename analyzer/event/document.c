/* The tree, and the one that stands for a classic record. */
#include "event/document.h"

#include <inttypes.h>

#include "base/limits.h"

#define NAMESPACE "http://schemas.microsoft.com/win/2004/08/events/event"

static void node_init(struct document_node *n, struct document_node *parent)
{
    *n = (struct document_node){ .name = TEXT(""), .value = TEXT(""), .parent = parent };
    n->last_attribute = &n->attributes;
    n->last = &n->content;
}

void document_begin(struct document *d, struct arena *arena)
{
    *d = (struct document){ .arena = arena };
    node_init(&d->root, NULL);
    d->open = &d->root;
}

static struct document_node *node_add(struct document *d, struct document_node ***last)
{
    struct document_node *n = ARENA_NEW(d->arena, struct document_node);
    node_init(n, d->open);
    **last = n;
    *last = &n->next;
    return n;
}

/* What does not fit is passed over with all that it holds. */
void document_element(struct document *d, struct text name)
{
    if (d->skipped || d->depth == LIMIT_ELEMENT_DEPTH || d->count == LIMIT_EVENT_FIELDS) {
        d->cut = true;
        d->skipped++;
        return;
    }
    d->open->has_elements = true;
    struct document_node *n = node_add(d, &d->open->last);
    n->name = name;
    d->open = n;
    d->depth++;
    d->count++;
}

void document_attribute(struct document *d, struct text name, struct text value)
{
    if (d->skipped || d->depth == 0)
        return;
    struct document_node *n = node_add(d, &d->open->last_attribute);
    n->name = name;
    n->value = value;
}

void document_text(struct document *d, struct text text)
{
    if (d->skipped || d->depth == 0 || text.n == 0)
        return;
    node_add(d, &d->open->last)->value = text;
}

void document_element_end(struct document *d)
{
    if (d->skipped) {
        d->skipped--;
    } else if (d->depth) {
        d->open = d->open->parent;
        d->depth--;
    }
}

/* ---- a classic record ---- */

static struct text number(const struct document *d, uint64_t value)
{
    return text_keep_format(d->arena, "%" PRIu64, value);
}

static void leaf(struct document *d, const char *name, struct text value)
{
    document_element(d, text_from(name));
    document_text(d, value);
    document_element_end(d);
}

static void leaf_attribute(struct document *d, const char *name, const char *attribute, struct text value)
{
    document_element(d, text_from(name));
    if (value.n)
        document_attribute(d, text_from(attribute), value);
    document_element_end(d);
}

static void add_what(struct document *d, const struct event *e)
{
    leaf_attribute(d, "Provider", "Name", e->key.provider);
    document_element(d, TEXT("EventID"));
    document_attribute(d, TEXT("Qualifiers"), number(d, e->qualifiers));
    document_text(d, e->event_id);
    document_element_end(d);
    leaf(d, "Level", number(d, e->key.level));
    leaf(d, "Task", number(d, e->task));
    leaf(d, "Keywords", text_keep_format(d->arena, "0x%" PRIx64, e->keywords));
}

static void add_system(struct document *d, const struct event *e)
{
    char time[TIME_ISO_ROOM];
    bool known = e->key.id != EVENT_ID_NONE;
    document_element(d, TEXT("System"));
    if (known)
        add_what(d, e);
    if (known || e->key.time)
        leaf_attribute(d, "TimeCreated", "SystemTime", text_keep(d->arena, time_iso(e->key.time, 7, time)));
    leaf(d, "EventRecordID", number(d, e->key.record_id));
    if (known) {
        leaf(d, "Channel", e->key.channel);
        leaf(d, "Computer", e->key.computer);
        leaf_attribute(d, "Security", "UserID", e->user_sid);
    }
    document_element_end(d);
}

void document_of_event(struct document *d, struct arena *arena, const struct event *e)
{
    document_begin(d, arena);
    document_element(d, TEXT("Event"));
    document_attribute(d, TEXT("xmlns"), TEXT(NAMESPACE));
    add_system(d, e);
    document_element(d, TEXT("EventData"));
    for (size_t i = 0; i < e->field_count; i++)
        leaf(d, e->fields[i].name.n ? "Binary" : "Data", e->fields[i].value);
    document_element_end(d);
    document_element_end(d);
}
