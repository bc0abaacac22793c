/*
 * fold.h - which diagnosis is the consequence of which, and what is no trouble at all.
 *
 * Shape:   a diagnosis whose anchors another one explains is its consequence; one whose article another one beats at
 *          the same time and nodes, without explaining it, is beaten.  Both move below the other one.  What explains is
 *          as sure as what it explains; noise is likely at least, and several of it may share the anchors of one.  What
 *          beats is likely, or as sure.  What is left is noise, closed (already fixed), or trouble.
 * Order:   `beats` is asked first, then the better one explains first; nobody explains itself by a detour.
 * Limits:  the best LIMIT_CAUSES diagnoses can explain others.
 */
#ifndef EVSCAN_KB_FOLD_H
#define EVSCAN_KB_FOLD_H

#include "kb/diagnose.h"
#include "kb/hearing.h"

/* May it replace, or be the cause of, something that is as sure as `other`? */
bool diagnosis_may_beat(const struct diagnosis *d, enum confidence other);
bool diagnosis_may_cause(const struct diagnosis *d, enum confidence other);

/* Does it explain all of these anchors of another one (places in the timeline)? */
bool diagnosis_explains_all(const struct timeline *t, const struct diagnosis *d, const uint32_t *anchors,
                            size_t count);

/* Does its article beat the other one, and did it happen about that time? */
bool diagnosis_beats_at(const struct diagnosis *d, const struct article *other, const struct interval *when);

/* `d` is ranked.  Lists and what they hold live in the arena given. */
void diagnoses_fold(struct arena *arena, struct hearing *h, struct diagnoses *d);

#endif
