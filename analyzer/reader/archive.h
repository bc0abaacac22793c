/*
 * archive.h - packed files, by their first bytes: the user is told to unpack them, evscan does not.
 *
 * Of an archive that packs without compressing, the records are read; it is noticed all the same, as a loss, because
 * another file in it may be compressed.
 * Errors:  what cannot be read is no archive.
 */
#ifndef EVSCAN_READER_ARCHIVE_H
#define EVSCAN_READER_ARCHIVE_H

#include "base/notice.h"
#include "io/input.h"

/* True when an input of which nothing was read was noticed to be no log at all, packed or not. */
bool archive_or_no_log(const struct notices *notices);

/* The notice that says which archive it is; NOTICE_INPUT_FORMAT when it is none that is known. */
enum notice_code archive_notice(struct input *in);

#endif
