/*
 * evtx_field_map.h - events of one layout: which of their members and fields are always the same, which are values.
 *
 * Shape:   all records of the same plans and shapes (evtx_shape.h) have the same event but for the texts of their
 *          values.  The first one is walked and built, while a draft notes which text was made of which value; for the
 *          others the fields are copied and the values put in, or made one by one for those who ask (event_values.h).
 *          Layouts (evtx_layout.h) find the map of a record.
 * Limits:  what the walk would have spent is spent: a record is the same whether its map is known or not.  MAP_VALUES
 *          and MAP_FIELDS a map; an event that puts texts together, or looks into one, is left to the walk.
 * Owns:    maps live in the arena of their layouts, events in the reader's scratch memory.
 * Threads: one decoder's.
 */
#ifndef EVSCAN_EVTX_EVTX_FIELD_MAP_H
#define EVSCAN_EVTX_EVTX_FIELD_MAP_H

#include "event/event_builder.h"
#include "event/event_values.h"
#include "evtx/evtx_layout.h"

#define MAP_VALUES 256u
#define MAP_FIELDS 512u

/* What is noted while an event is built. */
struct field_draft {
    struct draft stream; /* of the layouts: streams, shape and steps */
    size_t count;
    struct field_visit {
        struct text text;
        uint16_t slot;
    } visits[MAP_VALUES]; /* texts that were made of values, but for empty ones */
};

/* `shape` is the draft's until field_draft_end. */
void field_draft_begin(struct field_draft *d, struct layouts *l, struct shape *shape,
                       const struct binxml_stream *stream);

/* `text` was made of `v` for the event. */
void field_draft_visit(struct field_draft *d, const struct binxml_value *v, struct text text);

/* What the walk of the event took, in all. */
struct field_cost {
    size_t steps, bytes;
};

/* `built` has made the event.  `sound`: nothing of it is missing. */
void field_draft_end(struct field_draft *d, const struct event_builder *built, const struct field_cost *cost,
                     bool sound);

/*
 * The event of a record with these values, but for the values of its fields; `key` is its key.  False: the walk has to
 * make it.
 */
bool field_map_begin(const struct field_map *map, const struct shape *shape, const struct event_key *key,
                     struct binxml_reader *r, struct event *ret) MUST_USE;

/* Makes the values of all fields.  True: one did not fit its type. */
bool field_map_fill(const struct field_map *map, const struct shape *shape, struct arena *arena, struct event *event);

/* The events that have this map. */
const struct event_outline *field_map_outline(const struct field_map *map);

/* What a field is made of; NULL: it is always the same. */
const struct binxml_value *field_map_value(const struct field_map *map, const struct shape *shape, size_t field);

#endif
