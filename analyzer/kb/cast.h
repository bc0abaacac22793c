/*
 * cast.h - which nodes play the roles of an article in one episode, and what values events have in common.
 *
 * Shape:   a role is cast with the names that a value of the anchors gives, whether there is a log of that node or
 *          not, or with the node that logged something last.  A name with a domain and one without are the same node.
 * Owns:    lives in the arena given; names are borrowed from the events.
 * Limits:  LIMIT_CAST names a role; anchors beyond LIMIT_CAST are not looked at for values.
 */
#ifndef EVSCAN_KB_CAST_H
#define EVSCAN_KB_CAST_H

#include "kb/evidence.h"

struct cast {
    struct text *names;        /* of different nodes, as spelled first */
    const struct node **named; /* of each name: its node, NULL when there is no log of it */
    size_t name_count;
    const struct node **nodes; /* of them, those with a log; each once */
    size_t node_count;
};

/* One for each role of the article. */
struct cast *cast_make(struct arena *arena, const struct hit_index *index, const struct episode *e);

/* Is the node one of those that the scope means?  `each` is not looked at. */
bool cast_has(const struct episode *e, const struct node_scope *scope, const struct node *node);

/* Is the hit what the item asks for, its rule, node and time aside? */
bool cast_fits(const struct timeline *t, const struct episode *e, const struct evidence_item *item, uint32_t place);

/* Has it all the values in common with the anchor that the item asks for? */
bool event_shares(const struct evidence_item *item, const struct event *event, const struct event *anchor);

/* The value of the first field that the event has; "" for none. */
struct text choice_value(const struct event *e, const struct field_choice *choice);

/* Can both names be those of one node?  That one of them has a domain and the other has none is no difference. */
bool is_name_of_node(struct text name, struct text node);

#endif
