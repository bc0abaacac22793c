/*
 * demand.h - what a condition demands of every event that fulfils it.
 *
 * Sound, not complete: "every ID" is always a right answer.
 */
#ifndef EVSCAN_RULE_DEMAND_H
#define EVSCAN_RULE_DEMAND_H

#include "rule/compiled.h"

struct id_set {
    bool every;    /* no ID is ruled out */
    uint32_t *ids; /* sorted, without repeats */
    size_t count;
};

/* The event IDs that can fulfil the expression.  The set lives in `arena`. */
struct id_set demanded_ids(struct arena *arena, const struct ruleset *rules, const struct expr *e);

/* The smaller of two sets that both hold. */
struct id_set id_set_both(struct id_set a, struct id_set b);

/* From a list that may be unsorted and hold repeats. */
struct id_set id_set_make(uint32_t *ids, size_t count);

/* An item whose tests spell the providers that can fulfil the expression; NULL when they are not told that plainly. */
const struct item *demanded_providers(const struct ruleset *rules, const struct expr *e);

/* True when no event can fulfil the expression without a test of its provider holding. */
bool demands_provider(const struct ruleset *rules, const struct expr *e);

/* True when the key of an event can decide the expression; else, whatever the key, only the rest of the event does. */
bool key_decides(const struct ruleset *rules, const struct expr *e);

bool names_event_id(const struct ruleset *rules, const struct expr *e);

#endif
