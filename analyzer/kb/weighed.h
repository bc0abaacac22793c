/*
 * weighed.h - which events a diagnosis rests on besides those that it lists: those of its other occurrences, and of many
 * alike those behind the first.
 *
 * Owns:    nothing.
 * Limits:  LIMIT_CAST anchors about the time of an event are looked at; with more of them about it the node of the
 *          event is not asked for, and values that it should have in common are not found.
 */
#ifndef EVSCAN_KB_WEIGHED_H
#define EVSCAN_KB_WEIGHED_H

#include "kb/diagnose.h"

/*
 * Could the hit be evidence for the item, a text for the diagnosis, in one of its occurrences?  Its rule and time fit,
 * it is on the node of an anchor where the item asks for that, and has the values in common with one.
 */
bool diagnosis_weighs(const struct timeline *t, const struct diagnosis *d, const struct evidence_item *item,
                      uint32_t place);

#endif
