/*
 * concerned.h - what the trouble was about, in the words of the event that would show it again: the roles that failed.
 *
 * Shape:   an item of `exercised-by` with `same` counts for these only.  The value stands in the anchors, or in an event
 *          that shares another one with them (`through`): a record about a resource does not name its role, but 1069 names both.
 * Source:  man/evscan-articles.5.
 * Owns:    the list lives in the arena given; names are borrowed from the events.
 * Limits:  LIMIT_CAST names; of more, or when an anchor leads to none, nothing is known.
 */
#ifndef EVSCAN_KB_CONCERNED_H
#define EVSCAN_KB_CONCERNED_H

#include "kb/evidence.h"

/* None: not known, or the article does not ask. */
struct concerned concerned_find(struct arena *arena, struct hearing *h, const struct article *article,
                                const struct episode *const *episodes, size_t count);

#endif
