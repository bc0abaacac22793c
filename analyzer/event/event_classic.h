/*
 * event_classic.h - what records of classic logs (.evt) mean in the words of today's events.
 *
 * Level:    type 1 -> 2, 2 -> 3, 4 and 0 -> 4, 8 and 16 -> 0; any other type -> 4.
 * Keywords: classic, and audit success (8) or audit failure (16).
 * Source:   what Windows does when it converts a log.
 */
#ifndef EVSCAN_EVENT_EVENT_CLASSIC_H
#define EVSCAN_EVENT_EVENT_CLASSIC_H

#include "base/bytes.h"

bool classic_type_known(uint16_t type);
uint32_t classic_level(uint16_t type);
uint64_t classic_keywords(uint16_t type);

/*
 * Which log a file is by its name: AppEvent or Application, SecEvent or Security, SysEvent or System, also App, Sec and
 * Sys, as a word of their own ("node1-SysEvent.evt", "cl1_system (2).evt"), without case.  "" when the name says
 * nothing, or holds words of two logs.
 */
struct text classic_channel_of_name(struct text path);

#endif
