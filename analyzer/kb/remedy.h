/*
 * remedy.h - was the remedy applied since, in vain, or would it have shown again and did not?
 *
 * Shape:   what closes a diagnosis or takes points away stands in `fixed`; a remedy that did not help stands in `against`
 *          without points.
 * Source:  man/evscan-articles.5, "AFTERWARDS".
 * Owns:    what is added to the diagnosis lives in the arena given.
 */
#ifndef EVSCAN_KB_REMEDY_H
#define EVSCAN_KB_REMEDY_H

#include "kb/episodes.h"

void remedies_find(struct arena *arena, struct hearing *h, const struct episode_group *group, struct diagnosis *d);

#endif
