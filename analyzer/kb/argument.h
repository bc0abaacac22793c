/*
 * argument.h - the evidence for and against one incident, and what is missing, ready to be shown.
 */
#ifndef EVSCAN_KB_ARGUMENT_H
#define EVSCAN_KB_ARGUMENT_H

#include "kb/episodes.h"

/*
 * A diagnosis of the group's article out of its best episode; records come from all episodes of the incident.
 * What it holds lives in the arena given.
 */
void argument_make(struct arena *arena, struct hearing *hearing, const struct episode_group *group,
                   struct diagnosis *ret);

#endif
