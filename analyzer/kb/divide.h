/*
 * divide.h - occurrences of one article that have different causes.
 *
 * Shape:   an episode that another diagnosis explains or beats belongs below that one; an episode of the same article
 *          that nobody explains stays trouble.  Each cause gets the episodes that are its own.
 * Owns:    what is returned lives in the arena given.
 * Limits:  as for folding (kb/fold.h): the best LIMIT_CAUSES diagnoses can be causes.  Every comparison of an episode
 *          with a cause is a step of the hearing; when it is exhausted what is left has no cause.
 */
#ifndef EVSCAN_KB_DIVIDE_H
#define EVSCAN_KB_DIVIDE_H

#include "kb/episodes.h"

#define DIVIDE_NO_CAUSE SIZE_MAX

/* Can the occurrences of the diagnosis have different causes at all?  `d` is ranked, and it is one of them. */
bool divide_is_worth_it(const struct diagnoses *d, const struct diagnosis *one);

/* For each episode of an article the diagnosis that is its cause, in `d`, which is ranked; or DIVIDE_NO_CAUSE. */
size_t *divide_causes(struct arena *arena, struct hearing *h, const struct diagnoses *d,
                      const struct episodes *episodes);

/* Those episodes of the group whose cause is `cause`. */
struct episodes divide_part(struct arena *arena, const struct episodes *all, const size_t *causes,
                            const struct episode_group *group, size_t cause);

#endif
