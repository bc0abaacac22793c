/*
 * document.h - an event's XML as a tree, for readers whose library hands out text or parts; and the tree as one line of XML
 *              or of JSON, in the layouts that evscan's own readers write from bytes.
 *
 * JSON:    element   null when it has nothing; its text when it has only text; else an object: "#attributes", "#text",
 *                    then its children.  A name that was there before gets _1, _2 ..
 *          <Data Name="X"> of EventData and UserData: a member X, "" when empty; several in a row are an array.
 *          <Data> without a name: all of them "Data":{"#text":value}, or an array of values, where the first one stood.
 *          A tree knows no types: the numbers of System are bare, all other values are strings.
 * XML:     attributes in single quotes; an element without content is <X/>, but for EventData and Data: <Data></Data>.
 * Blanks:  between elements are none of the event; values keep theirs.
 * Use:     document_begin, the document in its order, document_xml or document_json.
 * Owns:    nodes live in the arena given; texts are borrowed.
 * Limits:  LIMIT_ELEMENT_DEPTH, LIMIT_EVENT_FIELDS elements; `cut` tells.
 */
#ifndef EVSCAN_EVENT_DOCUMENT_H
#define EVSCAN_EVENT_DOCUMENT_H

#include "base/buf.h"
#include "event/event.h"

struct document_node {
    struct text name;  /* of an element or an attribute; "" for a piece of text */
    struct text value; /* of an attribute or a piece of text */
    struct document_node *attributes, **last_attribute;
    struct document_node *content, **last; /* elements and text in their order */
    struct document_node *next, *parent;
    bool has_elements;
};

struct document {
    struct arena *arena;
    struct document_node root; /* holds the outermost element */
    struct document_node *open;
    size_t depth, skipped, count;
    bool cut; /* something did not fit */
};

void document_begin(struct document *d, struct arena *arena);
void document_element(struct document *d, struct text name);
void document_attribute(struct document *d, struct text name, struct text value);
void document_text(struct document *d, struct text text);
void document_element_end(struct document *d);

/*
 * The document that Windows would make of an event that is known by its parts alone: a record of a classic log, or the
 * header of a record whose content is lost (key.id is EVENT_ID_NONE: only number and time are in it).
 */
void document_of_event(struct document *d, struct arena *arena, const struct event *e);

/* Appended to `out`; nothing when the document is empty. */
void document_xml(const struct document *d, struct buf *out);
void document_json(const struct document *d, struct buf *out);

#endif
