/*
 * evtx_fill.h - a line from its layout and a record's values.
 *
 * Limits:  what the walk would have spent is spent: a record is the same whether its layout is known or not.
 */
#ifndef EVSCAN_EVTX_EVTX_FILL_H
#define EVSCAN_EVTX_EVTX_FILL_H

#include "evtx/evtx_layout.h"
#include "evtx/evtx_line.h"

/*
 * Appends the line to `out`.  False, and nothing is appended: the record is larger than an event may be, or has spent
 * too much; the walk knows where to end it.
 */
bool layout_fill(const struct layout *layout, const struct shape *shape, struct binxml_reader *r,
                 struct buf *out) MUST_USE;

#endif
