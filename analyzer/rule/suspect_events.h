/*
 * suspect_events.h - which events a rule, or a selection of it, sees, and which fields these have: for suspect_fields.c
 * and suspect_correlation.c.
 *
 * Sound:   the events follow from the log source, and from the provider and the event IDs that the selection or the
 *          whole condition demands; nothing is said unless the fields of all of them are known.
 * Owns:    borrows from what is known; words live in the arena of the rule set.
 */
#ifndef EVSCAN_RULE_SUSPECT_EVENTS_H
#define EVSCAN_RULE_SUSPECT_EVENTS_H

#include "rule/event_fields.h"
#include "rule/loading.h"

#define SEEN_EVENTS 64 /* that one selection demands; more are not looked at */

struct seen_events {
    const struct event_fields *items[SEEN_EVENTS];
    size_t count;
};

/* False when not all events are known that the part of the rule's condition (or all of it) sees. */
bool seen_events_find(const struct loading *l, const struct rule *rule, const struct expr *part,
                      struct seen_events *ret) MUST_USE;

/* One of them has the field, or every event has it. */
bool seen_events_have(const struct seen_events *events, const struct field *field);

/* "Sysmon 3, 22" */
struct text seen_events_list(struct arena *arena, const struct seen_events *events);

/* Where the field is, what it may be a misspelling of, or what the events have; NULL when none of it helps. */
const char *seen_events_hint(struct arena *arena, const struct seen_events *events, const struct field *field);

#endif
