/*
 * sid.h - security identifiers as people write them: S-1-5-21-..
 *
 * Source:  the binary form: revision u8, count u8, authority 6 bytes big-endian, `count` sub-authorities u32.
 */
#ifndef EVSCAN_EVENT_SID_H
#define EVSCAN_EVENT_SID_H

#include "base/bytes.h"

/* "S-255-0x" and 12 digits, then 255 times "-4294967295". */
#define SID_TEXT_ROOM (20 + 255 * 11)

/* Bytes that the SID at the beginning of `in` takes; 0 when it does not fit into `in`. */
size_t sid_size(struct bytes in);

/* Writes its text to `out` (SID_TEXT_ROOM bytes) and returns it; "" when sid_size is 0. */
struct text sid_text(struct bytes in, char *out);

#endif
