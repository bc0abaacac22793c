/*
 * example.h - an event as a person writes it into a rule's tests.
 *
 * Shape:   a map.  Provider_Name (or Provider), EventID, Channel, Computer, Level, TimeCreated .. are header values;
 *          Data is a map of named values or a list of unnamed ones (a list as value repeats the element, nothing is
 *          an element without content), UserData a map; Binary and Message are what they say; any other key is a
 *          child of System.  Numbers and booleans stand for the text that they are written with.
 * Owns:    texts point into the tree, fields live in the arena given.
 */
#ifndef EVSCAN_RULE_EXAMPLE_H
#define EVSCAN_RULE_EXAMPLE_H

#include "base/attr.h"
#include "event/event.h"
#include "yaml/yaml_tree.h"

/* `defaults` (may be NULL) has values for what `from` does not give; the record has the number `index`. */
void example_event(struct arena *arena, const struct yaml_node *defaults, const struct yaml_node *from, size_t index,
                   struct event *ret);

/*
 * Events that happen one after the other, for correlations: a list of such maps.  TimeCreated may also be a step behind
 * the event before it (+10s, units of a timespan); left out it is the same moment.  Records count from 1.  `ret` has
 * room for all.
 */
void example_story(struct arena *arena, const struct yaml_node *list, struct event *ret);

/* Whether it is a key that events have; of another one what was probably meant, "" when nothing is near. */
bool example_key_known(struct text key, struct text *meant) MUST_USE;

/* What is wrong with the form of such a map; NULL when nothing is.  `*where` is the node to point at. */
const char *example_mistake(const struct yaml_node *from, const struct yaml_node **where);

/* Likewise of the time of an event that stands alone. */
const char *example_time_mistake(const struct yaml_node *from, const struct yaml_node **where);

/* Of a list of them. */
const char *example_story_mistake(const struct yaml_node *list, const struct yaml_node **where);

#endif
