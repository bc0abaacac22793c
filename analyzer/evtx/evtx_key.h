/*
 * evtx_key.h - the members of System: which element or attribute is which, and a map that reads an event's key
 *              from a few values of its template instance.
 *
 * Shape:   a root template says for each member of the key whether it is literal text or one value; reading the key
 *          is then at most seven look-ups.  A template in which a member is more than that has no map, and its events
 *          are decoded whole before anyone is asked.
 * Owns:    the map lives in the arena of its plan.
 */
#ifndef EVSCAN_EVTX_EVTX_KEY_H
#define EVSCAN_EVTX_EVTX_KEY_H

#include "event/event.h"
#include "evtx/binxml_plan.h"
#include "evtx/binxml_value.h"

enum system_member {
    SYSTEM_PROVIDER,
    SYSTEM_EVENT_ID,
    SYSTEM_LEVEL,
    SYSTEM_TIME,
    SYSTEM_RECORD_ID,
    SYSTEM_CHANNEL,
    SYSTEM_COMPUTER,
    SYSTEM_KEY_MEMBERS, /* those before are in struct event_key */
    SYSTEM_QUALIFIERS = SYSTEM_KEY_MEMBERS,
    SYSTEM_TASK,
    SYSTEM_KEYWORDS,
    SYSTEM_USER,
    SYSTEM_OTHER, /* a field of its own */
};

/* The member that an element below System, or one of its attributes, is; `attribute` "" is the content. */
enum system_member system_member(struct text element, struct text attribute);

/*
 * Puts a text into a member of the event.  False when it does not fit there (a number that is none): it is then a
 * field like others.
 */
bool system_set(struct event *e, enum system_member member, struct text value);

/* What a key is before anything is known. */
struct event_key key_unknown(void);

/* NULL when the plan is no whole Event, or a member is not simply literal or value. */
const struct key_map *key_map_make(struct arena *arena, const struct plan *plan);

/* False: a value is of a kind that only a walk can read (array, nested stream). */
bool key_read(const struct key_map *map, const struct binxml_values *values, struct arena *arena,
              struct event_key *ret) MUST_USE;

#endif
