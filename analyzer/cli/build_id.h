/*
 * build_id.h - what tells one build of the program from another.
 *
 * Source:  the note NT_GNU_BUILD_ID that the linker puts into the program; it survives stripping and installing.
 */
#ifndef EVSCAN_CLI_BUILD_ID_H
#define EVSCAN_CLI_BUILD_ID_H

#include "base/bytes.h"

/* A hash of it; 0: the program was linked without one. */
uint64_t build_id(void);

#endif
