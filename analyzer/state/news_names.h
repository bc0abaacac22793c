/*
 * news_names.h - the ids of troubles: "Q218922-1f3a9c".
 *
 * Shape:   article or rule, and 24 bits of a sum over the cluster, the nodes and the first time: the same trouble of the
 *          same logs gets the same name, also after the memory was lost.
 * Limits:  of names that are the same all but the first get another one; sorting finds them, n log n however many.
 */
#ifndef EVSCAN_STATE_NEWS_NAMES_H
#define EVSCAN_STATE_NEWS_NAMES_H

#include "state/sighting.h"

/* To all troubles from place `from` on; `of` says by place which sighting each is. */
void news_names_give(struct memory *m, size_t from, struct text cluster, const struct sighting *const *of);

#endif
