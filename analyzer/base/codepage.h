/*
 * codepage.h - text of one or two bytes a character, in the ANSI code page of the machine that wrote it.
 *
 * A log does not say which one that was.  Windows-1252 until another one is chosen; what the page does not have
 * becomes U+FFFD.
 *
 * Source:  iconv of the C library.  All characters of a page are looked up once: no state, no call a value.
 * Threads: codepage_choose sets the page of the whole process and is called before there are threads; the others may
 *          be called by any.
 */
#ifndef EVSCAN_BASE_CODEPAGE_H
#define EVSCAN_BASE_CODEPAGE_H

#include "base/bytes.h"

/*
 * "windows-1251", "1251", "cp932", or a name that iconv knows; "65001" and "utf-8".  False when it is none, or none in
 * which ASCII stands for itself and a character has one or two bytes.
 */
bool codepage_choose(const char *name);

/* The number by which Windows knows it, such as 1252; 0 when the name that was chosen has none. */
int codepage_number(void);

/* To UTF-8; `out` has 3 * in.n bytes.  Returns the bytes written. */
size_t utf8_from_ansi(struct bytes in, char *out);

#endif
