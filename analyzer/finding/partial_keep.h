/*
 * partial_keep.h - what is kept of the hits of an event, under the limits of a partial (finding/partial.h).
 *
 * Shape:   a hit is kept whole, kept thin (finding/thin.h), or counted.  Whole hits are the first ones of their rule in
 *          the input, up to the first that does not fit the bytes of the partial; thin ones are those of the others
 *          that correlations read, up to the first event that does not fit.  Both cuts follow from the inputs in order
 *          of their paths, and cutting again what was cut before gives the same as cutting all at once: whatever a part
 *          of the inputs has no room for, all of them together have none for either.
 */
#ifndef EVSCAN_FINDING_PARTIAL_KEEP_H
#define EVSCAN_FINDING_PARTIAL_KEEP_H

#include "finding/partial.h"

/* The hits of one event on their way into the list of their input. */
struct arrival {
    struct input_result *input;
    const struct event *event;
    struct hit *hits; /* `thin` is NULL: whole; HIT_NOT_WHOLE: what correlations read is not known yet */
    size_t count;
    bool is_thin; /* the event is, and lasts: all hits came thin */
};

extern const struct thin hit_not_whole;
#define HIT_NOT_WHOLE (&hit_not_whole)

/* Decides about all of them; those that stay are at the front of `hits`. */
void arrival_settle(struct partial *p, struct arrival *a);

/* Cuts all inputs anew, which are in order. */
void hits_trim(struct partial *p);

#endif
