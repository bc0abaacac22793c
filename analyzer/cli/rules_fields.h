/*
 * rules_fields.h - the fields of cluster events and their neighbours, as rules/explain/ has them, for `rules check`.
 *
 * Sound:   only events whose fields are confirmed and have names; classic events, whose values have none, are left out.
 * Owns:    lives in the arena given.
 */
#ifndef EVSCAN_CLI_RULES_FIELDS_H
#define EVSCAN_CLI_RULES_FIELDS_H

#include "catalog/guide.h"
#include "rule/event_fields.h"

const struct event_fields *guide_event_fields(struct arena *arena, const struct guide *guide, size_t *count);

#endif
