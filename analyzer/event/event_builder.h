/*
 * event_builder.h - an event from the elements of its XML document: members of System, then named fields.
 *
 * Names:   as event.h says.  <Data Name="X"> is X; other elements have their local name; an attribute of a System or
 *          payload element is Element_Attribute; namespace declarations are none.  An element that is present without
 *          content is a field with an empty value; one that is left out is no field.
 *          A System member that does not fit its place (Task that is no number) becomes a field; so does a second one.
 * Use:     event_builder_begin, the document in its order, event_builder_end.  Elements and their ends come in pairs,
 *          at most LIMIT_ELEMENT_DEPTH inside each other: that is for the caller to see to.
 * Owns:    fields and joined texts live in the arena given, until its owner rewinds it; texts that came in one piece
 *          are borrowed from the caller.
 * Limits:  LIMIT_EVENT_FIELDS; `cut` tells.
 */
#ifndef EVSCAN_EVENT_EVENT_BUILDER_H
#define EVSCAN_EVENT_EVENT_BUILDER_H

#include "base/limits.h"
#include "event/event_system.h"

struct open_element {
    struct text element;
    struct text name; /* of the field its content makes */
    struct text content;
    size_t room;
    bool has_children, has_attributes;
};

struct event_builder {
    struct arena *arena;
    struct event *event;
    struct event_field *items;
    size_t count, capacity;
    enum event_part part;
    unsigned members_seen; /* bits of 1 << enum system_member */
    unsigned members_odd;  /* of them: the text did not fit, and became a field */
    struct text members[SYSTEM_OTHER]; /* what they were set from, if seen */
    bool cut;              /* there were more fields than fit */
    size_t depth;
    struct open_element open[LIMIT_ELEMENT_DEPTH];
};

/* `event` becomes one of which nothing is known. */
void event_builder_begin(struct event_builder *b, struct arena *arena, struct event *event);

void event_builder_element(struct event_builder *b, struct text name);
void event_builder_attribute(struct event_builder *b, struct text name, struct text value);
void event_builder_text(struct event_builder *b, struct text text);
void event_builder_element_end(struct event_builder *b);

/* A value without an element of its own. */
void event_builder_bare(struct event_builder *b, struct text value);

/* Closes what is still open and gives the event its fields. */
void event_builder_end(struct event_builder *b);

#endif
