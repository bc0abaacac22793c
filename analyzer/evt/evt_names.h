/*
 * evt_names.h - source and computer names as UTF-8, converted once.
 *
 * A log names a few dozen sources and one computer in all of its records; converting them for every record costs more
 * than all the rest of the screen.  A name that is too long for its place is converted into the arena.
 *
 * Owns:    the cache owns its texts; a text stays until another name takes its place, at the earliest with the
 *          next record.
 * Threads: one; each decoder has its own.
 */
#ifndef EVSCAN_EVT_EVT_NAMES_H
#define EVSCAN_EVT_EVT_NAMES_H

#include "base/arena.h"

#define EVT_NAME_MAX   128u /* bytes of UTF-16; real source names reach 80 */
#define EVT_NAME_SLOTS 64u  /* a power of 2 */

struct evt_name {
    uint16_t utf16_n, utf8_n;
    uint8_t utf16[EVT_NAME_MAX];
    char utf8[EVT_NAME_MAX / 2 * 3];
};

struct evt_names {
    struct evt_name slots[EVT_NAME_SLOTS];
};

struct text evt_names_get(struct evt_names *names, struct bytes utf16, struct arena *arena);

#endif
