/*
 * compare_text.h - a record in which the readers differ, as lines for people.
 *
 * Shape:   record 7 at byte 5120: differs
 *              LogonType
 *                evscan: 3
 *                libyal: 4
 */
#ifndef EVSCAN_COMPARE_COMPARE_TEXT_H
#define EVSCAN_COMPARE_COMPARE_TEXT_H

#include "base/buf.h"
#include "compare/compare.h"

/* `known`: its known differences too. */
void compare_record_text(struct buf *out, const struct compare_record *r, bool known);

#endif
