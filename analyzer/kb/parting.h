/*
 * parting.h - anchors of one episode that are about different nodes, and what speaks against some of these only.
 *
 * Shape:   NODE1 removes NODE2, which restarts as planned, and a second later NODE3, which crashed.  The plan says nothing
 *          about NODE3: its removal stays, and that of NODE2 becomes an episode of its own.
 * Owns:    the anchors of divided episodes live in the arena given.
 */
#ifndef EVSCAN_KB_PARTING_H
#define EVSCAN_KB_PARTING_H

#include "kb/evidence.h"

/* True when `e`, which has its cast, was divided: both need a new one.  `*ret` is what left. */
bool episode_part(struct arena *arena, struct hearing *h, struct episode *e, struct episode *ret);

#endif
