/*
 * sighting.h - the records that an item of evidence means, one by one: for items with conditions on values and roles.
 *
 * Shape:   places in the timeline, in order of time, each event once.
 * Owns:    lives in the arena given.
 */
#ifndef EVSCAN_KB_SIGHTING_H
#define EVSCAN_KB_SIGHTING_H

#include "kb/cast.h"

struct sightings {
    uint32_t *places;
    size_t count, capacity;
};

struct window {
    uint64_t from, to; /* FILETIME; both bounds belong to it */
};

/* Where it is looked for: wider than declared, by what clocks of other nodes may be off. */
struct window window_of(const struct episode *e, const struct evidence_item *item);

/* The same, as far as the hearing reaches now. */
struct window window_in(const struct hearing *h, const struct episode *e, const struct evidence_item *item);

/* Is it looked for on other nodes, whose clocks may be off? */
bool window_is_unsure(const struct episode *e, const struct evidence_item *item);

/* The same as declared: what is said about logs that lack a part is said of this, since they seldom cover more. */
struct window window_declared(const struct episode *e, const struct evidence_item *item);

/* Can the item be judged by counting hits of its rules?  Then nothing has to be looked at one by one. */
bool item_is_plain(const struct evidence_item *item);

/* Does the item ask for no record, but for what is known of a node: its clock, how long it was alive? */
static inline bool item_is_no_event(const struct evidence_item *item)
{
    return item->clock_over || item->wrote;
}

struct sightings sightings_find(struct arena *arena, struct hearing *h, const struct episode *e,
                                const struct evidence_item *item);

/*
 * Are they as many, as different and as regular as the item asks for, and do they divide the nodes as it says?  `node`
 * NULL: those of all nodes together.
 */
bool sightings_enough(struct hearing *h, const struct episode *e, const struct sightings *s,
                      const struct evidence_item *item, const struct node *node);

#endif
