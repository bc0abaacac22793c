/*
 * cover.h - what the logs lack of the time in which an item of evidence is looked for.
 *
 * Shape:   of the window as it is declared, since logs seldom cover more; on each node up to where the item counts
 *          (kb/until.h).
 */
#ifndef EVSCAN_KB_COVER_H
#define EVSCAN_KB_COVER_H

#include "kb/evidence.h"

/* The channel it would be in: that of the item, or else that of the anchor. */
struct text cover_channel(const struct episode *e, const struct evidence_item *item);

/* A node of the item's scope whose log does not cover all of it, NULL when there is none. */
const struct node *cover_lacking(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                                 struct log_cover *ret);

/*
 * Does no log of the nodes that are asked show that it did not happen?  `part`: a log shows it only when it covers all of
 * the time, else any moment of it will do.
 */
bool cover_hides(struct hearing *h, const struct episode *e, const struct evidence_item *item, bool part);

/*
 * The same with `part`, for the time within the window of the article: what is looked for long before is a circumstance
 * (an array that a start names, in 400 days), which no log covers whole and which shows again and again.
 */
bool cover_hides_near(struct hearing *h, const struct episode *e, const struct evidence_item *item);

#endif
