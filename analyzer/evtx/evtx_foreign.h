/*
 * evtx_foreign.h - template definitions of the whole file, for records that lost theirs.
 *
 * Shape:   the first question reads the file once, from end to end, and keeps each definition flat (binxml_flat.h),
 *          under the first four bytes of its GUID, which is all that a record knows.
 * Why:     a definition stands in the record that used it first; when that place is overwritten the others of the
 *          chunk are left without.  Measured: for half of the records in old data the template stands elsewhere.
 * Owns:    all it keeps, until foreign_done.
 * Limits:  LIMIT_TEMPLATE_BYTES; LIMIT_TEMPLATE_VARIANTS definitions of one id; LIMIT_FOREIGN_WORK bytes of a chunk.
 *          What is not found for them is a template that stays lost, which is noticed at its record.
 * Threads: locked; what it returns is never changed or freed before foreign_done.
 */
#ifndef EVSCAN_EVTX_EVTX_FOREIGN_H
#define EVSCAN_EVTX_EVTX_FOREIGN_H

#include "base/attr.h"
#include "base/bytes.h"

struct input;
struct foreign;

struct foreign *foreign_new(struct input *in);
void foreign_free(struct foreign *f);

/* The n-th (from 0) definition of that id in file order, flat.  False when there are fewer. */
bool foreign_find(struct foreign *f, uint32_t id, size_t n, struct bytes *ret) MUST_USE;

#endif
