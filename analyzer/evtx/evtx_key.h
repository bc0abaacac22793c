/*
 * evtx_key.h - a map that reads an event's key from a few values of its template instance.
 *
 * Shape:   a root template says for each member of the key whether it is literal text or one value; reading the key
 *          is then at most seven look-ups.  A template in which a member is more than that has no map, and its events
 *          are decoded whole before anyone is asked.
 * Owns:    the map lives in the arena of its plan.
 */
#ifndef EVSCAN_EVTX_EVTX_KEY_H
#define EVSCAN_EVTX_EVTX_KEY_H

#include "event/event_system.h"
#include "evtx/binxml_plan.h"
#include "evtx/binxml_value.h"

struct binxml_reader;

/*
 * The key of a stream that has no template, from its flat form (binxml_flat.h); texts live in `arena`, a `brief` key has
 * none.  False: a member is not simply a text, or there is no System.
 */
bool key_read_flat(struct bytes flat, struct arena *arena, bool brief, struct event_key *ret) MUST_USE;

/* NULL when the plan is no whole Event, or a member is not simply literal or value. */
const struct key_map *key_map_make(struct arena *arena, const struct plan *plan);

/* False: a value is of a kind that only a walk can read (array, nested stream), also where a brief key leaves it out. */
bool key_read(const struct key_map *map, const struct binxml_values *values, struct arena *arena, bool brief,
              struct event_key *ret) MUST_USE;

/*
 * Number and time of a record, where its own values for them are missing: those of `head`, its 24 bytes in front of the
 * XML.  `values` then borrows from it.
 */
void key_values_complete(struct binxml_reader *r, const struct key_map *map, struct bytes head,
                         struct binxml_values *values);

#endif
