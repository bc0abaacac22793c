#include "event/event_builder.h"

#include "base/text_join.h"

/* Depths in the document, from 1. */
#define DEPTH_ROOT 1u /* Event */
#define DEPTH_PART 2u /* System, EventData .. */

static struct text local_name(struct text name)
{
    size_t colon = text_find_char(name, ':');
    return colon < name.n ? text_from_index(name, colon + 1) : name;
}

static enum event_part part_of(struct text element)
{
    static const struct {
        const char *element;
        enum event_part part;
    } parts[] = {
        { "System", EVENT_SYSTEM },
        { "EventData", EVENT_DATA },
        { "UserData", EVENT_USER_DATA },
        { "RenderingInfo", EVENT_RENDERING },
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (text_equal(element, text_from(parts[i].element)))
            return parts[i].part;
    return EVENT_OTHER;
}

static void add(struct event_builder *b, enum event_part part, struct text name, struct text value)
{
    if (b->count == LIMIT_EVENT_FIELDS) {
        b->cut = true;
        return;
    }
    b->items = arena_grow(b->arena, b->items, b->count, &b->capacity, sizeof *b->items);
    b->items[b->count++] = (struct event_field){ name, value, part };
}

/* A member of System goes to its place, once; all else is a field. */
static void add_system(struct event_builder *b, struct text element, struct text attribute, struct text name,
                       struct text value)
{
    enum system_member member = b->depth == DEPTH_PART + 1 ? system_member(element, attribute) : SYSTEM_OTHER;
    if (member != SYSTEM_OTHER && !(b->members_seen & 1u << member)) {
        b->members_seen |= 1u << member;
        b->members[member] = value;
        if (system_set(b->event, member, value))
            return;
        b->members_odd |= 1u << member;
    }
    add(b, EVENT_SYSTEM, name, value);
}

void event_builder_element(struct event_builder *b, struct text name)
{
    struct text local = local_name(name);
    if (b->depth)
        b->open[b->depth - 1].has_children = true;
    struct open_element *e = &b->open[b->depth++];
    *e = (struct open_element){ .element = local, .name = local, .content = TEXT("") };
    if (b->depth <= DEPTH_PART)
        b->part = b->depth == DEPTH_PART ? part_of(local) : EVENT_OTHER;
    else if (text_equal(local, TEXT("Data")))
        e->name = TEXT("");
}

static bool is_named_by_attribute(const struct open_element *e)
{
    return text_equal(e->element, TEXT("Data")) || text_equal(e->element, TEXT("ComplexData"));
}

static struct text attribute_name(struct arena *arena, struct text element, struct text attribute)
{
    char *name = arena_alloc(arena, element.n + 1 + attribute.n);
    memcpy(name, element.p, element.n);
    name[element.n] = '_';
    memcpy(name + element.n + 1, attribute.p, attribute.n);
    return (struct text){ name, element.n + 1 + attribute.n };
}

void event_builder_attribute(struct event_builder *b, struct text name, struct text value)
{
    struct open_element *e = &b->open[b->depth - 1];
    if (text_equal(name, TEXT("xmlns")) || text_starts_with(name, TEXT("xmlns:")) || b->depth == DEPTH_ROOT)
        return;
    if (b->depth > DEPTH_PART && is_named_by_attribute(e) && text_equal(name, TEXT("Name"))) {
        e->name = value;
        return;
    }
    e->has_attributes = true;
    struct text local = local_name(name);
    struct text full = attribute_name(b->arena, e->element, local);
    if (b->part == EVENT_SYSTEM)
        add_system(b, e->element, local, full, value);
    else
        add(b, b->part, full, value);
}

void event_builder_text(struct event_builder *b, struct text text)
{
    if (b->depth == 0)
        return;
    struct open_element *e = &b->open[b->depth - 1];
    e->content = text_join(b->arena, e->content, &e->room, text);
}

/* Correlation, Execution and the like hold attributes only: without them they say nothing. */
static bool is_empty_holder(const struct event_builder *b, const struct open_element *e)
{
    static const char *const holders[] = { "Provider", "TimeCreated", "Correlation", "Execution", "Security" };
    for (size_t i = 0; b->part == EVENT_SYSTEM && i < COUNT_OF(holders); i++)
        if (text_equal(e->element, text_from(holders[i])))
            return true;
    return false;
}

static bool makes_field(const struct event_builder *b, const struct open_element *e)
{
    if (e->has_children)
        return text_trim(e->content).n > 0;
    if (e->content.n > 0)
        return true;
    return b->depth > DEPTH_PART && !e->has_attributes && !is_empty_holder(b, e);
}

void event_builder_element_end(struct event_builder *b)
{
    struct open_element *e = &b->open[b->depth - 1];
    if (makes_field(b, e)) {
        if (b->part == EVENT_SYSTEM)
            add_system(b, e->element, TEXT(""), e->name, e->content);
        else
            add(b, b->part, e->name, e->content);
    }
    b->depth--;
}

void event_builder_bare(struct event_builder *b, struct text value)
{
    if (b->depth == 0)
        b->part = EVENT_OTHER;
    add(b, b->depth <= DEPTH_ROOT ? EVENT_DATA : b->part, TEXT(""), value);
}

void event_builder_begin(struct event_builder *b, struct arena *arena, struct event *event)
{
    *event = (struct event){ .key = key_unknown(), .user_sid = TEXT(""), .event_id = TEXT("") };
    /* All but the open elements, which are set as they open. */
    b->arena = arena;
    b->event = event;
    b->items = NULL;
    b->count = b->capacity = b->depth = 0;
    b->part = EVENT_OTHER;
    b->members_seen = b->members_odd = 0;
    b->cut = false;
}

void event_builder_end(struct event_builder *b)
{
    while (b->depth)
        event_builder_element_end(b);
    b->event->fields = b->items;
    b->event->field_count = b->count;
}
