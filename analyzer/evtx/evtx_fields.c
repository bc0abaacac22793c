#include "evtx/evtx_fields.h"

#include "base/limits.h"
#include "evtx/evtx_key.h"
#include "evtx/text_join.h"

/* Depths in the document, from 1. */
#define DEPTH_ROOT 1u /* Event */
#define DEPTH_PART 2u /* System, EventData .. */

struct open_field {
    struct text element;
    struct text name; /* of the field its content makes */
    struct text content;
    size_t room;
    bool has_children, has_attributes;
};

struct fields {
    struct binxml_reader *r;
    struct event *event;
    struct event_field *items;
    size_t count, capacity;
    enum event_part part;
    unsigned members_seen; /* bits of 1 << enum system_member */
    size_t depth;
    struct open_field open[LIMIT_ELEMENT_DEPTH];
};

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

static void add(struct fields *f, enum event_part part, struct text name, struct text value)
{
    if (f->count == LIMIT_EVENT_FIELDS) {
        f->r->marks |= EVENT_CUT;
        return;
    }
    f->items = arena_grow(&f->r->scratch, f->items, f->count, &f->capacity, sizeof *f->items);
    f->items[f->count++] = (struct event_field){ name, value, part };
}

/* A member of System goes to its place, once; all else is a field. */
static void add_system(struct fields *f, struct text element, struct text attribute, struct text name, struct text value)
{
    enum system_member member = f->depth == DEPTH_PART + 1 ? system_member(element, attribute) : SYSTEM_OTHER;
    if (member != SYSTEM_OTHER && !(f->members_seen & 1u << member)) {
        f->members_seen |= 1u << member;
        if (system_set(f->event, member, value))
            return;
    }
    add(f, EVENT_SYSTEM, name, value);
}

static void on_element(void *ctx, struct text name)
{
    struct fields *f = ctx;
    struct text local = local_name(name);
    if (f->depth)
        f->open[f->depth - 1].has_children = true;
    struct open_field *e = &f->open[f->depth++];
    *e = (struct open_field){ .element = local, .name = local, .content = TEXT("") };
    if (f->depth <= DEPTH_PART)
        f->part = f->depth == DEPTH_PART ? part_of(local) : EVENT_OTHER;
    else if (text_equal(local, TEXT("Data")))
        e->name = TEXT("");
}

static bool is_named_by_attribute(const struct open_field *e)
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

static void on_attribute(void *ctx, struct text name, struct text value)
{
    struct fields *f = ctx;
    struct open_field *e = &f->open[f->depth - 1];
    if (text_equal(name, TEXT("xmlns")) || text_starts_with(name, TEXT("xmlns:")) || f->depth == DEPTH_ROOT)
        return;
    if (f->depth > DEPTH_PART && is_named_by_attribute(e) && text_equal(name, TEXT("Name"))) {
        e->name = value;
        return;
    }
    e->has_attributes = true;
    struct text local = local_name(name);
    struct text full = attribute_name(&f->r->scratch, e->element, local);
    if (!binxml_spend(f->r, full.n / 16))
        return;
    if (f->part == EVENT_SYSTEM)
        add_system(f, e->element, local, full, value);
    else
        add(f, f->part, full, value);
}

static void on_text(void *ctx, enum binxml_piece piece, uint8_t type, struct text text)
{
    struct fields *f = ctx;
    UNUSED(type);
    if (f->depth == 0 || piece == PIECE_PI_TARGET || piece == PIECE_PI_DATA)
        return;
    struct open_field *e = &f->open[f->depth - 1];
    e->content = text_join(&f->r->scratch, e->content, &e->room, text);
}

/* Correlation, Execution and the like hold attributes only: without them they say nothing. */
static bool is_empty_holder(const struct fields *f, const struct open_field *e)
{
    static const char *const holders[] = { "Provider", "TimeCreated", "Correlation", "Execution", "Security" };
    for (size_t i = 0; f->part == EVENT_SYSTEM && i < COUNT_OF(holders); i++)
        if (text_equal(e->element, text_from(holders[i])))
            return true;
    return false;
}

static bool makes_field(const struct fields *f, const struct open_field *e)
{
    if (e->has_children)
        return text_trim(e->content).n > 0;
    if (e->content.n > 0)
        return true;
    return f->depth > DEPTH_PART && !e->has_attributes && !is_empty_holder(f, e);
}

static void on_end(void *ctx, bool empty_tag)
{
    struct fields *f = ctx;
    struct open_field *e = &f->open[f->depth - 1];
    UNUSED(empty_tag);
    if (makes_field(f, e)) {
        if (f->part == EVENT_SYSTEM)
            add_system(f, e->element, TEXT(""), e->name, e->content);
        else
            add(f, f->part, e->name, e->content);
    }
    f->depth--;
}

static void on_bare(void *ctx, uint8_t type, struct text value)
{
    struct fields *f = ctx;
    UNUSED(type);
    if (f->depth == 0)
        f->part = EVENT_OTHER;
    add(f, f->depth <= DEPTH_ROOT ? EVENT_DATA : f->part, TEXT(""), value);
}

void evtx_fields(struct binxml_reader *r, const struct binxml_stream *stream, struct event *ret)
{
    struct fields f;
    struct binxml_sink sink = { &f, on_element, on_attribute, on_text, on_end, on_bare };
    *ret = (struct event){ .key = key_unknown(), .user_sid = TEXT(""), .event_id = TEXT("") };
    f.r = r;
    f.event = ret;
    f.items = NULL;
    f.count = f.capacity = f.depth = 0;
    f.part = EVENT_OTHER;
    f.members_seen = 0;
    binxml_walk(r, stream, &sink);
    ret->fields = f.items;
    ret->field_count = f.count;
}
