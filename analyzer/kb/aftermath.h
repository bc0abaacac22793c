/*
 * aftermath.h - what comes of an incident: what it explains, what fixed it, what was out of service, how it went.
 *
 * Owns:    what is added to the diagnosis lives in the arena given.
 */
#ifndef EVSCAN_KB_AFTERMATH_H
#define EVSCAN_KB_AFTERMATH_H

#include "kb/episodes.h"

/* Completes a diagnosis that argument_make began. */
void aftermath_find(struct arena *arena, struct hearing *h, const struct episode_group *group, struct diagnosis *d);

/* What was out of service in the incident that is shown (outages.c). */
void outages_find(struct arena *arena, struct hearing *h, const struct episode_group *group, struct diagnosis *d);

/* The incident step by step (story.c); outages come first. */
void story_make(struct arena *arena, struct hearing *h, struct diagnosis *d);

#endif
