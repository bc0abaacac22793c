/*
 * status.h - how much was lost.
 *
 * Shape:   an ordered scale; the whole is as bad as its worst part, so results combine with status_worse.
 * Use:     a function that reads returns one of these and adds a notice that says what happened.
 */
#ifndef EVSCAN_BASE_STATUS_H
#define EVSCAN_BASE_STATUS_H

#include "base/attr.h"

enum status {
    ST_OK,          /* done, nothing lost */
    ST_END,         /* nothing more to give; not a loss */
    ST_LOST_RECORD, /* bytes of one or more records could not be used; the rest goes on */
    ST_LOST_CHUNK,  /* a chunk or a batch could not be used; the next one can */
    ST_LOST_INPUT,  /* this input cannot be read (any further) */
    ST_LOST_RUN,    /* the run cannot go on: no memory, no output */
};

static inline enum status status_worse(enum status a, enum status b)
{
    return a > b ? a : b;
}

#endif
