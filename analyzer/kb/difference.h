/*
 * difference.h - two times that an event says: how far are they apart?
 *
 * Source:  man/evscan-articles.5, "Conditions": `differ`.
 */
#ifndef EVSCAN_KB_DIFFERENCE_H
#define EVSCAN_KB_DIFFERENCE_H

#include "kb/article.h"

/* Nothing is asked (`d` NULL, or the hit is of a rule that it does not mean), or they lie further apart than it says.
 * A value that is no time holds nothing. */
bool difference_holds(const struct time_difference *d, const struct hit *hit);

#endif
